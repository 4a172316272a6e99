"""Step 7: typeset the printed report: its fascicles beside each other, from the cache where nothing changed, joined.

A fascicle that is set is a part. What a part holds depends on its own HTML, the style, fonts and pictures alone; page
numbers are filled in when parts are linked, so that a chapter that grows has no other chapter set again.
"""

from __future__ import annotations

import re
from concurrent.futures import FIRST_COMPLETED, as_completed, wait
from contextlib import ExitStack
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING

from galley.cache import digest, program
from galley.errors import GalleyError
from galley.render.document import page
from galley.typeset.fonts import merged, subset
from galley.typeset.join import Embedded, join, plan
from galley.typeset.link import Run, link_part
from galley.typeset.parts import HELD, NOT_HERE, Task, read_contents, unpack
from galley.typeset.workers import set_fascicle

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Executor, Future
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import Self

    from galley.cache import Cache
    from galley.render.document import Document, Fascicle, Frame
    from galley.typeset.link import Position
    from galley.typeset.parts import Contents, Typeface

    Workers = AbstractContextManager[Executor]

VERSIONS = f"{program()} {version('weasyprint')} {version('pydyf')} {version('fonttools')}"

ROUNDS = 5  # of setting fascicles again; a second one is rare, since a number seldom gains a digit by it
_INLINE = re.compile(rf'(?P<begin><a class="folio inline" href="#(?P<place>[^"]*)"[^>]*>)(?:{HELD}|&#8210;)+</a>')


def typeset(document: Document, cache: Cache, workers: Workers) -> bytes:
    """The PDF of a document, tagged, the same bytes for the same document whatever the cache and the workers.

    GalleyError when the document names a file or an anchor that it does not hold, or when anything in it could not be
    set as it is meant.
    """
    with Press(document.frame, cache, workers) as press:
        for fascicle in sorted(document.fascicles, key=lambda one: len(one.html), reverse=True):
            press.offer(fascicle)
        return press.join(document)


class Press:
    """Sets fascicles as they are offered, those that the cache does not have, and joins them.

    Bytes go to the cache at once; what it could not take is kept here. The workers are asked for when there is anything
    for them to do, and let go at the end.
    """

    def __init__(self, frame: Frame, cache: Cache, workers: Workers) -> None:
        self._cache, self._workers, self._lines = cache, workers, frame.lines
        self._style = frame.style
        self._fonts = tuple((str(one.path), one.content) for one in frame.fonts)
        self._common = digest(VERSIONS, self._style, str(frame.lines), *(part for font in self._fonts for part in font))
        self._kept: dict[str, bytes] = {}
        self._begun: dict[str, Future[tuple[bytes, bytes]]] = {}
        self._executor: Executor | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, trouble: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self._begun.values():
            one.cancel()
        self._stack.__exit__(kind, trouble, trace)

    def offer(self, fascicle: Fascicle) -> None:
        """Begin to set a fascicle, if it is not set already."""
        self._take_in()
        key = self._key(fascicle)
        if key not in self._begun and self._get(f"{key}-contents") is None:
            self._begin(key, fascicle)

    def join(self, document: Document) -> bytes:
        """The PDF of a document in this frame, when all its fascicles are set.

        Room for page numbers within the text is held as wide as they are: fascicles where it turns out to be too narrow
        or too wide are set again, until all numbers fit.
        """
        frame, fascicles = document.frame, document.fascicles
        restarts = [one.restart for one in fascicles]
        for left in reversed(range(ROUNDS)):
            self._finish()
            keys = [self._key(one) for one in fascicles]
            contents = [read_contents(self._contents(*one)) for one in zip(keys, fascicles, strict=True)]
            whole = plan(contents, restarts, frame.verso)
            fitted = tuple(_fitted(one, whole.numbers) for one in fascicles)
            if fitted == fascicles or not left:
                break
            fascicles = fitted
            for one in fascicles:
                self.offer(one)
        missing = sorted({name for one in whole.positions for name in one.missing})
        if missing and not frame.excerpt:
            raise GalleyError("typeset-failed", problem=f"no place for the links to {', '.join(missing)}")
        fonts = self._embedded(merged(contents, whole.letters))
        runs = (self._run(*one) for one in zip(keys, fascicles, contents, whole.positions, strict=True))
        return b"".join(join(whole, runs, fonts, frame.about, document.identifier))

    def _run(self, key: str, fascicle: Fascicle, own: Contents, position: Position) -> Run:
        """A part, linked."""
        name = digest("run", key, repr(position))
        packed = self._get(name)
        if packed is not None:
            return Run.unpack(packed)
        objects = self._get(f"{key}-objects")
        if objects is None:  # somebody cleared the cache since
            objects = self._begin(key, fascicle).result()[1]
        run = link_part(unpack(own, objects), position)
        self._put(name, run.pack())
        return run

    def _embedded(self, faces: Mapping[str, Typeface]) -> dict[str, Embedded]:
        """The fonts with the glyphs that are used."""
        files = {sha256(content).hexdigest(): content for _, content in self._fonts}
        made: dict[str, Embedded] = {}
        waiting = {}
        for name, face in faces.items():
            glyphs = tuple(sorted(face.widths))
            key = digest("font", VERSIONS, face.file, repr(glyphs))
            content = self._get(key)
            if content is None:
                waiting[self._pool().submit(subset, files[face.file], glyphs)] = (name, key)
            else:
                made[name] = Embedded(face, content)
        for future in as_completed(waiting):
            name, key = waiting[future]
            made[name] = Embedded(faces[name], future.result())
            self._put(key, made[name].content)
        return made

    def _key(self, fascicle: Fascicle) -> str:
        own = (part for one in fascicle.pictures for part in (str(one.path), one.content))
        return digest(self._common, fascicle.html, *own)

    def _begin(self, key: str, fascicle: Fascicle) -> Future[tuple[bytes, bytes]]:
        pictures = tuple((str(one.path), one.content) for one in fascicle.pictures)
        task = Task(page(fascicle.html), self._style, self._fonts, pictures, self._lines)
        self._begun[key] = self._pool().submit(set_fascicle, task)
        return self._begun[key]

    def _finish(self) -> None:
        """Wait for all that was begun."""
        while self._begun:
            wait(self._begun.values(), return_when=FIRST_COMPLETED)
            self._take_in()

    def _take_in(self) -> None:
        """Store what is done, and hold it no longer."""
        for key in [key for key, future in self._begun.items() if future.done()]:
            contents, objects = self._begun.pop(key).result()
            self._put(f"{key}-contents", contents)
            self._put(f"{key}-objects", objects)

    def _contents(self, key: str, fascicle: Fascicle) -> bytes:
        """What is in a part; set again when somebody cleared the cache since it was offered."""
        found = self._get(f"{key}-contents")
        return self._begin(key, fascicle).result()[0] if found is None else found

    def _pool(self) -> Executor:
        if self._executor is None:
            self._executor = self._stack.enter_context(self._workers)
        return self._executor

    def _get(self, key: str) -> bytes | None:
        return self._kept.get(key) or self._cache.get(key)

    def _put(self, key: str, content: bytes) -> None:
        if not self._cache.put(key, content):
            self._kept[key] = content


def _fitted(fascicle: Fascicle, numbers: Mapping[str, str]) -> Fascicle:
    """The fascicle with room for page numbers within its text that is as wide as they are."""

    def held(found: re.Match[str]) -> str:
        number = numbers.get(found["place"], NOT_HERE)
        return f"{found['begin']}{HELD * len(number)}</a>"

    return replace(fascicle, html=_INLINE.sub(held, fascicle.html))

"""What the fascicles of the printed report are made with, and how those that were made are kept."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import unescape
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from galley.cache import digest
from galley.render.document import Fascicle
from galley.render.page import Asset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from galley.bind import Index
    from galley.cache import Cache
    from galley.model import Edition
    from galley.render.document import Frame
    from galley.render.layout import Layout
    from galley.render.markup import Markup
    from galley.render.profile import Profile
    from galley.review.responses import Responses
    from galley.review.since import Since
    from galley.source import SourceTree

_CAPTION = re.compile(
    r'<figure class="(?P<kind>[\w-]+)[^"]*"(?: id="(?P<whole>[^"]+)")?[^>]*>.*?'
    r'<figcaption(?: id="(?P<head>[^"]+)")?>(?P<text>.*?)</figcaption>',
    re.DOTALL,
)
_TAG = re.compile(r"<[^>]*>")
_NUMBER = re.compile(r'<span class="paragraph"[^>]*>[^<]*</span>')
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents or of a list: where it leads, what it says, and the kind of thing it leads to."""

    id: str
    title: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A fascicle with the entries that it gives to contents and lists, in its order."""

    fascicle: Fascicle
    entries: tuple[Entry, ...] = ()

    def of(self, *kinds: str) -> tuple[Entry, ...]:
        """The entries of these kinds."""
        return tuple(one for one in self.entries if one.kind in kinds)


@dataclass(frozen=True, slots=True)
class Printing:
    """A report that is being made ready for print: what all its fascicles share, and all that makes them.

    `table` has the opinions on it; with `noted` they also stand under what they are about.
    """

    frame: Frame
    edition: Edition
    lookup: Index
    layout: Layout
    profile: Profile
    fill: Callable[..., str]
    tree: SourceTree
    markup: Markup
    extensions: tuple[tuple[str, dict[str, Any]], ...]
    finish: Callable[[str], str]
    kept: Callable[[tuple[str, ...], Callable[[], list[Made]]], list[Made]]
    since: Since | None = None
    table: Responses | None = None
    noted: bool = False


def kept(cache: Cache, common: str, keys: tuple[str, ...], make: Callable[[], list[Made]]) -> list[Made]:
    """Fascicles from the cache, or made and put there; `keys` and what is common decide how they come out."""
    key = digest("fascicles", common, *keys)
    stored = cache.get(key)
    if stored is not None:
        return [_read(one) for one in json.loads(stored)]
    made = make()
    cache.put(key, json.dumps([_written(one) for one in made]).encode())
    return made


def _written(made: Made) -> list[Any]:
    own = made.fascicle
    pictures = [[str(one.path), one.content.decode()] for one in own.pictures]
    return [own.name, own.html, pictures, own.restart, [[one.id, one.title, one.kind] for one in made.entries]]


def _read(stored: list[Any]) -> Made:
    name, html, pictures, restart, entries = stored
    files = tuple(Asset(PurePosixPath(path), content.encode()) for path, content in pictures)
    return Made(Fascicle(name, html, files, restart), tuple(Entry(*one) for one in entries))


def roman(number: int) -> str:
    """A number from 1 on in Roman numerals."""
    text = ""
    for value, numeral in _ROMAN:
        text += numeral * (number // value)
        number %= value
    return text


def plain(text: str) -> str:
    """The words of a piece of HTML, without the number of its paragraph."""
    return unescape(_TAG.sub("", _NUMBER.sub("", text)))


def captions(html: str) -> Iterator[Entry]:
    """The captions of tables, figures and statements, as entries of their kinds."""
    for found in _CAPTION.finditer(html):
        if found["head"] or found["whole"]:
            yield Entry(found["head"] or found["whole"], plain(found["text"]), found["kind"])

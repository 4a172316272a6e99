"""Work out what importing opinions would do: who said what of which place, and the file it is added to."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from galley.check import check
from galley.diagnostics import Diagnostic, Severity, error, ordered
from galley.exchange.given import is_agreed
from galley.exchange.placing import Places, Placing
from galley.exchange.senders import bodies, names_of
from galley.exchange.written import lines_text, scalar_text
from galley.model import NOWHERE, Comment, Disposition
from galley.read.parse import parse
from galley.read.yamltext import Sequence, decode, read_yaml
from galley.source import SourceFile, Span
from galley.vietnamese import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from galley.exchange.given import Given, Vocabulary
    from galley.model import Report
    from galley.review.places import Draft
    from galley.source import SourceTree

_INDENT = 2
_ADDRESS = re.compile(r"[\w./-]*\w(?:#[\w-]*\w)?")
_NAME = re.compile(r"y-kien-(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Addressing:
    """To which meeting opinions are addressed, and from whom where they do not say; empty when nobody is named."""

    meeting: str
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What becomes of an opinion: it gets an id, or has one already (`known`), or is left out for a reason.

    `reason` is `no-text`, `no-sender`, `unknown-sender` (of `detail`, `near` another name) or `no-place`.
    """

    given: Given
    placing: Placing
    sender: str = ""
    id: str = ""
    known: bool = False
    agreed: bool = False
    reason: str = ""
    detail: str = ""
    near: str = ""


@dataclass(frozen=True, slots=True)
class Reception:
    """What an import would do; there is no file when nothing is new or a diagnostic is an error."""

    entries: tuple[Entry, ...]
    file: SourceFile | None
    diagnostics: tuple[Diagnostic, ...]
    tree: SourceTree


def receive(  # noqa: PLR0913 - all that an opinion is looked up in
    given: Iterable[Given],
    addressing: Addressing,
    draft: Draft,
    words: Vocabulary,
    report: Report,
    tree: SourceTree,
    known: Iterable[Diagnostic] = (),
) -> Reception:
    """What adding these opinions to those of a meeting would do; `draft` is the one that was circulated.

    `known` is what is wrong with the tree already. The report was read from it without losing a record: ids could be
    given twice otherwise.
    """
    path = PurePosixPath("data/comments") / f"{addressing.meeting}.yml"
    file = tree.find(path) or SourceFile(path, b"")
    entries = tuple(_entries(given, addressing, draft, words, report))
    new = [one for one in entries if one.id and not one.known]
    if not new:
        return Reception(entries, None, (), tree)
    added = _appended(file, new)
    if added is None:
        return Reception(entries, None, (error(Span(path), "cannot-append"),), tree)
    others = (one for one in tree.files if one.path != path)
    after = replace(tree, files=tuple(sorted((*others, added), key=lambda one: str(one.path))))
    diagnostics = _problems(report, after, new, addressing, {(one.rule, one.arguments) for one in known})
    return Reception(entries, None if diagnostics else added, diagnostics, after)


def _entries(
    given: Iterable[Given], addressing: Addressing, draft: Draft, words: Vocabulary, report: Report
) -> Iterator[Entry]:
    """What becomes of each opinion of each body, in order."""
    contents = report.contents
    names, places = names_of(contents), Places(draft)
    there = _There([one for one in contents.comments if one.meeting == addressing.meeting])
    number = max((int(found[1]) for one in contents.comments if (found := _NAME.fullmatch(one.id))), default=0)
    for one in given:
        placing = places.find(one)
        agreed = is_agreed(one.text, words)
        for entry in _addressed(Entry(one, placing, agreed=agreed), names, addressing):
            if entry.reason:
                yield entry
            elif earlier := there.find(entry):
                yield replace(entry, id=earlier, known=True)
            else:
                number += 1
                like = there.like(entry)
                doubt = replace(placing, doubt="again", elsewhere=like) if like and not placing.doubt else placing
                made = replace(entry, id=f"y-kien-{number}", placing=doubt)
                there.add(made)
                yield made


def _addressed(entry: Entry, names: Mapping[str, str], addressing: Addressing) -> Iterator[Entry]:
    """The opinion of each of its bodies, or why it is left out."""
    given = entry.given
    found = bodies(given.senders, names)
    ids, unknown = found.ids, found.unknown
    if given.origin.kind in ("remark", "revision") and addressing.sender:
        unknown = ()  # who comments in a file of a body speaks for it, by whatever name
    if not ids and not unknown:
        ids = (addressing.sender,) if addressing.sender else ()
    reason = "" if given.text else "no-text"
    general = entry.agreed and not given.place and not given.quote  # who agrees and names no place agrees with it all
    reason = reason or ("" if entry.placing.about or general else "no-place")
    if not ids and not unknown:
        yield replace(entry, reason=reason or "no-sender")
    yield from (replace(entry, sender=one, reason=reason) for one in ids)
    for one in unknown:
        yield replace(entry, reason="unknown-sender", detail=one, near=names.get(nearest(one, tuple(names)), ""))


class _There:
    """The opinions that are there already: the same ones have sender, place and text in common.

    A place may have been set right by hand since; then it is the sender, the text and the quote.
    """

    def __init__(self, comments: Iterable[Comment]) -> None:
        self._ids: dict[tuple[str, ...], str] = {}
        self._texts: dict[tuple[str, str], str] = {}
        for one in comments:
            self._note(one.id, one.sender, one.about, one.text, one.quote or "")

    def _note(self, name: str, sender: str, about: str, text: str, quote: str) -> None:
        self._ids[sender, "about", about, text] = name
        if quote:
            self._ids[sender, "quote", quote, text] = name
        self._texts[sender, text] = name

    def find(self, one: Entry) -> str:
        """The id that an opinion has; empty for a new one."""
        given = one.given
        same = self._ids.get((one.sender, "about", one.placing.about, given.text))
        return same or self._ids.get((one.sender, "quote", given.quote, given.text), "")

    def like(self, one: Entry) -> str:
        """The id of an opinion that says the same of another place; empty when there is none."""
        return self._texts.get((one.sender, one.given.text), "")

    def add(self, one: Entry) -> None:
        """Take note of a new one, so that it is not added twice."""
        self._note(one.id, one.sender, one.placing.about, one.given.text, one.given.quote)


def _appended(file: SourceFile, new: Iterable[Entry]) -> SourceFile | None:
    """The file with more opinions at its end; None where that is no list whose entries begin a line.

    They name no audience, and so they are for the narrowest one.
    """
    text, problems = decode(file.path, file.content)
    node, more = read_yaml(file.path, text)
    if problems or more:
        return None
    indent = 0
    if isinstance(node, Sequence):
        indent = node.span.column - 1
        if text.splitlines()[node.span.line - 1][indent : indent + 1] != "-":
            return None
    elif node is not None:
        return None
    lines = "".join(_entry_text(_record(one, indent), indent) for one in new)
    lines = lines if text.endswith("\n") or not text else f"\n{lines}"
    if read_yaml(file.path, text + lines)[1]:
        return None
    lines = lines.replace("\n", "\r\n") if b"\r\n" in file.content else lines
    return SourceFile(file.path, file.content + lines.encode())


def _entry_text(record: Mapping[str, str], indent: int) -> str:
    """An entry of a list, a key a line; `indent` is that of the list."""
    begin, inner = f"{' ' * indent}- ", indent + _INDENT
    lines = f"\n{' ' * inner}".join(f"{key}: {text}" for key, text in record.items())
    return f"{begin}{lines}\n"


def _record(one: Entry, indent: int) -> Mapping[str, str]:
    """What the file says of an opinion, by key, as YAML."""
    inner = indent + _INDENT + _INDENT
    about = one.placing.about
    said = {
        "id": one.id,
        "from": one.sender,
        "about": about if not about or _ADDRESS.fullmatch(about) else scalar_text(about),
        "quote": one.given.quote and lines_text(one.given.quote, inner),
        "text": lines_text(one.given.text, inner),
        "disposition": _disposition(one).value,
    }
    return {key: text for key, text in said.items() if text}


def _disposition(one: Entry) -> Disposition:
    return Disposition.AGREED if one.agreed else Disposition.NEW


def _problems(
    report: Report,
    after: SourceTree,
    new: Iterable[Entry],
    addressing: Addressing,
    known: Collection[tuple[str, tuple[tuple[str, str], ...]]],
) -> tuple[Diagnostic, ...]:
    """What the new opinions break, and whether the file says anything but the old ones and these: a safeguard."""
    now, found = parse(after)
    problems = ordered((*found, *check(now, after)))
    fresh = tuple(one for one in problems if one.severity is Severity.ERROR and (one.rule, one.arguments) not in known)
    if fresh:
        return fresh
    contents = report.contents
    wanted = {one.id: replace(one, span=NOWHERE) for one in contents.comments}
    for one in new:
        given = one.given
        wanted[one.id] = Comment(
            one.id,
            one.sender,
            given.text,
            _disposition(one),
            one.placing.about,
            given.quote or None,
            audience=next(reversed(contents.settings.audiences), ""),
            meeting=addressing.meeting,
        )
    said = {one.id: replace(one, span=NOWHERE) for one in now.contents.comments}
    path = PurePosixPath("data/comments") / f"{addressing.meeting}.yml"
    return () if said == wanted else (error(Span(path), "cannot-append"),)

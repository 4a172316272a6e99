"""Opinions as they were handed in: read from tables by the words of their head, from comments and tracked changes."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from galley.diagnostics import Diagnostic, error, warning
from galley.errors import GalleyError
from galley.source import Span
from galley.vietnamese import place_tones

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from galley.exchange.remarks import FoundDocument, Remark, Revision
    from galley.exchange.sheets import Entry, FoundSheet
    from galley.source import SourceTree

TEMPLATE = PurePosixPath("templates/exchange/opinions.toml")
_COLUMNS = ("number", "place", "text", "quote", "proposal", "reason", "sender", "other")
NUMBER, PLACE, TEXT, QUOTE, PROPOSAL, REASON, SENDER, OTHER = _COLUMNS
_TEXTS = ("proposal", "reason", "replace", "insert", "insert-first", "delete")
MAX_OPINIONS = 5_000
MAX_TEXT = 4_000_000  # characters, which is what a data file may have
_LONGEST_HEAD = 100
_MORE = 1  # unknown words in a cell of a head
_ENOUGH = 4  # words of what was taken out, by which its place is found
_COUNTING = re.compile(r"\(?(?:\d{1,2}|[A-Z])\)?")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words by which tables are recognised and of which texts are put together; see the template."""

    columns: Mapping[str, tuple[str, ...]]
    head: tuple[str, ...]
    agreed: tuple[str, ...]
    agreed_more: tuple[str, ...]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an opinion was found: a `row` of the sheet `part`, a `table-row` of the table, a `remark`, a `revision`."""

    kind: str
    number: int
    part: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """An opinion with the words of its sender; nothing in them was looked up yet.

    `section` is what the table says above it, `paragraph` the whole paragraph that a comment stands at. A `shown` place
    is a number that the spreadsheet may have made of what was typed: `3.10` becomes 3.1.
    """

    origin: Origin
    senders: str
    text: str
    place: str = ""
    section: str = ""
    quote: str = ""
    paragraph: str = ""
    shown: bool = False


def read_vocabulary(tree: SourceTree) -> Vocabulary:
    """The words of the template; GalleyError when it misses something."""
    file = tree.find(TEMPLATE)
    if file is None:
        raise GalleyError("no-template", path=str(TEMPLATE))
    try:
        found = tomllib.loads(file.content.decode())
        return Vocabulary(
            {name: tuple(map(plain, found["columns"][name])) for name in _COLUMNS},
            tuple(map(plain, found["head"]["more"])),
            tuple(map(plain, found["agreed"]["says"])),
            tuple(map(plain, found["agreed"]["more"])),
            {name: found["text"][name] for name in _TEXTS},
        )
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as trouble:
        raise GalleyError("template", template=str(TEMPLATE), line="", problem=str(trouble)) from trouble


def clean(text: str) -> str:
    """The text in NFC without what cannot be seen; blanks are single, lines are not empty."""
    lines = unicodedata.normalize("NFC", text.replace("_x000D_", "\n")).splitlines()
    visible = (" ".join("".join(map(_visible, line)).split()) for line in lines)
    return unicodedata.normalize("NFC", "\n".join(line for line in visible if line))


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Zs", "Cc"):
        return " "
    return "" if category[0] == "C" else character


def plain(text: str) -> str:
    """The words of a text by which texts are compared: small letters, one way to place tones, single blanks."""
    text = "".join(map(_visible, unicodedata.normalize("NFC", text).replace("\n", " ")))
    return " ".join(_WORD.findall(place_tones(text, "old").casefold()))


def is_agreed(text: str, words: Vocabulary) -> bool:
    """True for an opinion that says that there is none: "thống nhất", "không có ý kiến", and nothing more."""
    rest, agreed = f" {plain(text)} ", False
    for phrase in sorted(words.agreed, key=len, reverse=True):
        agreed = agreed or f" {phrase} " in rest
        rest = rest.replace(f" {phrase} ", "  ")
    return agreed and not _without(rest, words.agreed_more)


def _without(text: str, phrases: Iterable[str]) -> list[str]:
    """The words that are left when these phrases are taken out."""
    rest = f" {' '.join(text.split())} ".replace(" ", "  ")
    for phrase in sorted(phrases, key=len, reverse=True):
        rest = rest.replace(f" {phrase.replace(' ', '  ')} ", " ")
    return rest.split()


def opinions_of_sheets(
    path: PurePosixPath, sheets: Iterable[FoundSheet], words: Vocabulary
) -> tuple[tuple[Given, ...], tuple[Diagnostic, ...]]:
    """The opinions of all sheets that have a table of them, and which sheets have none."""
    found: list[Given] = []
    problems: list[Diagnostic] = []
    for sheet in sheets:
        table = _Table("row", sheet, words)
        if table.too_long:
            return (), (_too_long(path),)
        rows = list(table.opinions())
        found += rows
        if not rows and any(sheet.rows):
            problems.append(warning(Span(path), "sheet-without-opinions", sheet=sheet.title))
    return _bounded(path, found, problems)


def opinions_of_document(
    path: PurePosixPath, document: FoundDocument, words: Vocabulary
) -> tuple[tuple[Given, ...], tuple[Diagnostic, ...]]:
    """The opinions of the tables, comments and tracked changes of a Word file; changes within such a table are none."""
    found: list[Given] = []
    read = set()
    for sheet in document.tables:
        table = _Table("table-row", sheet, words)
        if table.too_long:
            return (), (_too_long(path),)
        rows = list(table.opinions())
        found += rows
        if rows:
            read.add(int(sheet.title))
    found += [_of_remark(one) for one in document.remarks]
    found += [_of_revision(one, words.texts) for one in document.revisions if one.table not in read]
    return _bounded(path, found, [])


def _too_long(path: PurePosixPath) -> Diagnostic:
    return error(Span(path), "file-too-large", size=f"> {MAX_TEXT}", limit=MAX_TEXT)


def _bounded(
    path: PurePosixPath, found: list[Given], problems: list[Diagnostic]
) -> tuple[tuple[Given, ...], tuple[Diagnostic, ...]]:
    if len(found) > MAX_OPINIONS:
        return (), (error(Span(path), "file-too-large", size=len(found), limit=MAX_OPINIONS),)
    if not found:
        return (), (error(Span(path), "nothing-to-import"),)
    return tuple(found), tuple(problems)


def _of_remark(one: Remark) -> Given:
    quote, paragraph = clean(one.quote), clean(one.paragraph)
    return Given(Origin("remark", one.number), clean(one.author), clean(one.text), quote=quote, paragraph=paragraph)


def _of_revision(one: Revision, texts: Mapping[str, str]) -> Given:
    before, after, lead = clean(one.before), clean(one.after), clean(one.lead)
    kind = "replace" if before and after else "delete" if before else "insert" if lead else "insert-first"
    text = clean(texts[kind].format(before=before, after=after, lead=lead))
    quote = before if len(before.split()) >= _ENOUGH else ""
    origin, paragraph = Origin("revision", one.number), clean(one.paragraph)
    return Given(origin, clean(one.author), text, quote=quote, paragraph=paragraph)


class _Table:
    """A table that is searched for opinions; what merged cells say stands in each of their rows."""

    def __init__(self, kind: str, sheet: FoundSheet, words: Vocabulary) -> None:
        self._kind, self._sheet, self._words = kind, sheet, words
        self._rows = _filled(sheet)
        self.too_long = sum(len(entry.text) for row in self._rows for entry in row.values()) > MAX_TEXT
        wide = (one for one in sheet.merged if one.right > one.left)
        self._wide = frozenset((row, one.left) for one in wide for row in range(one.top, _last(one.bottom, sheet) + 1))

    def opinions(self) -> Iterator[Given]:
        """The opinions in the order of the rows; what stands above the first head is passed over."""
        columns: dict[int, str] = {}
        section, below_head = "", False
        for number, row in enumerate(self._rows, start=1):
            texts = {column: found for column, entry in row.items() if (found := clean(entry.text))}
            if not texts:
                continue
            head = self._head(texts, strict=bool(columns))
            if head and (below_head or _is_head(head)):
                columns = head if _is_head(head) else columns | head
                section, below_head = "", True
                continue
            if not columns or (below_head and all(map(_COUNTING.fullmatch, texts.values()))):
                continue
            below_head = False
            if self._is_section(number, texts, columns):
                section = max(texts.values(), key=len)
            elif any(columns.get(column) in (TEXT, PROPOSAL, REASON, QUOTE) for column in texts):
                yield self._given(number, row, texts, columns, section)

    def _head(self, texts: Mapping[int, str], *, strict: bool) -> dict[int, str]:
        """The kinds of the columns that a row names, by column; empty when it is no head.

        Below a head, a `strict` one names nothing else: the same head again, or the second row of one.
        """
        found = ((column, _kind_of(text, self._words)) for column, text in texts.items())
        kinds = {column: kind for column, kind in found if kind}
        return kinds if (len(kinds) == len(texts) if strict else _is_head(kinds)) else {}

    def _is_section(self, number: int, texts: Mapping[int, str], columns: Mapping[int, str]) -> bool:
        """True for a row that says what the rows below it are about."""
        if len(texts) == 1 and (number, next(iter(texts))) in self._wide:
            return True
        return all(columns.get(column) in (NUMBER, PLACE, None) for column in texts)

    def _given(
        self,
        number: int,
        row: Mapping[int, Entry],
        texts: Mapping[int, str],
        columns: Mapping[int, str],
        section: str,
    ) -> Given:
        said = {kind: _joined(texts, columns, kind) for kind in (TEXT, PROPOSAL, REASON, QUOTE, SENDER, PLACE)}
        lines = [said[TEXT]]
        if said[TEXT] or said[PROPOSAL]:
            lines += [self._words.texts[kind].format(text=said[kind]) for kind in (PROPOSAL, REASON) if said[kind]]
        return Given(
            Origin(self._kind, number, self._sheet.title),
            said[SENDER],
            clean("\n".join(lines)),
            said[PLACE].replace("\n", ", "),
            section,
            said[QUOTE],
            shown=any(columns.get(at) == PLACE and entry.kind in ("number", "other") for at, entry in row.items()),
        )


def _last(row: int, sheet: FoundSheet) -> int:
    return min(row, len(sheet.rows))


def _filled(sheet: FoundSheet) -> list[dict[int, Entry]]:
    """The cells that say something by column, row by row; a merged cell says it in all of its rows."""
    rows = [{column: entry for column, entry in enumerate(row, start=1) if entry.kind != "empty"} for row in sheet.rows]
    for one in sheet.merged:
        entry = rows[one.top - 1].get(one.left) if one.top <= len(rows) else None
        if entry is not None:
            for row in range(one.top + 1, _last(one.bottom, sheet) + 1):
                rows[row - 1].setdefault(one.left, entry)
    return rows


def _is_head(kinds: Mapping[int, str]) -> bool:
    found = set(kinds.values())
    return bool(found & {TEXT, PROPOSAL}) and len(found) > 1


def _kind_of(text: str, words: Vocabulary) -> str:
    """The kind of the column that a cell of a head names, by the longest phrase; empty when it is none."""
    if len(text) > _LONGEST_HEAD or is_agreed(text, words):
        return ""
    said = plain(re.split(r"\(|\bcủa\b", text.casefold())[0] or text)
    phrases = [(kind == OTHER, len(one), kind, one) for kind, those in words.columns.items() for one in those]
    found = [one for one in phrases if f" {one[-1]} " in f" {said} "]
    if not found or re.search(r"\d", said) or len(_without(said, (*(one[-1] for one in found), *words.head))) > _MORE:
        return ""
    return max(found)[2]


def _joined(texts: Mapping[int, str], columns: Mapping[int, str], kind: str) -> str:
    """What all columns of a kind say."""
    return "\n".join(text for column, text in sorted(texts.items()) if columns.get(column) == kind)

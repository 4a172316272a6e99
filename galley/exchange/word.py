"""Read Word files. The only module that imports python-docx.

The library opens the package and finds the parts; the text is walked element by element, since it has no interface for
tracked changes or for the words that a comment is hung on, and expands the cells that a table only states.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

import docx
from docx.oxml.ns import nsmap, qn

from galley.diagnostics import Diagnostic, error
from galley.exchange.packed import refusals
from galley.exchange.remarks import FoundDocument, Remark, Revision
from galley.exchange.sheets import Entry, FoundSheet, Merged
from galley.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import PurePosixPath

MAX_BYTES = 100_000_000  # unpacked; most of it are pictures
MAX_REMARKS = 5_000
MAX_COLUMNS = 100
_QUOTE = 4_000  # characters of what a comment is hung on
_LONGEST = 20_000  # characters of a paragraph that are told
_LEAD, _LEFT = 6, 300  # words, and characters that hold them
_PARAGRAPH, _TABLE, _ROW, _CELL = (qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc"))
_BEGIN, _END, _REFERENCE = (qn(f"w:{name}") for name in ("commentRangeStart", "commentRangeEnd", "commentReference"))
_WORDS = (qn("w:t"), qn("w:delText"))
_MARKS = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_PUT_IN, _TAKEN_OUT = "in", "out"
_REVISIONS = {
    qn("w:ins"): _PUT_IN,
    qn("w:moveTo"): _PUT_IN,
    qn("w:del"): _TAKEN_OUT,
    qn("w:moveFrom"): _TAKEN_OUT,
}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_ID, _AUTHOR, _VALUE = qn("w:id"), qn("w:author"), qn("w:val")


def read_word(path: PurePosixPath, content: bytes) -> tuple[FoundDocument, tuple[Diagnostic, ...]]:
    """The tables, comments and tracked changes of a DOCX file; a diagnostic when it cannot be read as one."""
    try:
        if found := refusals(path, content, MAX_BYTES):
            return FoundDocument(), found
        document = docx.Document(io.BytesIO(content))
        body = document.element.body
        texts, anchors = _texts(body)
        tables = tuple(_tables(body, texts))
        remarks = tuple(islice(_remarks(document, anchors), MAX_REMARKS + 1))
        revisions = tuple(islice(_revisions(texts.values()), MAX_REMARKS + 1))
    except Exception as trouble:  # noqa: BLE001 - whatever the libraries stumble over, the file is what is wrong
        return FoundDocument(), (error(Span(path), "not-a-word-file", problem=type(trouble).__name__),)
    if (size := max(len(remarks), len(revisions))) > MAX_REMARKS:
        return FoundDocument(), (error(Span(path), "file-too-large", size=size, limit=MAX_REMARKS),)
    return FoundDocument(tables, remarks, revisions), ()


@dataclass(frozen=True, slots=True)
class _Part:
    """Words of a paragraph, how they were changed (`in`, `out`, both or neither), and by whom."""

    text: str
    revised: frozenset[str] = frozenset()
    author: str = ""


@dataclass(slots=True)
class _Paragraph:
    """The words of a paragraph while they are gathered; `table` as in a revision.

    `circulated` is what it said before anybody changed it, `final` with all changes taken.
    """

    parts: list[_Part] = field(default_factory=list)
    table: int = 0
    circulated: str = ""
    final: str = ""

    def settle(self) -> None:
        """Put the words together when all are there."""
        self.circulated = "".join(one.text for one in self.parts if _PUT_IN not in one.revised)
        self.final = "".join(one.text for one in self.parts if _TAKEN_OUT not in one.revised)


@dataclass(slots=True)
class _Anchor:
    """What a comment is hung on, while it is gathered."""

    paragraph: _Paragraph | None
    text: str = ""


Texts = dict[Any, _Paragraph]


def _texts(body: Any) -> tuple[Texts, dict[str, _Anchor]]:  # noqa: ANN401 - lxml ships no type hints
    """The paragraphs by their elements, in order, and what the comments are hung on by their ids."""
    texts: Texts = {}
    anchors: dict[str, _Anchor] = {}
    begun: dict[str, _Anchor] = {}
    current: _Paragraph | None = None
    for element in body.iter(_PARAGRAPH, _BEGIN, _END, _REFERENCE, *_WORDS, *_MARKS):
        if element.tag == _PARAGRAPH:
            if not any(one.tag == _FALLBACK for one in element.iterancestors()):
                current = texts[element] = _Paragraph()
        elif element.tag == _BEGIN and len(anchors) <= MAX_REMARKS:
            begun[element.get(_ID)] = anchors[element.get(_ID)] = _Anchor(None)
        elif element.tag == _END:
            begun.pop(element.get(_ID), None)
        elif element.tag == _REFERENCE:
            anchor = anchors.setdefault(element.get(_ID), _Anchor(current))
            anchor.paragraph = anchor.paragraph or current
        else:
            _add(element, texts, begun)
    for one in texts.values():
        one.settle()
    return texts, anchors


def _add(element: Any, texts: Texts, begun: dict[str, _Anchor]) -> None:  # noqa: ANN401 - see _texts
    """Add words to their paragraph, and to what is hung on them unless they were put in later."""
    revised, author = set(), ""
    for parent in element.iterancestors():
        if parent.tag in _REVISIONS:
            revised.add(_REVISIONS[parent.tag])
            author = author or parent.get(_AUTHOR, "")
        if parent.tag == _PARAGRAPH:
            break
    else:
        return
    text = _MARKS.get(element.tag) or element.text or ""
    if parent not in texts or not text:
        return
    paragraph = texts[parent]
    paragraph.parts.append(_Part(text, frozenset(revised), author))
    if _PUT_IN in revised:
        return
    for name, anchor in list(begun.items()):
        anchor.paragraph = anchor.paragraph or paragraph
        begins = anchor.text and len(paragraph.parts) == 1
        anchor.text += f"\n{text}" if begins else text
        if len(anchor.text) > _QUOTE:
            del begun[name]


def _tables(body: Any, texts: Texts) -> Iterator[FoundSheet]:  # noqa: ANN401 - see _texts
    """The tables that stand in no other one; what stands in such a one is text of its cell."""
    outer = (one for one in body.iter(_TABLE) if _enclosing(one, _TABLE) is None)
    for number, table in enumerate(outer, start=1):
        for element in table.iter(_PARAGRAPH):
            if element in texts:
                texts[element].table = number
        rows: list[tuple[Entry, ...]] = []
        merged = _Merging()
        for row in (one for one in table.iter(_ROW) if _enclosing(one, _TABLE) is table):
            rows.append(tuple(_cells(row, len(rows) + 1, texts, merged)))
        yield FoundSheet(str(number), tuple(rows), tuple(merged.all()))


def _enclosing(element: Any, tag: str) -> Any:  # noqa: ANN401 - see _texts
    return next(element.iterancestors(tag), None)


@dataclass(slots=True)
class _Merging:
    """Cells that are one, while they are gathered: those that may go on below by their columns, and all others."""

    open: dict[int, Merged] = field(default_factory=dict)
    done: list[Merged] = field(default_factory=list)

    def take(self, row: int, left: int, right: int, merge: str | None) -> None:
        """A cell of a row; `merge` is `restart` for one that others below may belong to, `continue` for these."""
        above = self.open.pop(left, None)
        if above is not None and merge == "continue":
            self.open[left] = Merged(above.top, left, row, above.right)
            return
        if above is not None:
            self.done.append(above)
        self.open[left] = Merged(row, left, row, right)

    def all(self) -> Iterable[Merged]:
        """Those that are more than one cell."""
        every = (*self.done, *self.open.values())
        return (one for one in every if (one.top, one.left) != (one.bottom, one.right))


def _cells(row: Any, number: int, texts: Texts, merged: _Merging) -> Iterator[Entry]:  # noqa: ANN401 - see _texts
    """The cells of a row in the columns of the table's grid."""
    before = min(_number(row, "./w:trPr/w:gridBefore"), MAX_COLUMNS)
    yield from (Entry("empty"),) * before
    left = before + 1
    for cell in (one for one in row.iter(_CELL) if _enclosing(one, _ROW) is row):
        span = max(_number(cell, "./w:tcPr/w:gridSpan"), 1)
        right = left + span - 1
        if right > MAX_COLUMNS:
            return
        merge = cell.find("./w:tcPr/w:vMerge", nsmap)
        merged.take(number, left, right, None if merge is None else merge.get(_VALUE, "continue"))
        text = "\n".join(texts[one].final for one in cell.iter(_PARAGRAPH) if one in texts)
        yield Entry("text", text) if text.strip() else Entry("empty")
        yield from (Entry("empty"),) * (span - 1)
        left = right + 1


def _number(element: Any, path: str) -> int:  # noqa: ANN401 - see _texts
    """The number that a property states; 0 where it is not there or no number."""
    found = element.find(path, nsmap)
    text = "" if found is None else found.get(_VALUE, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(MAX_COLUMNS**2)) else 0


def _remarks(document: Any, anchors: dict[str, _Anchor]) -> Iterator[Remark]:  # noqa: ANN401 - see _texts
    for number, comment in enumerate(document.comments, start=1):
        anchor = anchors.get(str(comment.comment_id), _Anchor(None))
        paragraph = anchor.paragraph.circulated[:_LONGEST] if anchor.paragraph is not None else ""
        yield Remark(number, comment.author, comment.text, anchor.text, paragraph)


def _revisions(texts: Iterable[_Paragraph]) -> Iterator[Revision]:
    """The changes of each paragraph; what is put in as a paragraph of its own is about the one before it."""
    number, earlier = 0, ""
    for paragraph in texts:
        circulated = paragraph.circulated[:_LONGEST]
        about = circulated if circulated.strip() else earlier
        lead = "" if circulated.strip() else earlier
        for before, after, author, left in _changes(paragraph):
            number += 1
            words = (left or lead).split()[-_LEAD:]
            yield Revision(number, author, before, after, " ".join(words), about, paragraph.table)
        earlier = about


def _changes(paragraph: _Paragraph) -> Iterator[tuple[str, str, str, str]]:
    """What one person took out and put in without anything between, with all that stands before it."""
    before = after = author = left = ""
    for part in (*paragraph.parts, _Part(" ")):
        ours = len(part.revised) == 1
        if (before or after) and (not ours or part.author != author):
            if before.strip() or after.strip():
                yield before, after, author, left
            left = (left + before)[-_LEFT:]
            before = after = ""
        if not ours:
            left = left if part.revised else (left + part.text)[-_LEFT:]
            continue
        author = part.author
        before += part.text if _TAKEN_OUT in part.revised else ""
        after += part.text if _PUT_IN in part.revised else ""

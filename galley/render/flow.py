"""Where figures stand among the paragraphs of a printed chapter, so that no large blank is left above them.

A table or figure is never cut. Where it would not fit on the rest of its page, the paragraphs that follow it come
before it and fill the page; its number then does not stand in the margin, where it would follow a higher one. The
places on the page are reckoned from the measures of `templates/print/report.css` and the widths of Times; a line more
or less does no harm, since every order that comes out is a good one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from html import unescape
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from galley.render.fragments import elements
from galley.vietnamese import keep_together

if TYPE_CHECKING:
    from collections.abc import Mapping

MM = 72 / 25.4
PX = 0.75
# Advance widths of Times in em; what is not listed is as wide as a small letter.
_ADVANCES = {
    0.25: " \u00a0.,",
    0.28: "ijlt:;/'|",
    0.33: "fr()-I",
    0.40: "sceaz",
    0.56: "PSFL",
    0.70: "ABCDĐEGHKNOQRTUVXYw%",
    0.80: "mM",
}
_ADVANCE = {letter: width for width, letters in _ADVANCES.items() for letter in letters}
_LETTER = 0.5
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-z][a-z0-9]*)\b[^>]*?(?P<empty>/?)>")
_CELL = re.compile(r"<t[hd]\b[^>]*>")
_NUMBER = re.compile(r'(<span class="paragraph"[^>]*>)[^<]*(</span>)')
_FOOTNOTE = re.compile(r'<span class="footnote">(.*?)</span>', re.DOTALL)
_PICTURE = re.compile(r'<img src="drawings/(\w+)\.svg"')
_WIDE = 'class="table table--wide'
# Measures of report.css, in points: a figure with its margins, a row of a table, lines of caption, source and footnote.
_FIGURE, _ROW, _CAPTION, _SOURCE, _NOTE, _NOTES = 26.0, 17.3, 15.0, 13.0, 13.0, 15.0
_PADDING = 3.3
_BLANK = 45.0  # what may stay blank above a figure: less than two lines and a heading
_LINES_KEPT = (2, 2)  # orphans and widows
_ROWS_KEPT = (4, 3)  # the head and three rows, and three rows
_MOVED = 6  # a figure follows its place by so many blocks at most


@dataclass(frozen=True, slots=True)
class Measures:
    """The text area of a page and the type of the body, in points."""

    width: float
    height: float
    size: float
    pitch: float
    gap: float
    indent: float


@dataclass(frozen=True, slots=True)
class _Piece:
    """An element of the chapter's body with its height; `lines` where it may be cut, so many kept above and below."""

    html: str
    name: str
    height: float
    lines: int
    notes: float
    kept: tuple[int, int] = _LINES_KEPT


def measures(profile: Mapping[str, Any]) -> Measures:
    """The measures of a layout profile."""
    page, margins, body = profile["page"], profile["page"]["margins"], profile["body"]
    return Measures(
        (page["width"] - margins["left"] - margins["right"]) * MM,
        (page["height"] - margins["top"] - margins["bottom"]) * MM,
        body["size"],
        body["pitch"],
        body["gap"],
        body["indent"] * MM,
    )


def settle(body: str, taken: float, drawings: Mapping[str, float], page: Measures) -> str:
    """The body of a chapter with its figures where they fit; `taken` is what its own heading takes, in points.

    `drawings` are the heights of the drawings in pixels.
    """
    waiting = [_piece(one, drawings, page) for one in elements(body)]
    placed: list[str] = []
    at, notes = taken, 0.0
    while waiting:
        if waiting[0].name == "figure" and at > taken and not placed[-1].endswith(":</p>"):
            waiting = _in_turn(waiting, page.height - at - notes)
        one = waiting.pop(0)
        placed.append(one.html)
        at, notes = _after(at, notes, one, waiting, page)
    return "\n".join(placed)


def _in_turn(waiting: list[_Piece], room: float) -> list[_Piece]:
    """What comes next on a page with so much room: the figure, or what fills the page before it."""
    figure, rest = waiting[0], waiting[1:]
    if figure.height <= room or room <= _BLANK or _WIDE in figure.html:
        return waiting
    moved: list[_Piece] = []
    while len(rest) > len(moved) and len(moved) < _MOVED and room > _BLANK:
        one = rest[len(moved)]
        if one.name in ("figure", "table", "div"):
            break
        moved.append(one)
        room -= one.height + one.notes
    while moved and moved[-1].name.startswith("h"):
        moved.pop()
    if not moved:
        return waiting
    unnumbered = _NUMBER.sub(r"\1\2", figure.html)  # numbers in the margin stay in their order
    return [*moved, replace(figure, html=unnumbered, name="settled"), *rest[len(moved) :]]


def _after(at: float, notes: float, one: _Piece, waiting: list[_Piece], page: Measures) -> tuple[float, float]:
    """How far the page is filled, and with how much of footnotes, after a piece."""
    noted = _noted(notes, one)
    room = page.height - at - noted
    need = one.height
    if one.name.startswith("h") and waiting:  # a heading stays with two lines of what follows
        need += min(waiting[0].height, page.gap + 2 * page.pitch)
    if need <= room:
        return at + one.height, noted
    pitch = one.height / one.lines if one.lines else 0
    fitting = int(room / pitch) if one.lines else 0
    above, below = one.kept
    if one.lines >= above + below and fitting >= above:
        return (one.lines - min(fitting, one.lines - below)) * pitch, _noted(0, one)
    return one.height, _noted(0, one)


def _noted(notes: float, one: _Piece) -> float:
    """What the footnotes of a page take with those of another piece; the rule above them is there once."""
    return notes + one.notes + (_NOTES if one.notes and not notes else 0)


def _piece(html: str, drawings: Mapping[str, float], page: Measures) -> _Piece:
    opening = _TAG.match(html)
    name = opening["name"] if opening else ""
    notes = [_lines(one, 10.5, page.width) * _NOTE for one in _FOOTNOTE.findall(html)]
    text = _FOOTNOTE.sub("", html)
    if name == "figure":
        return _Piece(html, name, _figure(text, drawings, page), 0, sum(notes))
    if "<table" in text:
        rows = _rows(text, page.width)
        return _Piece(html, name, page.gap + sum(rows), len(rows), sum(notes), _ROWS_KEPT)
    if name in ("ul", "ol"):
        items = [_lines(one, page.size, page.width - page.indent) for one in text.split("<li")[1:]]
        return _Piece(html, name, page.gap + sum(3 + one * page.pitch for one in items), sum(items), sum(notes))
    lines = _lines(text, page.size, page.width, page.indent)
    above = {"h3": 14.0, "h4": 10.0}.get(name, page.gap)
    return _Piece(html, name, above + lines * page.pitch, 0 if name.startswith("h") else lines, sum(notes))


def _rows(html: str, width: float) -> list[float]:
    """The heights of the rows of a table of words: that of the fullest cell, columns as wide as what stands in them."""
    rows = [_CELL.split(row)[1:] for row in html.split("<tr")[1:]]
    natural = [max(_length(cell or "", 11) for cell in column) for column in zip_longest(*rows)]
    room = width - 6 * len(natural)
    share = min(1.0, room / (sum(natural) or 1))
    return [
        max((_lines(cell, 11, own * share + 1) for cell, own in zip(row, natural, strict=False)), default=1)
        * (_ROW - _PADDING)
        + _PADDING
        for row in rows
    ]


def _figure(html: str, drawings: Mapping[str, float], page: Measures) -> float:
    height = _FIGURE + _CAPTION * _lines(_inside(html, "<figcaption>"), 12, page.width)
    picture = _PICTURE.search(html)
    if picture is not None:
        height += drawings.get(picture[1], 0) * PX + 4
    height += html.count("<tr") * _ROW + (17 if 'class="unit"' in html else 0)
    for mark in ('<p class="note">', '<p class="source">'):
        if mark in html:
            height += 3 + _SOURCE * _lines(_inside(html, mark), 10, page.width)
    return height


def _inside(html: str, mark: str) -> str:
    return html.partition(mark)[2].partition("</")[0]


def _length(html: str, size: float) -> float:
    """How long a text is on one line."""
    text = unescape(_TAG.sub("", html)).strip()
    return size * sum(_ADVANCE.get(unicodedata.normalize("NFD", one)[0], _LETTER) for one in text)


def _lines(html: str, size: float, width: float, indent: float = 0) -> int:
    """How many lines a text takes."""
    lines, at = 1, indent
    for word in re.split(r"[ \n]+", keep_together(unescape(_TAG.sub("", html))).strip()):
        length = _length(word, size)
        if at and at + length > width:
            lines, at = lines + 1, 0.0
        at += length + size / 4
    return lines

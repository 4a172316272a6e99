"""Lay out the workbook of the opinions: the table as it is printed, and the counts by body."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from galley.exchange.excel import write_workbook
from galley.exchange.sheets import Cell, Look, Sheet, Workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from galley.bind.index import Index
    from galley.render.layout import Layout
    from galley.review.responses import Group, Responses, Row, Section

MACROS = "macros/opinions.html"
_COLUMNS = ("number", "section", "place", "body", "text", "response", "state")
_WIDTHS = (6, 26, 26, 28, 60, 60, 24)
_BODY, _COUNT = 40, 14


def opinions_workbook(table: Responses, lookup: Index, layout: Layout, timestamp: int) -> bytes:
    """The XLSX of a table of opinions, the same bytes for the same table and timestamp (seconds since 1970).

    Each row tells its chapter and place, so that the rows can be sorted and filtered; cells are not merged.
    """

    def say(macro: str, /, *values: object) -> str:
        return html.unescape(str(layout.macro(MACROS, macro, *values)).strip())

    issuer = lookup.contents.settings.issuer.body
    sheets = (_opinions(table, lookup, say), _counts(table, lookup, say))
    return write_workbook(Workbook(say("title"), issuer, sheets, locked=False), timestamp)


def _opinions(table: Responses, lookup: Index, say: Callable[..., str]) -> Sheet:
    above = (
        (Cell(say("title"), Look.TITLE),),
        *((Cell(say("round", one), Look.NOTE),) for one in table.rounds),
        (Cell(say("counted", table), Look.NOTE),),
        tuple(Cell(say("column", one), Look.HEAD) for one in _COLUMNS),
    )
    rows = tuple(_row(*one, lookup, say) for one in _numbered(table))
    return Sheet(
        say("sheet", "table"), (*above, *rows), _WIDTHS, head=len(above), head_columns=1, locked=False, filtered=True
    )


def _numbered(table: Responses) -> Iterator[tuple[Section, Group, Row]]:
    for part in table.parts:
        for section in part:
            for group in section.groups:
                for row in group.rows:
                    yield section, group, row


def _row(section: Section, group: Group, row: Row, lookup: Index, say: Callable[..., str]) -> tuple[Cell, ...]:
    comment = row.comment
    texts = (
        say("section_name", section),
        say("place", group),
        say("named", row.opinions, lookup),
        f"“{comment.quote}”: {comment.text}" if comment.quote else comment.text,
        say("response", comment),
        say("state", comment.disposition.value),
    )
    return (Cell(row.number, Look.FIGURE), *(Cell(text, Look.TEXT) for text in texts))


def _counts(table: Responses, lookup: Index, say: Callable[..., str]) -> Sheet:
    names = (say("column", "body"), say("column", "total"), *(say("state", one.value) for one, _ in table.counts))
    found = [(lookup.agencies[one.sender].name, (one.total, *one.counts)) for one in table.tallies]
    found.append((say("column", "all"), (table.total, *(number for _, number in table.counts))))
    rows = ((Cell(name, Look.LABEL), *(Cell(one, Look.FIGURE) for one in numbers)) for name, numbers in found)
    head = tuple(Cell(one, Look.HEAD) for one in names)
    widths = (_BODY, *(_COUNT for _ in names[1:]))
    return Sheet(say("sheet", "counts"), (head, *rows), widths, head=1, head_columns=1, locked=False)

"""Lay out the workbook of the figures that changed since an earlier draft, with all who quote them."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from galley.exchange.excel import write_workbook
from galley.exchange.sheets import Cell, Look, Sheet, Workbook

if TYPE_CHECKING:
    from galley.bind.index import Index
    from galley.render.layout import Layout
    from galley.review.since import Since

MACROS = "macros/review.html"
_COLUMNS = ("indicator", "area", "period", "before", "after", "source", "quoted")
_WIDTHS = (46, 24, 10, 16, 16, 46, 24)


def changes_workbook(since: Since, lookup: Index, layout: Layout, timestamp: int) -> bytes:
    """The XLSX of the changed observations, the same bytes for the same changes and timestamp (seconds since 1970)."""

    def say(macro: str, /, *values: object) -> str:
        return html.unescape(str(layout.macro(MACROS, macro, *values)).strip())

    rows = [
        (Cell(say("sheet_title", since), Look.TITLE),),
        tuple(Cell(say("column", one), Look.HEAD) for one in _COLUMNS),
    ]
    for one in since.data.changed:
        observation = one.either
        indicator, source = lookup.indicators[observation.indicator], lookup.sources.get(observation.source)
        texts = (
            indicator.name,
            lookup.areas[observation.area].name,
            str(observation.period),
            say("observed", one.before, indicator),
            say("observed", one.after, indicator),
            source.title if source else observation.source,
            ", ".join(quote.number for quote in since.quotes(observation)),
        )
        rows.append(tuple(Cell(text, Look.TEXT) for text in texts))
    sheet = Sheet(say("sheet"), tuple(rows), _WIDTHS, head=2, head_columns=1, locked=False, filtered=True)
    issuer = lookup.contents.settings.issuer.body
    return write_workbook(Workbook(say("sheet_title", since), issuer, (sheet,), locked=False), timestamp)

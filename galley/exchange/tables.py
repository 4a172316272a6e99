"""Lay out the workbook of one indicator, to be downloaded from its page: areas in rows, periods in columns."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from galley.bind.index import Label, Unresolved
from galley.bind.objects import all_areas, make_table
from galley.exchange.excel import write_workbook
from galley.exchange.form import unit_name
from galley.exchange.sheets import Cell, Look, Sheet, Workbook
from galley.model import NOWHERE, ObservationStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from galley.bind.figures import Figure
    from galley.bind.index import Index
    from galley.bind.objects import Table
    from galley.exchange.words import Words
    from galley.model import Area, Indicator

_LABEL = Label("", "table", "", PurePosixPath(), NOWHERE)
_WIDTH_OF_NAMES, _WIDTH = 28, 13


def indicator_workbook(lookup: Index, indicator: str, words: Words, timestamp: int) -> bytes | None:
    """The XLSX of an indicator as its page shows it, the same bytes for the same data and timestamp.

    None when the index, of an edition, has no such indicator or nothing was observed; `timestamp` is in seconds since
    1970.
    """
    one = lookup.indicators.get(indicator)
    if one is None:
        return None
    periods = tuple(sorted({found.period for found in one.observations}))
    try:
        table = make_table(lookup, _LABEL, (one,), _areas(lookup, one), periods)
    except Unresolved:
        return None
    issuer = lookup.contents.settings.issuer.body
    return write_workbook(Workbook(one.name, issuer, (_sheet(lookup, one, table, words),), locked=False), timestamp)


def _areas(lookup: Index, one: Indicator) -> tuple[Area, ...]:
    """The areas that have observations, provinces first; the region as well where it can be derived."""
    observed = {found.area for found in one.observations} | ({lookup.region} if one.aggregate is not None else set())
    full = all_areas(lookup)
    others = tuple(area for area in lookup.areas.values() if area not in full)
    return tuple(area for area in (*full, *others) if area.id in observed)


def _sheet(lookup: Index, one: Indicator, table: Table, words: Words) -> Sheet:
    said = words.table
    above = (
        (Cell(one.name, Look.TITLE),),
        (Cell(said["unit"].format(unit=unit_name(one, lookup, words)), Look.NOTE),),
        (Cell(said["area"], Look.HEAD), *(Cell(str(period), Look.HEAD) for period in table.periods)),
    )
    body = tuple(
        (Cell(row.name, Look.LABEL), *(_cell(figure, one.decimals, words) for figure in row.cells))
        for row in table.rows
    )
    below = tuple((Cell(text, Look.NOTE),) for text in _notes(one, table, words))
    widths = (_WIDTH_OF_NAMES, *(_WIDTH for _ in table.periods))
    return Sheet(one.id[:31], (*above, *body, (), *below), widths, head=3, head_columns=1, locked=False)


def _cell(figure: Figure | None, decimals: int, words: Words) -> Cell:
    if figure is None:
        return Cell(words.table["gap"], Look.FIGURE)
    status = figure.provenance.inputs[0].status
    if figure.number is None:
        none = status is ObservationStatus.NOT_APPLICABLE
        return Cell(words.table["none" if none else "gap"], Look.FIGURE)
    if figure.provenance.operation != "value":
        return Cell(figure.number, Look.DERIVED, decimals)
    return Cell(figure.number, Look.FIGURE, decimals, words.marks.get(status.value, ""))


def _notes(one: Indicator, table: Table, words: Words) -> Iterator[str]:
    """What stands below the table: sources, what the marks mean, the indicator's own note."""
    figures = [figure for row in table.rows for figure in row.cells]
    published = [figure for figure in figures if figure is not None and figure.provenance.operation == "value"]
    shown = {figure.provenance.inputs[0].status.value for figure in published}
    if table.sources:
        yield words.table["sources"].format(sources="; ".join(source.title for source in table.sources))
    yield from (text for status, text in words.legend.items() if status in shown)
    if len(published) < sum(figure is not None for figure in figures):
        yield words.table["derived"]
    if any(figure is None or figure.number is None for figure in figures):
        yield words.table["gaps"]
    if one.note:
        yield words.table["note"].format(note=one.note)

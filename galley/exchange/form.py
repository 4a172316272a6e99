"""Lay out the form that a province fills in: one sheet a topic, one row an observation, gaps as empty rows.

Why rows and not a grid of areas and periods: a figure is more than its value. With one row an observation its status,
source and note stand beside it and are typed in the same line as the number; in a grid they would need a second grid or
cell comments, which get lost, and one shifted paste would put a whole column into the wrong years. Each row names its
indicator, area, unit and period in words, so that it can be checked by itself, sorted or filtered, without harm.

Every row carries, in a hidden last column, what it said when it was exported (its stamp). An import compares with that:
only what was typed since is taken over, and what changed in the repository in the meantime is never undone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from galley.bind.index import PROVINCE, Index, index
from galley.errors import UsageError
from galley.exchange.sheets import Cell, Choices, Highlight, Look, OnlyNumbers, Sheet, Workbook
from galley.model import Area, Indicator, Observation, ObservationStatus, Period
from galley.vietnamese import nearest, sort_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from galley.exchange.words import Words
    from galley.model import Edition

MARKER = "galley-1"  # stands over the stamps and in the lists; the number is that of the form's layout
LISTS = "galley"  # the hidden sheet of what the drop-downs offer and which sheets there are
COLUMNS = ("indicator", "indicator_name", "area", "area_name", "unit", "period", "value", "status", "source", "note")
OPEN_COLUMNS = ("value", "status", "source", "note")
LOCKED_COLUMNS = tuple(name for name in COLUMNS if name not in OPEN_COLUMNS)
STAMP = len(COLUMNS) + 1
NAMES_COLUMN = 3  # in the lists: statuses, sources, then the marker, the guide and the sheets of the form
_WIDTHS = (16, 44, 12, 16, 14, 10, 14, 20, 24, 44, 4)
_GAP, _UNSURE = "DDF0E6", "FFF3CC"
_UNSURE_STATUSES = ("P", "E", "F")
_MAX_TITLE = 31
_NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows a form has: all indicators, areas and periods that were observed, or those that are named."""

    indicators: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()


def topics_of(edition: Edition) -> tuple[str, ...]:
    """The topics of the edition's indicators, each once."""
    return tuple(dict.fromkeys(one.topic for one in edition.contents.indicators))


def form(edition: Edition, words: Words, choice: Choice) -> Workbook:
    """The form for what the audience may see; UsageError when an id is not known or nothing is left to fill in."""
    lookup = index(edition.contents)
    _must_exist("indicators", choice.indicators, lookup.indicators)
    _must_exist("areas", choice.areas, lookup.areas)
    grouped: dict[str, list[Indicator]] = {}
    for one in lookup.indicators.values():
        if not choice.indicators or one.id in choice.indicators:
            grouped.setdefault(one.topic, []).append(one)
    names = {topic: words.topics[topic] for topic in sorted(grouped, key=lambda name: sort_key(words.topics[name]))}
    taken = {words.title, LISTS}
    sheets = []
    for topic, name in names.items():
        indicators = sorted(grouped[topic], key=lambda one: sort_key(one.name))
        rows = tuple(row for one in indicators for row in _rows(one, lookup, words, choice))
        if rows:
            sheets.append(_sheet(_title(name, taken), rows, lookup, words))
    if not sheets:
        raise UsageError("nothing-to-export")
    settings = edition.contents.settings
    extra = (_guide(lookup, words), *sheets, _lists(lookup, words, tuple(one.title for one in sheets)))
    return Workbook(settings.title, settings.issuer.body, extra)


def rows_of(book: Workbook) -> int:
    """How many rows of a form stand for an observation or a gap."""
    return sum(len(sheet.rows) - sheet.head for sheet in book.sheets if sheet.head)


def _must_exist(register: str, wanted: tuple[str, ...], known: Mapping[str, object]) -> None:
    for name in wanted:
        if name not in known:
            file = "data/indicators/" if register == "indicators" else f"data/{register}.yml"
            raise UsageError("unknown-id", register=register, id=name, nearest=nearest(name, tuple(known)), file=file)


def _title(name: str, taken: set[str]) -> str:
    """The name as the title of a sheet: without the characters that spreadsheets refuse, short, and only once."""
    base = " ".join(name.translate(_NOT_IN_TITLES).split())[:_MAX_TITLE] or "-"
    title, number = base, 1
    while title.casefold() in {one.casefold() for one in taken}:
        number += 1
        title = f"{base[: _MAX_TITLE - 4]} ({number})"
    taken.add(title)
    return title


def _rows(one: Indicator, lookup: Index, words: Words, choice: Choice) -> Iterator[tuple[Cell, ...]]:
    """The rows of an indicator, by area in the order of the register and by period."""
    periods = choice.periods or tuple(sorted({found.period for found in one.observations}))
    for area in _areas(one, lookup, choice):
        for period in periods:
            found = lookup.observations.get((one.id, area.id, period))
            if found is not None or _existed(area, period):
                yield _row(one, area, period, found, lookup, words)


def _areas(one: Indicator, lookup: Index, choice: Choice) -> tuple[Area, ...]:
    """The areas with rows: those with observations, and others of their kind, for which one can be given as well.

    An indicator that was not observed anywhere is asked of the provinces.
    """
    observed = {found.area for found in one.observations}
    kinds = {area.kind for area in lookup.areas.values() if area.id in observed} or {PROVINCE}
    provinces = {area.id for area in lookup.provinces}

    def wanted(area: Area) -> bool:
        if choice.areas:
            return area.id in choice.areas and area.kind in kinds
        return area.id in observed or (area.kind in kinds and area.id in provinces)

    return tuple(area for area in lookup.areas.values() if wanted(area))


def _existed(area: Area, period: Period) -> bool:
    """False for a period before the area began or after it ended."""
    first, last = (*area.valid, None, None)[:2]
    end = period.last_year
    return (first is None or end >= first.year) and (last is None or period.year <= last.year)


def _row(  # noqa: PLR0913 - what an observation is about, itself, and what names it
    one: Indicator, area: Area, period: Period, found: Observation | None, lookup: Index, words: Words
) -> tuple[Cell, ...]:
    unit = unit_name(one, lookup, words)
    locked = (one.id, one.name, area.id, area.name, unit, str(period))
    open_ = open_texts(found)
    value = None if found is None else found.value
    decimals = one.decimals if value is None else max(one.decimals, -int(value.as_tuple().exponent))
    return (
        Cell(one.id, Look.ID),
        Cell(one.name, Look.LABEL),
        Cell(area.id, Look.ID),
        Cell(area.name, Look.LABEL),
        Cell(unit, Look.LABEL),
        Cell(int(str(period)) if str(period).isdigit() else str(period), Look.LABEL),
        Cell(value, Look.NUMBER, decimals),
        Cell(status_text(found.status, words) if found else None, Look.TEXT),
        Cell(open_[2] or None, Look.TEXT),
        Cell(open_[3] or None, Look.TEXT),
        Cell(json.dumps((*locked, *open_), ensure_ascii=False, separators=(",", ":")), Look.ID),
    )


def unit_name(one: Indicator, lookup: Index, words: Words) -> str:
    """The unit of an indicator as the form names it."""
    unit = lookup.units.get(one.unit)
    return unit.name if unit is not None and unit.name else words.no_unit


def open_texts(found: Observation | None) -> tuple[str, str, str, str]:
    """What the open cells of an observation say, as exact texts: value, status, source, note; empty for a gap."""
    if found is None:
        return "", "", "", ""
    return "" if found.value is None else f"{found.value:f}", found.status.value, found.source, found.note or ""


def status_text(status: ObservationStatus, words: Words) -> str:
    """A status as the drop-down offers it: its letter, then what it means."""
    return f"{status.value} - {words.statuses[status.value]}"


def _sheet(title: str, rows: tuple[tuple[Cell, ...], ...], lookup: Index, words: Words) -> Sheet:
    head = tuple(Cell(words.columns[name], Look.HEAD_OPEN if name in OPEN_COLUMNS else Look.HEAD) for name in COLUMNS)
    value, status, source, _ = (COLUMNS.index(name) + 1 for name in OPEN_COLUMNS)
    told = words.warnings
    unsure = ",".join(f'LEFT($H{{row}},1)="{one}"' for one in _UNSURE_STATUSES)
    return Sheet(
        title,
        ((*head, Cell(MARKER, Look.HEAD)), *rows),
        _WIDTHS,
        head=1,
        hidden_columns=(STAMP,),
        rules=(
            OnlyNumbers(value, told["value-title"], told["value"]),
            Choices(status, LISTS, len(ObservationStatus), 1, told["choice-title"], told["choice"]),
            Choices(source, LISTS, max(1, len(lookup.sources)), 2, told["choice-title"], told["choice"]),
        ),
        highlights=(
            Highlight(value, value, f"OR({unsure})", _UNSURE, italic=True),
            Highlight(value, len(COLUMNS), 'AND($G{row}="",$H{row}="")', _GAP),
        ),
    )


def _guide(lookup: Index, words: Words) -> Sheet:
    """The first sheet: how to fill in, then what the entries of the drop-downs mean."""
    title = lookup.contents.settings.title
    statuses = [(one.value, words.statuses[one.value]) for one in ObservationStatus]
    sources = [(one.id, ", ".join(filter(None, (one.title, one.publisher)))) for one in lookup.sources.values()]
    rows: list[tuple[Cell, ...]] = [_line(text.replace("{title}", title)) for text in words.guide]
    for heading, pairs in ((words.statuses_title, statuses), (words.sources_title, sources)):
        rows.append(_line(heading))
        rows += [(Cell(code, Look.LABEL), Cell(meaning, Look.PLAIN)) for code, meaning in pairs]
    return Sheet(words.title, tuple(rows), (30, 110))


def _line(text: str) -> tuple[Cell, ...]:
    if text.startswith("# "):
        return (Cell(text.removeprefix("# "), Look.TITLE),)
    return Cell(None, Look.PLAIN), Cell(text, Look.PLAIN)


def _lists(lookup: Index, words: Words, titles: tuple[str, ...]) -> Sheet:
    """The hidden sheet behind the drop-downs; its third column tells an import which sheets are the form's."""
    columns = (
        [status_text(one, words) for one in ObservationStatus],
        list(lookup.sources),
        [MARKER, words.title, *titles],
    )
    longest = max(len(column) for column in columns)
    rows = tuple(
        tuple(Cell(column[row] if row < len(column) else None, Look.ID) for column in columns) for row in range(longest)
    )
    return Sheet(LISTS, rows, (30, 30, 30), hidden=True)

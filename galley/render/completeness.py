"""How complete the data are: indicator by province by period, with every gap in sight."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from galley.bind.index import NATION
from galley.model import ObservationStatus, Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from galley.bind import Index
    from galley.model import Area, Indicator, Observation

GAP = ""
ABSENT = "absent"
LACKING = (GAP, ObservationStatus.NOT_AVAILABLE.value, ObservationStatus.SUPPRESSED.value)
SHADES = 4


@dataclass(frozen=True, slots=True)
class Coverage:
    """A period of an indicator: how many of the provinces are covered, `shade` from 0 (none) to 5 (all of them).

    An area is covered by a published value, or by the statement that there is nothing to count.
    """

    period: str
    values: int
    wanted: int
    shade: int
    region: bool
    nation: bool

    @property
    def observed(self) -> bool:
        """Whether anything was published for that period."""
        return self.values > 0 or self.region or self.nation


@dataclass(frozen=True, slots=True)
class GridRow:
    """A province in the grid of one indicator; a mark is a status code, GAP, or ABSENT where it did not exist."""

    area: Area
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The provinces of an indicator by the periods in which at least one of them was observed."""

    periods: tuple[str, ...]
    rows: tuple[GridRow, ...]

    @property
    def gaps(self) -> tuple[tuple[Area, tuple[str, ...]], ...]:
        """The provinces that lack a value, with the periods for which they do."""
        lacking = ((row.area, self._lacking(row)) for row in self.rows)
        return tuple((area, periods) for area, periods in lacking if periods)

    def has(self, mark: str) -> bool:
        """Whether a cell bears that mark."""
        return any(mark in row.marks for row in self.rows)

    def _lacking(self, row: GridRow) -> tuple[str, ...]:
        return tuple(period for period, mark in zip(self.periods, row.marks, strict=True) if mark in LACKING)


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator in the matrix: one coverage for each year, those of other periods, and its grid."""

    indicator: Indicator
    years: tuple[Coverage, ...]
    others: tuple[Coverage, ...]
    grid: Grid
    cells: int
    gaps: int
    quoted: bool


@dataclass(frozen=True, slots=True)
class Completeness:
    """All indicators by year, and the totals: cells of provinces and periods, gaps among them, values by status."""

    years: tuple[str, ...]
    lines: Mapping[str, Line]
    cells: int
    gaps: int
    statuses: tuple[tuple[str, int], ...]
    unused: int

    @property
    def others(self) -> bool:
        """Whether an indicator has a period that is no year."""
        return any(line.others for line in self.lines.values())

    def share(self, count: int) -> Decimal:
        """A number of cells in per cent of all."""
        return Decimal(count * 100) / max(self.cells, 1)


def completeness(lookup: Index, quoted: Iterable[str]) -> Completeness:
    """How complete the data of an edition are; `quoted` are the ids of the indicators that a chapter shows."""
    shown = frozenset(quoted)
    observed = {one.period for record in lookup.contents.indicators for one in record.observations if _is_year(one)}
    years = tuple(Period(year) for year in range(min(observed).year, max(observed).year + 1)) if observed else ()
    lines = {one.id: _line(one, lookup, years, quoted=one.id in shown) for one in lookup.contents.indicators}
    marks = Counter(mark for line in lines.values() for row in line.grid.rows for mark in row.marks)
    return Completeness(
        years=tuple(map(str, years)),
        lines=lines,
        cells=sum(line.cells for line in lines.values()),
        gaps=sum(line.gaps for line in lines.values()),
        statuses=tuple((mark, count) for mark, count in marks.most_common() if mark not in (*LACKING, ABSENT)),
        unused=sum(not line.quoted for line in lines.values()),
    )


def _is_year(one: Observation) -> bool:
    return one.period == Period(one.period.year)


def _line(one: Indicator, lookup: Index, years: tuple[Period, ...], *, quoted: bool) -> Line:
    others = sorted({found.period for found in one.observations} - set(years))
    grid = grid_of(one, lookup)
    marks = [mark for row in grid.rows for mark in row.marks if mark != ABSENT]
    return Line(
        one,
        tuple(_coverage(one, lookup, period) for period in years),
        tuple(_coverage(one, lookup, period) for period in others),
        grid,
        cells=len(marks),
        gaps=sum(mark in LACKING for mark in marks),
        quoted=quoted,
    )


def grid_of(one: Indicator, lookup: Index) -> Grid:
    """The status of each value of the provinces; a period that no province was observed in is not asked for."""
    ids = {area.id for area in lookup.provinces}
    periods = sorted({found.period for found in one.observations if found.area in ids})
    rows = tuple(
        GridRow(area, tuple(_mark(lookup.observations.get((one.id, area.id, when)), area, when) for when in periods))
        for area in lookup.provinces
        if periods
    )
    return Grid(tuple(map(str, periods)), rows)


def _mark(found: Observation | None, area: Area, period: Period) -> str:
    if found is None:
        return GAP if _existed(area, period) else ABSENT
    return found.status.value


def _existed(area: Area, period: Period) -> bool:
    first, last = (*area.valid, None, None)[:2]
    begun = first is None or first.year <= period.last_year
    return begun and (last is None or last.year >= period.year)


def _coverage(one: Indicator, lookup: Index, period: Period) -> Coverage:
    def has(area: str) -> bool:
        found = lookup.observations.get((one.id, area, period))
        return found is not None and found.status.value not in LACKING

    wanted = [area.id for area in lookup.provinces if _existed(area, period)]
    values = sum(has(area) for area in wanted)
    return Coverage(
        str(period),
        values,
        len(wanted),
        shade=SHADES + 1 if values == len(wanted) > 0 else -(-SHADES * values // max(len(wanted), 1)),
        region=has(lookup.region),
        nation=any(has(area.id) for area in lookup.areas.values() if area.kind == NATION),
    )

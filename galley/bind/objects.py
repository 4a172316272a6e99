"""Tables, charts, maps and lists: what stands in a paragraph of its own, ready for the templates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from galley.bind.figures import Figure, Provenance, TargetResult, figure_text, judge, observe
from galley.bind.functions import source_of
from galley.bind.index import (
    NATION,
    PROVINCE,
    Arguments,
    Index,
    Label,
    Place,
    Unresolved,
    fail,
    select_proposals,
    unknown,
)
from galley.model import Area, Indicator, Meeting, Milestone, Observation, Period, Proposal, Source, Unit
from galley.vietnamese import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from galley.model import Call
    from galley.source import Span

CHART_KINDS = ("line", "bar", "ranked", "multiples", "stacked", "dots")
_PERCENT = Unit("", "%", spaced=False)
_SHARE_DECIMALS = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: an area, or an indicator with its unit; a cell is None where nothing was observed."""

    name: str
    kind: str
    unit: Unit | None
    cells: tuple[Figure | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A numbered table; columns are periods, or indicators (then `columns_are` says so)."""

    label: Label
    title: str
    indicators: tuple[Indicator, ...]
    areas: tuple[Area, ...]
    periods: tuple[Period, ...]
    columns: tuple[str, ...]
    columns_are: str
    rows_are: str
    rows: tuple[Row, ...]
    unit: Unit | None
    sources: tuple[Source, ...]

    @property
    def broken(self) -> tuple[tuple[Period, tuple[Indicator, ...]], ...]:
        """From which periods on it is not comparable with what it shows before, and of which indicators."""
        areas = {one.id for one in self.areas}
        found: dict[Period, list[Indicator]] = {}
        for indicator in self.indicators:
            for one in indicator.breaks:
                if self.periods[0] < one.period <= self.periods[-1] and (not one.areas or areas & set(one.areas)):
                    found.setdefault(one.period, []).append(indicator)
        return tuple((period, tuple(those)) for period, those in sorted(found.items()))


@dataclass(frozen=True, slots=True)
class Series:
    """The points of one area (or one indicator) in a chart, by period; `own` says that the page is about that area."""

    name: str
    kind: str
    points: tuple[tuple[Period, Figure], ...]
    own: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A numbered chart; kind is one of `CHART_KINDS`, `shares` says that its figures are per cent of their sum."""

    label: Label
    kind: str
    title: str
    indicators: tuple[Indicator, ...]
    periods: tuple[Period, ...]
    series: tuple[Series, ...]
    unit: Unit | None
    sources: tuple[Source, ...]
    shares: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    """A province's square: row and column from 0, and its figure or None."""

    area: Area
    row: int
    column: int
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class TileMap:
    """A numbered map that gives each province one square."""

    label: Label
    title: str
    indicator: Indicator
    period: Period
    tiles: tuple[Tile, ...]
    unit: Unit | None
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class SourceNote:
    """A footnote that names a source."""

    source: Source
    at: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A generated list; kind is `proposals`, `references` (to proposals), `targets`, `milestones` or `meeting`."""

    kind: str
    items: tuple[Proposal | TargetResult | Milestone | Meeting, ...]


def all_areas(index: Index) -> tuple[Area, ...]:
    """The provinces, then the region, then the nation: the rows of a full table."""
    above = [area for area in index.areas.values() if area.id == index.region]
    above += [area for area in index.areas.values() if area.kind == NATION]
    return (*index.provinces, *above)


def table(arguments: Arguments, place: Place, label: Label) -> Table:
    """`table(indicator | [indicator, …], periods=, areas=)`: whichever two of the three vary, rows by columns."""
    indicators, areas, periods = arguments.indicators(), arguments.areas(), arguments.periods()
    own = place.index.areas.get(place.area)
    if not areas and len(indicators) > 1 and own is not None and own.kind == PROVINCE and len(periods) != 1:
        areas = (own,)
    areas = areas or all_areas(place.index)
    periods = periods or _all_periods(place.index, indicators, areas)
    return make_table(place.index, label, indicators, areas, periods, arguments.text("title"))


def make_table(  # noqa: PLR0913 - what a table shows, in the order of its expression
    index: Index,
    label: Label,
    indicators: tuple[Indicator, ...],
    areas: tuple[Area, ...],
    periods: tuple[Period, ...],
    title: str = "",
) -> Table:
    """A table of the observations; Unresolved when three dimensions vary at once or nothing was observed."""
    units = {one.unit for one in indicators}
    unit = index.units.get(indicators[0].unit) if len(units) == 1 else None
    if len(indicators) == 1:
        rows_are, columns_are, columns = "areas", "periods", tuple(str(one) for one in periods)
        rows = tuple(_row(index, area, [(indicators[0], area, one) for one in periods]) for area in areas)
    elif len(areas) == 1:
        rows_are, columns_are, columns = "indicators", "periods", tuple(str(one) for one in periods)
        rows = tuple(_row(index, one, [(one, areas[0], when) for when in periods]) for one in indicators)
    elif len(periods) == 1:
        rows_are, columns_are = "areas", "indicators"
        columns = tuple(one.short or one.name for one in indicators)
        rows = tuple(_row(index, area, [(one, area, periods[0]) for one in indicators]) for area in areas)
    else:
        raise fail("table-too-many-dimensions")
    if all(cell is None for row in rows for cell in row.cells):
        raise fail("nothing-to-show", indicator=", ".join(one.id for one in indicators))
    sources = _sources(index, (cell for row in rows for cell in row.cells if cell))
    return Table(label, title, indicators, areas, periods, columns, columns_are, rows_are, rows, unit, sources)


def _row(index: Index, head: Area | Indicator, cells: list[tuple[Indicator, Area, Period]]) -> Row:
    figures = tuple(_cell(index, *cell) for cell in cells)
    if isinstance(head, Area):
        return Row(head.name, head.kind, None, figures)
    return Row(head.name, "indicator", index.units.get(head.unit), figures)


def _cell(index: Index, indicator: Indicator, area: Area, period: Period) -> Figure | None:
    """The figure of a cell; nothing where nothing was observed: a gap is shown as a gap."""
    try:
        return observe(index, indicator, area, period)
    except Unresolved:
        return None


def _all_periods(index: Index, indicators: tuple[Indicator, ...], areas: tuple[Area, ...]) -> tuple[Period, ...]:
    """The periods in which one of the areas was observed, or could be derived from its provinces."""
    ids = {area.id for area in areas}
    provinces = {area.id for area in index.provinces} if index.region in ids else set()
    return tuple(
        sorted(
            {
                one.period
                for record in indicators
                for one in record.observations
                if one.area in ids or (record.aggregate is not None and one.area in provinces)
            }
        )
    )


def _sources(index: Index, figures: Iterable[Figure]) -> tuple[Source, ...]:
    """The sources of the figures, each once, in the order of the register."""
    used = {one.source for figure in figures for one in figure.provenance.inputs}
    return tuple(source for source in index.sources.values() if source.id in used)


def chart(arguments: Arguments, place: Place, label: Label) -> Chart:
    """`chart(indicator | [indicator, …], kind=, areas=, periods=, shares=)`: kind is one of `CHART_KINDS`."""
    kind = arguments.text("kind", "line")
    if kind not in CHART_KINDS:
        raise fail("unknown-choice", value=kind, nearest=nearest(kind, CHART_KINDS), choices=", ".join(CHART_KINDS))
    indicators, areas, periods = arguments.indicators(), arguments.areas(), arguments.periods()
    if not areas:
        areas = _areas_of(kind, place.index) or (arguments.area("area"),)
    shares = arguments.flag("shares", default=False)
    title = arguments.text("title")
    return make_chart(place.index, label, kind, indicators, areas, periods, title, shares=shares, own=place.area)


def _areas_of(kind: str, index: Index) -> tuple[Area, ...]:
    """The areas that a kind of chart is made to compare; none where it shows the area of its page."""
    full = all_areas(index)
    if kind == "multiples":
        return tuple(one for one in full if one.kind != NATION)
    return full if kind in ("ranked", "dots") else ()


def make_chart(  # noqa: PLR0913 - what a chart shows, in the order of its expression
    index: Index,
    label: Label,
    kind: str,
    indicators: tuple[Indicator, ...],
    areas: tuple[Area, ...],
    periods: tuple[Period, ...] = (),
    title: str = "",
    *,
    shares: bool = False,
    own: str = "",
) -> Chart:
    """A chart of the observations; Unresolved when units differ or nothing was observed."""
    if len({one.unit for one in indicators}) > 1:
        raise fail("chart-mixed-units", indicators=", ".join(one.id for one in indicators))
    if len(indicators) > 1 and len(areas) > 1:
        raise fail("table-too-many-dimensions")
    periods = _periods_of(kind, periods or _all_periods(index, indicators, areas))
    series = tuple(
        Series(
            area.name if len(indicators) == 1 else (one.short or one.name),
            area.kind,
            points,
            area.id == own and area.kind == PROVINCE,
        )
        for one in indicators
        for area in areas
        if (points := _points(index, one, area, periods))
    )
    if not series:
        raise fail("nothing-to-show", indicator=", ".join(one.id for one in indicators))
    unit = index.units.get(indicators[0].unit)
    if shares:
        series, unit = _shares(series, periods), _PERCENT
    if kind in ("ranked", "dots"):
        series = tuple(sorted(series, key=lambda one: (one.points[-1][0], one.points[-1][1].number or 0), reverse=True))
    sources = _sources(index, (figure for one in series for _, figure in one.points))
    return Chart(label, kind, title, indicators, periods, series, unit, sources, shares)


def _periods_of(kind: str, periods: tuple[Period, ...]) -> tuple[Period, ...]:
    """The last period of a ranking, the first and the last of a dot plot, else all of them in order."""
    periods = tuple(sorted(periods))
    if kind == "ranked":
        return periods[-1:]
    return tuple(dict.fromkeys((periods[0], periods[-1]))) if kind == "dots" and periods else periods


def _shares(series: tuple[Series, ...], periods: tuple[Period, ...]) -> tuple[Series, ...]:
    """The figures as per cent of their sum; none in a period that lacks one of them or whose sum is not positive."""
    found: dict[str, list[tuple[Period, Figure]]] = {one.name: [] for one in series}
    for period in periods:
        parts = {one.name: figure for one in series for shown, figure in one.points if shown == period}
        whole = sum((figure.number or Decimal(0) for figure in parts.values()), Decimal(0))
        if len(parts) < len(series) or whole <= 0:
            continue
        inputs = tuple(one for figure in parts.values() for one in figure.provenance.inputs)
        for name, figure in parts.items():
            share = (figure.number or Decimal(0)) * 100 / whole
            text = figure_text(share, _SHARE_DECIMALS, _PERCENT)
            made = Figure("share", share, text, _SHARE_DECIMALS, Provenance("share", inputs), _PERCENT)
            found[name].append((period, made))
    if not any(found.values()):
        raise fail("nothing-to-show", indicator=", ".join(found))
    return tuple(replace(one, points=tuple(found[one.name])) for one in series)


def table_of(shown: Chart | TileMap) -> Table:
    """The figures of a chart or a map as a table: series by periods, or provinces in the order of the register."""
    if isinstance(shown, TileMap):
        areas = tuple(one.area for one in shown.tiles)
        tiles = tuple(Row(one.area.name, one.area.kind, None, (one.figure,)) for one in shown.tiles)
        return _table_of(shown, (shown.indicator,), areas, (shown.period,), tiles)
    had = {period for one in shown.series for period, _ in one.points}
    periods = tuple(period for period in shown.periods if period in had)
    rows = tuple(
        Row(one.name, one.kind, shown.unit, tuple(dict(one.points).get(period) for period in periods))
        for one in shown.series
    )
    return _table_of(shown, shown.indicators, (), periods, rows)


def _table_of(
    shown: Chart | TileMap,
    indicators: tuple[Indicator, ...],
    areas: tuple[Area, ...],
    periods: tuple[Period, ...],
    rows: tuple[Row, ...],
) -> Table:
    return Table(
        label=shown.label,
        title=shown.title,
        indicators=indicators,
        areas=areas,
        periods=periods,
        columns=tuple(str(one) for one in periods),
        columns_are="periods",
        rows_are="indicators" if len(indicators) > 1 else "areas",
        rows=rows,
        unit=shown.unit,
        sources=shown.sources,
    )


def _points(
    index: Index, indicator: Indicator, area: Area, periods: tuple[Period, ...]
) -> tuple[tuple[Period, Figure], ...]:
    cells = ((period, _cell(index, indicator, area, period)) for period in periods)
    return tuple((period, figure) for period, figure in cells if figure is not None and figure.number is not None)


def tilemap(arguments: Arguments, place: Place, label: Label) -> TileMap:
    """`tilemap(indicator, period?)`: each province of the region as a square, shaded by its figure."""
    indicator = arguments.indicator()
    ids = {area.id for area in place.index.provinces}
    observed = [one.period for one in indicator.observations if one.area in ids and one.value is not None]
    period = arguments.period() or max(observed, default=Period(0))
    return make_tilemap(place.index, label, indicator, period, arguments.text("title"))


def make_tilemap(index: Index, label: Label, indicator: Indicator, period: Period, title: str = "") -> TileMap:
    """A tile map of one period; Unresolved when nothing was observed."""
    tiles = tuple(
        Tile(area, area.tile[0], area.tile[1], _cell(index, indicator, area, period))
        for area in index.provinces
        if len(area.tile) == len(("row", "column"))
    )
    figures = [tile.figure for tile in tiles if tile.figure is not None]
    if not figures:
        raise fail("nothing-to-show", indicator=indicator.id)
    unit = index.units.get(indicator.unit)
    return TileMap(label, title, indicator, period, tiles, unit, _sources(index, figures))


def ref(arguments: Arguments, place: Place) -> Label:
    """`ref(id)`: the number of a table, figure or proposal, with a link to it."""
    found = place.index.label(arguments.text("label"))
    if found is None:
        wanted = arguments.text("label")
        known = (*(label.id for label in place.index.labels.values()), *place.index.proposals)
        raise fail("unknown-label", label=wanted, nearest=nearest(wanted, known))
    return found


def cite(arguments: Arguments, place: Place) -> SourceNote:
    """`cite(source, at=)`: a footnote that names the source and the place in it."""
    return SourceNote(source_of(arguments, place), arguments.text("at"))


def proposals(arguments: Arguments, place: Place) -> Listing:
    """`proposals(to=, topic=, area=)`: proposals by addressee, topic and area, in the order of the register.

    All of them, or those to an addressee, are listed in full; those of a topic or an area are referred to by number.
    """
    to = {one.id for one in arguments.agencies("to")}
    topic = arguments.text("topic")
    area = arguments.area("area").id if arguments.given("area") else ""
    found = select_proposals(place.index.contents, to, topic, area)
    return Listing("references" if topic or area else "proposals", found)


def targets(arguments: Arguments, place: Place) -> Listing:
    """`targets(document=, indicator=, period=)`: those targets with their results, in the order of the register."""
    document = source_of(arguments, place, "document").id if arguments.given("document") else ""
    indicator = arguments.indicator().id if arguments.given("indicator") else ""
    period = arguments.period()
    found = tuple(
        judge(place.index, one)
        for one in place.index.contents.targets
        if (not document or one.document == document)
        and (not indicator or one.indicator == indicator)
        and (period is None or one.period == period)
    )
    return Listing("targets", found)


def milestones(_arguments: Arguments, place: Place) -> Listing:
    """`milestones()`: the steps of the scheme by the day they were due or done; those without a day come last."""
    steps = sorted(place.index.contents.milestones, key=lambda one: one.due or one.done or date.max)
    return Listing("milestones", tuple(steps))


def meeting(arguments: Arguments, place: Place) -> Listing:
    """`meeting(id)`: a meeting with its agenda and decisions."""
    name = arguments.text("meeting")
    found = tuple(one for one in place.index.contents.meetings if one.id == name)
    if not found:
        raise unknown("meetings", name, (one.id for one in place.index.contents.meetings))
    return Listing("meeting", found)


NUMBERED: Mapping[str, Callable[[Arguments, Place, Label], Table | Chart | TileMap]] = {
    "table": table,
    "chart": chart,
    "tilemap": tilemap,
}
OTHERS: Mapping[str, Callable[[Arguments, Place], Label | SourceNote | Listing]] = {
    "ref": ref,
    "cite": cite,
    "proposals": proposals,
    "targets": targets,
    "milestones": milestones,
    "meeting": meeting,
}


def evaluate_object(call: Call, place: Place, span: Span) -> Table | Chart | TileMap | Label | SourceNote | Listing:
    """What a call at that place gives; raises Unresolved when it cannot be made."""
    arguments = Arguments(call, place)
    if call.function in NUMBERED:
        return NUMBERED[call.function](arguments, place, place.index.labels[span])
    return OTHERS[call.function](arguments, place)


def observations_of(shown: object) -> tuple[Observation, ...]:
    """The observations that stand behind whatever an expression gave."""
    figures: Iterable[Figure | None] = ()
    match shown:
        case Figure():
            figures = (shown,)
        case Table():
            figures = (cell for row in shown.rows for cell in row.cells)
        case Chart():
            figures = (figure for one in shown.series for _, figure in one.points)
        case TileMap():
            figures = (tile.figure for tile in shown.tiles)
    return tuple(one for figure in figures if figure is not None for one in figure.provenance.inputs)

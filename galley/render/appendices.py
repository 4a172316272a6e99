"""The generated appendices of the printed report: targets with their results, statistics by province, sources."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from galley.bind.figures import TargetResult, judge
from galley.bind.index import NATION, Index, Label, Unresolved
from galley.bind.objects import Table, all_areas, make_table
from galley.render.register import RegisterEntry, figure_register
from galley.render.words import worded
from galley.vietnamese import format_number, sort_key

if TYPE_CHECKING:
    from galley.model import Area, Indicator, Period, Source
    from galley.render.layout import Layout
    from galley.render.register import Evaluated

APPENDIX = PurePosixPath("phu-luc")
STATEMENT = "statement"
UNMEASURED = "nguon"  # the id of the register's topic for figures of no indicator
SOURCE_KINDS = ("statistics", "document", "submission", "research", "press", "fieldwork")
# Measures of a statement at 9 pt, in mm: a digit, what a cell adds, the column of names.
DIGIT, PADDING, NAMES = 1.59, 1.6, 34.0

STACKED = 3  # pieces of a statement that stand one above the other on an upright page


@dataclass(frozen=True, slots=True)
class Widths:
    """How many mm stand beside each other on an upright page and on one that lies."""

    portrait: float
    landscape: float


@dataclass(frozen=True, slots=True)
class Statement:
    """An indicator in full; where it is too wide for a page its periods are cut into pieces, one table each."""

    number: int
    indicator: Indicator
    pieces: tuple[Table, ...]
    wide: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of statements and its name, which is HTML."""

    id: str
    name: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """The targets of one document and what became of them."""

    document: Source
    results: tuple[TargetResult, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The quoted figures of one indicator, or, without one, those that stand in a source only."""

    indicator: Indicator | None
    entries: tuple[RegisterEntry, ...]


@dataclass(frozen=True, slots=True)
class RegisterTopic:
    """The quoted figures of a topic; its name is HTML, empty for figures that stand in a source only."""

    id: str
    name: str
    groups: tuple[Group, ...]

    @property
    def identity(self) -> tuple[object, ...]:
        """What is shown of the topic, besides what its indicators say of themselves."""
        return tuple(
            (one.figure, one.areas, one.periods, one.statuses, tuple(source.id for source in one.sources), one.places)
            for group in self.groups
            for one in group.entries
        )


def register(lookup: Index, layout: Layout, quoted: Evaluated) -> tuple[RegisterTopic, ...]:
    """The register of the figures that the prose quotes, by topic and indicator; those from sources only come last."""
    groups: dict[str, list[RegisterEntry]] = {}
    for one in figure_register(lookup, quoted):
        groups.setdefault(one.indicator.id if one.indicator else "", []).append(one)
    topics: dict[str, list[Group]] = {}
    for name, found in groups.items():
        indicator = lookup.indicators.get(name)
        topics.setdefault(indicator.topic if indicator else "", []).append(Group(indicator, tuple(found)))
    names = {one: worded(layout, "topic", one) if one else "" for one in topics}
    ordered = sorted(topics, key=lambda one: (not one, sort_key(names[one])))
    return tuple(RegisterTopic(one or UNMEASURED, names[one], tuple(topics[one])) for one in ordered)


def numbered_sources(lookup: Index) -> tuple[tuple[int, Source], ...]:
    """The sources by kind, in the order of the register, numbered from 1: `[7]` means the seventh."""
    ordered = sorted(lookup.contents.sources, key=lambda one: SOURCE_KINDS.index(one.kind))
    return tuple(enumerate(ordered, start=1))


def targets(lookup: Index) -> tuple[Judged, ...]:
    """The targets by the document that set them, in the order of the register."""
    results: dict[str, list[TargetResult]] = {}
    for one in lookup.contents.targets:
        if one.document in lookup.sources:
            results.setdefault(one.document, []).append(judge(lookup, one))
    return tuple(Judged(lookup.sources[name], tuple(found)) for name, found in results.items())


def statements(lookup: Index, layout: Layout, widths: Widths) -> tuple[Topic, ...]:
    """Every indicator that was observed, by topic, numbered through; those on upright pages come first in a topic."""
    names = {one.topic: worded(layout, "topic", one.topic) for one in lookup.contents.indicators}
    shapes = [shape for one in lookup.contents.indicators if (shape := _shape(lookup, one, widths)) is not None]
    shapes.sort(key=lambda one: (sort_key(names[one.indicator.topic]), one.wide, sort_key(one.indicator.name)))
    topics: dict[str, list[Statement]] = {}
    for number, shape in enumerate(shapes, start=1):
        found = Statement(number, shape.indicator, tuple(_pieces(lookup, shape, number)), shape.wide)
        topics.setdefault(shape.indicator.topic, []).append(found)
    return tuple(Topic(name, names[name], tuple(found)) for name, found in topics.items())


@dataclass(frozen=True, slots=True)
class _Shape:
    """Which periods of an indicator stand in which piece."""

    indicator: Indicator
    areas: tuple[Area, ...]
    pieces: tuple[tuple[Period, ...], ...]
    wide: bool


def _shape(lookup: Index, indicator: Indicator, widths: Widths) -> _Shape | None:
    observed = [one for one in indicator.observations if one.value is not None]
    seen = {one.area for one in observed}
    if 2 * sum(one.id in seen for one in lookup.provinces) > len(lookup.provinces):
        seen |= {one.id for one in lookup.provinces}  # the few that lack figures are shown as gaps
    areas = tuple(one for one in all_areas(lookup) if one.id in seen or (one.id == lookup.region and len(seen) > 1))
    periods = tuple(sorted({one.period for one in observed if one.area in {area.id for area in areas}}))
    if not periods:
        return None
    texts = [format_number(one.value, indicator.decimals) for one in observed if one.value is not None]
    widest = max(_width(one) for one in (*texts, *map(str, periods)))
    if indicator.aggregate is not None and not any(one.kind == NATION for one in areas):
        widest += DIGIT  # the region's sum may be a digit longer than any number that was observed
    column = widest + PADDING
    upright = max(1, int((widths.portrait - NAMES) / column))
    lying = max(1, int((widths.landscape - NAMES) / column))
    pieces, wide = _cut(len(periods), upright, lying)
    return _Shape(indicator, areas, tuple(_evenly(periods, pieces)), wide)


def _width(text: str) -> float:
    """The mm that a number takes; its points and commas are half as wide as digits."""
    return sum(DIGIT / 2 if one in ".," else DIGIT for one in text)


def _cut(columns: int, upright: int, lying: int) -> tuple[int, bool]:
    """How many pieces, and whether they lie: as many as stand on one upright page, else as many lying as it takes."""
    pieces = -(-columns // upright)
    return (pieces, False) if pieces <= STACKED else (-(-columns // lying), True)


def _evenly(periods: tuple[Period, ...], pieces: int) -> list[tuple[Period, ...]]:
    size = -(-len(periods) // pieces)
    return [periods[start : start + size] for start in range(0, len(periods), size)]


def _pieces(lookup: Index, shape: _Shape, number: int) -> list[Table]:
    tables = []
    for place, periods in enumerate(shape.pieces, start=1):
        name = shape.indicator.id if place == 1 else f"{shape.indicator.id}-{place}"
        label = Label(name, STATEMENT, str(number), APPENDIX, shape.indicator.span)
        try:
            tables.append(make_table(lookup, label, (shape.indicator,), shape.areas, periods))
        except Unresolved:
            continue
    return tables

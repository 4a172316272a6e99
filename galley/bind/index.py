"""Find records by id, observations by indicator, area and period, and the numbers of tables and figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from galley.expressions import OBJECTS, Problem, bind_arguments, problem, usage
from galley.model import (
    Agency,
    Area,
    Block,
    Call,
    Chapter,
    Citation,
    Contents,
    Indicator,
    Literal,
    Observation,
    Period,
    Proposal,
    Source,
    Target,
    Unit,
    parse_period,
)
from galley.vietnamese import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import PurePosixPath

    from galley.source import Span

NATION = "nation"
REGION = "region"
PROVINCE = "province"
MAX_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Label:
    """The number of a table, figure or proposal, and where it stands.

    `3.2` is the second of its kind in the third chapter; proposals count through the whole report.
    """

    id: str
    kind: str
    number: str
    chapter: PurePosixPath
    span: Span


@dataclass(frozen=True, slots=True)
class Index:
    """The contents of a report or an edition, ready to be looked up."""

    contents: Contents
    areas: Mapping[str, Area]
    agencies: Mapping[str, Agency]
    units: Mapping[str, Unit]
    sources: Mapping[str, Source]
    indicators: Mapping[str, Indicator]
    targets: Mapping[str, Target]
    observations: Mapping[tuple[str, str, Period], Observation]
    labels: Mapping[Span, Label]
    proposals: Mapping[str, Label]
    chapters: Mapping[PurePosixPath, int]

    @property
    def region(self) -> str:
        """The id of the region that the report is about."""
        return self.contents.settings.region

    @property
    def provinces(self) -> tuple[Area, ...]:
        """The provinces of the report's region, in the order of the file."""
        return tuple(area for area in self.areas.values() if area.kind == PROVINCE and area.region == self.region)

    def label(self, label_id: str) -> Label | None:
        """The first table or figure of that id, or the proposal."""
        found = (label for label in self.labels.values() if label.id == label_id)
        return next(found, self.proposals.get(label_id))

    def periods(self, indicator: str, area: str) -> tuple[Period, ...]:
        """The periods for which an observation of the area is written down, in order."""
        record = self.indicators[indicator]
        return tuple(sorted(one.period for one in record.observations if one.area == area))


def index(contents: Contents) -> Index:
    """An index over the contents; where an id stands twice the first counts."""
    return Index(
        contents,
        areas=_by_id(contents.areas),
        agencies=_by_id(contents.agencies),
        units=_by_id(contents.units),
        sources=_by_id(contents.sources),
        indicators=_by_id(contents.indicators),
        targets=_by_id(contents.targets),
        observations={
            (one.indicator, one.area, one.period): one for record in contents.indicators for one in record.observations
        },
        labels={label.span: label for label in _labels(contents)},
        proposals=_proposals(contents),
        chapters={chapter.path: number for number, chapter in enumerate(contents.chapters, start=1)},
    )


_Record = TypeVar("_Record", Area, Agency, Unit, Source, Indicator, Target)


def _by_id(records: tuple[_Record, ...]) -> dict[str, _Record]:
    return {one.id: one for one in records}


def citations(chapter: Chapter) -> Iterator[tuple[Block, Citation]]:
    """Every expression of a chapter with the block it stands in, in reading order."""
    for block in chapter.blocks:
        for citation in block.citations:
            yield block, citation


def _labels(contents: Contents) -> Iterator[Label]:
    """Tables are numbered by themselves, charts and maps together as figures; both begin anew in each chapter."""
    for number, chapter in enumerate(contents.chapters, start=1):
        counts = {"table": 0, "figure": 0}
        for _, citation in citations(chapter):
            if citation.call.function not in OBJECTS:
                continue
            kind = "table" if citation.call.function == "table" else "figure"
            counts[kind] += 1
            given = dict(citation.call.keywords).get("id")
            label_id = given if isinstance(given, str) else f"{kind}-{number}-{counts[kind]}"
            yield Label(label_id, kind, f"{number}.{counts[kind]}", chapter.path, citation.span)


def _proposals(contents: Contents) -> dict[str, Label]:
    """Proposals are numbered through the report, where they are first listed in full."""
    found: dict[str, Label] = {}
    for chapter in contents.chapters:
        for _, citation in citations(chapter):
            for one in listed_in_full(citation.call, contents):
                number = str(len(found) + 1)
                found.setdefault(one.id, Label(one.id, "proposal", number, chapter.path, citation.span))
    return found


def listed_in_full(call: Call, contents: Contents) -> tuple[Proposal, ...]:
    """The proposals that a call lists with their whole text: `proposals()`, or `proposals(to=…)` by addressee.

    By topic or area they are only referred to, so that each is told once and referred to wherever it matters.
    """
    given = {name: value for name, value in call.keywords if value is not None}
    if call.function != "proposals" or not given.keys() <= {"to"}:
        return ()
    addressees = given.get("to", ())
    return select_proposals(contents, addressees if isinstance(addressees, tuple) else (addressees,))


def select_proposals(
    contents: Contents, to: Collection[object], topic: str = "", area: str = ""
) -> tuple[Proposal, ...]:
    """The proposals to one of these addressees, of that topic and area, in the order of the register; empty is any."""
    return tuple(
        one
        for one in contents.proposals
        if (not to or one.addressee in to) and (not topic or topic in one.topics) and (not area or area in one.areas)
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands: in which contents, and which area it means when it names none."""

    index: Index
    area: str


class Unresolved(Exception):  # noqa: N818 - it is caught in `bind.evaluate` and never leaves the package
    """An expression has no value; carries the problem."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found)
        self.problem = found


class Incomplete(Unresolved):
    """A figure cannot be computed because inputs are missing; carries the operation and the inputs that are there."""

    def __init__(self, found: Problem, operation: str, inputs: tuple[Observation, ...]) -> None:
        super().__init__(found)
        self.operation, self.inputs = operation, inputs


def fail(rule: str, /, **arguments: object) -> Unresolved:
    """What to raise when an expression has no value."""
    return Unresolved(problem(rule, **arguments))


def lacking(
    indicator: Indicator,
    period: Period | None,
    areas: Iterable[str],
    operation: str = "",
    inputs: tuple[Observation, ...] = (),
) -> Incomplete:
    """What to raise when a figure lacks the values of these areas (names) for a period."""
    found = problem("missing-inputs", indicator=indicator.id, period=period, areas=", ".join(areas))
    return Incomplete(found, operation, inputs)


def unknown_id(register: str, name: str, known: Iterable[str]) -> Problem:
    """That a register has no such id, with the nearest that it has and the file where it stands."""
    files = {"indicators": "data/indicators/", "audiences": "data/report.yml"}
    file = files.get(register, f"data/{register}.yml")
    return problem("unknown-id", register=register, id=name, nearest=nearest(name, tuple(known)), file=file)


def unknown(register: str, name: str, known: Iterable[str]) -> Unresolved:
    """What to raise when an expression names an id that a register does not have."""
    return Unresolved(unknown_id(register, name, known))


class Arguments:
    """The arguments of a call, each asked for by name and kind; what does not fit raises Unresolved."""

    def __init__(self, call: Call, place: Place) -> None:
        bound = bind_arguments(call)
        if isinstance(bound, Problem):
            raise Unresolved(bound)
        self._call, self._place, self._bound = call, place, bound

    @property
    def function(self) -> str:
        """The name of the function that is called."""
        return self._call.function

    def given(self, name: str) -> bool:
        """True when the call gives that argument, and not None."""
        return self._bound.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """A text argument."""
        value = self._bound.get(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self._wrong(name, value)
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """An argument that is True or False."""
        value = self._bound.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self._wrong(name, value)
        return value

    def number(self, name: str) -> Decimal:
        """A number argument."""
        value = self._bound.get(name)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self._wrong(name, value)
        number = Decimal(value)
        if not number.is_finite() or number.adjusted() > MAX_DIGITS or int(number.as_tuple().exponent) < -MAX_DIGITS:
            raise self._wrong(name, value)
        return number

    def indicator(self, name: str = "indicator") -> Indicator:
        """The indicator that an argument names."""
        return self._indicator(name, self._bound.get(name))

    def indicators(self, name: str = "indicators") -> tuple[Indicator, ...]:
        """The indicators that an argument names: one id or a list of ids."""
        return tuple(self._indicator(name, one) for one in self._listed(name))

    def area(self, name: str = "area", default: str = "") -> Area:
        """The area that an argument names; without it the default, or that of the page."""
        return self._area(name, self._bound.get(name) or default or self._place.area)

    def areas(self, name: str = "areas") -> tuple[Area, ...]:
        """The areas that an argument lists; none where it is not given."""
        return tuple(self._area(name, one) for one in self._listed(name)) if self.given(name) else ()

    def agencies(self, name: str) -> tuple[Agency, ...]:
        """The agencies that an argument names, by one id or a list of ids; none where it is not given."""
        return tuple(self._agency(name, one) for one in self._listed(name)) if self.given(name) else ()

    def period(self, name: str = "period") -> Period | None:
        """The period that an argument names, or None where it is not given."""
        value = self._bound.get(name)
        return None if value is None else self._period(name, value)

    def periods(self, name: str = "periods") -> tuple[Period, ...]:
        """The periods that an argument lists; none where it is not given."""
        return tuple(self._period(name, one) for one in self._listed(name)) if self.given(name) else ()

    def _listed(self, name: str) -> tuple[Literal, ...]:
        value = self._bound.get(name)
        return value if isinstance(value, tuple) else (value,)

    def _record(self, name: str, value: Literal, register: str, records: Mapping[str, _Record]) -> _Record:
        if not isinstance(value, str):
            raise self._wrong(name, value)
        found = records.get(value)
        if found is None:
            raise unknown(register, value, records)
        return found

    def _indicator(self, name: str, value: Literal) -> Indicator:
        return self._record(name, value, "indicators", self._place.index.indicators)

    def _agency(self, name: str, value: Literal) -> Agency:
        return self._record(name, value, "agencies", self._place.index.agencies)

    def _area(self, name: str, value: Literal) -> Area:
        areas = self._place.index.areas
        if value == REGION:
            value = self._place.index.region
        elif value == NATION:
            value = next((one.id for one in areas.values() if one.kind == NATION), value)
        return self._record(name, value, "areas", areas)

    def _period(self, name: str, value: Literal) -> Period:
        period = None if isinstance(value, bool) else parse_period(str(value))
        if period is None:
            raise self._wrong(name, value)
        return period

    def wrong(self, name: str) -> Unresolved:
        """What to raise when an argument is of the right kind but says what cannot be."""
        return self._wrong(name, self._bound.get(name))

    def _wrong(self, name: str, value: Literal) -> Unresolved:
        function = self._call.function
        return fail("bad-argument", function=function, argument=name, value=value, usage=usage(function))

"""Figures with where they come from: published or derived from the provinces, and targets judged by them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from galley.bind.index import Incomplete, Index, Unresolved, fail, lacking, unknown
from galley.model import Area, Better, Indicator, Observation, Period, Source, Target, Unit
from galley.vietnamese import NBSP, format_number

if TYPE_CHECKING:
    from galley.expressions import Problem
    from galley.source import Span


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a figure comes from: the operation, the observations that went into it, or the source of a fact."""

    operation: str
    inputs: tuple[Observation, ...] = ()
    source: Source | None = None
    at: str = ""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """How the data contradict what a text claims, and where they stand."""

    problem: Problem
    places: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the prose, ready to be worded by the templates.

    kind is the function that gave it; `text` the number with its unit, empty when there is no number; `direction`
    is -1, 0 or 1 for a change; `rank` and `among` say `rank` of `among`; `place` names the area of an extreme,
    or that which is ranked.
    `missing` says why there is no number, or why a claim could not be checked; `contradicted` how the data contradict
    a claim.
    """

    kind: str
    number: Decimal | None
    text: str
    decimals: int
    provenance: Provenance
    unit: Unit | None = None
    direction: int = 0
    among: int = 0
    place: str = ""
    missing: Problem | None = None
    contradicted: Contradiction | None = None


@dataclass(frozen=True, slots=True)
class TargetResult:
    """A target and what became of it; `verdict` is `met`, `not-met` or `not-judged`, `reason` says why not judged."""

    target: Target
    kind: str
    bounds: tuple[str, ...]
    verdict: str
    reason: str
    result: Figure | None
    compared: Figure | None = None


def figure_text(number: Decimal, decimals: int, unit: Unit | None) -> str:
    """A number with its unit, a no-break space between them: `781,7 nghìn người`, `7,24%`."""
    text = format_number(number, decimals)
    if unit is None or not unit.in_text:
        return text
    return f"{text}{NBSP if unit.spaced else ''}{unit.name}"


def observe(index: Index, indicator: Indicator, area: Area, period: Period) -> Figure:
    """The figure of an indicator for an area and a period.

    A published value wins; without one the region's is derived from its provinces by the indicator's `aggregate`.
    Raises Unresolved when there is neither, Incomplete when an input is missing: a partial sum is never given.
    """
    found = index.observations.get((indicator.id, area.id, period))
    if found is not None:
        return make_figure("value", indicator, index, found.value, Provenance("value", (found,)))
    if area.id == index.region and indicator.aggregate is not None and is_observed(indicator, period):
        return derive(index, indicator, period)
    raise unobserved(index, indicator, area.id, period)


def derive(index: Index, indicator: Indicator, period: Period) -> Figure:
    """The region's figure as its provinces give it: their sum, or their mean by the weights of another indicator."""
    aggregate = indicator.aggregate
    operation = "sum" if aggregate is None or aggregate.weight is None else "mean"
    inputs = of_all_provinces(index, indicator, period, operation)
    values = [Decimal(0) if one.value is None else one.value for one in inputs]
    if aggregate is None or aggregate.weight is None:
        return make_figure("value", indicator, index, sum(values, Decimal(0)), Provenance(operation, inputs))
    weight = index.indicators.get(aggregate.weight)
    if weight is None:
        raise unknown("indicators", aggregate.weight, index.indicators)
    try:
        weights = of_all_provinces(index, weight, period, operation)
    except Incomplete as gap:
        raise Incomplete(gap.problem, operation, (*inputs, *gap.inputs)) from None
    heavy = [Decimal(0) if one.value is None else one.value for one in weights]
    total = sum((a * b for a, b in zip(values, heavy, strict=True)), Decimal(0))
    mean = divide(total, sum(heavy, Decimal(0)), weight)
    return make_figure("value", indicator, index, mean, Provenance(operation, (*inputs, *weights)))


def of_all_provinces(index: Index, indicator: Indicator, period: Period, operation: str) -> tuple[Observation, ...]:
    """The observations of all provinces of the region; Incomplete when one has no value."""
    cells = [(area.name, index.observations.get((indicator.id, area.id, period))) for area in index.provinces]
    found = tuple(one for _, one in cells if one is not None and one.value is not None)
    missing = [name for name, one in cells if one is None or one.value is None]
    if missing or not found:
        raise lacking(indicator, period, missing, operation, found)
    return found


def is_observed(indicator: Indicator, period: Period) -> bool:
    """Whether anything is written down for that period: if not, the period is likely a slip of the hand."""
    return any(one.period == period for one in indicator.observations)


def unobserved(index: Index, indicator: Indicator, area: str, period: Period) -> Unresolved:
    """What to raise when nothing is written down for an area and a period, with the periods that are."""
    available = ", ".join(str(one) for one in index.periods(indicator.id, area))
    return fail("missing-observation", indicator=indicator.id, area=area, period=period, available=available)


def divide(part: Decimal, whole: Decimal, indicator: Indicator) -> Decimal:
    """A quotient; Unresolved when the whole, a figure of that indicator, is 0."""
    if whole == 0:
        raise fail("divided-by-zero", indicator=indicator.id)
    return part / whole


def make_figure(
    kind: str, indicator: Indicator, index: Index, number: Decimal | None, provenance: Provenance
) -> Figure:
    """A number of an indicator, in its unit and with its decimals."""
    unit = index.units.get(indicator.unit)
    text = "" if number is None else figure_text(number, indicator.decimals, unit)
    return Figure(kind, number, text, indicator.decimals, provenance, unit)


def latest(index: Index, indicator: Indicator, area: Area) -> Period:
    """The last period for which the area has a value; Unresolved when there is none."""
    periods = [one.period for one in indicator.observations if one.area == area.id and one.value is not None]
    if not periods and area.id == index.region:
        periods = [one.period for one in indicator.observations if one.value is not None]
    if not periods:
        raise fail("missing-observation", indicator=indicator.id, area=area.id, period="", available="")
    return max(periods)


def judge(index: Index, wanted: Target) -> TargetResult:
    """A target against the observations: met, not met, or not judged and why; computed, never typed."""
    indicator = index.indicators.get(wanted.indicator or "")
    unit = index.units.get(wanted.unit or (indicator.unit if indicator else ""))
    kind, numbers = _bounds(wanted)
    if not numbers and kind != "above_area":
        return TargetResult(wanted, kind, (), "not-judged", "no-bounds", None)
    bounds = _bound_texts(numbers, unit)
    covered = index.contents.settings.covers
    if covered is not None and wanted.period.last_year > covered.last_year:
        return TargetResult(wanted, kind, bounds, "not-judged", "not-due", None)
    if indicator is None:
        return TargetResult(wanted, kind, bounds, "not-judged", "no-indicator", None)
    result = index.observations.get((indicator.id, wanted.area, wanted.period))
    if result is None or result.value is None:
        return TargetResult(wanted, kind, bounds, "not-judged", "no-observation", None)
    figure = make_figure("value", indicator, index, result.value, Provenance("value", (result,)))
    compared = None
    if wanted.above_area is not None:
        other = index.observations.get((indicator.id, wanted.above_area, wanted.period))
        if other is None or other.value is None:
            return TargetResult(wanted, kind, bounds, "not-judged", "no-comparison", figure)
        compared = make_figure("value", indicator, index, other.value, Provenance("value", (other,)))
        numbers = (other.value,)
    met = _meets(result.value, kind, numbers, indicator.better)
    return TargetResult(wanted, kind, bounds, "met" if met else "not-met", "", figure, compared)


def _bound_texts(numbers: tuple[Decimal, ...], unit: Unit | None) -> tuple[str, ...]:
    """The bounds with their unit; of two, a unit that is a word stands with the second only."""
    first = None if unit is not None and unit.spaced else unit
    units = [first if place < len(numbers) else unit for place in range(1, len(numbers) + 1)]
    decimals = (max(0, -int(one.as_tuple().exponent)) for one in numbers)
    return tuple(figure_text(*one) for one in zip(numbers, decimals, units, strict=True))


def _bounds(wanted: Target) -> tuple[str, tuple[Decimal, ...]]:
    for kind in ("at_least", "at_most", "reach", "above", "about"):
        number = getattr(wanted, kind)
        if number is not None:
            return kind, (number,)
    if wanted.above_area is not None:
        return "above_area", ()
    return "between", wanted.between


def _meets(number: Decimal, kind: str, bounds: tuple[Decimal, ...], better: Better) -> bool:
    """Whether a result meets the bounds; what is better than a range or an approximate aim meets it as well."""
    low, high = bounds[0], bounds[-1]
    if kind in ("above", "above_area"):
        return number > low
    if kind == "at_most" or better is Better.LOWER:
        return number <= high
    if kind == "at_least" or better is Better.HIGHER:
        return number >= low
    return low <= number <= high


def progress(index: Index, wanted: Target) -> tuple[Figure, ...]:
    """How a target was approached: the published figures of its area by period, the last of them the target's own.

    For a year's target the years up to it; for that of a span (`2016-2020`) the years of the span, and the span.
    """
    indicator = index.indicators.get(wanted.indicator or "")
    if indicator is None:
        return ()
    found = (one for one in indicator.observations if one.area == wanted.area and one.value is not None)
    return tuple(
        make_figure("value", indicator, index, one.value, Provenance("value", (one,)))
        for one in sorted(found, key=lambda one: (one.period.last_year, one.period))
        if one.period == wanted.period or _leads_to(one.period, wanted.period)
    )


def _leads_to(period: Period, wanted: Period) -> bool:
    if wanted.end_year:
        return period == Period(period.year) and wanted.year <= period.year <= wanted.end_year
    same_kind = (bool(period.quarter), bool(period.month)) == (bool(wanted.quarter), bool(wanted.month))
    return same_kind and not period.end_year and period < wanted

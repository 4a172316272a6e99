"""The figures of the prose: what `value`, `change`, `rank` and their like give, with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from galley.bind.index import NATION, REGION, Arguments, Index, Place, fail, unknown
from galley.model import Area, Better, Indicator, Observation, Period, Source, Target, Unit
from galley.vietnamese import NBSP, format_number, round_half_up

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from galley.model import Call

_PERCENT = Unit("", "%", spaced=False)
_SHARE_DECIMALS = 1


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a figure comes from: the operation, the observations that went into it, or the source of a fact."""

    operation: str
    inputs: tuple[Observation, ...] = ()
    source: Source | None = None
    at: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the prose, ready to be worded by the templates.

    kind is the function that gave it; `text` the number with its unit, empty when there is no number; `direction`
    is -1, 0 or 1 for a change; `rank` and `among` say `rank` of `among`; `place` names the area of an extreme.
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
    Raises Unresolved when there is neither, or when an input is missing: a partial sum is never given.
    """
    found = index.observations.get((indicator.id, area.id, period))
    if found is not None:
        return _figure("value", indicator, index, found.value, Provenance("value", (found,)))
    if area.id == index.region and indicator.aggregate is not None:
        return _derive(index, indicator, period)
    available = ", ".join(str(one) for one in index.periods(indicator.id, area.id))
    raise fail("missing-observation", indicator=indicator.id, area=area.id, period=period, available=available)


def _derive(index: Index, indicator: Indicator, period: Period) -> Figure:
    aggregate = indicator.aggregate
    inputs = _for_all(index, indicator, period)
    values = [Decimal(0) if one.value is None else one.value for one in inputs]
    if aggregate is None or aggregate.weight is None:
        return _figure("value", indicator, index, sum(values, Decimal(0)), Provenance("sum", inputs))
    weight = index.indicators.get(aggregate.weight)
    if weight is None:
        raise unknown("indicators", aggregate.weight, index.indicators)
    weights = _for_all(index, weight, period)
    heavy = [Decimal(0) if one.value is None else one.value for one in weights]
    total = sum((a * b for a, b in zip(values, heavy, strict=True)), Decimal(0))
    mean = _divide(total, sum(heavy, Decimal(0)), weight)
    return _figure("value", indicator, index, mean, Provenance("mean", (*inputs, *weights)))


def _for_all(index: Index, indicator: Indicator, period: Period) -> tuple[Observation, ...]:
    """The observations of all provinces of the region; Unresolved when one has no value."""
    found, missing = [], []
    for area in index.provinces:
        one = index.observations.get((indicator.id, area.id, period))
        if one is None or one.value is None:
            missing.append(area.name)
        else:
            found.append(one)
    if missing or not found:
        raise fail("missing-inputs", indicator=indicator.id, period=period, areas=", ".join(missing))
    return tuple(found)


def _figure(kind: str, indicator: Indicator, index: Index, number: Decimal | None, provenance: Provenance) -> Figure:
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


def _observed(arguments: Arguments, place: Place, period: str = "period") -> tuple[Indicator, Area, Figure]:
    indicator, area = arguments.indicator(), arguments.area()
    when = arguments.period(period) or latest(place.index, indicator, area)
    return indicator, area, observe(place.index, indicator, area, when)


def value(arguments: Arguments, place: Place) -> Figure:
    """`value(indicator, area?, period?)`: the figure in its unit; `unit=False` leaves the unit out."""
    figure = _observed(arguments, place)[2]
    if arguments.flag("unit", default=True) or figure.number is None:
        return figure
    text = format_number(figure.number, figure.decimals)
    return Figure(figure.kind, figure.number, text, figure.decimals, figure.provenance)


def _pair(arguments: Arguments, place: Place) -> tuple[Indicator, Figure, Figure, Decimal, Decimal]:
    indicator, area, before = _observed(arguments, place, "from")
    _, _, after = _observed(arguments, place, "to")
    if before.number is None or after.number is None:
        when = arguments.period("from") if before.number is None else arguments.period("to")
        raise fail("missing-inputs", indicator=indicator.id, period=when, areas=area.name)
    return indicator, before, after, before.number, after.number


def change(arguments: Arguments, place: Place) -> Figure:
    """`change(indicator, area?, from, to)`: how much it rose or fell; `relative=True` gives it in per cent."""
    indicator, before, after, old, new = _pair(arguments, place)
    provenance = Provenance("change", before.provenance.inputs + after.provenance.inputs)
    if arguments.flag("relative", default=False):
        percent = _divide(new - old, old, indicator) * 100
        return _directed("change", percent, _SHARE_DECIMALS, _PERCENT, provenance)
    unit = before.unit
    if unit is not None and unit.difference:
        unit = Unit("", unit.difference)
    return _directed("change", _shown_difference(old, new, indicator), indicator.decimals, unit, provenance)


def _shown_difference(old: Decimal, new: Decimal, indicator: Indicator) -> Decimal:
    """The difference of the figures as they are shown, so that it agrees with the figures beside it."""
    return round_half_up(new, indicator.decimals) - round_half_up(old, indicator.decimals)


def growth(arguments: Arguments, place: Place) -> Figure:
    """`growth(indicator, area?, from, to)`: mean yearly growth in per cent, (new / old)^(1 / years) - 1."""
    indicator, before, after, old, new = _pair(arguments, place)
    first, last = arguments.period("from"), arguments.period("to")
    years = (last.year - first.year) if first and last else 0
    if years <= 0 or old <= 0 or new <= 0:
        raise fail("no-growth", indicator=indicator.id, old=old, new=new, years=years)
    number = ((new / old) ** (Decimal(1) / years) - 1) * 100
    provenance = Provenance("growth", before.provenance.inputs + after.provenance.inputs)
    return _directed("growth", number, _SHARE_DECIMALS, _PERCENT, provenance)


def _directed(kind: str, number: Decimal, decimals: int, unit: Unit | None, provenance: Provenance) -> Figure:
    shown = round_half_up(number, decimals)
    direction = (shown > 0) - (shown < 0)
    return Figure(kind, number, figure_text(abs(number), decimals, unit), decimals, provenance, unit, direction)


def _divide(part: Decimal, whole: Decimal, indicator: Indicator) -> Decimal:
    if whole == 0:
        raise fail("divided-by-zero", indicator=indicator.id)
    return part / whole


def rank(arguments: Arguments, place: Place) -> Figure:
    """`rank(indicator, area?, period?)`: the place among the region's provinces, 1 the best; equals share a place.

    Where no direction is better, and with `order="highest"`, the largest is first; with `order="lowest"` the smallest.
    """
    indicator, area, own = _observed(arguments, place)
    order = arguments.text("order", "lowest" if indicator.better is Better.LOWER else "highest")
    if order not in ("highest", "lowest"):
        raise fail("bad-argument", function="rank", argument="order", value=order, usage='order="highest"')
    if area.id not in {one.id for one in place.index.provinces} or own.number is None:
        raise fail("not-ranked", area=area.id)
    inputs = _for_all(place.index, indicator, own.provenance.inputs[0].period)
    better = [one for one in inputs if one.value is not None and _precedes(one.value, own.number, order)]
    number = Decimal(len(better) + 1)
    return Figure("rank", number, str(number), 0, Provenance("rank", inputs), among=len(inputs))


def _precedes(one: Decimal, other: Decimal, order: str) -> bool:
    return one > other if order == "highest" else one < other


def share(arguments: Arguments, place: Place) -> Figure:
    """`share(indicator, area?, period?, of=)`: per cent of the same figure of another area, or of another indicator."""
    indicator, area, own = _observed(arguments, place)
    period = arguments.period() or latest(place.index, indicator, area)
    if arguments.text("of") in place.index.indicators:
        whole = observe(place.index, arguments.indicator("of"), area, period)
    else:
        default = NATION if area.id == place.index.region else REGION
        whole = observe(place.index, indicator, arguments.area("of", default), period)
    return _quotient("share", indicator, own, whole)


def _quotient(kind: str, indicator: Indicator, own: Figure, other: Figure) -> Figure:
    provenance = Provenance(kind, own.provenance.inputs + other.provenance.inputs)
    if own.number is None or other.number is None:
        empty = next((one for one in provenance.inputs if one.value is None), provenance.inputs[0])
        raise fail("missing-inputs", indicator=empty.indicator, period=empty.period, areas=empty.area)
    quotient = _divide(own.number, other.number, indicator)
    if kind == "ratio" and quotient >= 1:
        return Figure(kind, quotient, format_number(quotient, 1), 1, provenance, direction=1)
    text = figure_text(quotient * 100, _SHARE_DECIMALS, _PERCENT)
    return Figure(kind, quotient * 100, text, _SHARE_DECIMALS, provenance, _PERCENT)


def ratio(arguments: Arguments, place: Place) -> Figure:
    """`ratio(indicator, area?, period?, to=area | since=period)`: how many times another area's or period's figure."""
    indicator, area, own = _observed(arguments, place)
    period = arguments.period() or latest(place.index, indicator, area)
    if arguments.given("since"):
        other = observe(place.index, indicator, area, arguments.period("since") or period)
    elif arguments.given("to"):
        other = observe(place.index, indicator, arguments.area("to"), period)
    else:
        raise fail("missing-argument", function="ratio", argument="to", usage="ratio(indicator, area?, period?, to=…)")
    return _quotient("ratio", indicator, own, other)


def highest(arguments: Arguments, place: Place) -> Figure:
    """`highest(indicator, period?)`: the province with the largest figure, and the figure."""
    return _extreme("highest", arguments, place)


def lowest(arguments: Arguments, place: Place) -> Figure:
    """`lowest(indicator, period?)`: the province with the smallest figure, and the figure."""
    return _extreme("lowest", arguments, place)


def _extreme(kind: str, arguments: Arguments, place: Place) -> Figure:
    indicator = arguments.indicator()
    period = arguments.period() or max(
        (one.period for one in indicator.observations if one.value is not None), default=Period(0)
    )
    inputs = _for_all(place.index, indicator, period)
    numbers = [one.value for one in inputs if one.value is not None]
    number = max(numbers) if kind == "highest" else min(numbers)
    names = [place.index.areas[one.area].name for one in inputs if one.value == number]
    figure = _figure(kind, indicator, place.index, number, Provenance(kind, inputs))
    return Figure(kind, number, figure.text, figure.decimals, figure.provenance, figure.unit, place=", ".join(names))


def fact(arguments: Arguments, place: Place) -> Figure:
    """`fact(number, unit, source=, at=)`: a figure that stands in a source but not in the data."""
    number = arguments.number("number")
    if not arguments.given("source"):
        raise fail("missing-argument", function="fact", argument="source", usage='fact(12.5, "km", source="…")')
    source = source_of(arguments, place)
    name = arguments.text("unit")
    unit = place.index.units.get(name) or (Unit("", name, spaced=not name.startswith(("%", "‰"))) if name else None)
    exponent = number.as_tuple().exponent
    decimals = int(arguments.number("decimals")) if arguments.given("decimals") else max(0, -int(exponent))
    provenance = Provenance("fact", source=source, at=arguments.text("at"))
    return Figure("fact", number, figure_text(number, decimals, unit), decimals, provenance, unit)


def source_of(arguments: Arguments, place: Place) -> Source:
    """The source that an argument names."""
    name = arguments.text("source")
    found = place.index.sources.get(name)
    if found is None:
        raise unknown("sources", name, place.index.sources)
    return found


def judge(index: Index, wanted: Target) -> TargetResult:
    """A target against the observations: met, not met, or not judged and why; computed, never typed."""
    indicator = index.indicators.get(wanted.indicator or "")
    unit = index.units.get(wanted.unit or (indicator.unit if indicator else ""))
    kind, numbers = _bounds(wanted)
    if not numbers and kind != "above_area":
        return TargetResult(wanted, kind, (), "not-judged", "no-bounds", None)
    bounds = tuple(figure_text(one, max(0, -int(one.as_tuple().exponent)), unit) for one in numbers)
    if indicator is None:
        return TargetResult(wanted, kind, bounds, "not-judged", "no-indicator", None)
    result = index.observations.get((indicator.id, wanted.area, wanted.period))
    if result is None or result.value is None:
        return TargetResult(wanted, kind, bounds, "not-judged", "no-observation", None)
    figure = _figure("value", indicator, index, result.value, Provenance("value", (result,)))
    compared = None
    if wanted.above_area is not None:
        other = index.observations.get((indicator.id, wanted.above_area, wanted.period))
        if other is None or other.value is None:
            return TargetResult(wanted, kind, bounds, "not-judged", "no-comparison", figure)
        compared = _figure("value", indicator, index, other.value, Provenance("value", (other,)))
        numbers = (other.value,)
    met = _meets(result.value, kind, numbers, indicator.better)
    return TargetResult(wanted, kind, bounds, "met" if met else "not-met", "", figure, compared)


def _bounds(wanted: Target) -> tuple[str, tuple[Decimal, ...]]:
    for kind in ("at_least", "at_most", "above", "about"):
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


def target(arguments: Arguments, place: Place) -> TargetResult:
    """`target(id)`: what a document asked for and what became of it."""
    name = arguments.text("target")
    found = place.index.targets.get(name)
    if found is None:
        raise unknown("targets", name, place.index.targets)
    return judge(place.index, found)


FIGURES: Mapping[str, Callable[[Arguments, Place], Figure | TargetResult]] = {
    "value": value,
    "change": change,
    "growth": growth,
    "rank": rank,
    "share": share,
    "ratio": ratio,
    "highest": highest,
    "lowest": lowest,
    "fact": fact,
    "target": target,
}


def evaluate_figure(call: Call, place: Place) -> Figure | TargetResult:
    """The figure that a call gives; raises Unresolved when it has none."""
    return FIGURES[call.function](Arguments(call, place), place)

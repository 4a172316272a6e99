"""The functions of the prose that give a figure: `value`, `change`, `rank` and their like."""

from __future__ import annotations

from decimal import Decimal

from galley.bind.figures import (
    Figure,
    Provenance,
    TargetResult,
    divide,
    figure_text,
    is_observed,
    judge,
    latest,
    make_figure,
    observe,
    of_all_provinces,
    unobserved,
)
from galley.bind.index import NATION, REGION, Arguments, Incomplete, Place, Unresolved, fail, lacking, unknown
from galley.model import Area, Better, Indicator, Observation, Period, Source, Target, Unit
from galley.vietnamese import format_number, round_half_up

_PERCENT = Unit("", "%", spaced=False)
_SHARE_DECIMALS = 1
_TIMES = Decimal("1.05")  # from here on a ratio is told in times; less would read as 1,0 times


def value(arguments: Arguments, place: Place) -> Figure:
    """`value(indicator, area?, period?)`: the figure in its unit; `unit=False` leaves the unit out."""
    indicator, area = arguments.indicator(), arguments.area()
    figure = observe(place.index, indicator, area, arguments.period() or latest(place.index, indicator, area))
    if arguments.flag("unit", default=True) or figure.number is None:
        return figure
    text = format_number(figure.number, figure.decimals)
    return Figure(figure.kind, figure.number, text, figure.decimals, figure.provenance)


def observed(arguments: Arguments, place: Place, period: str = "period") -> tuple[Indicator, Area, Figure, Decimal]:
    """The figure that a derived one begins with, and its number."""
    indicator, area = arguments.indicator(), arguments.area()
    when = arguments.period(period) or latest(place.index, indicator, area)
    return indicator, area, *number_of(place, indicator, area, when)


def number_of(place: Place, indicator: Indicator, area: Area, period: Period) -> tuple[Figure, Decimal]:
    """A figure that goes into another; Incomplete when it is missing where other areas have one."""
    try:
        figure = observe(place.index, indicator, area, period)
    except Incomplete:
        raise
    except Unresolved:
        if is_observed(indicator, period):
            raise lacking(indicator, period, (area.name,)) from None
        raise
    if figure.number is None:
        raise lacking(indicator, period, (area.name,), inputs=figure.provenance.inputs)
    return figure, figure.number


def _pair(arguments: Arguments, place: Place) -> tuple[Indicator, Figure, Figure, Decimal, Decimal]:
    indicator, _, before, old = observed(arguments, place, "from")
    _, _, after, new = observed(arguments, place, "to")
    return indicator, before, after, old, new


def change(arguments: Arguments, place: Place) -> Figure:
    """`change(indicator, area?, from, to)`: how much it rose or fell; `relative=True` gives it in per cent."""
    indicator, before, after, old, new = _pair(arguments, place)
    provenance = Provenance("change", before.provenance.inputs + after.provenance.inputs)
    if arguments.flag("relative", default=False):
        percent = divide(new - old, old, indicator) * 100
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


def rank(arguments: Arguments, place: Place) -> Figure:
    """`rank(indicator, area?, period?)`: the place among the region's provinces, 1 the best; equals share a place.

    Where no direction is better, and with `order="highest"`, the largest is first; with `order="lowest"` the smallest.
    """
    _, area, own, number = observed(arguments, place)
    inputs = ranked(arguments, place, area, own.provenance.inputs[0].period, order_of(arguments))
    position = 1 + [one.value for one in inputs].index(number)
    provenance = Provenance("rank", inputs)
    return Figure("rank", Decimal(position), str(position), 0, provenance, among=len(inputs), place=area.name)


def order_of(arguments: Arguments) -> str:
    """Whether the `highest` or the `lowest` is first in rank."""
    better = arguments.indicator().better
    order = arguments.text("order", "lowest" if better is Better.LOWER else "highest")
    if order not in ("highest", "lowest"):
        usage = 'order="highest"'
        raise fail("bad-argument", function=arguments.function, argument="order", value=order, usage=usage)
    return order


def ranked(arguments: Arguments, place: Place, area: Area, period: Period, order: str) -> tuple[Observation, ...]:
    """The observations of all provinces, the first in rank first; Unresolved for an area that is not one of them."""
    if area.id not in {one.id for one in place.index.provinces}:
        raise fail("not-ranked", area=area.id)
    inputs = of_all_provinces(place.index, arguments.indicator(), period, "rank")
    return tuple(sorted(inputs, key=lambda one: one.value or Decimal(0), reverse=order == "highest"))


def share(arguments: Arguments, place: Place) -> Figure:
    """`share(indicator, area?, period?, of=)`: per cent of the same figure of another area, or of another indicator."""
    indicator, area, own, part = observed(arguments, place)
    period = arguments.period() or latest(place.index, indicator, area)
    if arguments.text("of") in place.index.indicators:
        other, whole = number_of(place, arguments.indicator("of"), area, period)
    else:
        default = NATION if area.id == place.index.region else REGION
        other, whole = number_of(place, indicator, arguments.area("of", default), period)
    return _quotient("share", divide(part, whole, indicator), own, other)


def _quotient(kind: str, quotient: Decimal, own: Figure, other: Figure) -> Figure:
    provenance = Provenance(kind, own.provenance.inputs + other.provenance.inputs)
    if kind == "ratio" and quotient >= _TIMES:
        return Figure(kind, quotient, format_number(quotient, 1), 1, provenance, direction=1)
    text = figure_text(quotient * 100, _SHARE_DECIMALS, _PERCENT)
    return Figure(kind, quotient * 100, text, _SHARE_DECIMALS, provenance, _PERCENT)


def ratio(arguments: Arguments, place: Place) -> Figure:
    """`ratio(indicator, area?, period?, to=area | since=period)`: how many times another area's or period's figure."""
    indicator, area, own, number = observed(arguments, place)
    period = arguments.period() or latest(place.index, indicator, area)
    if arguments.given("since"):
        other, base = number_of(place, indicator, area, arguments.period("since") or period)
    elif arguments.given("to"):
        other, base = number_of(place, indicator, arguments.area("to"), period)
    else:
        raise fail("missing-argument", function="ratio", argument="to", usage="ratio(indicator, area?, period?, to=…)")
    return _quotient("ratio", divide(number, base, indicator), own, other)


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
    if not is_observed(indicator, period):
        raise unobserved(place.index, indicator, place.index.region, period)
    inputs = of_all_provinces(place.index, indicator, period, kind)
    numbers = [one.value for one in inputs if one.value is not None]
    number = max(numbers) if kind == "highest" else min(numbers)
    names = [place.index.areas[one.area].name for one in inputs if one.value == number]
    figure = make_figure(kind, indicator, place.index, number, Provenance(kind, inputs))
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


def source_of(arguments: Arguments, place: Place, name: str = "source") -> Source:
    """The source that an argument names."""
    wanted = arguments.text(name)
    found = place.index.sources.get(wanted)
    if found is None:
        raise unknown("sources", wanted, place.index.sources)
    return found


def target(arguments: Arguments, place: Place) -> TargetResult:
    """`target(id)`: what a document asked for and what became of it."""
    return judge(place.index, target_of(arguments, place))


def target_of(arguments: Arguments, place: Place, name: str = "target") -> Target:
    """The target that an argument names."""
    wanted = arguments.text(name)
    found = place.index.targets.get(wanted)
    if found is None:
        raise unknown("targets", wanted, place.index.targets)
    return found

"""What the data say of a topic: values, changes, shares and multiples, each with the expression that gives it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from galley.bind.figures import figure_text, observe
from galley.bind.index import NATION, PROVINCE, Unresolved
from galley.check.context import POINTS, ends
from galley.check.numerals import split_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from galley.bind import Index
    from galley.bind.figures import Figure
    from galley.check.context import Topic
    from galley.check.numerals import Numeral
    from galley.model import Area, Indicator, Period
    from galley.source import Span

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Reading:
    """Something that the data say: its number in the figure's base unit, and how it is written as an expression."""

    number: Decimal
    shown: str
    expression: str
    place: Span


def readings(numeral: Numeral, topic: Topic, lookup: Index) -> Iterator[Reading]:
    """What the data say of a topic, as far as it is of the figure's kind and unit."""
    for name in topic.indicators:
        for area in topic.areas:
            yield from _KINDS[numeral.kind](numeral, lookup.indicators[name], lookup.areas[area], topic, lookup)


def all_readings(numeral: Numeral, topic: Topic, lookup: Index) -> Iterator[Reading]:
    """Whatever the data could mean by the figure: its value, change, share or multiple."""
    for name in topic.indicators:
        for area in topic.areas:
            for kind in (_values, _changes, _shares, _multiples, _parts):
                yield from kind(numeral, lookup.indicators[name], lookup.areas[area], topic, lookup)


def _observed(indicator: Indicator, area: Area, period: Period, lookup: Index) -> Figure | None:
    try:
        figure = observe(lookup, indicator, area, period)
    except Unresolved:
        return None
    return figure if figure.number is not None else None


def _values(numeral: Numeral, indicator: Indicator, area: Area, topic: Topic, lookup: Index) -> Iterator[Reading]:
    scale, base = split_unit(lookup.units[indicator.unit].name if indicator.unit in lookup.units else "")
    if numeral.unit and numeral.unit != base:
        return
    if not numeral.unit and numeral.scale == 1 and base:
        scale = Decimal(1)  # a bare number, as in a table, stands in the indicator's own unit
    for period in topic.periods or lookup.periods(indicator.id, area.id):
        figure = _observed(indicator, area, period, lookup)
        if figure is not None and figure.number is not None:
            call = f'value("{indicator.id}", "{area.id}", {_written(period)})'
            yield Reading(figure.number * scale, figure.text, call, figure.provenance.inputs[0].span)


def _written(period: Period) -> str:
    return str(period) if str(period).isdigit() else f'"{period}"'


def _changes(numeral: Numeral, indicator: Indicator, area: Area, topic: Topic, lookup: Index) -> Iterator[Reading]:
    """The change between two years in the unit, in per cent, a year, and as a multiple, whichever the unit asks for."""
    scale, base = split_unit(lookup.units[indicator.unit].name if indicator.unit in lookup.units else "")
    years = ends(topic.periods)
    for first, last in combinations(years, 2):
        before, after = _observed(indicator, area, first, lookup), _observed(indicator, area, last, lookup)
        if before is None or after is None or not before.number or after.number is None:
            continue
        old, new = before.number, after.number
        where = f'"{indicator.id}", "{area.id}", {_written(first)}, {_written(last)}'
        place = after.provenance.inputs[0].span
        if numeral.unit == "lần":
            yield Reading(
                new / old, f"{new / old:.2f}", f'ratio("{indicator.id}", "{area.id}", {last}, since={first})', place
            )
        elif numeral.unit in POINTS or (numeral.unit == base and base not in ("%", "‰")):
            yield Reading(
                abs(new - old) * scale, figure_text(abs(new - old), indicator.decimals, None), f"change({where})", place
            )
        elif numeral.unit == "%":
            yield from _rates(old, new, last.year - first.year, where, place)


def _rates(old: Decimal, new: Decimal, years: int, where: str, place: Span) -> Iterator[Reading]:
    relative = abs(new - old) / abs(old) * _HUNDRED
    yield Reading(relative, figure_text(relative, 1, None), f"change({where}, relative=True)", place)
    if years > 1 and new > 0 and old > 0:
        yearly = abs((new / old) ** (Decimal(1) / years) - 1) * _HUNDRED
        yield Reading(yearly, figure_text(yearly, 1, None), f"growth({where})", place)


def _shares(numeral: Numeral, indicator: Indicator, area: Area, topic: Topic, lookup: Index) -> Iterator[Reading]:
    """The area's part of the region and of the nation, in per cent."""
    if numeral.unit == "%":
        wholes = (lookup.region, *nation(lookup)) if area.kind == PROVINCE else nation(lookup)
        for whole in (lookup.areas[name] for name in wholes):
            for period, quotient, place in _quotients(indicator, area, whole, topic, lookup):
                call = f'share("{indicator.id}", "{area.id}", {_written(period)}, of="{whole.id}")'
                yield Reading(quotient * _HUNDRED, figure_text(quotient * _HUNDRED, 1, None), call, place)


def _multiples(numeral: Numeral, indicator: Indicator, area: Area, topic: Topic, lookup: Index) -> Iterator[Reading]:
    """How many times the figure of another area that is named, or what per cent of it."""
    if numeral.unit not in ("%", "lần"):
        return
    for other in (lookup.areas[name] for name in topic.areas):
        for period, quotient, place in _quotients(indicator, area, other, topic, lookup):
            number = quotient * _HUNDRED if numeral.unit == "%" else quotient
            call = f'ratio("{indicator.id}", "{area.id}", {_written(period)}, to="{other.id}")'
            yield Reading(number, figure_text(number, 1, None), call, place)


def _parts(numeral: Numeral, indicator: Indicator, area: Area, topic: Topic, lookup: Index) -> Iterator[Reading]:
    """What per cent of another indicator that is named."""
    if numeral.unit != "%":
        return
    for other in (lookup.indicators[name] for name in topic.indicators if name != indicator.id):
        for period in topic.periods:
            part, whole = _observed(indicator, area, period, lookup), _observed(other, area, period, lookup)
            if part is not None and whole is not None and part.number is not None and whole.number:
                percent = part.number / whole.number * _HUNDRED
                call = f'share("{indicator.id}", "{area.id}", {_written(period)}, of="{other.id}")'
                yield Reading(percent, figure_text(percent, 1, None), call, part.provenance.inputs[0].span)


def _quotients(
    indicator: Indicator, area: Area, other: Area, topic: Topic, lookup: Index
) -> Iterator[tuple[Period, Decimal, Span]]:
    for period in topic.periods if area.id != other.id else ():
        part, whole = _observed(indicator, area, period, lookup), _observed(indicator, other, period, lookup)
        if part is not None and whole is not None and part.number is not None and whole.number:
            yield period, part.number / whole.number, part.provenance.inputs[0].span


_KINDS: Mapping[str, Callable[[Numeral, Indicator, Area, Topic, Index], Iterator[Reading]]] = {
    "value": _values,
    "change": _changes,
    "share": _shares,
    "times": _changes,
}


def nation(lookup: Index) -> tuple[str, ...]:
    """The id of the nation, if the register of areas has one."""
    return tuple(area.id for area in lookup.areas.values() if area.kind == NATION)

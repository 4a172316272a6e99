"""Rules about the data: values that cannot be, jump, or do not add up; targets that ask for nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from galley.bind.index import MAX_DIGITS
from galley.diagnostics import Diagnostic, error, warning
from galley.model import ObservationStatus
from galley.vietnamese import format_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from galley.check.subject import Subject
    from galley.model import Indicator, Observation, Target
    from galley.source import Span

MAX_DECIMALS = 6
_HUNDRED = 100
_ENDS = 2


def decimals_out_of_range(subject: Subject) -> Iterator[Diagnostic]:
    """A figure is shown with 0 to 6 decimals."""
    for one in subject.lookup.indicators.values():
        if not 0 <= one.decimals <= MAX_DECIMALS:
            place = subject.place_of(one.span.path, "decimals")
            yield error(place, "decimals-out-of-range", decimals=one.decimals, limit=MAX_DECIMALS)


def ranges_without_order(subject: Subject) -> Iterator[Diagnostic]:
    """`range` gives the smallest and the largest value that can be."""
    for one in subject.lookup.indicators.values():
        if one.range and not _is_range(one.range):
            shown = ", ".join(str(number) for number in one.range)
            yield error(subject.place_of(one.span.path, "range"), "bad-range", range=shown)


def _is_range(numbers: tuple[Decimal, ...]) -> bool:
    return len(numbers) == _ENDS and numbers[0] < numbers[1]


def values_out_of_range(subject: Subject) -> Iterator[Diagnostic]:
    """A value lies in the range of its indicator."""
    for indicator in subject.lookup.indicators.values():
        if not _is_range(indicator.range):
            continue
        low, high = indicator.range
        for one in indicator.observations:
            if one.value is not None and not low <= one.value <= high:
                area, period = one.area, one.period
                yield error(one.span, "out-of-range", value=one.value, low=low, high=high, area=area, period=period)


def numbers_too_long(subject: Subject) -> Iterator[Diagnostic]:
    """A number with more digits than any statistic has is a slip of the hand."""
    for indicator in subject.lookup.indicators.values():
        for one in indicator.observations:
            if one.value is not None and len(one.value.as_tuple().digits) > MAX_DIGITS:
                yield error(one.span, "number-too-long", value=one.value, limit=MAX_DIGITS)


def big_jumps(subject: Subject) -> Iterator[Diagnostic]:
    """A value that changes by more per cent than the indicator's `jump` is looked at again; a note settles it."""
    for indicator in subject.lookup.indicators.values():
        if indicator.jump is None:
            continue
        for before, after in _neighbours(indicator):
            old, new = before.value, after.value
            if not old or new is None or after.note or _breaks_between(indicator, before, after):
                continue
            percent = abs(new - old) / abs(old) * _HUNDRED
            if percent > indicator.jump:
                yield warning(
                    after.span,
                    "big-jump",
                    before.span,
                    percent=format_number(percent, 1),
                    jump=indicator.jump,
                    old=old,
                    new=new,
                    before=before.period,
                    after=after.period,
                )


def _neighbours(indicator: Indicator) -> Iterator[tuple[Observation, Observation]]:
    """Each observation of an area with the next of the same kind of period."""
    last: dict[tuple[str, bool, bool, bool], Observation] = {}
    for one in sorted(indicator.observations, key=lambda one: (one.area, one.period)):
        when = one.period
        series = (one.area, bool(when.quarter), bool(when.month), bool(when.end_year))
        if series in last:
            yield last[series], one
        last[series] = one


def _breaks_between(indicator: Indicator, before: Observation, after: Observation) -> bool:
    return after.status is ObservationStatus.BREAK or any(
        before.period < one.period <= after.period and (not one.areas or after.area in one.areas)
        for one in indicator.breaks
    )


def sums_that_differ(subject: Subject) -> Iterator[Diagnostic]:
    """A value published for the region agrees with the sum of its provinces but for rounding; a note settles it."""
    lookup = subject.lookup
    provinces = lookup.provinces
    for indicator in lookup.indicators.values():
        if indicator.aggregate is None or indicator.aggregate.weight is not None:
            continue
        published = [one for one in indicator.observations if one.area == lookup.region and one.value is not None]
        rounding = rounding_of([one.value for one in published if one.value is not None])
        for one in published:
            parts = [lookup.observations.get((indicator.id, area.id, one.period)) for area in provinces]
            values = [part.value for part in parts if part is not None and part.value is not None]
            if one.value is None or one.note or not values or len(values) < len(provinces):
                continue
            total = sum(values, Decimal(0))
            if abs(total - one.value) > rounding + rounding_of(values) * len(values):
                yield warning(one.span, "sum-mismatch", value=one.value, sum=total, period=one.period)


def rounding_of(numbers: list[Decimal]) -> Decimal:
    """How far each number of a series may be off by rounding: half of the last place that any of them uses.

    Zeros at the end say nothing (`533` for `533.0`, `417000` for 417 thousands), so the finest number tells.
    """
    finest = min((int(number.normalize().as_tuple().exponent) for number in numbers if number), default=0)
    return Decimal(1).scaleb(finest) / 2


def tiles(subject: Subject) -> Iterator[Diagnostic]:
    """Each province's square on the tile map is a row and a column from 0, and its own."""
    seen: dict[tuple[int, ...], Span] = {}
    for area in subject.lookup.provinces:
        if not area.tile:
            continue
        if len(area.tile) != _ENDS or min(area.tile) < 0 or max(area.tile) > _HUNDRED:
            yield error(area.span, "bad-tile", tile=", ".join(str(one) for one in area.tile))
        elif area.tile in seen:
            yield error(area.span, "duplicate-tile", seen[area.tile], tile=", ".join(str(one) for one in area.tile))
        seen.setdefault(area.tile, area.span)


def target_bounds(subject: Subject) -> Iterator[Diagnostic]:
    """A target that an indicator measures asks for exactly one thing; one in words only asks for no number."""
    bounds = ("at_least", "at_most", "reach", "above", "about", "above_area")
    for one in subject.lookup.targets.values():
        given = [name for name in bounds if getattr(one, name) is not None]
        if one.between:
            given.append("between")
        if len(given) > 1 or (one.indicator and not given) or not _is_sound(one):
            yield error(one.span, "target-bounds", id=one.id, given=", ".join(given))


def _is_sound(target: Target) -> bool:
    return not target.between or _is_range(target.between)

"""The periods of a chart: where each stands on its axis, and where a line or a row of bars over them is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from galley.model import ObservationStatus
from galley.render.look import text_width

if TYPE_CHECKING:
    from collections.abc import Mapping

    from galley.bind.objects import Chart, Series
    from galley.model import Period

_YEAR_GAP = 42.0


def positions_of(chart: Chart) -> dict[Period, int]:
    """Where each period stands on the time axis: at its year, or one after the other when some are not years."""
    shown = sorted({period for one in chart.series for period, _ in one.points})
    if any(one.quarter or one.month or one.end_year for one in shown):
        return {one: place for place, one in enumerate(shown)}
    return {one: one.year for one in shown}


def named(places: Mapping[Period, float]) -> tuple[Period, ...]:
    """The periods that are named on an axis, by their places in pixels: first and last, and between what has room."""
    if not places:
        return ()
    ordered = sorted(places.items())
    first, last = ordered[0], ordered[-1]
    found = [last]
    for period, place in reversed(ordered[1:-1]):
        if found[-1][1] - place >= _room(period) and place - first[1] >= _room(first[0]):
            found.append((period, place))
    if last[1] - first[1] >= _room(first[0]):
        found.append(first)
    return tuple(period for period, _ in reversed(found))


def _room(period: Period) -> float:
    """The pixels from the middle of a name to that of the next one."""
    return max(_YEAR_GAP, text_width(str(period)) + 8)


def segments(chart: Chart, series: Series) -> list[int]:
    """A number for each point, another one after a period that is missing and from a break of the series on."""
    have = {period for period, _ in series.points}
    cuts = {period for period in chart.periods if period not in have} | broken(chart, series)
    found, segment, before = [], 0, None
    for period, _ in series.points:
        segment += before is not None and any(before < cut <= period for cut in cuts)
        found.append(segment)
        before = period
    return found


def broken(chart: Chart, series: Series) -> set[Period]:
    """From which periods on the series is not comparable with what came before."""
    inputs = [one for _, figure in series.points for one in figure.provenance.inputs]
    areas, names = {one.area for one in inputs}, {one.indicator for one in inputs}
    told = {
        one.period
        for record in chart.indicators
        if record.id in names
        for one in record.breaks
        if not one.areas or areas & set(one.areas)
    }
    return told | {one.period for one in inputs if one.status is ObservationStatus.BREAK}


def breaks(chart: Chart, series: tuple[Series, ...], places: Mapping[Period, float]) -> list[float]:
    """Where a rule marks a break: halfway before each such period, where something is shown on both sides of it."""
    found = set()
    for period in {period for one in series for period in broken(chart, one)}:
        after = [place for shown, place in places.items() if shown >= period]
        before = [place for shown, place in places.items() if shown < period]
        if after and before:
            found.add((min(after) + max(before)) / 2)
    return sorted(found)

"""Lines over time as a Vega-Lite specification."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from galley.model import ObservationStatus
from galley.render.look import (
    LINE_HEIGHT,
    MUTED,
    PLOT_HEIGHT,
    SMALL,
    WIDTH,
    Axis,
    Json,
    Style,
    Words,
    frame,
    number_of,
    plain,
    spread,
    styles,
    text_at,
    text_of,
    text_width,
    tick_text,
    ticks,
    unit_of,
    upward_axis,
    wrap,
)
from galley.vietnamese import NBSP

if TYPE_CHECKING:
    from galley.bind.objects import Chart, Series
    from galley.model import Period


_NAME_WIDTH = 120.0
_YEAR_GAP = 42.0
_INSET = 10
_STEEP = 12


def lines(chart: Chart, words: Words) -> str:
    """Lines over time, each with its name and last figure at its end; a missing figure is a gap."""
    positions = _positions(chart)
    looks = styles(tuple(one.kind for one in chart.series))
    numbers = [number_of(figure) for one in chart.series for _, figure in one.points]
    low, high = min(numbers), max(numbers)
    marks = ticks(low, high, zero=low <= 0 or low <= high * Decimal("0.4"))
    labels = [_end_label(one, chart.periods[-1]) for one in chart.series]
    left = max(text_width(tick_text(one, marks)) for one in marks) + 10
    right = max(text_width(line) for label in labels for line in label) + 26
    breaks = _breaks(chart, positions)
    top = 28 + (16 if breaks else 0)
    sizes = [LINE_HEIGHT * len(label) + 2.0 for label in labels]
    height = max(PLOT_HEIGHT, round(sum(sizes)))
    width = WIDTH - round(left) - round(right)
    across = Axis(min(positions.values()), max(positions.values()), _INSET, width - _INSET)
    upward = Axis(float(marks[0]), float(marks[-1]), height, 0)
    x, y = _time(positions, across), upward_axis(marks, upward)
    layers = [
        text_at(-round(left), 10 - top, unit_of(chart), fill=MUTED),
        *_break_rules(breaks, x, across, words, height),
        *(
            _line(one, look, _segments(chart, one), {"x": x, "y": y}, positions)
            for one, look in sorted(zip(chart.series, looks, strict=True), key=lambda pair: pair[1].weight)
        ),
    ]
    wanted = [upward.pixel(float(number_of(one.points[-1][1]))) for one in chart.series]
    middles = spread(wanted, sizes, -8, height + 8)
    for one, look, label, middle in zip(chart.series, looks, labels, middles, strict=True):
        layers += _label_line(one, look, label, (width, middle), {"x": x, "y": y}, (positions, upward))
    if len(chart.series) == 1:
        layers += _point_labels(chart.series[0], {"x": x, "y": y}, positions, across, upward)
    return frame(height, top, right, 30, left, layers)


def _positions(chart: Chart) -> dict[Period, int]:
    """Where each period stands on the time axis: at its year, or one after the other when some are not years."""
    shown = sorted({period for one in chart.series for period, _ in one.points})
    if any(one.quarter or one.month or one.end_year for one in shown):
        return {one: place for place, one in enumerate(shown)}
    return {one: one.year for one in shown}


def _time(positions: dict[Period, int], across: Axis) -> Json:
    """The time axis: a tick at each period, and as many of them named as there is room for, the last one always."""
    named: dict[int, str] = {}
    edge = across.end + 2 * _YEAR_GAP
    for period, place in reversed(positions.items()):
        room = max(_YEAR_GAP, text_width(str(period)) + 8)
        if edge - across.pixel(place) >= room:
            named[place] = str(period)
            edge = across.pixel(place)
    labels = ",".join(f"'{place}':'{name}'" for place, name in sorted(named.items()))
    return {
        "field": "x",
        "type": "quantitative",
        "scale": {
            "domain": [across.low, across.high],
            "range": [across.start, across.end],
            "nice": False,
            "zero": False,
        },
        "axis": {
            "values": list(positions.values()),
            "labelExpr": f"({{{labels}}})[datum.value] || ''",
            "labelOverlap": False,
            "labelFlush": False,
            "labelPadding": 4,
            "grid": False,
        },
    }


def _end_label(series: Series, last: Period) -> list[str]:
    period, figure = series.points[-1]
    when = "" if period == last else f"{NBSP}({period})"
    return wrap(f"{series.name}{when}: {text_of(figure)}", _NAME_WIDTH)


def _segments(chart: Chart, series: Series) -> list[int]:
    """A number for each point, another one after a period that is missing and from a break of the series on."""
    have = {period for period, _ in series.points}
    cuts = {period for period in chart.periods if period not in have} | _broken(chart, series)
    found, segment, before = [], 0, None
    for period, _ in series.points:
        segment += before is not None and any(before < cut <= period for cut in cuts)
        found.append(segment)
        before = period
    return found


def _broken(chart: Chart, series: Series) -> set[Period]:
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


def _breaks(chart: Chart, positions: dict[Period, int]) -> list[float]:
    """Half a step before each period from which a series is broken, where something is shown before it."""
    broken = sorted({period for one in chart.series for period in _broken(chart, one)})
    found = []
    for period in broken:
        after = [place for shown, place in positions.items() if shown >= period]
        before = [place for shown, place in positions.items() if shown < period]
        if after and before:
            found.append(max(min(after) - 0.5, max(before) + 0.25))
    return sorted(set(found))


def _break_rules(places: list[float], x: Json, across: Axis, words: Words, height: int) -> list[Json]:
    if not places:
        return []
    rules: Json = {
        "data": {"values": [{"x": place} for place in places]},
        "mark": {"type": "rule", "stroke": MUTED, "strokeWidth": 0.75, "strokeDash": [3, 3]},
        "encoding": {"x": x, "y": {"value": -4}, "y2": {"value": height}},
    }
    half = text_width(words.series_break, SMALL) / 2
    middle = min(max(across.pixel(places[0]), half), across.end - half)
    return [rules, text_at(middle, -12, words.series_break, align="center", fontSize=SMALL, fill=MUTED)]


def _line(series: Series, look: Style, segments: list[int], axes: Json, positions: dict[Period, int]) -> Json:
    rows = [
        {"x": positions[period], "y": plain(number_of(figure)), "segment": segment}
        for (period, figure), segment in zip(series.points, segments, strict=True)
    ]
    point = {
        "shape": look.marker,
        "fill": look.stroke,
        "size": 34,
        "opacity": 1,
        "stroke": "#ffffff",
        "strokeWidth": 0.5,
    }
    mark = {
        "type": "line",
        "stroke": look.stroke,
        "strokeWidth": look.width,
        "strokeDash": list(look.dash),
        "point": point,
    }
    detail = {"field": "segment", "type": "nominal"}
    return {"data": {"values": rows}, "mark": mark, "encoding": axes | {"detail": detail}}


def _label_line(  # noqa: PLR0913 - a series, its look and where its label stands
    series: Series,
    look: Style,
    label: list[str],
    place: tuple[float, float],
    axes: Json,
    scales: tuple[dict[Period, int], Axis],
) -> list[Json]:
    """The label at the right edge and a hairline from the last point to it."""
    width, middle = place
    positions, upward = scales
    period, figure = series.points[-1]
    tie: Json = {
        "data": {
            "values": [
                {"x": positions[period], "y": plain(number_of(figure)), "end": round(upward.number(middle), 6)},
            ]
        },
        "mark": {"type": "rule", "stroke": look.stroke, "strokeWidth": 0.6, "strokeDash": [1, 2]},
        "encoding": axes | {"x2": {"value": width + 8}, "y2": {"field": "end"}},
    }
    first = middle - LINE_HEIGHT * (len(label) - 1) / 2
    return [tie, text_at(width + 11, first, label, fill=look.stroke, fontWeight=look.weight)]


def _point_labels(series: Series, axes: Json, positions: dict[Period, int], across: Axis, upward: Axis) -> list[Json]:
    """The figures at the points of a single line, when there is room for all of them; the last is in its label."""
    spots = [
        (across.pixel(positions[period]), upward.pixel(float(number_of(figure)))) for period, figure in series.points
    ]
    room = min((after - before for (before, _), (after, _) in pairwise(spots)), default=0)
    if room < max(text_width(text_of(figure), SMALL) for _, figure in series.points) + 4:
        return []
    rows = []
    for at, (_, figure) in enumerate(series.points[:-1]):
        x, y = _beside(spots, at)
        rows.append({"x": round(across.number(x), 6), "y": round(upward.number(y), 6), "text": text_of(figure)})
    mark = {"type": "text", "align": "center", "fontSize": SMALL}
    return [{"data": {"values": rows}, "mark": mark, "encoding": axes | {"text": {"field": "text"}}}]


def _beside(spots: list[tuple[float, float]], at: int) -> tuple[float, float]:
    """Where the figure of a point stands clear of its line: under a valley, else above, off the side that rises."""
    x, y = spots[at]
    before, after = spots[max(at - 1, 0)][1], spots[at + 1][1]
    if at == 0:
        return x, y - 12
    slope = after - before
    side = (slope > _STEEP) - (slope < -_STEEP)
    return (x - 8 * side, y + 13) if before + after < 2 * y - 1 else (x + 8 * side, y - 11)

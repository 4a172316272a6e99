"""Lines over time as a Vega-Lite specification."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

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
from galley.render.marks import FIELD, HEARD, SAYS, told
from galley.render.periods import breaks, named, positions_of, segments
from galley.vietnamese import NBSP

if TYPE_CHECKING:
    from galley.bind.objects import Chart, Series
    from galley.model import Period


_NAME_WIDTH = 120.0
_INSET = 10
_STEEP = 12


def lines(chart: Chart, words: Words) -> str:
    """Lines over time, each with its name and last figure at its end; a missing figure is a gap."""
    positions = positions_of(chart)
    looks = styles(tuple(one.kind for one in chart.series))
    numbers = [number_of(figure) for one in chart.series for _, figure in one.points]
    low, high = min(numbers), max(numbers)
    marks = ticks(low, high, zero=low <= 0 or low <= high * Decimal("0.4"))
    labels = [_end_label(one, chart.periods[-1]) for one in chart.series]
    left = max(text_width(tick_text(one, marks)) for one in marks) + 10
    right = max(text_width(line) for label in labels for line in label) + 26
    cuts = breaks(chart, chart.series, positions)
    top = 28 + (16 if cuts else 0)
    sizes = [LINE_HEIGHT * len(label) + 2.0 for label in labels]
    height = max(PLOT_HEIGHT, round(sum(sizes)))
    width = WIDTH - round(left) - round(right)
    across = Axis(min(positions.values()), max(positions.values()), _INSET, width - _INSET)
    upward = Axis(float(marks[0]), float(marks[-1]), height, 0)
    x, y = _time(positions, across), upward_axis(marks, upward)
    layers = [
        text_at(-round(left), 10 - top, unit_of(chart), fill=MUTED),
        *_break_rules(cuts, x, across, words, height),
    ]
    for place in sorted(range(len(looks)), key=lambda place: looks[place].weight):
        layers += _line(chart, place, looks[place], {"x": x, "y": y}, positions)
    wanted = [upward.pixel(float(number_of(one.points[-1][1]))) for one in chart.series]
    middles = spread(wanted, sizes, -8, height + 8)
    for one, look, label, middle in zip(chart.series, looks, labels, middles, strict=True):
        layers += _label_line(one, look, label, (width, middle), {"x": x, "y": y}, (positions, upward))
    if len(chart.series) == 1:
        layers += _point_labels(chart.series[0], {"x": x, "y": y}, positions, across, upward)
    return frame(height, top, right, 30, left, layers)


def _time(positions: dict[Period, int], across: Axis) -> Json:
    """The time axis: a tick at each period, and as many of them named as there is room for, the last one always."""
    shown = named({period: across.pixel(place) for period, place in positions.items()})
    labels = ",".join(f"'{positions[period]}':'{period}'" for period in shown)
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


def _line(chart: Chart, place: int, look: Style, axes: Json, positions: dict[Period, int]) -> list[Json]:
    """A line and its points; each point says its figure."""
    series = chart.series[place]
    rows = [
        {
            "x": positions[period],
            "y": plain(number_of(figure)),
            "segment": segment,
            FIELD: told(place, chart.periods.index(period), series.name, period, figure),
        }
        for (period, figure), segment in zip(series.points, segments(chart, series), strict=True)
    ]
    line = {"type": "line", "stroke": look.stroke, "strokeWidth": look.width, "strokeDash": list(look.dash)}
    point = {
        "type": "point",
        "shape": look.marker,
        "fill": look.stroke,
        "size": 34,
        "opacity": 1,
        "stroke": "#ffffff",
        "strokeWidth": 0.5,
    }
    detail = {"field": "segment", "type": "nominal"}
    bare = [{name: row[name] for name in ("x", "y", "segment")} for row in rows]
    return [
        {"data": {"values": bare}, "mark": line, "encoding": axes | {"detail": detail}},
        {"data": {"values": rows}, "mark": point | HEARD, "encoding": axes | SAYS},
    ]


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

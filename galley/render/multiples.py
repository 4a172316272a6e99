"""Small multiples as a Vega-Lite specification: a panel for each area, all of them on the same scales."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from galley.render.look import (
    BOLD,
    GRID,
    LINE_HEIGHT,
    MUTED,
    SMALL,
    WIDTH,
    X2,
    Y2,
    Axis,
    Json,
    Words,
    frame,
    layer_at,
    number_of,
    spot,
    text_at,
    text_of,
    text_width,
    texts_at,
    tick_text,
    ticks,
    unit_of,
    wrap,
)
from galley.render.marks import FIELD, HEARD, SAYS, told
from galley.render.periods import breaks, positions_of, segments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from galley.bind.objects import Chart, Series
    from galley.model import Period

    _Scales = tuple[tuple[Decimal, ...], dict[Period, int]]

_COLUMNS = (5, 4)
_GAP = 16
_PLOT = 76
_HEAD = 26
_FIGURES = 15
_YEARS = 22
_BELOW = 8
_INSET = 4
_FEW_TICKS = 4
_NO_FIGURE = "\u2026"
_PROVINCE: Json = {"stroke": "#0072b2", "strokeWidth": 2}
_ABOVE: dict[str, Json] = {
    "region": {"stroke": "#333333", "strokeWidth": 1.3, "strokeDash": [5, 2.5]},
    "nation": {"stroke": "#8a4a00", "strokeWidth": 1.3, "strokeDash": [1.5, 2]},
}


@dataclass(frozen=True, slots=True)
class _Panel:
    """One area's plot: its series, its place in the chart's order, its sides in pixels and its title above."""

    series: Series
    place: int
    first: bool
    left: float
    right: float
    top: float
    title: tuple[str, ...]


def multiples(chart: Chart, words: Words) -> str:
    """A panel for each series in the order given, with its first and last figure; region and nation in every one."""
    numbers = [number_of(figure) for one in chart.series for _, figure in one.points]
    low, high = min(numbers), max(numbers)
    marks = ticks(low, high, zero=low <= 0 or low <= high * Decimal("0.4"))
    left = max(text_width(tick_text(one, marks), SMALL) for one in marks) + 6
    panels = _panels(chart.series, left)
    positions = positions_of(chart)
    above = tuple(one for one in chart.series if one.kind in _ABOVE)
    layers = [*_heading(chart, above, words), *_grids(panels, marks), *_cuts(chart, panels, positions)]
    for kind in _ABOVE:
        layers += _references(chart, panels, [one for one in above if one.kind == kind], (marks, positions))
    layers += _own_lines(chart, panels, (marks, positions))
    layers += _texts(panels, list(positions))
    height = max(panel.top for panel in panels) + _PLOT + _YEARS
    return frame(round(height), 0, 0, 0, 0, layers)


def _panels(series: tuple[Series, ...], left: float) -> list[_Panel]:
    """The panels in rows of four or five, whichever leaves fewer places empty."""
    columns = min(min(_COLUMNS, key=lambda one: (-len(series) % one, -one)), len(series))
    width = (WIDTH - left - _GAP * (columns - 1) - 4) / columns
    titles = [tuple(wrap(one.name, width + _GAP / 2)) for one in series]
    found: list[_Panel] = []
    top = float(_HEAD)
    for start in range(0, len(series), columns):
        row = range(start, min(start + columns, len(series)))
        top += LINE_HEIGHT * max(len(titles[one]) for one in row) + _FIGURES
        for place in row:
            x = left + (place - start) * (width + _GAP)
            found.append(_Panel(series[place], place, place == start, x, x + width, top, titles[place]))
        top += _PLOT + _YEARS + _BELOW
    return found


def _heading(chart: Chart, above: tuple[Series, ...], words: Words) -> list[Json]:
    """The unit, then what the dashed lines of the panels mean."""
    layers = [text_at(0, 8, unit_of(chart), fill=MUTED)] if unit_of(chart) else []
    entries = [(one.name, _ABOVE[one.kind]) for one in above]
    x = WIDTH - sum(30 + text_width(name, SMALL) + 14 for name, _ in entries) + 14
    if any(breaks(chart, (one,), positions_of(chart)) for one in chart.series):
        x -= 14 + 14 + text_width(words.series_break, SMALL)
        layers += _stroke([(x, 1, x, 15)], _CUT)
        layers.append(text_at(x + 6, 8, words.series_break, fontSize=SMALL, fill=MUTED))
        x += 6 + text_width(words.series_break, SMALL) + 22
    for name, style in entries:
        layers += [*_stroke([(x, 8, x + 24, 8)], style), text_at(x + 30, 8, name, fontSize=SMALL)]
        x += 30 + text_width(name, SMALL) + 14
    return layers


_CUT: Json = {"stroke": MUTED, "strokeWidth": 0.75, "strokeDash": [3, 3]}


def _stroke(lines: list[tuple[float, float, float, float]], style: Json) -> list[Json]:
    """Rules of one style, each from its first place to its second."""
    rows = [spot(x, y) | {"x2": round(x2, 2), "y2": round(y2, 2)} for x, y, x2, y2 in lines]
    return layer_at(rows, {"x2": X2, "y2": Y2}, type="rule", **style)


def _upward(panel: _Panel, marks: tuple[Decimal, ...]) -> Axis:
    return Axis(float(marks[0]), float(marks[-1]), panel.top + _PLOT, panel.top)


def _across(panel: _Panel, positions: Mapping[Period, int]) -> Axis:
    first, last = min(positions.values()), max(positions.values())
    return Axis(first, last, panel.left + _INSET, panel.right - _INSET)


def _grids(panels: list[_Panel], marks: tuple[Decimal, ...]) -> list[Json]:
    """A light line at each round number in every panel; the numbers stand at the first panel of a row."""
    lines = [
        (panel.left, at, panel.right, at)
        for panel in panels
        for at in (_upward(panel, marks).pixel(float(one)) for one in marks)
    ]
    shown = marks[:: 1 + (len(marks) > _FEW_TICKS)]
    numbers = [
        spot(panel.left - 5, _upward(panel, marks).pixel(float(one)), tick_text(one, marks))
        for panel in panels
        if panel.first
        for one in shown
    ]
    base = [(panel.left, panel.top + _PLOT, panel.right, panel.top + _PLOT) for panel in panels]
    return [
        *_stroke(lines, {"stroke": GRID, "strokeWidth": 0.75}),
        *_stroke(base, {"stroke": MUTED, "strokeWidth": 0.75}),
        *texts_at(numbers, align="right", fontSize=SMALL, fill=MUTED),
    ]


def _cuts(chart: Chart, panels: list[_Panel], positions: dict[Period, int]) -> list[Json]:
    found = [
        (at, panel.top - 2, at, panel.top + _PLOT)
        for panel in panels
        for at in map(_across(panel, positions).pixel, breaks(chart, (panel.series,), positions))
    ]
    return _stroke(found, _CUT)


def _rows(chart: Chart, panel: _Panel, series: Series, scales: _Scales) -> list[Json]:
    """The points of a series in a panel; points of one line have one `line`."""
    across, upward = _across(panel, scales[1]), _upward(panel, scales[0])
    return [
        {
            "x": round(across.pixel(scales[1][period]), 2),
            "y": round(upward.pixel(float(number_of(figure))), 2),
            "line": f"{panel.place}.{series.name}.{segment}",
        }
        for (period, figure), segment in zip(series.points, segments(chart, series), strict=True)
    ]


def _line(rows: list[Json], style: Json) -> list[Json]:
    return layer_at(rows, {"detail": {"field": "line", "type": "nominal"}}, type="line", **style)


def _references(chart: Chart, panels: list[_Panel], above: list[Series], scales: _Scales) -> list[Json]:
    """The line of the region (or the nation) in every panel, its own included."""
    rows = [row for one in above for panel in panels for row in _rows(chart, panel, one, scales)]
    return _line(rows, _ABOVE[above[0].kind]) if above else []


def _own_lines(chart: Chart, panels: list[_Panel], scales: _Scales) -> list[Json]:
    """The line of each province, and everywhere the points of the panel's own series, which say their figures."""
    plain = [row for one in panels if one.series.kind not in _ABOVE for row in _rows(chart, one, one.series, scales)]
    layers = _line(plain, _PROVINCE)
    for kind in ("", *_ABOVE):
        rows = [
            {"x": row["x"], "y": row["y"]}
            | {FIELD: told(panel.place, chart.periods.index(period), panel.series.name, period, figure)}
            for panel in panels
            if panel.series.kind == kind or (not kind and panel.series.kind not in _ABOVE)
            for row, (period, figure) in zip(
                _rows(chart, panel, panel.series, scales), panel.series.points, strict=True
            )
        ]
        fill = _ABOVE[kind]["stroke"] if kind else _PROVINCE["stroke"]
        mark = {"type": "point", "shape": "circle", "size": 14, "fill": fill, "stroke": None, "opacity": 1}
        layers += layer_at(rows, SAYS, **(mark | HEARD))
    return layers


def _texts(panels: list[_Panel], periods: list[Period]) -> list[Json]:
    """The name of each area, under it the first and the last figure, and at the foot their periods."""
    names = [
        spot(panel.left, panel.top - _FIGURES - LINE_HEIGHT * (len(panel.title) - at - 0.5) - 1, line)
        for panel in panels
        for at, line in enumerate(panel.title)
    ]
    layers = texts_at(names, align="left", fontWeight=BOLD)
    for period, align in ((periods[0], "left"), (periods[-1], "right")):
        figures, feet = [], []
        for panel in panels:
            x = panel.left if align == "left" else panel.right
            figure = dict(panel.series.points).get(period)
            figures.append(spot(x, panel.top - 9, _NO_FIGURE if figure is None else text_of(figure)))
            feet.append(spot(x, panel.top + _PLOT + 10, str(period)))
        layers += texts_at(figures, align=align, fontSize=SMALL)
        layers += texts_at(feet, align=align, fontSize=SMALL, fill=MUTED)
    return layers

"""A dot plot of two periods as a Vega-Lite specification: a row for each area, from the earlier figure to the later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from galley.render.bars import totals
from galley.render.look import (
    BOLD,
    GRID,
    INK,
    MUTED,
    OWN_TEXT,
    SMALL,
    WIDTH,
    X2,
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
    unit_of,
)
from galley.render.marks import FIELD, HEARD, SAYS, told
from galley.render.periods import broken

if TYPE_CHECKING:
    from galley.bind.objects import Chart, Series
    from galley.model import Period

_STEP = 21
_RADIUS = 6
_SIZES = (112, 76)  # square pixels of the earlier and the later dot: the earlier is seen around the later
_NO_FIGURE = "\u2026"
_ABOVE = ("region", "nation")
_BLUE, _DARK = "#0072b2", "#1a1a1a"


def dots(chart: Chart, words: Words) -> str:
    """The earlier figure hollow, the later one filled, a line between them; the largest later figure first.

    A dashed line stands for two figures that a break of the series keeps apart. The region and the nation are dark and
    bold, the province whose page it is has a colour of its own; where region and nation are totals that would dwarf the
    provinces, they stand below with their figures and without dots.
    """
    apart = totals(chart.series)
    found = sorted(chart.series, key=lambda one: (one in apart, *_by_later(one, chart.periods[-1])))
    plotted = [one for one in found if one not in apart]
    numbers = [float(number_of(figure)) for one in plotted for _, figure in one.points]
    texts = max(text_width(text_of(figure), SMALL) for one in plotted for _, figure in one.points)
    names = max(text_width(one.name) for one in found) + 14
    start, end = names + texts + _RADIUS + 6, WIDTH - texts - _RADIUS - 10
    low, high = min(numbers), max(numbers)
    across = Axis(low, high, start, end) if high > low else Axis(low - 1, low + 1, start, end)
    top = 30.0
    cut = {one.name for one in plotted if _cut(chart, one)}
    layers = [*_heading(chart, names, words if cut else None), *_guides(len(plotted), names, top)]
    layers += _ties(plotted, cut, across, top)
    layers += _labels(chart, plotted, across, top)
    for period in chart.periods:
        layers += _dots(chart, plotted, period, across, top)
    layers += _names(found, names - 14, top)
    for place, one in enumerate(found):
        if one in apart:
            layers += _figures(chart, one, place, (names, _middle(place, top)))
    return frame(round(top + _STEP * len(found)), 0, 0, 2, 0, layers)


def _by_later(series: Series, later: Period) -> tuple[bool, float]:
    """The largest later figure first; who has none comes last."""
    figure = dict(series.points).get(later)
    return figure is None, 0.0 if figure is None else -float(number_of(figure))


def _cut(chart: Chart, series: Series) -> bool:
    return any(chart.periods[0] < one <= chart.periods[-1] for one in broken(chart, series))


def _heading(chart: Chart, names: float, words: Words | None) -> list[Json]:
    """The unit at the left; above the plot which dot is which period, and what a dashed line means."""
    layers = [text_at(0, 9, unit_of(chart), fill=MUTED)] if unit_of(chart) else []
    x = max(names, text_width(unit_of(chart)) + 24)
    inks = [_ink(one) for one in chart.series if not one.own] or [OWN_TEXT]
    for period in chart.periods:
        layers += _dot([spot(x + _RADIUS, 9)], inks[0], later=period == chart.periods[-1])
        layers.append(text_at(x + 16, 9, str(period)))
        x += 16 + text_width(str(period)) + 22
    if words is not None:
        layers += _rule([spot(x, 9) | {"x2": x + 26}], {"stroke": MUTED, "strokeDash": [4, 3]}, 2)
        layers.append(text_at(x + 33, 9, words.series_break, fontSize=SMALL, fill=MUTED))
    return layers


def _ink(series: Series) -> str:
    """The colour of its dots: dark above the provinces, and another one for the province whose page it is."""
    return _DARK if series.kind in _ABOVE else OWN_TEXT if series.own else _BLUE


def _stands_out(series: Series) -> bool:
    return series.kind in _ABOVE or series.own


def _dot(rows: list[Json], ink: str, *, later: bool, heard: bool = False) -> list[Json]:
    """Dots of one period: hollow for the earlier one, filled for the later."""
    style: Json = {"fill": ink if later else "#ffffff", "stroke": ink, "strokeWidth": 1.6, "opacity": 1}
    says = HEARD if heard else {}
    return layer_at(rows, SAYS if heard else {}, type="point", shape="circle", size=_SIZES[later], **style, **says)


def _rule(rows: list[Json], style: Json, width: float) -> list[Json]:
    return layer_at(rows, {"x2": X2}, type="rule", strokeWidth=width, **style)


def _guides(count: int, names: float, top: float) -> list[Json]:
    rows: list[Json] = [{"x": names - 8, "x2": WIDTH, "y": _middle(place, top)} for place in range(count)]
    return _rule(rows, {"stroke": GRID}, 0.75)


def _ties(plotted: list[Series], cut: set[str], across: Axis, top: float) -> list[Json]:
    layers: list[Json] = []
    for dashed in (False, True):
        rows = []
        for place, one in enumerate(plotted):
            ends = sorted(round(across.pixel(float(number_of(figure))), 2) for _, figure in one.points)
            if len(ends) > 1 and (one.name in cut) is dashed:
                rows.append({"x": ends[0], "x2": ends[-1], "y": _middle(place, top)})
        style: Json = {"stroke": "#8c8c8c"} | ({"strokeDash": [4, 3]} if dashed else {})
        layers += _rule(rows, style, 2.5)
    return layers


def _dots(chart: Chart, plotted: list[Series], period: Period, across: Axis, top: float) -> list[Json]:
    """The dots of one period, each of which says its figure."""
    layers: list[Json] = []
    for ink in dict.fromkeys(map(_ink, plotted)):
        rows = [
            {
                "x": round(across.pixel(float(number_of(figure))), 2),
                "y": _middle(place, top),
                FIELD: told(place, chart.periods.index(period), one.name, period, figure),
            }
            for place, one in enumerate(plotted)
            if _ink(one) == ink
            for shown, figure in one.points
            if shown == period
        ]
        layers += _dot(rows, ink, later=period == chart.periods[-1], heard=True)
    return layers


def _labels(chart: Chart, plotted: list[Series], across: Axis, top: float) -> list[Json]:
    """The two figures of each row at the outer sides of their dots, the earlier one grey; three points for none."""
    rows: dict[tuple[bool, bool, int], list[Json]] = {}
    for place, one in enumerate(plotted):
        ordered = sorted(one.points, key=lambda pair: (number_of(pair[1]), pair[0]))
        for (period, figure), side in zip((ordered[0], ordered[-1]), (-1, 1), strict=True):
            later = period == chart.periods[-1]
            lone = len(ordered) == 1 and later is (side < 0)
            x = across.pixel(float(number_of(figure))) + side * (_RADIUS + 5)
            text = _NO_FIGURE if lone else text_of(figure)
            rows.setdefault((_stands_out(one), later, side), []).append(spot(x, _middle(place, top), text))
    layers: list[Json] = []
    for (above, later, side), found in sorted(rows.items()):
        style: Json = {"fill": INK if later else MUTED, "fontWeight": BOLD if above else 400, "fontSize": SMALL}
        layers += texts_at(found, align="right" if side < 0 else "left", **style)
    return layers


def _names(found: list[Series], right: float, top: float) -> list[Json]:
    layers: list[Json] = []
    for bold in (False, True):
        rows = [
            spot(right, _middle(place, top), one.name) for place, one in enumerate(found) if _stands_out(one) is bold
        ]
        layers += texts_at(rows, align="right", fontWeight=BOLD if bold else 400)
    return layers


def _middle(place: int, top: float) -> float:
    return top + _STEP * (place + 0.5)


def _figures(chart: Chart, series: Series, place: int, start: tuple[float, float]) -> list[Json]:
    """The figures of a total, as text after its name."""
    x, y = start
    layers = []
    for period, figure in series.points:
        text = f"{period}: {text_of(figure)}"
        layer = text_at(x, y, text, fontSize=SMALL, fontWeight=BOLD)
        says = told(place, chart.periods.index(period), series.name, period, figure)
        data = {"data": {"values": [{FIELD: says}]}}
        layers.append(layer | data | {"mark": layer["mark"] | HEARD, "encoding": layer["encoding"] | SAYS})
        x += text_width(text, SMALL) + 18
    return layers

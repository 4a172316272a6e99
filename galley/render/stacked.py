"""Stacked bars as a Vega-Lite specification: the parts of a whole by period."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from galley.render.bars import cut_rules
from galley.render.look import (
    GRID,
    INK,
    LINE_HEIGHT,
    MUTED,
    PLOT_HEIGHT,
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
    spread,
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
from galley.render.periods import breaks, named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from galley.bind.objects import Chart
    from galley.model import Period

# Neighbours differ in lightness, so that the parts are told apart in grey; the second colour is that of text on them.
_FILLS = (
    ("#0b3a69", "#ffffff"),
    ("#efb118", "#000000"),
    ("#d6ecf7", "#000000"),
    ("#00735a", "#ffffff"),
    ("#ffffff", "#000000"),
    ("#94467a", "#ffffff"),
)
_NAME_WIDTH = 130.0
_WIDEST = 56.0
_NO_FIGURE = "\u2026"


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of a bar: the series it belongs to, its period, from where to where, and its figure's words."""

    place: int
    period: Period
    low: Decimal
    high: Decimal
    text: str
    says: str


def stacked(chart: Chart, words: Words) -> str:
    """A bar for each period, its parts from below in the order given, each part named at the right.

    A period in which a part has no figure has three points instead of a bar: a partial sum is never shown as a whole.
    """
    parts = [part for period in chart.periods for part in _stack(chart, period)]
    marks = ticks(min((one.low for one in parts), default=Decimal(0)),
                  max((one.high for one in parts), default=Decimal(1)), zero=True)  # fmt: skip
    labels = [wrap(one.name, _NAME_WIDTH) for one in chart.series]
    left = max(text_width(tick_text(one, marks)) for one in marks) + 10
    right = max(text_width(line) for label in labels for line in label) + 44
    upward = Axis(float(marks[0]), float(marks[-1]), PLOT_HEIGHT, 0)
    step = (WIDTH - round(left) - round(right)) / len(chart.periods)
    middles = {period: step * (place + 0.5) for place, period in enumerate(chart.periods)}
    cuts = breaks(chart, chart.series, middles)
    top = 28 + (16 if cuts else 0)
    layers = [
        text_at(-round(left), 10 - top, unit_of(chart), fill=MUTED),
        *_grid(marks, upward, step * len(chart.periods)),
        *cut_rules(cuts, words, step * len(chart.periods)),
        *_bars(chart, parts, middles, upward, min(step * 0.76, _WIDEST)),
        *_foot(chart, parts, middles),
        *_names(parts, labels, middles, upward, step * len(chart.periods), min(step * 0.76, _WIDEST)),
    ]
    return frame(PLOT_HEIGHT, top, right, 30, left, layers)


def _stack(chart: Chart, period: Period) -> list[_Part]:
    """The parts of a period, one upon the other, what is below zero downward; none where a figure is missing."""
    found: list[_Part] = []
    ends = {False: Decimal(0), True: Decimal(0)}
    for place, one in enumerate(chart.series):
        figure = dict(one.points).get(period)
        if figure is None:
            return []
        number = number_of(figure)
        start = ends[number < 0]
        ends[number < 0] += number
        says = told(place, chart.periods.index(period), one.name, period, figure)
        low, high = sorted((start, start + number))
        found.append(_Part(place, period, low, high, text_of(figure), says))
    return found


def _grid(marks: Sequence[Decimal], upward: Axis, width: float) -> list[Json]:
    rows = [spot(0, upward.pixel(float(one))) | {"x2": width} for one in marks]
    numbers = [spot(-8, upward.pixel(float(one)), tick_text(one, tuple(marks))) for one in marks]
    return [*layer_at(rows, {"x2": X2}, type="rule", stroke=GRID, strokeWidth=0.75), *texts_at(numbers, align="right")]


def _bars(chart: Chart, parts: list[_Part], middles: dict[Period, float], upward: Axis, width: float) -> list[Json]:
    """The parts, each of which says its figure, and the figures written on those that have room for them."""
    layers: list[Json] = []
    for place in range(len(chart.series)):
        fill, ink = _FILLS[place % len(_FILLS)]
        own = [one for one in parts if one.place == place]
        rows: list[Json] = [
            {
                "x": round(middles[one.period] - width / 2, 2),
                "x2": round(middles[one.period] + width / 2, 2),
                "y": round(upward.pixel(float(one.high)), 2),
                "y2": round(upward.pixel(float(one.low)), 2),
                FIELD: one.says,
            }
            for one in own
        ]
        layers += layer_at(rows, {"x2": X2, "y2": Y2} | SAYS, **_rect(fill), **HEARD)
        written = [
            spot(middles[one.period], (row["y"] + row["y2"]) / 2, one.text)
            for one, row in zip(own, rows, strict=True)
            if text_width(one.text, SMALL) <= width - 2 and row["y2"] - row["y"] >= LINE_HEIGHT - 1
        ]
        layers += texts_at(written, align="center", fontSize=SMALL, fill=ink)
    return layers


def _rect(fill: str) -> Json:
    return {"type": "rect", "fill": fill, "stroke": INK, "strokeWidth": 0.6}


def _foot(chart: Chart, parts: list[_Part], middles: dict[Period, float]) -> list[Json]:
    """The periods under the bars, and three points where a period has no bar."""
    whole = {one.period for one in parts}
    feet = [spot(middles[one], PLOT_HEIGHT + 15, str(one)) for one in named(middles)]
    gaps = [spot(middles[one], PLOT_HEIGHT - 8, _NO_FIGURE) for one in chart.periods if one not in whole]
    return texts_at([*feet, *gaps], align="center")


def _names(  # noqa: PLR0913 - the parts, and where they stand
    parts: list[_Part],
    labels: list[list[str]],
    middles: dict[Period, float],
    upward: Axis,
    width: float,
    bar: float,
) -> list[Json]:
    """The name of each part at the right of the last bar, with its colour and a hairline to its part."""
    if not parts:
        return []
    last = [one for one in parts if one.period == parts[-1].period]
    wanted = [upward.pixel(float(one.low + one.high) / 2) for one in last]
    sizes = [LINE_HEIGHT * len(label) + 4.0 for label in labels]
    layers: list[Json] = []
    for part, label, at, middle in zip(last, labels, wanted, spread(wanted, sizes, 0, PLOT_HEIGHT), strict=True):
        fill = _FILLS[part.place % len(_FILLS)][0]
        tie = {
            "x": round(middles[part.period] + bar / 2, 2),
            "x2": width + 8,
            "y": round(at, 2),
            "y2": round(middle, 2),
        }
        first = middle - LINE_HEIGHT * (len(label) - 1) / 2
        swatch = {"x": width + 10, "x2": width + 22, "y": round(first - 6, 2), "y2": round(first + 6, 2)}
        both = {"x2": X2, "y2": Y2}
        layers += layer_at([tie], both, type="rule", stroke=MUTED, strokeWidth=0.6, strokeDash=[1, 2])
        layers += layer_at([swatch], both, **_rect(fill))
        layers.append(text_at(width + 28, first, label))
    return layers

"""Bars as a Vega-Lite specification: upright in groups by period, or level and ranked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from galley.render.look import (
    BOLD,
    INK,
    MUTED,
    OWN,
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
    styles,
    text_at,
    text_of,
    text_width,
    tick_text,
    ticks,
    unit_of,
    upward_axis,
)
from galley.render.marks import FIELD, HEARD, SAYS, told
from galley.render.periods import breaks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from galley.bind.objects import Chart, Series
    from galley.model import Period


_BAR_STEP = 18
_DWARFED = 3


def bars(chart: Chart, words: Words) -> str:
    """Upright bars in a group for each period, from zero; a row above them says which bar is whose."""
    looks = styles(tuple(one.kind for one in chart.series))
    numbers = [number_of(figure) for one in chart.series for _, figure in one.points]
    marks = ticks(min(numbers), max(numbers), zero=True)
    left = max(text_width(tick_text(one, marks)) for one in marks) + 10
    width = WIDTH - round(left) - 4
    legend, rows = _bar_legend(chart.series, looks, -round(left), width)
    top = 28 + 20 * rows
    layers = [text_at(-round(left), 10 - 28, unit_of(chart), fill=MUTED), *(_moved(one, 10 - top) for one in legend)]
    upward = Axis(float(marks[0]), float(marks[-1]), PLOT_HEIGHT, 0)
    periods = sorted({period for one in chart.series for period, _ in one.points})
    axes = {"x": _groups(periods), "y": upward_axis(marks, upward), "xOffset": _offsets(len(chart.series))}
    step = width / len(periods) * 0.8 / len(chart.series)
    fits = max(text_width(text_of(figure), SMALL) for one in chart.series for _, figure in one.points) <= step + 6
    for place, (one, look) in enumerate(zip(chart.series, looks, strict=True)):
        layers += _upright(one, place, look, axes, periods, labelled=fits)
    layers.append(_zero(axes["y"], "y"))
    middles = {period: width / len(periods) * (place + 0.5) for place, period in enumerate(periods)}
    layers += cut_rules(breaks(chart, chart.series, middles), words, width)
    return frame(PLOT_HEIGHT, top, 4, 30, left, layers)


def cut_rules(places: list[float], words: Words, width: float) -> list[Json]:
    """A dashed rule at each place, from pixels, where bars on both sides do not compare; the first one is named."""
    if not places:
        return []
    half = text_width(words.series_break, SMALL) / 2
    mark = {"type": "rule", "stroke": MUTED, "strokeWidth": 0.75, "strokeDash": [3, 3]}
    rules: list[Json] = [
        {
            "data": {"values": [{}]},
            "mark": mark,
            "encoding": {"x": {"value": round(x, 1)}, "y": {"value": -4}, "y2": {"value": PLOT_HEIGHT}},
        }
        for x in places
    ]
    middle = min(max(places[0], half), max(width - half, half))
    return [*rules, text_at(middle, -12, words.series_break, align="center", fontSize=SMALL, fill=MUTED)]


def _groups(periods: Sequence[Period]) -> Json:
    return {
        "field": "x",
        "type": "ordinal",
        "scale": {"domain": [str(one) for one in periods], "paddingInner": 0.2, "paddingOuter": 0.1},
        "axis": {
            "labelAngle": 0,
            "labelOverlap": False,
            "grid": False,
            "ticks": False,
            "domain": False,
            "labelPadding": 6,
        },
    }


def _offsets(count: int) -> Json:
    return {"field": "place", "type": "ordinal", "scale": {"domain": list(range(count)), "paddingInner": 0.06}}


def _upright(  # noqa: PLR0913 - a series, its look and where its bars stand
    series: Series, place: int, look: Style, axes: Json, periods: Sequence[Period], *, labelled: bool
) -> list[Json]:
    rows = [
        {
            "x": str(period),
            "y": plain(number_of(figure)),
            "place": place,
            "text": text_of(figure),
            FIELD: told(place, periods.index(period), series.name, period, figure),
        }
        for period, figure in series.points
    ]
    mark = {"type": "bar", "fill": look.fill, "stroke": INK, "strokeWidth": 0.6}
    layers: list[Json] = [{"data": {"values": rows}, "mark": mark | HEARD, "encoding": axes | SAYS}]
    if labelled:
        for below, part in _by_sign(rows, "y"):
            text = {"type": "text", "dy": 8 if below else -7, "align": "center", "fontSize": SMALL}
            layers.append({"data": {"values": part}, "mark": text, "encoding": axes | {"text": {"field": "text"}}})
    return layers


def _by_sign(rows: list[Json], field: str) -> Iterable[tuple[bool, list[Json]]]:
    for below in (False, True):
        part = [row for row in rows if (row[field] < 0) is below]
        if part:
            yield below, part


def _zero(axis: Json, channel: str) -> Json:
    mark = {"type": "rule", "stroke": MUTED, "strokeWidth": 1}
    return {"data": {"values": [{channel: 0}]}, "mark": mark, "encoding": {channel: axis}}


def _bar_legend(series: Sequence[Series], looks: Sequence[Style], start: float, end: float) -> tuple[list[Json], int]:
    """A swatch and a name for each series in rows of 20 px from y = 0, and how many rows they take."""
    if len(series) == 1:
        return [], 0
    layers, x, row = [], start, 0
    for one, look in zip(series, looks, strict=True):
        if x > start and x + 20 + text_width(one.name) > end:
            x, row = start, row + 1
        layers.append(_swatch(x, 20 * row - 6, look.fill))
        layers.append(text_at(x + 18, 20 * row, one.name))
        x += 18 + text_width(one.name) + 22
    return layers, row + 1


def _swatch(x: float, y: float, fill: str) -> Json:
    mark = {"type": "rect", "fill": fill, "stroke": INK, "strokeWidth": 0.6}
    sides = {"x": x, "x2": x + 12, "y": y, "y2": y + 12}
    encoding = {name: {"value": round(value, 1)} for name, value in sides.items()}
    return {"data": {"values": [{}]}, "mark": mark, "encoding": encoding}


def _moved(layer: Json, down: float) -> Json:
    encoding = {
        name: {"value": round(at["value"] + down, 1)} if name in ("y", "y2") else at
        for name, at in layer["encoding"].items()
    }
    return layer | {"encoding": encoding}


def ranking(chart: Chart, *, ordered: bool) -> str:
    """Level bars of one period, each with its figure at its end; largest first where `ordered`, else as given.

    The region is dark, the nation hollow, so that they are found among the provinces in black and white too; the
    province whose page it is has a bar of another colour and a bold name. Where region and nation are totals that would
    dwarf the provinces, they stand below with their figures and without bars.
    """
    found = [(one, one.points[-1][1]) for one in chart.series]
    if ordered:
        found.sort(key=lambda pair: number_of(pair[1]), reverse=True)
    above = totals(chart.series)
    found.sort(key=lambda pair: pair[0] in above)
    rows: list[Json] = [
        {
            "place": place,
            "x": plain(number_of(figure)),
            "name": one.name,
            "text": text_of(figure),
            "kind": "own" if one.own else one.kind,
            FIELD: told(place, 0, one.name, one.points[-1][0], figure),
        }
        for place, (one, figure) in enumerate(found)
    ]
    drawn = rows[: len(rows) - len(above)]
    left = max(text_width(one.name) for one, _ in found) + 10
    right = max(text_width(text_of(figure)) for _, figure in found) + 10
    inner = round(right) if any(row["x"] < 0 for row in drawn) else 0
    width = WIDTH - round(left) - round(right)
    axes = _level_axes(len(rows), [row["x"] for row in drawn], (inner, width))
    top = 26 if unit_of(chart) else 4
    layers = [*_level(drawn, axes), _zero(axes["x"], "x"), *_beneath(rows[len(drawn) :], axes, inner)]
    if unit_of(chart):
        layers.append(text_at(inner, 10 - top, unit_of(chart), fill=MUTED))
    return frame(_BAR_STEP * len(rows), top, right, 4, left, layers)


def totals(series: Sequence[Series]) -> tuple[Series, ...]:
    """The region and the nation where they are many times larger than the largest province."""
    provinces = [number_of(one.points[-1][1]) for one in series if one.kind == "province"]
    above = [one for one in series if one.kind in ("region", "nation")]
    largest = max(map(abs, provinces), default=None)
    if largest is None:
        return ()
    return tuple(one for one in above if abs(number_of(one.points[-1][1])) > _DWARFED * largest)


def _level_axes(count: int, numbers: list[float], span: tuple[int, int]) -> Json:
    scale = {"domain": [min(*numbers, 0), max(*numbers, 0) or 1], "range": list(span), "nice": False}
    rows = {"domain": list(range(count)), "paddingInner": 0.28, "paddingOuter": 0.14}
    return {
        "y": {"field": "place", "type": "ordinal", "axis": None, "scale": rows},
        "x": {"field": "x", "type": "quantitative", "axis": None, "scale": scale},
    }


def _beneath(rows: list[Json], axes: Json, start: float) -> list[Json]:
    """Names and figures alone, right under the bars."""
    layers: list[Json] = []
    for field, at, align in (("name", -8, "right"), ("text", start + 5, "left")):
        says = field == "text"
        mark = {"type": "text", "align": align, "fontWeight": BOLD} | (HEARD if says else {})
        encoding = {"y": axes["y"], "x": {"value": at}, "text": {"field": field}} | (SAYS if says else {})
        part = [{name: row[name] for name in ("place", field, FIELD)} for row in rows]
        layers += [{"data": {"values": part}, "mark": mark, "encoding": encoding}] if rows else []
    return layers


def _level(rows: list[Json], axes: Json) -> list[Json]:
    fills = {"own": OWN, "region": "#333333", "nation": "#ffffff"} if len({row["kind"] for row in rows}) > 1 else {}
    layers: list[Json] = []
    for kind in sorted({row["kind"] for row in rows}):
        part = [
            {name: row[name] for name in ("place", "x", "name", "text", FIELD)} for row in rows if row["kind"] == kind
        ]
        weight = BOLD if kind in fills else 400
        mark = {"type": "bar", "fill": fills.get(kind, "#5a9bc9"), "stroke": INK, "strokeWidth": 0.6}
        layers.append({"data": {"values": part}, "mark": mark | HEARD, "encoding": axes | SAYS})
        name = {"type": "text", "align": "right", "fontWeight": weight}
        encoding = {"y": axes["y"], "x": {"value": -8}, "text": {"field": "name"}}
        layers.append({"data": {"values": part}, "mark": name, "encoding": encoding})
        for below, signed in _by_sign(part, "x"):
            text = {
                "type": "text",
                "dx": -5 if below else 5,
                "align": "right" if below else "left",
                "fontWeight": weight,
            }
            layers.append({"data": {"values": signed}, "mark": text, "encoding": axes | {"text": {"field": "text"}}})
    return layers

"""Lines, grouped bars and ranked bars as Vega-Lite specifications."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from galley.render.look import (
    BOLD,
    GRID,
    INK,
    LINE_HEIGHT,
    MUTED,
    SMALL,
    TEXT,
    WIDTH,
    Json,
    Style,
    Words,
    decimals_of,
    frame,
    plain,
    spread,
    styles,
    text_at,
    text_width,
    ticks,
    wrap,
)
from galley.model import ObservationStatus
from galley.vietnamese import NBSP, format_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from galley.bind.figures import Figure
    from galley.bind.objects import Chart, Series
    from galley.model import Period

_PLOT_HEIGHT = 220
_NAME_WIDTH = 120.0
_YEAR_GAP = 42.0
_INSET = 10
_BAR_STEP = 20
_DWARFED = 3


@dataclass(frozen=True, slots=True)
class _Axis:
    """A scale from numbers to pixels, as Vega-Lite has it and as it is reckoned with here."""

    low: float
    high: float
    start: float
    end: float

    def pixel(self, number: float) -> float:
        return self.start + (number - self.low) / (self.high - self.low) * (self.end - self.start)

    def number(self, pixel: float) -> float:
        return self.low + (pixel - self.start) / (self.end - self.start) * (self.high - self.low)


def _number(figure: Figure) -> Decimal:
    return Decimal(0) if figure.number is None else figure.number


def _text(figure: Figure) -> str:
    return format_number(_number(figure), figure.decimals)


def _unit(chart: Chart) -> str:
    return chart.unit.name if chart.unit is not None else ""


def lines(chart: Chart, words: Words) -> str:
    """Lines over time, each with its name and last figure at its end; a missing figure is a gap."""
    positions = _positions(chart)
    looks = styles(tuple(one.kind for one in chart.series))
    numbers = [_number(figure) for one in chart.series for _, figure in one.points]
    low, high = min(numbers), max(numbers)
    marks = ticks(low, high, zero=low <= 0 or low <= high * Decimal("0.4"))
    labels = [_end_label(one, chart.periods[-1]) for one in chart.series]
    left = max(text_width(format_number(one, decimals_of(marks))) for one in marks) + 10
    right = max(text_width(line) for label in labels for line in label) + 26
    breaks = _breaks(chart, positions)
    top = 28 + (16 if breaks else 0)
    sizes = [LINE_HEIGHT * len(label) + 2.0 for label in labels]
    height = max(_PLOT_HEIGHT, round(sum(sizes)))
    width = WIDTH - round(left) - round(right)
    across = _Axis(min(positions.values()), max(positions.values()), _INSET, width - _INSET)
    upward = _Axis(float(marks[0]), float(marks[-1]), height, 0)
    x, y = _time(positions, across), _figures(marks, upward)
    layers = [
        text_at(-round(left), 10 - top, _unit(chart), fill=MUTED),
        *_break_rules(breaks, x, across, words, height),
        *(
            _line(one, look, _segments(chart, one), {"x": x, "y": y}, positions)
            for one, look in sorted(zip(chart.series, looks, strict=True), key=lambda pair: pair[1].weight)
        ),
    ]
    wanted = [upward.pixel(float(_number(one.points[-1][1]))) for one in chart.series]
    middles = spread(wanted, sizes, -8, height + 8)
    for one, look, label, middle in zip(chart.series, looks, labels, middles, strict=True):
        layers += _label_line(one, look, label, (width, middle), {"x": x, "y": y}, (positions, upward))
    if len(chart.series) == 1:
        layers += _point_labels(chart.series[0], {"x": x, "y": y}, positions, across)
    return frame(height, top, right, 30, left, layers)


def _positions(chart: Chart) -> dict[Period, int]:
    """Where each period stands on the time axis: at its year, or one after the other when some are not years."""
    shown = sorted({period for one in chart.series for period, _ in one.points})
    if any(one.quarter or one.month or one.end_year for one in shown):
        return {one: place for place, one in enumerate(shown)}
    return {one: one.year for one in shown}


def _time(positions: dict[Period, int], across: _Axis) -> Json:
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


def _figures(marks: tuple[Decimal, ...], upward: _Axis) -> Json:
    return {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [upward.low, upward.high], "range": [upward.start, upward.end], "nice": False},
        "axis": {
            "values": [plain(one) for one in marks],
            "format": f",.{decimals_of(marks)}f",
            "labelOverlap": False,
            "domain": False,
            "ticks": False,
            "labelPadding": 8,
        },
    }


def _end_label(series: Series, last: Period) -> list[str]:
    period, figure = series.points[-1]
    when = "" if period == last else f"{NBSP}({period})"
    return wrap(f"{series.name}{when}: {_text(figure)}", _NAME_WIDTH)


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


def _break_rules(places: list[float], x: Json, across: _Axis, words: Words, height: int) -> list[Json]:
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


def _line(
    series: Series, look: Style, segments: list[int], axes: Json, positions: dict[Period, int]
) -> Json:
    rows = [
        {"x": positions[period], "y": plain(_number(figure)), "segment": segment}
        for (period, figure), segment in zip(series.points, segments, strict=True)
    ]
    point = {"shape": look.marker, "fill": look.stroke, "size": 34, "opacity": 1, "stroke": "#ffffff", "strokeWidth": 0.5}
    mark = {"type": "line", "stroke": look.stroke, "strokeWidth": look.width, "strokeDash": list(look.dash), "point": point}
    detail = {"field": "segment", "type": "nominal"}
    return {"data": {"values": rows}, "mark": mark, "encoding": axes | {"detail": detail}}


def _label_line(  # noqa: PLR0913, PLR0917 - a series, its look and where its label stands
    series: Series,
    look: Style,
    label: list[str],
    place: tuple[float, float],
    axes: Json,
    scales: tuple[dict[Period, int], _Axis],
) -> list[Json]:
    """The label at the right edge and a hairline from the last point to it."""
    width, middle = place
    positions, upward = scales
    period, figure = series.points[-1]
    tie: Json = {
        "data": {
            "values": [
                {"x": positions[period], "y": plain(_number(figure)), "end": round(upward.number(middle), 6)},
            ]
        },
        "mark": {"type": "rule", "stroke": look.stroke, "strokeWidth": 0.6, "strokeDash": [1, 2]},
        "encoding": axes | {"x2": {"value": width + 8}, "y2": {"field": "end"}},
    }
    first = middle - LINE_HEIGHT * (len(label) - 1) / 2
    return [tie, text_at(width + 11, first, label, fill=look.stroke, fontWeight=look.weight)]


def _point_labels(series: Series, axes: Json, positions: dict[Period, int], across: _Axis) -> list[Json]:
    """The figures above the points of a single line, when there is room for all of them; the last is in its label."""
    places = [across.pixel(positions[period]) for period, _ in series.points]
    room = min((after - before for before, after in zip(places, places[1:], strict=False)), default=0)
    if room < max(text_width(_text(figure), SMALL) for _, figure in series.points) + 4:
        return []
    rows = [
        {"x": positions[period], "y": plain(_number(figure)), "text": _text(figure)}
        for period, figure in series.points[:-1]
    ]
    mark = {"type": "text", "dy": -11, "align": "center", "fontSize": SMALL}
    return [{"data": {"values": rows}, "mark": mark, "encoding": axes | {"text": {"field": "text"}}}]


def bars(chart: Chart) -> str:
    """Upright bars in a group for each period, from zero; a row above them says which bar is whose."""
    looks = styles(tuple(one.kind for one in chart.series))
    numbers = [_number(figure) for one in chart.series for _, figure in one.points]
    marks = ticks(min(numbers), max(numbers), zero=True)
    left = max(text_width(format_number(one, decimals_of(marks))) for one in marks) + 10
    width = WIDTH - round(left) - 4
    legend, rows = _bar_legend(chart.series, looks, -round(left), width)
    top = 28 + 20 * rows
    layers = [text_at(-round(left), 10 - 28, _unit(chart), fill=MUTED), *(_moved(one, 10 - top) for one in legend)]
    upward = _Axis(float(marks[0]), float(marks[-1]), _PLOT_HEIGHT, 0)
    periods = sorted({period for one in chart.series for period, _ in one.points})
    axes = {"x": _groups(periods), "y": _figures(marks, upward), "xOffset": _offsets(len(chart.series))}
    step = width / len(periods) * 0.8 / len(chart.series)
    fits = max(text_width(_text(figure), SMALL) for one in chart.series for _, figure in one.points) <= step + 6
    for place, (one, look) in enumerate(zip(chart.series, looks, strict=True)):
        layers += _upright(one, place, look, axes, labelled=fits)
    layers.append(_zero(axes["y"], "y"))
    return frame(_PLOT_HEIGHT, top, 4, 30, left, layers)


def _groups(periods: Sequence[Period]) -> Json:
    return {
        "field": "x",
        "type": "ordinal",
        "scale": {"domain": [str(one) for one in periods], "paddingInner": 0.2, "paddingOuter": 0.1},
        "axis": {"labelAngle": 0, "labelOverlap": True, "grid": False, "ticks": False, "domain": False, "labelPadding": 6},
    }


def _offsets(count: int) -> Json:
    return {"field": "place", "type": "ordinal", "scale": {"domain": list(range(count)), "paddingInner": 0.06}}


def _upright(series: Series, place: int, look: Style, axes: Json, *, labelled: bool) -> list[Json]:
    rows = [
        {"x": str(period), "y": plain(_number(figure)), "place": place, "text": _text(figure)}
        for period, figure in series.points
    ]
    mark = {"type": "bar", "fill": look.fill, "stroke": INK, "strokeWidth": 0.6}
    layers: list[Json] = [{"data": {"values": rows}, "mark": mark, "encoding": axes}]
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

    The region is dark, the nation hollow, so that they are found among the provinces in black and white too. Where
    they are totals that would dwarf the provinces, they stand below with their figures and without bars.
    """
    found = [(one, one.points[-1][1]) for one in chart.series]
    if ordered:
        found.sort(key=lambda pair: _number(pair[1]), reverse=True)
    totals = _totals(chart.series)
    found.sort(key=lambda pair: pair[0] in totals)
    rows = [
        {"place": place, "x": plain(_number(figure)), "name": one.name, "text": _text(figure), "kind": one.kind}
        for place, (one, figure) in enumerate(found)
    ]
    drawn = rows[: len(rows) - len(totals)]
    left = max(text_width(row["name"]) for row in rows) + 10
    right = max(text_width(row["text"]) for row in rows) + 10
    inner = round(right) if any(row["x"] < 0 for row in drawn) else 0
    width = WIDTH - round(left) - round(right)
    axes = _level_axes(len(rows), [row["x"] for row in drawn], (inner, width))
    top = 26 if _unit(chart) else 4
    layers = [*_level(drawn, axes), _zero(axes["x"], "x"), *_beneath(rows[len(drawn) :], axes, inner)]
    if _unit(chart):
        layers.append(text_at(inner, 10 - top, _unit(chart), fill=MUTED))
    return frame(_BAR_STEP * len(rows), top, right, 4, left, layers)


def _totals(series: Sequence[Series]) -> tuple[Series, ...]:
    """The region and the nation where they are many times larger than the largest province."""
    provinces = [_number(one.points[-1][1]) for one in series if one.kind == "province"]
    above = [one for one in series if one.kind in ("region", "nation")]
    largest = max(map(abs, provinces), default=None)
    if largest is None:
        return ()
    return tuple(one for one in above if abs(_number(one.points[-1][1])) > _DWARFED * largest)


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
        mark = {"type": "text", "align": align, "fontWeight": BOLD}
        encoding = {"y": axes["y"], "x": {"value": at}, "text": {"field": field}}
        part = [{"place": row["place"], field: row[field]} for row in rows]
        layers += [{"data": {"values": part}, "mark": mark, "encoding": encoding}] if rows else []
    return layers


def _level(rows: list[Json], axes: Json) -> list[Json]:
    fills = {"region": "#333333", "nation": "#ffffff"} if len({row["kind"] for row in rows}) > 1 else {}
    layers: list[Json] = []
    for kind in sorted({row["kind"] for row in rows}):
        part = [{name: row[name] for name in ("place", "x", "name", "text")} for row in rows if row["kind"] == kind]
        weight = BOLD if kind in fills else 400
        mark = {"type": "bar", "fill": fills.get(kind, "#5a9bc9"), "stroke": INK, "strokeWidth": 0.6}
        layers.append({"data": {"values": part}, "mark": mark, "encoding": axes})
        name = {"type": "text", "align": "right", "fontWeight": weight}
        encoding = {"y": axes["y"], "x": {"value": -8}, "text": {"field": "name"}}
        layers.append({"data": {"values": part}, "mark": name, "encoding": encoding})
        for below, signed in _by_sign(part, "x"):
            text = {"type": "text", "dx": -5 if below else 5, "align": "right" if below else "left", "fontWeight": weight}
            layers.append({"data": {"values": signed}, "mark": text, "encoding": axes | {"text": {"field": "text"}}})
    return layers

"""A tile map as a Vega-Lite specification: one square a province, placed by hand as on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from galley.render.look import (
    BOLD,
    INK,
    LINE_HEIGHT,
    MUTED,
    SMALL,
    TEXT,
    WIDTH,
    Json,
    Words,
    frame,
    halve,
    text_at,
    text_width,
    wrap,
)
from galley.render.marks import FIELD, HEARD, SAYS, told, told_text
from galley.vietnamese import format_number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from galley.bind.objects import Tile, TileMap
    from galley.model import Period

_SIDE = 74
_STEP = 79
_DARK_FROM = 3
# Five shades of one hue, from light to dark; text on them has a contrast of at least 4.5:1, black on 1-3, white on 4-5.
_SHADES = ("#e9f2fa", "#bcd8ec", "#82b6dc", "#2c6fa8", "#0b3a69")
_NO_DATA = "\u2026"


def tiles(shown: TileMap, words: Words) -> str:
    """Squares shaded in up to five classes of about equally many provinces, with name, figure and a legend."""
    numbers = [one.figure.number for one in shown.tiles if one.figure is not None and one.figure.number is not None]
    groups = classes(numbers)
    shades = _shades(len(groups))
    layers: list[Json] = []
    for tile in shown.tiles:
        layers += _square(tile, groups, shades, _told(tile, shown.period, words))
    columns = max((tile.column for tile in shown.tiles), default=0) + 1
    rows = max((tile.row for tile in shown.tiles), default=0) + 1
    missing = len(numbers) < len(shown.tiles)
    unit = shown.unit.name if shown.unit is not None else ""
    labels = [_bounds(group, shown.indicator.decimals) for group in groups]
    start = columns * _STEP + 20
    legend = _legend(list(zip(labels, shades, strict=True)), unit, words.no_data if missing else "", WIDTH - start - 30)
    return frame(max(rows * _STEP, 130), 2, 2, 0, 2, layers + [_right(one, start) for one in legend])


def classes(numbers: Sequence[Decimal], count: int = 5) -> tuple[tuple[Decimal, ...], ...]:
    """The numbers in order, in at most so many classes of about equal size; equal numbers share a class."""
    ordered = sorted(numbers)
    found: list[list[Decimal]] = []
    slot = -1
    for place, number in enumerate(ordered):
        own = place * count // len(ordered)
        if found and (number == found[-1][-1] or own == slot):
            found[-1].append(number)
        else:
            found.append([number])
            slot = own
    return tuple(tuple(one) for one in found)


def _shades(count: int) -> tuple[str, ...]:
    """So many of the shades, as far apart as can be."""
    last = len(_SHADES) - 1
    return tuple(_SHADES[round(place * last / max(count - 1, 1))] for place in range(count))


def _bounds(group: tuple[Decimal, ...], decimals: int) -> str:
    low, high = format_number(group[0], decimals), format_number(group[-1], decimals)
    return low if low == high else f"{low} \u2013 {high}"


def _told(tile: Tile, period: Period, words: Words) -> str:
    if tile.figure is None or tile.figure.number is None:
        return told_text(tile.row, tile.column, tile.area.name, period, words.no_data)
    return told(tile.row, tile.column, tile.area.name, period, tile.figure)


def _square(tile: Tile, groups: tuple[tuple[Decimal, ...], ...], shades: tuple[str, ...], says: str) -> list[Json]:
    x, y = tile.column * _STEP, tile.row * _STEP
    number = tile.figure.number if tile.figure is not None else None
    fill, ink, figure = "#ffffff", INK, _NO_DATA
    if tile.figure is not None and number is not None:
        fill = next(shade for group, shade in zip(groups, shades, strict=True) if number in group)
        ink = "#ffffff" if _SHADES.index(fill) >= _DARK_FROM else "#000000"
        figure = format_number(number, tile.figure.decimals)
    name = halve(tile.area.name)
    first = y + 28 - LINE_HEIGHT * (len(name) - 1) / 2
    size = 14 if text_width(figure, 14) <= _SIDE - 8 else SMALL
    middle = x + _SIDE / 2
    return [
        _rect(x, y, _SIDE, fill, dashed=number is None, says=says),
        # A text for each line: WeasyPrint aligns the lines of one text by the first alone.
        *(text_at(middle, first + LINE_HEIGHT * at, line, align="center", fill=ink) for at, line in enumerate(name)),
        text_at(middle, y + 56, figure, align="center", fontSize=size, fontWeight=BOLD, fill=ink),
    ]


def _rect(x: float, y: float, side: float, fill: str, *, dashed: bool, says: str = "") -> Json:  # noqa: PLR0913 - a square
    mark = {"type": "rect", "fill": fill, "stroke": MUTED, "strokeWidth": 0.75, "cornerRadius": side / 10}
    if dashed:
        mark["strokeDash"] = [3, 3]
    sides = {"x": x, "x2": x + side, "y": y, "y2": y + side}
    encoding: Json = {name: {"value": value} for name, value in sides.items()}
    return {
        "data": {"values": [{FIELD: says} if says else {}]},
        "mark": mark | (HEARD if says else {}),
        "encoding": encoding | (SAYS if says else {}),
    }


def _legend(entries: list[tuple[str, str]], unit: str, no_data: str, room: float) -> list[Json]:
    """The classes from above down, under the unit; then what a square without a figure means."""
    layers = [text_at(0, 10, unit, fill=MUTED)]
    y = 24.0
    for label, shade in [*entries, *([(no_data, "")] if no_data else [])]:
        told = wrap(label, room, SMALL)
        layers.append(_rect(0, y, 18, shade or "#ffffff", dashed=not shade))
        layers.append(text_at(26, y + 9, told, fontSize=SMALL if len(told) > 1 else TEXT))
        y += 24 + LINE_HEIGHT * (len(told) - 1)
    return layers


def _right(layer: Json, by: float) -> Json:
    encoding = {
        name: {"value": at["value"] + by} if name in ("x", "x2") else at for name, at in layer["encoding"].items()
    }
    return layer | {"encoding": encoding}

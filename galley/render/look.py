"""How every chart and tile map looks: measures, type, colours and the scales that all of them share."""

from __future__ import annotations

import itertools
import json
import unicodedata
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any

from galley.vietnamese import format_number

if TYPE_CHECKING:
    from galley.bind.figures import Figure
    from galley.bind.objects import Chart, TileMap

Json = dict[str, Any]

WIDTH = 620  # CSS pixels: 164 mm, so that 12 px of text print as 9 pt in a column of 165 mm
FONT = "Be Vietnam Pro"
TEXT = 12
SMALL = 11
LINE_HEIGHT = 14
PLOT_HEIGHT = 200
BOLD = 600
INK = "#1a1a1a"
MUTED = "#4d4d4d"
GRID = "#dcdcdc"

_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_NUMBERS = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", ""], "minus": "\u2212"}
# Advance widths of Be Vietnam Pro SemiBold, in em; what is not listed is as wide as a capital.
_ADVANCES = {
    0.29: " \u00a0ilIj.,'|:;",
    0.45: "frt1()J\u2010-",
    0.60: "szkunvxyưhc7eê/",
    0.68: "agobdpqăâôơđ0235689ELFSPTZ\u2212\u2013",
    0.89: "mwMW%OQ",
}
_CAPITAL = 0.76
_ADVANCE = {letter: width for width, letters in _ADVANCES.items() for letter in letters}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a chart that are not data, as the reader's language has them."""

    no_data: str
    series_break: str


@dataclass(frozen=True, slots=True)
class Style:
    """How one series is drawn: told apart by colour, dashes and marker, and as a bar by its shade in grey."""

    stroke: str
    dash: tuple[float, ...]
    width: float
    marker: str
    fill: str
    weight: int = 400


OWN = "#e69f00"  # the province whose page a chart stands on, among others
OWN_TEXT = "#b34e00"

# Okabe and Ito (https://jfly.uni-koeln.de/color/), the strokes darkened until text in them has contrast 4.5:1 on white.
_PROVINCES = (
    Style("#0072b2", (), 2.5, "circle", "#0072b2"),
    Style("#b34e00", (8, 3), 2.2, "square", "#e69f00"),
    Style("#00735a", (2, 3), 2.2, "triangle-up", "#b5e3d6"),
    Style("#94467a", (10, 3, 2, 3), 2.2, "diamond", "#ffffff"),
    Style("#000000", (5, 2), 1.5, "cross", "#333333"),
    Style("#6e5b00", (3, 2), 2.2, "triangle-down", "#f0e442"),
    Style("#2f6f9f", (12, 4), 1.5, "triangle-right", "#d0d0d0"),
)
_REGION = Style("#333333", (7, 3), 1.8, "square", "#8c8c8c")
_NATION = Style("#666666", (2, 2.5), 1.8, "diamond", "#ffffff")


def styles(kinds: tuple[str, ...]) -> tuple[Style, ...]:
    """A style for each series by its kind; the provinces stand out where a region or the nation is beside them."""
    provinces = itertools.cycle(_PROVINCES)
    alike = len(set(kinds)) != len(kinds) and "province" not in kinds
    lead = replace(_PROVINCES[0], weight=BOLD) if len(set(kinds)) > 1 else _PROVINCES[0]
    found = []
    for kind in kinds:
        if kind == "province" or alike:
            style = next(provinces)
            found.append(replace(style, weight=lead.weight))
        elif kind == "nation":
            found.append(_NATION)
        else:
            found.append(_REGION if "province" in kinds else lead)
    return tuple(found)


def text_width(text: str, size: float = TEXT) -> float:
    """About how many pixels a line of text takes, a little more rather than less."""
    return size * sum(_ADVANCE.get(_bare(letter), _CAPITAL) for letter in text)


def _bare(letter: str) -> str:
    """The letter without tone and breve, which take no width; `ư` and `ơ` are listed as they are."""
    return letter if letter in _ADVANCE else unicodedata.normalize("NFD", letter)[0]


def wrap(text: str, width: float, size: float = TEXT) -> list[str]:
    """The text in lines of at most so many pixels, broken at spaces; a longer word stands alone."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def halve(text: str) -> list[str]:
    """The text in two lines as even as its spaces allow, or in one when it has no space."""
    words = text.split(" ")
    cuts = [[" ".join(words[:cut]), " ".join(words[cut:])] for cut in range(1, len(words))]
    return min(cuts, key=lambda lines: max(map(text_width, lines)), default=[text])


def ticks(low: Decimal, high: Decimal, *, zero: bool) -> tuple[Decimal, ...]:
    """Four to seven round numbers, evenly spaced, from below the lowest figure to above the highest."""
    low, high = (min(low, Decimal(0)), max(high, Decimal(0))) if zero else (low, high)
    span = high - low or abs(high) or Decimal(1)
    magnitude = Decimal(1).scaleb((span / 5).adjusted())
    step = next(size * magnitude for size in map(Decimal, ("1", "2", "2.5", "5", "10")) if size * magnitude * 5 >= span)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = max((high / step).to_integral_value(ROUND_CEILING), first + 1)
    return tuple(step * (first + count) for count in range(int(last - first) + 1))


def _decimals(numbers: tuple[Decimal, ...]) -> int:
    """How many decimals are needed to write all the numbers."""
    return max(0, *(-int(one.normalize().as_tuple().exponent) for one in numbers))


def plain(number: Decimal) -> int | float:
    """The number as JSON has it."""
    return int(number) if number == number.to_integral_value() else float(number)


def spread(wanted: list[float], sizes: list[float], low: float, high: float) -> list[float]:
    """Middles of blocks stacked along an axis, each as near to where it is wanted as the others let it be."""
    order = sorted(range(len(wanted)), key=lambda one: (wanted[one], one))
    placed = dict.fromkeys(order, 0.0)
    edge = low
    for one in order:
        placed[one] = max(wanted[one], edge + sizes[one] / 2)
        edge = placed[one] + sizes[one] / 2
    edge = high
    for one in reversed(order):
        placed[one] = min(placed[one], edge - sizes[one] / 2)
        edge = placed[one] - sizes[one] / 2
    return [placed[one] for one in range(len(wanted))]


def number_of(figure: Figure) -> Decimal:
    """The number of a figure that has one; `bind` puts no other into a chart."""
    return Decimal(0) if figure.number is None else figure.number


def text_of(figure: Figure) -> str:
    """The number as the prose writes it, without its unit."""
    return format_number(number_of(figure), figure.decimals)


def unit_of(shown: Chart | TileMap) -> str:
    """The name of the unit, empty for what has none."""
    return shown.unit.name if shown.unit is not None else ""


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale from numbers to pixels, as Vega-Lite has it and as it is reckoned with here."""

    low: float
    high: float
    start: float
    end: float

    def pixel(self, number: float) -> float:
        """Where a number stands."""
        return self.start + (number - self.low) / (self.high - self.low) * (self.end - self.start)

    def number(self, pixel: float) -> float:
        """The number that stands there."""
        return self.low + (pixel - self.start) / (self.end - self.start) * (self.high - self.low)


def tick_text(number: Decimal, marks: tuple[Decimal, ...]) -> str:
    """How the axis names one of its round numbers."""
    return format_number(number, _decimals(marks))


def upward_axis(marks: tuple[Decimal, ...], upward: Axis) -> Json:
    """The axis of figures at the left, with a light line across the plot at each of the round numbers."""
    return {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [upward.low, upward.high], "range": [upward.start, upward.end], "nice": False},
        "axis": {
            "values": [plain(one) for one in marks],
            "format": f",.{_decimals(marks)}f",
            "labelOverlap": False,
            "domain": False,
            "ticks": False,
            "labelPadding": 8,
        },
    }


def text_at(x: float, y: float, text: str | list[str], **mark: Any) -> Json:  # noqa: ANN401 - properties of a Vega mark
    """A layer with one text at a place in pixels from the upper left corner of the plot."""
    properties = {"type": "text", "text": text, "align": "left", "baseline": "middle", "lineHeight": LINE_HEIGHT}
    return {
        "data": {"values": [{}]},
        "mark": properties | mark,
        "encoding": {"x": {"value": round(x, 1)}, "y": {"value": round(y, 1)}},
    }


PIXEL: Json = {"type": "quantitative", "scale": None, "axis": None}  # a place in pixels from the upper left corner
X, Y = PIXEL | {"field": "x"}, PIXEL | {"field": "y"}
X2, Y2 = {"field": "x2"}, {"field": "y2"}


def layer_at(rows: list[Json], channels: Json, **mark: Any) -> list[Json]:  # noqa: ANN401 - properties of a Vega mark
    """A layer of marks at places in pixels, `x` and `y` of the rows; none where there are no rows."""
    return [{"data": {"values": rows}, "mark": mark, "encoding": {"x": X, "y": Y} | channels}] if rows else []


def texts_at(rows: list[Json], **mark: Any) -> list[Json]:  # noqa: ANN401 - properties of a Vega mark
    """A layer of texts that look alike, at places in pixels."""
    return layer_at(rows, {"text": {"field": "text"}}, **({"type": "text", "baseline": "middle"} | mark))


def spot(x: float, y: float, text: str = "") -> Json:
    """A row of such a layer."""
    return {"x": round(x, 2), "y": round(y, 2)} | ({"text": text} if text else {})


def frame(height: float, top: float, right: float, bottom: float, left: float, layers: list[Json]) -> str:  # noqa: PLR0913 - four sides
    """A specification `WIDTH` wide whose plot leaves these margins free, as canonical JSON."""
    sides = {"top": top, "right": round(right), "bottom": bottom, "left": round(left)}
    spec = {
        "$schema": _SCHEMA,
        "autosize": "none",
        "background": None,
        "config": _CONFIG,
        "width": WIDTH - sides["left"] - sides["right"],
        "height": height,
        "padding": sides,
        "layer": layers,
    }
    return json.dumps(spec, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


_CONFIG: Json = {
    "aria": False,  # its descriptions are English sentences; the alternative text says what the chart shows
    "background": None,
    "font": FONT,
    "locale": {"number": _NUMBERS},
    "view": {"stroke": None},
    "text": {"font": FONT, "fontSize": TEXT, "fill": INK},
    "axis": {
        "labelFont": FONT,
        "labelFontSize": TEXT,
        "labelColor": INK,
        "labelLimit": 0,
        "gridColor": GRID,
        "gridWidth": 0.75,
        "domainColor": MUTED,
        "tickColor": MUTED,
        "title": None,
    },
}

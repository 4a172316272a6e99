"""How every chart and tile map looks: measures, type, colours and the scales that all of them share."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

Json = dict[str, Any]

WIDTH = 620  # CSS pixels: 164 mm, so that 12 px of text print as 9 pt in a column of 165 mm
FONT = "Be Vietnam Pro"
TEXT = 12
SMALL = 11
LINE_HEIGHT = 14
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
    """How one series is drawn: told apart by colour, by dashes and marker, and as a bar by its shade in grey."""

    stroke: str
    dash: tuple[int, ...]
    width: float
    marker: str
    fill: str
    weight: int = 400


# Okabe and Ito (https://jfly.uni-koeln.de/color/), the strokes darkened until text in them has contrast 4.5:1 on white.
_PROVINCES = (
    Style("#0072b2", (), 2.5, "circle", "#0072b2"),
    Style("#b34e00", (8, 3), 2.2, "square", "#e69f00"),
    Style("#00735a", (2, 3), 2.2, "triangle-up", "#7fd3bc"),
    Style("#94467a", (10, 3, 2, 3), 2.2, "diamond", "#cc79a7"),
    Style("#000000", (5, 2), 1.5, "cross", "#56b4e9"),
    Style("#6e5b00", (3, 2), 2.2, "triangle-down", "#f0e442"),
    Style("#2f6f9f", (12, 4), 1.5, "triangle-right", "#d0d0d0"),
)
_REGION = Style("#333333", (7, 3), 1.8, "square", "#e69f00")
_NATION = Style("#666666", (2, 2.5), 1.8, "diamond", "#ffffff")  # type: ignore[arg-type] # replaced below


def styles(kinds: tuple[str, ...]) -> tuple[Style, ...]:
    """A style for each series by its kind; provinces stand out where a region or the nation is beside them."""
    return ()

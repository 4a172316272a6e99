"""What a mark that carries a figure says of it, for the script of the site that shows it on hover and by keyboard.

Vega writes a mark's description as `aria-label`; the drawing keeps it as `data-label`, and as `data-at` the row and
the column by which the arrow keys find the mark.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from galley.bind.figures import Figure
    from galley.model import Period

FIELD = "told"
SAYS: dict[str, Any] = {"description": {"field": FIELD}}
HEARD: dict[str, Any] = {"aria": True}  # of the mark that has the encoding `SAYS`; the configuration mutes all others
SPOKEN = re.compile(r'\saria-label="(\d+),(\d+)\|([^"]*)"')


def told(row: int, column: int, name: str, period: Period, figure: Figure) -> str:
    """The place of a mark and its sentence: `Lạng Sơn, 2016: 15,2%`."""
    return told_text(row, column, name, period, figure.text)


def told_text(row: int, column: int, name: str, period: Period, text: str) -> str:
    """The same where there is a word instead of a figure."""
    return f"{row},{column}|{name}, {period}: {text}"


def kept(tag: str) -> str:
    """A tag of the drawing with what its mark says as data attributes."""
    return SPOKEN.sub(r' data-at="\1,\2" data-label="\3"', tag)

"""What a workbook holds, without the library that writes and reads it: sheets of cells, and what cells were found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


class Look(StrEnum):
    """How a cell looks, and whether one may write in it: `NUMBER` and `TEXT` are open, the others locked."""

    TITLE = "title"
    PLAIN = "plain"
    NOTE = "note"
    HEAD = "head"
    HEAD_OPEN = "head-open"
    LABEL = "label"
    ID = "id"
    FIGURE = "figure"
    DERIVED = "derived"
    NUMBER = "number"
    TEXT = "text"


OPEN = (Look.NUMBER, Look.TEXT)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell to write; `decimals` and `mark` (`*` for provisional) shape how a number is shown, never the number."""

    value: str | int | Decimal | None
    look: Look
    decimals: int = 0
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """A drop-down for a column: the entries stand in a column of another sheet."""

    column: int
    sheet: str
    entries: int
    entries_column: int
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class OnlyNumbers:
    """A column that takes numbers only, and what is said of anything else."""

    column: int
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class Highlight:
    """A fill for rows that meet a condition, written for the first row below the head; follows what is typed."""

    first_column: int
    last_column: int
    condition: str
    colour: str
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to write; columns count from 1, `head` rows stay in sight, `widths` are in characters.

    Rows can be filtered where the sheet is `locked` or `filtered`.
    """

    title: str
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]
    head: int = 0
    head_columns: int = 0
    locked: bool = True
    hidden: bool = False
    hidden_columns: tuple[int, ...] = ()
    rules: tuple[Choices | OnlyNumbers, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    filtered: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a workbook and what its properties say."""

    title: str
    author: str
    sheets: tuple[Sheet, ...]
    locked: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell that was found; kind is `number`, `text`, `formula`, `empty`, or `other` (a date, a truth, a fault)."""

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells that are one, from the top left to the bottom right; what they say stands in the first."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class FoundSheet:
    """A sheet that was found; rows count from 1, and short rows miss their last cells."""

    title: str
    rows: tuple[tuple[Entry, ...], ...]
    merged: tuple[Merged, ...] = ()

    def at(self, row: int, column: int) -> Entry:
        """The cell of a row and column, empty where there is none."""
        if row > len(self.rows) or column > len(self.rows[row - 1]):
            return Entry("empty")
        return self.rows[row - 1][column - 1]


def cell_name(row: int, column: int) -> str:
    """The name of a cell as spreadsheets show it: row 12, column 7 is `G12`."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"

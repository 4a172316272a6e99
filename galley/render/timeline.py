"""Milestones on a line of time: where each mark stands, so that none covers another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from galley.review.readiness import Readiness, Step

APART = Decimal(7)  # per cent of the line that a mark takes on the narrowest screen
MARGIN = 20  # days before the first mark and after the last
_FULL = Decimal(100)
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Mark:
    """A milestone on the line: its number in the list, its place in per cent, the row that it stands in.

    `state` is `done`, `late` or `open`; `left` is None for a milestone without a day, which is in the list only.
    """

    step: Step
    number: int
    state: str
    left: Decimal | None
    row: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The marks in the order of the list, the years that begin on the line, and the day of the commit in per cent.

    `today` is None where that day lies outside of the line.
    """

    marks: tuple[Mark, ...]
    years: tuple[tuple[int, Decimal], ...]
    rows: int
    today: Decimal | None


def timeline(ready: Readiness) -> Timeline:
    """The milestones of an edition on a line; those without a day come last in the list."""
    days = [_day(one) for one in ready.steps]
    known = [one for one in days if one is not None]
    if not known:
        marks = (Mark(one, number, _state(one), None, 0) for number, one in enumerate(ready.steps, start=1))
        return Timeline(tuple(marks), (), 0, None)
    begin, end = known[0].toordinal() - MARGIN, known[-1].toordinal() + MARGIN

    def place(day: date) -> Decimal:
        return (_FULL * (day.toordinal() - begin) / (end - begin)).quantize(_TENTH)

    lefts = [None if one is None else place(one) for one in days]
    rows = _rows(lefts)
    marks = (
        Mark(one, number, _state(one), left, row)
        for number, (one, left, row) in enumerate(zip(ready.steps, lefts, rows, strict=True), start=1)
    )
    years = (date(year, 1, 1) for year in range(known[0].year, known[-1].year + 2))
    inside = ready.day is not None and begin <= ready.day.toordinal() <= end
    return Timeline(
        tuple(marks),
        tuple((one.year, place(one)) for one in years if begin <= one.toordinal() <= end),
        max(rows) + 1,
        place(ready.day) if ready.day and inside else None,
    )


def _day(one: Step) -> date | None:
    return one.milestone.done or one.milestone.due


def _state(one: Step) -> str:
    if one.milestone.done:
        return "done"
    return "late" if one.late else "open"


def _rows(lefts: Iterable[Decimal | None]) -> Sequence[int]:
    """The lowest row for each mark, from 0 up, in which the one before it is far enough away."""
    rows, taken = [], list[Decimal]()
    for left in lefts:
        if left is None:
            rows.append(0)
            continue
        row = next((number for number, last in enumerate(taken) if left - last >= APART), len(taken))
        taken[row : row + 1] = [left]
        rows.append(row)
    return rows

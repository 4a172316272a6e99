"""The sheet for the chair: how ready the report is, on one page, whatever there is to tell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from galley.render.document import Document, Fascicle
from galley.render.timeline import timeline

if TYPE_CHECKING:
    from galley.render.printing import Printing
    from galley.render.timeline import Timeline
    from galley.review.readiness import Readiness

HEIGHT = 486.0  # what the columns may take of a lying A4 page, below the heading, in points
LARGEST, SMALLEST, LEGIBLE = 12.0, 7.0, 9.0  # the pitch of lines; below LEGIBLE notes of chapters are left out
RULE = 0.4  # below each row, in points
HEADS = 5  # lines that the head and the totals of the table of chapters take
OTHERS = 10  # lines of the right column that are there whatever the lists hold: heads, and what was left out
ROW = 13.0  # of the line of time, in points
ROWS = 7  # more of them leave no room for the lists
SHOWN = 2  # lines of an opinion that are shown


@dataclass(frozen=True, slots=True)
class Measures:
    """How large the sheet is set, in points, and how much of each list has room on it.

    `axis` says whether the line of time has, `notes` whether it is told under each chapter why it fell back.
    """

    pitch: float
    size: float
    steps: int
    voices: int
    undecided: int
    axis: bool
    notes: bool


def readiness_document(printing: Printing, ready: Readiness) -> Document:
    """The sheet as a document of its own, in the frame of the printed report but with a style of its own."""
    line = timeline(ready)
    room = measures(ready, line)
    unfinished_first = sorted(line.marks, key=lambda one: one.state == "done")[: room.steps]
    shown = sorted(unfinished_first, key=lambda one: one.number)
    html = printing.fill("print/readiness.html", ready=ready, line=line, room=room, shown=shown)
    frame = replace(printing.frame, style=printing.fill("print/readiness.css", room=room), verso=None, excerpt=True)
    return Document(frame, (Fascicle("tinh-hinh", printing.finish(html)),))


def measures(ready: Readiness, line: Timeline) -> Measures:
    """The measures with which all fits on the page: lines as close as the chapters need, then the lists cut.

    Chapters are never left out, up to about 65 of them; the sheet says how much of the others is. Milestones that are
    done are left out before those that are not.
    """
    rows = len(ready.chapters) + len(ready.parts) + HEADS
    noted = rows + sum(bool(one.lapses) for one in ready.chapters)
    notes = HEIGHT / noted >= LEGIBLE
    pitch = min(LARGEST, max(SMALLEST, HEIGHT / (noted if notes else rows) - RULE))
    axis = 0 < line.rows <= ROWS
    left = int((HEIGHT - (line.rows + 1) * ROW * axis) / (pitch + RULE)) - OTHERS
    undecided = min(len(ready.undecided), left // 3 // SHOWN)
    voices = min(len(ready.voices), left // 3)
    steps = min(len(ready.steps), left - undecided * SHOWN - voices)
    return Measures(round(pitch, 2), round(pitch * 0.78, 2), steps, voices, undecided, axis, notes)

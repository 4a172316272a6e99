"""The sheet for the chair: how ready the report is, on one page, whatever there is to tell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from galley.render.document import Document, Fascicle
from galley.render.timeline import timeline

if TYPE_CHECKING:
    from galley.render.printing import Printing
    from galley.review.readiness import Readiness

HEIGHT = 503.0  # what the columns may take of a lying A4 page, below the heading, in points
LARGEST, SMALLEST = 12.0, 7.0  # the pitch of lines
HEADS = 5  # lines that the head and the totals of the table of chapters take
LETTERS = 64  # of an opinion that stand on a line of the right column
SHOWN = 2  # lines of an opinion that are shown


@dataclass(frozen=True, slots=True)
class Measures:
    """How large the sheet is set, in points, and how much of each list has room on it."""

    pitch: float
    size: float
    steps: int
    voices: int
    undecided: int


def readiness_document(printing: Printing, ready: Readiness) -> Document:
    """The sheet as a document of its own, in the frame of the printed report but with a style of its own."""
    room = measures(ready)
    html = printing.fill("print/readiness.html", ready=ready, line=timeline(ready), room=room)
    frame = replace(printing.frame, style=printing.fill("print/readiness.css", room=room), verso=None, excerpt=True)
    return Document(frame, (Fascicle("tinh-hinh", printing.finish(html)),))


def measures(ready: Readiness) -> Measures:
    """The measures with which everything fits: small enough for all chapters, then the lists cut to what is left.

    Chapters are never left out; of milestones, bodies and opinions the sheet says how many are.
    """
    rows = len(ready.chapters) + len(ready.parts) + sum(bool(one.lapses) for one in ready.chapters) + HEADS
    pitch = min(LARGEST, max(SMALLEST, HEIGHT / rows))
    lines = int(HEIGHT / pitch)
    left = lines - 8 - timeline(ready).rows * 2  # headings, the line of time
    undecided = min(len(ready.undecided) * SHOWN, left // 3) // SHOWN
    voices = min(len(ready.voices), left // 3)
    steps = min(len(ready.steps), left - undecided * SHOWN - voices)
    return Measures(pitch, round(pitch * 0.78, 2), max(0, steps), voices, undecided)

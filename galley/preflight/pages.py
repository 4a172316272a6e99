"""Read the pages of a PDF: each text with its place, font and size, each painted shape, and how they are tagged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from galley.preflight.content import MILLIMETRE, Box, Drawn, Run, draw
from galley.preflight.fonts import Font, read_font

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pikepdf


@dataclass(frozen=True, slots=True)
class Page:
    """A page, its number counted from 1; measures in mm from its upper left corner."""

    number: int
    width: float
    height: float
    drawn: Drawn

    @property
    def runs(self) -> tuple[Run, ...]:
        """Its texts, in the order drawn."""
        return self.drawn.runs

    @property
    def lies(self) -> bool:
        """True of a page in landscape."""
        return self.width > self.height


@dataclass(frozen=True, slots=True)
class Line:
    """Runs on one baseline, from left to right."""

    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """Its words; a gap that is drawn without a letter counts as a space."""
        words = ""
        for before, run in zip((None, *self.runs), self.runs, strict=False):
            apart = before is not None and run.box.left - before.box.right > GAP * run.size / MILLIMETRE
            words += f" {run.text}" if apart else run.text
        return " ".join(words.split())

    @property
    def box(self) -> Box:
        """The box around it."""
        boxes = [one.box for one in self.runs]
        return Box(
            min(one.left for one in boxes),
            min(one.top for one in boxes),
            max(one.right for one in boxes),
            max(one.bottom for one in boxes),
        )

    @property
    def baseline(self) -> float:
        """Where its letters stand, in mm from the upper edge of the page."""
        return self.runs[0].baseline

    @property
    def main(self) -> Run:
        """Its longest run, whose font and size are the line's."""
        return max(self.runs, key=lambda one: len(one.text))


GAP = 0.15  # of the size: narrower than any space, wider than any kerning
_SAME_LINE = 0.3  # mm: WeasyPrint sets what belongs to a line on the same height, but for raised calls


def read_pages(pdf: pikepdf.Pdf) -> tuple[Page, ...]:
    """All pages of a PDF."""
    known: dict[tuple[int, int], Font] = {}

    def font(given: Any) -> Font:  # noqa: ANN401 - an object of the PDF
        place: tuple[int, int] = given.objgen
        if place not in known:
            known[place] = read_font(given)
        return known[place]

    return tuple(_page(number, page, font) for number, page in enumerate(pdf.pages, start=1))


def _page(number: int, page: pikepdf.Page, font: Any) -> Page:  # noqa: ANN401 - reads fonts
    left, low, right, high = (float(one) for one in page.mediabox)
    return Page(number, (right - left) / MILLIMETRE, (high - low) / MILLIMETRE, draw(page, font))


def lines(runs: Iterable[Run]) -> tuple[Line, ...]:
    """The runs that hold letters as lines, from the upper edge down."""
    found: list[list[Run]] = []
    for run in sorted((one for one in runs if one.text.strip()), key=lambda one: one.baseline):
        if found and run.baseline - found[-1][0].baseline <= _SAME_LINE:
            found[-1].append(run)
        else:
            found.append([run])
    return tuple(Line(tuple(sorted(one, key=lambda run: run.box.left))) for one in found)

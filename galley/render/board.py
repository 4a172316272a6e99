"""How far the report is: how each chapter stands, what it shows, and where indicators and targets stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from galley.bind import evaluate, place_of
from galley.bind.figures import Figure, TargetResult
from galley.bind.objects import Chart, Listing, Table, TileMap
from galley.bind.shown import drawn, figures_of, observed, results_of
from galley.review.readiness import readiness

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import PurePosixPath

    from galley.bind import Index, Value
    from galley.bind.figures import Provenance
    from galley.bind.index import Label
    from galley.expressions import Problem
    from galley.model import Block, Chapter, History
    from galley.review.places import Opinion
    from galley.review.readiness import Readiness, Standing

_Name = TypeVar("_Name")
_Where = TypeVar("_Where")


@dataclass(frozen=True, slots=True)
class Progress:
    """A chapter with how it stands, and how many figures, and tables and charts, it shows."""

    chapter: Chapter
    number: int
    standing: Standing
    figures: int
    objects: int


@dataclass(frozen=True, slots=True)
class PartProgress:
    """A part of the report with its chapters, `agreed` of which are agreed or final, as far as that still holds."""

    title: str
    number: int
    chapters: tuple[Progress, ...]
    agreed: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A section of a chapter that shows an indicator or treats a target; no heading above the first section."""

    chapter: Chapter
    number: int
    heading: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Board:
    """The progress of all parts, what git tells of the whole, and the sections that show or treat something.

    `quotes` gives them for the id of each indicator that is shown, `treated` for that of each target; `labels` the
    tables and drawings that show a figure, by its provenance.
    """

    parts: tuple[PartProgress, ...]
    history: History
    ready: Readiness
    quotes: Mapping[str, tuple[Quote, ...]]
    treated: Mapping[str, tuple[Quote, ...]]
    labels: Mapping[Provenance, tuple[Label, ...]]

    @property
    def chapters(self) -> tuple[Progress, ...]:
        """All chapters in reading order."""
        return tuple(one for part in self.parts for one in part.chapters)


def board(lookup: Index, history: History, opinions: Sequence[Opinion] = ()) -> Board:
    """The progress of the contents that the index was made of."""
    quotes: dict[str, list[Quote]] = {}
    treated: dict[str, list[Quote]] = {}
    labels: dict[Provenance, list[Label]] = {}
    values: dict[PurePosixPath, tuple[Value | Problem, ...]] = {}
    for chapter in lookup.contents.chapters:
        number = lookup.chapters[chapter.path]
        shown = tuple(_shown(chapter, lookup))
        for heading, value in shown:
            here = Quote(chapter, number, heading.title if heading else "", heading.anchor if heading else "")
            _note(quotes, here, (one.indicator for one in observed(value)))
            _note(treated, here, (one.target.id for one in results_of(value)))
            if isinstance(value, Table | Chart | TileMap):
                _note(labels, value.label, (one.provenance for one in drawn(value)))
        values[chapter.path] = tuple(value for _, value in shown)
    ready = readiness(lookup, history, opinions, values)
    parts = tuple(
        PartProgress(
            part.title,
            part.number,
            tuple(_progress(one, values[one.chapter.path]) for one in part.chapters),
            sum(one.agreed for one in part.chapters),
        )
        for part in ready.parts
    )
    return Board(parts, history, ready, _frozen(quotes), _frozen(treated), _frozen(labels))


def _shown(chapter: Chapter, lookup: Index) -> Iterator[tuple[Block | None, Value | Problem]]:
    """What each expression of a chapter gives, with the heading of its section."""
    place, heading = place_of(chapter, lookup), None
    for block in chapter.blocks:
        if block.kind == "heading":
            heading = block
        for citation in block.citations:
            yield heading, evaluate(citation, place)


def _note(places: dict[_Name, list[_Where]], here: _Where, names: Iterable[_Name]) -> None:
    for name in names:
        found = places.setdefault(name, [])
        if here not in found[-1:]:
            found.append(here)


def _frozen(places: Mapping[_Name, list[_Where]]) -> dict[_Name, tuple[_Where, ...]]:
    return {name: tuple(found) for name, found in places.items()}


def _progress(standing: Standing, values: Sequence[Value | Problem]) -> Progress:
    prose = (value for value in values if isinstance(value, Figure | TargetResult | Listing))
    inline = [one for value in prose for one in figures_of(value)]
    return Progress(
        standing.chapter,
        standing.number,
        standing,
        figures=sum(one is not None and one.number is not None for one in inline),
        objects=sum(isinstance(value, Table | Chart | TileMap) for value in values),
    )

"""How far the report is: the last change, figures and gaps of each chapter, and where indicators and targets stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from galley.bind import evaluate, place_of
from galley.bind.figures import Figure, TargetResult
from galley.bind.objects import Chart, Listing, Table, TileMap, observations_of
from galley.model import ChapterStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from galley.bind import Index, Value
    from galley.bind.figures import Provenance
    from galley.bind.index import Label
    from galley.expressions import Problem
    from galley.model import Block, Chapter, Commit, History, Observation

_AGREED = (ChapterStatus.AGREED, ChapterStatus.FINAL)
_Name = TypeVar("_Name")
_Where = TypeVar("_Where")


@dataclass(frozen=True, slots=True)
class Progress:
    """A chapter with its number, its last change, and how many figures, tables and charts, and gaps it shows."""

    chapter: Chapter
    number: int
    change: Commit | None
    figures: int
    objects: int
    gaps: int


@dataclass(frozen=True, slots=True)
class PartProgress:
    """A part of the report with its chapters, `agreed` of which are agreed or final."""

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
    quotes: Mapping[str, tuple[Quote, ...]]
    treated: Mapping[str, tuple[Quote, ...]]
    labels: Mapping[Provenance, tuple[Label, ...]]

    @property
    def chapters(self) -> tuple[Progress, ...]:
        """All chapters in reading order."""
        return tuple(one for part in self.parts for one in part.chapters)


def board(lookup: Index, history: History) -> Board:
    """The progress of the contents that the index was made of."""
    changes = dict(history.changes)
    quotes: dict[str, list[Quote]] = {}
    treated: dict[str, list[Quote]] = {}
    labels: dict[Provenance, list[Label]] = {}
    chapters: dict[str, Progress] = {}
    for chapter in lookup.contents.chapters:
        number = lookup.chapters[chapter.path]
        shown = tuple(_shown(chapter, lookup))
        for heading, value in shown:
            here = Quote(chapter, number, heading.title if heading else "", heading.anchor if heading else "")
            _note(quotes, here, (one.indicator for one in _observations(value)))
            _note(treated, here, (one.target.id for one in _results(value)))
            if isinstance(value, Table | Chart | TileMap):
                _note(labels, value.label, (one.provenance for one in _drawn(value)))
        chapters[str(chapter.path)] = _progress(chapter, number, changes.get(chapter.path), [one for _, one in shown])
    parts = tuple(
        _part(part.title, number, tuple(chapters[path] for path in part.chapters if path in chapters))
        for number, part in enumerate(lookup.contents.settings.parts, start=1)
    )
    return Board(parts, history, _frozen(quotes), _frozen(treated), _frozen(labels))


def _part(title: str, number: int, chapters: tuple[Progress, ...]) -> PartProgress:
    return PartProgress(title, number, chapters, sum(one.chapter.front.status in _AGREED for one in chapters))


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


def _drawn(value: Table | Chart | TileMap) -> tuple[Figure, ...]:
    """The figures that a table or drawing shows."""
    if isinstance(value, Chart):
        return tuple(figure for series in value.series for _, figure in series.points)
    return tuple(one for one in _figures(value) if one is not None)


def _observations(value: Value | Problem) -> tuple[Observation, ...]:
    shown = _figures(value) if _results(value) else (value,)
    return tuple(observation for one in shown for observation in observations_of(one))


def _results(value: Value | Problem) -> tuple[TargetResult, ...]:
    """The targets that a value treats: one, or those of a listing."""
    match value:
        case TargetResult():
            return (value,)
        case Listing():
            return tuple(one for one in value.items if isinstance(one, TargetResult))
        case _:
            return ()


def _figures(value: Value | Problem) -> tuple[Figure | None, ...]:
    """The figures that a value shows; None for a place in a table or map that stays empty."""
    match value:
        case Figure():
            return (value,)
        case TargetResult() | Listing():
            return tuple(one for result in _results(value) for one in (result.result, result.compared) if one)
        case Table():
            return tuple(cell for row in value.rows for cell in row.cells)
        case TileMap():
            return tuple(tile.figure for tile in value.tiles)
        case _:
            return ()


def _progress(chapter: Chapter, number: int, change: Commit | None, values: list[Value | Problem]) -> Progress:
    inline = [one for value in values if isinstance(value, Figure | TargetResult | Listing) for one in _figures(value)]
    return Progress(
        chapter,
        number,
        change,
        figures=sum(one is not None and one.number is not None for one in inline),
        objects=sum(isinstance(value, Table | Chart | TileMap) for value in values),
        gaps=_empty(figure for value in values for figure in _figures(value)),
    )


def _empty(figures: Iterable[Figure | None]) -> int:
    return sum(one is None or one.number is None for one in figures)

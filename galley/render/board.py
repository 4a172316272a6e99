"""How far the report is: the last change, figures and gaps of each chapter, and where each indicator is quoted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from galley.bind import evaluate, place_of
from galley.bind.figures import Figure, TargetResult
from galley.bind.objects import Chart, Table, TileMap, observations_of
from galley.model import ChapterStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from galley.bind import Index, Value
    from galley.expressions import Problem
    from galley.model import Block, Chapter, Commit, History

_AGREED = (ChapterStatus.AGREED, ChapterStatus.FINAL)


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
    """A section of a chapter that shows an observation of an indicator; no heading above the first section."""

    chapter: Chapter
    number: int
    heading: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Board:
    """The progress of all parts, what git tells of the whole, and where each indicator is quoted, by its id."""

    parts: tuple[PartProgress, ...]
    history: History
    quotes: Mapping[str, tuple[Quote, ...]]

    @property
    def chapters(self) -> tuple[Progress, ...]:
        """All chapters in reading order."""
        return tuple(one for part in self.parts for one in part.chapters)


def board(lookup: Index, history: History) -> Board:
    """The progress of the contents that the index was made of."""
    changes = dict(history.changes)
    quotes: dict[str, list[Quote]] = {}
    chapters: dict[str, Progress] = {}
    for chapter in lookup.contents.chapters:
        number = lookup.chapters[chapter.path]
        shown = tuple(_shown(chapter, lookup))
        for heading, value in shown:
            _note_quotes(quotes, chapter, number, heading, value)
        chapters[str(chapter.path)] = _progress(chapter, number, changes.get(chapter.path), [one for _, one in shown])
    parts = tuple(
        _part(part.title, number, tuple(chapters[path] for path in part.chapters if path in chapters))
        for number, part in enumerate(lookup.contents.settings.parts, start=1)
    )
    return Board(parts, history, {name: tuple(found) for name, found in quotes.items()})


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


def _note_quotes(
    quotes: dict[str, list[Quote]], chapter: Chapter, number: int, heading: Block | None, value: Value | Problem
) -> None:
    figures = _figures(value) if isinstance(value, TargetResult) else (value,)
    quote_ = Quote(chapter, number, heading.title if heading else "", heading.anchor if heading else "")
    for one in figures:
        for observation in observations_of(one):
            places = quotes.setdefault(observation.indicator, [])
            if quote_ not in places[-1:]:
                places.append(quote_)


def _figures(value: Value | Problem) -> tuple[Figure | None, ...]:
    """The figures that a value shows; None for a place in a table or map that stays empty."""
    match value:
        case Figure():
            return (value,)
        case TargetResult():
            return tuple(one for one in (value.result, value.compared) if one is not None)
        case Table():
            return tuple(cell for row in value.rows for cell in row.cells)
        case TileMap():
            return tuple(tile.figure for tile in value.tiles)
        case _:
            return ()


def _progress(chapter: Chapter, number: int, change: Commit | None, values: list[Value | Problem]) -> Progress:
    inline = [one for value in values if isinstance(value, Figure | TargetResult) for one in _figures(value)]
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

"""The page of targets: what each document asked for, what became of it and how, and the chapters that treat it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from galley.bind.figures import judge, progress

if TYPE_CHECKING:
    from galley.bind import Index
    from galley.bind.figures import Figure, TargetResult
    from galley.model import Chapter, Indicator, Source, Target
    from galley.render.board import Board, Quote

_FULL = Decimal(100)
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Step:
    """A published figure on the way to a target; `width` is its bar in per cent of the longest, 0 for a negative."""

    period: str
    figure: Figure
    width: Decimal


@dataclass(frozen=True, slots=True)
class Aim:
    """A target judged, with its way through time and the sections that treat it; `marks` are its bounds on the bars."""

    result: TargetResult
    indicator: Indicator | None
    steps: tuple[Step, ...]
    marks: tuple[Decimal, ...]
    places: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The targets of one document, and how many are met, not met, not judged, and treated by no chapter."""

    id: str
    source: Source | None
    aims: tuple[Aim, ...]

    def count(self, verdict: str) -> int:
        """How many targets came out so."""
        return sum(one.result.verdict == verdict for one in self.aims)

    @property
    def untreated(self) -> int:
        """How many targets no chapter treats."""
        return sum(not one.places for one in self.aims)


def documents(lookup: Index, board: Board) -> tuple[Document, ...]:
    """The targets by the document that set them, in the order of the register."""
    found: dict[str, list[Aim]] = {}
    for one in lookup.contents.targets:
        found.setdefault(one.document, []).append(_aim(one, lookup, board))
    return tuple(Document(name, lookup.sources.get(name), tuple(aims)) for name, aims in found.items())


def treating(found: tuple[Document, ...]) -> tuple[tuple[int, Chapter], ...]:
    """The chapters that treat a target, with their numbers, in reading order: the columns of the matrix."""
    chapters = {place.number: place.chapter for one in found for aim in one.aims for place in aim.places}
    return tuple(sorted(chapters.items()))


def _aim(one: Target, lookup: Index, board: Board) -> Aim:
    figures = progress(lookup, one)
    bounds = [bound for bound in (one.at_least, one.at_most, one.reach, one.above, one.about) if bound is not None]
    bounds += one.between
    longest = max((figure.number for figure in figures if figure.number is not None), default=Decimal(0))
    longest = max(longest, *bounds, Decimal(0))
    return Aim(
        judge(lookup, one),
        lookup.indicators.get(one.indicator or ""),
        tuple(_step(figure, longest) for figure in figures),
        tuple(_width(bound, longest) for bound in bounds) if figures else (),
        board.treated.get(one.id, ()),
    )


def _step(figure: Figure, longest: Decimal) -> Step:
    return Step(str(figure.provenance.inputs[0].period), figure, _width(figure.number or Decimal(0), longest))


def _width(number: Decimal, longest: Decimal) -> Decimal:
    return max(Decimal(0), number * _FULL / longest).quantize(_TENTH) if longest > 0 else Decimal(0)

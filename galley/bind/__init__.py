"""Bind the expressions of the prose to the data: a call goes in, a figure, table, chart or problem comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from galley.bind.claims import claim
from galley.bind.figures import Figure, Provenance, TargetResult
from galley.bind.functions import change, fact, growth, highest, lowest, rank, ratio, share, target, value
from galley.bind.index import Arguments, Incomplete, Index, Label, Place, Unresolved, index
from galley.bind.objects import Chart, Listing, SourceNote, Table, TileMap, evaluate_object
from galley.expressions import Problem, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from galley.model import Call, Chapter, Citation

Value = Figure | TargetResult | Table | Chart | TileMap | Label | SourceNote | Listing


FIGURES: Mapping[str, Callable[[Arguments, Place], Figure | TargetResult]] = {
    "value": value,
    "change": change,
    "growth": growth,
    "rank": rank,
    "share": share,
    "ratio": ratio,
    "highest": highest,
    "lowest": lowest,
    "fact": fact,
    "target": target,
    "claim": claim,
}


def place_of(chapter: Chapter, lookup: Index) -> Place:
    """Where the expressions of a chapter stand: its own area, or the report's region."""
    return Place(lookup, chapter.front.area or lookup.region)


def evaluate(citation: Citation, place: Place) -> Value | Problem:
    """What an expression gives at its place, or why it gives nothing."""
    try:
        if citation.call.function in FIGURES:
            return _figure(citation.call, place)
        return evaluate_object(citation.call, place, citation.span)
    except Unresolved as trouble:
        return trouble.problem
    except ArithmeticError:
        return problem("not-computable", function=citation.call.function)


def _figure(call: Call, place: Place) -> Figure | TargetResult:
    """The figure that a call gives; without a number where inputs are missing."""
    try:
        return FIGURES[call.function](Arguments(call, place), place)
    except Incomplete as gap:
        provenance = Provenance(gap.operation or call.function, gap.inputs)
        return Figure(call.function, None, "", 0, provenance, missing=gap.problem)


__all__ = ["Index", "Place", "Value", "evaluate", "index", "place_of"]

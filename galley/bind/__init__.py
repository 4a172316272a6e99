"""Bind the expressions of the prose to the data: a call goes in, a figure, table, chart or problem comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from galley.bind.figures import FIGURES, Figure, TargetResult, evaluate_figure
from galley.bind.index import Index, Label, Place, Unresolved, index
from galley.bind.objects import Chart, Listing, SourceNote, Table, TileMap, evaluate_object
from galley.expressions import Problem, problem

if TYPE_CHECKING:
    from galley.model import Chapter, Citation

Value = Figure | TargetResult | Table | Chart | TileMap | Label | SourceNote | Listing


def place_of(chapter: Chapter, lookup: Index) -> Place:
    """Where the expressions of a chapter stand: its own area, or the report's region."""
    return Place(lookup, chapter.front.area or lookup.region)


def evaluate(citation: Citation, place: Place) -> Value | Problem:
    """What an expression gives at its place, or why it gives nothing."""
    try:
        if citation.call.function in FIGURES:
            return evaluate_figure(citation.call, place)
        return evaluate_object(citation.call, place, citation.span)
    except Unresolved as trouble:
        return trouble.problem
    except ArithmeticError:
        return problem("not-computable", function=citation.call.function)


__all__ = ["Index", "Place", "Value", "evaluate", "index", "place_of"]

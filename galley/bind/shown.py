"""What the values of a text show: their figures, the targets that they treat, the observations behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from galley.bind.figures import Figure, TargetResult
from galley.bind.objects import Chart, Listing, Table, TileMap, observations_of

if TYPE_CHECKING:
    from galley.bind import Value
    from galley.expressions import Problem
    from galley.model import Observation


def figures_of(value: Value | Problem) -> tuple[Figure | None, ...]:
    """The figures that a value shows, but for the points of a chart; None for a place that stays empty."""
    match value:
        case Figure():
            return (value,)
        case TargetResult() | Listing():
            return tuple(one for result in results_of(value) for one in (result.result, result.compared) if one)
        case Table():
            return tuple(cell for row in value.rows for cell in row.cells)
        case TileMap():
            return tuple(tile.figure for tile in value.tiles)
        case _:
            return ()


def drawn(value: Table | Chart | TileMap) -> tuple[Figure, ...]:
    """The figures that a table or drawing shows."""
    if isinstance(value, Chart):
        return tuple(figure for series in value.series for _, figure in series.points)
    return tuple(one for one in figures_of(value) if one is not None)


def observed(value: Value | Problem) -> tuple[Observation, ...]:
    """The observations that a value shows or was derived from."""
    shown = figures_of(value) if results_of(value) else (value,)
    return tuple(observation for one in shown for observation in observations_of(one))


def results_of(value: Value | Problem) -> tuple[TargetResult, ...]:
    """The targets that a value treats: one, or those of a listing."""
    match value:
        case TargetResult():
            return (value,)
        case Listing():
            return tuple(one for one in value.items if isinstance(one, TargetResult))
        case _:
            return ()


def gaps_of(value: Value | Problem) -> int:
    """How many figures are missing from a value."""
    return sum(one is None or one.number is None for one in figures_of(value))

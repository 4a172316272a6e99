"""Where a figure comes from, told to the reader who doubts it: sources, status, inputs, who entered it and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from galley.bind.figures import figure_text
from galley.render.forge import line_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import PurePosixPath

    from galley.bind import Index
    from galley.bind.figures import Figure
    from galley.model import Commit, History, Indicator, Observation, Source
    from galley.source import Span

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Input:
    """An observation that went into a derived figure, as it is shown: `Lạng Sơn`, `2020`, `788,7 nghìn người`."""

    area: str
    period: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """What a reader is told of a figure, each thing once, in the order of its inputs.

    `inputs` is empty for a published value; `entered` are the commits that its lines stand since; `line` is the
    address of the first line at the forge, or empty.
    """

    indicators: tuple[Indicator, ...]
    periods: tuple[str, ...]
    sources: tuple[Source, ...]
    statuses: tuple[str, ...]
    notes: tuple[str, ...]
    at: str
    inputs: tuple[Input, ...]
    entered: tuple[Commit, ...]
    places: tuple[Span, ...]
    line: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """Who entered what: the commit that is built, and the commits of the lines of each indicator file."""

    head: Commit | None
    lines: Mapping[PurePosixPath, tuple[Commit | None, ...]]

    def entered(self, span: Span) -> Commit | None:
        """The commit that a line stands since; None where git does not know it."""
        lines = self.lines.get(span.path, ())
        return lines[span.line - 1] if span.line <= len(lines) else None


def ledger(history: History) -> Ledger:
    """What a history tells of lines, ready to be looked up."""
    return Ledger(history.head, dict(history.lines))


def card(figure: Figure, lookup: Index, book: Ledger) -> Card:
    """The provenance of a figure."""
    inputs = figure.provenance.inputs
    own = figure.provenance.source
    derived = figure.provenance.operation != "value"
    named = _once(one.source for one in inputs)
    commits = tuple(book.entered(one.span) for one in inputs)
    return Card(
        indicators=tuple(lookup.indicators[name] for name in _once(one.indicator for one in inputs)),
        periods=_once(str(one.period) for one in inputs),
        sources=(own,) if own else tuple(lookup.sources[name] for name in named if name in lookup.sources),
        statuses=_once(one.status.value for one in inputs),
        notes=_once(one.note for one in inputs if one.note),
        at=figure.provenance.at,
        inputs=tuple(_input(one, lookup) for one in inputs) if derived else (),
        entered=_once(one for one in commits if one is not None),
        places=tuple(one.span for one in inputs),
        line=line_url(lookup.contents.settings, inputs[0].span, book.head) if inputs else "",
    )


def _input(one: Observation, lookup: Index) -> Input:
    indicator = lookup.indicators[one.indicator]
    text = "" if one.value is None else figure_text(one.value, indicator.decimals, lookup.units.get(indicator.unit))
    return Input(lookup.areas[one.area].name, str(one.period), text)


def _once(values: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(values))

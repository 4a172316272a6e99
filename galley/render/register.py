"""The register of figures (sổ số liệu): each figure that the prose quotes, its source, and where it is quoted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from galley.bind import evaluate, place_of
from galley.bind.figures import Figure, TargetResult
from galley.bind.objects import Listing
from galley.vietnamese import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import PurePosixPath

    from galley.bind import Index, Value
    from galley.expressions import Problem
    from galley.model import Block, Chapter, Indicator, Source


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a chapter: its number as printed (`4.2`, or `4` before the first heading), and its heading's id."""

    path: PurePosixPath
    number: str
    anchor: str


Evaluated: TypeAlias = "tuple[tuple[Value | Problem, Section], ...]"


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A quoted figure, with the areas and periods it is of, and the sections that quote it, each once.

    `indicator` is None for a figure that stands in a source only.
    """

    number: int
    figure: Figure
    indicator: Indicator | None
    areas: tuple[str, ...]
    periods: tuple[str, ...]
    sources: tuple[Source, ...]
    statuses: tuple[str, ...]
    places: tuple[Section, ...]


def evaluated(lookup: Index) -> Evaluated:
    """What each expression of the report gives, with the section it stands in."""
    return tuple(_evaluated(lookup))


def figure_register(lookup: Index, quoted: Evaluated) -> tuple[RegisterEntry, ...]:
    """The figures of the prose by indicator, area and period, numbered; those from sources only come last."""
    figures: dict[object, tuple[Figure, list[Section]]] = {}
    for figure, section in ((one, section) for value, section in quoted for one in _figures(value)):
        places = figures.setdefault(_identity(figure), (figure, []))[1]
        if section not in places:
            places.append(section)
    ordered = sorted(figures.values(), key=lambda one: _order(one[0], lookup))
    return tuple(
        _entry(number, figure, tuple(places), lookup) for number, (figure, places) in enumerate(ordered, start=1)
    )


def treating_sections(quoted: Evaluated) -> Mapping[str, tuple[Section, ...]]:
    """The sections that treat a target, by `target(…)` or in a list of `targets(…)`, by the target's id."""
    found: dict[str, dict[Section, None]] = {}
    for value, section in quoted:
        for one in value.items if isinstance(value, Listing) else (value,):
            if isinstance(one, TargetResult):
                found.setdefault(one.target.id, {})[section] = None
    return {name: tuple(those) for name, those in found.items()}


def sections(chapter: Chapter, number: int) -> Iterator[tuple[Block, Section]]:
    """The blocks of a chapter, each with the section it stands in; headings are numbered by their levels."""
    counts: list[int] = []
    section = Section(chapter.path, str(number), "")
    for block in chapter.blocks:
        if block.kind == "heading":
            depth = max(block.level - 1, 1)
            counts = [*counts, *[0] * depth][:depth]
            counts[-1] += 1
            section = Section(chapter.path, ".".join(map(str, (number, *counts))), block.anchor)
        yield block, section


def _evaluated(lookup: Index) -> Iterator[tuple[Value | Problem, Section]]:
    for chapter in lookup.contents.chapters:
        place = place_of(chapter, lookup)
        for block, section in sections(chapter, lookup.chapters[chapter.path]):
            for citation in block.citations:
                yield evaluate(citation, place), section


def _figures(value: Value | Problem) -> tuple[Figure, ...]:
    match value:
        case Figure():
            return (value,)
        case TargetResult():
            return tuple(one for one in (value.result, value.compared) if one is not None)
        case _:
            return ()


def _identity(figure: Figure) -> object:
    """What makes two figures the same: how they were got, from what, and their number or words.

    Of a figure that stands in a source only the unit is part of what it says; others have that of their indicator.
    """
    inputs = tuple((one.indicator, one.area, one.period) for one in figure.provenance.inputs)
    source = figure.provenance.source
    return (
        figure.provenance.operation,
        figure.text if figure.kind == "claim" or not inputs else (figure.number, figure.decimals),
        figure.place,
        inputs,
        source.id if source else "",
        figure.provenance.at,
    )


def _order(figure: Figure, lookup: Index) -> tuple[object, ...]:
    inputs = figure.provenance.inputs
    if not inputs:
        source = figure.provenance.source
        return (1, sort_key(source.title if source else ""), 0, figure.text)
    first = next((one for one in inputs if lookup.areas[one.area].name == figure.place), inputs[0])
    areas = {area: position for position, area in enumerate(lookup.areas)}
    derived = figure.provenance.operation != "value"
    name = sort_key(lookup.indicators[first.indicator].name)
    return (0, name, derived, areas.get(first.area, len(areas)), str(first.period), figure.provenance.operation)


def _entry(number: int, figure: Figure, places: tuple[Section, ...], lookup: Index) -> RegisterEntry:
    inputs = figure.provenance.inputs
    own = figure.provenance.source
    ids = dict.fromkeys(one.source for one in inputs)
    return RegisterEntry(
        number=number,
        figure=figure,
        indicator=lookup.indicators[inputs[0].indicator] if inputs else None,
        areas=tuple(dict.fromkeys(lookup.areas[one.area].name for one in inputs)),
        periods=tuple(dict.fromkeys(str(one.period) for one in inputs)),
        sources=(own,) if own else tuple(lookup.sources[one] for one in ids if one in lookup.sources),
        statuses=tuple(dict.fromkeys(one.status.value for one in inputs)),
        places=places,
    )

"""Rules about the prose: every expression has a value, every table and figure a name of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from galley.check.data import decimals_out_of_range, numbers_too_long
from galley.diagnostics import Diagnostic, error
from galley.expressions import OBJECTS, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from galley.check.subject import Quotation, Subject
    from galley.model import Literal
    from galley.source import Span

# What an expression lacks when the observations that it asks for could not be read.
_LACKING = ("missing-observation", "missing-inputs", "nothing-to-show", "not-computable")


def expressions_without_value(subject: Subject) -> Iterator[Diagnostic]:
    """Every expression must have a value."""
    spoiled = _spoiled(subject)
    for one in subject.quotations:
        if isinstance(one.value, Problem) and not _follows(one, one.value, subject, spoiled):
            yield error(one.citation.span, one.value.rule, **dict(one.value.arguments))


def _spoiled(subject: Subject) -> frozenset[str]:
    """The indicators whose observations could not be read, stand under no known area, or cannot be written."""
    lookup = subject.lookup
    found = {one.id for one in subject.report.unread if one.register == "observations"}
    found |= {one.indicator for one in lookup.observations.values() if one.area not in lookup.areas}
    found |= {one.span.path.stem for one in (*decimals_out_of_range(subject), *numbers_too_long(subject))}
    weighted = {
        one.id: one.aggregate.weight for one in lookup.indicators.values() if one.aggregate and one.aggregate.weight
    }
    return frozenset(found | {name for name, weight in weighted.items() if weight in found})


def _follows(one: Quotation, found: Problem, subject: Subject, spoiled: frozenset[str]) -> bool:
    """True when a problem is only what follows from a mistake that is reported where it was made."""
    arguments = dict(found.arguments)
    if found.rule == "unknown-id":
        named = arguments["id"]
        by_front_matter = arguments["register"] == "areas" and named == one.chapter.front.area
        by_weight = named not in _words(one)
        return by_front_matter or by_weight or subject.is_unread(arguments["register"], named)
    if found.rule == "unknown-label":
        return _is_written(arguments["label"], subject)
    return found.rule in _LACKING and any(word in spoiled for word in _words(one))


def _words(one: Quotation) -> tuple[str, ...]:
    call = one.citation.call
    return tuple(_texts((*call.arguments, *(argument for _, argument in call.keywords))))


def _texts(arguments: tuple[Literal, ...]) -> Iterator[str]:
    for one in arguments:
        if isinstance(one, tuple):
            yield from _texts(one)
        elif isinstance(one, str):
            yield one


def _is_written(label: str, subject: Subject) -> bool:
    """True when a table or figure of that name stands in the sources, though it could not be read."""
    marks = (f'id="{label}"'.encode(), f"id='{label}'".encode())
    files = (subject.tree.find(path) for path in subject.chapter_files)
    return any(mark in file.content for file in files if file is not None for mark in marks)


def duplicate_labels(subject: Subject) -> Iterator[Diagnostic]:
    """The name of a table or figure stands once in the report, and is no heading's id of the same chapter."""
    seen: dict[str, Span] = {}
    for chapter in subject.lookup.contents.chapters:
        headings = {block.anchor: block.span for block in chapter.blocks if block.kind == "heading"}
        for block in chapter.blocks:
            for citation in block.citations:
                if citation.call.function not in OBJECTS:
                    continue
                name = subject.lookup.labels[citation.span].id
                first = seen.get(name) or headings.get(name)
                if first is not None:
                    yield error(citation.span, "duplicate-label", first, label=name)
                seen.setdefault(name, citation.span)

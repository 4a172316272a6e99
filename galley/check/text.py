"""Rules about the prose: every expression has a value, every table and figure a name of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from galley.bind.figures import Figure
from galley.check.data import decimals_out_of_range, numbers_too_long
from galley.diagnostics import Diagnostic, error, warning
from galley.expressions import OBJECTS, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from galley.check.subject import Quotation, Subject
    from galley.source import Span

# An observation that is there but cannot be used: indicator, area, period; `*` stands for any.
Lost = tuple[str, str, str]
_LACKING = ("missing-observation", "missing-inputs", "claim-unchecked", "nothing-to-show")


def expressions_without_value(subject: Subject) -> Iterator[Diagnostic]:
    """Every expression must have a value; a figure that lacks inputs reads as missing, which is worth a warning."""
    lost = _lost(subject)
    for one in subject.quotations:
        found, report = one.value, error
        if isinstance(found, Figure) and found.missing is not None:
            found, report = found.missing, warning
        if isinstance(found, Problem) and not _follows(one, found, subject, lost):
            yield report(one.citation.span, found.rule, **dict(found.arguments))


def _lost(subject: Subject) -> frozenset[Lost]:
    """The observations that could not be read, and those under an area that does not exist: it may be any."""
    observations = subject.lookup.observations.values()
    unread = (_observation(one.id) for one in subject.report.unread if one.register == "observations")
    astray = (one for one in observations if one.area not in subject.lookup.areas)
    return frozenset(
        [
            *unread,
            *((one.indicator, "*", str(one.period)) for one in astray),
        ]
    )


def _observation(name: str) -> Lost:
    """Indicator, area and period of an observation that could not be read; its area is whatever was written."""
    indicator, _, rest = name.partition(" ")
    area, _, period = rest.rpartition(" ")
    return indicator, area, period


def _follows(one: Quotation, found: Problem, subject: Subject, lost: frozenset[Lost]) -> bool:
    """True when a problem is only what follows from a mistake that is reported where it was made."""
    arguments = dict(found.arguments)
    if found.rule == "unknown-id":
        named = arguments["id"]
        by_front_matter = arguments["register"] == "areas" and named == one.chapter.front.area
        by_weight = named not in one.words
        return by_front_matter or by_weight or subject.is_unread(arguments["register"], named)
    if found.rule == "unknown-label":
        return _is_written(arguments["label"], subject)
    if found.rule == "not-computable":
        unwritable = (*decimals_out_of_range(subject), *numbers_too_long(subject))
        return any(trouble.span.path.stem in one.words for trouble in unwritable)
    return found.rule in _LACKING and any(_lacks(arguments, observation) for observation in lost)


def _lacks(arguments: dict[str, str], observation: Lost) -> bool:
    """True when an observation may be what a problem says is missing."""
    indicator, area, period = observation
    return (
        indicator in arguments["indicator"].split(", ")
        and (area == "*" or area == arguments.get("area", area))
        and (period == "*" or period == (arguments.get("period") or period))
    )


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

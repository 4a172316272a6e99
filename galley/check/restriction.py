"""Rules that hold back what is not for everybody: nothing open may lean on something that fewer may see.

`restrict` takes away what an audience may not see; these rules say beforehand where that would leave a hole, or
where the open text would tell what the closed one holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from galley.bind.figures import Figure, TargetResult
from galley.bind.index import Label
from galley.bind.objects import Chart, Listing, SourceNote, Table, TileMap, observations_of
from galley.check.references import resolve
from galley.diagnostics import Diagnostic, error
from galley.model import Meeting, Milestone, Proposal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import PurePosixPath

    from galley.check.subject import Quotation, Subject
    from galley.model import Block, Chapter, Observation
    from galley.source import Span

# A record that something leans on: its register, its id, its audience.
Leaning = tuple[str, str, str]


def restricted_references(subject: Subject) -> Iterator[Diagnostic]:
    """A record is not for more readers than the source, indicator or chapter that it names."""
    lookup, contents = subject.lookup, subject.lookup.contents
    for indicator in lookup.indicators.values():
        weight = indicator.aggregate.weight if indicator.aggregate else None
        yield from _wider(subject, indicator.span, indicator.audience, _named(subject, "indicators", weight))
        for one in indicator.observations:
            own = subject.narrowest(one.audience, indicator.audience)
            yield from _wider(subject, one.span, own, _named(subject, "sources", one.source))
        for name in indicator.sums_to_100_with:
            yield from _wider(subject, indicator.span, indicator.audience, _named(subject, "indicators", name))
    for source in contents.sources:
        yield from _wider(subject, source.span, source.audience, _named(subject, "sources", source.superseded_by))
    for target in contents.targets:
        yield from _wider(subject, target.span, target.audience, _named(subject, "sources", target.document))
        yield from _wider(subject, target.span, target.audience, _named(subject, "sources", target.source))
        yield from _wider(subject, target.span, target.audience, _named(subject, "indicators", target.indicator))
    sourced: tuple[Meeting | Proposal | Milestone, ...] = (
        *contents.meetings,
        *contents.proposals,
        *contents.milestones,
    )
    for record in sourced:
        yield from _wider(subject, record.span, record.audience, _named(subject, "sources", record.source))
    audiences = {str(chapter.path): chapter.front.audience for chapter in contents.chapters}
    for comment in contents.comments:
        path = comment.about.partition("#")[0]
        yield from _wider(subject, comment.span, comment.audience, ("chapters", path, audiences.get(path, "")))


def _named(subject: Subject, register: str, name: str | None) -> Leaning:
    found = (subject.lookup.sources if register == "sources" else subject.lookup.indicators).get(name or "")
    return register, name or "", found.audience if found else ""


def _wider(subject: Subject, span: Span, own: str, other: Leaning) -> Iterator[Diagnostic]:
    register, name, audience = other
    if subject.is_narrower(audience, own):
        yield error(span, "restricted-reference", register=register, id=name, audience=audience, own=own)


def restricted_citations(subject: Subject) -> Iterator[Diagnostic]:
    """A text does not quote what fewer readers may see than the text itself; the narrowest quoted record is named."""
    for one in subject.quotations:
        own = _effective(subject, one.chapter, one.block)
        worst: Leaning | None = None
        for found in (*_leans_on(subject, one.value), *_names(subject, one)):
            if subject.is_narrower(found[2], worst[2] if worst else own):
                worst = found
        if worst is not None:
            register, name, audience = worst
            yield error(
                one.citation.span, "restricted-citation", register=register, id=name, audience=audience, own=own
            )


def _names(subject: Subject, quoted: Quotation) -> Iterator[Leaning]:
    """The records that an expression names: a figure without a number has no observation that would tell of them."""
    if isinstance(quoted.value, Figure):
        for word in quoted.words:
            yield _named(subject, "indicators", word)
            if word in subject.lookup.targets and quoted.value.kind == "claim":
                yield "targets", word, subject.lookup.targets[word].audience


def _effective(subject: Subject, chapter: Chapter, block: Block) -> str:
    return subject.narrowest(chapter.front.audience, block.audience)


def _leans_on(subject: Subject, value: object) -> Iterator[Leaning]:
    """Everything that stands behind a value, with its audience."""
    match value:
        case SourceNote():
            yield "sources", value.source.id, value.source.audience
        case Label():
            yield "labels", value.id, _audience_at(subject, value.chapter, value.span)
        case Listing():
            yield from (("meetings", one.id, one.audience) for one in value.items if isinstance(one, Meeting))
        case TargetResult():
            yield "targets", value.target.id, value.target.audience
            yield from _named_all(subject, "sources", (value.target.document, value.target.source))
            yield from _leans_on(subject, value.result)
            yield from _leans_on(subject, value.compared)
        case Figure() | Table() | Chart() | TileMap():
            yield from _observed(subject, value)


def _named_all(subject: Subject, register: str, names: tuple[str | None, ...]) -> Iterator[Leaning]:
    return (_named(subject, register, name) for name in names if name)


def _observed(subject: Subject, value: Figure | Table | Chart | TileMap) -> Iterator[Leaning]:
    if isinstance(value, Figure) and value.provenance.source is not None:
        yield "sources", value.provenance.source.id, value.provenance.source.audience
    if isinstance(value, Table | Chart):
        yield from (("indicators", one.id, one.audience) for one in value.indicators)
    if isinstance(value, TileMap):
        yield "indicators", value.indicator.id, value.indicator.audience
    kinds: dict[tuple[str, str, str], Observation] = {}
    for one in observations_of(value):
        kinds.setdefault((one.indicator, one.source, one.audience), one)  # only the first that is narrower is told
    for one in kinds.values():
        yield _named(subject, "indicators", one.indicator)
        yield "observations", f"{one.indicator} {one.area} {one.period}", one.audience
        yield _named(subject, "sources", one.source)


def _audience_at(subject: Subject, path: PurePosixPath, span: Span) -> str:
    """The audience of the block that an expression stands in."""
    for chapter in subject.lookup.contents.chapters:
        if chapter.path == path:
            for block in chapter.blocks:
                if any(one.span == span for one in block.citations):
                    return _effective(subject, chapter, block)
    return ""


def restricted_links(subject: Subject) -> Iterator[Diagnostic]:
    """A text does not link to a chapter, or a heading in it, that fewer readers may see: the address would tell."""
    chapters = {chapter.path: chapter for chapter in subject.lookup.contents.chapters}
    for chapter in chapters.values():
        for block in chapter.blocks:
            own = _effective(subject, chapter, block)
            for link in block.links:
                path, anchor = resolve(link.target, chapter.path)
                if path not in chapters:
                    continue
                audience = _audience_of(subject, chapters[path], anchor)
                if subject.is_narrower(audience, own):
                    yield error(link.span, "restricted-link", target=link.target, audience=audience, own=own)


def _audience_of(subject: Subject, chapter: Chapter, anchor: str | None) -> str:
    """The audience of the place that a link leads to."""
    headed = next((block for block in chapter.blocks if block.kind == "heading" and block.anchor == anchor), None)
    if anchor and headed is not None:
        return _effective(subject, chapter, headed)
    labels = subject.lookup.labels.values()
    label = next((one for one in labels if one.id == anchor and one.chapter == chapter.path), None)
    return _audience_at(subject, chapter.path, label.span) if label else chapter.front.audience

"""Rules about names: every id, chapter, link and anchor that is named must be there."""

from __future__ import annotations

import posixpath
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from galley.bind.index import unknown_id
from galley.diagnostics import Diagnostic, error
from galley.source import Span
from galley.vietnamese import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from galley.check.subject import Subject
    from galley.model import Chapter, Link

_ELSEWHERE = re.compile(r"(?:https?://|mailto:)[^\s]+", re.IGNORECASE)


def unknown_ids(subject: Subject) -> Iterator[Diagnostic]:
    """Every id that a record names must stand in its register; an id in prose is looked up by its expression."""
    known = _known(subject)
    for one in subject.report.references:
        if one.register not in known or one.id in known[one.register] or subject.is_unread(one.register, one.id):
            continue
        if one.register == "audiences" and not known["audiences"]:
            continue
        found = unknown_id(one.register, one.id, known[one.register])
        yield error(one.span, found.rule, **dict(found.arguments))


def _known(subject: Subject) -> Mapping[str, tuple[str, ...]]:
    lookup, contents = subject.lookup, subject.lookup.contents
    return {
        "areas": tuple(lookup.areas),
        "agencies": tuple(lookup.agencies),
        "units": tuple(lookup.units),
        "sources": tuple(lookup.sources),
        "indicators": tuple(lookup.indicators),
        "meetings": tuple(one.id for one in contents.meetings),
        "audiences": contents.settings.audiences,
    }


def chapters_missing(subject: Subject) -> Iterator[Diagnostic]:
    """A file that a part names must be there; one that is there but cannot be read was reported by the reader."""
    files = {path.stem: str(path) for path in subject.chapter_files}
    for one in subject.report.references:
        if one.register == "chapters" and one.id not in files.values():
            near = files.get(nearest(PurePosixPath(one.id).stem, tuple(files)), "")
            yield error(one.span, "chapter-missing", path=one.id, nearest=near)


def chapters_unlisted(subject: Subject) -> Iterator[Diagnostic]:
    """A chapter that no part names would be lost without a word; one whose path is misspelt there is reported there."""
    if not subject.has_settings:
        return
    named = {one.id for one in subject.report.references if one.register == "chapters"}
    misspelt = {dict(one.arguments)["nearest"] for one in chapters_missing(subject)}
    for path in subject.chapter_files:
        if str(path) not in named | misspelt:
            yield error(Span(path), "chapter-unlisted", path=path)


def chapters_named_twice(subject: Subject) -> Iterator[Diagnostic]:
    """A chapter stands in one place of the reading order."""
    seen: dict[str, Span] = {}
    for one in subject.report.references:
        if one.register != "chapters":
            continue
        if one.id in seen:
            yield error(one.span, "chapter-named-twice", seen[one.id], path=one.id)
        seen.setdefault(one.id, one.span)


def no_audiences(subject: Subject) -> Iterator[Diagnostic]:
    """Without an audience there is nobody to build an edition for."""
    settings = subject.lookup.contents.settings
    if subject.has_settings and not settings.audiences:
        yield error(subject.place_of(settings.span.path, "audiences"), "no-audiences")


def broken_links(subject: Subject) -> Iterator[Diagnostic]:
    """A link leads to a chapter of the report, to a heading, table or figure in it, or to an address elsewhere."""
    anchors = {chapter.path: _anchors(subject, chapter) for chapter in subject.lookup.contents.chapters}
    files = subject.chapter_files
    for chapter in subject.lookup.contents.chapters:
        for block in chapter.blocks:
            for link in block.links:
                yield from _broken_link(link, chapter, files, anchors)


def _broken_link(
    link: Link, chapter: Chapter, files: tuple[PurePosixPath, ...], anchors: Mapping[PurePosixPath, tuple[str, ...]]
) -> Iterator[Diagnostic]:
    if _ELSEWHERE.fullmatch(link.target):
        return
    path, anchor = resolve(link.target, chapter.path)
    if path not in files:
        known = tuple(posixpath.relpath(str(file), str(chapter.path.parent)) for file in files)
        near = nearest(link.target.partition("#")[0], known)
        yield error(link.span, "broken-link", target=link.target, nearest=near)
    elif anchor is not None and path in anchors and anchor not in anchors[path]:
        near = nearest(anchor, anchors[path])
        yield error(link.span, "broken-anchor", path=path, anchor=anchor, nearest=near)


def resolve(target: str, origin: PurePosixPath) -> tuple[PurePosixPath, str | None]:
    """The file of the repository and the anchor that a link names; relative to the file that it stands in."""
    written, mark, anchor = target.partition("#")
    if not written:
        return origin, anchor if mark else ""
    return PurePosixPath(posixpath.normpath(posixpath.join(str(origin.parent), written))), anchor if mark else None


def _anchors(subject: Subject, chapter: Chapter) -> tuple[str, ...]:
    headings = tuple(block.anchor for block in chapter.blocks if block.kind == "heading" and block.anchor)
    labels = tuple(label.id for label in subject.lookup.labels.values() if label.chapter == chapter.path)
    return (*headings, *labels)

"""Rules about the discussion: an opinion that was dealt with says how; what needs git is checked elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from galley.bind.index import unknown_id
from galley.diagnostics import Diagnostic, error
from galley.model import Disposition
from galley.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from galley.check.subject import Subject

_NEEDS_RESPONSE = (Disposition.ACCEPTED_IN_PART, Disposition.EXPLAINED)
_NEEDS_COMMIT = (Disposition.ACCEPTED, Disposition.ACCEPTED_IN_PART)
_COMMIT = re.compile(r"[0-9a-f]{7,40}")


def responses(subject: Subject) -> Iterator[Diagnostic]:
    """An opinion that was explained has a response; one that was accepted has the commit that changed the text."""
    for one in subject.lookup.contents.comments:
        if one.disposition in _NEEDS_RESPONSE and not (one.response or "").strip():
            yield error(one.span, "missing-response", id=one.id, disposition=one.disposition.value)
        if one.disposition in _NEEDS_COMMIT and not one.commit:
            yield error(one.span, "missing-commit", id=one.id, disposition=one.disposition.value)
        if one.commit and not _COMMIT.fullmatch(one.commit):
            yield error(one.span, "bad-commit", id=one.id, commit=one.commit)


def meetings(subject: Subject) -> Iterator[Diagnostic]:
    """A file of opinions bears the id of its meeting."""
    known = tuple(one.id for one in subject.lookup.contents.meetings)
    for file in subject.tree.under("data/comments", ".yml"):
        name = file.path.stem
        if name not in known and not subject.is_unread("meetings", name):
            found = unknown_id("meetings", name, known)
            yield error(Span(file.path), found.rule, **dict(found.arguments))

"""Step 4: the edition that one audience may see. The only place that makes an `Edition`.

Nothing of what is left out survives: no record, block, name of an audience, or path of a chapter.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Protocol, TypeVar

from galley.errors import UsageError
from galley.model import Contents, Edition, Report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from galley.model import History


class _Restricted(Protocol):
    @property
    def audience(self) -> str: ...


_Record = TypeVar("_Record", bound=_Restricted)


def restrict(report: Report, audience: str | None = None) -> Edition:
    """The edition of an audience, by default the widest; UsageError when the report knows no such audience.

    An audience sees what is meant for it and for every wider one; a record with an audience that does not exist is
    seen by nobody.
    """
    contents = report.contents
    audiences = contents.settings.audiences
    audience = audience or next(iter(audiences), "")
    if audience not in audiences:
        raise UsageError("no-audience", audience=audience, audiences=", ".join(audiences))
    seen = frozenset(audiences[: audiences.index(audience) + 1])
    return Edition(audience, _contents(contents, seen))


def restrict_history(history: History, report: Report, edition: Edition) -> History:
    """What git tells of the chapters of an edition, without the subjects of commits for all but the narrowest audience.

    A subject says what was changed, and may name what others must not see.
    """
    shown = {chapter.path for chapter in edition.contents.chapters}
    narrowest = report.contents.settings.audiences[-1:] == (edition.audience,)
    amendments = (
        (path, found if narrowest else tuple(dataclasses.replace(one, subject="") for one in found))
        for path, found in history.amendments
        if path in shown
    )
    return dataclasses.replace(history, amendments=tuple(amendments))


def _contents(contents: Contents, seen: frozenset[str]) -> Contents:
    chapters = tuple(
        dataclasses.replace(chapter, blocks=_visible(chapter.blocks, seen))
        for chapter in contents.chapters
        if chapter.front.audience in seen
    )
    paths = {str(chapter.path) for chapter in chapters}
    parts = tuple(
        dataclasses.replace(part, chapters=tuple(path for path in part.chapters if path in paths))
        for part in contents.settings.parts
    )
    settings = dataclasses.replace(
        contents.settings,
        audiences=tuple(name for name in contents.settings.audiences if name in seen),
        parts=tuple(part for part in parts if part.chapters),
    )
    return Contents(
        settings=settings,
        areas=contents.areas,
        agencies=contents.agencies,
        units=contents.units,
        sources=_visible(contents.sources, seen),
        indicators=tuple(
            dataclasses.replace(one, observations=_visible(one.observations, seen))
            for one in _visible(contents.indicators, seen)
        ),
        targets=_visible(contents.targets, seen),
        meetings=_visible(contents.meetings, seen),
        comments=_visible(contents.comments, seen),
        proposals=_visible(contents.proposals, seen),
        milestones=_visible(contents.milestones, seen),
        chapters=chapters,
    )


def _visible(records: Iterable[_Record], seen: frozenset[str]) -> tuple[_Record, ...]:
    return tuple(record for record in records if record.audience in seen)

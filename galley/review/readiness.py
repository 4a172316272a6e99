"""How ready a report is: each chapter's status as far as it still holds, what is late, missing or unanswered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from galley.bind import evaluate, place_of
from galley.bind.figures import Figure
from galley.bind.shown import gaps_of, observed
from galley.expressions import Problem
from galley.model import ChapterStatus, Disposition

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from galley.bind import Index, Value
    from galley.model import Agency, Approval, Chapter, Commit, History, Milestone, Observation
    from galley.review.places import Opinion

APPROVED = (ChapterStatus.AGREED, ChapterStatus.FINAL)
UNDECIDED = (Disposition.RESERVED, Disposition.ESCALATED)


@dataclass(frozen=True, slots=True)
class Lapse:
    """A change that came after a status was given: of the text, or of observations that the text quotes.

    `observations` is empty for the text; `commit` is the last one that made the change, None where it is not committed.
    """

    commit: Commit | None
    observations: tuple[Observation, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a chapter stands on the day of the commit that is built.

    `status` is the one that holds: `in-review` where a higher one was given before the changes in `lapses`; `given` is
    the commit that gave the higher one. `late` counts days; `gaps` are figures without a value, `opinions` those that
    nobody has dealt with, `broken` the claims and expressions that the data do not bear out.
    """

    chapter: Chapter
    number: int
    status: ChapterStatus
    given: Commit | None
    lapses: tuple[Lapse, ...]
    change: Commit | None
    late: int
    gaps: int
    opinions: tuple[Opinion, ...]
    broken: int

    @property
    def agreed(self) -> bool:
        """Whether the chapter is agreed or final, and that still holds."""
        return self.status in APPROVED


@dataclass(frozen=True, slots=True)
class PartStanding:
    """A part of the report with how its chapters stand; `number` counts from 1."""

    title: str
    number: int
    chapters: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone, and how many days late it is if it is not done; 0 where no day is due."""

    milestone: Milestone
    late: int


@dataclass(frozen=True, slots=True)
class Voice:
    """A body with the opinions that it gave."""

    agency: Agency
    opinions: tuple[Opinion, ...]

    def count(self, *dispositions: str) -> int:
        """How many of them are disposed of so."""
        return sum(one.comment.disposition in dispositions for one in self.opinions)


@dataclass(frozen=True, slots=True)
class Readiness:
    """How ready an edition is on `day`, that of its commit; None without git. Milestones by date, undated ones last."""

    day: date | None
    parts: tuple[PartStanding, ...]
    steps: tuple[Step, ...]
    voices: tuple[Voice, ...]

    @property
    def chapters(self) -> tuple[Standing, ...]:
        """How all chapters stand, in reading order."""
        return tuple(one for part in self.parts for one in part.chapters)

    @property
    def opinions(self) -> tuple[Opinion, ...]:
        """The opinions of all bodies, those of a body together."""
        return tuple(one for voice in self.voices for one in voice.opinions)

    @property
    def undecided(self) -> tuple[Opinion, ...]:
        """The opinions that the chair has to decide on: reserved and escalated ones."""
        return tuple(one for one in self.opinions if one.comment.disposition in UNDECIDED)


def readiness(
    lookup: Index,
    history: History,
    opinions: Sequence[Opinion],
    values: Mapping[PurePosixPath, Sequence[Value | Problem]] | None = None,
) -> Readiness:
    """How ready the contents are that the index was made of.

    `values` may give what the expressions of each chapter came to, where that is known already.
    """
    day = history.head.day if history.head else None
    standings = {
        str(one.path): _standing(one, lookup, history, opinions, values[one.path] if values else _values(one, lookup))
        for one in lookup.contents.chapters
    }
    parts = tuple(
        PartStanding(part.title, number, tuple(standings[path] for path in part.chapters if path in standings))
        for number, part in lookup.contents.settings.numbered_parts
    )
    steps = (Step(one, 0 if one.done else _days(one.due, day)) for one in lookup.contents.milestones)
    return Readiness(
        day, parts, tuple(sorted(steps, key=lambda one: _when(one.milestone))), _voices(lookup.agencies, opinions)
    )


def _values(chapter: Chapter, lookup: Index) -> tuple[Value | Problem, ...]:
    place = place_of(chapter, lookup)
    return tuple(evaluate(citation, place) for block in chapter.blocks for citation in block.citations)


def _standing(
    chapter: Chapter, lookup: Index, history: History, opinions: Iterable[Opinion], values: Sequence[Value | Problem]
) -> Standing:
    status = chapter.front.status
    approval = dict(history.approvals).get(chapter.path) if status in APPROVED else None
    lapses = tuple(_lapses(approval, values, dict(history.lines))) if approval else ()
    held = ChapterStatus.IN_REVIEW if lapses else status
    return Standing(
        chapter=chapter,
        number=lookup.chapters[chapter.path],
        status=held,
        given=approval.given if approval else None,
        lapses=lapses,
        change=dict(history.changes).get(chapter.path),
        late=0 if held in APPROVED else _days(chapter.front.due, history.head.day if history.head else None),
        gaps=sum(gaps_of(one) for one in values),
        opinions=tuple(
            one for one in opinions if one.comment.disposition is Disposition.NEW and chapter_of(one) == chapter.path
        ),
        broken=sum(_is_broken(one) for one in values),
    )


def chapter_of(opinion: Opinion) -> PurePosixPath:
    """The chapter that an opinion is about, by its name of today; where its place is gone, by the name it was given."""
    return opinion.now.path if opinion.now else PurePosixPath(opinion.comment.about.partition("#")[0])


def _lapses(
    approval: Approval,
    values: Iterable[Value | Problem],
    lines: Mapping[PurePosixPath, tuple[Commit | None, ...]],
) -> Iterable[Lapse]:
    """What changed since an approval: the text first, then what it quotes. Nothing lapses that is not committed yet."""
    if approval.given is None:
        return
    if approval.edited:
        yield Lapse(approval.edit)
    changed: list[tuple[Commit | None, Observation]] = []
    for one in dict.fromkeys(observation for value in values for observation in observed(value)):
        known = lines.get(one.span.path)
        if known is None:
            continue
        commit = known[one.span.line - 1] if one.span.line <= len(known) else None
        if commit is None or commit.id in approval.later:
            changed.append((commit, one))
    if changed:
        last = max((commit for commit, _ in changed), key=lambda one: one.day if one else date.max)
        yield Lapse(last, tuple(one for _, one in changed))


def _is_broken(value: Value | Problem) -> bool:
    return isinstance(value, Problem) or (isinstance(value, Figure) and value.contradicted is not None)


def _days(due: date | None, day: date | None) -> int:
    """How many days after the due day that is; 0 on the day itself and before it."""
    return max(0, (day - due).days) if due and day else 0


def _when(one: Milestone) -> date:
    return one.done or one.due or date.max


def _voices(agencies: Mapping[str, Agency], opinions: Iterable[Opinion]) -> tuple[Voice, ...]:
    """The bodies that gave opinions, in the order of the register."""
    given: dict[str, list[Opinion]] = {}
    for one in opinions:
        given.setdefault(one.comment.sender, []).append(one)
    return tuple(Voice(agency, tuple(given[name])) for name, agency in agencies.items() if name in given)

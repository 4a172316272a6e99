"""What each agency has to do with a report: chapters, milestones, the opinions that it gave or has to answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from galley.review.readiness import UNDECIDED, chapter_of

if TYPE_CHECKING:
    from galley.bind import Index
    from galley.model import Agency
    from galley.review.places import Opinion
    from galley.review.readiness import Readiness, Standing, Step


@dataclass(frozen=True, slots=True)
class Duties:
    """An agency with the chapters that it writes or helps to write, its milestones, and its part in the discussion.

    `given` are the opinions that it gave; `awaiting` those on its own chapters that nobody has answered, `undecided`
    those on them that the chair has to decide on.
    """

    agency: Agency
    owned: tuple[Standing, ...]
    contributed: tuple[Standing, ...]
    steps: tuple[Step, ...]
    given: tuple[Opinion, ...]
    awaiting: tuple[Opinion, ...]
    undecided: tuple[Opinion, ...]

    @property
    def unfinished(self) -> tuple[Standing, ...]:
        """Its own chapters that are not agreed, or show figures without a value, or claims that do not hold."""
        return tuple(one for one in self.owned if not one.agreed or one.gaps or one.broken)

    @property
    def open_steps(self) -> tuple[Step, ...]:
        """Its milestones that are not done."""
        return tuple(one for one in self.steps if one.milestone.done is None)

    @property
    def late(self) -> int:
        """How many of its chapters and milestones are late."""
        return sum(one.late > 0 for one in self.owned) + sum(one.late > 0 for one in self.steps)


def duties(lookup: Index, ready: Readiness) -> tuple[Duties, ...]:
    """The duties of all agencies that have any part in what the edition shows, in the order of the register."""
    found = (_duties(one, ready) for one in lookup.contents.agencies)
    return tuple(one for one in found if one.owned or one.contributed or one.steps or one.given)


def _duties(agency: Agency, ready: Readiness) -> Duties:
    owned = tuple(one for one in ready.chapters if one.chapter.front.owner == agency.id)
    paths = {one.chapter.path for one in owned}
    return Duties(
        agency,
        owned,
        tuple(one for one in ready.chapters if agency.id in one.chapter.front.contributors),
        tuple(one for one in ready.steps if one.milestone.owner == agency.id),
        tuple(one for one in ready.opinions if one.comment.sender == agency.id),
        tuple(opinion for one in owned for opinion in one.opinions),
        tuple(one for one in ready.opinions if chapter_of(one) in paths and one.comment.disposition in UNDECIDED),
    )

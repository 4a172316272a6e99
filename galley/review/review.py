"""All that a review adds to a draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from galley.model import Meeting
    from galley.review.places import Opinion, Renumbered
    from galley.review.since import Since


@dataclass(frozen=True, slots=True)
class Review:
    """What changed `since` an earlier draft, the opinions, and what became of the numbers of each meeting's draft."""

    since: Since | None = None
    opinions: tuple[Opinion, ...] = ()
    numbers: tuple[tuple[Meeting, tuple[Renumbered, ...]], ...] = ()

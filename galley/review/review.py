"""All that a review adds to a draft."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import PurePosixPath

    from galley.compare.drafts import ChapterChanges
    from galley.model import Amendment, Meeting
    from galley.review.places import Opinion, Renumbered
    from galley.review.since import Since


@dataclass(frozen=True, slots=True)
class Step:
    """A commit that changed a chapter, with what it changed in the text as it is written, expressions and all."""

    amendment: Amendment
    changes: ChapterChanges

    @property
    def anchor(self) -> str:
        """Its id on the page of the chapter's last changes."""
        return f"lan-{self.amendment.commit.id}"


@dataclass(frozen=True, slots=True)
class Review:
    """What changed `since` an earlier draft, the opinions, and what became of the numbers of each meeting's draft.

    `steps` are the last changes of each chapter, by its path, the newest first.
    """

    since: Since | None = None
    opinions: tuple[Opinion, ...] = ()
    numbers: tuple[tuple[Meeting, tuple[Renumbered, ...]], ...] = ()
    steps: Mapping[PurePosixPath, tuple[Step, ...]] = field(default_factory=dict)

"""What must not be open when a draft goes out to a meeting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from galley.compare.drafts import compare_drafts
from galley.diagnostics import Diagnostic
from galley.diagnostics import error as stop
from galley.model import Disposition
from galley.review.places import find_spot, follow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from galley.compare.drafts import ChapterChanges, DraftChapter
    from galley.model import Comment
    from galley.review.places import Draft, Spot

NEEDS_COMMIT = (Disposition.ACCEPTED, Disposition.ACCEPTED_IN_PART)


@dataclass(frozen=True, slots=True)
class CommitFacts:
    """What git tells of the commit that an opinion names, beside the draft at hand and that of the meeting."""

    known: bool
    in_draft: bool = False
    after_meeting: bool = False
    changed: bool = False


def stops(comments: Iterable[Comment], facts: Mapping[tuple[str, str], CommitFacts]) -> Iterator[Diagnostic]:
    """What stops a release: opinions nobody answered, and commits that did not change what they are named for.

    `facts` are those of the opinions that were accepted, by meeting and id.
    """
    for one in comments:
        commit = one.commit or ""
        found = facts.get((one.meeting, one.id))
        if one.disposition is Disposition.NEW:
            yield stop(one.span, "opinion-open", id=one.id, meeting=one.meeting)
        elif found is None:
            continue
        elif not found.known:
            yield stop(one.span, "commit-unknown", id=one.id, meeting=one.meeting, commit=commit)
        elif not found.in_draft:
            yield stop(one.span, "commit-not-in-draft", id=one.id, meeting=one.meeting, commit=commit)
        elif not found.after_meeting:
            yield stop(one.span, "commit-before-meeting", id=one.id, meeting=one.meeting, commit=commit)
        elif not found.changed:
            yield stop(one.span, "commit-elsewhere", id=one.id, meeting=one.meeting, commit=commit, about=one.about)


def touched(comment: Comment, meeting: Draft, before: Sequence[DraftChapter], after: Sequence[DraftChapter]) -> bool:
    """True when the place of an opinion, in the draft of its meeting, is not the same before and after a commit.

    What is added right before or after a paragraph changes its place as well; of a heading it is its section that
    counts, of a chapter all of it, of the whole report anything. A place that is not there any more was changed by an
    earlier commit.
    """
    found = compare_drafts(before, after)
    if not comment.about:
        return bool(found)
    then = find_spot(meeting, comment.about, comment.quote)
    spot = follow(meeting.chapters, before, then) if then else None
    changes = next((one for one in found if spot and one.before and one.before.path == spot.path), None)
    return spot is not None and changes is not None and _is_changed(spot, changes)


def _is_changed(spot: Spot, changes: ChapterChanges) -> bool:
    """True when the changes of its chapter are about a place."""
    if changes.before is None or changes.after is None or not spot.name:
        return True
    own = _places(spot, changes.before)
    changed = {place for one in changes.changes for place in one.after}
    kept = set(range(len(changes.after.pieces))) - changed
    return any(
        own & set(one.before) or (not one.before and _beside(one.after, own, changes.before, changes.after, kept))
        for one in changes.changes
    )


def _places(spot: Spot, chapter: DraftChapter) -> set[int]:
    """The places of a paragraph, or of a heading with its section."""
    first = chapter.place(spot.name)
    if first is None:
        return set()
    if chapter.pieces[first].kind != "heading":
        return {first}
    later = range(first + 1, len(chapter.pieces))
    end = next((place for place in later if chapter.pieces[place].kind == "heading"), len(chapter.pieces))
    return set(range(first, end))


def _beside(added: Sequence[int], own: set[int], before: DraftChapter, after: DraftChapter, kept: set[int]) -> bool:
    """True when what was added stands right before or after one of these places, which did not change itself."""
    texts = {before.pieces[place].text for place in own}
    around = (place for one in added for place in (one - 1, one + 1) if place in kept)
    return any(after.pieces[place].text in texts for place in around)

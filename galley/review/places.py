"""The places that opinions are about: in the draft that they were given on, and where that stands today."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from galley.bind.paragraphs import paragraph_id
from galley.compare.drafts import same_chapters, whereabouts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import PurePosixPath

    from galley.compare.drafts import DraftChapter
    from galley.model import Comment, Contents, Meeting

_PARAGRAPH = re.compile(r"doan-(\d+)")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a draft: a paragraph, table or figure, a heading, or a whole chapter (`name` is empty).

    `name` is its id on the page of the chapter, `text` what a reader sees there.
    """

    path: PurePosixPath
    chapter: int
    title: str
    name: str
    text: str

    @property
    def number(self) -> str:
        """Its number as printed, `3.12`; empty for a heading or a chapter."""
        found = _PARAGRAPH.fullmatch(self.name)
        return f"{self.chapter}.{found[1]}" if found else ""


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft of a meeting as an audience sees it.

    Opinions name paragraphs as the whole draft numbers them: `names` gives for these what they are called here, by
    path and name; what is not there is not for this audience.
    """

    chapters: tuple[DraftChapter, ...]
    names: Mapping[tuple[PurePosixPath, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opinion:
    """An opinion with its meeting, the place it is about in that meeting's draft, and where that is today.

    `then` is None when the draft has no such place for this audience, `now` when what stood there was removed since.
    `chapter` is the file of today's chapter that it is about; of one that is gone the file that it had.
    """

    comment: Comment
    meeting: Meeting | None
    then: Spot | None
    now: Spot | None
    chapter: PurePosixPath | None


def opinions(contents: Contents, drafts: Mapping[str, Draft], today: Draft) -> tuple[Opinion, ...]:
    """The opinions of an edition, each with its place then and now; `drafts` are those of the meetings by id.

    A meeting whose draft was not kept is taken to have discussed today's.
    """
    meetings = {one.id: one for one in contents.meetings}
    found = []
    for one in contents.comments:
        draft = drafts.get(one.meeting, today)
        then = find_spot(draft, one.about, one.quote)
        now = then if draft is today or then is None else follow(draft.chapters, today.chapters, then)
        gone = _path_today(draft.chapters, today.chapters, then) if then and not now else None
        chapter = now.path if now else gone
        found.append(Opinion(one, meetings.get(one.meeting), then, now, chapter))
    return tuple(found)


def find_spot(draft: Draft, about: str, quote: str | None = None) -> Spot | None:
    """The place that `chapters/x.md#7`, `chapters/x.md#heading` or `chapters/x.md` names; a quote pins it further."""
    path, _, name = about.partition("#")
    chapter = next((one for one in draft.chapters if str(one.path) == path), None)
    if chapter is None:
        return None
    if name.isdigit():
        name = draft.names.get((chapter.path, paragraph_id(int(name))), "" if draft.names else paragraph_id(int(name)))
        return _spot(chapter, chapter.place(name)) if name else None
    if name:
        return _spot(chapter, chapter.place(name))
    sought = " ".join((quote or "").split()).casefold()
    place = next((at for at, one in enumerate(chapter.pieces) if sought in " ".join(one.text.split()).casefold()), None)
    return _spot(chapter, place) if sought and place is not None else _whole(chapter)


def follow(old: Sequence[DraftChapter], new: Sequence[DraftChapter], spot: Spot) -> Spot | None:
    """Where a place of the old draft stands in the new one; None when it was removed."""
    before, known = next(one for one in old if one.path == spot.path), same_chapters(old, new)
    chapter = next((one for one in new if one.path in known and known[one.path].path == spot.path), None)
    if chapter is None:
        return None
    place = before.place(spot.name)
    if place is None:
        return _whole(chapter)
    return _spot(chapter, whereabouts(before.pieces, chapter.pieces)[place])


def _path_today(old: Sequence[DraftChapter], new: Sequence[DraftChapter], spot: Spot) -> PurePosixPath:
    """The file of the chapter that a place was in, under the name that it has today."""
    known = same_chapters(old, new)
    return next((path for path, before in known.items() if before.path == spot.path), spot.path)


def _spot(chapter: DraftChapter, place: int | None) -> Spot | None:
    if place is None:
        return None
    piece = chapter.pieces[place]
    return Spot(chapter.path, chapter.number, chapter.title, piece.name, piece.text)


def _whole(chapter: DraftChapter) -> Spot:
    return Spot(chapter.path, chapter.number, chapter.title, "", "")


@dataclass(frozen=True, slots=True)
class Renumbered:
    """A chapter of an earlier draft: each of its numbered paragraphs as it was, with where it stands today.

    The place is None for what was removed.
    """

    chapter: DraftChapter
    places: tuple[tuple[Spot, Spot | None], ...]


def renumbered(old: Sequence[DraftChapter], new: Sequence[DraftChapter]) -> tuple[Renumbered, ...]:
    """What became of all numbers of an earlier draft."""
    todays = {one.path: new_path for new_path, one in same_chapters(old, new).items()}
    chapters = {one.path: one for one in new}
    found = []
    for one in old:
        chapter = chapters.get(todays.get(one.path, one.path))
        where = whereabouts(one.pieces, chapter.pieces) if chapter else {}
        spots = ((_spot(one, place), where.get(place)) for place in range(len(one.pieces)))
        places = ((then, _spot(chapter, now) if chapter else None) for then, now in spots if then and then.number)
        found.append(Renumbered(one, tuple(places)))
    return tuple(found)

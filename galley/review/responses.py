"""The table of opinions with what became of them (bảng tổng hợp, tiếp thu, giải trình ý kiến).

Grouped by place in the draft of today, then by body, and counted; what the committee must decide stands apart. No
form is prescribed for a scheme of the Party; columns, counts and states are those that ministries and provinces use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import count, groupby
from typing import TYPE_CHECKING

from galley.bind.paragraphs import paragraph_id, paragraphs
from galley.model import Disposition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import PurePosixPath

    from galley.model import Chapter, Comment, Contents, Meeting
    from galley.review.places import Opinion, Spot

# The order in which the head of the table counts them.
DISPOSITIONS = (
    Disposition.AGREED,
    Disposition.ACCEPTED,
    Disposition.ACCEPTED_IN_PART,
    Disposition.EXPLAINED,
    Disposition.NEW,
    Disposition.RESERVED,
    Disposition.ESCALATED,
)
FOR_COMMITTEE = (Disposition.RESERVED, Disposition.ESCALATED)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: an opinion, or the same one of several bodies with the same answer."""

    number: int
    opinions: tuple[Opinion, ...]

    @property
    def comment(self) -> Comment:
        """The opinion, as the first of the bodies gave it."""
        return self.opinions[0].comment


@dataclass(frozen=True, slots=True)
class Group:
    """The rows about one place of the draft of one meeting; `then` and `now` as those of an opinion."""

    meeting: Meeting | None
    then: Spot | None
    now: Spot | None
    rows: tuple[Row, ...]

    @property
    def moved(self) -> bool:
        """True when the place has another number or name today, or is gone."""
        if self.then is None or self.now is None:
            return self.then is not None
        return (self.then.path, self.then.chapter, self.then.name) != (self.now.path, self.now.chapter, self.now.name)


@dataclass(frozen=True, slots=True)
class Section:
    """The groups of a chapter; number 0 for one that is gone, and no path where the draft has no such place."""

    path: PurePosixPath | None
    number: int
    title: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many opinions a body gave, by what became of them, in the order of DISPOSITIONS."""

    sender: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All opinions of the body."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Round:
    """What the draft of a meeting brought: bodies asked (0: not known), bodies that replied, and opinions."""

    meeting: Meeting | None
    asked: int
    replied: int
    opinions: int


@dataclass(frozen=True, slots=True)
class Responses:
    """The whole table: what the committee must decide, the other opinions, and the counts."""

    committee: tuple[Section, ...]
    others: tuple[Section, ...]
    tallies: tuple[Tally, ...]
    rounds: tuple[Round, ...]

    @property
    def parts(self) -> tuple[tuple[Section, ...], ...]:
        """Both parts of the table, as far as they are not empty."""
        return tuple(one for one in (self.committee, self.others) if one)

    @property
    def counts(self) -> tuple[tuple[Disposition, int], ...]:
        """How many opinions there are of each disposition."""
        return tuple(zip(DISPOSITIONS, _sums(one.counts for one in self.tallies), strict=True))

    @property
    def total(self) -> int:
        """How many opinions there are."""
        return sum(one.total for one in self.tallies)

    def groups(self, path: PurePosixPath) -> tuple[Group, ...]:
        """The groups about a chapter of today's draft, whoever decides."""
        sections = (one for part in self.parts for one in part if one.path == path)
        return tuple(group for one in sections for group in one.groups)


def responses(opinions: Iterable[Opinion], contents: Contents, meeting: str | None = None) -> Responses:
    """The table of the opinions of an edition, or of those on the draft of one meeting, by its id."""
    given = tuple(one for one in opinions if meeting is None or one.comment.meeting == meeting)
    order = _Order(contents)
    numbers = count(1)
    ordered = sorted(given, key=order.place)
    committee = [one for one in ordered if one.comment.disposition in FOR_COMMITTEE]
    others = [one for one in ordered if one.comment.disposition not in FOR_COMMITTEE]
    return Responses(
        tuple(_sections(committee, order, numbers)),
        tuple(_sections(others, order, numbers)),
        tuple(_tallies(given, order)),
        tuple(_rounds(given)),
    )


class _Order:
    """Where chapters, places and bodies stand: as the draft of today and the registers have them."""

    def __init__(self, contents: Contents) -> None:
        self.chapters = {one.path: (number, one) for number, one in enumerate(contents.chapters, start=1)}
        self._names = {one.path: _names(one) for one in contents.chapters}
        self._bodies = {one.id: place for place, one in enumerate(contents.agencies)}

    def body(self, sender: str) -> int:
        """The place of a body in the register."""
        return self._bodies.get(sender, len(self._bodies))

    def place(self, one: Opinion) -> tuple[object, ...]:
        """The key of an opinion: its chapter, its place there, its draft, its body; what is gone comes last."""
        number = self.chapters[one.chapter][0] if one.chapter in self.chapters else len(self.chapters) + 1
        names = self._names.get(one.now.path, {}) if one.now else {}
        at = names.get(one.now.name, len(names)) if one.now else float("inf")
        drafted = one.meeting.date if one.meeting else date.min
        before = (one.then.chapter, _figure(one.then), one.then.name) if one.then else (0, 0, "")
        return (
            one.chapter is None,
            number,
            str(one.chapter or ""),
            at,
            drafted,
            one.comment.meeting,
            *before,
            self.body(one.comment.sender),
        )


def _names(chapter: Chapter) -> Mapping[str, int]:
    """The order of the named places of a chapter, the whole chapter first."""
    named = (paragraph_id(number) if number else block.anchor for block, number in paragraphs(chapter))
    return {name: place for place, name in enumerate(("", *named))}


def _figure(spot: Spot) -> int:
    return int(spot.number.rpartition(".")[2] or 0)


def _sections(ordered: Sequence[Opinion], order: _Order, numbers: Iterator[int]) -> Iterator[Section]:
    for path, those in groupby(ordered, key=lambda one: one.chapter):
        own = tuple(those)
        number, chapter = order.chapters.get(path, (0, None)) if path else (0, None)
        title = chapter.front.title if chapter else (own[0].then.title if own[0].then else "")
        yield Section(path, number, title, tuple(_groups(own, numbers)))


def _groups(ordered: Sequence[Opinion], numbers: Iterator[int]) -> Iterator[Group]:
    for _, those in groupby(ordered, key=_about):
        own = tuple(those)
        rows: dict[object, list[Opinion]] = {}
        for one in own:
            rows.setdefault(_said(one.comment), []).append(one)
        numbered = tuple(Row(next(numbers), tuple(found)) for found in rows.values())
        yield Group(own[0].meeting, own[0].then, own[0].now, numbered)


def _about(one: Opinion) -> object:
    return one.comment.meeting, one.then and one.then.name, one.now and one.now.name


def _said(one: Comment) -> object:
    """What makes two opinions about one place the same row."""
    texts = (" ".join((text or "").split()) for text in (one.text, one.quote, one.response, one.commit))
    return (*texts, one.disposition)


def _tallies(given: Iterable[Opinion], order: _Order) -> Iterator[Tally]:
    """The counts of each body, in the order of the register."""
    by_body = sorted(given, key=lambda one: (order.body(one.comment.sender), one.comment.sender))
    for sender, those in groupby(by_body, key=lambda one: one.comment.sender):
        found = [one.comment.disposition for one in those]
        yield Tally(sender, tuple(found.count(one) for one in DISPOSITIONS))


def _rounds(given: Iterable[Opinion]) -> Iterator[Round]:
    """The counts of each meeting's draft, the earliest first."""
    by_meeting: dict[str, list[Opinion]] = {}
    for one in given:
        by_meeting.setdefault(one.comment.meeting, []).append(one)
    for those in sorted(by_meeting.values(), key=lambda one: one[0].meeting.date if one[0].meeting else date.min):
        meeting = those[0].meeting
        asked = len(set(meeting.asked)) if meeting else 0
        yield Round(meeting, asked, len({one.comment.sender for one in those}), len(those))


def _sums(counts: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*counts, strict=True))) or (0,) * len(DISPOSITIONS)

"""The values of a report: frozen records that the readers make and every later step only reads.

The type hints are also the file formats: `read.records` decodes a YAML record by them, and the JSON Schemas for
editors are generated from them. `Ref` marks a text that names a record of a register; a field's metadata gives its key
in the files where that is another word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date  # noqa: TC003 - read at run time by read.records
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate
from pathlib import PurePosixPath
from typing import Annotated

from galley.source import Span

NOWHERE = Span(PurePosixPath("-"))


@dataclass(frozen=True, slots=True)
class Ref:
    """Says that a text is the id of a record in that register."""

    register: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """Says that a text is one of these words."""

    words: tuple[str, ...]


AreaId = Annotated[str, Ref("areas")]
AgencyId = Annotated[str, Ref("agencies")]
UnitId = Annotated[str, Ref("units")]
SourceId = Annotated[str, Ref("sources")]
IndicatorId = Annotated[str, Ref("indicators")]
MeetingId = Annotated[str, Ref("meetings")]
Audience = Annotated[str, Ref("audiences")]
ChapterPath = Annotated[str, Ref("chapters")]


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A year, quarter, month, or span of years; sorts by time. Prints as it is written: `2019-Q1`, `2016-2020`."""

    year: int
    quarter: int = 0
    month: int = 0
    end_year: int = 0

    @property
    def last_year(self) -> int:
        """The year in which it ends."""
        return self.end_year or self.year

    def __str__(self) -> str:
        if self.end_year:
            return f"{self.year}-{self.end_year}"
        if self.quarter:
            return f"{self.year}-Q{self.quarter}"
        return f"{self.year}-{self.month:02d}" if self.month else str(self.year)


_PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<end>\d{4})|(?P<month>0[1-9]|1[0-2])))?")


def parse_period(text: str) -> Period | None:
    """The period that a text names (`2019`, `2019-Q1`, `2019-06`, `2016-2020`), or None."""
    match = _PERIOD.fullmatch(text)
    if match is None:
        return None
    year, end = int(match["year"]), int(match["end"] or 0)
    if end and end <= year:
        return None
    return Period(year, int(match["quarter"] or 0), int(match["month"] or 0), end)


class Better(StrEnum):
    """Which direction of an indicator is the good one."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class ObservationStatus(StrEnum):
    """SDMX code list CL_OBS_STATUS, the part that the report uses."""

    NORMAL = "A"
    PROVISIONAL = "P"
    ESTIMATED = "E"
    FORECAST = "F"
    BREAK = "B"
    NOT_APPLICABLE = "M"
    NOT_AVAILABLE = "O"
    SUPPRESSED = "Q"


class ChapterStatus(StrEnum):
    """How far the text of a chapter is agreed."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    AGREED = "agreed"
    FINAL = "final"


class Disposition(StrEnum):
    """What became of an opinion."""

    AGREED = "agreed"
    NEW = "new"
    ACCEPTED = "accepted"
    ACCEPTED_IN_PART = "accepted-in-part"
    EXPLAINED = "explained"
    RESERVED = "reserved"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class Area:
    """A province, the region, or the nation."""

    id: str
    name: str
    kind: Annotated[str, OneOf(("nation", "region", "province"))]
    code: str | None = None
    region: AreaId | None = None
    borders: tuple[AreaId, ...] = ()
    border_country: str | None = None
    tile: tuple[int, ...] = ()
    valid: tuple[date | None, ...] = ()
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Agency:
    """A body that writes, owns or comments."""

    id: str
    name: str
    kind: Annotated[str, OneOf(("party", "government", "ministry", "province", "team", "placeholder"))]
    area: AreaId | None = None
    short: str | None = None
    note: str | None = None
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measurement.

    `difference` names the unit of a difference where it is another one; `in_text` is false for a unit that stands
    in the heads of tables only, as "index" does.
    """

    id: str
    name: str
    spaced: bool = True
    in_text: bool = True
    difference: str | None = None
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure or a statement comes from."""

    id: str
    title: str
    kind: Annotated[str, OneOf(("statistics", "document", "press", "research", "submission", "fieldwork"))]
    publisher: str | None = None
    dated: str | None = field(default=None, metadata={"key": "date"})
    url: str | None = None
    locator: str | None = None
    retrieved: date | None = None
    superseded_by: SourceId | None = None
    note: str | None = None
    audience: Audience = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Observation:
    """One value of an indicator for an area and a period; value None where the status says why there is none."""

    indicator: str
    area: str
    period: Period
    value: Decimal | None
    status: ObservationStatus
    source: str
    note: str | None
    audience: str
    span: Span


@dataclass(frozen=True, slots=True)
class Aggregate:
    """How the region's value follows from its provinces': a sum, or a mean weighted by another indicator."""

    weight: str | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """From this period on a series is not comparable with what came before."""

    period: Period
    note: str | None = None
    areas: tuple[AreaId, ...] = ()
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is measured, and its observations by area and period."""

    id: str
    name: str
    unit: UnitId
    decimals: int
    better: Better
    topic: str
    short: str | None = None
    also: tuple[str, ...] = ()
    aggregate: Aggregate | None = None
    definition: str | None = None
    note: str | None = None
    range: tuple[Decimal, ...] = ()
    jump: Decimal | None = None
    breaks: tuple[Break, ...] = ()
    sums_to_100_with: tuple[IndicatorId, ...] = ()
    audience: Audience = ""
    observations: tuple[Observation, ...] = ()
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Target:
    """What a document asked for; exactly one of the bounds is given."""

    id: str
    document: SourceId
    text: str
    area: AreaId
    period: Period
    indicator: IndicatorId | None = None
    unit: UnitId | None = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    reach: Decimal | None = None
    above: Decimal | None = None
    about: Decimal | None = None
    between: tuple[Decimal, ...] = ()
    above_area: AreaId | None = None
    source: SourceId | None = None
    quote: str | None = None
    note: str | None = None
    audience: Audience = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting is a date and a git revision of the draft that it discussed."""

    id: str
    title: str
    date: date
    place: str | None = None
    chair: str | None = None
    revision: str | None = None
    draft: int | None = None
    agenda: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    asked: tuple[AgencyId, ...] = ()
    source: SourceId | None = None
    audience: Audience = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Comment:
    """An opinion given on the draft of a meeting, and what became of it; without `about`, of the whole report."""

    id: str
    sender: AgencyId = field(metadata={"key": "from"})
    text: str
    disposition: Disposition
    about: str = ""
    quote: str | None = None
    response: str | None = None
    commit: str | None = None
    audience: Audience = ""
    meeting: MeetingId = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something the report asks for, from whom and of whom."""

    id: str
    text: str
    sender: AgencyId = field(metadata={"key": "from"})
    addressee: AgencyId = field(metadata={"key": "to"})
    kind: Annotated[str, OneOf(("mechanism", "investment", "policy", "organisation"))]
    basis: Annotated[str, OneOf(("source", "analysis"))] = "analysis"
    topics: tuple[str, ...] = ()
    areas: tuple[AreaId, ...] = ()
    source: SourceId | None = None
    title: str = ""
    audience: Audience = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step of the scheme with the day it is due and the day it was done, as far as they are known."""

    id: str
    title: str
    owner: AgencyId
    due: date | None = None
    done: date | None = None
    source: SourceId | None = None
    audience: Audience = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Issuer:
    """The body that signs, as the title block names it."""

    superior: str
    body: str
    code: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs at the end of the text and by what right; several posts of one person stand above each other.

    Without a name the place of the signature stays blank.
    """

    posts: tuple[str, ...]
    on_behalf_of: str | None = None
    in_place_of: str | None = None
    by_order_of: str | None = None
    acting: bool = False
    name: str | None = None
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the report and its chapters in reading order; an introduction is not numbered."""

    title: str
    chapters: tuple[ChapterPath, ...]
    numbered: bool = True
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Settings:
    """What `data/report.yml` says of the report as a whole."""

    title: str
    subject: str
    issuer: Issuer
    place: str
    layout: Annotated[str, OneOf(("dang-2018", "dang-2026", "nd30-2020"))]
    region: AreaId
    audiences: tuple[str, ...]
    parts: tuple[Part, ...]
    appendices: tuple[
        Annotated[str, OneOf(("targets", "indicators", "figures", "sources", "proposals", "opinions"))], ...
    ] = ()
    repository: str | None = None
    forge: Annotated[str, OneOf(("github", "gitlab", "gitea"))] | None = None
    colophon: str | None = None
    covers: Period | None = None
    names: tuple[str, ...] = ()
    number: int | None = None
    issued: date | None = None
    draft: int | None = None
    signature: Signature | None = None
    recipients: tuple[str, ...] = ()
    archive: str | None = None
    span: Span = NOWHERE

    @property
    def numbered_parts(self) -> tuple[tuple[int, Part], ...]:
        """The parts with their numbers from 1; 0 for one that has none."""
        counted = accumulate(one.numbered for one in self.parts)
        return tuple((count if one.numbered else 0, one) for count, one in zip(counted, self.parts, strict=True))


Literal = str | int | Decimal | bool | None | tuple["Literal", ...]


@dataclass(frozen=True, slots=True)
class Call:
    """An expression of the prose: a function's name and its literal arguments."""

    function: str
    arguments: tuple[Literal, ...] = ()
    keywords: tuple[tuple[str, Literal], ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A value that a text names, and where: `start` and `end` count characters in the block's text."""

    call: Call
    start: int
    end: int
    span: Span


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a text; `target` as it is written."""

    target: str
    span: Span


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list or table of a chapter, as it is written.

    kind is one of `heading`, `paragraph`, `list`, `table`, `quote`, `code`, `footnote`.
    """

    kind: str
    text: str
    span: Span
    audience: str
    citations: tuple[Citation, ...] = ()
    links: tuple[Link, ...] = ()
    level: int = 0
    title: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the head of a chapter says of it."""

    title: str
    owner: AgencyId
    status: ChapterStatus
    contributors: tuple[AgencyId, ...] = ()
    audience: Audience = ""
    due: date | None = None
    area: AreaId | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """One Markdown file: a topic or a province."""

    path: PurePosixPath
    front: FrontMatter
    blocks: tuple[Block, ...]
    span: Span

    @property
    def slug(self) -> str:
        """The file's name without its suffix: the chapter's id."""
        return self.path.stem


@dataclass(frozen=True, slots=True)
class Reference:
    """An id that a record or a text names, and where."""

    register: str
    id: str
    span: Span


@dataclass(frozen=True, slots=True)
class Contents:
    """All records of a report, or those that one audience may see; chapters in reading order."""

    settings: Settings
    areas: tuple[Area, ...] = ()
    agencies: tuple[Agency, ...] = ()
    units: tuple[Unit, ...] = ()
    sources: tuple[Source, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    targets: tuple[Target, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    comments: tuple[Comment, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    chapters: tuple[Chapter, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report, for every audience, with every id that it names.

    `unread` names the records that are there but could not be read (id `*`: a whole file of them) and the
    observations (id `indicator area period`): what only follows from their loss is not reported again.
    """

    contents: Contents
    references: tuple[Reference, ...] = ()
    unread: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """The report that one audience may see. Made by `edition.restrict` alone."""

    audience: str
    contents: Contents


@dataclass(frozen=True, slots=True)
class Commit:
    """The last change of a file: short id, author, day."""

    id: str
    author: str
    day: date


@dataclass(frozen=True, slots=True)
class Approval:
    """What git tells of a chapter's status above `in-review`: the commit that gave it, and what came after.

    `given` is None while the status is not committed. `later` are the ids of the commits that it could not know of.
    `edited` says whether the text below the front matter is another one since, and `edit` which commit made it so; None
    for an edit that is not committed.
    """

    given: Commit | None = None
    later: frozenset[str] = frozenset()
    edited: bool = False
    edit: Commit | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """A commit that changed a file: the subject of its message, and what the file is called in it."""

    commit: Commit
    subject: str
    path: PurePosixPath


@dataclass(frozen=True, slots=True)
class History:
    """What git tells of the sources: the commit that is built, whether files differ from it, last changes by path.

    `complete` is false for a shallow clone, whose dates and authors would be wrong. `lines` gives, for the files whose
    lines are asked for, the commit that each line stands since; None where it is not committed yet. `approvals` has an
    entry for each chapter whose status is above `in-review`, `amendments` for each chapter, the newest first.
    """

    head: Commit | None = None
    timestamp: int = 0
    dirty: bool = False
    complete: bool = True
    changes: tuple[tuple[PurePosixPath, Commit], ...] = ()
    lines: tuple[tuple[PurePosixPath, tuple[Commit | None, ...]], ...] = ()
    approvals: tuple[tuple[PurePosixPath, Approval], ...] = ()
    amendments: tuple[tuple[PurePosixPath, tuple[Amendment, ...]], ...] = ()

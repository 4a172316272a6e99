"""Read from the words around a figure what it is about: which indicator, area and period, and whether that is sure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from galley.bind import place_of
from galley.bind.figures import Figure
from galley.bind.index import NATION
from galley.check.numerals import BLANK, Numeral, Year, find_numerals, find_years, split_unit
from galley.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from galley.bind import Index
    from galley.check.subject import Subject
    from galley.model import Block, Period

_LINK_TARGET = re.compile(r"\]\([^)]*\)|\{[^}]*\}|\[\^[^\]]*\]|`[^`]*`")
_SENTENCE_END = re.compile(r"(?<=[.;:!?])[ \u00a0](?=[^\W\d_]*[A-ZĐÀ-Ỹ])|\n")
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*(?![/\d])(?<!(?:19|20)\d\d)")
_MEASURED = re.compile(
    r"(?<!\w)(?:số|tỷ lệ|tỷ trọng|diện tích|sản lượng|năng suất|đàn|chỉ số|hệ số)(?!\w)", re.IGNORECASE
)
_COMPARED = re.compile(r"(?:so với|hơn|kém|bằng|trong|nhất|của cả|mức)[ \u00a0]*$", re.IGNORECASE)
POINTS = ("điểm phần trăm", "điểm %", "điểm phần nghìn")
_NEAR = 28  # characters between a figure and a name that follows it


@dataclass(frozen=True, slots=True)
class Mention:
    """A name of an indicator or an area in a text."""

    start: int
    end: int
    id: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or a cell of a table with its heads before it; `offset` says where its text begins in the block."""

    text: str
    offset: int
    first: int = 0


@dataclass(frozen=True, slots=True)
class Names:
    """The names that texts use, as patterns, and what each stands for."""

    pattern: re.Pattern[str]
    ids: Mapping[str, str]

    def find(self, plain: str) -> tuple[Mention, ...]:
        """The names in a text that `_plain` gave; of two that overlap the longer one."""
        return tuple(Mention(one.start(), one.end(), self.ids[one[0]]) for one in self.pattern.finditer(plain))


@dataclass(frozen=True, slots=True)
class Topic:
    """What a figure may be about; `sure` when nothing else comes into question."""

    indicators: tuple[str, ...]
    areas: tuple[str, ...]
    periods: tuple[Period, ...]
    sure: bool = False

    def wider(self, other: Topic) -> Topic:
        """What either may be about."""
        return Topic(
            tuple(dict.fromkeys(self.indicators + other.indicators)),
            tuple(dict.fromkeys(self.areas + other.areas)),
            tuple(dict.fromkeys(self.periods + other.periods)),
        )


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure that a text states, with what it may be about; `sourced` when it stands in a `fact` with its source."""

    numeral: Numeral
    topic: Topic
    wider: Topic
    span: Span
    sourced: bool


def stated(subject: Subject) -> Iterator[Stated]:
    """Every figure in the prose that is typed by hand or taken from a source, in reading order."""
    lookup = subject.lookup
    if lookup.region not in lookup.areas:
        return
    indicators, areas, units = _indicator_names(lookup), _area_names(lookup), unit_names(lookup)
    said = {one.citation.span: one.value for one in subject.quotations if one.citation.call.function == "fact"}
    for chapter in lookup.contents.chapters:
        place = place_of(chapter, lookup)
        for block in chapter.blocks:
            before = Topic((), (place.area,), ())
            facts = tuple((one.start, one.end) for one in block.citations if one.span in said)
            for sentence in _sentences(block, said):
                text, plain = sentence.text, _plain(sentence.text)
                years = find_years(text)
                heard = _Heard(sentence, indicators.find(plain), areas.find(plain), years, place.area, before)
                for numeral in find_numerals(text, units):
                    if numeral.start >= sentence.first and is_figure(numeral):
                        at = sentence.offset + numeral.start
                        sourced = any(start <= at < end for start, end in facts)
                        yield Stated(numeral, heard.topic_of(numeral), heard.whole(), _place(block, at), sourced)
                before = heard.topic_after()


def _indicator_names(lookup: Index) -> Names:
    """Names of indicators without what stands in brackets; one that two indicators share means neither."""
    ids: dict[str, str] = {}
    for one in lookup.indicators.values():
        for name in (one.name, one.short or one.name, *one.also):
            words = re.sub(r"\s*\([^)]*\)", "", name).strip().lower()
            ids[words] = one.id if ids.get(words, one.id) == one.id else ""
    return _names({name: found for name, found in ids.items() if found and len(name) > len("GRDP")})


def _area_names(lookup: Index) -> Names:
    ids = {area.name.lower(): area.id for area in lookup.areas.values()}
    nation = next((area.id for area in lookup.areas.values() if area.kind == NATION), "")
    ids |= dict.fromkeys(("toàn vùng", "cả vùng", "của vùng", "vùng"), lookup.region)
    if nation:
        ids |= dict.fromkeys(("cả nước", "toàn quốc", "bình quân chung cả nước"), nation)
    return _names(ids)


def _names(ids: Mapping[str, str]) -> Names:
    """The longest name first; grouped by their first letters, for most words begin no name at all."""
    rests: dict[str, list[str]] = {}
    for one in sorted(ids, key=len, reverse=True):
        rests.setdefault(one[:1], []).append(re.escape(one[1:]))
    pattern = "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in rests.items()) or r"(?!)"
    return Names(re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"), ids)


def _plain(text: str) -> str:
    """The text in lower case with plain spaces, every character still at its place.

    The two letters whose lower case depends on where they stand, or is longer, are looked after by themselves.
    """
    return "İ".join(part.lower() for part in text.replace("Σ", "σ").split("İ")).replace("\u00a0", " ")


def unit_names(lookup: Index) -> tuple[str, ...]:
    """The names of units that a figure of the text may be in, without multipliers."""
    own = {split_unit(unit.name)[1] for unit in lookup.units.values()}
    return (*sorted(own), *POINTS, "lần", "%", "‰")


def _sentences(block: Block, said: Mapping[Span, object]) -> Iterator[Sentence]:
    """The sentences of a block; links' targets, code and expressions are blanked out, but for what a `fact` says."""
    if block.kind not in ("paragraph", "list", "table", "footnote"):
        return
    text = block.text
    for one in block.citations:
        value = said.get(one.span)
        words = value.text if isinstance(value, Figure) else ""
        text = text[: one.start] + words[: one.end - one.start].ljust(one.end - one.start, BLANK) + text[one.end :]
    text = _LINK_TARGET.sub(lambda match: BLANK * len(match[0]), text)
    if block.kind == "table":
        yield from _cells(text)
        return
    start = 0
    for match in _SENTENCE_END.finditer(text):
        yield Sentence(text[start : match.start()], start)
        start = match.end()
    yield Sentence(text[start:], start)


def _cells(text: str) -> Iterator[Sentence]:
    """The cells of a Markdown table, each behind the heads of its row and column."""
    rows = [list(_split_row(line, start)) for line, start in _lines(text)]
    if not rows:
        return
    heads = [cell for cell, _ in rows[0]]
    for row in rows[2:]:
        for column, (cell, start) in enumerate(row[1:], start=1):
            head = f"{row[0][0].strip()} {heads[column].strip() if column < len(heads) else ''} "
            yield Sentence(head + cell, start - len(head), len(head))


def _lines(text: str) -> Iterator[tuple[str, int]]:
    start = 0
    for line in text.split("\n"):
        yield line, start
        start += len(line) + 1


def _split_row(line: str, start: int) -> Iterator[tuple[str, int]]:
    inner = line.strip().strip("|")
    position = start + line.index(inner) if inner else start
    for cell in inner.split("|"):
        yield cell, position
        position += len(cell) + 1


def is_figure(numeral: Numeral) -> bool:
    """False for a small whole number without a unit: "14 tỉnh", "ba nhóm 5 người" are counted in the text itself."""
    return bool(numeral.unit) or numeral.decimals > 0 or numeral.scale > 1 or numeral.number >= Decimal(1000)


@dataclass(frozen=True, slots=True)
class _Heard:
    """A sentence with the names and years in it, and what the sentence before it was about."""

    sentence: Sentence
    indicators: tuple[Mention, ...]
    areas: tuple[Mention, ...]
    years: tuple[Year, ...]
    home: str
    before: Topic

    def topic_after(self) -> Topic:
        """What the next sentence goes on about."""
        return Topic(
            tuple(dict.fromkeys(one.id for one in self.indicators)) or self.before.indicators,
            tuple(dict.fromkeys(one.id for one in self.areas)) or self.before.areas,
            tuple(one.period for one in self.years) or self.before.periods,
        )

    def whole(self) -> Topic:
        """All that the sentence and the one before it speak of."""
        own = Topic(
            tuple(one.id for one in self.indicators),
            tuple(one.id for one in self.areas),
            tuple(one.period for one in self.years),
        )
        return own.wider(self.before)

    def topic_of(self, numeral: Numeral) -> Topic:
        """What a figure of the sentence is about."""
        text = self.sentence.text
        named, sure_of_indicator = _choose(self.indicators, numeral, text)
        ahead = [one for one in self.indicators if one.end <= numeral.start]
        if ahead and _MEASURED.search(text[ahead[-1].end : numeral.start]):
            sure_of_indicator = False  # the figure is of something that has no name among the indicators
        areas, sure_of_area = self._area_of(numeral)
        mentions = tuple(Mention(one.start, one.end, str(index)) for index, one in enumerate(self.years))
        chosen, sure_of_period = _choose(mentions, numeral, self.sentence.text)
        periods = tuple(dict.fromkeys(self.years[int(one)].period for one in chosen))
        if numeral.kind in ("change", "times"):
            periods = ends(tuple(one.period for one in self.years))
            sure_of_period = len(periods) == len(("from", "to"))
        named, sure_of_indicator = (named, sure_of_indicator) if named else (self.before.indicators, False)
        periods, sure_of_period = (periods, sure_of_period) if periods else (self.before.periods, False)
        return Topic(named, areas, periods, sure_of_indicator and sure_of_area and sure_of_period)

    def _area_of(self, numeral: Numeral) -> tuple[tuple[str, ...], bool]:
        """The areas that a figure may be of: the page's own goes without saying, so another must stand close by."""
        if not self.areas:
            return (self.home,), True
        chosen, sure = _choose(self.areas, numeral, self.sentence.text)
        if not chosen:
            return (self.home,), True
        if numeral.kind == "share":  # the whole stands behind its part
            ahead = tuple(one for one in self.areas if one.end <= numeral.start)
            behind = [one for one in self.areas if one.start >= numeral.end]
            of_a_whole = bool(behind) and _is_next_to(self.sentence.text[numeral.end : behind[0].start])
            return ((ahead[-1].id, self.home), False) if ahead else ((self.home,), of_a_whole)
        if self.home in {one.id for one in self.areas}:
            return chosen, sure
        close = any(one.id in chosen and self._is_close(one, numeral) for one in self.areas)
        return (chosen, True) if sure and close else ((*chosen, self.home), False)

    def _is_close(self, area: Mention, numeral: Numeral) -> bool:
        """Whether a figure is of an area that stands before or behind it in the same clause, not compared with it."""
        text = self.sentence.text
        if area.start >= numeral.end:
            return _is_next_to(text[numeral.end : area.start])
        between = text[area.end : numeral.start]
        return not (_FIGURES.search(between) or re.search(r"[,;:\0]", between) or _COMPARED.search(text[: area.start]))


def _choose(mentions: tuple[Mention, ...], numeral: Numeral, text: str) -> tuple[tuple[str, ...], bool]:
    """The names that a figure may belong to, and whether it is clear which.

    A name right behind a figure ("27,5% năm 2010"), else the last one before it with no other figure between; a name
    behind the next figure belongs to that one.
    """
    mentions = tuple(
        one for one in mentions if one.start < numeral.end or not _FIGURES.search(text[numeral.end : one.start])
    )
    distinct = tuple(dict.fromkeys(one.id for one in mentions))
    if len(distinct) <= 1:
        return distinct, bool(distinct)
    behind = next((one for one in mentions if one.start >= numeral.end), None)
    if behind is not None and _is_next_to(text[numeral.end : behind.start]):
        return (behind.id,), True
    ahead = [one for one in mentions if one.end <= numeral.start]
    if ahead and not _FIGURES.search(text[ahead[-1].end : numeral.start]):
        listed = len(ahead) > 1 and not _FIGURES.search(text[ahead[-2].end : ahead[-1].start])
        if not listed or ahead[-1].id == ahead[-2].id:
            return (ahead[-1].id,), True
    return distinct, False


def _is_next_to(between: str) -> bool:
    return len(between) <= _NEAR and not re.search(
        r"[\d,;:.\0]|(?:^| )(?:và|còn|so|thì|trong|nhất|xếp)(?: |$)", between
    )


def ends(periods: tuple[Period, ...]) -> tuple[Period, ...]:
    """The years that a change may run between; a span of years stands for its two ends."""
    ends = {type(one)(year) for one in periods for year in (one.year, one.end_year) if year}
    return tuple(sorted(ends))


def _place(block: Block, offset: int) -> Span:
    before = block.text[:offset]
    return Span(block.span.path, block.span.line + before.count("\n"), offset - before.rfind("\n"))

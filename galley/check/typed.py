"""Rules about figures that are typed by hand: what they say is compared with the data that the text speaks of.

A figure that equals the data should be an expression; one that contradicts them is an error; one that the data do not
have should name its source. What a sentence speaks of is read from the indicators, areas and years that it names near
the figure, and from the sentence before it; nothing is called a contradiction while that leaves a doubt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from galley.bind.figures import figure_text, observe
from galley.bind.index import NATION, PROVINCE, Unresolved
from galley.check.numerals import BLANK, Numeral, Year, find_numerals, find_years, split_unit
from galley.diagnostics import Diagnostic, error, warning
from galley.source import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from galley.bind import Index
    from galley.bind.figures import Figure
    from galley.check.subject import Subject
    from galley.model import Area, Block, Indicator, Period

_LINK_TARGET = re.compile(r"\]\([^)]*\)|\{[^}]*\}|\[\^[^\]]*\]|`[^`]*`")
_SENTENCE_END = re.compile(r"(?<=[.;:!?])[ \u00a0](?=[^\W\d_]*[A-ZĐÀ-Ỹ])|\n")
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*(?![/\d])(?<!(?:19|20)\d\d)")
_COMPARED = re.compile(r"(?:so với|hơn|kém|bằng|trong|nhất|của cả|mức)[ \u00a0]*$", re.IGNORECASE)
_POINTS = ("điểm phần trăm", "điểm %", "điểm phần nghìn")
_HUNDRED = Decimal(100)
_ABOUT = Decimal("0.05")
_FAR = Decimal("0.1")
_SIZE = 12
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

    def find(self, text: str) -> tuple[Mention, ...]:
        """The names in a text; of two that overlap the longer one."""
        return tuple(Mention(one.start(), one.end(), self.ids[one[0].lower()]) for one in self.pattern.finditer(text))


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
class Reading:
    """Something that the data say: its number in the figure's base unit, and how it is written as an expression."""

    number: Decimal
    shown: str
    expression: str
    place: Span


def typed_figures(subject: Subject) -> Iterator[Diagnostic]:
    """Every figure in the prose comes from the data or names its source."""
    lookup = subject.lookup
    if lookup.region not in lookup.areas:
        return
    indicators, areas = _indicator_names(lookup), _area_names(lookup)
    units = unit_names(lookup)
    for chapter in lookup.contents.chapters:
        home = chapter.front.area or lookup.region
        for block in chapter.blocks:
            before = Topic((), (home,), ())
            for sentence in _sentences(block):
                heard = _Heard(sentence, indicators.find(sentence.text), areas.find(sentence.text), home, before)
                for numeral in find_numerals(sentence.text, units):
                    if numeral.start >= sentence.first and is_figure(numeral):
                        yield from _judge(numeral, heard, lookup, block)
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
    words = sorted(ids, key=len, reverse=True)
    pattern = "|".join(re.escape(one).replace(r"\ ", r"[ \u00a0]") for one in words) or r"(?!)"
    return Names(re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE), ids)


def unit_names(lookup: Index) -> tuple[str, ...]:
    """The names of units that a figure of the text may be in, without multipliers."""
    own = {split_unit(unit.name)[1] for unit in lookup.units.values()}
    return (*sorted(own), *_POINTS, "lần", "%", "‰")


def _sentences(block: Block) -> Iterator[Sentence]:
    """The sentences of a block; expressions, links' targets and code are blanked out."""
    if block.kind not in ("paragraph", "list", "table", "footnote"):
        return
    text = block.text
    for one in block.citations:
        text = text[: one.start] + BLANK * (one.end - one.start) + text[one.end :]
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
    """A sentence with the names in it, and what the sentence before it was about."""

    sentence: Sentence
    indicators: tuple[Mention, ...]
    areas: tuple[Mention, ...]
    home: str
    before: Topic

    def years(self) -> tuple[Year, ...]:
        """The years that the sentence names."""
        return find_years(self.sentence.text)

    def topic_after(self) -> Topic:
        """What the next sentence goes on about."""
        years = self.years()
        return Topic(
            tuple(dict.fromkeys(one.id for one in self.indicators)) or self.before.indicators,
            tuple(dict.fromkeys(one.id for one in self.areas)) or self.before.areas,
            tuple(one.period for one in years) or self.before.periods,
        )

    def whole(self) -> Topic:
        """All that the sentence and the one before it speak of."""
        own = Topic(
            tuple(one.id for one in self.indicators),
            tuple(one.id for one in self.areas),
            tuple(one.period for one in self.years()),
        )
        return own.wider(self.before)

    def topic_of(self, numeral: Numeral) -> Topic:
        """What a figure of the sentence is about."""
        named, sure_of_indicator = _choose(self.indicators, numeral, self.sentence.text)
        areas, sure_of_area = self._area_of(numeral)
        years = self.years()
        mentions = tuple(Mention(one.start, one.end, str(index)) for index, one in enumerate(years))
        chosen, sure_of_period = _choose(mentions, numeral, self.sentence.text)
        periods = tuple(dict.fromkeys(years[int(one)].period for one in chosen))
        if numeral.kind in ("change", "times"):
            periods = _ends(tuple(one.period for one in years))
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
            return (ahead[-1].id, self.home) if ahead else (self.home,), not ahead
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


def _judge(numeral: Numeral, heard: _Heard, lookup: Index, block: Block) -> Iterator[Diagnostic]:
    topic = heard.topic_of(numeral)
    span = _place(block, heard.sentence.offset + numeral.start)
    readings = tuple(_readings(numeral, topic, lookup))
    wider = heard.whole().wider(Topic((), (lookup.region, *_nation(lookup)), ()))
    equal = next((one for one in readings if _agrees(numeral, one.number)), None) or next(
        (one for one in _all_readings(numeral, wider, lookup) if _agrees(numeral, one.number)), None
    )
    if equal is not None:
        yield warning(span, "typed-figure", text=numeral.text, expression=f"{{{{ {equal.expression} }}}}")
    elif topic.sure and readings and all(_contradicts(numeral, one.number) for one in readings):
        one = readings[0]
        yield error(
            span, "typed-figure-differs", one.place, text=numeral.text, value=one.shown, expression=one.expression
        )
    else:
        yield warning(span, "unbound-figure", text=numeral.text)


def _nation(lookup: Index) -> tuple[str, ...]:
    return tuple(area.id for area in lookup.areas.values() if area.kind == NATION)


def _place(block: Block, offset: int) -> Span:
    before = block.text[:offset]
    return Span(block.span.path, block.span.line + before.count("\n"), offset - before.rfind("\n"))


def _readings(numeral: Numeral, topic: Topic, lookup: Index) -> Iterator[Reading]:
    """What the data say of a topic, as far as it is of the figure's kind and unit."""
    for name in topic.indicators:
        for area in topic.areas:
            yield from _KINDS[numeral.kind](numeral, lookup.indicators[name], lookup.areas[area], topic, lookup)


def _all_readings(numeral: Numeral, topic: Topic, lookup: Index) -> Iterator[Reading]:
    """Whatever the data could mean by the figure: its value, change, share or multiple."""
    for name in topic.indicators:
        for area in topic.areas:
            for kind in (_values, _changes, _shares, _multiples):
                yield from kind(numeral, lookup.indicators[name], lookup.areas[area], topic, lookup)


def _observed(indicator: Indicator, area: Area, period: Period, lookup: Index) -> Figure | None:
    try:
        figure = observe(lookup, indicator, area, period)
    except Unresolved:
        return None
    return figure if figure.number is not None else None


def _values(numeral: Numeral, indicator: Indicator, area: Area, topic: Topic, lookup: Index) -> Iterator[Reading]:
    scale, base = split_unit(lookup.units[indicator.unit].name if indicator.unit in lookup.units else "")
    if numeral.unit and numeral.unit != base:
        return
    if not numeral.unit and numeral.scale == 1 and base:
        scale = Decimal(1)  # a bare number, as in a table, stands in the indicator's own unit
    for period in topic.periods or lookup.periods(indicator.id, area.id):
        figure = _observed(indicator, area, period, lookup)
        if figure is not None and figure.number is not None:
            call = f'value("{indicator.id}", "{area.id}", {_written(period)})'
            yield Reading(figure.number * scale, figure.text, call, figure.provenance.inputs[0].span)


def _written(period: Period) -> str:
    return str(period) if str(period).isdigit() else f'"{period}"'


def _changes(numeral: Numeral, indicator: Indicator, area: Area, topic: Topic, lookup: Index) -> Iterator[Reading]:
    """The change between two years in the unit, in per cent, a year, and as a multiple, whichever the unit asks for."""
    scale, base = split_unit(lookup.units[indicator.unit].name if indicator.unit in lookup.units else "")
    years = _ends(topic.periods)
    for first, last in combinations(years, 2):
        before, after = _observed(indicator, area, first, lookup), _observed(indicator, area, last, lookup)
        if before is None or after is None or not before.number or after.number is None:
            continue
        old, new = before.number, after.number
        where = f'"{indicator.id}", "{area.id}", {_written(first)}, {_written(last)}'
        place = after.provenance.inputs[0].span
        if numeral.unit == "lần":
            yield Reading(
                new / old, f"{new / old:.2f}", f'ratio("{indicator.id}", "{area.id}", {last}, since={first})', place
            )
        elif numeral.unit in _POINTS or (numeral.unit == base and base not in ("%", "‰")):
            yield Reading(
                abs(new - old) * scale, figure_text(abs(new - old), indicator.decimals, None), f"change({where})", place
            )
        elif numeral.unit == "%":
            yield from _rates(old, new, last.year - first.year, where, place)


def _rates(old: Decimal, new: Decimal, years: int, where: str, place: Span) -> Iterator[Reading]:
    relative = abs(new - old) / abs(old) * _HUNDRED
    yield Reading(relative, figure_text(relative, 1, None), f"change({where}, relative=True)", place)
    if years > 1 and new > 0 and old > 0:
        yearly = abs((new / old) ** (Decimal(1) / years) - 1) * _HUNDRED
        yield Reading(yearly, figure_text(yearly, 1, None), f"growth({where})", place)


def _ends(periods: tuple[Period, ...]) -> tuple[Period, ...]:
    """The years that a change may run between; a span of years stands for its two ends."""
    ends = {type(one)(year) for one in periods for year in (one.year, one.end_year) if year}
    return tuple(sorted(ends))


def _shares(numeral: Numeral, indicator: Indicator, area: Area, topic: Topic, lookup: Index) -> Iterator[Reading]:
    """The area's part of the region and of the nation, in per cent."""
    if numeral.unit == "%":
        wholes = (lookup.region, *_nation(lookup)) if area.kind == PROVINCE else _nation(lookup)
        for whole in (lookup.areas[name] for name in wholes):
            for period, quotient, place in _quotients(indicator, area, whole, topic, lookup):
                call = f'share("{indicator.id}", "{area.id}", {_written(period)}, of="{whole.id}")'
                yield Reading(quotient * _HUNDRED, figure_text(quotient * _HUNDRED, 1, None), call, place)


def _multiples(numeral: Numeral, indicator: Indicator, area: Area, topic: Topic, lookup: Index) -> Iterator[Reading]:
    """How many times the figure of another area that is named, or what per cent of it."""
    if numeral.unit not in ("%", "lần"):
        return
    for other in (lookup.areas[name] for name in topic.areas):
        for period, quotient, place in _quotients(indicator, area, other, topic, lookup):
            number = quotient * _HUNDRED if numeral.unit == "%" else quotient
            call = f'ratio("{indicator.id}", "{area.id}", {_written(period)}, to="{other.id}")'
            yield Reading(number, figure_text(number, 1, None), call, place)


def _quotients(
    indicator: Indicator, area: Area, other: Area, topic: Topic, lookup: Index
) -> Iterator[tuple[Period, Decimal, Span]]:
    for period in topic.periods if area.id != other.id else ():
        part, whole = _observed(indicator, area, period, lookup), _observed(indicator, other, period, lookup)
        if part is not None and whole is not None and part.number is not None and whole.number:
            yield period, part.number / whole.number, part.provenance.inputs[0].span


_KINDS: Mapping[str, Callable[[Numeral, Indicator, Area, Topic, Index], Iterator[Reading]]] = {
    "value": _values,
    "change": _changes,
    "share": _shares,
    "times": _changes,
}


def _agrees(numeral: Numeral, number: Decimal) -> bool:
    """Whether what is typed is the number, rounded as typed, or near it where a word says so."""
    typed = numeral.number * numeral.scale
    half = Decimal(1).scaleb(-numeral.decimals) * numeral.scale / 2
    if numeral.lead == "below":
        return typed * (1 - _FAR) <= number <= typed
    if numeral.lead == "above":
        return typed <= number <= typed * (1 + _FAR)
    if numeral.lead == "about":
        return abs(number - typed) <= max(half, abs(typed) * _ABOUT)
    return abs(number - typed) <= half


def _contradicts(numeral: Numeral, number: Decimal) -> bool:
    """Whether what is typed cannot be said of the number; "trên 50%" can be said of 90%.

    A number of quite another size is of something else, not a slip.
    """
    typed = numeral.number * numeral.scale
    if not abs(number) / _SIZE <= abs(typed) <= abs(number) * _SIZE:
        return False
    if numeral.lead == "below":
        return number > typed
    if numeral.lead == "above":
        return number < typed
    return not _agrees(numeral, number)

"""Rules that hold figures against each other: comparisons across statuses and series breaks, sums, twins, targets.

A comparison that is not quite fair may be made, when its paragraph says so: the words that a reader is told by stand in
`_SAYS_PRELIMINARY` and `_SAYS_BREAK`, as those of `check.numerals` do. What a publisher's own figures disagree in is
settled by a `note` on the observation.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from galley.bind.figures import Figure, TargetResult, derive
from galley.bind.index import Unresolved, listed_in_full
from galley.bind.objects import Listing, SourceNote, observations_of
from galley.check.data import rounding_of
from galley.diagnostics import Diagnostic, error, note, warning
from galley.model import ObservationStatus, Period
from galley.vietnamese import format_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from galley.bind import Index
    from galley.check.subject import Quotation, Subject
    from galley.model import Area, Indicator, Observation
    from galley.source import Span

_COMPARISONS = ("change", "growth", "ratio", "share", "rank", "highest", "lowest", "claim")
_PRELIMINARY = (ObservationStatus.PROVISIONAL, ObservationStatus.ESTIMATED, ObservationStatus.FORECAST)
_SAYS_PRELIMINARY = re.compile(r"(?<!\w)(?:sơ bộ|ước|ước tính|dự báo|chưa chính thức)(?!\w)", re.IGNORECASE)
_SAYS_BREAK = re.compile(
    r"gián đoạn|không so sánh|so sánh được|không nối|không cùng (?:chuỗi|phạm vi|phương pháp|khái niệm)|thận trọng"
    r"|(?:thay đổi|đổi|điều chỉnh|hiệu chỉnh) (?:chuẩn|mẫu|phạm vi|phương pháp|khái niệm|nguồn|địa giới|cách tính)"
    r"|(?:chuỗi|mẫu|phạm vi|phương pháp|khái niệm|địa giới|cách tính|quy trình|chuẩn nghèo)[^.;:]{0,40}"
    r"(?:thay đổi|điều chỉnh|hiệu chỉnh|đánh giá lại|khác nhau|mở rộng|thu hẹp|thay)",
    re.IGNORECASE,
)
_HUNDRED = Decimal(100)
_RUN = 5
_DISTINCT = 3


def means_that_differ(subject: Subject) -> Iterator[Diagnostic]:
    """A rate published for the region agrees with the weighted mean of its provinces; a note settles it.

    The weights are rounded as well, but that moves a mean far less than the rounding of the rates themselves.
    """
    lookup = subject.lookup
    for indicator in lookup.indicators.values():
        if indicator.aggregate is None or indicator.aggregate.weight is None:
            continue
        for one in indicator.observations:
            if one.area != lookup.region or one.value is None or one.note:
                continue
            try:
                mean = derive(lookup, indicator, one.period)
            except (Unresolved, ArithmeticError):
                continue
            rates = [part.value for part in mean.provenance.inputs if part.indicator == indicator.id]
            slack = rounding_of([one.value]) + rounding_of([rate for rate in rates if rate is not None])
            if mean.number is not None and abs(mean.number - one.value) > slack:
                shown = format_number(mean.number, indicator.decimals + 1)
                yield warning(one.span, "mean-mismatch", value=one.value, mean=shown, period=one.period)


def shares_off_100(subject: Subject) -> Iterator[Diagnostic]:
    """The parts of a whole add up to 100% but for rounding; a note on one of them settles it."""
    lookup = subject.lookup
    for indicator in lookup.indicators.values():
        parts = [lookup.indicators[name] for name in indicator.sums_to_100_with if name in lookup.indicators]
        for one in indicator.observations if parts else ():
            found = [one, *_beside(lookup, parts, one)]
            values = [part.value for part in found if part.value is not None]
            if len(values) <= len(parts) or any(part.note for part in found):
                continue
            total = sum(values, Decimal(0))
            if abs(total - _HUNDRED) > rounding_of(values) * len(values):
                places = [part.span for part in found[1:]]
                yield warning(one.span, "shares-off-100", *places, sum=total, area=one.area, period=one.period)


def _beside(lookup: Index, indicators: Iterable[Indicator], one: Observation) -> Iterator[Observation]:
    """What other indicators have for the same area and period."""
    for indicator in indicators:
        found = lookup.observations.get((indicator.id, one.area, one.period))
        if found is not None:
            yield found


def areas_before_their_time(subject: Subject) -> Iterator[Diagnostic]:
    """An area has no figures for a period that lies wholly before it existed or after it ceased to."""
    for indicator in subject.lookup.indicators.values():
        for one in indicator.observations:
            area = subject.lookup.areas.get(one.area)
            if one.value is not None and area is not None and area.valid and not _existed(area, one.period):
                since, until = (*area.valid, None, None)[:2]
                yield error(
                    one.span,
                    "area-did-not-exist",
                    area.span,
                    area=one.area,
                    period=one.period,
                    since=since or "…",
                    until=until or "…",
                )


def _existed(area: Area, period: Period) -> bool:
    since, until = (*area.valid, None, None)[:2]
    first, last = _days_of(period)
    return (since is None or last >= since) and (until is None or first <= until)


def _days_of(period: Period) -> tuple[date, date]:
    """The first day of a period and a day of its last month."""
    if period.month:
        return date(period.year, period.month, 1), date(period.year, period.month, 28)
    if period.quarter:
        return date(period.year, 3 * period.quarter - 2, 1), date(period.year, 3 * period.quarter, 28)
    return date(period.year, 1, 1), date(period.end_year or period.year, 12, 31)


def same_series(subject: Subject) -> Iterator[Diagnostic]:
    """Two indicators do not hold the same observations: five values in a row that agree are one series twice.

    Rows of one or two numbers (0, or 100%) are no sign of that.
    """
    lookup = subject.lookup
    shared: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    seen: dict[tuple[str, Period, Decimal], list[Observation]] = defaultdict(list)
    for indicator in lookup.indicators.values():
        for one in indicator.observations:
            if one.value is None:
                continue
            twins = seen[one.area, one.period, one.value]
            for twin in twins:
                if lookup.indicators[twin.indicator].unit == indicator.unit:
                    shared[twin.indicator, one.indicator].append(one)
            twins.append(one)
    for (first, second), observations in shared.items():
        found = _in_a_row(lookup.indicators[second], observations)
        if found is not None:
            twin = lookup.observations[first, found.area, found.period]
            area, period = found.area, found.period
            yield warning(found.span, "same-series", twin.span, indicator=second, other=first, area=area, period=period)


def _in_a_row(indicator: Indicator, shared: list[Observation]) -> Observation | None:
    """The first of five observations of one area, one right after the other, that are all among the shared."""
    keys = {(one.area, one.period) for one in shared}
    run: list[Observation] = []
    for one in sorted(indicator.observations, key=lambda one: (one.area, one.period)):
        if run and run[-1].area != one.area:
            run = []
        run = [*run, one] if (one.area, one.period) in keys else []
        if len(run) >= _RUN and len({each.value for each in run}) >= _DISTINCT:
            return run[0]
    return None


def mixed_statuses(subject: Subject) -> Iterator[Diagnostic]:
    """A comparison of final with preliminary figures says so in its paragraph, or the preliminary figure has a note."""
    for one, figure in _compared(subject):
        inputs = figure.provenance.inputs
        preliminary = [each for each in inputs if each.status in _PRELIMINARY]
        if not preliminary or len(preliminary) == len(inputs) or _SAYS_PRELIMINARY.search(one.block.text):
            continue
        open_ = next((each for each in preliminary if not each.note), None)
        if open_ is not None:
            yield warning(
                one.citation.span,
                "mixed-statuses",
                open_.span,
                function=one.citation.call.function,
                indicator=open_.indicator,
                area=open_.area,
                period=open_.period,
                status=open_.status.value,
            )


def _compared(subject: Subject) -> Iterator[tuple[Quotation, Figure]]:
    for one in subject.quotations:
        if isinstance(one.value, Figure) and one.value.kind in _COMPARISONS and one.value.missing is None:
            yield one, one.value


def across_breaks(subject: Subject) -> Iterator[Diagnostic]:
    """A comparison over time that spans a break of the series says so in its paragraph."""
    for one, figure in _compared(subject):
        found = _first_break(subject.lookup, figure.provenance.inputs)
        if found is not None and not _SAYS_BREAK.search(one.block.text):
            before, after, place = found
            yield warning(
                one.citation.span,
                "across-break",
                place,
                function=one.citation.call.function,
                indicator=after.indicator,
                before=before.period,
                after=after.period,
            )


def _first_break(lookup: Index, inputs: tuple[Observation, ...]) -> tuple[Observation, Observation, Span] | None:
    """Two observations of one series that a break lies between, and where the break is written down."""
    for before, after in combinations(sorted(inputs, key=lambda one: one.period), 2):
        if (before.indicator, before.area) == (after.indicator, after.area):
            place = _break_between(lookup.indicators[after.indicator], before, after)
            if place is not None:
                return before, after, place
    return None


def _break_between(indicator: Indicator, before: Observation, after: Observation) -> Span | None:
    for one in indicator.breaks:
        if before.period < one.period <= after.period and (not one.areas or after.area in one.areas):
            return one.span
    for each in indicator.observations:
        broken = each.status is ObservationStatus.BREAK and each.area == after.area
        if broken and before.period < each.period <= after.period:
            return each.span
    return None


def superseded_sources(subject: Subject) -> Iterator[Diagnostic]:
    """The text does not lean on a source that a newer one has taken the place of."""
    sources = subject.lookup.sources
    for one in subject.quotations:
        for name in dict.fromkeys(_sources_of(one.value)):
            source = sources.get(name)
            if source is not None and source.superseded_by:
                newer = source.superseded_by
                yield warning(one.citation.span, "superseded-source", source.span, source=name, newer=newer)


def _sources_of(value: object) -> Iterator[str]:
    match value:
        case SourceNote():
            yield value.source.id
        case TargetResult():
            yield from _sources_of(value.result)
        case Figure() if value.provenance.source is not None:
            yield value.provenance.source.id
    yield from (one.source for one in observations_of(value))


def targets_untreated(subject: Subject) -> Iterator[Diagnostic]:
    """Every target is treated in a chapter, by `target`, `targets` or `claim`, for all readers that may see it."""
    treated: dict[str, list[str]] = defaultdict(list)
    for one in subject.quotations:
        audience = subject.narrowest(one.chapter.front.audience, one.block.audience)
        for name in _targets_of(one):
            treated[name].append(audience)
    for target in subject.lookup.contents.targets:
        open_ = any(not subject.is_narrower(audience, target.audience) for audience in treated[target.id])
        if not open_:
            yield warning(target.span, "target-untreated", id=target.id, document=target.document)


def _targets_of(one: Quotation) -> Iterator[str]:
    match one.value:
        case TargetResult():
            yield one.value.target.id
        case Listing(items=items):
            yield from (item.target.id for item in items if isinstance(item, TargetResult))
        case Figure(kind="claim"):
            yield from one.words


def proposals_not_told_once(subject: Subject) -> Iterator[Diagnostic]:
    """Where a report lists proposals in full, it lists each of them, and only once."""
    told: dict[str, list[Span]] = defaultdict(list)
    for one in subject.quotations:
        for proposal in listed_in_full(one.citation.call, subject.lookup.contents):
            told[proposal.id].append(one.citation.span)
    for proposal in subject.lookup.contents.proposals if told else ():
        places = told[proposal.id]
        if not places:
            yield warning(proposal.span, "proposal-untold", id=proposal.id, addressee=proposal.addressee)
        for span in places[1:]:
            yield warning(span, "proposal-repeated", places[0], id=proposal.id)


def unused_indicators(subject: Subject) -> Iterator[Diagnostic]:
    """An indicator that no chapter quotes, no target asks for and no mean is weighted by."""
    used = {word for one in subject.quotations for word in one.words}
    used |= {one.indicator for one in subject.lookup.contents.targets if one.indicator}
    for indicator in subject.lookup.indicators.values():
        used |= {*indicator.sums_to_100_with, *((indicator.aggregate.weight or "",) if indicator.aggregate else ())}
    for indicator in subject.lookup.indicators.values():
        if indicator.id not in used:
            yield note(indicator.span, "unused-indicator", id=indicator.id)

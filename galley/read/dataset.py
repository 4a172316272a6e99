"""Read the indicator files: what is measured, and every observation with the line it stands in."""

from __future__ import annotations

import dataclasses
from decimal import Decimal  # noqa: TC003 - read at run time by read.records
from typing import TYPE_CHECKING, Annotated

from galley.model import Indicator, Observation, ObservationStatus, Period, Ref, Reference
from galley.read.records import MISSING, check_id, decode_number, decode_period, decode_record, fields_of, show
from galley.read.yamltext import Mapping, Node, Scalar

if TYPE_CHECKING:
    from galley.read.records import Findings
    from galley.source import Span

VALUELESS = (
    ObservationStatus.NOT_APPLICABLE,
    ObservationStatus.NOT_AVAILABLE,
    ObservationStatus.SUPPRESSED,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Defaults:
    """What the head of an indicator file sets for all its observations."""

    source: Annotated[str, Ref("sources")] | None = None
    status: ObservationStatus = ObservationStatus.NORMAL
    audience: Annotated[str, Ref("audiences")] = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Detail:
    """An observation that says more than its value: the keys of its mapping."""

    value: Decimal | None = None
    status: ObservationStatus | None = None
    source: Annotated[str, Ref("sources")] | None = None
    note: str | None = None
    audience: Annotated[str, Ref("audiences")] = ""


DEFAULT_KEYS = tuple(one.key for one in fields_of(Defaults) if one.key != "audience")


def read_indicator(name: Scalar, node: Node | None, findings: Findings, widest: str = "") -> Indicator | None:
    """The indicator of one file; `name` is its id with the file's first line as place.

    Where the file names no audience it is for the widest; an observation that names none is for that of its file.
    """
    if not check_id(name, findings):
        return None
    if not isinstance(node, Mapping):
        findings.error(name.span, "empty-file")
        return None
    head = Mapping(tuple(entry for entry in node.entries if entry[0].text in (*DEFAULT_KEYS, "audience")), node.span)
    defaults = decode_record(head, Defaults, findings) or Defaults()
    if not defaults.audience:
        defaults = dataclasses.replace(defaults, audience=widest)
    rest = Mapping(tuple(entry for entry in node.entries if entry[0].text != "audience"), node.span)
    given = {"id": name.text, "observations": (), "audience": defaults.audience}
    ignore = (*DEFAULT_KEYS, "observations")
    indicator: Indicator | None = decode_record(rest, Indicator, findings, given=given, ignore=ignore)
    observations = _read_observations(name.text, node.get("observations"), defaults, findings)
    if indicator is None:
        return None
    return dataclasses.replace(indicator, observations=observations, span=name.span)


def _read_observations(
    indicator: str, node: Node | None, defaults: Defaults, findings: Findings
) -> tuple[Observation, ...]:
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return ()
    if not isinstance(node, Mapping):
        findings.error(node.span, "wrong-type", expected="mapping", found=show(node))
        _lose(indicator, "*", "*", node.span, findings)
        return ()
    found: list[Observation] = []
    for area, periods in node.entries:
        findings.references.append(Reference("areas", area.text, area.span))
        if not isinstance(periods, Mapping):
            findings.error(periods.span, "wrong-type", expected="mapping", found=show(periods))
            _lose(indicator, area.text, "*", periods.span, findings)
            continue
        seen: dict[Period, Span] = {}
        for name, value in periods.entries:
            period = decode_period(name, findings)
            if period is MISSING:
                _lose(indicator, area.text, "*", name.span, findings)
                continue
            if period in seen:
                findings.error(name.span, "duplicate-key", seen[period], key=str(period))
                continue
            seen[period] = name.span
            observation = _read_observation(indicator, area.text, period, value, defaults, findings)
            if observation is None:
                _lose(indicator, area.text, str(period), name.span, findings)
            else:
                found.append(observation)
    return tuple(found)


def _lose(indicator: str, area: str, period: str, span: Span, findings: Findings) -> None:
    """Note an observation that is there but could not be read; `*` stands for any area or period."""
    findings.unread.append(Reference("observations", f"{indicator} {area} {period}", span))


def _read_observation(  # noqa: PLR0913 - the three keys of an observation, its node and the head of its file
    indicator: str, area: str, period: Period, node: Node, defaults: Defaults, findings: Findings
) -> Observation | None:
    detail = _read_detail(node, findings)
    if detail is None:
        return None
    status = detail.status or defaults.status
    if (detail.value is None) != (status in VALUELESS):
        findings.error(node.span, "value-and-status", area=area, period=period, status=status.value)
        return None
    source = detail.source or defaults.source
    if source is None:
        findings.error(node.span, "missing-source", area=area, period=period)
        return None
    return Observation(
        indicator=indicator,
        area=area,
        period=period,
        value=detail.value,
        status=status,
        source=source,
        note=detail.note,
        audience=detail.audience or defaults.audience,
        span=node.span,
    )


def _read_detail(node: Node, findings: Findings) -> Detail | None:
    """What is written of an observation, or None after a diagnostic."""
    if not isinstance(node, Mapping):
        number = decode_number(node, findings)
        return None if number is MISSING else Detail(number)
    before = len(findings.diagnostics)
    detail: Detail | None = decode_record(node, Detail, findings)
    return detail if len(findings.diagnostics) == before else None

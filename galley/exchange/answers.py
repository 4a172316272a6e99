"""Read a filled form against the report: what was typed since it was exported, and what of it does not check."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from galley.bind.index import index
from galley.diagnostics import Diagnostic, error, has_errors, warning
from galley.exchange.form import (
    COLUMNS,
    LISTS,
    LOCKED_COLUMNS,
    MARKER,
    NAMES_COLUMN,
    OPEN_COLUMNS,
    STAMP,
    open_texts,
)
from galley.exchange.sheets import Entry, FoundSheet, cell_name
from galley.model import ObservationStatus, Period, parse_period
from galley.source import Span
from galley.vietnamese import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import PurePosixPath

    from galley.bind.index import Index
    from galley.model import Observation, Report

VALUELESS = (ObservationStatus.NOT_APPLICABLE, ObservationStatus.NOT_AVAILABLE, ObservationStatus.SUPPRESSED)
_PLACE = {name: column for column, name in enumerate(COLUMNS, start=1)}
_COMMA = re.compile(r"\s*([+-]?)(\d{1,3}(?:[. ]\d{3})+|\d+)(?:,(\d+))?\s*")
Key = tuple[str, str, Period]


@dataclass(frozen=True, slots=True)
class Edit:
    """What an observation is to say, where the form says so, and which of its four texts were changed there."""

    indicator: str
    area: str
    period: Period
    value: Decimal | None
    status: ObservationStatus
    source: str
    note: str
    changed: frozenset[str]
    span: Span

    @property
    def key(self) -> Key:
        """What it is about."""
        return self.indicator, self.area, self.period


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the form, with the texts that its stamp remembers (all empty where it has none)."""

    path: PurePosixPath
    sheet: FoundSheet
    number: int
    stamp: Mapping[str, str]

    @property
    def title(self) -> str:
        return self.sheet.title

    def entry(self, name: str) -> Entry:
        return self.sheet.at(self.number, _PLACE[name])

    def span(self, name: str) -> Span:
        return Span(self.path, self.number, _PLACE[name])

    def cell(self, name: str) -> str:
        return cell_name(self.number, _PLACE[name])

    def text(self, name: str) -> str:
        return _clean(self.entry(name).text)


def read_answers(
    path: PurePosixPath, sheets: tuple[FoundSheet, ...], report: Report
) -> tuple[tuple[Edit, ...], tuple[Diagnostic, ...]]:
    """The changes that a form asks for and what is wrong with it; rows that nobody touched ask for nothing."""
    found: list[Diagnostic] = []
    lookup = index(report.contents)
    rows = list(_rows(path, sheets, found))
    seen: dict[Key, _Row] = {}
    edits = []
    for row in rows:
        if not _is_as_locked(row, found):
            continue
        key = _key(row, lookup, found)
        if key is None:
            continue
        if key in seen:
            first = seen[key]
            at, before = row.span("indicator"), first.span("indicator")
            place = f"{first.title}!{first.cell('indicator')}"
            found.append(error(at, "row-twice", before, sheet=row.title, cell=row.cell("indicator"), first=place))
            continue
        seen[key] = row
        edit = _edit(row, key, lookup, found)
        if edit is not None:
            edits.append(edit)
    return tuple(edits), tuple(found)


def _rows(path: PurePosixPath, sheets: Iterable[FoundSheet], found: list[Diagnostic]) -> Iterator[_Row]:
    """The rows of all sheets of the form; a sheet that is not the form's is only mentioned."""
    lists = next((one for one in sheets if one.title == LISTS), None)
    if lists is None or lists.at(1, NAMES_COLUMN).text != MARKER:
        found.append(error(Span(path), "not-our-workbook"))
        return
    names = [row[NAMES_COLUMN - 1].text for row in lists.rows if len(row) >= NAMES_COLUMN]
    guide, *titles = names[1:]
    for sheet in sheets:
        if sheet.title in (LISTS, guide):
            continue
        if sheet.at(1, STAMP).text == MARKER:
            for number in range(2, len(sheet.rows) + 1):
                if any(entry.kind != "empty" for entry in sheet.rows[number - 1]):
                    yield _Row(path, sheet, number, _stamp(sheet.at(number, STAMP).text))
        elif sheet.title in titles:
            found.append(error(Span(path), "sheet-changed", sheet=sheet.title))
        else:
            found.append(warning(Span(path), "sheet-not-read", sheet=sheet.title))


def _stamp(text: str) -> dict[str, str]:
    """The texts that a row had when it was exported, by column; none for a row that somebody added."""
    try:
        texts = json.loads(text)
    except ValueError:
        return {}
    names = (*LOCKED_COLUMNS, *OPEN_COLUMNS)
    if not isinstance(texts, list) or len(texts) != len(names) or not all(isinstance(one, str) for one in texts):
        return {}
    stamp = dict(zip(names, texts, strict=True))
    return stamp if re.fullmatch(r"(-?\d+(\.\d+)?)?", stamp["value"]) else {}


def _is_as_locked(row: _Row, found: list[Diagnostic]) -> bool:
    changed = [name for name in LOCKED_COLUMNS if row.stamp and row.text(name) != _clean(row.stamp[name])]
    for name in changed:
        at, cell, text = row.span(name), row.cell(name), row.text(name)
        found.append(error(at, "locked-cell", sheet=row.title, cell=cell, before=row.stamp[name], found=text))
    return not changed


def _key(row: _Row, lookup: Index, found: list[Diagnostic]) -> Key | None:
    """What a row is about, or None after saying which of its ids is not known."""
    before = len(found)
    for register, name, known in (
        ("indicators", "indicator", tuple(lookup.indicators)),
        ("areas", "area", tuple(lookup.areas)),
    ):
        text = row.text(name)
        if text not in known:
            found.append(_unknown_id(row, name, register, known))
    period = parse_period(row.text("period"))
    if period is None:
        cell, text = row.cell("period"), row.text("period")
        found.append(error(row.span("period"), "cell-bad-period", sheet=row.title, cell=cell, text=text))
    if period is None or len(found) > before:
        return None
    return row.text("indicator"), row.text("area"), period


def _unknown_id(row: _Row, name: str, register: str, known: tuple[str, ...]) -> Diagnostic:
    text, at, cell = row.text(name), row.span(name), row.cell(name)
    near = nearest(text, known)
    return error(at, "cell-unknown-id", sheet=row.title, cell=cell, register=register, id=text, nearest=near)


def _edit(row: _Row, key: Key, lookup: Index, found: list[Diagnostic]) -> Edit | None:
    """What a row asks for; None where nobody touched it, where it is done already, or where it does not check."""
    changed = frozenset(name for name in OPEN_COLUMNS if not _is_untouched(row, name))
    if not changed:
        return None
    before = len(found)
    value, status, source = _value(row, found), _status(row, found), row.text("source")
    if len(found) == before:
        _check_together(row, value, status, lookup, found)
    if status is None or has_errors(found[before:]):
        return None
    edit = Edit(*key, value, status, source, row.text("note"), changed, row.span("value"))
    now = lookup.observations.get(key)
    if _says(now) == (value, status.value, source, edit.note):
        return None
    if _is_outdated(row, key, now, lookup, found):
        return None
    if value is not None and -int(value.as_tuple().exponent) > (decimals := lookup.indicators[key[0]].decimals):
        at, cell = row.span("value"), row.cell("value")
        found.append(warning(at, "cell-finer", sheet=row.title, cell=cell, text=f"{value:f}", decimals=decimals))
    return edit


def _is_untouched(row: _Row, name: str) -> bool:
    entry, text = row.entry(name), row.stamp.get(name, "")
    if name == "value":
        return (not text and entry.kind == "empty") or (
            bool(text) and entry.kind == "number" and Decimal(entry.text) == Decimal(text)
        )
    if name == "status":
        return _letter(entry.text) == text
    return _clean(entry.text) == _clean(text)


def _value(row: _Row, found: list[Diagnostic]) -> Decimal | None:
    entry, at, cell = row.entry("value"), row.span("value"), row.cell("value")
    if entry.kind == "number":
        return (Decimal(entry.text) + 0).normalize()
    if entry.kind == "formula":
        found.append(error(at, "cell-formula", sheet=row.title, cell=cell, text=entry.text))
    elif entry.kind != "empty" and entry.text.strip():
        right = _as_number(entry.text)
        found.append(error(at, "cell-not-a-number", sheet=row.title, cell=cell, text=entry.text, available=right))
    return None


def _as_number(text: str) -> str:
    """The number that was probably meant, as it is typed in Vietnamese; empty when there is none to see."""
    match = _COMMA.fullmatch(text.replace("\u00a0", " "))
    if match is None:
        return text.strip() if re.fullmatch(r"\s*[+-]?\d+\.\d+\s*", text) else ""
    whole = re.sub(r"[. ]", "", match[2])
    return f"{match[1]}{whole},{match[3]}" if match[3] else f"{match[1]}{whole}"


def _letter(text: str) -> str:
    """The status at the beginning of what a drop-down offers: `P - sơ bộ` gives `P`."""
    return _clean(text).partition(" - ")[0].strip()


def _status(row: _Row, found: list[Diagnostic]) -> ObservationStatus | None:
    letter = _letter(row.entry("status").text)
    words = tuple(one.value for one in ObservationStatus)
    if letter in words:
        return ObservationStatus(letter)
    at, cell, choices = row.span("status"), row.cell("status"), ", ".join(words)
    if letter:
        near = nearest(letter, words)
        found.append(
            error(at, "cell-unknown-status", sheet=row.title, cell=cell, text=letter, nearest=near, choices=choices)
        )
    elif row.entry("value").kind == "empty" and row.stamp.get("value"):
        found.append(_emptied(row))
    else:
        found.append(error(at, "cell-no-status", sheet=row.title, cell=cell, choices=choices))
    return None


def _emptied(row: _Row) -> Diagnostic:
    at, cell = row.span("value"), row.cell("value")
    return error(at, "cell-emptied", sheet=row.title, cell=cell, before=row.stamp["value"])


def _check_together(
    row: _Row, value: Decimal | None, status: ObservationStatus | None, lookup: Index, found: list[Diagnostic]
) -> None:
    """That value and status agree, and that there is a source that is known."""
    if status is not None and (value is None) != (status in VALUELESS):
        if value is None and row.stamp.get("value"):
            found.append(_emptied(row))
        elif value is None:
            at, cell = row.span("value"), row.cell("value")
            found.append(error(at, "cell-no-value", sheet=row.title, cell=cell, status=status))
        else:
            at, cell = row.span("status"), row.cell("status")
            found.append(error(at, "cell-value-and-status", sheet=row.title, cell=cell, status=status))
    if not row.text("source"):
        found.append(error(row.span("source"), "cell-no-source", sheet=row.title, cell=row.cell("source")))
    elif row.text("source") not in lookup.sources:
        found.append(_unknown_id(row, "source", "sources", tuple(lookup.sources)))


def _is_outdated(row: _Row, key: Key, now: Observation | None, lookup: Index, found: list[Diagnostic]) -> bool:
    """True, after saying so, when the repository no longer says what the row said when it was exported."""
    then, current = tuple(row.stamp.get(name, "") for name in OPEN_COLUMNS), open_texts(now)
    unit = lookup.units.get(lookup.indicators[key[0]].unit)
    units = row.stamp.get("unit", ""), unit.name if unit is not None else ""
    if _as_values(current) != _as_values(then):
        before, after = (" ".join(filter(None, texts[:3])) for texts in (then, current))
    elif all(units) and units[0] != units[1]:
        before, after = units
    else:
        return False
    at, cell, related = row.span("value"), row.cell("value"), () if now is None else (now.span,)
    found.append(error(at, "row-outdated", *related, sheet=row.title, cell=cell, before=before, after=after))
    return True


def _as_values(texts: tuple[str, ...]) -> tuple[Decimal | str, ...]:
    return (Decimal(texts[0]) if texts[0] else "", *texts[1:])


def _says(one: Observation | None) -> tuple[Decimal | None, str, str, str] | None:
    return None if one is None else (one.value, one.status.value, one.source, one.note or "")


def _clean(text: str) -> str:
    """The text in NFC, every run of blanks and line ends as one blank: a note is one line of a file."""
    return " ".join(unicodedata.normalize("NFC", text).split())

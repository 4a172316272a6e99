"""Change observations in the text of an indicator file: only the characters of what changed, and new lines in order.

Comments, order, spacing and every other line stay as they are. The places come from the YAML reader; where a value is
written in a way whose end cannot be told from its place (a text over several lines), nothing is guessed: the file is
left alone and its line is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from galley.diagnostics import Diagnostic, error
from galley.exchange.written import Splice, Text, Unwritten, observation_text, scalar_text, spliced, value_text
from galley.model import ObservationStatus, Period, parse_period
from galley.read.yamltext import Mapping, Node, Scalar, decode, read_yaml
from galley.source import SourceFile, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from galley.exchange.answers import Edit

Item = tuple[Scalar, Node]
KEYS = ("value", "status", "source", "note")
_INDENT = 2


@dataclass(frozen=True, slots=True)
class Head:
    """What an indicator file says of all its observations, and the official order of the areas."""

    status: str
    source: str
    decimals: int
    areas: tuple[str, ...]


def operate(
    file: SourceFile, edits: tuple[Edit, ...], decimals: int, areas: tuple[str, ...]
) -> tuple[SourceFile, tuple[Diagnostic, ...]]:
    """The file with the edits of its indicator; `areas` are all ids in the order of the register."""
    content, problems = decode(file.path, file.content)
    node, more = read_yaml(file.path, content)
    if problems or more or not isinstance(node, Mapping):
        return file, (*problems, *more)
    breaks = file.content.count(b"\r\n")
    if breaks not in (0, file.content.count(b"\n")):
        return file, (error(Span(file.path), "cannot-edit"),)
    status = _plain(node.get("status")) or ObservationStatus.NORMAL.value
    head = Head(status, _plain(node.get("source")), decimals, areas)
    try:
        changed = spliced(content, _splices(node, edits, head, Text(content)))
    except Unwritten as trouble:
        return file, (error(trouble.span, "cannot-edit"),)
    return SourceFile(file.path, (changed.replace("\n", "\r\n") if breaks else changed).encode()), ()


def _plain(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) and not node.is_null else ""


def _splices(root: Mapping, edits: tuple[Edit, ...], head: Head, text: Text) -> Iterator[Splice]:
    observations = root.get("observations")
    known = observations if isinstance(observations, Mapping) else None
    for area in head.areas:
        wanted = sorted((one for one in edits if one.area == area), key=lambda one: one.period)
        periods = known.get(area) if known is not None else None
        if wanted and periods is None:
            yield _new_area(root, known, wanted, head, text)
        elif wanted and not isinstance(periods, Mapping):
            raise Unwritten(root.span)
        elif isinstance(periods, Mapping):
            yield from _in_area(periods, wanted, head, text)


def _in_area(periods: Mapping, edits: list[Edit], head: Head, text: Text) -> Iterator[Splice]:
    known = {parse_period(name.text): value for name, value in periods.entries}
    for edit in edits:
        node = known.get(edit.period)
        if node is None:
            yield _new_period(periods, edit, head, text)
        elif isinstance(node, Mapping):
            yield from _in_mapping(node, edit, head, text)
        else:
            yield Splice(text.offset(node.span), text.end(node), _written(edit, head))


def _texts(edit: Edit, head: Head) -> dict[str, str]:
    """The four texts of an observation by key; empty where the head of the file says the same."""
    return {
        "value": value_text(edit.value, head.decimals),
        "status": "" if edit.status.value == head.status else edit.status.value,
        "source": "" if edit.source == head.source else edit.source,
        "note": edit.note,
    }


def _written(edit: Edit, head: Head) -> str:
    return observation_text(**_texts(edit, head))


def _in_mapping(node: Mapping, edit: Edit, head: Head, text: Text) -> Iterator[Splice]:
    """Change the keys of `{value: …, status: …}`, or of the same in lines; what the head says as well is taken out.

    Where only the value is left, the braces go too.
    """
    wanted = {key: one if key == "value" else one and scalar_text(one) for key, one in _texts(edit, head).items()}
    given = {name.text for name, _ in node.entries}
    new = [key for key in KEYS if key in edit.changed and key not in given and wanted[key]]
    gone = {key for key in edit.changed & given if not wanted[key]}
    start = text.offset(node.span)
    if text.is_flow(node) and not new and gone and given - gone == {"value"} and edit.value is not None:
        end = text.end(node)
        if "\n" not in text.text[start:end]:
            yield Splice(start, end, wanted["value"])
            return
    for name, value in node.entries:
        if name.text in gone:
            yield _without(node, name, value, text)
        elif name.text in edit.changed:
            yield Splice(text.offset(value.span), text.end(value), wanted[name.text])
    kept = [entry for entry in node.entries if entry[0].text not in gone]
    for key in new:
        yield _with(kept, key, wanted[key], text, flow=text.is_flow(node))


def _without(node: Mapping, name: Scalar, value: Node, text: Text) -> Splice:
    """Take a key and its value out: with its comma, or its line when nothing else stands there."""
    start, end = text.offset(name.span), text.end(value)
    number = node.entries.index((name, value))
    if not text.is_flow(node):
        if number == 0 or not text.rest_is_blank(end):
            raise Unwritten(name.span)
        return Splice(text.line_start(start) - 1, text.line_end(end), "")
    if number:
        return Splice(text.end(node.entries[number - 1][1]), end, "")
    return Splice(start, text.offset(node.entries[1][0].span), "")


def _with(kept: list[Item], key: str, value: str, text: Text, *, flow: bool) -> Splice:
    """Put a key in behind those that come before it in the order of `KEYS`."""
    rank = {name: number for number, name in enumerate(KEYS)}
    before = [entry for entry in kept if rank.get(entry[0].text, len(KEYS)) < rank[key]]
    first, order = kept[0][0], (rank[key],)
    between = ", " if flow else f"\n{' ' * (first.span.column - 1)}"
    if not before:
        return Splice(text.offset(first.span), text.offset(first.span), f"{key}: {value}{between}", order)
    end = text.end(before[-1][1])
    end = end if flow else text.line_end(end)
    return Splice(end, end, f"{between}{key}: {value}", order)


def _new_period(periods: Mapping, edit: Edit, head: Head, text: Text) -> Splice:
    """A new observation of an area that has some, between its neighbours in time."""
    before = _last_before(periods, edit.period)
    first, written = periods.entries[0][0], f"{edit.period}: {_written(edit, head)}"
    one = edit.period
    order = (0, one.year, one.quarter, one.month, one.end_year)
    if text.is_flow(periods):
        end = text.offset(first.span) if before is None else text.end(before[1])
        return Splice(end, end, f"{written}, " if before is None else f", {written}", order)
    indent = " " * (first.span.column - 1)
    if before is None:
        start = text.before_block(first)
        return Splice(start, start, f"{indent}{written}\n", order)
    end = text.after_block(before[0])
    return Splice(end, end, f"\n{indent}{written}", order)


def _last_before(periods: Mapping, period: Period) -> Item | None:
    """The entry that a new period comes after, in a list that runs forwards or backwards in time; None: it is first."""
    times = [parse_period(name.text) or period for name, _ in periods.entries]
    backwards = len(times) > 1 and times == sorted(times, reverse=True)
    passed = [time > period if backwards else time < period for time in times]
    return next((entry for entry, is_past in zip(periods.entries[::-1], passed[::-1], strict=True) if is_past), None)


def _new_area(root: Mapping, areas: Mapping | None, edits: list[Edit], head: Head, text: Text) -> Splice:
    """The first observations of an area, at its place among the areas of the file."""
    rank = {area: number for number, area in enumerate(head.areas)}
    area, entries = edits[0].area, areas.entries if areas is not None else ()
    if areas is not None and (not entries or text.is_flow(areas)):
        raise Unwritten(areas.span)
    outer = entries[0][0].span.column - 1 if entries else _INDENT
    inner = next(
        (one.entries[0][0].span.column - 1 for _, one in entries if isinstance(one, Mapping) and not text.is_flow(one)),
        outer + _INDENT,
    )
    lines = [f"{' ' * outer}{area}:"]
    lines += [f"{' ' * inner}{edit.period}: {_written(edit, head)}" for edit in edits]
    order = (1, rank[area])
    before = [name for name, _ in entries if rank.get(name.text, len(rank)) < rank[area]]
    if entries and not before:
        start = text.before_block(entries[0][0])
        return Splice(start, start, "".join(f"{line}\n" for line in lines), order)
    end = text.after_block(before[-1]) if before else _below_observations(root, text)
    return Splice(end, end, "".join(f"\n{line}" for line in lines), order)


def _below_observations(root: Mapping, text: Text) -> int:
    """Where the line `observations:` ends, when nothing stands behind the colon."""
    name = next((name for name, _ in root.entries if name.text == "observations"), None)
    if name is None:
        raise Unwritten(root.span)
    end = text.line_end(text.offset(name.span))
    if text.text[text.offset(name.span) : end].partition("#")[0].strip() != "observations:":
        raise Unwritten(name.span)
    return end

"""YAML as it is written: exact text, line and column of every scalar. The only module that imports PyYAML.

The tree is built from the parser's events, not by `yaml.compose`: so an alias is refused before anything expands it,
and depth is bounded while reading. Nothing is converted here: `010`, `NO` and `7.10` stay the texts they are.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from galley.diagnostics import Diagnostic, error
from galley.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import PurePosixPath

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_DEPTH = 20
MAX_BYTES = 4_000_000
_PRINTABLE_CONTROLS = "\t\n\r"
# The events that carry no content.
_SILENT = (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)
# What PyYAML's messages begin with or hold; the first that fits counts.
_FAULTS = (
    ("tab", r"\\t|tab character"),
    ("colon", r"mapping values are not allowed"),
    ("no-colon", r"could not find expected ':'"),
    ("open-quote", r"scanning a quoted scalar|unexpected end of stream|unknown escape|found unexpected document"),
    ("flow", r"expected ',' or|did not find expected ',' or|did not find expected node content"),
    ("indent", r"block end|block entry|block collection|block mapping|expected key|<block"),
    ("start", r"cannot start any token"),
)
_UNCLOSED = ("open-quote", "flow")
_FORBIDDEN = "\u00ad\u200b\ufeff"


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as text; `plain` when it stands without quotes."""

    text: str
    span: Span
    plain: bool = True

    @property
    def is_null(self) -> bool:
        """True for an empty value, `~` and `null`."""
        return self.plain and self.text in ("", "~", "null")


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order of the file; no key stands twice."""

    entries: tuple[tuple[Scalar, Node], ...]
    span: Span

    def get(self, key: str) -> Node | None:
        """The value of a key, or None."""
        return next((value for name, value in self.entries if name.text == key), None)


@dataclass(frozen=True, slots=True)
class Sequence:
    """Items in the order of the file."""

    items: tuple[Node, ...]
    span: Span


Node = Scalar | Mapping | Sequence


class _StopReading(Exception):  # noqa: N818 - it says what to do, and never leaves this module
    """Reading this file ends here; a diagnostic was noted."""


def decode(path: PurePosixPath, content: bytes) -> tuple[str, tuple[Diagnostic, ...]]:
    """The text of a file and what is wrong with its characters; bytes that are no UTF-8 are replaced."""
    if len(content) > MAX_BYTES:
        return "", (error(Span(path), "file-too-large", size=len(content), limit=MAX_BYTES),)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as trouble:
        line = content[: trouble.start].count(b"\n") + 1
        return "", (error(Span(path, line), "not-utf8"),)
    found = tuple(_odd_characters(path, text))
    text = "".join(" " if _is_odd_control(one) else one for one in text) if found else text
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")), found


def _odd_characters(path: PurePosixPath, text: str) -> Iterator[Diagnostic]:
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if not unicodedata.is_normalized("NFC", line):
            pairs = enumerate(zip(line, unicodedata.normalize("NFC", line), strict=False), start=1)
            yield error(Span(path, number, next((index for index, (a, b) in pairs if a != b), 1)), "not-nfc")
            break
    for number, line in enumerate(lines, start=1):
        if line.isprintable():
            continue
        for column, character in enumerate(line, start=1):
            if _is_odd_control(character) or character in _FORBIDDEN:
                yield error(Span(path, number, column), "invisible-character", code=f"U+{ord(character):04X}")


def _is_odd_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc" and character not in _PRINTABLE_CONTROLS


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text that is being read: its file, the line it begins at, the events to come, what is wrong so far."""

    path: PurePosixPath
    first_line: int
    events: Iterator[Any]
    diagnostics: list[Diagnostic]

    def error(self, span: Span, rule: str, /, *related: Span, **arguments: object) -> None:
        """Note a problem that stops the build."""
        self.diagnostics.append(error(span, rule, *related, **arguments))


def read_yaml(path: PurePosixPath, text: str, first_line: int = 1) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """The tree of a YAML text that begins at `first_line` of its file; None when empty or not readable."""
    diagnostics: list[Diagnostic] = []
    reading = _Reading(path, first_line, _events(path, text, first_line, diagnostics), diagnostics)
    try:
        node = next((_node(event, reading, 0) for event in reading.events), None)
        for event in reading.events:
            mark = event.start_mark
            reading.error(Span(path, mark.line + first_line, mark.column + 1), "yaml-second-document")
            break
    except _StopReading:
        node = None
    return node, tuple(diagnostics)


def _events(path: PurePosixPath, text: str, first_line: int, diagnostics: list[Diagnostic]) -> Iterator[Any]:
    """The events that carry content; a fault of syntax is noted and ends them."""
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if type(event) not in _SILENT:
                yield event
    except yaml.MarkedYAMLError as trouble:
        fault = _fault(str(trouble.problem or trouble.context))
        begins = trouble.context_mark if fault in _UNCLOSED else None
        mark = begins or trouble.problem_mark or trouble.context_mark
        span = Span(path, mark.line + first_line, mark.column + 1) if mark else Span(path, first_line)
        diagnostics.append(error(span, "yaml-syntax", problem=fault))
        raise _StopReading from trouble
    except yaml.YAMLError as trouble:
        diagnostics.append(error(Span(path, first_line), "yaml-syntax", problem=_fault(str(trouble))))
        raise _StopReading from trouble


def _fault(problem: str) -> str:
    """A word for what PyYAML says: the catalogues have a sentence for each."""
    return next((word for word, pattern in _FAULTS if re.search(pattern, problem)), "other")


def _node(event: Any, reading: _Reading, depth: int) -> Node:  # noqa: ANN401 - PyYAML's events are untyped
    mark = event.start_mark
    span = Span(reading.path, mark.line + reading.first_line, mark.column + 1)
    if event.anchor is not None:  # an alias has one as well
        reading.error(span, "yaml-alias")
        raise _StopReading
    if event.tag is not None and event.tag != "!":
        reading.error(span, "yaml-tag", tag=event.tag)
        raise _StopReading
    if depth > MAX_DEPTH:
        reading.error(span, "yaml-too-deep", limit=MAX_DEPTH)
        raise _StopReading
    kind = type(event)
    if kind is yaml.ScalarEvent:
        return Scalar(event.value, span, not event.style)
    return _sequence(span, reading, depth) if kind is yaml.SequenceStartEvent else _mapping(span, reading, depth)


def _sequence(span: Span, reading: _Reading, depth: int) -> Sequence:
    items: list[Node] = []
    for event in reading.events:
        if type(event) is yaml.SequenceEndEvent:
            break
        items.append(_node(event, reading, depth + 1))
    return Sequence(tuple(items), span)


def _mapping(span: Span, reading: _Reading, depth: int) -> Mapping:
    entries: dict[str, tuple[Scalar, Node]] = {}
    for event in reading.events:
        if type(event) is yaml.MappingEndEvent:
            break
        name = _node(event, reading, depth + 1)
        value = _node(next(reading.events), reading, depth + 1)
        if not isinstance(name, Scalar):
            reading.error(name.span, "yaml-key-is-no-text")
        elif name.plain and name.text == "<<":
            reading.error(name.span, "yaml-alias")
        elif name.text in entries:
            reading.error(name.span, "duplicate-key", entries[name.text][0].span, key=name.text)
        else:
            entries[name.text] = (name, value)
    return Mapping(tuple(entries.values()), span)

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


def read_yaml(path: PurePosixPath, text: str, first_line: int = 1) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    """The tree of a YAML text that begins at `first_line` of its file; None when empty or not readable."""
    diagnostics: list[Diagnostic] = []
    events = _events(path, text, first_line, diagnostics)
    try:
        node = next((_node(event, events, path, first_line, diagnostics, 0) for event in events), None)
        for event in events:
            diagnostics.append(error(_span(path, event, first_line), "yaml-second-document"))
            break
    except _StopReading:
        node = None
    return node, tuple(diagnostics)


def _events(path: PurePosixPath, text: str, first_line: int, diagnostics: list[Diagnostic]) -> Iterator[Any]:
    """The events that carry content; a fault of syntax is noted and ends them."""
    silent = (
        yaml.StreamStartEvent,
        yaml.StreamEndEvent,
        yaml.DocumentStartEvent,
        yaml.DocumentEndEvent,
    )
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if not isinstance(event, silent):
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


def _span(path: PurePosixPath, event: Any, first_line: int) -> Span:  # noqa: ANN401 - PyYAML's events are untyped
    return Span(path, event.start_mark.line + first_line, event.start_mark.column + 1)


def _node(  # noqa: PLR0913 - one recursive walk, all of it state of the same file
    event: Any,  # noqa: ANN401 - PyYAML's events are untyped
    events: Iterator[Any],
    path: PurePosixPath,
    first_line: int,
    diagnostics: list[Diagnostic],
    depth: int,
) -> Node:
    span = _span(path, event, first_line)
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        diagnostics.append(error(span, "yaml-alias"))
        raise _StopReading
    if event.tag is not None and event.tag != "!":
        diagnostics.append(error(span, "yaml-tag", tag=event.tag))
        raise _StopReading
    if depth > MAX_DEPTH:
        diagnostics.append(error(span, "yaml-too-deep", limit=MAX_DEPTH))
        raise _StopReading
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(event.value, span, plain=not event.style)
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Node] = []
        for inner in events:
            if isinstance(inner, yaml.SequenceEndEvent):
                break
            items.append(_node(inner, events, path, first_line, diagnostics, depth + 1))
        return Sequence(tuple(items), span)
    return _mapping(span, events, path, first_line, diagnostics, depth)


def _mapping(  # noqa: PLR0913 - as above
    span: Span,
    events: Iterator[Any],
    path: PurePosixPath,
    first_line: int,
    diagnostics: list[Diagnostic],
    depth: int,
) -> Mapping:
    entries: dict[str, tuple[Scalar, Node]] = {}
    for inner in events:
        if isinstance(inner, yaml.MappingEndEvent):
            break
        name = _node(inner, events, path, first_line, diagnostics, depth + 1)
        value = _node(next(events), events, path, first_line, diagnostics, depth + 1)
        if not isinstance(name, Scalar):
            diagnostics.append(error(name.span, "yaml-key-is-no-text"))
        elif name.plain and name.text == "<<":
            diagnostics.append(error(name.span, "yaml-alias"))
        elif name.text in entries:
            diagnostics.append(error(name.span, "duplicate-key", entries[name.text][0].span, key=name.text))
        else:
            entries[name.text] = (name, value)
    return Mapping(tuple(entries.values()), span)

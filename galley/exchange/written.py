"""How values are written in YAML: where they begin and end in a text, what a new one looks like, and putting it in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from galley.read.yamltext import Mapping, Node, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from galley.source import Span

# Text that needs no quotes anywhere: begins with a letter or digit, holds no mark that YAML knows, and is not "null".
_PLAIN = re.compile(r"(?!null$)\w(?:[\w ./()%;+=–-]*[\w.)%])?")
_BLANK = re.compile(r"\s*(?:#.*)?")
_CLOSED = re.compile(r"[ \t\n]*,?[ \t\n]*\}")
_QUOTED = {'"': re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL), "'": re.compile(r"'(?:[^']|'')*'")}


class Unwritten(Exception):  # noqa: N818 - it says what is so, and never leaves the package
    """What stands at a place is written in a way that is not changed by machine."""

    def __init__(self, span: Span) -> None:
        super().__init__(span)
        self.span = span


@dataclass(frozen=True, slots=True)
class Splice:
    """Characters to replace; those that put something in at the same place go by `order`."""

    start: int
    end: int
    text: str
    order: tuple[int, ...] = ()


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with all splices done."""
    pieces, position = [], 0
    for one in sorted(splices, key=lambda splice: (splice.start, splice.end, splice.order)):
        pieces += [text[position : one.start], one.text]
        position = one.end
    return "".join((*pieces, text[position:]))


@dataclass(frozen=True, slots=True)
class Text:
    """A text in which the reader's places are found; lines and offsets count from 0 here, spans from 1."""

    text: str
    starts: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        starts = (0, *(match.end() for match in re.finditer("\n", self.text)))
        object.__setattr__(self, "starts", starts)

    def offset(self, span: Span) -> int:
        """The offset of a place."""
        return self.starts[span.line - 1] + span.column - 1

    def line_start(self, offset: int) -> int:
        """Where the line of an offset begins."""
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Where the line of an offset ends, before its line feed."""
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end

    def is_flow(self, node: Node) -> bool:
        """True for a mapping in braces."""
        return self.text.startswith("{", self.offset(node.span))

    def end(self, node: Node) -> int:
        """Where a value ends; Unwritten when that cannot be told."""
        start = self.offset(node.span)
        if isinstance(node, Scalar):
            if node.plain and self.text.startswith(node.text, start):
                return start + len(node.text)
            quoted = _QUOTED.get(self.text[start : start + 1])
            if not node.plain and quoted is not None and (match := quoted.match(self.text, start)):
                return match.end()
            raise Unwritten(node.span)
        if isinstance(node, Mapping) and node.entries and self.is_flow(node):
            match = _CLOSED.match(self.text, self.end(node.entries[-1][1]))
            if match is not None:
                return match.end()
        raise Unwritten(node.span)

    def after_block(self, key: Scalar) -> int:
        """Where the last line of what belongs to a key ends; comments and blank lines behind it do not belong to it."""
        start = self.offset(key.span)
        end, depth = self.line_end(start), key.span.column - 1
        if self.text[self.line_start(start) : start].strip():
            raise Unwritten(key.span)
        position = end + 1
        while position < len(self.text):
            after = self.line_end(position)
            line = self.text[position:after]
            if not _BLANK.fullmatch(line):
                if len(line) - len(line.lstrip(" ")) <= depth:
                    break
                end = after
            position = after + 1
        return end

    def before_block(self, key: Scalar) -> int:
        """Where the line of a key begins, or the first of the comments right above it."""
        start = self.line_start(self.offset(key.span))
        if self.text[start : self.offset(key.span)].strip():
            raise Unwritten(key.span)
        while start and self.text[self.line_start(start - 1) : start].lstrip(" ").startswith("#"):
            start = self.line_start(start - 1)
        return start

    def rest_is_blank(self, offset: int) -> bool:
        """True when nothing stands between an offset and the end of its line, not even a comment."""
        return not self.text[offset : self.line_end(offset)].strip()


def value_text(value: Decimal | None, decimals: int) -> str:
    """A value as the files write it, with the decimals of its indicator and no digit lost; `null` for none."""
    if value is None:
        return "null"
    shortest = (value + 0).normalize()
    return f"{shortest:.{max(decimals, -int(shortest.as_tuple().exponent))}f}"


def scalar_text(text: str) -> str:
    """A text as it can stand in braces: bare, or in straight quotes where a mark of YAML is in it."""
    if _PLAIN.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def lines_text(text: str, indent: int) -> str:
    """A text of one or more lines as a value in a block: on its line, or as lines of its own below the key.

    The text has no empty lines, and no blanks where a line begins or ends.
    """
    if "\n" not in text:
        return scalar_text(text)
    return "|-" + "".join(f"\n{' ' * indent}{line}" for line in text.split("\n"))


def observation_text(value: str, status: str, source: str, note: str) -> str:
    """An observation as it is written on one line: a bare number, or a mapping where there is more to say."""
    more = {"status": status, "source": source and scalar_text(source), "note": note and scalar_text(note)}
    said = {key: text for key, text in more.items() if text}
    if not said:
        return value
    return f"{{{', '.join(f'{key}: {text}' for key, text in {'value': value, **said}.items())}}}"

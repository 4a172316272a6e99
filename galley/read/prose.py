"""Read a chapter: its front matter, and its blocks with the expressions and links that stand in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from galley.expressions import BLOCKS, Problem, find_expressions, parse_call
from galley.model import Block, Chapter, Citation, FrontMatter, Link, Reference
from galley.read.records import decode_record
from galley.read.yamltext import decode, read_yaml
from galley.source import SourceFile, Span
from galley.vietnamese import slugify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import PurePosixPath

    from galley.read.records import Findings

MAX_BLOCK = 20_000
MAX_BRACKETS = 200
_HEADING = re.compile(r"(?P<marks>#{1,6})\s+(?P<title>.*?)(?:\s+\{(?P<attributes>[^{}]*)\})?\s*#*\s*")
_UNDERLINED = re.compile(r"[^\n]+\n(?=(?:=+|-+) *(?:\n|$))")
_FENCE = re.compile(r"\s*(?P<marks>`{3,}|~{3,})")
_AUDIENCE = re.compile(r"///\s+audience\s*\|\s*(?P<name>\S*)\s*")
_AUDIENCE_END = re.compile(r"///\s*")
_LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\[\]]*)\]\((?P<target>[^()\s]*)(?:\s+\"[^\"]*\")?\)")
_HTML = re.compile(r"<(?:/?[a-zA-Z][^<>\s]*(?=[\s/>])|!--|!\w|\?)")
_END = re.compile(r"\{%-?\s*end")
_AUTOLINK = re.compile(r"<(?:https?://|mailto:)[^<>\s]*>")
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_KINDS = (
    ("heading", re.compile(r"#")),
    ("code", _FENCE),
    ("list", re.compile(r"(?:[-*+]|\d+[.)])\s")),
    ("table", re.compile(r"\|")),
    ("quote", re.compile(r">")),
    ("footnote", re.compile(r"\[\^[^\]]+\]:")),
)
MAX_HEADING_LEVEL = 4


@dataclass(frozen=True, slots=True)
class _Piece:
    """Lines that belong together, before anything in them is looked at."""

    text: str
    span: Span
    audience: str


def read_chapter(file: SourceFile, findings: Findings, widest: str = "") -> Chapter | None:
    """The chapter of a Markdown file, or None when its front matter cannot be read.

    Where it names no audience it is for the widest; a block that no mark restricts is for the audience of its chapter.
    """
    text, problems = decode(file.path, file.content)
    findings.diagnostics += problems
    if not text:
        return None
    head, body, first_line = _split_front_matter(text)
    if head is None:
        findings.error(Span(file.path), "missing-front-matter")
        return None
    node, problems = read_yaml(file.path, head, first_line=2)
    findings.diagnostics += problems
    if node is None:
        if not problems:
            findings.error(Span(file.path), "missing-front-matter")
        return None
    front = decode_record(node, FrontMatter, findings)
    if front is not None and not front.audience:
        front = replace(front, audience=widest)
    audience = widest if front is None else front.audience
    pieces = _pieces(body, first_line, file.path, findings)
    blocks = tuple(_block(piece, piece.audience or audience, findings) for piece in pieces)
    _check_headings(blocks, findings)
    if front is None:
        return None
    return Chapter(file.path, front, blocks, Span(file.path))


def _split_front_matter(text: str) -> tuple[str | None, str, int]:
    """The YAML between the two `---` lines, the text after it, and the line that text begins at."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return None, text, 1
    for number, line in enumerate(lines[1:], start=2):
        if line.rstrip() == "---":
            return "\n".join(lines[1 : number - 1]), "\n".join(lines[number:]), number + 1
    return None, text, 1


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with the audience it is for and the number of the code fence it stands in, 0 outside; blank for a mark."""

    number: int
    text: str
    audience: str
    fence: int


def _pieces(body: str, first_line: int, path: PurePosixPath, findings: Findings) -> Iterator[_Piece]:
    """The blocks of a text: parted by blank lines outside code fences, and around headings."""
    heading = _KINDS[0][1]
    lines: list[_Line] = []
    for line in _lines(body, first_line, path, findings):
        blank = not line.fence and not line.text.strip()
        left_fence = lines and lines[-1].fence not in (0, line.fence)
        at_heading = not line.fence and (heading.match(line.text) or (lines and heading.match(lines[0].text)))
        if lines and (blank or left_fence or at_heading):
            yield _piece(lines, path)
            lines = []
        if not blank:
            lines.append(line)
    if lines:
        yield _piece(lines, path)


def _piece(lines: list[_Line], path: PurePosixPath) -> _Piece:
    return _Piece("\n".join(one.text for one in lines), Span(path, lines[0].number), lines[0].audience)


def _lines(body: str, first_line: int, path: PurePosixPath, findings: Findings) -> Iterator[_Line]:
    """The lines of a text; audience marks are understood and given as blank lines."""
    audience, opened = "", Span(path)
    marks, fence, fences = "", Span(path), 0
    for number, line in enumerate(body.split("\n"), start=first_line):
        if marks:
            yield _Line(number, line, audience, fences)
            marks = "" if line.strip().startswith(marks) else marks
        elif match := _FENCE.match(line):
            marks, fence, fences = match["marks"], Span(path, number), fences + 1
            yield _Line(number, line, audience, fences)
        elif line.startswith("///"):
            before = audience
            audience = _audience_mark(line, Span(path, number), (audience, opened), findings)
            opened = Span(path, number) if audience and audience != before else opened
            yield _Line(number, "", audience, 0)
        else:
            yield _Line(number, line if line.endswith("  ") else line.rstrip(), audience, 0)
    if marks:
        findings.error(fence, "fence-not-closed")
    if audience:
        findings.error(opened, "audience-not-closed")


def _audience_mark(line: str, span: Span, current: tuple[str, Span], findings: Findings) -> str:
    """The audience of what follows a line that begins with `///`."""
    audience, opened = current
    if match := _AUDIENCE.fullmatch(line):
        if audience:
            findings.error(span, "audience-nested", opened)
        name = match["name"] or "?"
        findings.references.append(Reference("audiences", name, replace(span, column=match.start("name") + 1)))
        return name
    if audience and _AUDIENCE_END.fullmatch(line):
        return ""
    findings.error(span, "unknown-directive", text=line)
    return audience


def _block(piece: _Piece, audience: str, findings: Findings) -> Block:
    kind = next((kind for kind, pattern in _KINDS if pattern.match(piece.text)), "paragraph")
    if kind == "code":
        return Block(kind, piece.text, piece.span, audience)
    if len(piece.text) > MAX_BLOCK or piece.text.count("[") > MAX_BRACKETS:
        findings.error(piece.span, "block-too-long", limit=MAX_BLOCK)
        return Block(kind, "", piece.span, audience)
    citations = tuple(_citations(piece, findings))
    masked = _mask(piece.text, citations)
    _check_markup(masked, kind, piece, findings)
    block = Block(kind, piece.text, piece.span, audience, citations, tuple(_links(masked, piece, findings)))
    return _heading(block, findings) if kind == "heading" else block


def _place(piece: _Piece, offset: int) -> Span:
    """Where an offset of a piece's text stands in the file."""
    before = piece.text[:offset]
    column = offset - (before.rfind("\n") + 1) + 1
    return Span(piece.span.path, piece.span.line + before.count("\n"), column)


def _citations(piece: _Piece, findings: Findings) -> Iterator[Citation]:
    for found in find_expressions(piece.text):
        if isinstance(found, int):
            if not _END.match(piece.text, found):
                findings.error(_place(piece, found), "statement-in-prose")
            continue
        span = _place(piece, found.start)
        if found.end < 0:
            findings.error(span, "expression-not-closed")
            continue
        call = parse_call(found.source)
        if isinstance(call, Problem):
            findings.error(span, call.rule, **dict(call.arguments))
            continue
        alone = piece.text.strip() == piece.text[found.start : found.end]
        if call.function in BLOCKS and not alone:
            findings.error(span, "expression-must-stand-alone", function=call.function)
            continue
        yield Citation(call, found.start, found.end, span)


def _mask(text: str, citations: tuple[Citation, ...]) -> str:
    """The text with code and expressions blanked out, every character still at its place."""
    for one in citations:
        text = text[: one.start] + "\0" * (one.end - one.start) + text[one.end :]
    return _CODE.sub(lambda match: "\0" * len(match[0]), text)


def _check_markup(masked: str, kind: str, piece: _Piece, findings: Findings) -> None:
    opened: list[str] = []
    for match in _HTML.finditer(masked):
        closes = match[0].startswith("</") and match[0].replace("/", "") in opened
        if not closes and not _AUTOLINK.match(masked, match.start()):
            findings.error(_place(piece, match.start()), "raw-html", text=match[0])
        opened.append(match[0])
    if kind == "paragraph" and (underlined := _UNDERLINED.match(masked)):
        findings.error(_place(piece, underlined.end()), "bad-heading")


def _links(masked: str, piece: _Piece, findings: Findings) -> Iterator[Link]:
    for match in _LINK.finditer(masked):
        span = _place(piece, match.start())
        if match["image"]:
            findings.error(span, "image-not-supported")
        else:
            yield Link(match["target"], span)


def _heading(block: Block, findings: Findings) -> Block:
    match = _HEADING.fullmatch(block.text)
    if match is None or not match["title"]:
        findings.error(block.span, "bad-heading")
        return block
    if block.citations:
        findings.error(block.citations[0].span, "expression-in-heading")
    attributes = (match["attributes"] or "").split()
    anchor = next((one[1:] for one in attributes if one.startswith("#")), "") or slugify(match["title"])
    return replace(block, level=len(match["marks"]), title=match["title"], anchor=anchor, citations=())


def _check_headings(blocks: tuple[Block, ...], findings: Findings) -> None:
    seen: dict[str, Span] = {}
    level = 1
    for block in blocks:
        if block.kind != "heading" or not block.anchor:
            continue
        if block.anchor in seen:
            findings.error(block.span, "duplicate-anchor", seen[block.anchor], anchor=block.anchor)
        seen.setdefault(block.anchor, block.span)
        if block.level == 1 or block.level > min(level + 1, MAX_HEADING_LEVEL):
            findings.error(block.span, "heading-level", level=block.level, expected=min(level + 1, MAX_HEADING_LEVEL))
        level = max(block.level, 1)

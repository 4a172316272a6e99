"""Finished HTML as a reader reads it: its elements, and in them the words, without losing a tag.

What is no part of the text is passed over: numbers of paragraphs, footnotes, pictures, what is folded away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NAME = re.compile(r'<(?:h[2-6]|span class="paragraph"|a class="paragraph")[^>]*? id="(?:[^"]*--)?(?P<name>[^"]+)"')
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)\b[^>]*?(?P<empty>/?)>")
_VOID = frozenset({"br", "hr", "img", "wbr", "input"})
_CELLS = frozenset({"td", "th"})
_BLOCK = re.compile(
    r"/?(?:blockquote|br|caption|dd|div|dl|dt|figcaption|figure|h[1-6]|li|ol|p|section|table|tbody|td|th|thead|tr|ul)"
)
_PASSED = re.compile(
    r"<(?:details|svg|script|aside)\b"
    r'|<sup id="fnref|<(?:span|a|div|p) class="(?:footnote|paragraph|headerlink|drawing)\b'
)
_FOLIO = re.compile(r' \(tr\.&nbsp;<a class="folio inline".*?</a>\)')
_SPACE = re.compile(r"[ \t\r\n]+")


class Kind(Enum):
    """What a token is: words, the line between two blocks or cells, a tag, or HTML that is no part of the text."""

    WORDS = auto()
    LINE = auto()
    TAG = auto()
    PASSED = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of HTML: `raw` as it stands there; of words and lines what is read, of a line the HTML is empty."""

    kind: Kind
    raw: str
    text: str = ""
    tag: str = ""


def elements(body: str) -> list[str]:
    """The elements that stand at the top of the body, each with all that is in it."""
    found, depth, start = [], 0, 0
    for tag in _TAG.finditer(body):
        if tag["empty"] or tag["name"] in _VOID:
            continue
        depth += -1 if tag["close"] else 1
        if depth == 0:
            found.append(body[start : tag.end()].strip())
            start = tag.end()
    rest = body[start:].strip()
    return [*found, rest] if rest else found


def name_of(element: str) -> str:
    """The name of the heading or numbered paragraph that an element is or holds; empty when it is none."""
    found = NAME.search(element)
    return found["name"] if found else ""


def text_of(tokens: Iterable[Token]) -> str:
    """What is read: rows and blocks parted by line ends, cells by tabulators."""
    return "".join(one.text for one in tokens)


def tokens(html: str) -> list[Token]:
    """The tokens of a piece of HTML; all `raw` together are the HTML."""
    return list(_with_lines(list(_raw_tokens(html))))


def _raw_tokens(html: str) -> Iterator[Token]:
    """Words, tags and what is passed over."""
    at = 0
    while at < len(html):
        if folio := _FOLIO.match(html, at):
            yield Token(Kind.PASSED, folio[0])
            at = folio.end()
        elif _PASSED.match(html, at):
            end = _end_of_element(html, at)
            yield Token(Kind.PASSED, html[at:end])
            at = end
        elif tag := _TAG.match(html, at):
            yield Token(Kind.TAG, tag[0], tag=("/" if tag["close"] else "") + tag["name"])
            at = tag.end()
        else:
            end = _end_of_words(html, at)
            yield Token(Kind.WORDS, html[at:end], unescape(_SPACE.sub(" ", html[at:end])))
            at = end


def _end_of_words(html: str, at: int) -> int:
    following = (html.find("<", at + 1), (found.start() if (found := _FOLIO.search(html, at + 1)) else -1))
    return min((one for one in following if one > 0), default=len(html))


def _end_of_element(html: str, start: int) -> int:
    depth = 0
    for tag in _TAG.finditer(html, start):
        if tag["empty"] or tag["name"] in _VOID:
            continue
        depth += -1 if tag["close"] else 1
        if depth == 0:
            return tag.end()
    return len(html)


def _with_lines(found: list[Token]) -> Iterator[Token]:
    """The tokens with the lines between blocks, rows and cells; space beside a block's tag is none of its words."""
    begun = in_cell = False
    line = ""
    for place, token in enumerate(found):
        if token.kind is Kind.TAG and _BLOCK.fullmatch(token.tag):
            yield token
            if token.tag in _CELLS:
                if begun:
                    yield Token(Kind.LINE, "", line or "\t")
                begun, in_cell, line = True, True, ""
            elif token.tag.removeprefix("/") in _CELLS:
                in_cell = False
            else:
                line = " " if in_cell and line != "\n" else "\n"
        elif token.kind is Kind.WORDS:
            text = token.text
            text = text.lstrip(" ") if _beside_block(reversed(found[:place])) else text
            text = text.rstrip(" ") if _beside_block(found[place + 1 :]) else text
            if not text:
                yield Token(Kind.PASSED, token.raw)
                continue
            if line and begun:
                yield Token(Kind.LINE, "", line)
            begun, line = True, ""
            yield Token(Kind.WORDS, token.raw, text)
        else:
            yield token


def _beside_block(further: Iterable[Token]) -> bool:
    """True when the next that is read or a block's tag is the latter, or there is nothing more."""
    for token in further:
        if token.kind is Kind.WORDS:
            return False
        if _BLOCK.fullmatch(token.tag):
            return True
    return True

"""A draft as a reader reads it: the pieces of each chapter as plain words, with the figures that stand in them."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from galley.bind import evaluate, place_of
from galley.compare.alignment import Piece
from galley.compare.drafts import DraftChapter
from galley.render.markup import word

if TYPE_CHECKING:
    from galley.model import Block, Chapter
    from galley.render.markup import Markup

_BREAK = re.compile(r"</(?:p|tr|li|figcaption|h\d|th|td)>")
_TAG = re.compile(r"<[^>]*>")
_NOTE = re.compile(r"\[\^[^\]]*\]")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(\*\*|\*|__)(?=\S)(.+?)(?<=\S)\1")
_SPACES = re.compile(r"\s+")


def read_draft(markup: Markup) -> tuple[DraftChapter, ...]:
    """The chapters of an edition in their order; tables and charts are read row by row."""
    return tuple(
        DraftChapter(one.path, one.front.title, tuple(_piece(block, one, markup) for block in one.blocks))
        for one in markup.lookup.contents.chapters
    )


def _piece(block: Block, chapter: Chapter, markup: Markup) -> Piece:
    if block.kind == "heading":
        return Piece(block.kind, block.title)
    place = place_of(chapter, markup.lookup)
    texts, figures, position = [], [], 0
    for one in block.citations:
        worded = _plain(word(evaluate(one, place), chapter.path, markup, {}))
        texts += [_plain_markdown(block.text[position : one.start]), worded]
        figures.append((block.text[one.start : one.end], worded))
        position = one.end
    texts.append(_plain_markdown(block.text[position:]))
    return Piece(block.kind, _SPACES.sub(" ", "".join(texts)).strip(), tuple(figures))


def _plain(html: str) -> str:
    """The words of HTML; what stands in a row is parted by spaces."""
    return unescape(_TAG.sub("", _NOTE.sub("", _BREAK.sub(" ", html))))


def _plain_markdown(text: str) -> str:
    return _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", _NOTE.sub("", text)))

"""A draft as a reader reads it: the pieces of each chapter as plain words, with the figures that stand in them.

Pieces are read from the finished HTML, so that what is compared is what the pages show.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from galley.bind import evaluate, place_of
from galley.bind.objects import Chart, Table, TileMap, table_of
from galley.bind.paragraphs import paragraph_id, paragraphs
from galley.compare.alignment import Piece
from galley.compare.drafts import DraftChapter
from galley.render.fragments import elements, name_of, text_of, tokens
from galley.render.markup import chapter_markdown, to_html, word
from galley.render.page import Drawing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from galley.bind import Place, Value
    from galley.cache import Cache
    from galley.expressions import Problem
    from galley.model import Block, Chapter
    from galley.render.markup import Markup

Extensions = tuple[tuple[str, dict[str, Any]], ...]
_KINDS = {"ul": "list", "ol": "list", "figure": "figure", "table": "table", "blockquote": "quote"}
_NO_DRAWING = Drawing("", "")


def read_draft(markup: Markup, extensions: Extensions) -> tuple[DraftChapter, ...]:
    """The chapters of an edition in their order, as the medium of the markup shows them."""
    quiet = replace(markup, draw=lambda _: _NO_DRAWING, numbered=True)
    return tuple(_chapter(one, quiet, extensions) for one in markup.lookup.contents.chapters)


def kept_draft(cache: Cache, key: str, read: Callable[[], tuple[DraftChapter, ...]]) -> tuple[DraftChapter, ...]:
    """A draft from the cache, or read and put there; the key is the hash of all that decides how it reads."""
    stored = cache.get(key)
    if stored is not None:
        return tuple(_stored_chapter(*one) for one in json.loads(stored))
    chapters = read()
    cache.put(key, json.dumps([_as_stored(one) for one in chapters]).encode())
    return chapters


def _as_stored(one: DraftChapter) -> list[Any]:
    pieces = [[piece.kind, piece.text, piece.figures, piece.name] for piece in one.pieces]
    return [str(one.path), one.title, pieces, one.number, one.front]


def _stored_chapter(path: str, title: str, pieces: list[Any], number: int, front: list[Any]) -> DraftChapter:
    read = (Piece(kind, text, tuple((*one,) for one in figures), name) for kind, text, figures, name in pieces)
    return DraftChapter(PurePosixPath(path), title, tuple(read), number, tuple((*one,) for one in front))


def _chapter(chapter: Chapter, markup: Markup, extensions: Extensions) -> DraftChapter:
    html = to_html(chapter_markdown(chapter, markup), chapter.path, extensions)
    figures = {_name(block, number): tuple(_figures(block, chapter, markup)) for block, number in paragraphs(chapter)}
    texts: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    for element in elements(html):
        name = name_of(element) or next(reversed(texts), "")
        kinds.setdefault(name, _kind(element))
        texts.setdefault(name, []).append(element)
    read = {name: text_of(tokens("\n".join(those))) for name, those in texts.items()}
    pieces = (Piece(kinds[name], text, figures.get(name, ()), name) for name, text in read.items())
    number = markup.lookup.chapters[chapter.path]
    return DraftChapter(chapter.path, chapter.front.title, tuple(pieces), number, tuple(_front(chapter, markup)))


def _name(block: Block, number: int) -> str:
    return paragraph_id(number) if number else block.anchor


def _kind(element: str) -> str:
    tag = element[1 : min(element.find(end) for end in " >" if end in element)]
    return "heading" if tag in ("h2", "h3", "h4", "h5", "h6") else _KINDS.get(tag, "paragraph")


def _figures(block: Block, chapter: Chapter, markup: Markup) -> Iterator[tuple[str, str]]:
    """The expressions of a block with what they say; of a table or drawing each figure, by its row and column."""
    place: Place = place_of(chapter, markup.lookup)
    for one in block.citations:
        value: Value | Problem = evaluate(one, place)
        if isinstance(value, Table | Chart | TileMap):
            shown = value if isinstance(value, Table) else table_of(value)
            for row in shown.rows:
                for column, figure in zip(shown.columns, row.cells, strict=True):
                    yield f"{row.name}, {column}", figure.text if figure else "…"
        else:
            yield block.text[one.start : one.end], text_of(tokens(word(value, chapter.path, markup, {})))


def _front(chapter: Chapter, markup: Markup) -> Iterator[tuple[str, str]]:
    front, agencies = chapter.front, markup.lookup.agencies
    yield "owner", agencies[front.owner].name if front.owner in agencies else front.owner
    yield "status", front.status.value
    yield "contributors", "; ".join(agencies[one].name if one in agencies else one for one in front.contributors)
    yield "due", front.due.isoformat() if front.due else ""

"""The build, read from top to bottom: sources in, site and PDF out.

What only a later step needs is imported there: the engines below take seconds to load, and a check needs none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from galley.bind import index
from galley.cache import Cache
from galley.check import check
from galley.diagnostics import Diagnostic, ordered
from galley.edition import restrict
from galley.read.parse import parse
from galley.read.revision import read_history
from galley.read.worktree import read_worktree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from galley.bind.objects import Chart, TileMap
    from galley.model import Edition, History, Report
    from galley.render.layout import Layout
    from galley.render.page import Drawing
    from galley.render.pages import Site
    from galley.render.printed import Document
    from galley.source import SourceTree

CACHE = ".cache/galley"


@dataclass(frozen=True, slots=True)
class Sources:
    """What was read, and everything that is wrong with it."""

    root: Path
    tree: SourceTree
    report: Report
    history: History
    diagnostics: tuple[Diagnostic, ...]


def read(root: Path) -> Sources:
    """Steps 1 to 3: the sources of a work tree, parsed and checked."""
    tree = read_worktree(root)
    report, found = parse(tree)
    history = read_history(root, tree, Cache(root / CACHE))
    return Sources(root, tree, report, history, ordered((*found, *check(report, tree))))


@dataclass(frozen=True, slots=True)
class Rendering:
    """An edition with what it takes to render it."""

    edition: Edition
    history: History
    tree: SourceTree
    layout: Layout
    draw: Callable[[Chart | TileMap], Drawing]


def prepare(sources: Sources, audience: str | None) -> Rendering:
    """Step 4: the edition of an audience. From here on nothing holds the report."""
    from galley.render.chart import draw_chart, read_words
    from galley.render.layout import layout
    from galley.render.markup import anchor

    return Rendering(
        restrict(sources.report, audience),
        sources.history,
        sources.tree,
        layout(sources.tree, {"anchor": anchor}),
        partial(draw_chart, cache=Cache(sources.root / CACHE), words=read_words(sources.tree)),
    )


def render_site(rendering: Rendering) -> Site:
    """Step 6 for the site: finished Markdown pages, their files and the navigation."""
    from galley.exchange.tables import indicator_workbook
    from galley.exchange.words import read_words
    from galley.render.pages import site_pages

    workbook = partial(
        indicator_workbook,
        index(rendering.edition.contents),
        words=read_words(rendering.tree),
        timestamp=rendering.history.timestamp,
    )
    return site_pages(rendering.edition, rendering.history, rendering.layout, rendering.draw, workbook)


def render_print(rendering: Rendering) -> Document:
    """Step 6 for print: one HTML document and its files."""
    from galley.read.siteconfig import markdown_extensions
    from galley.render.printed import print_document

    extensions = markdown_extensions(rendering.tree)
    return print_document(
        rendering.edition, rendering.history, rendering.tree, rendering.layout, rendering.draw, extensions
    )


def render_pdf(document: Document) -> bytes:
    """Step 7: the PDF of a document."""
    from galley.typeset import typeset

    return typeset(document)

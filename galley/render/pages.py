"""From an edition to the review site: finished Markdown pages, the files beside them, and the navigation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from galley.bind import index
from galley.bind.figures import judge
from galley.render.board import Board, board, edit_url
from galley.render.indicator_pages import INDICATORS, indicator_pages
from galley.render.markup import SITE, Draw, Markup, card, chapter_markdown
from galley.render.page import Asset, Page
from galley.render.words import plain, root_of, worded

if TYPE_CHECKING:
    from galley.model import Edition, History, Part
    from galley.render.board import Progress
    from galley.render.layout import Layout

FRONT, TARGETS, PROPOSALS, SOURCES = (PurePosixPath(name) for name in ("index.md", "muc-tieu.md", "kien-nghi.md", "nguon.md"))
GUIDES = PurePosixPath("huong-dan")


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the navigation: a page, or a section with its entries; the title is HTML."""

    title: str
    path: PurePosixPath | None = None
    children: tuple[NavItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """The review site of one edition; `footer` is HTML, `edits` the address to change a page at, by its path."""

    title: str
    description: str
    footer: str
    pages: tuple[Page, ...]
    assets: tuple[Asset, ...]
    nav: tuple[NavItem, ...]
    edits: tuple[tuple[PurePosixPath, str], ...] = ()


def site_pages(edition: Edition, history: History, layout: Layout, draw: Draw) -> Site:
    """The review site of an edition: nothing in it comes from anywhere but the edition, git and the templates."""
    markup = Markup(index(edition.contents), layout, SITE, draw)
    progress = board(markup, history)
    chapters = tuple(_chapter_page(one, markup, progress) for one in progress.chapters)
    indicators, tables = indicator_pages(markup, progress)
    registers = _register_pages(markup)
    guides = _guides(markup)
    front = _page(FRONT, layout, "pages/index.md", lookup=markup.lookup, board=progress, meetings=_meetings(markup))
    pages = (front, *chapters, *indicators, *registers, *guides)
    settings = edition.contents.settings
    return Site(
        title=str(plain(settings.title)),
        description=str(plain(f"{settings.title} {settings.subject}")),
        footer=worded(layout, "footer", settings, history),
        pages=pages,
        assets=tables,
        nav=_nav(markup, progress, indicators, registers, guides),
        edits=tuple((path, url) for path in _sources(pages, progress) if (url := edit_url(settings, path))),
    )


def _sources(pages: Iterable[Page], progress: Board) -> Iterable[PurePosixPath]:
    """The pages whose text is a source file of the same path."""
    own = {one.chapter.path for one in progress.chapters}
    return (page.path for page in pages if page.path in own)


def _page(path: PurePosixPath, layout: Layout, template: str, /, title: str = "", **values: object) -> Page:
    return Page(path, title, layout.fill(template, root=root_of(path), plain=plain, medium=SITE, **values))


def _chapter_page(one: Progress, markup: Markup, progress: Board) -> Page:
    body = chapter_markdown(one.chapter, markup)
    title = worded(markup.layout, "chapter", one.number, one.chapter.front.title)
    return _page(
        one.chapter.path,
        markup.layout,
        "pages/chapter.md",
        title=title,
        one=one,
        body=body,
        board=progress,
        lookup=markup.lookup,
        edit=edit_url(markup.lookup.contents.settings, one.chapter.path),
    )


def _register_pages(markup: Markup) -> tuple[Page, ...]:
    """The pages of targets, proposals and sources; a page without entries is left out."""
    contents, layout = markup.lookup.contents, markup.layout
    results = tuple(judge(markup.lookup, one) for one in contents.targets)
    documents = tuple(
        (markup.lookup.sources.get(name), tuple(found))
        for name, found in groupby(sorted(results, key=lambda one: _order(markup, one.target.document)), _document)
    )
    pages = []
    if results:
        title = worded(layout, "title", "targets")
        values = {"documents": documents, "results": results, "card": card, "lookup": markup.lookup}
        pages.append(_page(TARGETS, layout, "pages/targets.md", title=title, **values))
    if contents.proposals:
        title = worded(layout, "title", "proposals")
        values = {"proposals": contents.proposals, "lookup": markup.lookup}
        pages.append(_page(PROPOSALS, layout, "pages/proposals.md", title=title, **values))
    if contents.sources:
        title = worded(layout, "title", "sources")
        pages.append(_page(SOURCES, layout, "pages/sources.md", title=title, sources=contents.sources))
    return tuple(pages)

"""The printed report: one HTML document for the whole edition, with the files that it names.

What a page looks like stands in `templates/print/`; the figures of a layout profile in `templates/print/layouts/`.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import unescape
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from galley.bind import Index, index
from galley.errors import GalleyError
from galley.model import ChapterStatus
from galley.render.appendices import Widths, register, statements, targets
from galley.render.flow import measures, settle
from galley.render.markup import PRINT, Markup, chapter_markdown, print_id, to_html
from galley.render.page import Asset, Drawing
from galley.render.provenance import ledger
from galley.render.register import sections, treating_sections
from galley.vietnamese import keep_together

if TYPE_CHECKING:
    from collections.abc import Callable

    from galley.bind.objects import Chart, TileMap
    from galley.model import Block, Chapter, Edition, History
    from galley.render.layout import Layout
    from galley.source import SourceTree

PROFILES = "templates/print/layouts"
FONTS = "templates/fonts"
DRAWINGS = "drawings"
_TOP_LEVEL = 3  # a chapter's `##`: parts are level 1 and chapters level 2
_HEADING = re.compile(r'<h(?P<level>[3-4]) id="(?P<id>[^"]+)">(?P<title>.*?)</h(?P=level)>', re.DOTALL)
_CAPTION = re.compile(
    r'<figure class="(?P<kind>[\w-]+)[^"]*"(?: id="(?P<whole>[^"]+)")?[^>]*>.*?'
    r'<figcaption(?: id="(?P<head>[^"]+)")?>(?P<text>.*?)</figcaption>',
    re.DOTALL,
)
_APPENDIX = re.compile(r'<h1 class="appendix" id="(?P<id>[^"]+)" data-title="(?P<title>[^"]*)">')
_TAG = re.compile(r"(<[^>]*>)")
_HEIGHT = re.compile(r'<svg\b[^>]*?\bheight="([\d.]+)"')
# WeasyPrint 70 puts the first word alone on a line where a text fills the line up to the space before a link or bold
# words, so that space goes in with them.
_SPACE = re.compile(r'[ \n]+(<(?:a|strong|em|span class="(?!footnote)[^"]*")\b[^>]*>)(?=\S)')
HEADING = 47.0  # what the heading of a chapter takes in report.css, with the line below it, in points


@dataclass(frozen=True, slots=True)
class Document:
    """The report as HTML, and every file that it names by the name it uses; the identifier is a hash of both."""

    html: str
    assets: tuple[Asset, ...]
    title: str
    identifier: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents or of a list: where it leads, and how deep it stands."""

    id: str
    title: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Division:
    """A chapter as it is printed: its number, its body in HTML and the headings in it."""

    id: str
    number: int
    chapter: Chapter
    body: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """A part with its chapters; numbers count from 1."""

    id: str
    number: int
    title: str
    divisions: tuple[Division, ...]


def print_document(  # noqa: PLR0913 - everything that decides how the report looks
    edition: Edition,
    history: History,
    tree: SourceTree,
    layout: Layout,
    draw: Callable[[Chart | TileMap], Drawing],
    extensions: tuple[tuple[str, dict[str, Any]], ...],
) -> Document:
    """The printed report of an edition; GalleyError when its layout profile is not there."""
    lookup = index(edition.contents)
    profile = read_profile(tree, edition.contents.settings.layout)
    drawings: dict[str, Drawing] = {}

    def keep(value: Chart | TileMap) -> Drawing:
        drawing = draw(value)
        drawings[drawing.name] = drawing
        return drawing

    markup = Markup(lookup, layout, PRINT, keep, ledger(history))
    made = [_division(one, lookup, markup, extensions) for one in edition.contents.chapters]
    heights = {name: float(height[1]) for name, one in drawings.items() if (height := _HEIGHT.search(one.svg))}
    page = measures(profile)
    divisions = {str(one.chapter.path): replace(one, body=settle(one.body, HEADING, heights, page)) for one in made}
    parts = tuple(
        PrintedPart(f"phan-{number}", number, part.title, tuple(divisions[path] for path in part.chapters))
        for number, part in enumerate(edition.contents.settings.parts, start=1)
    )
    values = {
        "settings": edition.contents.settings,
        "audience": edition.audience,
        "draft": any(one.front.status is not ChapterStatus.FINAL for one in edition.contents.chapters),
        "profile": profile,
        "lookup": lookup,
        "root": "",
        "history": history,
        "moment": datetime.fromtimestamp(history.timestamp, tz=UTC).isoformat(),
        "versions": _versions(),
    }
    html = _whole(layout, parts, lookup, values)
    assets = tuple(sorted((*_fonts(tree), *_drawn(drawings)), key=lambda one: str(one.path)))
    return Document(html, assets, edition.contents.settings.title, _hash(html, assets))


def read_profile(tree: SourceTree, name: str) -> dict[str, Any]:
    """The figures of a layout profile; GalleyError when the templates have none of that name."""
    file = tree.find(PurePosixPath(PROFILES, f"{name}.toml"))
    if file is None:
        known = ", ".join(one.path.stem for one in tree.under(PROFILES, ".toml"))
        raise GalleyError("no-layout", layout=name, layouts=known)
    try:
        return tomllib.loads(file.content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as trouble:
        raise GalleyError("template", template=str(file.path), line="", problem=str(trouble)) from trouble


def _division(
    chapter: Chapter, lookup: Index, markup: Markup, extensions: tuple[tuple[str, dict[str, Any]], ...]
) -> Division:
    number = lookup.chapters[chapter.path]
    numbered = replace(chapter, blocks=_numbered(chapter, number))
    body = to_html(chapter_markdown(numbered, markup), chapter.path, extensions)
    return Division(print_id(chapter.path), number, chapter, body, _entries(body))


def _numbered(chapter: Chapter, number: int) -> tuple[Block, ...]:
    """The blocks with their headings one level down, since parts come first, and numbered `4.1.`, `4.1.2.`."""
    return tuple(
        replace(block, level=block.level + 1, title=f"{section.number}. {block.title}")
        if block.kind == "heading"
        else block
        for block, section in sections(chapter, number)
    )


def _entries(body: str) -> tuple[Entry, ...]:
    return tuple(
        Entry(found["id"], _plain(found["title"]), int(found["level"]))
        for found in _HEADING.finditer(body)
        if int(found["level"]) == _TOP_LEVEL
    )


def _plain(text: str) -> str:
    return unescape(_TAG.sub("", text))


def _captions(html: str, *kinds: str) -> tuple[Entry, ...]:
    return tuple(
        Entry(found["head"] or found["whole"], _plain(found["text"]))
        for found in _CAPTION.finditer(html)
        if found["kind"] in kinds and (found["head"] or found["whole"])
    )


def _whole(layout: Layout, parts: tuple[PrintedPart, ...], lookup: Index, values: dict[str, Any]) -> str:
    """The whole document: the text first, for the lists before it are made from what stands in it."""
    profile = values["profile"]
    text = layout.fill("print/parts.html", parts=parts, **values)
    appended = layout.fill(
        "print/appendices.html",
        targets=targets(lookup),
        treated=treating_sections(lookup),
        topics=statements(lookup, layout, _widths(profile)),
        register=register(lookup) if "figures" in values["settings"].appendices else None,
        **values,
    )
    lists = {
        "tables": _captions(text, "table"),
        "figures": _captions(text, "chart", "tilemap"),
        "statements": _captions(appended, "statement"),
        "appendices": tuple(Entry(found["id"], unescape(found["title"])) for found in _APPENDIX.finditer(appended)),
    }
    html = layout.fill("print/report.html", parts=parts, text=text, appended=appended, lists=lists, **values)
    return _together(html)


def _widths(profile: dict[str, Any]) -> Widths:
    page, upright, lying = (profile["page"], profile["page"]["margins"], profile["page"]["landscape_margins"])
    return Widths(page["width"] - upright["left"] - upright["right"], page["height"] - lying["left"] - lying["right"])


def _together(html: str) -> str:
    """The document with no-break marks in all that a reader sees: titles, captions and cells as well as prose.

    The marks leave no trace in the text of the PDF, so `37-NQ/TW` is found there.
    """
    head, body = html.split("<body", 1)
    pieces = _TAG.split(_SPACE.sub(r"\1 ", body))
    pieces[::2] = [keep_together(piece) for piece in pieces[::2]]
    return f"{head}<body{''.join(pieces)}"


def _fonts(tree: SourceTree) -> list[Asset]:
    return [Asset(PurePosixPath("fonts", one.path.name), one.content) for one in tree.under(FONTS, ".ttf")]


def _drawn(drawings: dict[str, Drawing]) -> list[Asset]:
    return [Asset(PurePosixPath(DRAWINGS, f"{name}.svg"), drawing.svg.encode()) for name, drawing in drawings.items()]


def _versions() -> tuple[tuple[str, str], ...]:
    """The programs that decide how the report looks, each with its version."""
    found = []
    for name in ("galley", "weasyprint", "vl-convert-python"):
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return tuple(found)


def _hash(html: str, assets: tuple[Asset, ...]) -> bytes:
    digest = hashlib.sha256(html.encode())
    for one in assets:
        digest.update(f"\0{one.path}\0{len(one.content)}\0".encode())
        digest.update(one.content)
    return digest.digest()[:16]

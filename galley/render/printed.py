"""The printed report as fascicles: pieces of HTML that begin on new pages, so that each can be typeset by itself.

What a page looks like stands in `templates/print/`, its measures in a layout profile (see `render.profile`).
The number of a page is known when all fascicles are set; until then its place is held by an element of class `folio`
that names the page's anchor.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from galley.bind import Index, index
from galley.cache import digest, program
from galley.errors import UsageError
from galley.model import ChapterStatus
from galley.render.annexes import annexes
from galley.render.appendices import numbered_sources
from galley.render.document import Description, Document, Fascicle, Frame
from galley.render.flow import measures, settle
from galley.render.markup import PRINT, Markup, chapter_markdown, print_id, to_html
from galley.render.opinions import notes, with_notes
from galley.render.page import Asset
from galley.render.printing import Entry, Made, Printing, captions, kept, plain, roman
from galley.render.profile import read_profile
from galley.render.provenance import ledger
from galley.render.redline import mark_changes
from galley.render.register import sections
from galley.render.tones import retoning
from galley.review.responses import responses
from galley.vietnamese import keep_together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from galley.bind.objects import Chart, TileMap
    from galley.cache import Cache
    from galley.model import Block, Chapter, Contents, Edition, History, Settings
    from galley.render.layout import Layout
    from galley.render.page import Drawing
    from galley.render.profile import Profile
    from galley.review.places import Opinion
    from galley.review.since import Since
    from galley.source import SourceTree

FONTS = "templates/fonts"
DRAWINGS = "drawings"
LISTS = {
    "danh-muc-bang": ("table",),
    "danh-muc-hinh": ("chart", "tilemap"),
    "danh-muc-bieu": ("statement",),
}
_TOP_LEVEL = 3  # a chapter's `##`: parts are level 1 and chapters level 2
_HEADING = re.compile(r'<h(?P<level>[3-4]) id="(?P<id>[^"]+)">(?P<title>.*?)</h(?P=level)>', re.DOTALL)
_TAG = re.compile(r"(<[^>]*>)")
_HEIGHT = re.compile(r'<svg\b[^>]*?\bheight="([\d.]+)"')
# WeasyPrint 70 puts the first word alone on a line where a text fills the line up to the space before a link or bold
# words, so that space goes in with them.
_SPACE = re.compile(r'[ \n]+(<(?:a|strong|em|span class="(?!footnote)[^"]*")\b[^>]*>)(?=\S)')
HEADING = 47.0  # what the heading of a chapter takes in report.css, with the line below it, in points


@dataclass(frozen=True, slots=True)
class Division:
    """A chapter as it is printed, with its number as the layout writes it."""

    id: str
    label: str
    chapter: Chapter


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """A part with its chapters; numbers count from 1, 0 is none, `roman` is the same in Roman numerals."""

    id: str
    number: int
    roman: str
    title: str
    divisions: tuple[Division, ...]


def prepare_print(  # noqa: PLR0913 - everything that decides how the report looks
    edition: Edition,
    history: History,
    tree: SourceTree,
    layout: Layout,
    draw: Callable[[Chart | TileMap], Drawing],
    extensions: tuple[tuple[str, dict[str, Any]], ...],
    cache: Cache,
    *,
    duplex: bool = False,
    since: Since | None = None,
    opinions: Sequence[Opinion] = (),
    noted: bool = False,
) -> Printing:
    """What the printed report of an edition is made with; GalleyError when its layout profile is not there."""
    lookup, settings = index(edition.contents), edition.contents.settings
    profile = read_profile(tree, settings.layout)
    draft = any(one.front.status is not ChapterStatus.FINAL for one in edition.contents.chapters)
    data_hash = digest(*_files(tree, "data"))
    fill = partial(
        layout.fill,
        settings=settings,
        audience=edition.audience,
        draft=draft,
        profile=profile,
        lookup=lookup,
        root="",
        history=history,
        versions=_versions(),
        numbered=numbered_sources(lookup),
        code=_code(settings, profile),
        excerpt="",
        data_hash=data_hash,
        since=since,
    )
    retone = retoning(profile["body"]["tones"], _names(edition.contents))
    verso = _verso(profile) if duplex or profile["page"]["duplex"] else None
    return Printing(
        Frame(fill("print/report.css"), _fonts(tree), _about(edition, history), verso=verso),
        edition,
        lookup,
        layout,
        profile,
        fill,
        tree,
        Markup(lookup, layout, PRINT, draw, ledger(history), numbered=draft or noted),
        extensions,
        lambda html: _together(retone(html)),
        partial(
            kept, cache, digest(_common(edition, lookup, extensions), data_hash, str(draft), *_files(tree, "templates"))
        ),
        since,
        responses(opinions, edition.contents),
        noted,
    )


def make_fascicles(printing: Printing) -> Iterator[tuple[bool, Fascicle]]:
    """The fascicles as they are made, chapters first; true for those that stand in front of the text.

    Contents and lists come last, since they are drawn from the others.
    """
    settings, fill, profile = printing.edition.contents.settings, printing.fill, printing.profile
    chapters = {one.path: one for one in printing.edition.contents.chapters}
    named = [chapters[PurePosixPath(path)] for part in settings.parts for path in part.chapters]
    made: dict[str, Made] = {}
    parts = _parts(settings, chapters, printing)
    for part in parts:
        page = Fascicle(part.id, printing.finish(fill("print/part.html", part=part)))
        alone = len(part.divisions) == 1
        if not alone:
            yield False, page
        for one in part.divisions:
            made[one.id] = _chapter(printing, one.chapter, closes=one.chapter is named[-1])
            own = made[one.id].fascicle
            yield False, replace(own, html=page.html + own.html) if alone else own
    if printing.since and printing.since.removed:
        yield (
            False,
            Fascicle("chuong-da-bo", printing.finish(fill("print/removed.html", chapters=printing.since.removed))),
        )
    appended = []
    for annex in annexes(printing):
        appended.append(annex)
        yield False, annex.fascicle
    restart = profile["division"]["colophon_pages"] or None
    yield False, Fascicle("thong-tin-ban-in", printing.finish(fill("print/colophon.html")), restart=restart)
    yield True, Fascicle("trang-dau", printing.finish(fill("print/title.html")), restart="")
    annexed = tuple(entry for one in appended for entry in one.of("appendix"))
    headings = {name: one.of("heading") for name, one in made.items()}
    html = fill("print/contents.html", parts=parts, headings=headings, appendices=annexed)
    yield True, Fascicle("muc-luc", printing.finish(html))
    every = [*made.values(), *appended]
    for name, kinds in LISTS.items():
        entries = [entry for one in every for entry in one.of(*kinds)]
        if entries:
            yield True, Fascicle(name, printing.finish(fill("print/list.html", name=name, entries=entries)))


def assemble(frame: Frame, made: Iterable[tuple[bool, Fascicle]]) -> Document:
    """The document of fascicles that were made, those of the front matter first."""
    return Document(frame, tuple(one for _, one in sorted(made, key=lambda one: not one[0])))


def print_document(printing: Printing) -> Document:
    """The whole printed report."""
    return assemble(printing.frame, make_fascicles(printing))


def excerpt(printing: Printing, paths: Sequence[PurePosixPath]) -> Document:
    """These chapters as a document of their own, with a title page of their own.

    UsageError when the report has no such chapter.
    """
    chapters = {one.path: one for one in printing.edition.contents.chapters}
    for path in paths:
        if path not in chapters:
            raise UsageError("no-chapter", path=str(path))
    title = "; ".join(chapters[path].front.title for path in paths)
    about = replace(printing.frame.about, subject=title)
    page = Fascicle("trang-dau", printing.finish(printing.fill("print/title.html", excerpt=title)), restart="")
    last = printing.edition.contents.settings.parts[-1].chapters[-1]
    made = (_chapter(printing, chapters[path], closes=str(path) == last).fascicle for path in paths)
    return Document(replace(printing.frame, about=about, excerpt=True), (page, *made))


def _common(edition: Edition, lookup: Index, extensions: tuple[tuple[str, dict[str, Any]], ...]) -> str:
    """The hash of what any chapter may show besides data and templates: settings, numbers, the program itself."""
    labelled = (*lookup.labels.values(), *lookup.proposals.values())
    labels = [(one.id, one.kind, one.number, str(one.chapter)) for one in labelled]
    numbers = [(str(path), number) for path, number in lookup.chapters.items()]
    settings = edition.contents.settings
    return digest(program(), repr((_versions(), settings, edition.audience, extensions, labels, numbers)))


def _files(tree: SourceTree, folder: str) -> Iterator[str | bytes]:
    """Names and contents of the files of a folder, without fonts."""
    return (part for one in tree.under(folder) if one.path.suffix != ".ttf" for part in (str(one.path), one.content))


def _chapter(printing: Printing, chapter: Chapter, *, closes: bool) -> Made:
    source = printing.tree.find(chapter.path)
    text = source.content.decode() if source else ""
    changes = printing.since.of(chapter.path) if printing.since else None
    given = printing.table.groups(chapter.path) if printing.table and printing.noted else ()
    keys = ("chapter", str(chapter.path), text, str(closes), repr(changes), repr(given))
    return printing.kept(keys, lambda: [_make_chapter(printing, chapter, closes=closes)])[0]


def _make_chapter(printing: Printing, chapter: Chapter, *, closes: bool) -> Made:
    """A chapter, whose figures stand where they fit, with its headings, tables and figures as entries."""
    drawings: dict[str, Drawing] = {}

    def keep(value: Chart | TileMap) -> Drawing:
        drawing = printing.markup.draw(value)
        drawings[drawing.name] = drawing
        return drawing

    markup = replace(printing.markup, draw=keep)
    numbered = replace(chapter, blocks=_numbered(chapter, printing.lookup.chapters[chapter.path]))
    body = plain_body = to_html(chapter_markdown(numbered, markup), chapter.path, printing.extensions)
    changes = printing.since.of(chapter.path) if printing.since else None
    if changes is not None:
        body = mark_changes(body, changes, printing.layout)
    if printing.table and printing.noted:
        body = with_notes(body, notes(printing.table, chapter.path, markup))
    heights = {name: float(height[1]) for name, one in drawings.items() if (height := _HEIGHT.search(one.svg))}
    settled = settle(body, HEADING, heights, measures(printing.profile))
    name = print_id(chapter.path)
    html = printing.fill(
        "print/chapter.html",
        id=name,
        label=_label(chapter, printing),
        chapter=chapter,
        body=settled,
        last=closes,
        changes=changes,
    )
    pictures = tuple(Asset(PurePosixPath(DRAWINGS, f"{one.name}.svg"), one.svg.encode()) for one in drawings.values())
    return Made(Fascicle(name, printing.finish(html), pictures), (*_headings(plain_body), *captions(plain_body)))


def _parts(
    settings: Settings, chapters: Mapping[PurePosixPath, Chapter], printing: Printing
) -> tuple[PrintedPart, ...]:
    """The parts with their chapters."""
    parts = []
    for place, (number, part) in enumerate(settings.numbered_parts, start=1):
        own = [chapters[PurePosixPath(path)] for path in part.chapters]
        divisions = tuple(Division(print_id(one.path), _label(one, printing), one) for one in own)
        parts.append(PrintedPart(f"phan-{place}", number, roman(number), part.title, divisions))
    return tuple(parts)


def _names(contents: Contents) -> tuple[str, ...]:
    """The names of places and what others published, which are printed as they are registered."""
    issuer, areas = contents.settings.issuer, (one.name for one in contents.areas)
    published = (text for one in contents.sources for text in (one.title, one.publisher or ""))
    return (issuer.superior, issuer.body, *contents.settings.names, *areas, *published)


def _code(settings: Settings, profile: Profile) -> str:
    """The code of the document, its type and its body joined as the layout joins them: `BC/BKTTW`, `BC-BKTTW`."""
    return re.sub("[-/]", profile["heading"]["code_separator"], settings.issuer.code, count=1)


def _label(chapter: Chapter, printing: Printing) -> str:
    """The number of a chapter in its heading: `4.`, `IV-`, `IV.`."""
    number, division = printing.lookup.chapters[chapter.path], printing.profile["division"]
    return f"{roman(number) if division['chapter_numerals'] == 'roman' else number}{division['chapter_separator']}"


def _numbered(chapter: Chapter, number: int) -> tuple[Block, ...]:
    """The blocks with their headings one level down, since parts come first, and numbered `4.1.`, `4.1.2.`."""
    return tuple(
        replace(block, level=block.level + 1, title=f"{section.number}. {block.title}")
        if block.kind == "heading"
        else block
        for block, section in sections(chapter, number)
    )


def _headings(body: str) -> Iterator[Entry]:
    for found in _HEADING.finditer(body):
        if int(found["level"]) == _TOP_LEVEL:
            yield Entry(found["id"], plain(found["title"]), "heading")


def _verso(profile: Profile) -> tuple[float, float]:
    """How far the text moves on the back of a sheet, so that its margins are those of the front seen through it."""
    upright, lying = profile["page"]["margins"], profile["page"]["landscape_margins"]
    return upright["left"] - upright["right"], lying["top"] - lying["bottom"]


def _together(html: str) -> str:
    """HTML with no-break marks in all that a reader sees: titles, captions and cells as well as prose.

    The marks leave no trace in the text of the PDF, so `37-NQ/TW` is found there.
    """
    pieces = _TAG.split(_SPACE.sub(r"\1 ", html))
    pieces[::2] = [keep_together(piece) for piece in pieces[::2]]
    return "".join(pieces)


def _fonts(tree: SourceTree) -> tuple[Asset, ...]:
    return tuple(Asset(PurePosixPath("fonts", one.path.name), one.content) for one in tree.under(FONTS, ".ttf"))


def _versions() -> tuple[tuple[str, str], ...]:
    """The programs that decide how the report looks, each with its version."""
    found = []
    for name in ("galley", "weasyprint", "vl-convert-python"):
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return tuple(found)


def _about(edition: Edition, history: History) -> Description:
    settings = edition.contents.settings
    moment = datetime.fromtimestamp(history.timestamp, tz=UTC).isoformat() if history.head else ""
    return Description(settings.title, settings.issuer.body, settings.subject, moment)

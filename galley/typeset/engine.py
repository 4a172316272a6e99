"""Set one fascicle. The only module that imports WeasyPrint; it runs in processes of its own.

It goes below WeasyPrint's public functions in one place: it takes the objects of the PDF before they are written, which
saves writing them, reading them again and embedding fonts once a part. The version is pinned exactly.
"""

from __future__ import annotations

import gc
import logging
from functools import cache
from typing import TYPE_CHECKING, Any

import pydyf
import weasyprint
import weasyprint.pdf
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.logger import LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from galley.errors import GalleyError
from galley.typeset.objects import Found, take
from galley.typeset.parts import Bookmark, Part, pack
from galley.typeset.tuning import tune

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from galley.typeset.parts import Task

VARIANT = "pdf/ua-1"
# A base of no known protocol: what is not among the document's files leads nowhere.
_BASE = "report:/"
_TYPES = {".ttf": "font/ttf", ".svg": "image/svg+xml", ".css": "text/css"}
_POINTS = 0.75  # of a CSS pixel
_NOT_RUNNING = frozenset({"figure", "table", "img"})
_APART = (boxes.MarginBox, boxes.FootnoteAreaBox, boxes.TableBox, boxes.FlexContainerBox)


tune()


def set_fascicle(task: Task) -> tuple[bytes, bytes]:
    """The packed part of a fascicle, contents and objects, the same bytes for the same task.

    GalleyError when it names a file that it does not hold, or when anything in it could not be set as it is meant.
    """
    noted = _Noted()
    with noted, _without_garbage_collection():
        fonts, style = _styled(task.style, task.fonts)
        fetcher = _OwnFiles(dict((*task.fonts, *task.files)))
        html = weasyprint.HTML(string=task.html, base_url=_BASE, url_fetcher=fetcher)
        document = html.render(font_config=fonts, stylesheets=[style], pdf_variant=VARIANT)
        noted.refuse()
        _refuse_lost_notes(document)
        part = _part(document, lines=task.lines)
        noted.refuse()
    return pack(part)


def _refuse_lost_notes(document: Any) -> None:
    """GalleyError when a footnote stands on no page."""
    areas = (one for page in document.pages for one in page._page_box.children)  # noqa: SLF001 - it has no public name
    there = {id(note.element) for one in areas if isinstance(one, boxes.FootnoteAreaBox) for note in one.children}
    notes = (one for one in document._html.etree_element.iter("span") if one.get("class") == "footnote")  # noqa: SLF001
    lost = next(("".join(one.itertext()) for one in notes if id(one) not in there), None)
    if lost is not None:
        raise GalleyError("typeset-failed", problem=f"a footnote is lost: {lost}")


@cache
def _styled(style: str, fonts: tuple[tuple[str, bytes], ...]) -> tuple[FontConfiguration, weasyprint.CSS]:
    """The style of the report with its fonts: read once a process, it is the same for all fascicles."""
    configuration = FontConfiguration()
    css = weasyprint.CSS(
        string=style, base_url=_BASE, url_fetcher=_OwnFiles(dict(fonts)), font_config=configuration, media_type="print"
    )
    return configuration, css


class _OwnFiles(URLFetcher):  # type: ignore[misc] # WeasyPrint ships no type hints
    """Gives WeasyPrint the document's own files and nothing else: no disk, no network, no data URL."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._files = files

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002 - WeasyPrint's signature
        """The file of that name; ValueError, which WeasyPrint notes as a problem, for anything else."""
        name = url.removeprefix(_BASE)
        if name not in self._files:
            raise ValueError(url)
        kind = _TYPES.get(name[name.rfind(".") :], "application/octet-stream")
        return URLFetcherResponse(url, self._files[name], {"Content-Type": kind})


class _Noted(logging.Handler):
    """Notes what WeasyPrint warns of, in place of its own handlers: to a report everything that fails matters."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.problems: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message."""
        self.problems.append(record.getMessage())

    def refuse(self) -> None:
        """GalleyError for the first problem there is."""
        for problem in self.problems:
            raise GalleyError("typeset-failed", problem=problem)

    def __enter__(self) -> None:
        self._before, self._spread = LOGGER.handlers[:], LOGGER.propagate
        LOGGER.handlers[:], LOGGER.propagate = [self], False

    def __exit__(self, *trouble: object) -> None:
        LOGGER.handlers[:], LOGGER.propagate = self._before, self._spread


class _without_garbage_collection:  # noqa: N801 - reads as a statement
    """A layout has much to look through and little rubbish; all of it is rubbish when the part is made."""

    def __enter__(self) -> None:
        self._before = gc.isenabled()
        gc.disable()

    def __exit__(self, *trouble: object) -> None:
        gc.collect()
        if self._before:
            gc.enable()


def _part(document: Any, *, lines: bool) -> Part:
    """The part of a laid out document: links, anchors and bookmarks apart, its objects numbered anew."""
    anchors, bookmarks = _anchors(document.pages), _bookmarks(document.pages)
    links = _take_links(document.pages)
    build, weasyprint.pdf.build_fonts_dictionary = weasyprint.pdf.build_fonts_dictionary, _no_fonts
    try:
        options = {**weasyprint.DEFAULT_OPTIONS, "pdf_variant": VARIANT, "pdf_tags": True, "pdf_version": "1.7"}
        pdf = weasyprint.pdf.generate_pdf(document, None, 1, **options)
    finally:
        weasyprint.pdf.build_fonts_dictionary = build
    places = tuple(
        (one.get("href", "").removeprefix("#"), len(one.text))
        for one in document._html.etree_element.iter("a")  # noqa: SLF001 - it has no public name
        if one.get("class", "").startswith("folio")
    )
    numbered = tuple(_lines(one) if lines else () for one in document.pages)
    return take(pdf, document.fonts.values(), Found(anchors, bookmarks, _set_links(links), places, numbered))


def _no_fonts(*_arguments: object) -> pydyf.Dictionary:
    """Instead of WeasyPrint's fonts, which are embedded when the parts are joined."""
    return pydyf.Dictionary()


def _anchors(pages: Iterable[Any]) -> dict[str, tuple[int, float, float]]:
    """The place of each anchor: page from 0, and a point from its lower left corner. On several pages the first counts.

    They are taken away from the pages, since WeasyPrint knows those of this part only.
    """
    found: dict[str, tuple[int, float, float]] = {}
    for number, page in enumerate(pages):
        for name, (x, y, *_) in page.anchors.items():
            found.setdefault(name, (number, round(x * _POINTS, 2), round((page.height - y) * _POINTS, 2)))
        page.anchors.clear()
    return found


def _bookmarks(pages: Iterable[Any]) -> tuple[Bookmark, ...]:
    found = []
    for number, page in enumerate(pages):
        for level, title, (x, y), state in page.bookmarks:
            place = (round(x * _POINTS, 2), round((page.height - y) * _POINTS, 2))
            found.append(Bookmark(level, title, number, *place, opened=state == "open"))
        page.bookmarks.clear()
    return tuple(found)


def _take_links(pages: Iterable[Any]) -> list[tuple[str, str, Any]]:
    """The links of the pages with their targets and boxes, told to WeasyPrint as external: it may not look for them."""
    taken = []
    for page in pages:
        for position, (kind, target, rectangle, box) in enumerate(page.links):
            if kind == "internal":
                page.links[position] = ("external", target, rectangle, box)
            taken.append((kind, target, box))
    return taken


def _set_links(taken: Iterable[tuple[str, str, Any]]) -> dict[str, list[Any]]:
    """Give the annotations their named destinations and what they say, and return those to each anchor."""
    found: dict[str, list[Any]] = {}
    for kind, target, box in taken:
        annotation = box.link_annotation
        said = " ".join((box.element.get("title") or "".join(box.element.itertext())).split())
        annotation["Contents"] = pydyf.String(said or target)
        if kind == "internal":
            del annotation["A"]
            annotation["Dest"] = pydyf.String(target)
            found.setdefault(target, []).append(annotation)
    return found


def _lines(page: Any) -> tuple[tuple[float, float], ...]:
    """The lines of the running text: the right edge of the text and their baselines, in points from the upper left."""
    sheet = page._page_box  # noqa: SLF001 - it has no public name
    right = (sheet.position_x + sheet.margin_left + sheet.width) * _POINTS
    found: dict[float, None] = {}
    waiting = list(sheet.children)
    while waiting:
        box = waiting.pop(0)
        if isinstance(box, AbsolutePlaceholder) or box.element_tag in _NOT_RUNNING or isinstance(box, _APART):
            continue
        if isinstance(box, boxes.LineBox):
            found[round((box.position_y + box.baseline) * _POINTS, 2)] = None
        else:
            waiting[:0] = getattr(box, "children", ())
    return tuple((right, one) for one in sorted(found))

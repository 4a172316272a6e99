"""Read where a PDF leads: named places, links and bookmarks, each with the page it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pikepdf

from galley.preflight.content import MILLIMETRE, Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from galley.preflight.structure import Place

NOWHERE = 0  # the page of what leads to no page of this file


@dataclass(frozen=True, slots=True)
class Link:
    """A link on a page; `leads_to` is the page inside the file, NOWHERE if there is none, None for a web address.

    `target` is the name or address, `key` its number in the parent tree.
    """

    place: Place
    page: int
    box: Box
    target: str
    leads_to: int | None
    contents: str
    key: int | None


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A bookmark, its level counted from 1; `down` is how far down its page it leads, in mm."""

    title: str
    level: int
    page: int
    down: float


@dataclass(frozen=True, slots=True)
class _Pages:
    """The pages by object, and the named places."""

    numbers: Mapping[Place, int]
    heights: Mapping[int, float]
    names: Mapping[str, Any]

    def find(self, target: Any) -> tuple[int, float]:  # noqa: ANN401 - an object of the PDF
        """The page of a destination and how far down it lies, in mm; NOWHERE where it is on no page."""
        if isinstance(target, pikepdf.Dictionary) and "/D" in target:
            target = target.D
        if isinstance(target, pikepdf.String | pikepdf.Name):
            named = self.names.get(str(target).removeprefix("/"))
            return (NOWHERE, 0.0) if named is None else self.find(named)
        if not isinstance(target, pikepdf.Array) or not len(target) or not isinstance(target[0], pikepdf.Dictionary):
            return NOWHERE, 0.0
        page = self.numbers.get(target[0].objgen, NOWHERE)
        kind, places = target[1] if len(target) > 1 else None, list(target)[2:]
        if kind != "/XYZ" or not places[1:] or places[1] is None:
            return page, 0.0
        return page, self.heights.get(page, 0.0) - float(places[1]) / MILLIMETRE


def read_places(pdf: pikepdf.Pdf) -> tuple[tuple[Link, ...], tuple[Bookmark, ...]]:
    """The links of all pages, and the bookmarks from first to last with those below them."""
    pages = _Pages(
        {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)},
        {number: float(page.mediabox[3]) / MILLIMETRE for number, page in enumerate(pdf.pages, start=1)},
        dict(_names(pdf)),
    )
    links = tuple(link for number, page in enumerate(pdf.pages, start=1) for link in _links(number, page, pages))
    return links, tuple(_bookmarks(pdf.Root.get("/Outlines"), pages, 1))


def _names(pdf: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    names = pdf.Root.get("/Names", pikepdf.Dictionary()).get("/Dests")
    if names is not None:
        yield from ((str(name), place) for name, place in pikepdf.NameTree(names).items())
    old = pdf.Root.get("/Dests", pikepdf.Dictionary())  # how PDF 1.1 named its places
    yield from ((name.removeprefix("/"), place) for name, place in old.items())


def _links(number: int, page: pikepdf.Page, pages: _Pages) -> Iterator[Link]:
    left, height = float(page.mediabox[0]), float(page.mediabox[3])
    for one in page.get("/Annots", ()):
        if one.get("/Subtype") != "/Link":
            continue
        x, y, other_x, other_y = (float(side) for side in one.Rect)
        across = sorted(((x - left) / MILLIMETRE, (other_x - left) / MILLIMETRE))
        down = sorted(((height - y) / MILLIMETRE, (height - other_y) / MILLIMETRE))
        target, leads_to = _target(one, pages)
        key = one.get("/StructParent")
        yield Link(
            one.objgen,
            number,
            Box(across[0], down[0], across[1], down[1]),
            target,
            leads_to,
            str(one.get("/Contents", "")),
            None if key is None else int(key),
        )


def _target(link: Any, pages: _Pages) -> tuple[str, int | None]:  # noqa: ANN401 - an object of the PDF
    action = link.get("/A", {})
    if "/URI" in action:
        return str(action.URI), None
    given = link.get("/Dest", action.get("/D"))
    named = isinstance(given, pikepdf.String | pikepdf.Name)
    return str(given).removeprefix("/") if named else "", pages.find(given)[0]


def _bookmarks(parent: Any, pages: _Pages, level: int) -> Iterator[Bookmark]:  # noqa: ANN401 - an object of the PDF
    one = parent.get("/First") if parent is not None else None
    while one is not None:
        page, down = pages.find(one.get("/Dest", one.get("/A", {}).get("/D")))
        yield Bookmark(str(one.get("/Title", "")), level, page, down)
        yield from _bookmarks(one, pages, level + 1)
        one = one.get("/Next")

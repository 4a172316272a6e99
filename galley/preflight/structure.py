"""Read the tags of a PDF: the structure tree, the parent tree that leads back into it, and what they hang on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Place = tuple[int, int]  # an object's number and generation
_HOPS = 10  # a role map that needs more leads in circles


@dataclass(frozen=True, slots=True)
class Element:
    """A tag; `kind` by the role map, `above` the kinds around it from the outermost in, `page` 0 where none is named.

    `marks` are the page and number of each content of its own, `objects` the annotations that hang on it.
    """

    place: Place
    kind: str
    above: tuple[str, ...]
    page: int
    id: bytes
    alternative: str
    scope: str
    headers: tuple[bytes, ...]
    marks: tuple[tuple[int, int], ...]
    objects: tuple[Place, ...]
    children: tuple[Element, ...]

    def walk(self) -> Iterator[Element]:
        """The tag and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Structure:
    """The structure tree: its outermost tags, where the parent tree leads, and what each role is mapped to.

    `parents` has a list for the contents of a page and one place for an annotation; None where it leads nowhere.
    """

    roots: tuple[Element, ...]
    parents: Mapping[int, tuple[Place | None, ...]]
    roles: Mapping[str, str]
    has_ids: bool

    def walk(self) -> Iterator[Element]:
        """All tags in reading order."""
        for root in self.roots:
            yield from root.walk()


def read_structure(pdf: pikepdf.Pdf) -> Structure | None:
    """The structure of a PDF, None where it has none."""
    root = pdf.Root.get("/StructTreeRoot")
    if root is None:
        return None
    roles = {name.removeprefix("/"): _name(role) for name, role in root.get("/RoleMap", {}).items()}
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
    reading = _Reading(pages, roles, set())
    roots = tuple(one for kid in _list(root.get("/K")) if (one := reading.element(kid, (), 0)))
    return Structure(roots, _parents(root), roles, "/IDTree" in root)


def standard(kind: str, roles: Mapping[str, str]) -> str:
    """What a kind of tag is mapped to in the end; empty where the map leads in circles."""
    for _ in range(_HOPS):
        if roles.get(kind, kind) == kind:
            return kind
        kind = roles[kind]
    return ""


@dataclass(frozen=True, slots=True)
class _Reading:
    pages: Mapping[Place, int]
    roles: Mapping[str, str]
    seen: set[Place]

    def element(self, given: Any, above: tuple[str, ...], page: int) -> Element | None:  # noqa: ANN401
        """The tag that an object of the PDF describes; None for what is no tag or was met before."""
        if not isinstance(given, pikepdf.Dictionary) or "/S" not in given or given.objgen in self.seen:
            return None
        self.seen.add(given.objgen)
        kind = standard(_name(given.S), self.roles)
        page = self.pages.get(given.Pg.objgen, 0) if "/Pg" in given else page
        kids = _list(given.get("/K"))
        attributes = [one for one in _list(given.get("/A")) if isinstance(one, pikepdf.Dictionary)]
        below = (self.element(kid, (*above, kind), page) for kid in kids)
        return Element(
            place=given.objgen,
            kind=kind,
            above=above,
            page=page,
            id=bytes(given.get("/ID", b"")),
            alternative=str(given.get("/Alt", "")),
            scope=next((_name(one.Scope) for one in attributes if "/Scope" in one), ""),
            headers=tuple(bytes(name) for one in attributes for name in one.get("/Headers", ())),
            marks=tuple(mark for kid in kids if (mark := self._mark(kid, page))),
            objects=tuple(kid.Obj.objgen for kid in kids if _is(kid, "/OBJR")),
            children=tuple(one for one in below if one),
        )

    def _mark(self, kid: Any, page: int) -> tuple[int, int] | None:  # noqa: ANN401 - an object of the PDF
        if isinstance(kid, int):
            return page, kid
        if _is(kid, "/MCR"):
            return (self.pages.get(kid.Pg.objgen, 0) if "/Pg" in kid else page), int(kid.MCID)
        return None


def _parents(root: Any) -> dict[int, tuple[Place | None, ...]]:  # noqa: ANN401 - an object of the PDF
    if "/ParentTree" not in root:
        return {}
    return {
        int(key): tuple(one.objgen if isinstance(one, pikepdf.Dictionary) else None for one in _list(value))
        for key, value in pikepdf.NumberTree(root.ParentTree).items()
    }


def _is(given: Any, kind: str) -> bool:  # noqa: ANN401 - an object of the PDF
    return isinstance(given, pikepdf.Dictionary) and given.get("/Type") == kind


def _list(given: Any) -> list[Any]:  # noqa: ANN401 - an object of the PDF
    if given is None:
        return []
    return list(given) if isinstance(given, pikepdf.Array) else [given]


def _name(given: Any) -> str:  # noqa: ANN401 - an object of the PDF
    return str(given).removeprefix("/")

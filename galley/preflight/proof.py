"""Read a finished PDF into a proof: all that the rules look at, and nothing of the PDF's own objects."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf

from galley.errors import GalleyError
from galley.preflight.pages import Page, read_pages
from galley.preflight.places import Bookmark, Link, read_places
from galley.preflight.structure import Element, Structure, read_structure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from galley.preflight.content import Run


@dataclass(frozen=True, slots=True)
class Identity:
    """What the file says of itself; `standard` is the part of PDF/UA it claims, `labels` the numbers of its pages."""

    title: str
    language: str
    marked: bool
    shows_title: bool
    standard: str
    encrypted: bool
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """A finished PDF as the rules see it; `keys` has for each page its number in the parent tree."""

    identity: Identity
    pages: tuple[Page, ...]
    keys: tuple[int | None, ...]
    structure: Structure | None
    links: tuple[Link, ...]
    bookmarks: tuple[Bookmark, ...]
    marked: Mapping[tuple[int, int], tuple[Run, ...]]

    def runs(self, element: Element) -> Iterator[tuple[int, Run]]:
        """The texts of a tag and of those below it, each with its page."""
        for one in element.walk():
            for page, mark in one.marks:
                for run in self.marked.get((page, mark), ()):
                    yield page, run


def read_proof(content: bytes, path: str) -> Proof:
    """The proof of a PDF; GalleyError, which names the path, when it cannot be opened."""
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            pages = read_pages(pdf)
            keys = tuple(None if (key := page.get("/StructParents")) is None else int(key) for page in pdf.pages)
            return Proof(_identity(pdf), pages, keys, read_structure(pdf), *read_places(pdf), _marked(pages))
    except pikepdf.PdfError as trouble:
        raise GalleyError("not-a-pdf", path=path, problem=str(trouble)) from trouble


def _marked(pages: tuple[Page, ...]) -> dict[tuple[int, int], tuple[Run, ...]]:
    found = defaultdict(list)
    for page in pages:
        for run in page.runs:
            if run.mark.number is not None:
                found[page.number, run.mark.number].append(run)
    return {place: tuple(runs) for place, runs in found.items()}


def _identity(pdf: pikepdf.Pdf) -> Identity:
    metadata = pdf.open_metadata()
    return Identity(
        title=str(metadata.get("dc:title", "")),
        language=str(pdf.Root.get("/Lang", "")),
        marked=bool(pdf.Root.get("/MarkInfo", pikepdf.Dictionary()).get("/Marked", False)),
        shows_title=bool(pdf.Root.get("/ViewerPreferences", pikepdf.Dictionary()).get("/DisplayDocTitle", False)),
        standard=str(metadata.get("pdfuaid:part", "")),
        encrypted=pdf.is_encrypted,
        labels=tuple(str(page.label) for page in pdf.pages) if "/PageLabels" in pdf.Root else (),
    )

"""Take the objects of a fascicle over from a PDF that WeasyPrint built but did not write.

On the way the tree of tags is put right: what stands in the margins of a page is an artifact, header cells say what
they head by their scope instead of lists of ids in every cell (ISO 32000-1, 14.8.5.7).
"""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pydyf
from fontTools.ttLib import TTFont

from galley.errors import GalleyError
from galley.typeset.parts import (
    ELEMENT,
    FIRST,
    FONTS,
    HELD,
    KEY,
    LETTERS,
    OBJECT,
    PAGE_TREE,
    PAGES,
    PARENTS,
    PLACE,
    ROOT,
    Body,
    Bookmark,
    Contents,
    Folio,
    Part,
    Typeface,
    mark,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

COMPRESSION = 9
LINE_SIZE, LINE_GAP = 8, 16  # points: of line numbers, and between them and the text
_REFERENCE = re.compile(rb"\((?:[^\\()]|\\.)*\)|\b(\d+) 0 R\b", re.DOTALL)
_SHOWN = re.compile(r"\[([^\]]*)\] TJ")
_GLYPHS = re.compile(r"<([0-9a-f]*)>")
_WHOLE = b"\x04"  # around the number of an object of the whole report, until references are marked


@dataclass(frozen=True, slots=True)
class Found:
    """What was found on the pages before they were drawn; `links` are the annotations that lead to each anchor.

    `lines` are, for each page, the right edge of the text and the baseline of each line that is to be numbered.
    """

    anchors: Mapping[str, tuple[int, float, float]]
    bookmarks: tuple[Bookmark, ...]
    links: Mapping[str, Sequence[Any]]
    places: tuple[tuple[str, int], ...]
    lines: tuple[tuple[tuple[float, float], ...], ...]


def take(pdf: Any, fonts: Iterable[Any], found: Found) -> Part:
    """The part; GalleyError when a place for a page number is not found in what was drawn."""
    pages = [pdf.objects[number] for number in pdf.pages["Kids"][::3]]
    structure = _at(pdf, pdf.catalog["StructTreeRoot"])
    parents = _at(pdf, structure["ParentTree"])["Nums"][1::2]
    root = _at(pdf, structure["K"][0])
    faces = {one.hash: one for one in fonts}
    tree = _Tree(pdf)
    for one in root["K"]:
        tree.tidy(one, in_head=False)
        _at(pdf, one)["P"] = mark(OBJECT, ELEMENT)
    numbers = _Numbers(pdf, FIRST + len(pages))
    places = iter(enumerate(found.places))
    folios = []
    numbered: set[str] = set()
    for index, page in enumerate(pages):
        margin = {mcid for mcid, one in enumerate(parents[index]) if one not in tree.reached}
        drawn = _Drawn(faces, margin)
        before, folio, after = drawn.split(_at(pdf, page["Contents"]).stream, places)
        if folio is not None:
            after.append(_line_numbers(found.lines[index], folio.font, letters(faces[folio.font])))
        folios.append(folio)
        numbered |= drawn.numbered
        _place(page, index, before, after, numbers)
    for one in pdf.objects:
        if isinstance(one, pydyf.Dictionary) and "Font" in one and "XObject" in one:  # resources, of pages or drawings
            one["Font"] = b"%b%d%b" % (_WHOLE, FONTS, _WHOLE)
    if next(places, None) is not None:
        raise GalleyError("typeset-failed", problem="a page number has no place")
    for key, one in enumerate(parents[len(pages) :], start=len(pages)):
        _at(pdf, tree.annotations[one])["StructParent"] = mark(KEY, key)
    trunk = [
        (PAGES, _kids([numbers.of(one.reference) for one in pages])),
        (ELEMENT, _element([numbers.of(one) for one in root["K"]])),
        (PARENTS, _entries([_entry(one, tree.reached, numbers) for one in parents])),
    ]
    links = {name: _link(those, tree, numbers) for name, those in found.links.items()}
    bodies = (*(Body(number, text) for number, text in trunk), *numbers.bodies())
    contents = Contents(
        bodies[-1].number + 1,
        tuple(numbers.of(one.reference) for one in pages),
        tuple(one["MediaBox"][2] > one["MediaBox"][3] for one in pages),
        tuple(folios),
        found.anchors,
        links,
        found.places,
        found.bookmarks,
        {name: _typeface(one, in_numbers=name in numbered) for name, one in faces.items()},
    )
    return Part(contents, bodies)


def _kids(pages: list[int]) -> bytes:
    """The node of the page tree above the pages of the part."""
    kids = b" ".join(mark(OBJECT, one) for one in pages)
    return b"<</Type /Pages/Parent %d 0 R/Count %d/Kids [%b]>>" % (PAGE_TREE, len(pages), kids)


def _element(elements: list[int]) -> bytes:
    """The element of the tree of tags above those of the part."""
    kids = b" ".join(mark(OBJECT, one) for one in elements)
    return b"<</Type /StructElem/S /Part/P %d 0 R/K [%b]>>" % (ROOT, kids)


def _entries(entries: list[bytes]) -> bytes:
    """The leaf of the tree of parents with the keys of the part, which begin at the number of its first object."""
    pairs = b" ".join(b"%b %b" % (mark(KEY, key), one) for key, one in enumerate(entries))
    return b"<</Limits [%b %b]/Nums [%b]>>" % (mark(KEY, 0), mark(KEY, len(entries) - 1), pairs)


def _at(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


class _Tree:
    """Walks the tree of tags: which elements are in it, and the annotations that belong to links."""

    def __init__(self, pdf: Any) -> None:
        self._pdf = pdf
        self.reached: set[bytes] = set()
        self.annotations: dict[bytes, bytes] = {}
        self.references: dict[bytes, bytes] = {}

    def tidy(self, reference: bytes, *, in_head: bool) -> None:
        """Note an element and all below it; put the scope of header cells in place of ids."""
        element = _at(self._pdf, reference)
        if element["Type"] == "/OBJR":
            self.references[element["Obj"]] = reference
            return
        self.reached.add(reference)
        kind = element["S"]
        if kind in ("/TH", "/TD"):
            element.pop("ID", None)
            element["A"].pop("Headers", None)
            if kind == "/TH":
                element["A"]["Scope"] = "/Column" if in_head else "/Row"
            elif len(element["A"]) == 1:
                del element["A"]
        for kid in element["K"]:
            if isinstance(kid, bytes):
                self.tidy(kid, in_head=in_head or kind == "/THead")
                if kid not in self.reached:
                    self.annotations[reference] = _at(self._pdf, kid)["Obj"]


class _Drawn:
    """Goes through what was drawn on a page."""

    def __init__(self, faces: Mapping[str, Any], margin: set[int]) -> None:
        self._faces, self._margin = faces, margin
        self.numbered: set[str] = set()

    def split(self, items: list[Any], places: Any) -> tuple[list[Any], Folio | None, list[Any]]:
        """The drawing before and after the page's own number, with marks where the numbers of other pages will be."""
        face, in_margin, folio, middle = "", False, None, len(items)
        for index, item in enumerate(items):
            text = item.decode("latin-1") if isinstance(item, bytes) else item
            if isinstance(text, pydyf.Dictionary):
                if in_margin := text.get("MCID") in self._margin:
                    items[index - 1], items[index] = "/Artifact", b"<</Type /Pagination>>"
            elif text == "EMC":
                in_margin = False
            elif isinstance(text, str) and text.endswith(" Tf"):
                face = text.split()[0].removeprefix("/")
            elif isinstance(text, str) and text.endswith(" TJ") and set(held := self._text(text, face)) == {HELD}:
                self.numbered.add(face)
                if in_margin:
                    folio, middle = Folio(face, len(held) * self._digit(face)), index
                else:
                    number, _ = next(places)
                    items[index] = PLACE + f"{number} {face}".encode() + PLACE
        return items[:middle], folio, items[middle + 1 :]

    def _text(self, shown: str, face: str) -> str:
        found = _SHOWN.fullmatch(shown)
        glyphs = "".join(_GLYPHS.findall(found[1])) if found else ""
        texts = self._faces[face].to_unicode
        return "".join(texts.get(int(glyphs[at : at + 4], 16), "") for at in range(0, len(glyphs), 4))

    def _digit(self, face: str) -> float:
        return letters(self._faces[face])["0"][1]


class _Numbers:
    """Numbers the objects that are reached, and marks the references between them."""

    def __init__(self, pdf: Any, first: int) -> None:
        self._pdf = pdf
        self._first = first
        self._numbers: dict[bytes, int] = {}
        self._queue: list[Any] = []

    def of(self, reference: bytes) -> int:
        """The number of an object of the PDF within the part."""
        if reference not in self._numbers:
            self._numbers[reference] = self.new(_at(self._pdf, reference))
        return self._numbers[reference]

    def new(self, body: Any) -> int:
        """The number of another object."""
        self._queue.append(body)
        return self._first + len(self._queue) - 1

    def bodies(self) -> list[Body]:
        """The objects with all that they lead to."""
        made: list[Body] = []
        while len(made) < len(self._queue):
            made.append(self._body(self._first + len(made), self._queue[len(made)]))
        return made

    def _body(self, number: int, one: Any) -> Body:
        if not isinstance(one, pydyf.Stream):
            return Body(number, self._marked(one.data))
        stream = b"\n".join(map(pydyf._to_bytes, one.stream))  # noqa: SLF001 - what its own `data` does
        if PLACE in stream:
            return Body(number, b"", stream, marked=True)
        packed = zlib.compress(stream, COMPRESSION)
        extra = pydyf.Dictionary({**one.extra, "Filter": "/FlateDecode", "Length": len(packed)})
        return Body(number, self._marked(extra.data), packed)

    def _marked(self, data: bytes) -> bytes:
        def number(found: re.Match[bytes]) -> bytes:
            return found[0] if found[1] is None else mark(OBJECT, self.of(found[0]))

        return re.sub(rb"\x04(\d+)\x04", rb"\1 0 R", _REFERENCE.sub(number, data))


def _place(page: Any, index: int, before: list[Any], after: list[Any], numbers: _Numbers) -> None:
    """Give the page its drawing in two or three streams, the number of the page between them."""
    pieces = [numbers.new(pydyf.Stream(before))]
    if after:
        pieces += [FIRST + index, numbers.new(pydyf.Stream(after))]
    page["Contents"] = b"[%b]" % b" ".join(mark(OBJECT, one) for one in pieces)
    page["Parent"] = mark(OBJECT, PAGES)
    page["StructParents"] = mark(KEY, index)


def _entry(entry: Any, reached: set[bytes], numbers: _Numbers) -> bytes:
    """An entry of the tree of parents: for a page an array, for an annotation an object."""
    if isinstance(entry, bytes):
        return mark(OBJECT, numbers.of(entry))
    return b"[%b]" % b" ".join(mark(OBJECT, numbers.of(one)) if one in reached else b"null" for one in entry)


def _link(annotations: Sequence[Any], tree: _Tree, numbers: _Numbers) -> tuple[int, ...]:
    """The objects of some links: annotations and what refers to them in the tree of tags."""
    references = [one.reference for one in annotations]
    return tuple(numbers.of(one) for one in (*references, *(tree.references[one] for one in references)))


def _line_numbers(lines: Iterable[tuple[float, float]], font: str, known: Mapping[str, tuple[int, float]]) -> bytes:
    """Draw the numbers of lines in the right margin, as an artifact; the left one has the numbers of paragraphs."""
    drawn = []
    for number, (right, baseline) in enumerate(lines, start=1):
        glyphs = "".join(f"{known[one][0]:04x}" for one in str(number))
        drawn.append(f"1 0 0 -1 {right + LINE_GAP:.2f} {baseline:.2f} Tm <{glyphs}> Tj")
    if not drawn:
        return b""
    return f"/Artifact <</Type /Layout>> BDC BT /{font} {LINE_SIZE} Tf {' '.join(drawn)} ET EMC".encode()


def _typeface(font: Any, *, in_numbers: bool) -> Typeface:
    if font.type != "ttf" or font.bitmap:
        raise GalleyError("typeset-failed", problem=f"{font.family}: no TrueType outlines")
    return Typeface(
        font.name.decode().removeprefix("/"),
        font.family,
        hashlib.sha256(font.file_content).hexdigest(),
        font.flags,
        font.ascent,
        font.descent,
        font.italic_angle,
        font.stemv,
        font.widths,
        font.to_unicode,
        letters(font) if in_numbers else {},
    )


def letters(font: Any) -> Mapping[str, tuple[int, float]]:
    """The glyphs of a font that page numbers are written with, and their widths in thousandths of the size."""
    return _letters(font.file_content)


@cache
def _letters(content: bytes) -> Mapping[str, tuple[int, float]]:
    font = TTFont(io.BytesIO(content), lazy=True)
    names, scale = font.getBestCmap(), 1000 / font["head"].unitsPerEm
    return {
        one: (font.getGlyphID(names[ord(one)]), font["hmtx"][names[ord(one)]][0] * scale)
        for one in LETTERS
        if ord(one) in names
    }

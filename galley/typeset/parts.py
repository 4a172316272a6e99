"""A fascicle that is set: its PDF objects, numbered from 0 and free of every place in the report, and what is in them.

Nothing in a part depends on the parts around it. Where it must, in the text of an object, a mark stands: for the number
of another object of the part, for a key of the tree of parents, for the page number of some place.
"""

from __future__ import annotations

import json
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# Marks in the text of objects; none of these bytes occurs in what WeasyPrint writes.
OBJECT, KEY, PLACE = b"\x01", b"\x02", b"\x03"
# The objects of the whole report that parts refer to, by their numbers in the finished PDF.
FONTS, PAGE_TREE, ROOT = 1, 3, 5
# The first objects of a part hold the others in the trees of the report; then come the folios of its pages.
PAGES, ELEMENT, PARENTS, STREAM, FIRST = 0, 1, 2, 3, 4
HELD = "\u2012"  # the figure dash stands where a digit of a page number will be
NOT_HERE = "…"  # in an excerpt: the number of a page that is not in it
LETTERS = string.digits + string.ascii_letters + "-./ …"  # what page numbers may be written with


def mark(kind: bytes, number: int) -> bytes:
    """The mark for an object or a key of the part."""
    return b"%b%d%b" % (kind, number, kind)


@dataclass(frozen=True, slots=True)
class Task:
    """A fascicle to be set: its HTML, the style of the report, and the files that both name, by their names.

    With `lines` the lines of the text are numbered in the margin, anew on each page.
    """

    html: str
    style: str
    fonts: tuple[tuple[str, bytes], ...]
    files: tuple[tuple[str, bytes], ...]
    lines: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """An object: its number, its text, and its stream when it has one.

    A stream with marks in it is not compressed yet.
    """

    number: int
    text: bytes
    stream: bytes | None = None
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font as the part uses it: glyphs with their widths (in thousandths of the size) and the text they stand for.

    `letters` are the glyphs and widths of what page numbers are written with.
    """

    name: str
    family: str
    file: str
    flags: int
    ascent: int
    descent: int
    slant: float
    stem: float
    widths: Mapping[int, float]
    texts: Mapping[int, str]
    letters: Mapping[str, tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the outline: its level from 1, where it leads, and whether it is open."""

    level: int
    title: str
    page: int
    x: float
    y: float
    opened: bool


@dataclass(frozen=True, slots=True)
class Folio:
    """The number of a page, to be written in a stream of its own: the font it is in, and the width it is centred on."""

    font: str
    width: float


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a part: all that is needed to plan the whole report. Objects are named by their numbers.

    `lying` and `folios` have an entry for each page: whether it is wider than high; None where no number is printed.
    `links` are the objects that make up the links to each anchor; `places` are the anchors whose page numbers are to be
    filled in, with the digits held for each.
    """

    size: int
    pages: tuple[int, ...]
    lying: tuple[bool, ...]
    folios: tuple[Folio | None, ...]
    anchors: Mapping[str, tuple[int, float, float]]
    links: Mapping[str, tuple[int, ...]]
    places: tuple[tuple[str, int], ...]
    bookmarks: tuple[Bookmark, ...]
    fonts: Mapping[str, Typeface]


@dataclass(frozen=True, slots=True)
class Part:
    """A part: what is in it, and its objects."""

    contents: Contents
    bodies: tuple[Body, ...]


def pack(part: Part) -> tuple[bytes, bytes]:
    """The contents and the objects of a part as bytes, apart, since planning a report takes the contents alone."""
    own = part.contents
    head = {
        "size": own.size,
        "pages": own.pages,
        "lying": own.lying,
        "folios": [one and [one.font, one.width] for one in own.folios],
        "anchors": own.anchors,
        "links": own.links,
        "places": own.places,
        "bookmarks": [[getattr(one, name) for name in Bookmark.__slots__] for one in own.bookmarks],
        "fonts": {
            name: [getattr(one, field) for field in Typeface.__slots__] for name, one in sorted(own.fonts.items())
        },
    }
    sizes = [
        [one.number, len(one.text), None if one.stream is None else len(one.stream), one.marked] for one in part.bodies
    ]
    index = _json(sizes)
    pieces = (piece for one in part.bodies for piece in (one.text, one.stream or b""))
    return _json(head), b"".join((len(index).to_bytes(8, "big"), index, *pieces))


def unpack(contents: Contents, objects: bytes) -> Part:
    """The part with such contents, from its packed objects."""
    at = 8 + int.from_bytes(objects[:8], "big")
    bodies = []
    for number, text, stream, marked in json.loads(objects[8:at]):
        middle = at + text
        end = middle + (stream or 0)
        bodies.append(Body(number, objects[at:middle], None if stream is None else objects[middle:end], marked))
        at = end
    return Part(contents, tuple(bodies))


def read_contents(packed: bytes) -> Contents:
    """What is in a part, from its packed contents."""
    return _contents(json.loads(packed))


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _contents(head: dict[str, Any]) -> Contents:
    return Contents(
        head["size"],
        tuple(head["pages"]),
        tuple(head["lying"]),
        tuple(one and Folio(*one) for one in head["folios"]),
        {name: (page, x, y) for name, (page, x, y) in head["anchors"].items()},
        {name: tuple(numbers) for name, numbers in head["links"].items()},
        tuple((name, digits) for name, digits in head["places"]),
        tuple(Bookmark(*one) for one in head["bookmarks"]),
        {name: _typeface(values) for name, values in head["fonts"].items()},
    )


def _typeface(values: list[Any]) -> Typeface:
    own = dict(zip(Typeface.__slots__, values, strict=True))
    own["widths"] = {int(glyph): width for glyph, width in own["widths"].items()}
    own["texts"] = {int(glyph): text for glyph, text in own["texts"].items()}
    own["letters"] = {letter: (glyph, width) for letter, (glyph, width) in own["letters"].items()}
    return Typeface(**own)

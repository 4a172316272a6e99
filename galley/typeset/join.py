"""Join linked parts into a PDF: what holds them together, the outline, fonts, and what the PDF says of itself."""

from __future__ import annotations

import re
import string
import zlib
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import accumulate, chain, count, groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from galley.typeset.link import ENTRY, LEVEL, RESERVED, Position, Writing, block, with_folios
from galley.typeset.parts import ELEMENT, FONTS, NOT_HERE, PAGE_TREE, PAGES, PARENTS, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from galley.render.document import Description
    from galley.typeset.link import Run
    from galley.typeset.parts import Bookmark, Contents, Typeface

_ENGINE = f"WeasyPrint {version('weasyprint')}"
# Further objects of the whole report.
CATALOG, STRUCTURE, PARENT_TREE, DESTINATIONS, OUTLINE, INFO, METADATA, STORE = 2, 4, 6, 7, 8, 9, 10, 11
HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts of a report in their order, each with its position and the numbers that its pages bear.

    `numbers` are those of the pages that anchors stand on, as references name them;
    `end` is the first number that no object of a part has.
    """

    contents: tuple[Contents, ...]
    positions: tuple[Position, ...]
    labels: tuple[tuple[str, ...], ...]
    numbers: Mapping[str, str]
    restarts: tuple[str | None, ...]
    end: int

    @property
    def letters(self) -> frozenset[str]:
        """What the numbers of pages are written with."""
        return frozenset(string.digits + NOT_HERE).union(*(one or "" for one in self.restarts))


@dataclass(frozen=True, slots=True)
class Embedded:
    """A font for the whole report: its typeface with the glyphs of all parts, and the font file that has just these."""

    face: Typeface
    content: bytes


def plan(
    contents: Sequence[Contents], restarts: Sequence[str | None], verso: tuple[float, float] | None = None
) -> Plan:
    """Give out numbers: to objects in blocks, to pages from 1, anew where a part says so.

    `verso` is how far what is on the back of a sheet is moved, on upright pages left, on lying ones up, in mm.
    """
    bases = list(accumulate((block(one.size) for one in contents), initial=RESERVED))
    labels: list[tuple[str, ...]] = []
    where: dict[str, str] = {}
    prefix, number = "", 0
    for one, restart in zip(contents, restarts, strict=True):
        if restart is not None:
            prefix, number = restart, 0
        labels.append(tuple(str(number + index) for index in range(1, len(one.pages) + 1)))
        number += len(one.pages)
        for name, (page, _, _) in one.anchors.items():
            where.setdefault(name, prefix + labels[-1][page])
    firsts = accumulate((len(one.pages) for one in contents), initial=1)
    positions = tuple(
        Position(
            base,
            tuple(where.get(name) for name, _ in one.places),
            tuple(name for name in one.links if name not in where),
            _shifts(one, first, verso) if verso else (),
        )
        for base, first, one in zip(bases, firsts, contents, strict=False)
    )
    return Plan(tuple(contents), positions, tuple(labels), where, tuple(restarts), bases[-1])


def _shifts(own: Contents, first: int, verso: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    """How far what is on each page is moved, in points: not at all on the front of a sheet."""
    left, up = (one * 72 / 25.4 for one in verso)
    backs = ((0.0, up) if lies else (left, 0.0) for lies in own.lying)
    return tuple(back if (first + index) % 2 == 0 else (0.0, 0.0) for index, back in enumerate(backs))


def join(
    whole: Plan, runs: Iterator[Run], fonts: Mapping[str, Embedded], about: Description, name: str
) -> Iterator[bytes]:
    """The PDF in pieces: header, parts, what holds them together, the table of references. `name` identifies it."""
    yield HEADER
    at = len(HEADER)
    table: list[tuple[int, bytes]] = []
    parts = (with_folios(*one) for one in zip(runs, whole.contents, whole.labels, strict=True))
    for run in chain(parts, _trunk(whole, fonts, about)):
        table.append((run.base, run.placed(at)))
        yield run.data
        at += len(run.data)
    yield _references(sorted(table), at, name)


def _references(table: list[tuple[int, bytes]], at: int, name: str) -> bytes:
    """The table of references as a stream, with the trailer in its dictionary."""
    last, entries = table[-1]
    number = last + len(entries) // ENTRY
    table = [(0, b"\0\0\0\0\0\xff\xff"), *table, (number, b"\x01%b\0\0" % at.to_bytes(4, "big"))]
    index = " ".join(f"{base} {len(entries) // ENTRY}" for base, entries in table)
    data = zlib.compress(b"".join(entries for _, entries in table), LEVEL)
    head = (
        f"<</Type /XRef/Size {number + 1}/W [1 4 2]/Index [{index}]/Root {CATALOG} 0 R/Info {INFO} 0 R"
        f"/ID [<{name}><{name}>]/Filter /FlateDecode/Length {len(data)}>>"
    )
    return (
        f"{number} 0 obj\n{head}\nstream\n".encode() + data + f"\nendstream\nendobj\nstartxref\n{at}\n%%EOF\n".encode()
    )


def _trunk(whole: Plan, fonts: Mapping[str, Embedded], about: Description) -> Iterator[Run]:
    """The objects of the whole report: those with fixed numbers, then fonts and bookmarks after those of the parts."""
    tail, numbers = Writing(whole.end), count()
    texts: list[tuple[int, bytes]] = []
    faces = {name: _font(one, tail, texts, numbers) for name, one in sorted(fonts.items())}
    fixed = list(_fixed(whole, {name: whole.end + number for name, number in faces.items()}))
    fixed.append((OUTLINE, _outline(whole, texts, numbers)))
    tail.store(next(numbers), texts)
    head = Writing(0)
    head.object(INFO, _information(about))
    head.stream(METADATA, b"/Type /Metadata/Subtype /XML", _metadata(about))
    head.store(STORE, fixed)
    run = head.run()
    yield replace(run, base=1, entries=run.entries[ENTRY:], offsets=tuple((one - 1, at) for one, at in run.offsets))
    yield tail.run()


def _fixed(whole: Plan, faces: Mapping[str, int]) -> Iterator[tuple[int, bytes]]:
    """The roots of the trees, with the parts below them."""
    count_of_pages = sum(len(one.pages) for one in whole.contents)
    below = {
        kind: " ".join(f"{position.base + kind} 0 R" for position in whole.positions)
        for kind in (PAGES, ELEMENT, PARENTS)
    }
    yield FONTS, _dictionary({name: f"{number} 0 R" for name, number in faces.items()})
    yield (
        CATALOG,
        _dictionary(
            {
                "Type": "/Catalog",
                "Pages": f"{PAGE_TREE} 0 R",
                "Names": f"<</Dests {DESTINATIONS} 0 R>>",
                "Outlines": f"{OUTLINE} 0 R",
                "PageMode": "/UseOutlines",
                "PageLabels": f"<</Nums [{_labels(whole)}]>>",
                "ViewerPreferences": "<</DisplayDocTitle true>>",
                "MarkInfo": "<</Marked true>>",
                "Lang": "(vi)",
                "StructTreeRoot": f"{STRUCTURE} 0 R",
                "Metadata": f"{METADATA} 0 R",
            }
        ),
    )
    yield PAGE_TREE, _dictionary({"Type": "/Pages", "Count": str(count_of_pages), "Kids": f"[{below[PAGES]}]"})
    tree = {"Type": "/StructTreeRoot", "K": f"[{ROOT} 0 R]", "ParentTree": f"{PARENT_TREE} 0 R"}
    yield STRUCTURE, _dictionary({**tree, "ParentTreeNextKey": str(whole.end)})
    root = {"Type": "/StructElem", "S": "/Document", "P": f"{STRUCTURE} 0 R", "K": f"[{below[ELEMENT]}]"}
    yield ROOT, _dictionary(root)
    yield PARENT_TREE, _dictionary({"Kids": f"[{below[PARENTS]}]"})
    yield DESTINATIONS, _dictionary({"Names": f"[{_destinations(whole)}]"})


def _labels(whole: Plan) -> str:
    """The page labels: the numbers that the pages bear, with the prefix that references give them."""
    entries, page = [], 0
    for one, restart in zip(whole.contents, whole.restarts, strict=True):
        if restart is not None:
            prefix = f"/P {_string(restart)}" if restart else ""
            entries.append(f"{page} <</S /D{prefix}>>")
        page += len(one.pages)
    return " ".join(entries)


def _destinations(whole: Plan) -> str:
    """All anchors with their places, sorted by name as a name tree must be; of two with one name the first counts."""
    found: dict[bytes, str] = {}
    for one, position in zip(whole.contents, whole.positions, strict=True):
        for name, (page, x, y) in one.anchors.items():
            found.setdefault(name.encode(), f"{_string(name)} {_place(one, position, page, x, y)}")
    return " ".join(found[name] for name in sorted(found))


def _place(own: Contents, position: Position, page: int, x: float, y: float) -> str:
    return f"[{position.base + own.pages[page]} 0 R /XYZ {_real(x)} {_real(y)} 0]"


@dataclass(slots=True)
class _Node:
    """A bookmark on its way into the outline."""

    number: int
    bookmark: Bookmark
    place: str
    parent: _Node | None
    below: list[_Node]

    @property
    def shown(self) -> int:
        """How many entries are below it, with all that are below those."""
        return sum(1 + one.shown for one in self.below)


def _outline(whole: Plan, texts: list[tuple[int, bytes]], numbers: count[int]) -> bytes:
    """The root of the outline; its entries go among the texts. An entry hangs below the last one of a higher level."""
    top: list[_Node] = []
    path: list[_Node] = []
    every: list[_Node] = []
    for one, position in zip(whole.contents, whole.positions, strict=True):
        for found in one.bookmarks:
            while path and path[-1].bookmark.level >= found.level:
                path.pop()
            place = _place(one, position, found.page, found.x, found.y)
            node = _Node(whole.end + next(numbers), found, place, path[-1] if path else None, [])
            (path[-1].below if path else top).append(node)
            path.append(node)
            every.append(node)
    beside = {id(node): row for row in (top, *(one.below for one in every)) for node in row}
    texts += [(node.number - whole.end, _entry(node, beside[id(node)])) for node in every]
    ends = {"First": f"{top[0].number} 0 R", "Last": f"{top[-1].number} 0 R"} if top else {}
    return _dictionary({"Type": "/Outlines", "Count": str(len(every)), **ends})


def _entry(node: _Node, row: list[_Node]) -> bytes:
    at = row.index(node)
    own = {
        "Title": _string(node.bookmark.title),
        "Dest": node.place,
        "Parent": f"{node.parent.number if node.parent else OUTLINE} 0 R",
    }
    if at:
        own["Prev"] = f"{row[at - 1].number} 0 R"
    if at + 1 < len(row):
        own["Next"] = f"{row[at + 1].number} 0 R"
    if node.below:
        own |= {"First": f"{node.below[0].number} 0 R", "Last": f"{node.below[-1].number} 0 R"}
        own["Count"] = str(node.shown)
    return _dictionary(own)


def _font(one: Embedded, tail: Writing, texts: list[tuple[int, bytes]], numbers: count[int]) -> int:
    """Write a font with its descriptor and its map to Unicode (ISO 32000-1, 9.7); its number in the tail."""
    face, base = one.face, tail.base
    file, unicode, descriptor, descendant, number = (next(numbers) for _ in range(5))
    tail.stream(
        file, b"/Length1 %d/Filter /FlateDecode" % len(one.content), zlib.compress(one.content, zlib.Z_BEST_COMPRESSION)
    )
    tail.stream(unicode, b"/Filter /FlateDecode", zlib.compress(_to_unicode(face.texts), zlib.Z_BEST_COMPRESSION))
    about = {
        "Type": "/FontDescriptor",
        "FontName": f"/{face.name}",
        "FontFamily": _string(face.family),
        "Flags": str(face.flags),
        "FontBBox": f"[0 {face.descent} {_real(max(face.widths.values()))} {face.ascent}]",
        "ItalicAngle": _real(face.slant),
        "Ascent": str(face.ascent),
        "Descent": str(face.descent),
        "CapHeight": str(face.ascent),
        "StemV": _real(face.stem),
        "FontFile2": f"{base + file} 0 R",
    }
    glyphs = {
        "Type": "/Font",
        "Subtype": "/CIDFontType2",
        "BaseFont": f"/{face.name}",
        "CIDSystemInfo": "<</Registry (Adobe)/Ordering (Identity)/Supplement 0>>",
        "CIDToGIDMap": "/Identity",
        "W": f"[{_widths(face.widths)}]",
        "FontDescriptor": f"{base + descriptor} 0 R",
    }
    whole = {
        "Type": "/Font",
        "Subtype": "/Type0",
        "BaseFont": f"/{face.name}",
        "Encoding": "/Identity-H",
        "DescendantFonts": f"[{base + descendant} 0 R]",
        "ToUnicode": f"{base + unicode} 0 R",
    }
    texts += [(descriptor, _dictionary(about)), (descendant, _dictionary(glyphs)), (number, _dictionary(whole))]
    return number


def _widths(widths: Mapping[int, float]) -> str:
    """The widths of glyphs, by runs of glyphs that follow each other."""
    rows = groupby(enumerate(sorted(widths)), key=lambda one: one[1] - one[0])
    runs = ([glyph for _, glyph in row] for _, row in rows)
    return " ".join(f"{run[0]} [{' '.join(_real(widths[one]) for one in run)}]" for run in runs)


def _to_unicode(texts: Mapping[int, str]) -> bytes:
    """The map from glyphs to text, at most a hundred in a block."""
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <ffff> endcodespacerange",
    ]
    entries = [f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in sorted(texts.items())]
    for start in range(0, len(entries), 100):
        some = entries[start : start + 100]
        lines += [f"{len(some)} beginbfchar", *some, "endbfchar"]
    return "\n".join([*lines, "endcmap CMapName currentdict /CMap defineresource pop end end"]).encode()


def _information(about: Description) -> bytes:
    own = {"Title": about.title, "Author": about.author, "Subject": about.subject}
    own |= {"Creator": "galley", "Producer": _ENGINE}
    texts = {name: _string(text) for name, text in own.items() if text}
    if about.moment:
        moment = "".join(one for one in about.moment[:19] if one.isdigit())
        texts |= {"CreationDate": f"(D:{moment}Z)", "ModDate": f"(D:{moment}Z)"}
    return _dictionary(texts)


def _metadata(about: Description) -> bytes:
    """The same as XMP, with the mark of PDF/UA-1 (ISO 14289-1, clause 5)."""

    def in_list(name: str, kind: str, text: str) -> str:
        language = ' xml:lang="x-default"' if kind == "Alt" else ""
        return f"<dc:{name}><rdf:{kind}><rdf:li{language}>{escape(text)}</rdf:li></rdf:{kind}></dc:{name}>"

    moment = f"<xmp:CreateDate>{about.moment}</xmp:CreateDate><xmp:ModifyDate>{about.moment}</xmp:ModifyDate>"
    return (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        ' xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
        f"<pdfuaid:part>1</pdfuaid:part><pdf:Producer>{_ENGINE}</pdf:Producer>"
        f"{in_list('title', 'Alt', about.title)}{in_list('creator', 'Seq', about.author)}"
        f"{in_list('description', 'Alt', about.subject)}<xmp:CreatorTool>galley</xmp:CreatorTool>"
        f'{moment if about.moment else ""}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()


def _dictionary(values: Mapping[str, str]) -> bytes:
    return f"<<{''.join(f'/{name} {value}' for name, value in values.items())}>>".encode()


def _string(text: str) -> str:
    """A text string: in ASCII where it can be, else in UTF-16 (7.9.2.2)."""
    if text.isascii():
        return f"({re.sub(r'([()])', lambda found: chr(92) + found[1], text.replace(chr(92), chr(92) * 2))})"
    return f"<feff{text.encode('utf-16-be').hex()}>"


def _real(number: float) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".")

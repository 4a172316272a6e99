"""Link parts into one PDF, as a linker does with object files: numbers are given out, marks are filled in.

A part that is linked is a run of bytes that depends on the part and the number of its first object alone; numbers are
given out in blocks, so that most runs stay the same from draft to draft and come from the cache. The format is that of
ISO 32000-1: 7.5.7 object streams, 7.5.8 cross-reference streams, 7.9.6 and 7.9.7 trees, 12.4.2 page labels, 14.7 tags.
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from galley.typeset.parts import FIRST, KEY, NOT_HERE, STREAM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from galley.typeset.parts import Contents, Part, Typeface

RESERVED = 16  # the first number that parts may have
ENTRY = 7  # bytes of an entry in the table of references: its kind in one, its place in four, its index in two
BLOCK = 256  # numbers are given out in blocks of so many
LEVEL = 6  # of compression: 9 takes four times as long to save 4 % of the objects (measured on 6.5 MB of them)
_MARK = re.compile(rb"([\x01\x02])(\d+)\1")
_BOX = re.compile(rb"(/(?:Media|Trim|Bleed)Box) \[([^\]]*)\]")
_PLACE = re.compile(rb"\x03(\d+) (\w+)\x03")


@dataclass(frozen=True, slots=True)
class Position:
    """Where a part stands: the number of its first object, and the numbers of the pages that it refers to.

    `missing` are the anchors that are not in this document: such a page number is None, links to them are left out.
    `shifts` moves what is on its pages to the left and up, in points.
    """

    base: int
    places: tuple[str | None, ...]
    missing: tuple[str, ...]
    shifts: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Run:
    """The bytes of linked objects, which are numbered from `base`, and their entries in the table of references.

    Entries of objects that do not lie in a stream still need the place of the run in the file: `offsets` has, for the
    index of each such entry, the place of the object in the run.
    """

    base: int
    data: bytes
    entries: bytes
    offsets: tuple[tuple[int, int], ...]

    def pack(self) -> bytes:
        """The run as bytes."""
        head = json.dumps([self.base, len(self.entries), self.offsets], separators=(",", ":")).encode()
        return b"".join((len(head).to_bytes(8, "big"), head, self.entries, self.data))

    @classmethod
    def unpack(cls, packed: bytes) -> Run:
        """A packed run; the inverse of `pack`."""
        end = 8 + int.from_bytes(packed[:8], "big")
        base, length, offsets = json.loads(packed[8:end])
        entries = packed[end : end + length]
        return cls(base, packed[end + length :], entries, tuple((index, at) for index, at in offsets))

    def placed(self, at: int) -> bytes:
        """The entries when the run begins at a place in the file."""
        entries = bytearray(self.entries)
        for index, offset in self.offsets:
            entries[index * ENTRY : index * ENTRY + ENTRY] = b"\x01%b\0\0" % (at + offset).to_bytes(4, "big")
        return bytes(entries)


def block(size: int) -> int:
    """How many numbers a part with so many objects is given."""
    return -(-size // BLOCK) * BLOCK


def link_part(part: Part, position: Position) -> Run:
    """The run of a part at its position, all but the numbers of its own pages."""
    own, base = part.contents, position.base
    dead = frozenset(number for name in position.missing for number in own.links.get(name, ()))
    out = Writing(base)
    texts: list[tuple[int, bytes]] = []
    shifted = {number: shift for number, shift in zip(own.pages, position.shifts, strict=False) if any(shift)}
    for body in part.bodies:
        if body.number in shifted:
            texts.append((body.number, _filled(_moved(body.text, *shifted[body.number]), base, dead)))
        elif body.number in dead:
            texts.append((body.number, b"null"))
        elif body.stream is None:
            texts.append((body.number, _filled(body.text, base, dead)))
        elif body.marked:
            stream = zlib.compress(_with_places(body.stream, own, position.places), LEVEL)
            out.stream(body.number, b"/Filter /FlateDecode", stream)
        else:
            out.object(body.number, b"%b\nstream\n%b\nendstream" % (_filled(body.text, base, dead), body.stream))
    out.store(STREAM, texts)
    return out.run()


def with_folios(run: Run, own: Contents, labels: Sequence[str]) -> Run:
    """The run of a part together with the numbers of its pages, each the middle of what is drawn on a page."""
    out = Writing(run.base)
    for number, (folio, label) in enumerate(zip(own.folios, labels, strict=True), start=FIRST):
        if folio is not None:
            out.stream(number, b"", _number(label, own.fonts[folio.font], folio.width, 0.5))
    folios = out.run()
    offsets = tuple((number, len(run.data) + at) for number, at in folios.offsets)
    return replace(run, data=run.data + folios.data, offsets=(*run.offsets, *offsets))


class Writing:
    """Collects objects with the numbers from `base` on."""

    def __init__(self, base: int) -> None:
        self.base = base
        self._pieces: list[bytes] = []
        self._at = 0
        self._offsets: list[tuple[int, int]] = []
        self._stored: tuple[int, tuple[int, ...]] = (0, ())

    def object(self, number: int, data: bytes) -> None:
        """Write an object; numbers count from the base."""
        piece = b"%d 0 obj\n%b\nendobj\n" % (self.base + number, data)
        self._offsets.append((number, self._at))
        self._pieces.append(piece)
        self._at += len(piece)

    def stream(self, number: int, extra: bytes, data: bytes) -> None:
        """Write an object with a stream."""
        self.object(number, b"<<%b/Length %d>>\nstream\n%b\nendstream" % (extra, len(data), data))

    def store(self, number: int, texts: Sequence[tuple[int, bytes]]) -> None:
        """Write all objects without streams as one object stream."""
        places, at = [], 0
        for one, text in texts:
            places.append(b"%d %d" % (self.base + one, at))
            at += len(text) + 1
        head = b" ".join(places) + b"\n"
        data = zlib.compress(head + b"\n".join(text for _, text in texts), LEVEL)
        self.stream(number, b"/Type /ObjStm/N %d/First %d/Filter /FlateDecode" % (len(texts), len(head)), data)
        self._stored = (self.base + number, tuple(one for one, _ in texts))

    def run(self) -> Run:
        """All of it."""
        stream, stored = self._stored
        last = max((*stored, *(number for number, _ in self._offsets)), default=0)
        entries = bytearray(ENTRY * (last + 1))
        lead = b"\x02" + stream.to_bytes(4, "big")
        for index, one in enumerate(stored):
            entries[one * ENTRY : one * ENTRY + ENTRY] = lead + index.to_bytes(2, "big")
        return Run(self.base, b"".join(self._pieces), bytes(entries), tuple(self._offsets))


def _filled(text: bytes, base: int, dead: frozenset[int]) -> bytes:
    """Text with numbers for its marks; what refers to a dead object is left out."""

    def number(found: re.Match[bytes]) -> bytes:
        one = int(found[2])
        if found[1] == KEY:
            return b"%d" % (base + one)
        return b"" if one in dead else b"%d 0 R" % (base + one)

    return _MARK.sub(number, text)


def _moved(page: bytes, left: float, up: float) -> bytes:
    """A page whose boxes are moved, so that all that is on it, links too, stands farther left or higher."""

    def box(found: re.Match[bytes]) -> bytes:
        sides = [float(one) for one in found[2].split()]
        moved = (side + by for side, by in zip(sides, (left, -up, left, -up), strict=True))
        return b"%b [%b]" % (found[1], " ".join(f"{one:.2f}" for one in moved).encode())

    return _BOX.sub(box, page)


def _with_places(drawn: bytes, own: Contents, places: Sequence[str | None]) -> bytes:
    """What is drawn, with the numbers of the pages it refers to, set flush right in the room held for them."""

    def number(found: re.Match[bytes]) -> bytes:
        face = own.fonts[found[2].decode()]
        label, digits = places[int(found[1])], own.places[int(found[1])][1]
        return _number(NOT_HERE if label is None else label, face, digits * face.letters["0"][1], 1)

    return _PLACE.sub(number, drawn)


def _number(label: str, face: Typeface, width: float, alignment: float) -> bytes:
    """A page number where room of a width was held: at its left (0), its right (1) or in between."""
    shift = (width - sum(face.letters[one][1] for one in label)) * alignment
    glyphs = "".join(f"{face.letters[one][0]:04x}" for one in label)
    return f"[{-shift:.1f}<{glyphs}>] TJ".encode()

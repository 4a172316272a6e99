"""Read the fonts of a PDF: what letters their codes stand for, how wide they are, and whether they are in the file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SUBSET = re.compile(r"^[A-Z]{6}\+")
_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_MAPS = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_CODES = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")
_DEFAULT_WIDTH = 1000  # ISO 32000-1, table 117


@dataclass(frozen=True, slots=True, eq=False)
class Font:
    """A font as it stands in the file; widths are thousandths of its size, `glyphs` maps codes where it is told."""

    name: str
    family: str
    bold: bool
    italic: bool
    embedded: bool
    subset: bool
    code_bytes: int
    letters: Mapping[int, str]
    widths: Mapping[int, float]
    default_width: float
    ascent: float
    descent: float
    glyphs: bytes | None

    def codes(self, text: bytes) -> Iterator[int]:
        """The codes of a shown string."""
        step = self.code_bytes
        return (int.from_bytes(text[at : at + step]) for at in range(0, len(text), step))

    def width(self, code: int) -> float:
        """How wide a code is drawn."""
        return self.widths.get(code, self.default_width)

    def is_missing(self, code: int) -> bool:
        """True where a code draws the box that stands for a letter the font lacks: glyph 0."""
        if self.code_bytes == 1:
            return False
        if self.glyphs is not None:
            return not any(self.glyphs[2 * code : 2 * code + 2])
        return code == 0


def read_font(given: Any) -> Font:  # noqa: ANN401 - an object of the PDF
    """The font that a page's resources name."""
    composite = given.get("/Subtype") == "/Type0"
    inner = given.DescendantFonts[0] if composite else given
    descriptor = inner.get("/FontDescriptor", pikepdf.Dictionary())
    full = str(given.get("/BaseFont", "/")).removeprefix("/")
    name = _SUBSET.sub("", full)
    family = descriptor.get("/FontFamily")
    glyphs = inner.get("/CIDToGIDMap")
    return Font(
        name,
        str(family) if family is not None else re.split(r"[-,]", name)[0],
        "bold" in name.casefold(),
        "italic" in name.casefold() or "oblique" in name.casefold(),
        embedded=any(one in descriptor for one in _FILES) or given.get("/Subtype") == "/Type3",
        subset=bool(_SUBSET.match(full)),
        code_bytes=2 if composite else 1,
        letters=_letters(given["/ToUnicode"].read_bytes()) if "/ToUnicode" in given else {},
        widths=dict(_composite_widths(inner.get("/W", ())) if composite else _simple_widths(inner)),
        default_width=float(inner.get("/DW", _DEFAULT_WIDTH)) if composite else 0.0,
        ascent=float(descriptor.get("/Ascent", 0)) / _DEFAULT_WIDTH,
        descent=float(descriptor.get("/Descent", 0)) / _DEFAULT_WIDTH,
        glyphs=glyphs.read_bytes() if isinstance(glyphs, pikepdf.Stream) else None,
    )


def _letters(program: bytes) -> dict[int, str]:
    """The letters of each code, out of a ToUnicode map (ISO 32000-1, 9.10.3)."""
    found: dict[int, str] = {}
    for kind, body in _MAPS.findall(program):
        if kind == b"bfchar":
            texts = [bytes.fromhex(one.decode()) for one, _, _ in _CODES.findall(body)]
            found |= {int.from_bytes(code): _utf16(text) for code, text in zip(texts[::2], texts[1::2], strict=False)}
        else:
            found |= dict(_ranges(body))
    return found


def _ranges(body: bytes) -> Iterator[tuple[int, str]]:
    """Each `<first> <last> <text>`, whose last byte counts on, or `<first> <last> [<text> <text> …]`."""
    tokens = iter(_CODES.findall(body))
    for token in tokens:
        first, last = int(token[0], 16), int(next(tokens)[0], 16)
        text, opening, _ = next(tokens)
        if not opening:
            start = bytes.fromhex(text.decode())
            for code in range(first, last + 1):
                number = int.from_bytes(start) + code - first
                yield code, _utf16(number.to_bytes(len(start)))
            continue
        code = first
        for text, _, closing in tokens:
            if closing:
                break
            yield code, _utf16(bytes.fromhex(text.decode()))
            code += 1


def _utf16(text: bytes) -> str:
    return text.decode("utf-16-be", errors="replace")


def _composite_widths(given: Any) -> Iterator[tuple[int, float]]:  # noqa: ANN401 - an object of the PDF
    """Of `first [w w …]` and `first last w` (ISO 32000-1, 9.7.4.3)."""
    entries = list(given)
    while entries:
        first, second = int(entries.pop(0)), entries.pop(0)
        if isinstance(second, pikepdf.Array):
            yield from ((first + at, float(width)) for at, width in enumerate(second))
        else:
            width = float(entries.pop(0))
            yield from ((code, width) for code in range(first, int(second) + 1))


def _simple_widths(font: Any) -> Iterator[tuple[int, float]]:  # noqa: ANN401 - an object of the PDF
    first = int(font.get("/FirstChar", 0))
    yield from ((first + at, float(width)) for at, width in enumerate(font.get("/Widths", ())))

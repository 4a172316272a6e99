"""The fonts of the whole report: the glyphs that its parts use, and font files with just these."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from galley.typeset.parts import Contents, Typeface

# Tables that a PDF has no use for: shaping is done, names and metrics stand in the PDF.
_DROPPED = (
    *("BASE", "DSIG", "GDEF", "GPOS", "GSUB", "JSTF", "LTSH"),
    *("PCLT", "VDMX", "gasp", "hdmx", "kern", "meta", "name"),
)


def merged(parts: Iterable[Contents], numbers: Collection[str]) -> dict[str, Typeface]:
    """The typefaces of all parts by name, each with the glyphs of all parts and of the letters of page numbers."""
    found: dict[str, Typeface] = {}
    for part in parts:
        for name, face in part.fonts.items():
            known = found.setdefault(name, replace(face, widths={}, texts={}))
            letters = {letter: face.letters[letter] for letter in sorted(numbers) if letter in face.letters}
            widths = dict(letters.values())
            texts = {glyph: letter for letter, (glyph, _) in letters.items()}
            found[name] = replace(
                known,
                widths={**widths, **face.widths, **known.widths},
                texts={**texts, **face.texts, **known.texts},
            )
    return found


def subset(content: bytes, glyphs: tuple[int, ...]) -> bytes:
    """The font file with these glyphs alone, which keep their numbers."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(
        retain_gids=True, hinting=False, notdef_outline=True, recalc_timestamp=False, drop_tables=_DROPPED
    )
    chosen = Subsetter(options)
    chosen.populate(gids=glyphs)
    font = TTFont(io.BytesIO(content), lazy=True, recalcTimestamp=False)
    chosen.subset(font)
    made = io.BytesIO()
    font.save(made, reorderTables=True)
    return made.getvalue()

"""Rules of the fonts: in the file, cut down to what is used, with their letters, and none but the expected ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from galley.preflight.subject import fault, grouped, ranges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from galley.diagnostics import Diagnostic
    from galley.preflight.subject import Subject

# What templates/fonts/ holds: one family for the text, as wide as Times New Roman, and one for drawings.
TEXT, DRAWINGS = "Tinos", "Be Vietnam Pro"


def fonts(subject: Subject) -> Iterator[Diagnostic]:
    """Fonts that are not there, not embedded, embedded whole, without their letters, or of an unexpected family."""
    absent = ((name, page.number) for page in subject.proof.pages for name in page.drawn.lost)
    for name, pages in grouped(absent):
        yield fault(subject.at(pages[0]), "pdf-font-absent", font=name, pages=ranges(pages))
    shown = ((run.font, page.number) for page in subject.proof.pages for run in page.runs)
    for font, pages in grouped(shown):
        place, where = subject.at(pages[0]), ranges(pages)
        if not font.embedded:
            yield fault(place, "pdf-font-not-embedded", font=font.name, pages=where)
        elif not font.subset:
            yield fault(place, "pdf-font-not-subset", font=font.name, pages=where)
        if not font.letters:
            yield fault(place, "pdf-font-no-letters", font=font.name, pages=where)
        if font.family not in (TEXT, DRAWINGS):
            known = f"{TEXT}, {DRAWINGS}"
            yield fault(place, "pdf-font-unexpected", font=font.name, families=known, pages=where)


def glyphs(subject: Subject) -> Iterator[Diagnostic]:
    """Pages with boxes instead of letters, and letters that are drawn but cannot be read out or searched."""
    for page in subject.proof.pages:
        missing = [one for one in page.runs if one.missing]
        if missing:
            count, near = sum(one.missing for one in missing), missing[0].text.strip()
            yield fault(subject.at(page.number), "pdf-glyph-missing", count=count, text=near)
        silent = [one for one in page.runs if one.silent and one.font.letters and not one.missing]
        if silent:
            count, near = sum(one.silent for one in silent), silent[0].text.strip()
            yield fault(subject.at(page.number), "pdf-letter-unknown", count=count, text=near)

"""Rules of the page: paper, margins, the body's type and pitch, the page number."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from galley.preflight import tolerances
from galley.preflight.content import MILLIMETRE, Box
from galley.preflight.pages import lines
from galley.preflight.subject import fault, grouped, number, ranges
from galley.preflight.typefaces import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from galley.diagnostics import Diagnostic
    from galley.preflight.content import Run
    from galley.preflight.pages import Page
    from galley.preflight.structure import Element
    from galley.preflight.subject import Subject

SIDES = ("left", "right", "top", "bottom")
# Where a paragraph of the body may stand; one in a list, a table or a figure is not of the body.
_BODY_IN = {"Document", "Part", "Art", "Sect", "Div", "BlockQuote"}
_LINES_OF_BODY = 2
_PARAGRAPH = re.compile(r"\d+\.\d+")  # the number of a paragraph, in the left margin of a draft


def paper_size(subject: Subject) -> Iterator[Diagnostic]:
    """Pages that are not of the profile's paper, upright or lying."""
    paper = subject.profile["page"]
    short, long = sorted((float(paper["width"]), float(paper["height"])))

    def differs(page: Page) -> bool:
        sides = sorted((page.width, page.height))
        return abs(sides[0] - short) > tolerances.PAPER or abs(sides[1] - long) > tolerances.PAPER

    found = (((page.width, page.height), page.number) for page in subject.proof.pages if differs(page))
    for (width, height), pages in grouped(found):
        yield fault(
            subject.at(pages[0]),
            "pdf-paper-size",
            found=f"{number(width)} × {number(height)}",
            expected=f"{number(paper['width'])} × {number(paper['height'])}",
            pages=ranges(pages),
        )


def margins(subject: Subject) -> Iterator[Diagnostic]:
    """Pages whose text or drawings stand outside their area, and an area that is smaller than the profile's."""
    found: dict[tuple[bool, str, float], list[tuple[float, int]]] = {}
    for page in subject.proof.pages:
        area = _area(page, subject)
        if area is not None:
            for side, measure in zip(SIDES, _measured(page, area), strict=True):
                found.setdefault((page.lies, side, float(subject.margins(page)[side])), []).append(
                    (measure, page.number)
                )
    for (lies, side, expected), measured in found.items():
        over = [(measure, page) for measure, page in measured if measure < expected - tolerances.OVER]
        least = min(measured)
        if over:
            pages = ranges(page for _, page in over)
        elif least[0] > expected + _slack(side, subject) and _is_filled(side, len(measured), lies=lies):
            pages = ranges(page for _, page in measured)
        else:
            continue
        place, shown = subject.at(least[1]), number(least[0])
        yield fault(place, "pdf-margin", side=side, found=shown, expected=number(expected), pages=pages)


def _is_filled(side: str, pages: int, *, lies: bool) -> bool:
    """True when among so many pages there must be one that is filled to that side."""
    return side != "bottom" or (not lies and pages >= tolerances.PAGES_BELOW)


def _slack(side: str, subject: Subject) -> float:
    line = float(subject.profile["body"]["pitch"]) / MILLIMETRE
    return {"top": tolerances.LINES_ABOVE * line, "bottom": tolerances.LINES_BELOW * line}.get(side, tolerances.EDGE)


def _measured(page: Page, area: Box) -> tuple[float, float, float, float]:
    return area.left, page.width - area.right, area.top, page.height - area.bottom


def _area(page: Page, subject: Subject) -> Box | None:
    """The box around all of a page but its head, its number, the note of circulation and numbers in the margins."""
    lowest = head(subject)
    foot = page.height - float(subject.margins(page)["bottom"])
    texts = [
        one.box
        for one in page.runs
        if one.text.strip()
        and one.baseline > lowest
        and not one.mark.artifact
        and not (one.box.top > foot and one.text.strip().isdigit())
        and not (page.number == 1 and subject.is_circulation(one.text))
        and not (one.size < tolerances.IN_MARGIN and _PARAGRAPH.fullmatch(one.text.strip()))
    ]
    upper = float(subject.margins(page)["top"]) if page.number == 1 else lowest  # the frame of that note
    boxes = texts + [one for one in page.drawn.shapes if one.bottom > upper]
    if not texts:
        return None
    return Box(
        min(one.left for one in boxes),
        min(one.top for one in boxes),
        max(one.right for one in boxes),
        max(one.bottom for one in boxes),
    )


def body_type(subject: Subject) -> Iterator[Diagnostic]:
    """Paragraphs of the body in another family or size than the profile's; much smaller ones are notes."""
    expected = float(subject.profile["body"]["size"])
    families: list[tuple[str, int]] = []
    sizes: list[tuple[str, int]] = []
    for element in _body(subject):
        runs = [(page, run) for page, run in subject.proof.runs(element) if run.text.strip()]
        page, main = max(runs, key=lambda one: len(one[1].text))
        if main.font.family != TEXT:
            families.append((main.font.family, page))
        if abs(main.size - expected) > tolerances.SIZE and expected - main.size < tolerances.NOTE:
            sizes.append((number(main.size), page))
    for family, pages in grouped(families):
        yield fault(subject.at(min(pages)), "pdf-body-font", found=family, expected=TEXT, pages=ranges(pages))
    for size, pages in grouped(sizes):
        place = subject.at(min(pages))
        yield fault(place, "pdf-body-size", found=size, expected=number(expected), pages=ranges(pages))


def line_pitch(subject: Subject) -> Iterator[Diagnostic]:
    """Lines of the body that stand closer or wider than the profile's pitch."""
    expected = float(subject.profile["body"]["pitch"])
    found = []
    for element in _body(subject):
        baselines: dict[int, list[float]] = {}
        runs = [(page, run) for page, run in subject.proof.runs(element) if run.text.strip()]
        main = max((run for _, run in runs), key=lambda one: len(one.text))
        if abs(main.size - float(subject.profile["body"]["size"])) > tolerances.NOTE:
            continue
        for page, run in runs:
            if abs(run.size - main.size) <= tolerances.SIZE:
                baselines.setdefault(page, []).append(run.baseline)
        for page, heights in baselines.items():
            steps = [(below - above) * MILLIMETRE for above, below in pairwise(sorted(heights))]
            off = [one for one in steps if one > 1 and abs(one - expected) > tolerances.PITCH]
            found += [(number(round(one, 1)), page) for one in off]
    for pitch, pages in grouped(found):
        place = subject.at(min(pages))
        yield fault(place, "pdf-line-pitch", found=pitch, expected=number(expected), pages=ranges(pages))


def _body(subject: Subject) -> Iterator[Element]:
    """The paragraphs of the body that take more than a line, after the first page."""
    if subject.proof.structure is None:
        return
    for element in subject.proof.structure.walk():
        if element.kind == "P" and element.page != 1 and _BODY_IN.issuperset(element.above):
            runs = [run for _, run in subject.proof.runs(element)]
            if len(lines(runs)) >= _LINES_OF_BODY:
                yield element


def folios(subject: Subject) -> Iterator[Diagnostic]:
    """Page numbers that are missing, stand elsewhere, have another size or another value, or show on page 1."""
    given = subject.profile["page"]["number"]
    missing = []
    for page in subject.proof.pages:
        found = folio(page, subject)
        if page.number == 1 and not given["first"]:
            if found is not None:
                yield fault(subject.at(1), "pdf-folio-on-first", found=found.text.strip())
        elif found is None:
            missing.append(page.number)
    if missing:
        yield fault(subject.at(missing[0]), "pdf-folio-missing", pages=ranges(missing))
    yield from _folios_off(subject)


def _folios_off(subject: Subject) -> Iterator[Diagnostic]:
    expected = float(subject.profile["page"]["number"]["size"])
    numbered = [(page, found) for page in subject.proof.pages[1:] if (found := folio(page, subject))]
    counted = list(counts(subject))
    for page, found in numbered:
        count = counted[page.number - 1]
        if int(found.text) != count:
            yield fault(subject.at(page.number), "pdf-folio-value", found=found.text.strip(), expected=count)
    sizes = ((number(one.size), page.number) for page, one in numbered if abs(one.size - expected) > tolerances.SIZE)
    for size, pages in grouped(sizes):
        place = subject.at(pages[0])
        yield fault(place, "pdf-folio-size", found=size, expected=number(expected), pages=ranges(pages))
    places = ((_folio_place(one, page, subject), page.number) for page, one in numbered)
    for (down, aside), pages in grouped(one for one in places if one[0] != ("", "")):
        yield fault(subject.at(pages[0]), "pdf-folio-place", down=down, aside=aside, pages=ranges(pages))


def counts(subject: Subject) -> Iterator[int]:
    """The number that each page must have; where appendices are numbered on their own, a 1 begins anew."""
    began = 0  # the pages before the first that is counted
    for page in subject.proof.pages:
        found = folio(page, subject)
        if subject.prefixes and found is not None and int(found.text) == 1:
            began = page.number - 1
        yield page.number - began


def _folio_place(run: Run, page: Page, subject: Subject) -> tuple[str, str]:
    """How far down and how far from the middle a number stands where one of them is wrong, else nothing."""
    given, sides = subject.profile["page"]["number"], subject.margins(page)
    down = (run.box.top + run.box.bottom) / 2 - run.size / MILLIMETRE / 2
    aside = (run.box.left + run.box.right) / 2 - (sides["left"] + page.width - sides["right"]) / 2
    off = abs(down - given["from_edge"]) > tolerances.FOLIO or abs(aside) > tolerances.CENTRE
    return (number(round(down, 1)), number(round(aside, 1))) if off else ("", "")


def folio(page: Page, subject: Subject) -> Run | None:
    """The number that stands alone in the upper or lower margin of a page, nearest to its edge."""
    sides = subject.margins(page)
    upper, lower = float(sides["top"]), page.height - float(sides["bottom"])
    alone = [
        one
        for one in page.runs
        if one.text.strip().isdigit() and (one.box.bottom < upper or one.box.top > lower) and not one.pictured
    ]
    return min(alone, key=lambda one: min(one.box.top, page.height - one.box.bottom), default=None)


def head(subject: Subject) -> float:
    """How far down the head of a page may reach: to the lower edge of its number."""
    given = subject.profile["page"]["number"]
    return float(given["from_edge"]) + float(given["size"]) / MILLIMETRE + tolerances.FOLIO

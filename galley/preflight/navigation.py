"""Rules of the ways through the report: its contents and lists, its links, its bookmarks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from galley.preflight import tolerances
from galley.preflight.measures import folio, head
from galley.preflight.pages import lines
from galley.preflight.places import NOWHERE
from galley.preflight.subject import fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from galley.diagnostics import Diagnostic
    from galley.preflight.content import Box, Run
    from galley.preflight.pages import Page
    from galley.preflight.places import Link
    from galley.preflight.subject import Subject

_HEADINGS = {"H", "H1", "H2", "H3", "H4", "H5", "H6"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents or of a list: what it says, the number it prints, the page its link leads to."""

    page: int
    title: str
    number: str
    leads_to: int


def contents(subject: Subject) -> Iterator[Diagnostic]:
    """Lines of the contents and lists whose number is not their page's, or whose title stands elsewhere."""
    titles = _Titles(subject)
    names = dict(_names(subject))
    for entry in _entries(subject):
        if entry.leads_to == NOWHERE:
            continue  # a broken link is told by `links`
        place, real = subject.at(entry.page), names.get(entry.leads_to, str(entry.leads_to))
        if entry.number != real:
            yield fault(place, "pdf-contents-number", title=entry.title, found=entry.number, expected=real)
        if not titles.stands(entry.title, entry.leads_to):
            yield fault(place, "pdf-contents-title", title=entry.title, page=entry.leads_to)


def _names(subject: Subject) -> Iterator[tuple[int, str]]:
    """What each numbered page is called: its number, behind the prefix of its label (`PL2-3`) where it has one."""
    labels = subject.proof.identity.labels or ("",) * len(subject.proof.pages)
    for page, label in zip(subject.proof.pages, labels, strict=True):
        found = folio(page, subject)
        if found is not None:
            text = found.text.strip()
            yield page.number, label if subject.bare(label) == text else text


def _entries(subject: Subject) -> Iterator[Entry]:
    """Each group of links to one place on whose last line, at the right edge and apart, a page number stands."""
    links = (one for one in subject.proof.links if one.leads_to is not None)
    for (number, target), those in groupby(links, key=lambda one: (one.page, one.target or one.leads_to)):
        group = list(those)
        page = subject.proof.pages[number - 1]
        linked = [one for one in page.runs if one.text.strip() and any(_holds(link.box, one.box) for link in group)]
        printed = _number(linked, page, subject)
        words = [one for one in linked if one is not printed]
        if target and printed is not None and words:
            title = " ".join(line.text for line in lines(words))
            yield Entry(number, title, printed.text.strip(), group[0].leads_to or NOWHERE)


def _number(linked: list[Run], page: Page, subject: Subject) -> Run | None:
    """The page number on the last line of a link's words, inside the link or not."""
    foot = max((one.baseline for one in linked), default=0.0)
    line = sorted((one for one in page.runs if _is_on(one, foot)), key=lambda one: one.box.right)
    if not line[1:] or not subject.bare(line[-1].text.strip()).isdigit():
        return None
    before, last = line[-2].box, line[-1].box
    edge = page.width - float(subject.margins(page)["right"])
    apart = last.left - before.right > tolerances.NUMBER_GAP
    return line[-1] if apart and abs(last.right - edge) <= tolerances.EDGE else None


def _is_on(run: Run, baseline: float) -> bool:
    return abs(run.baseline - baseline) <= tolerances.NUMBER_LINE and bool(run.text.strip())


def _holds(box: Box, text: Box) -> bool:
    """True when the middle of a text lies in a link's box."""
    across, down = (text.left + text.right) / 2, (text.top + text.bottom) / 2
    return box.left - tolerances.LINK <= across <= box.right + tolerances.LINK and box.top <= down <= box.bottom


class _Titles:
    """Says whether a title stands on a page: its letters, or its label (`Phụ lục 2`) at the head of a heading."""

    def __init__(self, subject: Subject) -> None:
        lowest = head(subject)  # a running head is no title
        self._pages = {page.number: _letters(_text(page, lowest)) for page in subject.proof.pages}
        self._headings: dict[int, list[str]] = {}
        structure = subject.proof.structure
        for element in structure.walk() if structure else ():
            if element.kind in _HEADINGS:
                text = _letters("".join(run.text for _, run in subject.proof.runs(element)))
                self._headings.setdefault(element.page, []).append(text)

    def stands(self, title: str, page: int) -> bool:
        """True when the title stands on the page, in capitals or not, in one line or several."""
        if _letters(title) in self._pages.get(page, ""):
            return True
        label = title.partition(". ")[0]
        shortened = label != title and any(one.isalpha() for one in label)
        return shortened and any(one.startswith(_letters(label)) for one in self._headings.get(page, ()))


def _text(page: Page, lowest: float) -> str:
    runs = (one for one in page.runs if one.baseline > lowest and not one.pictured)
    return " ".join(line.text for line in lines(runs))


def _letters(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalnum())


def links(subject: Subject) -> Iterator[Diagnostic]:
    """Links inside the file that lead to no page of it."""
    for link in subject.proof.links:
        if link.leads_to == NOWHERE:
            yield fault(subject.at(link.page), "pdf-link-broken", target=link.target, text=_words(subject, link))


def _words(subject: Subject, link: Link) -> str:
    runs = subject.proof.pages[link.page - 1].runs
    return " ".join(line.text for line in lines(one for one in runs if _holds(link.box, one.box)))


def bookmarks(subject: Subject) -> Iterator[Diagnostic]:
    """Bookmarks that are not there, lead nowhere, out of order, or to a page where their title does not stand."""
    found, titles = subject.proof.bookmarks, _Titles(subject)
    if not found:
        yield fault(subject.at(), "pdf-no-bookmarks")
    for one in found:
        if one.page == NOWHERE:
            yield fault(subject.at(), "pdf-bookmark-broken", title=one.title)
        elif not titles.stands(one.title, one.page):
            yield fault(subject.at(one.page), "pdf-bookmark-title", title=one.title, page=one.page)
    for before, after in pairwise(one for one in found if one.page != NOWHERE):
        if (after.page, after.down + tolerances.EDGE) < (before.page, before.down):
            yield fault(subject.at(after.page), "pdf-bookmark-order", title=after.title, before=before.title)

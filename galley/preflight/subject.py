"""What a rule is given, and how it says what it found: the line of a diagnostic's place is the page."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from galley.diagnostics import Diagnostic, error, warning
from galley.source import Span

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping
    from pathlib import PurePosixPath

    from galley.preflight.pages import Page
    from galley.preflight.proof import Proof

Key = TypeVar("Key", bound="Hashable")


@dataclass(frozen=True, slots=True)
class Subject:
    """A proof, the layout profile it must keep to, and its path."""

    path: PurePosixPath
    proof: Proof
    profile: Mapping[str, Any]

    def at(self, page: int = 0) -> Span:
        """The place of a page; of the whole file without one."""
        return Span(self.path, page, 0)

    def margins(self, page: Page) -> Mapping[str, float]:
        """The margins that a page must have, by side, in mm; on the back of a sheet those at the spine change sides."""
        margins: Mapping[str, float] = self.profile["page"]["landscape_margins" if page.lies else "margins"]
        if not self.profile["page"].get("duplex") or page.number % 2:
            return margins
        one, other = ("top", "bottom") if page.lies else ("left", "right")
        return {**margins, one: margins[other], other: margins[one]}

    def is_circulation(self, text: str) -> bool:
        """True of a note that says who may have the document: it stands above the text of the first page."""
        return text.strip().casefold() in {one.casefold() for one in self.profile.get("circulation", {}).values()}

    @property
    def prefixes(self) -> tuple[str, ...]:
        """What stands before the page numbers of an appendix where appendices are numbered on their own."""
        division = self.profile["division"]
        return tuple(one for key in ("appendix_pages", "colophon_pages") if (one := division.get(key, "")))

    def bare(self, text: str) -> str:
        """A page's name without the words that the profile sets before its number: `3` for `PL2-3`."""
        patterns = (re.escape(one).replace(r"\{number\}", "[0-9IVXLC]+") for one in self.prefixes)
        found = next((match for one in patterns if (match := re.match(one, text))), None)
        return text[found.end() :] if found else text


def fault(place: Span, rule: str, /, **arguments: object) -> Diagnostic:
    """Something that must be mended before the file goes out."""
    return error(place, rule, **arguments)


def doubt(place: Span, rule: str, /, **arguments: object) -> Diagnostic:
    """Something that readers can live with."""
    return warning(place, rule, **arguments)


def grouped(found: Iterable[tuple[Key, int]]) -> Iterator[tuple[Key, list[int]]]:
    """What was found on several pages once, with its pages."""
    pages: dict[Key, list[int]] = defaultdict(list)
    for key, page in found:
        if page not in pages[key][-1:]:
            pages[key].append(page)
    yield from pages.items()


def ranges(pages: Iterable[int]) -> str:
    """Pages as they are named: `2-5, 9`."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(f"{one[0]}-{one[-1]}" if len(one) > 1 else str(one[0]) for one in runs)


def number(value: float) -> str:
    """A measure with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")

"""What the rules look at: the report, ready to be looked up, with the value of every expression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from galley.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import PurePosixPath

    from galley.bind import Index, Value
    from galley.expressions import Problem
    from galley.model import Block, Chapter, Citation, Literal, Report
    from galley.source import SourceTree

CHAPTER_FOLDERS = ("chapters", "provinces")


@dataclass(frozen=True, slots=True)
class Quotation:
    """An expression where it stands, with its value or the problem that it has none."""

    chapter: Chapter
    block: Block
    citation: Citation
    value: Value | Problem

    @property
    def words(self) -> tuple[str, ...]:
        """The texts that the expression gives as arguments: ids of indicators, areas, sources and the like."""
        call = self.citation.call
        return tuple(_texts((*call.arguments, *(argument for _, argument in call.keywords))))


def _texts(arguments: tuple[Literal, ...]) -> Iterator[str]:
    for one in arguments:
        if isinstance(one, tuple):
            yield from _texts(one)
        elif isinstance(one, str):
            yield one


@dataclass(frozen=True, slots=True)
class Subject:
    """A report that is checked, with the tree that it was read from."""

    report: Report
    lookup: Index
    tree: SourceTree
    quotations: tuple[Quotation, ...]

    @property
    def has_settings(self) -> bool:
        """False when `data/report.yml` could not be read: what depends on it cannot be judged."""
        return self.lookup.contents.settings.title != ""

    @property
    def chapter_files(self) -> tuple[PurePosixPath, ...]:
        """The Markdown files that are chapters by their place, whether they could be read or not."""
        files = (file.path for folder in CHAPTER_FOLDERS for file in self.tree.under(folder, ".md"))
        return tuple(path for path in files if str(path.parent) in CHAPTER_FOLDERS)

    def place_of(self, path: PurePosixPath, key: str) -> Span:
        """Where a key at the left edge of a YAML file stands; the file's beginning when it is not there."""
        for number, line in enumerate(self.tree.lines(path), start=1):
            if line.startswith(f"{key}:"):
                return Span(path, number)
        return Span(path)

    def is_unread(self, register: str, name: str) -> bool:
        """True for a record that is there but could not be read, which was reported already."""
        return any(one.register == register and one.id in (name, "*") for one in self.report.unread)

    def is_narrower(self, audience: str, than: str) -> bool:
        """True when fewer may see the first; False for an audience that does not exist, which is reported by itself."""
        if audience == than:
            return False
        order = self.lookup.contents.settings.audiences
        return audience in order and than in order and order.index(audience) > order.index(than)

    def narrowest(self, *audiences: str) -> str:
        """The audience of something that all of these restrict."""
        found = audiences[0]
        for one in audiences[1:]:
            if self.is_narrower(one, found):
                found = one
        return found

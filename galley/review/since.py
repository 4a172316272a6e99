"""What changed since an earlier draft, in words and in figures, and who quotes what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from galley.bind import evaluate, place_of
from galley.bind.objects import observations_of
from galley.bind.paragraphs import paragraph_id, paragraphs
from galley.compare.data import DataChanges, compare_data
from galley.compare.drafts import compare_drafts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import PurePosixPath

    from galley.bind import Index
    from galley.compare.drafts import ChapterChanges, DraftChapter
    from galley.model import Contents, Meeting, Observation, Period


@dataclass(frozen=True, slots=True)
class Quotation:
    """A place that quotes a figure: the chapter's path and number, and the id and number of the paragraph."""

    path: PurePosixPath
    chapter: int
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since an earlier draft: that of a meeting, or a revision by its name."""

    name: str
    meeting: Meeting | None
    chapters: tuple[ChapterChanges, ...]
    data: DataChanges
    quoted: Mapping[tuple[str, str, Period], tuple[Quotation, ...]]

    def of(self, path: PurePosixPath) -> ChapterChanges | None:
        """What changed in the chapter of a path; None when nothing did."""
        return next((one for one in self.chapters if one.after and one.after.path == path), None)

    @property
    def removed(self) -> tuple[DraftChapter, ...]:
        """The chapters that are gone."""
        return tuple(one.before for one in self.chapters if one.before and not one.after)

    def quotes(self, one: Observation) -> tuple[Quotation, ...]:
        """The places that quote an observation today."""
        return self.quoted.get((one.indicator, one.area, one.period), ())


def since(
    name: str,
    meeting: Meeting | None,
    before: tuple[Contents, Sequence[DraftChapter]],
    after: tuple[Index, Sequence[DraftChapter]],
) -> Since:
    """What changed between two drafts, each given as its contents and as it is read."""
    lookup, chapters = after
    data = compare_data(before[0], lookup.contents)
    return Since(name, meeting, compare_drafts(before[1], chapters), data, quoted(lookup))


def quoted(lookup: Index) -> Mapping[tuple[str, str, Period], tuple[Quotation, ...]]:
    """The paragraphs, tables and figures that show an observation, or follow from it, by indicator, area and period."""
    found: dict[tuple[str, str, Period], dict[Quotation, None]] = {}
    for chapter in lookup.contents.chapters:
        place, number = place_of(chapter, lookup), lookup.chapters[chapter.path]
        for block, own in paragraphs(chapter):
            here = Quotation(chapter.path, number, paragraph_id(own), f"{number}.{own}")
            for citation in block.citations:
                for one in observations_of(evaluate(citation, place)):
                    found.setdefault((one.indicator, one.area, one.period), {})[here] = None
    return {key: tuple(those) for key, those in found.items()}

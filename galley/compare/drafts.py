"""What changed between two drafts: chapters added, removed, renamed, and in each of them what became of its pieces."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from galley.compare.alignment import Piece, align
from galley.compare.tables import compare_lines
from galley.compare.words import Edit, compare_words, pairs, phrases, share, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import PurePosixPath

_NUMBERED = re.compile(r"doan-(\d+)")  # see bind.paragraphs
SAME_CHAPTER = 0.5  # the share of phrases in common from which a chapter under a new name is the old one
ADDED, REMOVED, CHANGED, MOVED, SPLIT, JOINED = "added", "removed", "changed", "moved", "split", "joined"


@dataclass(frozen=True, slots=True)
class DraftChapter:
    """A chapter of a draft as it is read: where it stands, what it is called, and its pieces in their order.

    `front` is what its head says of it, by the keys of the file.
    """

    path: PurePosixPath
    title: str
    pieces: tuple[Piece, ...]
    number: int = 0
    front: tuple[tuple[str, str], ...] = ()

    def place(self, name: str) -> int | None:
        """Where the piece of this name stands among the pieces."""
        return next((place for place, one in enumerate(self.pieces) if one.name == name), None)

    def numbers(self, places: Iterable[int]) -> tuple[str, ...]:
        """The numbers of those of these pieces that have one, as printed: `3.12`."""
        found = (_NUMBERED.fullmatch(self.pieces[place].name) for place in places)
        return tuple(f"{self.number}.{one[1]}" for one in found if one)


@dataclass(frozen=True, slots=True)
class FigureChange:
    """An expression that stayed as it is and says something else, since the data changed."""

    expression: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """What became of some pieces of a chapter: their places in the old draft and the new one, and the words.

    A piece that was moved may have changed as well. `figures` are the changes in it that come from the data. What was
    removed stood `behind` what has this place in the new draft, -1 at the beginning.
    """

    kind: str
    before: tuple[int, ...]
    after: tuple[int, ...]
    edits: tuple[Edit, ...]
    figures: tuple[FigureChange, ...] = ()
    behind: int = -1


@dataclass(frozen=True, slots=True)
class ChapterChanges:
    """What changed in a chapter; `before` or `after` is None where it was added or removed.

    `front` gives what its head says otherwise: the key, the old value and the new one.
    """

    before: DraftChapter | None
    after: DraftChapter | None
    title: tuple[Edit, ...]
    changes: tuple[Change, ...]
    front: tuple[tuple[str, str, str], ...] = ()

    @property
    def renamed(self) -> bool:
        """True when the chapter is the same under another file name."""
        return self.before is not None and self.after is not None and self.before.path != self.after.path


def compare_drafts(old: Sequence[DraftChapter], new: Sequence[DraftChapter]) -> tuple[ChapterChanges, ...]:
    """The chapters that changed, in the order of the new draft; those that were removed come last."""
    known = same_chapters(old, new)
    found = [_compare(known.get(one.path), one) for one in new]
    kept = {one.path for one in known.values()}
    found += [_compare(one, None) for one in old if one.path not in kept]
    return tuple(
        one for one in found if one.changes or one.renamed or one.front or any(not edit.kept for edit in one.title)
    )


def same_chapters(old: Sequence[DraftChapter], new: Sequence[DraftChapter]) -> Mapping[PurePosixPath, DraftChapter]:
    """The old chapter of each new path: the one of the same name, or one that is gone and reads like it."""
    before = {one.path: one for one in old}
    found = {one.path: before[one.path] for one in new if one.path in before}
    gone = {one.path: _pairs(one) for one in old if one.path not in found}
    for one in (one for one in new if one.path not in found):
        own = _pairs(one)
        likest = max(gone, key=lambda path: share(gone[path], own), default=None)
        if likest is not None and share(gone[likest], own) >= SAME_CHAPTER:
            found[one.path] = before[likest]
            del gone[likest]
    return found


def _pairs(chapter: DraftChapter) -> Counter[str]:
    found = Counter[str]()
    for piece in chapter.pieces:
        found.update(pairs(words_of(piece.text)))
    return found


def _compare(old: DraftChapter | None, new: DraftChapter | None) -> ChapterChanges:
    before, after = old.pieces if old else (), new.pieces if new else ()
    changes = []
    behind = -1
    for match in align(before, after):
        edits = compare_texts(_joined(before, match.before), _joined(after, match.after))
        figures = _figures([before[one] for one in match.before], [after[one] for one in match.after])
        kind = _kind(match.before, match.after, moved=match.moved)
        if kind != CHANGED or figures or any(not one.kept for one in edits):
            changes.append(Change(kind, match.before, match.after, edits, figures, behind))
        behind = match.after[-1] if match.after else behind
    title = compare_words(old.title if old else "", new.title if new else "")
    return ChapterChanges(old, new, title, tuple(changes), tuple(_front(old, new)) if old and new else ())


def _front(old: DraftChapter, new: DraftChapter) -> Iterator[tuple[str, str, str]]:
    before, after = dict(old.front), dict(new.front)
    for key in dict.fromkeys((*before, *after)):
        if before.get(key, "") != after.get(key, ""):
            yield key, before.get(key, ""), after.get(key, "")


def _figures(before: Sequence[Piece], after: Sequence[Piece]) -> tuple[FigureChange, ...]:
    """The expressions that both have, the first here being the first there, and that say something else."""
    said: dict[str, list[str]] = {}
    for expression, text in (one for piece in before for one in piece.figures):
        said.setdefault(expression, []).append(text)
    found = []
    for expression, text in (one for piece in after for one in piece.figures):
        if said.get(expression):
            old = said[expression].pop(0)
            if old != text:
                found.append(FigureChange(expression, old, text))
    return tuple(found)


def compare_texts(before: str, after: str) -> tuple[Edit, ...]:
    """What changed between two texts: by cells in tables, by lines in lists, and in these word by word."""
    return (compare_lines if "\n" in before and "\n" in after else compare_words)(before, after)


def _joined(pieces: Sequence[Piece], places: Sequence[int]) -> str:
    return "\n\n".join(pieces[place].text for place in places)


def _kind(before: Sequence[int], after: Sequence[int], *, moved: bool) -> str:
    if not before:
        return ADDED
    if not after:
        return REMOVED
    if len(after) > 1:
        return SPLIT
    if len(before) > 1:
        return JOINED
    return MOVED if moved else CHANGED


def whereabouts(old: Sequence[Piece], new: Sequence[Piece]) -> Mapping[int, int | None]:
    """Where each piece of the old draft stands in the new one; None for one that is gone.

    A split piece stands where the part does that has most of it.
    """
    return {place: _likest(old[place], new, match.after) for match in align(old, new) for place in match.before}


def _likest(one: Piece, new: Sequence[Piece], places: Sequence[int]) -> int | None:
    words = phrases(one.text)
    return max(places, key=lambda place: (words & phrases(new[place].text)).total(), default=None)

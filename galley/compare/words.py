"""What changed between two texts, word by word.

A text is cut into words, spaces and marks, none of which is lost: the pieces together are the text.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_PIECE = re.compile(r"\s+|\w+(?:[.,/-]\w+)*|[^\w\s]")
# Kept words between two changes that are fewer than this, and fewer than what changed around them, count as changed.
_ISLAND = 3


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of text: what it was and what it is. Both are equal where it stayed."""

    before: str
    after: str

    @property
    def kept(self) -> bool:
        """True where nothing changed."""
        return self.before == self.after


def pieces(text: str) -> list[str]:
    """The words, spaces and marks of a text; a number with its points and a code with its strokes are one word."""
    return _PIECE.findall(text)


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, without spaces and marks."""
    return [piece.casefold() for piece in pieces(text) if piece[0].isalnum()]


def bag(text: str) -> Counter[str]:
    """The words of a text, each with how often it stands there."""
    return Counter(words_of(text))


def pairs(words: Iterable[str]) -> Counter[str]:
    """The pairs of words that follow each other: texts of one report share many words, but few pairs."""
    return Counter(f"{one} {other}" for one, other in pairwise(words))


def phrases(text: str) -> Counter[str]:
    """The words of a text and the pairs that follow each other."""
    words = words_of(text)
    return Counter(words) + pairs(words)


def share(one: Counter[str], other: Counter[str]) -> float:
    """The share of words that two texts have in common, from 0 to 1 (the Sørensen-Dice coefficient)."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


def compare_words(before: str, after: str) -> tuple[Edit, ...]:
    """The text as it was and is, in stretches that stayed or changed, one after the other.

    The `before`s together are the old text, the `after`s the new one.
    """
    old, new = pieces(before), pieces(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    raw = [Edit("".join(old[a:b]), "".join(new[c:d])) for _, a, b, c, d in matcher.get_opcodes()]
    return tuple(_merged(_without_islands(raw)))


def _without_islands(edits: Sequence[Edit]) -> Iterator[tuple[bool, Edit]]:
    """The stretches, told whether they stay; a word or two that are the same amid a rewritten passage do not."""
    for place, one in enumerate(edits):
        amid = one.kept and 0 < place < len(edits) - 1
        yield one.kept and not (amid and _is_island(one, edits[place - 1], edits[place + 1])), one


def _is_island(one: Edit, *around: Edit) -> bool:
    words = _count(one.before)
    return words < _ISLAND and all(words < max(_count(it.before), _count(it.after)) for it in around)


def _count(text: str) -> int:
    return len(words_of(text))


def _merged(edits: Iterable[tuple[bool, Edit]]) -> Iterator[Edit]:
    """Stretches that changed and touch, as one."""
    for stays, group in groupby(edits, key=itemgetter(0)):
        those = [one for _, one in group]
        if stays:
            yield from those
        else:
            yield Edit("".join(one.before for one in those), "".join(one.after for one in those))


def abridged(edits: Iterable[Edit], around: int = 10) -> tuple[Edit, ...]:
    """The edits with no more than so many words of what stayed on either side of a change; `…` stands for the rest.

    A text in which nothing changed is told by its first words.
    """
    stays = [Edit("".join(one.before for one in those), "".join(one.after for one in those)) for those in _runs(edits)]
    return tuple(
        _abridged(one, around if place or len(stays) == 1 else 0, around if place < len(stays) - 1 else 0)
        if one.kept
        else one
        for place, one in enumerate(stays)
    )


def _runs(edits: Iterable[Edit]) -> Iterator[list[Edit]]:
    """What stays and touches together, each change by itself."""
    for kept, group in groupby(edits, key=lambda one: one.kept):
        those = list(group)
        yield from [those] if kept else [[one] for one in those]


def _abridged(kept: Edit, first: int, last: int) -> Edit:
    """A stretch that stayed, with its first and last words."""
    words = pieces(kept.after)
    places = [place for place, one in enumerate(words) if one[0].isalnum()]
    if len(places) <= first + last + 1:
        return kept
    start = words[: places[first]] if first else []
    end = words[places[-last] :] if last else []
    text = "".join((*start, "… ", *end)) if end else "".join((*start, "…"))
    return Edit(text, text)

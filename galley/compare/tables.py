"""What changed between two tables, cell by cell, or two lists, line by line.

Rows and lines are parted by line ends, cells by tabulators.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from galley.compare.words import Edit, bag, compare_words, share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    _Pair = tuple[int | None, int | None]

ALIKE = 0.5  # the share of words in common from which two lines are one, changed


def compare_lines(before: str, after: str) -> tuple[Edit, ...]:
    """The text as it was and is; a cell is compared with the one of the same row and column, a line with its like.

    The `before`s together are the old text, the `after`s the new one.
    """
    old, new = before.split("\n"), after.split("\n")
    columns = _pairs(_head(old), _head(new), _always)
    if columns and not any(one is not None and other is not None for one, other in columns):
        return (Edit(before, after),)

    def alike(one: int, other: int) -> bool:
        return share(bag(old[one]), bag(new[other])) >= ALIKE

    pairs = _pairs([_key(row) for row in old], [_key(row) for row in new], alike)
    rows = [
        _row(None if one is None else old[one], None if other is None else new[other], columns) for one, other in pairs
    ]
    return tuple(_whole_lines(_joined(rows, pairs, "\n")))


def _whole_lines(edits: Iterable[Edit]) -> Iterator[Edit]:
    """The edits in which what was deleted or inserted at the very beginning has the end of its line."""
    held: Edit | None = None
    for one in edits:
        if held is not None and one.before + one.after == "\n" and bool(one.before) == bool(held.before):
            yield Edit(held.before + one.before, held.after + one.after)
            held = None
            continue
        if held is not None:
            yield held
        alone = not one.before or not one.after
        held = one if alone and one.before + one.after != "\n" else None
        if held is None:
            yield one
    if held is not None:
        yield held


def _head(rows: Sequence[str]) -> list[str]:
    """The cells of the first row that has several."""
    return next((row.split("\t") for row in rows if "\t" in row), [])


def _key(row: str) -> str:
    """What makes a row the same: its first cell, or the whole line."""
    return row.partition("\t")[0]


def _row(old: str | None, new: str | None, columns: Sequence[_Pair]) -> list[Edit]:
    if old is None or new is None:
        return [Edit(old or "", new or "")]
    before, after = old.split("\t"), new.split("\t")
    fits = all(
        len(cells) == sum(column[side] is not None for column in columns) for side, cells in enumerate((before, after))
    )
    if not fits or "\t" not in f"{old}{new}":
        return list(compare_words(old, new))
    cells = []
    for one, other in columns:
        if one is None or other is None:
            cells.append([Edit("" if one is None else before[one], "" if other is None else after[other])])
        else:
            cells.append(list(compare_words(before[one], after[other])))
    return list(_joined(cells, columns, "\t"))


def _always(_one: int, _other: int) -> bool:
    return True


def _pairs(old: Sequence[str], new: Sequence[str], alike: Callable[[int, int], bool]) -> list[_Pair]:
    """The places that belong together, in an order that both keep; None where one side has none.

    In a stretch that was rewritten an old one goes with the next new one that is alike.
    """
    found: list[_Pair] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found += zip(range(a, b), range(c, d), strict=True)
            continue
        following = c
        for one in range(a, b):
            other = next((place for place in range(following, d) if alike(one, place)), None)
            if other is not None:
                found += [(None, place) for place in range(following, other)]
                following = other + 1
            found.append((one, other))
        found += [(None, place) for place in range(following, d)]
    return found


def _joined(parts: Iterable[list[Edit]], pairs: Iterable[_Pair], mark: str) -> Iterator[Edit]:
    """The edits of rows or cells with the mark between those that stand on a side."""
    begun = [False, False]
    for part, places in zip(parts, pairs, strict=True):
        there = [place is not None for place in places]
        before, after = (mark if one and other else "" for one, other in zip(begun, there, strict=True))
        begun = [one or other for one, other in zip(begun, there, strict=True)]
        if all(there):
            yield Edit(before, after)
            yield from part
        else:
            yield Edit(before + part[0].before, after + part[0].after)

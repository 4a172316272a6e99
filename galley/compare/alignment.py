"""Which paragraph of the new draft is which of the old one: kept, changed, moved, split, joined, added or removed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from galley.compare.words import phrases, share

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Sequence

ALIKE = 0.4  # the share of words and phrases in common from which two texts are one, changed
NEIGHBOURS = 0.2  # the same for what stands alone between the same neighbours
WITHIN = 0.7  # the share of a text's words and phrases from which it is a part of another
_NEAR = 0.1  # what it counts that the text before or after is the same


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, heading, table or figure of a draft: its kind and what a reader sees of it.

    The rows of a table, and what stands below each other in a list, are parted by line ends, the cells of a row by
    tabulators. `figures` are the expressions in it, each with what it says; `name` is its id on the page of its
    chapter, by which two drafts are not compared.
    """

    kind: str
    text: str
    figures: tuple[tuple[str, str], ...] = ()
    name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Match:
    """Pieces of the old draft and of the new one, by their places, that are the same; none where it is new or gone."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    moved: bool = False


@dataclass(frozen=True, slots=True)
class _Group:
    """Pieces that belong together, while they are gathered."""

    before: list[int]
    after: list[int]


def align(old: Sequence[Piece], new: Sequence[Piece]) -> tuple[Match, ...]:
    """The matches in the order of the new draft; what is gone stands after what it followed.

    A split piece has several places in `after`, joined ones several in `before`.
    """
    pairs = _equal(old, new)
    _alike(old, new, pairs)
    _between(old, new, pairs)
    groups = [_Group([place], [other]) for place, other in pairs.items()]
    for place in sorted(set(range(len(new))) - set(pairs.values())):
        _gather(new[place], place, [(one.after, old[one.before[0]]) for one in groups])
    for place in sorted(set(range(len(old))) - set(pairs)):
        _gather(old[place], place, [(one.before, new[one.after[0]]) for one in groups])
    return _ordered(groups, old, new)


def _equal(old: Sequence[Piece], new: Sequence[Piece]) -> dict[int, int]:
    """Pieces that did not change: the first of equal ones in the old draft is the first in the new one."""
    places: dict[Piece, list[int]] = defaultdict(list)
    for place, one in enumerate(new):
        places[one].append(place)
    return {place: places[one].pop(0) for place, one in enumerate(old) if places[one]}


def _alike(old: Sequence[Piece], new: Sequence[Piece], pairs: dict[int, int]) -> None:
    """Match what is left by the words in common, the likest first; the same neighbours count for it."""
    left = [place for place in range(len(old)) if place not in pairs]
    taken = set(pairs.values())
    right = [place for place in range(len(new)) if place not in taken]
    bags = {place: phrases(old[place].text) for place in left}
    others = {place: phrases(new[place].text) for place in right}
    found = []
    for place in left:
        for other in right:
            if old[place].kind == new[other].kind:
                common = share(bags[place], others[other])
                if common >= ALIKE:
                    near = (pairs.get(place - 1) == other - 1) + (pairs.get(place + 1) == other + 1)
                    found.append((-common - _NEAR * near, place, other))
    for _, place, other in sorted(found):
        if place not in pairs and other not in taken:
            pairs[place] = other
            taken.add(other)


def _between(old: Sequence[Piece], new: Sequence[Piece], pairs: dict[int, int]) -> None:
    """Match what stands alone between the same neighbours in both drafts, if it has some words in common."""
    taken = set(pairs.values())
    for place, one in enumerate(old):
        other = pairs.get(place - 1, -1 if place == 0 else len(new)) + 1
        follows = pairs.get(place + 1, len(new) if place == len(old) - 1 else -1)
        if place in pairs or other in taken or follows != other + 1 or one.kind != new[other].kind:
            continue
        if share(phrases(one.text), phrases(new[other].text)) >= NEIGHBOURS:
            pairs[place] = other
            taken.add(other)


def _gather(one: Piece, place: int, groups: Iterable[tuple[list[int], Piece]]) -> None:
    """Add a piece to the group that its neighbour is in, if it is a part of what that was or became."""
    for members, whole in groups:
        beside = place - 1 in members or place + 1 in members
        if beside and one.kind == whole.kind and _within(phrases(one.text), phrases(whole.text)) >= WITHIN:
            members.append(place)
            members.sort()
            return


def _ordered(groups: Sequence[_Group], old: Sequence[Piece], new: Sequence[Piece]) -> tuple[Match, ...]:
    """All pieces as matches: those of the new draft in its order, each followed by what is gone behind it."""
    ordered = sorted(groups, key=lambda one: one.after[0])
    still = _unmoved([one.before[0] for one in ordered], [len(old[one.before[0]].text) + 1 for one in ordered])
    found = {
        one.after[0]: Match(tuple(one.before), tuple(one.after), moved=place not in still)
        for place, one in enumerate(ordered)
    }
    grouped = {place for one in groups for place in one.after}
    found |= {place: Match((), (place,)) for place in range(len(new)) if place not in grouped}
    gone = sorted(set(range(len(old))) - {place for one in groups for place in one.before})
    follows = {one.before[-1]: one.after[0] for place, one in enumerate(ordered) if place in still}
    behind: dict[int, list[Match]] = defaultdict(list)
    for place in gone:
        lead = max((before for before in follows if before < place), default=None)
        behind[-1 if lead is None else follows[lead]].append(Match((place,), ()))
    return (*behind[-1], *(match for place in sorted(found) for match in (found[place], *behind[place])))


def _unmoved(order: Sequence[int], weights: Sequence[int]) -> set[int]:
    """Which of the matches keep their order, so that as much text as can be counts as unmoved.

    The heaviest increasing subsequence of the old places.
    """
    best: list[tuple[int, int | None]] = []
    for place, old in enumerate(order):
        lead = max(
            (earlier for earlier in range(place) if order[earlier] < old), key=lambda one: best[one][0], default=None
        )
        best.append((weights[place] + (best[lead][0] if lead is not None else 0), lead))
    at: int | None = max(range(len(best)), key=lambda one: best[one][0], default=None)
    kept = set()
    while at is not None:
        kept.add(at)
        at = best[at][1]
    return kept


def _within(part: Counter[str], whole: Counter[str]) -> float:
    return (part & whole).total() / part.total() if part.total() else 0.0

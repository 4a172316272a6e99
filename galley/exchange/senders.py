"""Find the bodies that a text names: by their names, their usual short forms, their areas or their ids."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from galley.exchange.given import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from galley.model import Contents

_AND = "và"
_LONGEST = 2_000  # characters that are read
_SHORT = 2  # letters that a short form has at least


@dataclass(frozen=True, slots=True)
class Bodies:
    """The ids of the bodies that were found, in order, and what of the text names none."""

    ids: tuple[str, ...]
    unknown: tuple[str, ...]


def bodies(text: str, names: Mapping[str, str]) -> Bodies:
    """The bodies that a text names, parted by lines, commas, semicolons or "và"; `names` are those of `names_of`."""
    ids: dict[str, None] = {}
    unknown: list[str] = []
    longest = max((name.count(" ") + 1 for name in names), default=1)
    for line in text[:_LONGEST].replace(";", "\n").split("\n"):
        words = plain(line).split()
        stray: list[str] = []
        at = 0
        while at < len(words):
            ends = range(min(len(words), at + longest), at, -1)
            end = next((one for one in ends if " ".join(words[at:one]) in names), None)
            if end is None:
                stray.append(words[at])
                at += 1
            else:
                ids[names[" ".join(words[at:end])]] = None
                at = end
        if any(word != _AND and not word.isdigit() for word in stray):
            unknown.append(line.strip())
    return Bodies(tuple(ids), tuple(unknown))


def names_of(contents: Contents) -> Mapping[str, str]:
    """What each body may be called, as plain words, with its id; what several may be called is left out."""
    areas = {one.id: one.name for one in contents.areas}
    found: dict[str, set[str]] = defaultdict(set)
    for one in contents.agencies:
        for name in (one.name, one.id, *_short(one.name), *_of_area(areas.get(one.area or "", ""))):
            found[plain(name)].add(one.id)
    own = {plain(one.name): one.id for one in contents.agencies}
    return {name: own.get(name) or min(ids) for name, ids in found.items() if name and (name in own or len(ids) == 1)}


def _short(name: str) -> Iterator[str]:
    """`Bộ KH&ĐT`, `Bộ KHĐT`, `BKHĐT` for `Bộ Kế hoạch và Đầu tư`."""
    parts = [[word for word in part.split() if word != _AND] for part in plain(name).split(f" {_AND} ")]
    initials = ["".join(word[0] for word in part) for part in parts]
    first, rest = parts[0][0] if parts[0] else "", [initials[0][1:] if initials else "", *initials[1:]]
    if sum(map(len, rest)) >= _SHORT:
        yield f"{first} {' '.join(filter(None, rest))}"
        yield f"{first} {''.join(rest)}"
        yield first[:1] + "".join(rest)


def _of_area(name: str) -> Iterator[str]:
    if name:
        yield name
        yield f"tỉnh {name}"

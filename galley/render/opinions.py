"""Opinions beside the places that they are about: notes under paragraphs, on the site and in the review PDF."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from galley.render.document import Document, Fascicle
from galley.render.fragments import elements, name_of
from galley.render.markup import root_of, shielded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import PurePosixPath

    from galley.render.markup import Markup
    from galley.render.printing import Printing
    from galley.review.responses import Group, Responses

MACROS = "macros/opinions.html"
WHOLE = ""  # the name of a whole chapter among its places


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a chapter as HTML: those under its places, by their names, and one about what was removed."""

    at: Mapping[str, str]
    removed: str


def notes(table: Responses, path: PurePosixPath, markup: Markup) -> Notes:
    """The opinions about a chapter of the draft of today, for the medium of the markup."""
    places: dict[str, list[Group]] = {}
    removed = []
    for group in _joined(table.groups(path)):
        if group.now is None:
            removed.append(group)
        else:
            places.setdefault(group.now.name, []).append(group)
    at = {name: _note(those, path, markup, gone=False) for name, those in places.items()}
    return Notes(at, _note(removed, path, markup, gone=True) if removed else "")


def _joined(groups: Iterable[Group]) -> Iterable[Group]:
    """The groups with those of one place in one: beside the text nothing stands apart for the committee."""
    found: dict[object, Group] = {}
    for one in groups:
        place = (one.meeting, one.then, one.now)
        found[place] = replace(one, rows=(*found[place].rows, *one.rows)) if place in found else one
    return found.values()


def opinions_document(printing: Printing, table: Responses) -> Document:
    """The table of opinions as a document of its own."""
    title = str(printing.layout.macro(MACROS, "title"))
    html = printing.finish(printing.fill("print/opinions.html", table=table, own=True))
    about = replace(printing.frame.about, title=title)
    return Document(replace(printing.frame, about=about, excerpt=True), (Fascicle("y-kien", html, restart=""),))


def _note(groups: Sequence[Group], path: PurePosixPath, markup: Markup, *, gone: bool) -> str:
    own = {"medium": markup.medium, "root": root_of(path), "lookup": markup.lookup}
    return shielded(markup.layout.macro(MACROS, "beside", groups, gone=gone, **own))


def with_notes(body: str, found: Notes) -> str:
    """The HTML of a printed chapter with each note in one element with what it is about, so that nothing parts them."""
    made = [found.at.get(WHOLE, "")]
    for one in elements(body):
        note = found.at.get(name_of(one), "") if name_of(one) else ""
        made.append(f'<div class="noted">{one}{note}</div>' if note else one)
    return "\n".join(filter(None, (*made, found.removed)))

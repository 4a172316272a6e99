"""The fascicles of the appendices, which are drawn up from the data and from what the prose quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache as once
from functools import partial
from html import unescape
from typing import TYPE_CHECKING

from galley.cache import digest
from galley.render.appendices import Widths, register, statements, targets
from galley.render.document import Fascicle
from galley.render.printing import Entry, Made, captions, roman
from galley.render.register import evaluated, sections, treating_sections

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from galley.bind import Index
    from galley.render.appendices import RegisterTopic, Topic
    from galley.render.printing import Printing
    from galley.render.profile import Profile
    from galley.render.register import Evaluated
    from galley.review.responses import Responses

_APPENDIX = re.compile(r'<h1 class="appendix" id="(?P<id>[^"]+)" data-title="(?P<title>[^"]*)">')


@dataclass(frozen=True, slots=True)
class Appendix:
    """An appendix: what it shows, its number, the same as the layout writes it, and how its pages are numbered."""

    kind: str
    number: int
    shown: str
    pages: str | None


def annexes(printing: Printing) -> Iterator[Made]:
    """The appendices; long ones have a fascicle for each topic, so that they can be set beside each other."""
    lookup, layout, division = printing.lookup, printing.layout, printing.profile["division"]
    quoted, quotations = once(partial(evaluated, lookup)), once(partial(_quotations, lookup))
    for number, kind in enumerate(_kinds(printing), start=1):
        shown = roman(number) if division["appendix_numerals"] == "roman" else str(number)
        own = Appendix(kind, number, shown, division["appendix_pages"].format(number=number) or None)
        if kind == "indicators":
            topics = partial(statements, lookup, layout, _widths(printing.profile))
            yield from printing.kept((repr(own),), partial(_topics, printing, own, topics))
        elif kind == "figures":
            yield from printing.kept((repr(own), quotations()), partial(_register, printing, own, quoted))
        elif kind == "targets":
            yield from printing.kept((repr(own), quotations()), partial(_targets, printing, own, quoted))
        elif kind == "opinions":
            table = printing.table
            yield from printing.kept((repr(own), repr(table)), partial(_opinions, printing, own, table))
        else:
            yield _annex(printing, own, "", None, begins=True)


def _kinds(printing: Printing) -> Iterator[str]:
    """The appendices that the settings name; an edition without opinions does not tell that there are any."""
    given = printing.table is not None and printing.table.total
    return (one for one in printing.edition.contents.settings.appendices if one != "opinions" or given)


def _quotations(lookup: Index) -> str:
    """What the expressions of the prose are and where they stand: with the data, all that they give follows from it."""
    return digest(
        *(
            f"{section.number} {chapter.front.area} {block.text[one.start : one.end]}"
            for chapter in lookup.contents.chapters
            for block, section in sections(chapter, lookup.chapters[chapter.path])
            for one in block.citations
        )
    )


def _register(printing: Printing, own: Appendix, quoted: Callable[[], Evaluated]) -> list[Made]:
    """The register of figures, whose topics are kept one by one."""
    made: list[Made] = []
    for place, topic in enumerate(register(printing.lookup, printing.layout, quoted())):
        keys = (repr(own), str(place), repr(topic.identity))
        made += printing.kept(keys, partial(_topics, printing, own, partial(tuple, (topic,)), place))
    return made


def _targets(printing: Printing, own: Appendix, quoted: Callable[[], Evaluated]) -> list[Made]:
    content = (targets(printing.lookup), treating_sections(quoted()))
    return [_annex(printing, own, "", content, begins=True)]


def _opinions(printing: Printing, own: Appendix, table: Responses | None) -> list[Made]:
    return [_annex(printing, own, "", table, begins=True)]


def _topics(
    printing: Printing, own: Appendix, topics: Callable[[], Sequence[Topic | RegisterTopic]], first: int = 0
) -> list[Made]:
    """The topics of a long appendix; `first` is the place in it of the first of these."""
    found = enumerate(topics(), start=first)
    return [_annex(printing, own, topic.id, topic, begins=place == 0) for place, topic in found]


def _annex(printing: Printing, own: Appendix, name: str, content: object, *, begins: bool) -> Made:
    """An appendix, or a topic of a long one; the first has the heading."""
    values = {"kind": own.kind, "number": own.number, "shown": own.shown, "begins": begins, "content": content}
    html = printing.fill("print/appendix.html", **values)
    headed = (Entry(found["id"], unescape(found["title"]), "appendix") for found in _APPENDIX.finditer(html))
    name = f"phu-luc-{own.number}{name and '-'}{name}"
    fascicle = Fascicle(name, printing.finish(html), restart=own.pages if begins else None)
    return Made(fascicle, (*headed, *captions(html)))


def _widths(profile: Profile) -> Widths:
    page, upright, lying = (profile["page"], profile["page"]["margins"], profile["page"]["landscape_margins"])
    return Widths(page["width"] - upright["left"] - upright["right"], page["height"] - lying["left"] - lying["right"])

"""The printed report on its way to the typesetter: fascicles of HTML, their style, fonts and pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from galley.cache import digest

if TYPE_CHECKING:
    from galley.render.page import Asset

HELD = "\u2012"  # the figure dash, as wide as a digit, holds the place of one in the number of a page
_FOLIO = re.compile(rf'(<a class="folio[^"]*" [^>]*>)(?:{HELD}|&#8210;)+</a>')
_OWN = 'content: "\\2012\\2012\\2012\\2012"'  # the number of the page itself, in the style


@dataclass(frozen=True, slots=True)
class Fascicle:
    """A piece of the report that begins on a new page; its name is its own in the report and stays from draft to draft.

    `pictures` are the files that it names. With `restart` its pages are numbered from 1 and the text stands before the
    number in references (`PL2-`); without, they are numbered on from the fascicle before it.
    """

    name: str
    html: str
    pictures: tuple[Asset, ...] = ()
    restart: str | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """What a PDF says of itself; `moment` is an ISO 8601 time, empty when there is no commit yet."""

    title: str
    author: str
    subject: str
    moment: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What all fascicles of a document share: the style, and the fonts by the names that it uses.

    With `lines` the lines of the text are numbered in the margin. With `verso` the sheets are printed on both sides: on
    even pages all stands that much farther left, on upright pages, or higher, on those that lie, in mm. In an `excerpt`
    some links lead out of it.
    """

    style: str
    fonts: tuple[Asset, ...]
    about: Description
    lines: bool = False
    verso: tuple[float, float] | None = None
    excerpt: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """The report, or an excerpt of it: its fascicles in their order."""

    frame: Frame
    fascicles: tuple[Fascicle, ...]

    @property
    def identifier(self) -> str:
        """A hash of all that the document holds, in hexadecimal."""
        own = self.frame
        texts = (own.style, repr((own.about, own.lines, own.verso, own.excerpt)))
        pieces = (f"{one.name}\0{one.restart}\0{one.html}" for one in self.fascicles)
        files = (*own.fonts, *(picture for one in self.fascicles for picture in one.pictures))
        return digest(*texts, *pieces, *(part for one in files for part in (str(one.path), one.content)))[:32]


def page(body: str, head: str = "") -> str:
    """An HTML document around a body of the report."""
    return f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"/>{head}</head><body>{body}</body></html>'


def whole(document: Document) -> str:
    """The report as one HTML document that counts its pages itself: what a typesetter is given that sets it at once."""
    about = document.frame.about
    style = document.frame.style.replace(_OWN, "content: counter(page)")
    style += ".folio::after { content: target-counter(attr(href), page); }"
    metas = {"author": about.author, "description": about.subject, "generator": "galley"}
    metas |= {"dcterms.created": about.moment, "dcterms.modified": about.moment} if about.moment else {}
    head = "".join(f'<meta name="{name}" content="{escape(text)}"/>' for name, text in metas.items())
    body = "\n".join(one.html for one in document.fascicles)
    return page(_FOLIO.sub(r"\1</a>", body), f"<title>{escape(about.title)}</title>{head}<style>{style}</style>")

"""The place of tone marks in a printed page, as its layout wants it.

Quotations, what others said and registered names stay as they are written.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from galley.vietnamese import place_tones

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_PIECE = re.compile(
    r'<span class="said">[^<]*</span>|'
    r"<(?P<tag>/?[a-z][a-z0-9]*)\b[^>]*>|(?P<opening>“)|(?P<closing>”)|(?P<mark>\"|&quot;|&\#34;)|(?P<text>[^<“”\"&]+)"
)
# What stands in a line of text; every other tag ends a quotation that nobody closed.
_INLINE = frozenset({"a", "abbr", "b", "br", "cite", "code", "em", "i", "mark", "q", "s", "small", "span", "strong"})
_INLINE |= frozenset({"sub", "sup", "u"})


def retoning(style: str, names: Iterable[str]) -> Callable[[str], str]:
    """What puts the tone marks of HTML in the `old` or the `new` place, save in quotations, these names and tags."""
    forms = {escape(form, quote=False) for name in names for form in (name, name.upper())}
    kept = sorted((one for one in forms if place_tones(one, style) != one), key=lambda one: (-len(one), one))
    named = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, kept))})(?!\w)" if kept else r"(?!)()")
    return lambda html: _retone(html, style, named)


def _retone(html: str, style: str, named: re.Pattern[str]) -> str:
    quoted = ""

    def placed(found: re.Match[str]) -> str:
        nonlocal quoted
        match found.lastgroup:
            case "text" if not quoted:
                return _outside(named, found[0], style)
            case "tag" if found["tag"].lstrip("/") not in _INLINE:
                quoted = ""
            case "opening" | "mark" if not quoted:
                quoted = "”" if found.lastgroup == "opening" else found[0]
            case "closing" | "mark" if quoted == found[0]:
                quoted = ""
        return found[0]

    return _PIECE.sub(placed, html)


def _outside(named: re.Pattern[str], text: str, style: str) -> str:
    """The text with its tone marks placed where no name stands."""
    if place_tones(text, style) == text:
        return text
    pieces = named.split(text)
    pieces[::2] = [place_tones(one, style) for one in pieces[::2]]
    return "".join(pieces)

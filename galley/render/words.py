"""The words of the site that stand outside a page's own text (titles, navigation, footer), from one template."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from galley.render.layout import Layout

WORDS = "pages/words.html"
_MARKS = re.compile(r"[\\`*_{}\[\]()#+!|~^]")


def worded(layout: Layout, macro: str, /, *values: object) -> str:
    """What a macro of `pages/words.html` says of the values; HTML on one line."""
    return str(layout.macro(WORDS, macro, *values))


def plain(text: str) -> Markup:
    """The text as HTML in which Markdown finds no marks either, to stand in a heading or a paragraph."""
    escaped = _MARKS.sub(lambda mark: f"&#{ord(mark[0])};", html.escape(text, quote=False))
    return Markup(escaped)  # noqa: S704 - escaped in the line above

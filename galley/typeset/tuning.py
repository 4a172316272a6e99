"""What WeasyPrint 70 works out again and again is worked out once. Imported by the engine, for its effect.

WeasyPrint is pinned exactly, so what is replaced here is known. The first four change no byte of a PDF; rules of cells
become one rectangle instead of two with a clip, and texts of charts are set whole, with kerning, instead of letter by
letter. Together they save a quarter to a third of the work on our pages (counted in instructions, 22/11/2026).

One mends a fault: to keep two lines of a paragraph together, notes are put off to the next page even where their style
asks that a line and its notes stay on one page, and the notes of the line that is kept in this way are lost.
"""

from __future__ import annotations

import inspect
from typing import Any

from weasyprint import draw, html, svg
from weasyprint.draw import border
from weasyprint.draw.color import get_color
from weasyprint.layout import block, preferred
from weasyprint.matrix import Matrix
from weasyprint.text import line_break
from weasyprint.text.ffi import ffi, gobject, pango

_FOOTNOTE = "footnote"  # the class of our footnotes: nothing else has footnote marks
_UNDERLINES = ("underline_position", "strikethrough_position", "underline_thickness", "strikethrough_thickness")
_KEPT = ("language", "ascent", *_UNDERLINES)


def tune() -> None:
    """Put the functions below in the place of WeasyPrint's own; called once a process."""
    ffi.cdef("PangoLayout *pango_layout_copy(PangoLayout *);")
    line_break.Layout.setup = _set_up
    preferred.split_first_line = _measured
    Matrix.__matmul__ = _product
    for module in (draw, border):
        module.draw_border = _draw_border
    svg.TAGS.update({tag: _draw_text for tag, drawn in svg.TAGS.items() if drawn is _DRAW_TEXT})
    svg.text = _draw_text
    _put_off_no_notes()
    _ask_marks_of_their_owners()


_PUTS_OFF = "report = not context.in_column and can_break_now and not could_break_before"
_SET_UP = line_break.Layout.setup
_SPLIT = line_break.split_first_line
_DRAW_BORDER = border.draw_border
_DRAW_TEXT = svg.TAGS["text"]


def _put_off_no_notes() -> None:
    """Where a paragraph cannot be broken, it goes to the next page as a whole rather than its notes alone."""
    source = inspect.getsource(block._linebox_layout)
    kept = source.replace(_PUTS_OFF, "report = False")
    if kept == source:
        raise RuntimeError(_PUTS_OFF)
    exec(compile(kept, block.__file__, "exec"), vars(block))  # noqa: S102 - the library's own function, one line changed


def _set_up(self: Any, style: Any) -> None:
    """Prepare a text for Pango: what depends on the style alone is prepared once a style, and copied."""
    if not hasattr(style, "_prepared"):
        _SET_UP(self, style)
        style._prepared = self.layout, {name: self.__dict__[name] for name in _KEPT if name in self.__dict__}
    prepared, known = style._prepared
    self.style, self.first_line_direction = style, 0
    self.__dict__.update(known)
    self.layout = ffi.gc(pango.pango_layout_copy(prepared), gobject.g_object_unref)


def _measured(  # noqa: PLR0913 - WeasyPrint's signature
    text: str,
    style: Any,
    context: Any,
    max_width: float | None,
    spacing: float,
    is_line_start: bool = True,  # noqa: FBT001, FBT002 - as above
    minimum: bool = False,  # noqa: FBT001, FBT002 - as above
) -> tuple[Any, ...]:
    """The length and width of a first line, which is all that widths of columns ask for; once a text and style."""
    if style["white_space"] not in ("normal", "pre-wrap", "pre-line"):
        max_width = None
    known = style.__dict__.setdefault("_widths", {})
    key = text, max_width, is_line_start
    if key not in known:
        known[key] = _SPLIT(text, style, context, max_width, spacing, is_line_start, minimum)[2:4]
    return None, None, *known[key], None, None


def _product(self: Any, other: Any) -> Any:
    """The product of two matrices of three rows."""
    (a, b, c), (d, e, f), (g, h, i) = other
    return Matrix(matrix=[[x * a + y * d + z * g, x * b + y * e + z * h, x * c + y * f + z * i] for x, y, z in self])


def _draw_border(stream: Any, box: Any) -> None:
    """Draw the border of a box; a plain rule on one side is a rectangle."""
    style = box.style
    ruled = [side for side in ("top", "right", "bottom", "left") if getattr(box, f"border_{side}_width")]
    plain = (
        len(ruled) == 1
        and style["visibility"] == "visible"
        and style["border_image_source"][0] == "none"
        and style["column_width"] == "auto" == style["column_count"]
        and style[f"border_{ruled[0]}_style"] == "solid"
        and not any(map(any, box.rounded_border_box()[4:]))
    )
    color = get_color(style, f"border_{ruled[0]}_color") if plain else None
    if color is None or not color.alpha:
        _DRAW_BORDER(stream, box)
        return
    (side,) = ruled
    x, y, width, height = box.border_box_x(), box.border_box_y(), box.border_width(), box.border_height()
    thick = getattr(box, f"border_{side}_width")
    with stream.artifact(), stream.stacked():
        stream.set_color(color)
        if side in ("top", "bottom"):
            stream.rectangle(x, y + (height - thick if side == "bottom" else 0), width, thick)
        else:
            stream.rectangle(x + (width - thick if side == "right" else 0), y, thick, height)
        stream.fill()


class _Whole(str):
    """A text that is one letter to whoever goes through it letter by letter."""

    __slots__ = ()

    def __iter__(self) -> Any:
        return iter((str(self),))


def _draw_text(image: Any, node: Any, font_size: float) -> None:
    """Draw a text of a chart, whole where none of its letters has a place of its own."""
    if node.text and not {"x", "y", "dx", "dy", "rotate", "letter-spacing", "textLength"} & set(node.attrib):
        node._etree_node.text = _Whole(node.text)
    _DRAW_TEXT(image, node, font_size)


def _ask_marks_of_their_owners() -> None:
    """Look for marks of lists at list items and for marks of footnotes at footnotes, instead of at every element."""
    matcher, kept = html.UA_STYLESHEET.matcher, []
    for entry in matcher.other_selectors:
        mark = entry[3] or ""
        if mark == "marker":
            matcher.lower_local_name_selectors.setdefault("li", []).append(entry)
        elif mark in ("footnote-call", "footnote-marker"):
            matcher.class_selectors.setdefault(_FOOTNOTE, []).append(entry)
        elif not mark.startswith("note-"):
            kept.append(entry)
    matcher.other_selectors = kept

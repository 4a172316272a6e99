"""Change a finished PDF by hand: what its pages draw, operator by operator, and its tags."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Fault = Callable[[pikepdf.Pdf], None]

PIXEL = 25.4 / 96  # WeasyPrint draws in CSS pixels, from the upper left corner


def altered(pdf: bytes, change: Fault, **options: Any) -> bytes:  # noqa: ANN401 - whatever pikepdf saves with
    with pikepdf.open(BytesIO(pdf)) as opened:
        change(opened)
        written = BytesIO()
        opened.save(written, **options)
    return written.getvalue()


# What stands on a page: its operators with the mark they stand in.


class Drawing:
    """A page's operators, to be changed and put back."""

    def __init__(self, pdf: pikepdf.Pdf, page: int) -> None:
        self.pdf, self.page = pdf, pdf.pages[page - 1]
        self.steps: list[tuple[list[Any], str]] = [
            (list(one.operands), str(one.operator)) for one in pikepdf.parse_content_stream(self.page)
        ]

    def put_back(self) -> None:
        """Make the operators the page's content."""
        commands = [(operands, pikepdf.Operator(name)) for operands, name in self.steps]
        self.page.Contents = self.pdf.make_stream(pikepdf.unparse_content_stream(commands))

    def block(self, begin: int) -> slice:
        """From BT at or before a place to the ET after it."""
        first = max(at for at in range(begin + 1) if self.steps[at][1] == "BT")
        return slice(first, next(at for at in range(begin, len(self.steps)) if self.steps[at][1] == "ET") + 1)

    def marked(self, mark: int) -> Iterator[int]:
        """Where the operators within a mark stand."""
        inside = False
        for at, (operands, name) in enumerate(self.steps):
            if name == "BDC" and operands[1].get("/MCID") == mark:
                inside = True
            elif name == "EMC":
                inside = False
            elif inside:
                yield at


def edit(pdf: pikepdf.Pdf, page: int, marks: list[int], name: str, change: Callable[[list[Any]], list[Any]]) -> None:
    """Change the operands of all operators of a name within marks of a page."""
    drawing = Drawing(pdf, page)
    places = [at for mark in marks for at in drawing.marked(mark) if drawing.steps[at][1] == name]
    assert places
    for at in places:
        drawing.steps[at] = (change(drawing.steps[at][0]), name)
    drawing.put_back()


def shift(across: float = 0.0, down: float = 0.0) -> Callable[[list[Any]], list[Any]]:
    """Move a text by millimetres."""
    return lambda m: [*m[:4], float(m[4]) + across / PIXEL, float(m[5]) + down / PIXEL]


def resize(factor: float) -> Callable[[list[Any]], list[Any]]:
    return lambda given: [given[0], float(given[1]) * factor]


def elements(pdf: pikepdf.Pdf, kind: str = "") -> list[Any]:
    """The tags of a kind, or all, in reading order."""
    found: list[Any] = []

    def walk(one: Any) -> None:  # noqa: ANN401 - an object of the PDF
        if not isinstance(one, pikepdf.Dictionary) or "/S" not in one:
            return
        if kind in ("", str(one.S).removeprefix("/")):
            found.append(one)
        for kid in kids(one):
            walk(kid)

    for root in kids(pdf.Root.StructTreeRoot):
        walk(root)
    return found


def kids(one: Any) -> list[Any]:  # noqa: ANN401 - an object of the PDF
    given = one.get("/K", pikepdf.Array())
    return list(given) if isinstance(given, pikepdf.Array) else [given]


def marks_of(one: Any) -> list[int]:  # noqa: ANN401 - an object of the PDF
    """The marks of a tag and those below it."""
    found: list[int] = []
    for kid in kids(one):
        found += [kid] if isinstance(kid, int) else marks_of(kid) if "/S" in kid else []
    return found


def page_of(pdf: pikepdf.Pdf, one: Any) -> int:  # noqa: ANN401 - an object of the PDF
    return next(number for number, page in enumerate(pdf.pages, start=1) if page.obj.objgen == one.Pg.objgen)


def paragraph(pdf: pikepdf.Pdf) -> tuple[int, list[int]]:
    """The page and marks of the longest paragraph."""
    longest = max(elements(pdf, "P"), key=lambda one: len(marks_of(one)))
    return page_of(pdf, longest), marks_of(longest)


def heading(pdf: pikepdf.Pdf) -> tuple[int, list[int]]:
    """The page and marks of a short line of the text."""
    first = elements(pdf, "H3")[0]
    return page_of(pdf, first), marks_of(first)[:1]


def parent_tree(pdf: pikepdf.Pdf) -> pikepdf.NumberTree:
    return pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)

"""What preflight reads of a PDF: places, sizes and letters of its texts, its shapes, its fonts, its tags."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
import pytest

from galley.preflight.fonts import read_font
from galley.preflight.pages import lines
from galley.preflight.proof import read_proof
from galley.preflight.structure import standard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from galley.preflight.pages import Page

MILLIMETRE = 72 / 25.4
WIDTH = 500  # of every letter, in thousandths of the size
MAP = b"1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfrange <20> <7e> <0020> endbfrange"


def plain_font(pdf: pikepdf.Pdf) -> pikepdf.Dictionary:
    """A font of one byte a letter, each letter half as wide as it is high."""
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.TrueType,
        BaseFont=pikepdf.Name("/ABCDEF+Plain"),
        FirstChar=0x20,
        Widths=pikepdf.Array([WIDTH] * 95),
        ToUnicode=pdf.make_stream(MAP),
        FontDescriptor=pikepdf.Dictionary(Ascent=800, Descent=-200),
    )


def page_of(content: str, forms: Mapping[str, tuple[str, list[float]]] | None = None) -> Page:
    """A page of 100 × 200 mm with this content; forms by their names, each with its content and matrix."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(plain_font(pdf))
    fonts = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    page = pdf.add_blank_page(page_size=(100 * MILLIMETRE, 200 * MILLIMETRE))
    page.Contents = pdf.make_stream(content.encode())
    page.Resources = pikepdf.Dictionary(Font=fonts.Font, XObject=pikepdf.Dictionary())
    page.Resources.Properties = pikepdf.Dictionary(Named=pikepdf.Dictionary(MCID=7))
    for name, (drawn, matrix) in (forms or {}).items():
        form = pdf.make_stream(drawn.encode())
        form.Subtype, form.BBox, form.Matrix = pikepdf.Name.Form, pikepdf.Array([0, 0, 50, 50]), pikepdf.Array(matrix)
        form.Resources = fonts
        page.Resources.XObject[f"/{name}"] = form
    written = BytesIO()
    pdf.save(written)
    return read_proof(written.getvalue(), "x").pages[0]


def starts(page: Page) -> list[tuple[str, float, float]]:
    """Each text with where it begins and stands, in points from the lower left corner."""
    height = 200 * MILLIMETRE
    return [
        (one.text, round(one.box.left * MILLIMETRE, 2), round(height - one.baseline * MILLIMETRE, 2))
        for one in page.runs
    ]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("1 0 0 1 10 20 Tm (a) Tj (b) Tj", [("a", 10, 20), ("b", 15, 20)]),
        ("10 20 Td (a) Tj 5 -12 Td (b) Tj", [("a", 10, 20), ("b", 15, 8)]),
        ("10 20 TD (a) Tj 0 -8 TD (b) Tj T* (c) Tj", [("a", 10, 20), ("b", 10, 12), ("c", 10, 4)]),
        ("12 TL 10 40 Td (a) Tj (b) ' 1 2 (c) \"", [("a", 10, 40), ("b", 10, 28), ("c", 10, 16)]),
        ("10 20 Td [(a) -1000 (b)] TJ (c) Tj", [("ab", 10, 20), ("c", 30, 20)]),
        ("10 20 Td [-1000 (a)] TJ", [("a", 20, 20)]),
        ("50 Tz 10 20 Td (aa) Tj (b) Tj", [("aa", 10, 20), ("b", 15, 20)]),
        ("3 Tc 10 20 Td (aa) Tj (b) Tj", [("aa", 10, 20), ("b", 26, 20)]),
        ("4 Tw 10 20 Td (a ) Tj (b) Tj", [("a ", 10, 20), ("b", 24, 20)]),
        ("4 Ts 10 20 Td (a) Tj", [("a", 10, 24)]),
    ],
)
def test_texts_stand_where_their_operators_put_them(steps: str, expected: list[tuple[str, float, float]]) -> None:
    assert starts(page_of(f"BT /F 10 Tf {steps} ET")) == expected


def test_a_size_is_that_which_is_seen() -> None:
    page = page_of("q 0.75 0 0 0.75 0 0 cm BT /F 16 Tf 2 0 0 2 0 0 Tm (a) Tj ET Q BT /F 9 Tf (b) Tj ET")
    assert [round(one.size, 3) for one in page.runs] == [24, 9]


def test_what_a_form_draws_stands_where_the_form_is_put() -> None:
    page = page_of("1 0 0 1 10 10 cm /X Do", {"X": ("BT /F 10 Tf 1 2 Td (a) Tj ET", [1, 0, 0, 1, 5, 5])})
    assert starts(page) == [("a", 16, 17)]
    assert page.runs[0].pictured


def test_a_shape_ends_at_its_clip() -> None:
    (shape,) = page_of("q 0 0 20 20 re W n 10 10 100 100 re f Q 0 0 5 5 re n").drawn.shapes
    assert [round(one * MILLIMETRE, 2) for one in (shape.left, shape.right)] == [10, 20]


def test_marks_are_read_in_all_their_forms() -> None:
    shown = "BT /F 10 Tf (a) Tj ET"
    page = page_of(
        f"/P <</MCID 3>> BDC {shown} EMC /P /Named BDC {shown} EMC /Artifact BMC {shown} EMC {shown} /P BMC {shown} EMC"
    )
    assert [(one.mark.number, one.mark.artifact) for one in page.runs] == [
        (3, False),
        (7, False),
        (None, True),
        (None, False),
        (None, False),
    ]
    assert (page.drawn.marks, page.drawn.untagged) == ((3, 7), 2)


def test_runs_on_one_baseline_are_a_line_with_its_spaces() -> None:
    page = page_of("BT /F 10 Tf 10 20 Td (ab) Tj 10 0 Td (cd) Tj 20 0 Td (ef) Tj 0 -12 Td (g) Tj ET")
    assert [one.text for one in lines(page.runs)] == ["abcd ef", "g"]


def composite(
    pdf: pikepdf.Pdf, program: bytes, widths: list[object], glyphs: bytes | None = None
) -> pikepdf.Dictionary:
    inner = pikepdf.Dictionary(W=pikepdf.Array(widths), DW=900, FontDescriptor=pikepdf.Dictionary())
    if glyphs is not None:
        inner.CIDToGIDMap = pdf.make_stream(glyphs)
    return pikepdf.Dictionary(
        Subtype=pikepdf.Name.Type0,
        BaseFont=pikepdf.Name("/ABCDEF+Tinos-Bold-Italic"),
        DescendantFonts=pikepdf.Array([inner]),
        ToUnicode=pdf.make_stream(program),
    )


def test_a_font_says_its_letters_one_by_one_in_ranges_and_in_lists() -> None:
    program = b"""1 beginbfchar <0001> <1EBF> endbfchar
        2 beginbfrange <0002> <0004> <0061> <0010> <0011> [<0041> <00660069>] endbfrange"""
    pdf = pikepdf.new()
    font = read_font(composite(pdf, program, []))
    assert font.letters == {1: "ế", 2: "a", 3: "b", 4: "c", 0x10: "A", 0x11: "fi"}


def test_a_font_says_its_widths_in_lists_in_ranges_or_not_at_all() -> None:
    pdf = pikepdf.new()
    font = read_font(composite(pdf, b"", [3, pikepdf.Array([250, 300]), 7, 9, 400]))
    assert [font.width(code) for code in (3, 4, 5, 7, 9)] == [250, 300, 900, 400, 400]


def test_a_code_whose_glyph_is_the_box_is_missing() -> None:
    pdf = pikepdf.new()
    mapped = read_font(composite(pdf, b"", [], b"\0\0\0\5\0\0"))
    assert [mapped.is_missing(code) for code in (0, 1, 2, 3)] == [True, False, True, True]
    straight = read_font(composite(pdf, b"", []))
    assert [straight.is_missing(code) for code in (0, 1)] == [True, False]


def test_a_font_is_known_by_its_name() -> None:
    pdf = pikepdf.new()
    font = read_font(composite(pdf, b"", []))
    assert (font.name, font.family, font.bold, font.italic) == ("Tinos-Bold-Italic", "Tinos", True, True)
    assert (font.subset, font.embedded) == (True, False)


@pytest.mark.parametrize(
    ("roles", "kind"), [({}, "X"), ({"X": "Y", "Y": "P"}, "P"), ({"X": "Y", "Y": "X"}, ""), ({"X": "X"}, "X")]
)
def test_a_kind_of_tag_is_followed_through_the_role_map(roles: dict[str, str], kind: str) -> None:
    assert standard("X", roles) == kind

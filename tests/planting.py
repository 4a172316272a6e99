"""Faults to plant in a finished PDF: each changes as little as makes the fault, and is told by one rule."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pikepdf

from tests.surgery import (
    PIXEL,
    Drawing,
    edit,
    elements,
    heading,
    kids,
    marks_of,
    page_of,
    paragraph,
    parent_tree,
    resize,
    shift,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.surgery import Fault


def wider_paper(pdf: pikepdf.Pdf) -> None:
    left, low, right, high = (float(one) for one in pdf.pages[5].mediabox)
    pdf.pages[5].mediabox = pikepdf.Array([left, low, right + 72 / 25.4, high])


def text_in_the_margin(pdf: pikepdf.Pdf) -> None:
    page, marks = paragraph(pdf)
    edit(pdf, page, marks[2:3], "Tm", shift(across=-8))


def smaller_body(pdf: pikepdf.Pdf) -> None:
    page, marks = paragraph(pdf)
    edit(pdf, page, marks, "Tf", resize(13 / 14))


def closer_lines(pdf: pikepdf.Pdf) -> None:
    page, marks = paragraph(pdf)
    edit(pdf, page, marks[3:4], "Tm", shift(down=-0.4))


def other_font(pdf: pikepdf.Pdf) -> None:
    """The same letters under the name of the font of the drawings."""
    page, marks = paragraph(pdf)
    drawing = Drawing(pdf, page)
    used = next(drawing.steps[at][0][0] for at in drawing.marked(marks[0]) if drawing.steps[at][1] == "Tf")
    fonts = pdf.pages[page - 1].Resources.Font
    fonts["/Other"] = renamed(pdf, fonts[str(used)], "AAAAAA+Be-Vietnam-Pro", "Be Vietnam Pro")
    edit(pdf, page, marks, "Tf", lambda given: [pikepdf.Name.Other, given[1]])


def renamed(pdf: pikepdf.Pdf, font: Any, name: str, family: str) -> Any:  # noqa: ANN401 - objects of the PDF
    copy = pdf.make_indirect(pikepdf.Dictionary(dict(font.items())))
    inner = pikepdf.Dictionary(dict(font.DescendantFonts[0].items()))
    inner.FontDescriptor = pikepdf.Dictionary(dict(inner.FontDescriptor.items()))
    inner.FontDescriptor.FontFamily = pikepdf.String(family)
    copy.DescendantFonts = pikepdf.Array([inner])
    copy.BaseFont = inner.BaseFont = inner.FontDescriptor.FontName = pikepdf.Name(f"/{name}")
    return copy


def folio_block(pdf: pikepdf.Pdf, page: int) -> tuple[Drawing, slice]:
    """A page's drawing and where in it its number is drawn: the first text, from the end, so far up."""
    drawing = Drawing(pdf, page)
    high = [at for at, (given, name) in enumerate(drawing.steps) if name == "Tm" and float(given[5]) * PIXEL < 13]
    blocks = [drawing.block(at) for at in high]
    middle = min(blocks, key=lambda one: abs(across_of(drawing, one) - (30 + 195) / 2))
    return drawing, middle


def across_of(drawing: Drawing, block: slice) -> float:
    return float(next(given[4] for given, name in drawing.steps[block] if name == "Tm")) * PIXEL


def change_folio(page: int, name: str, change: Callable[[list[Any]], list[Any]]) -> Fault:
    def fault(pdf: pikepdf.Pdf) -> None:
        drawing, block = folio_block(pdf, page)
        drawing.steps[block] = [(change(given) if one == name else given, one) for given, one in drawing.steps[block]]
        drawing.put_back()

    return fault


def number_of_another_page(pdf: pikepdf.Pdf) -> None:
    source, block = folio_block(pdf, 2)
    shown = next(given for given, name in source.steps[block] if name in ("TJ", "Tj"))
    change_folio(unlisted_page(pdf), "TJ", lambda _: shown)(pdf)


def unlisted_page(pdf: pikepdf.Pdf) -> int:
    """A page after the first to which no link of the contents leads."""
    names = pikepdf.NameTree(pdf.Root.Names.Dests)
    listed = {names[str(one.Dest)][0].objgen for page in pdf.pages for one in page.get("/Annots", []) if "/Dest" in one}
    upright = (n for n, page in enumerate(pdf.pages, start=1) if page.obj.objgen not in listed and n > 2)
    return next(upright)


def number_on_first(pdf: pikepdf.Pdf) -> None:
    source, block = folio_block(pdf, 2)
    first = Drawing(pdf, 1)
    end = max(at for at, (_, name) in enumerate(first.steps) if name == "EMC") + 1
    first.steps[end:end] = [([pikepdf.Name.Artifact], "BMC"), *source.steps[block], ([], "EMC")]
    first.put_back()


def title_part(words: int) -> Callable[[pikepdf.Pdf], list[int]]:
    """The marks of a paragraph of the first page, by its place among them."""
    return lambda pdf: marks_of([one for one in elements(pdf, "P") if page_of(pdf, one) == 1][words])


SUPERIOR, ISSUER, STAR, NUMBER, DRAFT, NATION, DATE, BELOW = (title_part(at) for at in range(8))


def in_title(part: Callable[[pikepdf.Pdf], list[int]], name: str, change: Callable[[list[Any]], list[Any]]) -> Fault:
    return lambda pdf: edit(pdf, 1, part(pdf), name, change)


def without_text(_: list[Any]) -> list[Any]:
    return [pikepdf.Array()]


def star_and_number_changed_over(pdf: pikepdf.Pdf) -> None:
    edit(pdf, 1, STAR(pdf), "Tm", shift(down=6.7))
    edit(pdf, 1, NUMBER(pdf), "Tm", shift(down=-6.7))


def issuer_not_bold(pdf: pikepdf.Pdf) -> None:
    plain = next(given[0] for given in operands(pdf, 1, SUPERIOR(pdf), "Tf"))
    edit(pdf, 1, ISSUER(pdf), "Tf", lambda given: [plain, given[1]])
    edit(pdf, 1, ISSUER(pdf), "TJ", lambda _: next(iter(operands(pdf, 1, SUPERIOR(pdf), "TJ"))))


def operands(pdf: pikepdf.Pdf, page: int, marks: list[int], name: str) -> list[list[Any]]:
    drawing = Drawing(pdf, page)
    return [drawing.steps[at][0] for mark in marks for at in drawing.marked(mark) if drawing.steps[at][1] == name]


def no_rule_below_the_nation(pdf: pikepdf.Pdf) -> None:
    drawing = Drawing(pdf, 1)
    drawing.steps = [(given, "n" if name in ("f", "f*", "S") else name) for given, name in drawing.steps]
    drawing.put_back()


def fonts_of(pdf: pikepdf.Pdf, family: str) -> list[Any]:
    found = {
        font.objgen: font
        for page in pdf.pages
        for font in page.Resources.get("/Font", {}).values()
        if font.DescendantFonts[0].FontDescriptor.FontFamily == family
    }
    return [found[place] for place in sorted(found)]


def font_left_out(pdf: pikepdf.Pdf) -> None:
    """A drawing that names a font which only another has."""
    for page in pdf.pages:
        for form in page.Resources.get("/XObject", {}).values():
            if b" Tf" in form.read_bytes():
                form.Resources = pikepdf.Dictionary()
                return


def font_not_embedded(pdf: pikepdf.Pdf) -> None:
    del fonts_of(pdf, "Tinos")[0].DescendantFonts[0].FontDescriptor["/FontFile2"]


def whole_font(pdf: pikepdf.Pdf) -> None:
    font = fonts_of(pdf, "Tinos")[0]
    font.BaseFont = pikepdf.Name("/" + str(font.BaseFont).partition("+")[2])


def font_without_letters(pdf: pikepdf.Pdf) -> None:
    for font in fonts_of(pdf, "Be Vietnam Pro"):
        del font["/ToUnicode"]


def unexpected_font(pdf: pikepdf.Pdf) -> None:
    for font in fonts_of(pdf, "Be Vietnam Pro")[:1]:
        font.DescendantFonts[0].FontDescriptor.FontFamily = pikepdf.String("Arial")


def missing_glyph(pdf: pikepdf.Pdf) -> None:
    edit(pdf, *heading(pdf), "TJ", lambda given: [pikepdf.Array([pikepdf.String(b"\0\0"), *given[0]])])


def unknown_letter(pdf: pikepdf.Pdf) -> None:
    edit(pdf, *heading(pdf), "TJ", lambda given: [pikepdf.Array([pikepdf.String(b"\xff\xf0"), *given[0]])])


def entries(pdf: pikepdf.Pdf) -> list[tuple[int, list[int], list[int]]]:
    """The page of each line of the contents with the marks of its title and of its number, the numbered lines alone."""
    found = []
    for one in elements(pdf, "LBody"):
        marks = sorted(marks_of(one))
        texts = [operands(pdf, page_of(pdf, one), [mark], "TJ") for mark in marks]
        if len(marks) == 2 and all(texts) and page_of(pdf, one) == 2:
            found.append((2, marks[:1], marks[1:]))
    return found


def swapped(of: int) -> Fault:
    """Two lines of the contents with the titles (1) or numbers (2) of each other, alike in length and font."""

    def fault(pdf: pikepdf.Pdf) -> None:
        lines = entries(pdf)
        shown = [operands(pdf, page, (title, number)[of - 1], "TJ")[0] for page, title, number in lines]
        widths = [len(pikepdf.Array(one[0]).unparse()) for one in shown]
        numbers = [pikepdf.Array(operands(pdf, page, number, "TJ")[0][0]).unparse() for page, _, number in lines]
        fonts = [str(operands(pdf, page, title, "Tf")[0][0]) for page, title, _ in lines]
        pairs = [
            (a, b) for a in range(len(lines)) for b in range(a) if numbers[a] != numbers[b] and fonts[a] == fonts[b]
        ]
        one, other = min(pairs, key=lambda pair: abs(widths[pair[0]] - widths[pair[1]]))
        for here, there in ((one, other), (other, one)):
            page, *marks = lines[here]
            edit(pdf, page, marks[of - 1], "TJ", partial(_always, shown[there]))

    return fault


def _always(answer: list[Any], _: list[Any]) -> list[Any]:
    return answer


def links(pdf: pikepdf.Pdf) -> list[Any]:
    return [one for page in pdf.pages for one in page.get("/Annots", []) if one.Subtype == "/Link"]


def broken_link(pdf: pikepdf.Pdf) -> None:
    links(pdf)[-1].Dest = pikepdf.String("khong-co")


def numbers_outside_their_links(pdf: pikepdf.Pdf) -> None:
    """The same as wrong numbers, but the links of the contents end before the numbers."""
    swapped(2)(pdf)
    for one in links(pdf):
        left, _, right, _ = (float(side) for side in one.Rect)
        if right > 550 and right - left < 40:
            one.Rect = pikepdf.Array([0, 0, 1, 1])


def link_described_by_its_target(pdf: pikepdf.Pdf) -> None:
    one = next(one for one in links(pdf) if "/Dest" in one)
    one.Contents = pikepdf.String(str(one.Dest))


def silent_link(pdf: pikepdf.Pdf) -> None:
    del links(pdf)[0]["/Contents"]


def link_without_tag(pdf: pikepdf.Pdf) -> None:
    tag = next(
        one for one in elements(pdf, "Link") if any("/Obj" in kid for kid in kids(one) if not isinstance(kid, int))
    )
    tag.K = pikepdf.Array([kid for kid in kids(tag) if isinstance(kid, int) or "/Obj" not in kid])


def link_without_way_back(pdf: pikepdf.Pdf) -> None:
    del links(pdf)[0]["/StructParent"]


def bookmark(pdf: pikepdf.Pdf) -> Any:  # noqa: ANN401 - an object of the PDF
    return pdf.Root.Outlines.First


def no_bookmarks(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/Outlines"]


def bookmark_to_nowhere(pdf: pikepdf.Pdf) -> None:
    bookmark(pdf).Dest = pikepdf.String("khong-co")


def bookmark_of_another_page(pdf: pikepdf.Pdf) -> None:
    bookmark(pdf).Dest = pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.XYZ, 0, 800, 0])


def bookmarks_out_of_order(pdf: pikepdf.Pdf) -> None:
    """A bookmark lower on its page than the one after it, which leads to the same page."""
    one = bookmark(pdf)
    title = pikepdf.Dictionary(Title=one.Title, Dest=pikepdf.Array([one.Dest[0], pikepdf.Name.XYZ, 0, 100, 0]))
    title.Next, title.Parent = one, pdf.Root.Outlines
    pdf.Root.Outlines.First = pdf.make_indirect(title)


def heading_skipped(pdf: pikepdf.Pdf) -> None:
    elements(pdf, "H3")[0].S = pikepdf.Name.H5


def table_without_heads(pdf: pikepdf.Pdf) -> None:
    def rename(one: Any) -> None:  # noqa: ANN401 - an object of the PDF
        if one.S == "/TH":
            one.S = pikepdf.Name.TD
        for kid in kids(one):
            if not isinstance(kid, int) and "/S" in kid:
                rename(kid)

    rename(elements(pdf, "Table")[0])


def cells_without_heads(pdf: pikepdf.Pdf) -> None:
    for one in (*elements(pdf, "TD")[:3], *elements(pdf, "TH")[:3]):
        if "/A" in one:
            del one["/A"]


def figure_without_text(pdf: pikepdf.Pdf) -> None:
    del elements(pdf, "Figure")[0]["/Alt"]


def holder(pdf: pikepdf.Pdf) -> Any:  # noqa: ANN401 - an object of the PDF
    """The tag of the last line of the longest paragraph."""
    page, marks = paragraph(pdf)
    return next(one for one in elements(pdf) if marks[-1] in kids(one) and page_of(pdf, one) == page)


def content_not_in_tree(pdf: pikepdf.Pdf) -> None:
    one = holder(pdf)
    one.K = pikepdf.Array(kids(one)[1:])


def tag_without_content(pdf: pikepdf.Pdf) -> None:
    one = holder(pdf)
    one.K = pikepdf.Array([*kids(one), 9999])


def content_in_two_tags(pdf: pikepdf.Pdf) -> None:
    one = holder(pdf)
    one.P.K = pikepdf.Array([*kids(one.P), kids(one)[0]])


def hole_in_the_parent_tree(pdf: pikepdf.Pdf) -> None:
    page, marks = paragraph(pdf)
    parent_tree(pdf)[int(pdf.pages[page - 1].StructParents)][marks[1]] = pikepdf.Object.parse(b"null")


def id_twice(pdf: pikepdf.Pdf) -> None:
    """Two cells that nobody names take one name."""
    for one in elements(pdf, "TD")[:2]:
        one.ID = pikepdf.String("twice")
    names = pikepdf.NameTree.new(pdf)
    names["twice"] = elements(pdf, "TD")[0]
    pdf.Root.StructTreeRoot.IDTree = names.obj


def names_in_no_table(pdf: pikepdf.Pdf) -> None:
    elements(pdf, "TD")[0].ID = pikepdf.String("once")


def unmarked_text(pdf: pikepdf.Pdf) -> None:
    drawing, block = folio_block(pdf, 3)
    begin = max(at for at in range(block.start) if drawing.steps[at][1] in ("BMC", "BDC"))
    end = next(at for at in range(block.stop, len(drawing.steps)) if drawing.steps[at][1] == "EMC")
    drawing.steps[begin], drawing.steps[end] = ([], "q"), ([], "Q")
    drawing.put_back()


def head_as_text(pdf: pikepdf.Pdf) -> None:
    page = 3
    drawing, block = folio_block(pdf, page)
    mark = max(at for at in range(block.start) if drawing.steps[at][1] in ("BMC", "BDC"))
    drawing.steps[mark] = ([pikepdf.Name.Span, pikepdf.Dictionary(MCID=9999)], "BDC")
    drawing.put_back()


def unknown_tag(pdf: pikepdf.Pdf) -> None:
    elements(pdf, "Caption")[0].S = pikepdf.Name("/Legende")


def tag_remapped(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.RoleMap = pikepdf.Dictionary(Caption=pikepdf.Name.P)


def not_marked(pdf: pikepdf.Pdf) -> None:
    pdf.Root.MarkInfo.Marked = False


def no_language(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/Lang"]


def title_not_shown(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/ViewerPreferences"]


def without_metadata(key: str) -> Fault:
    def fault(pdf: pikepdf.Pdf) -> None:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            del metadata[key]

    return fault


def other_labels(pdf: pikepdf.Pdf) -> None:
    pdf.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([0, pikepdf.Dictionary(S=pikepdf.Name.r)]))


FAULTS: dict[str, tuple[Fault, str]] = {
    "a page of other paper": (wider_paper, "pdf-paper-size"),
    "text in the margin": (text_in_the_margin, "pdf-margin"),
    "a smaller body": (smaller_body, "pdf-body-size"),
    "closer lines": (closer_lines, "pdf-line-pitch"),
    "another font": (other_font, "pdf-body-font"),
    "a number at the bottom": (change_folio(5, "Tm", shift(down=270)), "pdf-folio-place"),
    "a number beside the middle": (change_folio(5, "Tm", shift(across=30)), "pdf-folio-place"),
    "a smaller number": (change_folio(5, "Tf", resize(0.8)), "pdf-folio-size"),
    "a page without its number": (change_folio(5, "TJ", without_text), "pdf-folio-missing"),
    "another page's number": (number_of_another_page, "pdf-folio-value"),
    "a number on the first page": (number_on_first, "pdf-folio-on-first"),
    "no star": (in_title(STAR, "TJ", without_text), "pdf-title-missing"),
    "no issuing body": (in_title(ISSUER, "TJ", without_text), "pdf-title-missing"),
    "no heading": (in_title(NATION, "TJ", without_text), "pdf-title-missing"),
    "no five hyphens": (in_title(BELOW, "TJ", without_text), "pdf-title-missing"),
    "the number above the star": (star_and_number_changed_over, "pdf-title-place"),
    "the date above the heading": (in_title(DATE, "Tm", shift(down=-11)), "pdf-title-place"),
    "a smaller draft note": (in_title(DRAFT, "Tf", resize(12 / 14)), "pdf-title-size"),
    "an issuing body that is not bold": (issuer_not_bold, "pdf-title-style"),
    "no rule below the heading": (no_rule_below_the_nation, "pdf-title-rule"),
    "a font that is left out": (font_left_out, "pdf-font-absent"),
    "a font that is not embedded": (font_not_embedded, "pdf-font-not-embedded"),
    "a whole font": (whole_font, "pdf-font-not-subset"),
    "a font without letters": (font_without_letters, "pdf-font-no-letters"),
    "an unexpected font": (unexpected_font, "pdf-font-unexpected"),
    "a box instead of a letter": (missing_glyph, "pdf-glyph-missing"),
    "a letter that cannot be told": (unknown_letter, "pdf-letter-unknown"),
    "wrong numbers in the contents": (swapped(2), "pdf-contents-number"),
    "wrong numbers outside the links": (numbers_outside_their_links, "pdf-contents-number"),
    "wrong titles in the contents": (swapped(1), "pdf-contents-title"),
    "a link to nowhere": (broken_link, "pdf-link-broken"),
    "no bookmarks": (no_bookmarks, "pdf-no-bookmarks"),
    "a bookmark to nowhere": (bookmark_to_nowhere, "pdf-bookmark-broken"),
    "a bookmark to another page": (bookmark_of_another_page, "pdf-bookmark-title"),
    "bookmarks out of order": (bookmarks_out_of_order, "pdf-bookmark-order"),
    "tags that are not told of": (not_marked, "pdf-not-marked"),
    "a tag that nobody knows": (unknown_tag, "pdf-unknown-tag"),
    "a tag with another's meaning": (tag_remapped, "pdf-tag-remapped"),
    "text without a tag": (unmarked_text, "pdf-content-untagged"),
    "text that is not in the tree": (content_not_in_tree, "pdf-content-not-in-tree"),
    "a tag without text": (tag_without_content, "pdf-tag-without-content"),
    "text in two tags": (content_in_two_tags, "pdf-content-twice"),
    "a hole in the parent tree": (hole_in_the_parent_tree, "pdf-parent-tree"),
    "a number that is read aloud": (head_as_text, "pdf-head-as-text"),
    "a link without words": (silent_link, "pdf-link-silent"),
    "a link described by its target": (link_described_by_its_target, "pdf-link-named"),
    "a link without a tag": (link_without_tag, "pdf-link-untagged"),
    "a link without a way back": (link_without_way_back, "pdf-link-parent"),
    "a name used twice": (id_twice, "pdf-id-twice"),
    "names in no table": (names_in_no_table, "pdf-no-id-table"),
    "a heading that skips a level": (heading_skipped, "pdf-heading-skipped"),
    "a table without heads": (table_without_heads, "pdf-table-no-heads"),
    "cells without their heads": (cells_without_heads, "pdf-table-cells-unexplained"),
    "a figure without a text": (figure_without_text, "pdf-figure-no-text"),
    "no language": (no_language, "pdf-no-language"),
    "a title that is not shown": (title_not_shown, "pdf-title-not-shown"),
    "no title": (without_metadata("dc:title"), "pdf-no-title"),
    "no claim of PDF/UA": (without_metadata("pdfuaid:part"), "pdf-no-standard"),
    "labels of their own": (other_labels, "pdf-label-differs"),
}

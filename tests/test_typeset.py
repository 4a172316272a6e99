"""The PDF itself: page numbers, links, bookmarks, tags, fonts, measures, and what the typesetter refuses."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

from galley.errors import GalleyError
from tests.printing import LETTERS, ROOT, printed, typeset_here, with_more

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POINT = 25.4 / 72
_WORD = re.compile(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')
_SAME_BYTES = """
import datetime, hashlib, pathlib, sys
from tests.printing import printed, typeset_here
cache = pathlib.Path(sys.argv[1])
document = printed(cache, day=datetime.date(2021, 8, 15))
print(hashlib.sha256(typeset_here(document, cache)).hexdigest())
"""


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small book as a PDF."""
    folder = tmp_path_factory.mktemp("pdf")
    path = folder / "report.pdf"
    path.write_bytes(typeset_here(printed(folder / "cache", day=date(2021, 8, 15)), folder / "cache"))
    return path


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _page_text(pdf: Path, page: int) -> str:
    text = _run("pdftotext", "-f", str(page), "-l", str(page), str(pdf), "-")
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))


def _words(pdf: Path, page: int) -> list[tuple[float, float, float, float, str]]:
    """The words of a page with their boxes (left, top, right, bottom) in mm from its upper left corner."""
    text = _run("pdftotext", "-bbox", "-f", str(page), "-l", str(page), str(pdf), "-")
    return [
        (*(float(one) * POINT for one in (left, top, right, bottom)), word)
        for left, top, right, bottom, word in _WORD.findall(text)
    ]


def _destinations(opened: pikepdf.Pdf) -> dict[str, int]:
    """The page, from 1, of each named destination."""
    pages = {page.obj.objgen: number for number, page in enumerate(opened.pages, start=1)}
    names = pikepdf.NameTree(opened.Root.Names.Dests)
    return {str(name): pages[place[0].objgen] for name, place in names.items()}


def _links(opened: pikepdf.Pdf) -> Iterator[tuple[int, Any]]:
    for number, page in enumerate(opened.pages, start=1):
        for annotation in page.get("/Annots", []):
            if annotation.Subtype == "/Link":
                yield number, annotation


def test_every_page_number_of_the_contents_is_that_of_the_page_it_leads_to(pdf: Path) -> None:
    checked = []
    with pikepdf.open(pdf) as opened:
        destinations = _destinations(opened)
        first = destinations["phan-1"]
        for page, link in _links(opened):
            if page >= first or "/Dest" not in link:
                continue
            height = float(opened.pages[page - 1].mediabox[3]) * POINT
            top, bottom = sorted(height - float(link.Rect[side]) * POINT for side in (1, 3))
            printed_number = [
                word
                for left, upper, _, lower, word in _words(pdf, page)
                if left > 180 and word.isdigit() and top < (upper + lower) / 2 < bottom
            ]
            if printed_number:
                checked.append(str(link.Dest))
                assert printed_number == [str(destinations[str(link.Dest)])]
    assert {"phan-1", "chapters-dan-so", "chapters-dan-so--chu-cai", "provinces-lang-son", "phu-luc-2"} <= set(checked)
    assert {"chapters-dan-so--bang-rong", "chapters-dan-so--hinh-ban-do", "phu-luc--dan-so"} <= set(checked)


def test_a_heading_stands_on_the_page_of_its_destination(pdf: Path) -> None:
    with pikepdf.open(pdf) as opened:
        destinations = _destinations(opened)
    assert "Phần thứ nhất TÌNH HÌNH" in _page_text(pdf, destinations["phan-1"])
    assert "1.2. Chữ cái" in _page_text(pdf, destinations["chapters-dan-so--chu-cai"])
    assert "2. Lạng Sơn" in _page_text(pdf, destinations["provinces-lang-son"])


def test_every_internal_link_has_a_destination_and_says_what_it_is(pdf: Path) -> None:
    with pikepdf.open(pdf) as opened:
        destinations = _destinations(opened)
        internal = [link for _, link in _links(opened) if "/Dest" in link]
        assert len(internal) > 10
        assert {str(link.Dest) for link in internal} <= set(destinations)
        assert all(str(link.get("/Contents", "")) for link in internal)


def test_bookmarks_lead_through_parts_chapters_and_sections(pdf: Path) -> None:
    with pikepdf.open(pdf) as opened, opened.open_outline() as outline:
        part = next(one for one in outline.root if one.title.startswith("Phần thứ nhất"))
        chapter = part.children[0]
        section = chapter.children[1]
    assert part.title == "Phần thứ nhất. Tình hình"
    assert (chapter.title, section.title) == ("1. Dân số", "1.2. Chữ cái")
    assert [one.title for one in section.children] == ["1.2.1. Bảng rộng"]


def test_the_file_is_sound(pdf: Path) -> None:
    assert "No syntax or stream encoding errors found" in _run("qpdf", "--check", str(pdf))


def test_only_the_intended_fonts_are_there_embedded_and_with_their_letters(pdf: Path) -> None:
    rows = [line.split() for line in _run("pdffonts", str(pdf)).splitlines()[2:]]
    names = sorted(row[0].partition("+")[2] for row in rows)
    assert names == [
        "Be-Vietnam-Pro",
        "Be-Vietnam-Pro-Semi-Bold",
        "Tinos",
        "Tinos-Bold",
        "Tinos-Bold-Italic",
        "Tinos-Italic",
    ]
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows)


def test_every_vietnamese_letter_is_drawn_from_the_text_s_own_font(pdf: Path) -> None:
    """No other font is in the file (above) and typesetting fails on a missing glyph (below); so each letter is here."""
    text = unicodedata.normalize("NFC", _run("pdftotext", str(pdf), "-"))
    assert len(set(LETTERS)) == 186
    assert set(LETTERS) <= set(text)


def test_codes_are_neither_split_nor_lost_to_a_search(pdf: Path) -> None:
    text = _run("pdftotext", str(pdf), "-")
    assert text.count("37-NQ/TW") == 40
    assert text.count("27/2008/QĐ-TTg") == 40


def test_the_file_is_tagged_in_vietnamese_with_texts_for_its_figures(pdf: Path) -> None:
    with pikepdf.open(pdf) as opened:
        elements = [
            one for one in opened.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/StructElem"
        ]
        kinds = {str(one.S) for one in elements}
        figures = [str(one.get("/Alt", "")) for one in elements if one.S == "/Figure"]
        assert opened.Root.Lang == "vi"
        assert opened.Root.MarkInfo.Marked
        assert opened.open_metadata()["pdfuaid:part"] == "1"
    assert {"/H1", "/H2", "/H3", "/H4", "/P", "/L", "/Table", "/TH", "/TD", "/Caption", "/Link"} <= kinds
    assert [one.split(":")[0] for one in figures] == ["Biểu đồ đường", "Bản đồ ô vuông"]


def test_title_author_and_dates_come_from_the_report_and_its_commit(pdf: Path) -> None:
    with pikepdf.open(pdf) as opened:
        assert str(opened.docinfo.Title) == "Báo cáo thử"
        assert str(opened.docinfo.Author) == "Cơ quan thử"
        assert str(opened.docinfo.CreationDate).startswith("D:20200913122640")


def test_a_wide_table_lies_and_all_other_pages_stand(pdf: Path) -> None:
    with pikepdf.open(pdf) as opened:
        wide = _destinations(opened)["chapters-dan-so--bang-rong"]
        sizes = {
            number: tuple(round(float(one) * POINT) for one in page.mediabox[2:])
            for number, page in enumerate(opened.pages, start=1)
        }
    assert sizes.pop(wide) == (297, 210)
    statement = [number for number, size in sizes.items() if size == (297, 210)]
    assert all("Biểu số" in _page_text(pdf, number) for number in statement)
    assert sizes[1] == (210, 297)
    assert "Một mục nữa" in _page_text(pdf, wide + 1)


def test_the_first_page_has_no_number_and_the_others_have_theirs_ten_millimetres_down(pdf: Path) -> None:
    assert not [word for _, top, _, _, word in _words(pdf, 1) if top < 15 and word.isdigit()]
    left, top, right, bottom, word = next(one for one in _words(pdf, 2) if one[1] < 15)
    assert word == "2"
    assert (left + right) / 2 == pytest.approx((30 + 195) / 2, abs=0.5)
    assert top < 10 < bottom


def test_the_text_keeps_to_the_margins_and_the_line_pitch_of_the_profile(pdf: Path) -> None:
    with pikepdf.open(pdf) as opened:
        page = _destinations(opened)["chapters-dan-so--chu-cai"]
    body = [one for one in _words(pdf, page) if one[1] > 18 and not re.fullmatch(r"\d+\.\d+", one[4])]
    assert min(one[0] for one in body) == pytest.approx(30, abs=0.3)
    assert max(one[2] for one in body) == pytest.approx(195, abs=0.3)
    assert max(one[3] for one in body) < 297 - 20 + 0.5
    tops = sorted({round(one[1], 2) for one in body})
    pitches = [round((after - before) / POINT) for before, after in pairwise(tops)]
    assert pitches.count(19) > 10


@pytest.mark.parametrize(
    "picture",
    ["file:///etc/hostname", "http://127.0.0.1:1/x.svg", "data:image/svg+xml,<svg/>", "drawings/khong-co.svg"],
)
def test_what_is_not_among_the_document_s_own_files_is_refused(tmp_path: Path, picture: str) -> None:
    with pytest.raises(GalleyError) as caught:
        typeset_here(with_more(printed(tmp_path), f"<img alt='x' src='{picture}'/>"), tmp_path)
    assert caught.value.rule == "typeset-failed"
    assert picture.partition(":")[0] in caught.value.arguments["problem"]


@pytest.mark.parametrize(
    "fault",
    [
        "<img alt='x' src='drawings/hong.svg'/>",  # a drawing that is no SVG
        "<p>\u4e2d\U0001f9ff\ue000</p>",  # letters that no font has
        "<p><a href='#khong-co'>x</a></p>",  # a link that leads nowhere
        "<p style='colour: red'>x</p>",  # a property that does not exist
        "<img src='drawings/tot.svg'/>",  # a picture without a text
    ],
)
def test_whatever_the_typesetter_warns_of_stops_the_build(tmp_path: Path, fault: str) -> None:
    document = printed(tmp_path)
    good = next(picture for one in document.fascicles for picture in one.pictures)
    assets = (
        replace(good, path=good.path.with_name("hong.svg"), content=b"<svg"),
        replace(good, path=good.path.with_name("tot.svg")),
    )
    with pytest.raises(GalleyError) as caught:
        typeset_here(with_more(document, fault, *assets), tmp_path)
    assert caught.value.rule == "typeset-failed"


def test_two_processes_give_the_same_bytes(tmp_path: Path) -> None:
    digests = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        command = (sys.executable, "-c", _SAME_BYTES, str(tmp_path / seed))
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, cwd=ROOT)
        digests.add(done.stdout.strip())
    assert len(digests) == 1


@pytest.mark.parametrize("seed", range(4))
def test_each_footnote_stands_in_order_on_the_page_of_its_call(seed: int, tmp_path: Path) -> None:
    """WeasyPrint 70 puts notes off, and loses those of a line that it keeps on a page by putting off others."""
    generator = random.Random(seed)
    words = (
        "khối",
        "lượng",
        "hàng",
        "hóa",
        "của",
        "vùng",
        "tăng",
        "đều",
        "qua",
        "nhiều",
        "năm",
        "nhưng",
        "thấp",
        "hơn",
    )

    def paragraph(number: int) -> str:
        text = [generator.choice(words) for _ in range(generator.choice((40, 48, 56, 64)))]
        text[len(text) * 2 // 5] += (
            f'gọi-{number:02d}<span class="footnote">chú-{number:02d} Nghị quyết của một cơ quan, đăng trên một tờ '
            "báo có tên rất dài để chú thích chiếm hai dòng ở cuối trang (01/01/2020).</span>"
        )
        return f"<p>{' '.join(text)}.</p>"

    html = f'<section class="chapter">{"".join(map(paragraph, range(45)))}</section>'
    pdf = tmp_path / "notes.pdf"
    pdf.write_bytes(typeset_here(with_more(printed(tmp_path), html), tmp_path))
    pages = _run("pdftotext", "-raw", str(pdf), "-").split("\f")
    assert [number for page in pages for number in re.findall(r"chú-(\d\d)", page)] == [f"{n:02d}" for n in range(45)]
    assert [re.findall(r"gọi-(\d\d)", page) for page in pages] == [re.findall(r"chú-(\d\d)", page) for page in pages]

"""Opinions find their places in the draft by number, quote or title; what cannot be found is told, not guessed."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from galley.exchange.given import Given, Origin
from galley.exchange.placing import Places, Placing
from galley.review.places import Draft, find_spot
from tests.opinion_files import CHAPTERS, DRAFT

POPULATION, BORDER, PROVINCE = "chapters/dan-so.md", "chapters/bien-gioi.md", "provinces/lang-son.md"
PLACES = Places(DRAFT)


def find(place: str = "", quote: str = "", **more: str) -> Placing:
    return PLACES.find(Given(Origin("row", 2), "", "Ý kiến", place, quote=quote, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("place", "about"),
    [
        ("đoạn 2.12", f"{BORDER}#12"),
        ("2.12", f"{BORDER}#12"),
        ("Mục 2.12", f"{BORDER}#12"),
        ("Đoạn số 2.12, trang 45", f"{BORDER}#12"),
        ("Chương 2, đoạn 12", f"{BORDER}#12"),
        ("Đoạn 12, Chương II", f"{BORDER}#12"),
        ("đoạn thứ 12 chương 2", f"{BORDER}#12"),
        ("mục 2.1, đoạn 2.3", f"{BORDER}#3"),
        ("Đoạn 3 phần Dân số", f"{POPULATION}#3"),
        ("Bảng 1.1", f"{POPULATION}#2"),
        ("Chương 2", BORDER),
        ("Chương III", PROVINCE),
        ("Chương 2. Thương mại biên giới", BORDER),
        ("Thương mại biên giới", BORDER),
        ("THƯƠNG MẠI BIÊN GIỚI", BORDER),
        ("2. Thương mại biên giới", BORDER),
        ("II- Thương mại biên giới", BORDER),
        ("Hồ sơ tỉnh Lạng Sơn", PROVINCE),
        ("Mục Cửa khẩu", f"{BORDER}#muc-1"),
        ("Chương Thương mại biên giới, mục “Hạn chế”", f"{BORDER}#muc-4"),
        ("Mục 2.1. Cửa khẩu", f"{BORDER}#muc-1"),
    ],
)
def test_a_place_in_words_is_found_and_sure(place: str, about: str) -> None:
    found = find(place)
    assert (found.about, found.doubt, found.exact) == (about, "", True)


@pytest.mark.parametrize(
    ("place", "about", "doubt", "exact"),
    [
        ("đoạn 2.99", BORDER, "no-paragraph", False),
        ("Bảng 2.7", BORDER, "no-paragraph", False),
        ("đoạn 9.1", "", "no-chapter", False),
        ("trang 12, dòng 5 từ trên xuống", "", "pages", False),
        ("Trang 12, Chương 2", BORDER, "pages", False),
        ("trang 12, đoạn 2", "", "pages", False),
        ("Chương 2, đoạn 2, trang 40", f"{BORDER}#2", "page", True),
        ("đoạn 2 mục 2.1", BORDER, "relative", False),
        ("đoạn 12", "", "no-chapter", False),
        ("Mục Hạn chế", "", "ambiguous", False),
        ("đoạn 2.3, 2.5", f"{BORDER}#3", "several", True),
        ("đoạn 2.3 - 2.5", f"{BORDER}#3", "several", True),
        ("Chương 2, đoạn 3 và 5", f"{BORDER}#3", "several", True),
        ("mục 2.2", f"{BORDER}#2", "section", True),
        ("Lĩnh vực thương mại biên giới và dịch vụ", BORDER, "title", True),
        ("Thương mại", BORDER, "title", True),
        ("biên giới, thương mại", "", "no-place", False),
        ("Toàn văn", "", "no-place", False),
        ("", "", "no-place", False),
        ("ngày 2.3.2021", "", "no-place", False),
        ("tăng 2.3%", "", "no-place", False),
    ],
)
def test_what_is_unsure_or_lost_is_told(place: str, about: str, doubt: str, *, exact: bool) -> None:
    found = find(place)
    assert (found.about, found.doubt, found.exact) == (about, doubt, exact)


@pytest.mark.parametrize(
    "quote",
    [
        "kim ngạch xuất khẩu qua các cửa khẩu",
        "“Kim ngạch  xuất khẩu\nqua các cửa khẩu”",
        unicodedata.normalize("NFD", "KIM NGẠCH XUẤT KHẨU"),
        "gấp hai lần năm 2010",
        "Kim ngạch xuất khẩu … gấp hai lần năm 2010...",
        "ngạch xuất kh",
    ],
)
def test_a_quote_is_found_whatever_its_case_blanks_and_marks(quote: str) -> None:
    found = find(quote=quote)
    assert (found.about, found.way, found.doubt) == (f"{BORDER}#1", "quote", "")


def test_tone_marks_may_stand_in_either_place() -> None:
    chapters = (replace(CHAPTERS[0], pieces=(replace(CHAPTERS[0].pieces[1], text="Tỉnh Hòa Bình, Ủy ban"),)),)
    found = Places(Draft(chapters)).find(Given(Origin("row", 2), "", "x", quote="Hoà Bình, Uỷ ban"))
    assert found.about == f"{POPULATION}#1"


def test_a_quote_that_stands_in_several_paragraphs_is_not_guessed() -> None:
    assert find(quote="cửa khẩu").doubt == "quote-several"
    assert find(quote="năm 2020", place="Chương 2").about == f"{BORDER}#1"
    assert find(quote="cửa khẩu", place="Chương 2") == Placing(
        BORDER, "Thương mại biên giới", "chapter", "quote-several"
    )


def test_the_paragraph_of_a_comment_tells_which_of_several_is_meant() -> None:
    found = find(quote="cửa khẩu", paragraph="Đường bộ nối các cửa khẩu còn hẹp.")
    assert (found.about, found.way, found.doubt) == (f"{BORDER}#3", "quote", "")


def test_a_comment_without_a_quote_is_about_its_paragraph() -> None:
    found = find(paragraph="Đường bộ nối các cửa khẩu còn hẹp.")
    assert (found.about, found.way, found.doubt) == (f"{BORDER}#3", "paragraph", "")


def test_a_quote_that_is_almost_right_is_proposed_and_not_sure() -> None:
    found = find(quote="Hạ tầng của cửa khẩu Hữu Nghị được nâng cấp nhiều, thời gian thông quan giảm một nửa")
    assert (found.about, found.way, found.doubt, found.exact) == (f"{BORDER}#2", "near", "near", True)


def test_a_quote_of_other_words_finds_nothing() -> None:
    assert find(quote="Phát triển du lịch cộng đồng gắn với bảo tồn văn hóa").doubt == "no-quote"
    assert find(quote="du lịch", place="Chương 1") == Placing(POPULATION, "Dân số", "chapter", "no-quote")


def test_words_that_several_paragraphs_share_alike_are_not_near_to_one() -> None:
    assert find(quote="Đoạn bổ sung mang số nào của chương này").about == ""


def test_a_number_goes_before_a_quote_and_a_quote_elsewhere_is_told() -> None:
    found = find("đoạn 2.3", "Kim ngạch xuất khẩu")
    assert (found.about, found.doubt, found.elsewhere) == (f"{BORDER}#3", "quote-elsewhere", "2.1")
    assert find("đoạn 2.3", "du lịch").doubt == "no-quote"
    assert find("mục 2.2", "thời gian thông quan").doubt == ""


def test_a_quote_goes_before_a_page_or_a_paragraph_that_is_not_there() -> None:
    assert find("trang 12, dòng 5", "còn hẹp").about == f"{BORDER}#3"
    assert find("đoạn 2.99", "còn hẹp").about == f"{BORDER}#3"


def test_a_quote_in_another_chapter_than_the_one_named_is_told() -> None:
    found = find("Chương 1", "còn hẹp")
    assert (found.about, found.doubt) == (f"{BORDER}#3", "other-chapter")


def test_a_number_that_the_spreadsheet_may_have_changed_is_not_sure() -> None:
    given = Given(Origin("row", 2), "", "x", "2.1", shown=True)
    assert (PLACES.find(given).about, PLACES.find(given).doubt) == (f"{BORDER}#1", "shown")
    quoted = replace(given, quote="Đoạn bổ sung mang số 10")
    assert (PLACES.find(quoted).about, PLACES.find(quoted).way) == (f"{BORDER}#10", "quote")


def test_what_a_place_leaves_out_stands_above_the_rows() -> None:
    section = "Chương 2. Thương mại biên giới"
    assert find("Đoạn 12", section=section).about == f"{BORDER}#12"
    assert find("Mục Hạn chế", section=section).about == f"{BORDER}#muc-4"
    assert find("", section=section) == Placing(BORDER, "Thương mại biên giới", "chapter", exact=True)
    assert find("Đoạn 1.2", section=section).about == f"{POPULATION}#2"
    assert find("gạch đầu dòng cuối", section=section).doubt == "unclear"
    assert find("", section="Ý kiến chung").about == ""


def test_numbers_of_an_edition_become_those_of_the_whole_draft() -> None:
    path = PurePosixPath(BORDER)
    names = {(path, f"doan-{number + 2}"): f"doan-{number}" for number in range(1, 13)}
    edition = Draft(CHAPTERS[1:], names)
    found = Places(edition).find(Given(Origin("row", 2), "", "x", "đoạn 2.3"))
    assert (found.about, found.shown) == (f"{BORDER}#5", "2.3")
    spot = find_spot(edition, found.about)
    assert spot is not None
    assert spot.text == "Đường bộ nối các cửa khẩu còn hẹp."


def test_every_paragraph_is_found_by_its_number_and_by_its_words() -> None:
    for one in CHAPTERS:
        for piece in one.pieces:
            if piece.name.startswith("doan-"):
                about = f"{one.path}#{piece.name.removeprefix('doan-')}"
                assert find(f"đoạn {one.number}.{piece.name.removeprefix('doan-')}").about == about
                assert find(quote=piece.text).about == about


@pytest.mark.parametrize("place", ["“" * 30_000, "chương 1 " * 5_000, ", Dân số" * 5_000, "1." * 20_000])
def test_a_long_place_takes_no_time(place: str) -> None:
    find(place)

"""The Vietnamese language: numbers, dates, slugs, collation, tone marks, no-break marks."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley.vietnamese import (
    NBSP,
    NO_BREAK,
    fold,
    format_date,
    format_number,
    keep_together,
    parse_number,
    place_tones,
    round_half_up,
    slugify,
    sort_key,
)

DECIMALS = st.integers(min_value=0, max_value=4)
NUMBERS = st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=6)


@pytest.mark.parametrize(
    ("number", "decimals", "shown"),
    [
        ("781.7", 1, "781,7"),
        ("1234567.891", 3, "1.234.567,891"),
        ("7.24", 2, "7,24"),
        ("95184.1", 0, "95.184"),
        ("-12.34", 1, "−12,3"),
        ("-0.04", 1, "0,0"),
        ("2.5", 0, "3"),
        ("0.45", 1, "0,5"),
        ("999.95", 1, "1.000,0"),
    ],
)
def test_a_number_is_written_the_vietnamese_way(number: str, decimals: int, shown: str) -> None:
    assert format_number(Decimal(number), decimals) == shown


@given(NUMBERS, DECIMALS)
def test_formatting_and_parsing_a_number_gives_it_back_as_shown(number: Decimal, decimals: int) -> None:
    assert parse_number(format_number(number, decimals)) == round_half_up(number, decimals)


@pytest.mark.parametrize("text", ["1,234.5", "1234,5", "12.34", "", "1.234.5"])
def test_a_number_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_number(text)


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2004, 7, 1), "01/7/2004"),
        (date(2012, 8, 2), "02/8/2012"),
        (date(2019, 3, 26), "26/3/2019"),
        (date(2026, 1, 9), "09/01/2026"),
        (date(2022, 2, 10), "10/02/2022"),
    ],
)
def test_a_date_has_a_zero_only_where_administrative_papers_put_one(day: date, shown: str) -> None:
    assert format_date(day) == shown


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Điện Biên", "dien-bien"),
        ("Kết quả đạt được", "ket-qua-dat-duoc"),
        ("Nghị quyết 37-NQ/TW", "nghi-quyet-37-nq-tw"),
        ("  Ở đâu? ", "o-dau"),
    ],
)
def test_a_slug_keeps_every_letter_as_ascii(text: str, slug: str) -> None:
    assert slugify(text) == slug


@given(st.text())
def test_a_slug_is_ascii_and_a_slug_of_itself(text: str) -> None:
    slug = slugify(text)
    assert slug.isascii()
    assert slugify(slug) == slug


def test_folding_is_the_same_for_composed_and_decomposed_text() -> None:
    text = "Hòa Bình, Lạng Sơn, đường"
    assert fold(unicodedata.normalize("NFD", text)) == fold(text) == "hoa binh, lang son, duong"


def test_the_provinces_sort_as_a_vietnamese_reader_expects() -> None:
    names = ["Bắc Giang", "Bắc Kạn", "Cao Bằng", "Điện Biên", "Hà Giang", "Hòa Bình", "Lai Châu"]
    names += ["Lạng Sơn", "Lào Cai", "Phú Thọ", "Sơn La", "Thái Nguyên", "Tuyên Quang", "Yên Bái"]
    assert sorted(reversed(names), key=sort_key) == names


def test_tones_sort_as_ngang_huyen_hoi_nga_sac_nang() -> None:
    words = ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(reversed(words), key=sort_key) == words


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Nghị quyết số 37-NQ/TW", f"Nghị quyết số{NBSP}37-{NO_BREAK}NQ/{NO_BREAK}TW"),
        ("Quyết định 27/2008/QĐ-TTg", f"Quyết định 27/{NO_BREAK}2008/{NO_BREAK}QĐ-{NO_BREAK}TTg"),
        ("kinh tế - xã hội", f"kinh tế{NBSP}- xã hội"),
        ("ngày 01/7/2004", f"ngày{NBSP}01/7/2004"),
        ("dài 231 km", f"dài 231{NBSP}km"),
    ],
)
def test_what_belongs_together_is_not_broken_over_lines(text: str, kept: str) -> None:
    assert keep_together(text) == kept


@given(st.text(alphabet="aăđ 0123456789-/NQTWkm%.,"))
def test_no_break_marks_change_nothing_else(text: str) -> None:
    kept = keep_together(text).replace(NO_BREAK, "").replace(NBSP, " ")
    assert kept == text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hòa, tỏa, họa", "hoà, toả, hoạ"),
        ("khỏe lòe xòe", "khoẻ loè xoè"),
        ("Ủy ban, THỦY LỢI, lũy kế", "Uỷ ban, THUỶ LỢI, luỹ kế"),
        ("quý, quỹ, Quỳ, QUÝ", "quý, quỹ, Quỳ, QUÝ"),
        ("hoàn toàn, thuế, huỳnh, khuỷu, ngoáy, giếng", "hoàn toàn, thuế, huỳnh, khuỷu, ngoáy, giếng"),
        ("hoa, khoe, tuy", "hoa, khoe, tuy"),
    ],
)
def test_tone_marks_of_open_syllables_have_two_places(old: str, new: str) -> None:
    assert place_tones(old, "new") == place_tones(new, "new") == new
    assert place_tones(new, "old") == place_tones(old, "old") == old


SYLLABLES = st.text(alphabet="hkqQtT oòóỏõọaàáảãạOÒAÁeèẹuùúủũụyỳýỷỹỵUỦYỶ\u0301\u0323-,1")


@given(SYLLABLES)
def test_placing_tone_marks_twice_is_placing_them_once(text: str) -> None:
    for style in ("old", "new"):
        once = place_tones(text, style)
        assert place_tones(once, style) == once


@given(SYLLABLES)
def test_tone_marks_go_there_and_back(text: str) -> None:
    assert place_tones(place_tones(text, "new"), "old") == place_tones(text, "old")
    assert fold(place_tones(text, "new")) == fold(text)

"""The Vietnamese language: normal forms, slugs, collation, numbers, administrative dates."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

NBSP = "\u00a0"
NO_BREAK = "\u2060"
_ALPHABET = {letter: index for index, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_JANUARY_AND_FEBRUARY = 2

SortKey = tuple[tuple[tuple[tuple[int, int], ...], ...], tuple[int, ...], tuple[bool, ...]]


def fold(text: str) -> str:
    """The text in lower case without diacritics, `đ` as `d`: what is typed without a Vietnamese keyboard."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark)).lower()


def slugify(text: str, separator: str = "-") -> str:
    """An id in lower-case ASCII: `Điện Biên` → `dien-bien`. Signature as Python-Markdown's toc wants it."""
    return re.sub(r"[^a-z0-9]+", separator, fold(text)).strip(separator)


def sort_key(text: str) -> SortKey:
    """A key that sorts as CLDR `vi` does: letters, then tones (ngang, huyền, hỏi, ngã, sắc, nặng), then case.

    Source: https://unicode.org/cldr/charts/48/collation/vi.html
    """
    text = unicodedata.normalize("NFC", text)
    letters: list[tuple[tuple[int, int], ...]] = []
    tones: list[int] = []
    for word in text.casefold().split():
        primary: list[tuple[int, int]] = []
        tone = 0
        for character in word:
            decomposed = unicodedata.normalize("NFD", character)
            marks = [mark for mark in decomposed[1:] if mark in _TONES]
            letter = unicodedata.normalize(
                "NFC", decomposed[0] + "".join(mark for mark in decomposed[1:] if mark not in _TONES)
            )
            if marks:
                tone = _TONES[marks[0]]
            primary.append((1, _ALPHABET[letter]) if letter in _ALPHABET else (0, ord(letter[0])))
        letters.append(tuple(primary))
        tones.append(tone)
    return tuple(letters), tuple(tones), tuple(character.isupper() for character in text)


def round_half_up(number: Decimal, decimals: int) -> Decimal:
    """The number with so many decimals; halves are rounded away from zero, as statisticians do."""
    return number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def format_number(number: Decimal, decimals: int) -> str:
    """A number the Vietnamese way: `1.234,5`; halves are rounded away from zero; the minus is U+2212."""
    rounded = round_half_up(number, decimals)
    digits = f"{abs(rounded):,.{decimals}f}".translate({ord(","): ".", ord("."): ","})
    return f"\u2212{digits}" if rounded < 0 else digits


def parse_number(text: str) -> Decimal:
    """The number that `format_number` wrote; ValueError for anything else."""
    if not re.fullmatch(r"[\u2212-]?\d{1,3}(\.\d{3})*(,\d+)?", text):
        raise ValueError(text)
    return Decimal(text.replace(".", "").replace(",", ".").replace("\u2212", "-"))


def format_date(day: date) -> str:
    """A date as administrative papers write it: a zero before days under 10 and before January and February.

    Source: Hướng dẫn 36-HD/VPTW (03/4/2018).
    """
    month = f"{day.month:02d}" if day.month <= _JANUARY_AND_FEBRUARY else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def nearest(word: str, known: tuple[str, ...]) -> str:
    """The known word that is most like the given one, or an empty string when none is like it."""
    from difflib import get_close_matches  # noqa: PLC0415 - only trouble pays for its import

    return next(iter(get_close_matches(fold(word), known, n=1, cutoff=0.6)), "")


_UNBREAKABLE = re.compile(
    r"""
    (?P<code>\b\d+[-/][A-ZĐ][\w-]*(?:/[A-ZĐ][\w-]*)*)           # 37-NQ/TW, 184-QĐ/TW, 27/2008/QĐ-TTg
    | (?P<long_code>\b\d+/\d{4}/[A-ZĐ][\w-]*)
    | (?P<lead>\b(?:số|ngày|tháng|năm|Điều|khoản|khóa|Phụ\slục|Bảng|Hình|Phần|Chương|quý|Đoạn|đoạn|thứ))\s(?=[\dIVX])
    | (?P<pair>(?<=\w)\s-\s(?=\w))                                  # kinh tế - xã hội: no line begins with the hyphen
    | (?P<unit>(?<=\d)\s(?=(?:%|‰|km|ha|tấn|tỷ|triệu|nghìn|đồng|người|năm|tháng|tỉnh|xã|lần|điểm|USD|MW)\b))
    """,
    re.VERBOSE,
)


def keep_together(text: str) -> str:
    """The text with no-break marks in document codes, dates, paired nouns and between figures and units."""

    def join(match: re.Match[str]) -> str:
        kind = match.lastgroup
        if kind in ("code", "long_code"):
            return re.sub(r"([-/])", rf"\1{NO_BREAK}", match[0])
        if kind == "lead":
            return match["lead"].replace(" ", NBSP) + NBSP
        if kind == "pair":
            return f"{NBSP}- "
        return NBSP

    return _UNBREAKABLE.sub(join, text)

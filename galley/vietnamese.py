"""The Vietnamese language: normal forms, slugs, collation, numbers, administrative dates, tone marks, line breaks."""

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


def _syllables() -> dict[str, str]:
    """The open ends `oa`, `oe`, `uy` with a tone on the first letter, each with the same on the second."""
    pairs = {}
    for first, second in ("oa", "oe", "uy"):
        for tone in _TONES:
            for one, other in ((first, second), (first.upper(), second), (first.upper(), second.upper())):
                old, new = (unicodedata.normalize("NFC", text) for text in (one + tone + other, one + other + tone))
                pairs[old] = new
    return pairs


_NEW = _syllables()
_OLD = {new: old for old, new in _NEW.items()}
_OPEN_SYLLABLE = {
    style: re.compile(rf"(?<![qQ])(?:{'|'.join(known)})(?!\w)") for style, known in (("new", _NEW), ("old", _OLD))
}


def place_tones(text: str, style: str) -> str:
    """The text with the tone marks of open `oa`, `oe`, `uy` in the `new` place (hoà, uỷ) or the `old` one (hòa, ủy).

    After `q` the `u` belongs to the consonant, and a syllable that goes on (hoàn, thuế) has one way to be written.
    Newer Party papers write the new way, laws and decrees the old one.
    """
    pairs = _NEW if style == "new" else _OLD
    return _OPEN_SYLLABLE[style].sub(lambda found: pairs[found[0]], text)


_UNBREAKABLE = re.compile(
    r"""
    \b\d+(?:/\d{4})?[-/][A-ZĐ]\w*(?:[-/][A-ZĐ]\w*)*                    # 37-NQ/TW, 27/2008/QĐ-TTg
    |\b[A-ZĐ]{2}\w*(?:[-/][A-ZĐ]{2}\w*)+                               # BC/BKTTW, NQ-CP
    |(?:%|\b(?:đồng|USD|người|con|hộ|tấn|tạ|kg|km|km²|ha|m|m²|m³|kWh|lượt))/(?=[^\W\d_])  # 5%/năm, tấn/ha
    |(?<=\d)–(?=\d)                                                    # 2016–2020
    |(?<=[\d%])\s[-–]\s(?=\d)                                          # 2 - 3%
    |\b(?:[Ss]ố|[Nn]gày|[Tt]háng|[Nn]ăm|[Qq]uý|[Kk]ỳ|thứ|lần|đợt|trang|tr\.|[Đđ]iều|[Kk]hoản|khóa|khoá|[Pp]hụ\slục|[Bb]ảng|[Hh]ình
        |[Bb]iểu|[Pp]hần|[Cc]hương|[Mm]ục|(?<!giai\s)[Đđ]oạn|[Nn]hóm|[Qq]uốc\slộ|[Tt]ỉnh\slộ)\s(?=\d|[IVXLC]+(?!\w))
    |\b(?:[Pp]hần|[Ll]ần)\sthứ\s(?=(?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)(?!\w))
    |\b[Bb]iểu\s(?=số\s\d)
    |\bTP\.\s(?=\w)
    |\b[Đđ]ồng\schí\s(?=[A-ZÂĂĐÊÔƠƯ])
    |\b(?:nghìn|triệu|tỷ|tỉ)\s(?=(?:tỷ|tỉ|đồng|USD|người|ha|tấn|con|lượt|hộ|m³|kWh)(?!\w))
    |(?<=\d)\s(?=(?:%|‰|°C|(?:km|m)[²³]?|mm|cm|kg|ha|tấn|tạ|tỷ|tỉ|triệu|nghìn|vạn|đồng|USD|người|hộ|con|lượt|giường
        |ngày|tháng|năm|tuổi|tỉnh|huyện|xã|lần|điểm|dự\sán|MW|kWh|GWh)(?!\w))
    |(?P<pair>(?<=[\w)%”"])\s[-–]\s(?=\S))                            # kinh tế - xã hội: no line begins with the hyphen
    """,
    re.VERBOSE,
)


def keep_together(text: str) -> str:
    """The text with no-break marks in document codes, dates, paired nouns and between figures and units."""

    def join(match: re.Match[str]) -> str:
        if match["pair"]:
            return f"{NBSP}{match[0].strip()} "
        # A line may end after a hyphen even where a no-break space follows (UAX #14, LB12a).
        return re.sub(r"([-/–])", rf"\1{NO_BREAK}", re.sub(r"\s", NBSP, match[0]))

    return _UNBREAKABLE.sub(join, text)

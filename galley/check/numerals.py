"""Find the figures that a Vietnamese text states, and leave alone the numerals that are none.

Dates, years, document numbers, ordinals, numbers of parts and tables, ages, durations and whatever stands between
quotation marks are no figures. Everything is found with its place in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from galley.model import Period

if TYPE_CHECKING:
    from collections.abc import Iterator

BLANK = "\0"
_SPACE = r"[ \u00a0]"
_MULTIPLIERS = {
    "trăm": Decimal(100),
    "nghìn": Decimal(1000),
    "ngàn": Decimal(1000),
    "vạn": Decimal(10_000),
    "triệu": Decimal(1_000_000),
    "tỷ": Decimal(1_000_000_000),
    "tỉ": Decimal(1_000_000_000),
}
_DIGIT = re.compile(r"\d")
_NUMBER = r"(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?)"
_FIGURE = re.compile(
    rf"(?<![\w.,/:\-\u2212])(?P<minus>[\u2212-])?(?P<number>{_NUMBER})(?![\w/]|[.,]\d)"
    rf"(?P<scale>(?:{_SPACE}+(?:{'|'.join(_MULTIPLIERS)})(?!\w))*)"
)
_YEAR = r"(?:19|20)\d\d"
_YEARS = re.compile(
    rf"(?<![\w.,/-])(?P<first>{_YEAR})(?:{_SPACE}*[-\u2013]{_SPACE}*(?P<last>{_YEAR}))?(?![\w/]|[.,]\d)"
)
_YEARS_OF_DATES = re.compile(rf"(?<=/)(?P<year>{_YEAR})(?!\w)")
_PLACE_IN_TEXT = (
    "số|điều|khoản|điểm|tiết|mục|tiểu mục|chương|phần|phụ lục|bảng|hình|biểu|biểu số|trang|dòng|đoạn|câu|tập|quyển|"
    "lần|khóa|khoá|kỳ họp|phiên|đợt|vòng|nhóm|cấp|loại|hạng|lớp|bước|quốc lộ|đường số|mốc|mốc số|nhiệm kỳ|điện thoại"
).replace(" ", _SPACE)
_DURATIONS = rf"tháng|ngày|tuần|giờ|phút|quý|thập{_SPACE}kỷ|thế{_SPACE}kỷ|khóa|khoá|nhiệm{_SPACE}kỳ"
_NO_FIGURE = re.compile(
    rf"""
    \u201c[^\u201d\n]*\u201d | "[^"\n]*" | \u00ab[^\u00bb\n]*\u00bb                    # quotations
    | (?<!\w)(?:ngày|mồng|tháng|quý|tuần|giờ|phút|thứ){_SPACE}+\d+(?:[/.\-]\d+)*(?:/\w[\w-]*)?  # ngày 9/6, thứ 3/14
    | (?<!\w)(?:{_PLACE_IN_TEXT})(?:{_SPACE}+(?:thứ|số))?{_SPACE}+\d+(?:\.\d+)*(?![\w,]*\d)(?:[-/][^\s,;]*)?
    | (?<!\w)\d+(?:/\d+)*[-/][A-ZĐ][\w-]*(?:/[A-ZĐ][\w-]*)*                         # 37-NQ/TW, 27/2008/QĐ-TTg
    | (?<![\w,])\d+/\d+(?:/\d+)?(?!\w)                                                 # 01/7/2004, 164/164
    | (?<!\w)[^\W\d_]+-?\d+\w*                                                        # COVID-19, QL1A
    | (?<!\w)\d+[^\W\d_]+                                                             # 4G, 10A
    | (?:(?<=dưới)|(?<=từ)|(?<=trên)|(?<=đủ)|(?<=đến)|(?<=-)){_SPACE}*\d+{_SPACE}+tuổi # từ 15 tuổi
    | (?<![\w.,])\d+{_SPACE}+(?:năm(?!{_SPACE}+\d)|{_DURATIONS})(?!\w)
    | ^{_SPACE}*(?:\d+[.)]|[-*+]){_SPACE}                                             # marks of lists
    | \{{[^}}\n]*\}}                                                                    # attributes
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_APPROXIMATE = {
    "gần": "below",
    "ngót": "below",
    "dưới": "below",
    "chưa đến": "below",
    "không quá": "below",
    "trên": "above",
    "hơn": "above",
    "quá": "above",
    "ít nhất": "above",
    "khoảng": "about",
    "xấp xỉ": "about",
    "ước": "about",
    "ước đạt": "about",
    "chừng": "about",
}
_LEAD = re.compile(
    rf"(?<!\w)(?P<word>{'|'.join(sorted(_APPROXIMATE, key=len, reverse=True))}){_SPACE}*$", re.IGNORECASE
)
_MANNERS = "|".join(
    words.replace(" ", _SPACE)
    for words in ("thêm", "bình quân", "trung bình", "mỗi năm", "hằng năm", "hàng năm", "được", "tới")
)
_QUALIFIED = rf"(?:{_SPACE}+(?:{_MANNERS}))*"
_CHANGE = re.compile(rf"(?<!\w)(?P<way>tăng|giảm|thêm|bớt){_QUALIFIED}{_SPACE}*$", re.IGNORECASE)
_SHARE = re.compile(
    rf"(?<!\w)(?:chiếm|bằng|tương{_SPACE}đương|đóng{_SPACE}góp)(?:{_SPACE}+tỷ{_SPACE}trọng)?{_SPACE}*$", re.IGNORECASE
)
_TIMES = re.compile(rf"(?<!\w)(?:gấp|bằng|tăng){_SPACE}*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A figure as it is typed: `number` with its `decimals`, times `scale`, in the unit `unit` (empty without one).

    kind is `value`, `change`, `share` or `times`; `lead` is `below`, `above`, `about` or empty, for words such as
    "gần" and "trên"; `way` is -1 or 1 for a fall or rise.
    """

    start: int
    end: int
    text: str
    number: Decimal
    decimals: int
    scale: Decimal
    unit: str
    kind: str
    lead: str
    way: int


@dataclass(frozen=True, slots=True)
class Year:
    """A year, or a span of years, that a text names."""

    start: int
    end: int
    period: Period


def blank_out(text: str) -> str:
    """The text with what holds no figures blanked out, every other character still at its place."""
    return _NO_FIGURE.sub(lambda match: BLANK * len(match[0]), text)


def find_years(text: str) -> tuple[Year, ...]:
    """The years that a text names, dates included."""
    found = [
        Year(match.start(), match.end(), Period(int(match["first"]), end_year=int(match["last"] or 0)))
        for match in _YEARS.finditer(text)
    ]
    dated = _YEARS_OF_DATES.finditer(text)
    found += [Year(match.start(), match.end(), Period(int(match["year"]))) for match in dated]
    return tuple(sorted(found, key=lambda one: one.start))


def find_numerals(text: str, units: tuple[str, ...]) -> Iterator[Numeral]:
    """The figures of a text; `units` are the names of units without multipliers, such as `người` and `%`."""
    if not _DIGIT.search(_YEARS.sub("", text)):
        return  # most sentences name years at most, and those are no figures
    unit = _unit(units)
    open_text = _YEARS.sub(lambda match: BLANK * len(match[0]), blank_out(text))
    for match in _FIGURE.finditer(open_text):
        follows = unit.match(open_text, match.end())
        end = follows.end() if follows else match.end()
        name = follows["unit"].lower() if follows else ""
        yield _numeral(text, match, end, name)


@cache
def _unit(units: tuple[str, ...]) -> re.Pattern[str]:
    names = sorted({one for one in units if one}, key=len, reverse=True)
    return re.compile(rf"{_SPACE}*(?P<unit>{'|'.join(re.escape(one) for one in names)})(?!\w)", re.IGNORECASE)


def _numeral(text: str, match: re.Match[str], end: int, unit: str) -> Numeral:
    digits = match["number"].replace(".", "").replace(",", ".")
    number = -Decimal(digits) if match["minus"] else Decimal(digits)
    scale = Decimal(1)
    for word in match["scale"].split():
        scale *= _MULTIPLIERS[word.lower()]
    before = text[: match.start()]
    lead = _LEAD.search(before)
    if lead:
        before = before[: lead.start()]
    change = _CHANGE.search(before)
    kind = "change" if change else "share" if unit == "%" and _SHARE.search(before) else "value"
    if unit == "lần" and _TIMES.search(before):
        kind = "times"
    way = 0 if not change else 1 if change["way"].lower() in ("tăng", "thêm") else -1
    exponent = Decimal(digits).as_tuple().exponent
    return Numeral(
        start=match.start("number"),
        end=end,
        text=text[match.start("number") : end].strip(),
        number=number,
        decimals=max(0, -int(exponent)),
        scale=scale,
        unit=unit,
        kind=kind,
        lead=_APPROXIMATE[lead["word"].lower()] if lead else "",
        way=way,
    )


def split_unit(name: str) -> tuple[Decimal, str]:
    """A unit's name as multiplier and base: `nghìn người` is 1.000 times `người`."""
    scale, words = Decimal(1), name.lower().split()
    while len(words) > 1 and words[0] in _MULTIPLIERS:
        scale *= _MULTIPLIERS[words.pop(0)]
    return scale, " ".join(words)

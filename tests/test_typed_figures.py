"""Typed figures: what counts as one, what it is about, and whether the data agree."""

from __future__ import annotations

from decimal import Decimal

import pytest

from galley.bind import index
from galley.check.numerals import find_numerals, find_years, split_unit
from galley.check.subject import Subject
from galley.check.typed import typed_figures
from galley.model import Period
from galley.read.parse import parse
from tests.factories import book

UNITS = ("người", "tấn", "đồng", "km", "ha", "%", "lần", "điểm phần trăm")
HEAD = "---\ntitle: Thử\nowner: to-bien-tap\nstatus: draft\n---\n\n"
POVERTY = """\
    name: Tỷ lệ hộ nghèo (chuẩn thu nhập)
    also: [hộ nghèo]
    unit: phan-tram
    decimals: 1
    better: lower
    topic: doi-song
    source: nien-giam
    observations:
      lang-son:
        2010: 27.5
        2016: 14.5
      cao-bang:
        2010: 38.1
        2016: 21.9
      vung-bac:
        2010: 29.4
        2016: 13.8
      ca-nuoc:
        2010: 14.2
        2016: 5.8
    """


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("đạt 1.234,5 nghìn người", [("1.234,5 nghìn người", "1234.5", "1000", "người")]),
        ("giảm 7,24% so với", [("7,24%", "7.24", "1", "%")]),
        ("vốn 3,5 nghìn tỷ đồng và 12 km", [("3,5 nghìn tỷ đồng", "3.5", "1E+12", "đồng"), ("12 km", "12", "1", "km")]),
        ("gấp 3,2 lần", [("3,2 lần", "3.2", "1", "lần")]),
        ("tăng 5 điểm phần trăm", [("5 điểm phần trăm", "5", "1", "điểm phần trăm")]),
        ("là 0,469 năm 2020", [("0,469", "0.469", "1", "")]),
        ("từ 5,5 đến 6,1%", [("5,5", "5.5", "1", ""), ("6,1%", "6.1", "1", "%")]),
    ],
)
def test_a_figure_is_found_with_its_scale_and_unit(text: str, found: list[tuple[str, str, str, str]]) -> None:
    numerals = [(one.text, str(one.number), str(one.scale), one.unit) for one in find_numerals(text, UNITS)]
    assert [(text, number, Decimal(scale), unit) for text, number, scale, unit in numerals] == [
        (text, number, Decimal(scale), unit) for text, number, scale, unit in found
    ]


@pytest.mark.parametrize(
    "text",
    [
        "ngày 01/7/2004, tháng 12/2020, quý 4/2021, ngày 9/6",
        "Nghị quyết số 37-NQ/TW, Quyết định 27/2008/QĐ-TTg, Kết luận 26-KL/TW",
        "giai đoạn 2004-2020, năm 2020, 2016 - 2020",
        "Điều 5, khoản 2, Bảng 3.2, Hình 1.4, Phụ lục 2, mục 4.2.1, trang 57",
        "lần thứ 12, thứ 3/14, khóa 13",
        "trẻ dưới 5 tuổi, từ 15 tuổi trở lên",
        "sau 5 năm, trong 11 tháng, 20 ngày",
        '“tăng 12,5%” và "gấp 3 lần"',
        "COVID-19, QL1A, 4G",
        "164/164 xã",
        "1. Mục thứ nhất",
    ],
)
def test_numerals_that_state_nothing_are_left_alone(text: str) -> None:
    assert list(find_numerals(text, UNITS)) == []


@pytest.mark.parametrize(
    ("text", "kind", "lead", "way"),
    [
        ("tăng bình quân 7,2%", "change", "", 1),
        ("giảm gần 12,5 điểm phần trăm", "change", "below", -1),
        ("tăng lên 45%", "value", "", 0),
        ("giảm còn 13,8%", "value", "", 0),
        ("chiếm 6,2%", "share", "", 0),
        ("đạt trên 50%", "value", "above", 0),
        ("khoảng 2.000 km", "value", "about", 0),
        ("gấp 2,4 lần", "times", "", 0),
    ],
)
def test_the_words_before_a_figure_say_what_it_is(text: str, kind: str, lead: str, way: int) -> None:
    (found,) = find_numerals(text, UNITS)
    assert (found.kind, found.lead, found.way) == (kind, lead, way)


def test_years_are_found_alone_in_spans_and_in_dates() -> None:
    found = [one.period for one in find_years("từ năm 2004, giai đoạn 2011-2015, ngày 01/4/2019; 2.004 tấn")]
    assert found == [Period(2004), Period(2011, end_year=2015), Period(2019)]


def test_a_unit_is_parted_into_multiplier_and_base() -> None:
    assert split_unit("nghìn tỷ đồng") == (Decimal(10**12), "đồng")
    assert split_unit("triệu đồng/lao động") == (Decimal(10**6), "đồng/lao động")
    assert split_unit("%") == (Decimal(1), "%")


def rules(text: str, path: str = "chapters/dan-so.md") -> list[str]:
    """The rules that a text breaks, in its order."""
    area = "area: lang-son\n" if path.startswith("provinces/") else ""
    head = HEAD.replace("status: draft\n", f"status: draft\n{area}")
    tree = book({path: f"{head}{text}\n", "data/indicators/ho-ngheo.yml": POVERTY})
    report, problems = parse(tree)
    assert problems == ()
    subject = Subject(report, index(report.contents), tree, ())
    found = sorted(typed_figures(subject), key=lambda one: one.span)
    return [one.rule for one in found if str(one.span.path) == path]


RIGHT, WRONG, UNKNOWN = "typed-figure", "typed-figure-differs", "unbound-figure"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tỷ lệ hộ nghèo của Lạng Sơn năm 2016 là 14,5%.", [RIGHT]),
        ("Tỷ lệ hộ nghèo của Lạng Sơn năm 2016 là 15,4%.", [WRONG]),
        ("Năm 2016, hộ nghèo của cả nước còn 5,8%, của Cao Bằng còn 21,9%.", [RIGHT, RIGHT]),
        ("Năm 2016, hộ nghèo của cả nước còn 5,8%, của Cao Bằng còn 12,9%.", [RIGHT, WRONG]),
        ("Tỷ lệ hộ nghèo của vùng giảm từ 29,4% năm 2010 xuống 13,8% năm 2016.", [RIGHT, RIGHT]),
        ("Tỷ lệ hộ nghèo của vùng giảm từ 29,4% năm 2010 xuống 18,3% năm 2016.", [RIGHT, WRONG]),
        ("Từ năm 2010 đến năm 2016, tỷ lệ hộ nghèo của vùng giảm 15,6 điểm phần trăm.", [RIGHT]),
        ("Từ năm 2010 đến năm 2016, tỷ lệ hộ nghèo của vùng giảm 16,5 điểm phần trăm.", [WRONG]),
        ("Tỷ lệ hộ nghèo của vùng năm 2016 gấp 2,4 lần mức cả nước.", [RIGHT]),
        ("Tỷ lệ hộ nghèo của vùng năm 2016 dưới 14%.", [RIGHT]),
        ("Tỷ lệ hộ nghèo của vùng năm 2016 trên 14%.", [WRONG]),
        ("Tỷ lệ hộ nghèo của vùng năm 2010 gần 30%.", [RIGHT]),
        ("Dân số Lạng Sơn năm 2020 là 0,8 triệu người.", [RIGHT]),
        ("Dân số Lạng Sơn năm 2020 là 0,9 triệu người.", [WRONG]),
        ("Vốn đầu tư 2.345 tỷ đồng.", [UNKNOWN]),
        ("Kinh tế của 14 tỉnh có 3 nhóm.", []),
        ('Dân số vùng năm 2020 là {{ value("dan-so", 2020) }}.', []),
        ('Dân số theo nguồn khác là {{ fact(790, "nghìn người", source="nien-giam") }}.', []),
    ],
)
def test_a_sentence_is_compared_with_the_data(text: str, expected: list[str]) -> None:
    assert rules(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Năm 2016 tỷ lệ hộ nghèo là 14,5%, cao hơn mức 13,8% của vùng.", [RIGHT, RIGHT]),
        ("Năm 2016 tỷ lệ hộ nghèo là 14,6%, cao hơn mức 13,8% của vùng.", [WRONG, RIGHT]),
        ("Năm 2016 tỷ lệ hộ nghèo là 14,5%, cao hơn mức 18,3% của vùng.", [RIGHT, WRONG]),
    ],
)
def test_on_the_page_of_a_province_its_own_figures_go_without_its_name(text: str, expected: list[str]) -> None:
    assert rules(text, "provinces/lang-son.md") == expected


def test_the_cells_of_a_table_are_read_with_their_heads() -> None:
    table = "| Tỉnh | Tỷ lệ hộ nghèo 2010 (%) | Tỷ lệ hộ nghèo 2016 (%) |\n|---|--:|--:|\n"
    assert rules(f"{table}| Lạng Sơn | 27,5 | 14,5 |\n| Cao Bằng | 38,1 | 29,1 |") == [RIGHT, RIGHT, RIGHT, WRONG]

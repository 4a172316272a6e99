"""What of a filled form does not check is refused, with sheet, cell, what is wrong and what to do; nothing changes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from galley.diagnostics import LANGUAGES, hint, message
from galley.exchange.form import COLUMNS, LISTS
from tests.exchange_forms import WRITTEN, cell_of, export, filled, intake, saved, small_book, told
from tests.opinion_files import RULES_OF_OPINIONS
from tests.rule_names import rules_of_spreadsheets

if TYPE_CHECKING:
    from collections.abc import Callable

    import openpyxl

    from galley.source import SourceTree

BOOK = small_book()
FORM = export(BOOK)
PAGE = "Dân số"


def at(area: str, period: int, column: str, value: object) -> Callable[[openpyxl.Workbook], None]:
    def change(file: openpyxl.Workbook) -> None:
        cell_of(file, area, period, column).value = value

    return change


def both(*changes: Callable[[openpyxl.Workbook], None]) -> Callable[[openpyxl.Workbook], None]:
    def change(file: openpyxl.Workbook) -> None:
        for one in changes:
            one(file)

    return change


def copied(file: openpyxl.Workbook) -> None:
    """The first row pasted over the second, as it happens."""
    page = file[PAGE]
    for column in range(1, len(COLUMNS) + 2):
        page.cell(3, column).value = page.cell(2, column).value


def added(*texts: str | int) -> Callable[[openpyxl.Workbook], None]:
    """A row of somebody's own below the others."""

    def change(file: openpyxl.Workbook) -> None:
        page = file[PAGE]
        row = page.max_row + 1
        for column, text in enumerate(texts, start=1):
            page.cell(row, column, text)

    return change


# Row 5 is lang-son 2019, row 9 the gap cao-bang 2020, row 10 the last.
CASES = [
    ("cell-not-a-number", at("lang-son", 2019, "value", "781,9"), "so-lieu.xlsx:5:7", "ô G5: “781,9” là chữ"),
    ("cell-not-a-number", at("lang-son", 2019, "value", "781.9"), "so-lieu.xlsx:5:7", "ô G5: “781.9” là chữ"),
    ("cell-not-a-number", at("lang-son", 2019, "value", "khoảng 782"), "so-lieu.xlsx:5:7", "“khoảng 782” là chữ"),
    ("cell-not-a-number", at("lang-son", 2019, "value", value=True), "so-lieu.xlsx:5:7", "“True” là chữ"),
    (
        "cell-not-a-number",
        at("lang-son", 2019, "value", datetime(2019, 5, 12, tzinfo=UTC).replace(tzinfo=None)),
        "so-lieu.xlsx:5:7",
        "“2019-05-12",
    ),
    ("cell-formula", at("lang-son", 2019, "value", "=780+1.9"), "so-lieu.xlsx:5:7", "ô G5: có công thức “=780+1.9”"),
    ("cell-emptied", at("lang-son", 2019, "value", None), "so-lieu.xlsx:5:7", "ô G5: số 781.7 đã bị xóa"),
    (
        "cell-emptied",
        both(*(at("lang-son", 2019, column, None) for column in ("value", "status", "source"))),
        "so-lieu.xlsx:5:7",
        "ô G5: số 781.7 đã bị xóa",
    ),
    ("cell-unknown-status", at("lang-son", 2019, "status", "X"), "so-lieu.xlsx:5:8", "ô H5: không có trạng thái `X`"),
    ("cell-no-status", at("cao-bang", 2020, "value", 533.1), "so-lieu.xlsx:9:8", "ô H9: dòng này chưa chọn trạng thái"),
    (
        "cell-no-source",
        both(at("cao-bang", 2020, "value", 533.1), at("cao-bang", 2020, "status", "A - chính thức")),
        "so-lieu.xlsx:9:9",
        "ô I9: dòng này chưa có nguồn",
    ),
    ("cell-no-source", at("lang-son", 2019, "source", None), "so-lieu.xlsx:5:9", "ô I5: dòng này chưa có nguồn"),
    (
        "cell-no-value",
        both(at("cao-bang", 2020, "status", "P - sơ bộ"), at("cao-bang", 2020, "source", "nien-giam")),
        "so-lieu.xlsx:9:7",
        "ô G9: dòng có trạng thái sơ bộ (P) nhưng chưa có giá trị",
    ),
    (
        "cell-value-and-status",
        at("lang-son", 2019, "status", "O - chưa có số liệu"),
        "so-lieu.xlsx:5:8",
        "ô H5: trạng thái chưa có số liệu (O) nghĩa là không có số",
    ),
    ("cell-unknown-id", at("lang-son", 2019, "source", "nien-gam"), "so-lieu.xlsx:5:9", "ô I5: không có nguồn nào"),
    (
        "cell-unknown-id",
        added("dan-xo", "", "lang-son", "", "", 2024, 1),
        "so-lieu.xlsx:11:1",
        "ô A11: không có chỉ tiêu",
    ),
    (
        "cell-unknown-id",
        added("dan-so", "", "lang-sn", "", "", 2024, 1),
        "so-lieu.xlsx:11:3",
        "ô C11: không có địa bàn",
    ),
    ("cell-bad-period", added("dan-so", "", "lang-son", "", "", "quý 4", 1), "so-lieu.xlsx:11:6", "ô F11: “quý 4”"),
    ("locked-cell", at("lang-son", 2019, "period", 2018), "so-lieu.xlsx:5:6", "ô F5: nội dung khóa “2019” đã bị đổi"),
    ("locked-cell", at("lang-son", 2019, "unit", "người"), "so-lieu.xlsx:5:5", "ô E5: nội dung khóa “nghìn người”"),
    ("locked-cell", at("lang-son", 2019, "indicator", "dan-xo"), "so-lieu.xlsx:5:1", "ô A5: nội dung khóa “dan-so”"),
    ("row-twice", copied, "so-lieu.xlsx:3:1", "ô A3: chỉ tiêu, địa bàn và kỳ này đã có ở ô Dân số!A2"),
    ("sheet-changed", lambda file: file[PAGE].insert_cols(3), "so-lieu.xlsx:1:1", "trang “Dân số” đã bị thêm"),
    ("not-our-workbook", lambda file: file.remove(file[LISTS]), "so-lieu.xlsx:1:1", "không phải biểu"),
]


@pytest.mark.parametrize(("rule", "change", "place", "text"), CASES, ids=[f"{one[0]} {one[2]}" for one in CASES])
def test_a_mistake_is_refused_at_its_cell(
    rule: str, change: Callable[[openpyxl.Workbook], None], place: str, text: str
) -> None:
    done = intake(BOOK, saved(FORM, change))
    assert [(one.rule, str(one.span)) for one in done.diagnostics] == [(rule, place)]
    assert text in told(done)
    assert (done.files, done.differences) == ((), ())


def test_a_number_with_a_comma_is_answered_with_what_to_type() -> None:
    (found,) = intake(BOOK, saved(FORM, at("lang-son", 2019, "value", "1.781,9"))).diagnostics
    assert "gõ lại 1781,9 dưới dạng số" in hint(found, "vi")


def test_all_mistakes_are_shown_at_once_and_what_is_right_is_not_written_either() -> None:
    wrong = both(
        at("lang-son", 2019, "value", "781,9"),
        at("lang-son", 2020, "status", "X"),
        at("cao-bang", 2022, "value", 541),
    )
    done = intake(BOOK, saved(FORM, wrong))
    assert [one.rule for one in done.diagnostics] == ["cell-not-a-number", "cell-unknown-status"]
    assert done.files == ()


def test_a_row_that_changed_in_the_repository_as_well_is_not_decided_by_machine() -> None:
    newer = small_book(WRITTEN.replace("781.7 ", "781.8 "))
    done = intake(newer, filled(FORM, ("lang-son", 2019, "value", 782)))
    assert [(one.rule, str(one.related[0])) for one in done.diagnostics] == [
        ("row-outdated", "data/indicators/dan-so.yml:12:11")
    ]
    assert "từ “781.7 A nien-giam” thành “781.8 A nien-giam”" in told(done)


def test_a_figure_in_a_unit_that_changed_since_is_not_taken() -> None:
    newer = small_book(files={"data/units.yml": 'nghin-nguoi: {name: người}\nphan-tram: {name: "%"}\n'})
    done = intake(newer, filled(FORM, ("lang-son", 2019, "value", 782)))
    assert [one.rule for one in done.diagnostics] == ["row-outdated"]


def test_a_gap_that_hides_a_restricted_figure_is_not_overwritten() -> None:
    secret = "{value: 1, source: bao-cao-mat, audience: noi-bo}"
    tree = small_book(WRITTEN.replace("    2022: { note", f"    2020: {secret}\n    2022: {{ note"))
    row = (("value", 533.1), ("status", "A"), ("source", "nien-giam"))
    done = intake(tree, filled(export(tree), *[("cao-bang", 2020, *one) for one in row]))
    assert [one.rule for one in done.diagnostics] == ["row-outdated"]


def test_a_sheet_of_somebodys_own_is_mentioned_and_left_alone() -> None:
    done = intake(BOOK, saved(FORM, lambda file: file.create_sheet("Nháp")))
    assert [(one.rule, one.severity.value) for one in done.diagnostics] == [("sheet-not-read", "warning")]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0 an old .xls", FORM[:2000]])
def test_a_file_that_is_no_workbook_is_refused(content: bytes) -> None:
    assert [one.rule for one in intake(BOOK, content).diagnostics] == ["not-a-workbook"]


def test_a_value_that_the_rules_of_the_report_refuse_is_not_written() -> None:
    tree = small_book(WRITTEN.replace("topic:", "range: [0, 100000]\ntopic:"))
    done = intake(tree, filled(export(tree), ("lang-son", 2019, "value", 7817000)))
    assert [(one.rule, str(one.span)) for one in done.diagnostics] == [
        ("out-of-range", "data/indicators/dan-so.yml:13:11")
    ]
    assert done.files == ()
    assert "7817000.0" in done.tree.lines(done.diagnostics[0].span.path)[12]


def test_a_report_that_cannot_be_read_is_not_changed() -> None:
    tree = small_book(WRITTEN.replace("2022: 802.1", "2022: 802,1"))
    done = intake(tree, filled(FORM, ("lang-son", 2019, "value", 782)))
    assert [one.rule for one in done.diagnostics] == ["decimal-comma"]
    assert done.files == ()


ODD: list[tuple[str, SourceTree, tuple[str, int, str, object]]] = [
    (
        "a note in a block",
        small_book(WRITTEN.replace("note: Điều tra", "note: |-\n        Điều\n        tra")),
        ("cao-bang", 2019, "note", "Khác"),
    ),
    (
        "a comment behind a key that goes",
        small_book(WRITTEN.replace("note: Điều tra", "note: Điều tra  # xem lại")),
        ("cao-bang", 2019, "note", None),
    ),
    (
        "all areas in braces",
        small_book(WRITTEN[: WRITTEN.index("observations:")] + "observations: {lang-son: {2019: 1, 2020: 2}}\n"),
        ("cao-bang", 2019, "value", 3),
    ),
    (
        "two kinds of line ends",
        small_book(WRITTEN.replace("781.7     # sau", "781.7\r\n    # sau")),
        ("lang-son", 2019, "value", 782),
    ),
]


@pytest.mark.parametrize(("tree", "change"), [one[1:] for one in ODD], ids=[one[0] for one in ODD])
def test_what_is_written_in_an_odd_way_is_left_to_its_editor(
    tree: SourceTree, change: tuple[str, int, str, object]
) -> None:
    more = () if change[0] == "lang-son" or change[2] == "note" else (("status", "A"), ("source", "nien-giam"))
    done = intake(tree, filled(export(tree), change, *((*change[:2], *one) for one in more)))
    assert [one.rule for one in done.diagnostics] == ["cannot-edit"]
    assert done.files == ()


def test_each_rule_of_spreadsheets_is_tested_here_and_has_its_sentences() -> None:
    tested = {rule for rule, *_ in CASES} | {"not-a-workbook", "row-outdated", "sheet-not-read", "cannot-edit"}
    assert rules_of_spreadsheets() - {"cell-finer"} - RULES_OF_OPINIONS == tested
    for _, change, _, _ in CASES:
        for found in intake(BOOK, saved(FORM, change)).diagnostics:
            assert all(message(found, language) and hint(found, language) for language in LANGUAGES)

"""A form that nobody touched changes nothing; a filled one changes just the lines of what was filled in."""

from __future__ import annotations

import io
import unicodedata
from decimal import Decimal
from pathlib import PurePosixPath

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from galley.bind import Index, index
from galley.edition import restrict
from galley.errors import UsageError
from galley.exchange.form import COLUMNS, LISTS, MARKER, STAMP, Choice
from galley.exchange.tables import indicator_workbook
from galley.exchange.words import read_words
from galley.exchange.written import scalar_text, value_text
from galley.model import Period
from galley.read.parse import parse
from galley.read.yamltext import Mapping, Scalar, read_yaml
from galley.source import SourceFile, SourceTree
from tests.exchange_forms import (
    INDICATOR,
    NOON,
    WRITTEN,
    cell_of,
    changed_lines,
    export,
    filled,
    found_in,
    intake,
    saved,
    small_book,
    told,
)

BOOK = small_book()
FORM = export(BOOK)
GAP = ("cao-bang", 2020)
Change = tuple[str, int, str, object]


def lines_of(*changes: Change) -> list[str]:
    """The lines that filling these cells in changes; the import must have nothing to say."""
    done = intake(BOOK, filled(FORM, *changes))
    assert told(done) == ""
    return changed_lines(BOOK, done)


def lookup_of(tree: SourceTree) -> Index:
    return index(restrict(parse(tree)[0]).contents)


def test_the_small_book_is_sound() -> None:
    assert told(intake(BOOK, FORM)) == ""


def test_a_form_that_nobody_touched_changes_no_file() -> None:
    done = intake(BOOK, FORM)
    assert (done.files, done.differences) == ((), ())


def test_a_form_that_a_spreadsheet_program_saved_again_changes_no_file() -> None:
    assert intake(BOOK, saved(FORM, lambda _: None)).files == ()


def test_two_exports_of_the_same_data_are_equal_bytes() -> None:
    assert export(BOOK) == FORM


def test_a_value_changes_alone_in_its_line() -> None:
    assert lines_of(("lang-son", 2019, "value", 782)) == [
        "-    2019: 781.7     # sau Tổng điều tra",
        "+    2019: 782.0     # sau Tổng điều tra",
    ]


def test_a_value_in_braces_keeps_note_order_and_comment() -> None:
    assert lines_of(("lang-son", 2020, "value", 789.1)) == [
        '-    2020: {value: 788.70, status: P, note: "Số sơ bộ, \\"chờ\\" số chính thức"}  # hỏi lại',
        '+    2020: {value: 789.1, status: P, note: "Số sơ bộ, \\"chờ\\" số chính thức"}  # hỏi lại',
    ]


def test_a_value_with_more_decimals_than_shown_is_kept_and_mentioned() -> None:
    done = intake(BOOK, filled(FORM, ("lang-son", 2019, "value", 781.65)))
    assert [one.rule for one in done.diagnostics] == ["cell-finer"]
    assert changed_lines(BOOK, done)[1] == "+    2019: 781.65     # sau Tổng điều tra"


def test_a_provisional_figure_that_became_official_loses_its_braces() -> None:
    changes: tuple[Change, ...] = (
        ("lang-son", 2020, "value", 789.2),
        ("lang-son", 2020, "status", "A - chính thức"),
        ("lang-son", 2020, "note", None),
    )
    assert lines_of(*changes)[1] == "+    2020: 789.2  # hỏi lại"


def test_a_key_that_goes_takes_its_comma_with_it() -> None:
    assert lines_of(("lang-son", 2020, "status", "A - chính thức"))[1] == (
        '+    2020: {value: 788.70, note: "Số sơ bộ, \\"chờ\\" số chính thức"}  # hỏi lại'
    )
    assert lines_of(("lang-son", 2020, "note", None))[1] == "+    2020: {value: 788.70, status: P}  # hỏi lại"
    assert lines_of(("cao-bang", 2022, "note", None))[1] == "+    2022: { source: nghi-quyet, value: 540 }"


def test_a_key_that_comes_stands_in_the_usual_order() -> None:
    assert lines_of(("lang-son", 2020, "source", "nghi-quyet"))[1].startswith(
        '+    2020: {value: 788.70, status: P, source: nghi-quyet, note: "Số sơ bộ, '
    )
    assert lines_of(("lang-son", 2022, "note", "Theo tỉnh: 3/2022"))[1] == (
        '+    2022: {value: 802.1, note: "Theo tỉnh: 3/2022"}'
    )
    assert lines_of(("cao-bang", 2022, "status", "E - ước tính"))[1] == (
        "+    2022: { note: 'Ghi trước', source: nghi-quyet, value: 540, status: E }"
    )


def test_an_observation_that_is_written_in_lines_stays_so() -> None:
    assert lines_of(("cao-bang", 2019, "value", 531)) == ["-      value: 530.3", "+      value: 531.0"]
    assert lines_of(("cao-bang", 2019, "status", "P - sơ bộ")) == ["+      status: P"]
    assert lines_of(("cao-bang", 2019, "note", None)) == ["-      note: Điều tra"]


def test_a_gap_that_is_filled_is_written_between_its_neighbours() -> None:
    changes: tuple[Change, ...] = tuple(
        (*GAP, column, value)
        for column, value in (("value", 533.1), ("status", "A - chính thức"), ("source", "nien-giam"))
    )
    done = intake(BOOK, filled(FORM, *changes))
    assert changed_lines(BOOK, done) == ["+    2020: 533.1"]
    assert str(done.differences[0].span).startswith(f"{INDICATOR}:20:")
    assert done.differences[0].changes == (
        ("value", "", "533.1"),
        ("status", "", "A"),
        ("source", "", "nien-giam"),
    )


def test_a_gap_in_braces_is_filled_in_braces() -> None:
    changes: tuple[Change, ...] = (
        ("ca-nuoc", 2022, "value", 99461.7),
        ("ca-nuoc", 2022, "status", "P"),
        ("ca-nuoc", 2022, "source", "nien-giam"),
    )
    assert lines_of(*changes)[1] == "+  ca-nuoc: {2019: 96484.0, 2020: 97582.7, 2022: {value: 99461.7, status: P}}"


def test_a_gap_can_be_said_to_be_one() -> None:
    changes: tuple[Change, ...] = ((*GAP, "status", "O - chưa có số liệu"), (*GAP, "source", "nien-giam"))
    assert lines_of(*changes) == ["+    2020: {value: null, status: O}"]


def test_a_value_can_be_withdrawn_by_its_status() -> None:
    changes: tuple[Change, ...] = (("lang-son", 2022, "value", None), ("lang-son", 2022, "status", "Q - không công bố"))
    assert lines_of(*changes)[1] == "+    2022: {value: null, status: Q}"


def new_rows(tree: SourceTree, choice: Choice, *cells: tuple[str, int, object]) -> list[str]:
    """The lines that new values give, each official and from the yearbook."""
    changes = [(area, year, column, value) for area, year, given in cells for column, value in _official(given)]
    done = intake(tree, filled(export(tree, choice), *changes))
    assert told(done) == ""
    return changed_lines(tree, done)


def _official(value: object) -> tuple[tuple[str, object], ...]:
    return (("value", value), ("status", "A"), ("source", "nien-giam"))


def test_new_periods_are_written_in_order_before_between_and_behind() -> None:
    years = Choice(areas=("lang-son",), periods=tuple(Period(year) for year in (2018, 2021, 2023, 2024)))
    cells = tuple(("lang-son", year, year / 2) for year in (2024, 2021, 2018, 2023))
    done = intake(
        BOOK, filled(export(BOOK, years), *((*cell[:2], *one) for cell in cells for one in _official(cell[2])))
    )
    text = done.files[0].content.decode()
    lang_son = text[text.index("lang-son:") : text.index("  cao-bang:")].splitlines()
    assert [line.split(":")[0].strip() for line in lang_son[1:]] == [
        "2018",
        "2019",
        "2020",
        "2021",
        "2022",
        "2023",
        "2024",
    ]


def test_a_list_that_runs_backwards_goes_on_doing_so() -> None:
    text = WRITTEN[: WRITTEN.index("  # vùng cao")] + "  lang-son:\n    2022: 802.1\n    # cũ\n    2020: 788.7\n"
    tree = small_book(text)
    years = Choice(periods=tuple(Period(year) for year in (2019, 2021, 2023)), areas=("lang-son",))
    new_rows(tree, years, ("lang-son", 2019, 781.7), ("lang-son", 2021, 795.5), ("lang-son", 2023, 810))
    done = intake(
        tree,
        filled(
            export(tree, years), *[("lang-son", year, *one) for year in (2019, 2021, 2023) for one in _official(1.5)]
        ),
    )
    assert done.files[0].content.decode().splitlines()[-6:] == [
        "    2023: 1.5",
        "    2022: 802.1",
        "    2021: 1.5",
        "    # cũ",
        "    2020: 788.7",
        "    2019: 1.5",
    ]


def test_an_area_without_observations_gets_its_place_by_the_register() -> None:
    text = "".join(line for line in WRITTEN.splitlines(keepends=True) if "ca-nuoc" not in line)
    kept = text[: text.index("  cao-bang:")] + "  vung-bac:\n    2019: 1312.0\n"
    years = Choice(periods=(Period(2019), Period(2020)))
    lines = new_rows(small_book(kept), years, ("cao-bang", 2019, 530.3), ("cao-bang", 2020, 533.1))
    assert lines == ["+  cao-bang:", "+    2019: 530.3", "+    2020: 533.1"]


def test_an_indicator_without_observations_can_be_filled() -> None:
    text = WRITTEN[: WRITTEN.index("  # vùng cao")]
    empty = small_book(text)
    assert "[missing-observation]" in found_in(empty)  # the province's own chapter quotes it: the form mends that
    lines = new_rows(empty, Choice(periods=(Period(2020),)), ("lang-son", 2020, 788.7), ("cao-bang", 2020, 533.1))
    assert lines == ["+  lang-son:", "+    2020: 788.7", "+  cao-bang:", "+    2020: 533.1"]


def test_line_ends_of_windows_stay_and_the_last_line_may_lack_one() -> None:
    text = WRITTEN.rstrip("\n").replace("\n", "\r\n")
    tree = small_book(text)
    done = intake(tree, filled(export(tree), *[("cao-bang", 2020, *one) for one in _official(533.1)]))
    assert told(done) == ""
    changed = done.files[0].content.decode()
    assert changed.replace("    2020: 533.1\r\n", "") == text
    assert not changed.endswith("\n")


def test_a_form_can_be_imported_twice() -> None:
    content = filled(FORM, ("lang-son", 2019, "value", 782))
    after = intake(BOOK, content).tree
    assert intake(after, content).files == ()


def test_what_changed_in_the_repository_meanwhile_is_not_undone() -> None:
    newer = small_book(WRITTEN.replace("802.1", "803.3"))
    done = intake(newer, filled(FORM, ("lang-son", 2019, "value", 782)))
    assert changed_lines(newer, done) == lines_of(("lang-son", 2019, "value", 782))


def test_columns_that_only_look_different_change_nothing() -> None:
    assert lines_of(("lang-son", 2019, "status", "A"), ("cao-bang", 2019, "note", " Điều  tra\n")) == []


AREAS = (
    ("lang-son", 2019),
    ("lang-son", 2020),
    ("lang-son", 2022),
    ("cao-bang", 2019),
    ("cao-bang", 2022),
    ("ca-nuoc", 2019),
)
NOTES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")), max_size=20
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    values=st.dictionaries(st.sampled_from((*AREAS, GAP)), st.integers(0, 10**7), min_size=1),
    notes=st.dictionaries(st.sampled_from(AREAS), NOTES),
    status=st.sampled_from(["A", "P", "E", "B"]),
)
def test_what_is_typed_is_what_is_read_and_nothing_else_changes(
    values: dict[tuple[str, int], int], notes: dict[tuple[str, int], str], status: str
) -> None:
    changes: list[Change] = []
    for place, number in values.items():
        changes += [(*place, "value", number / 10), (*place, "status", status), (*place, "source", "nghi-quyet")]
    changes += [(*place, "note", note) for place, note in notes.items() if not note.startswith("=")]
    done = intake(BOOK, filled(FORM, *changes))
    assert [one.rule for one in done.diagnostics] == []
    before, after = (
        {(one.area, one.period.year): one for one in parse(tree)[0].contents.indicators[0].observations}
        for tree in (BOOK, done.tree)
    )
    typed = {(area, year, column): value for area, year, column, value in changes}
    for place in before.keys() | values.keys():
        one, old = after[place], before.get(place)
        given_value = typed.get((*place, "value"))
        assert one.value == (Decimal(str(given_value)) if given_value is not None else old and old.value)
        note = typed.get((*place, "note"), old and old.note)
        assert (one.note or "") == unicodedata.normalize("NFC", " ".join(str(note or "").split()))
    assert after.keys() == before.keys() | values.keys()
    comments = [line.partition("#")[2] for line in WRITTEN.splitlines() if "#" in line]
    assert [one for one in comments if one not in _text(done.tree)] == []


def _text(tree: SourceTree) -> str:
    file = tree.find(PurePosixPath(INDICATOR))
    assert file is not None
    return file.content.decode()


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufeff"),
        min_size=1,
    )
)
def test_a_text_that_is_written_is_the_text_that_is_read(text: str) -> None:
    node, problems = read_yaml(PurePosixPath("x.yml"), f"a: {{b: {scalar_text(text)}, c: 1}}\n")
    assert problems == ()
    inner = node.get("a") if isinstance(node, Mapping) else None
    read = inner.get("b") if isinstance(inner, Mapping) else None
    assert isinstance(read, Scalar)
    assert (read.text, read.is_null) == (text, False)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [("669", 1, "669.0"), ("669.00", 1, "669.0"), ("12.345", 1, "12.345"), ("1E+3", 0, "1000"), ("-0.0", 1, "0.0")],
)
def test_a_value_is_written_with_the_decimals_of_its_indicator_and_no_digit_lost(
    value: str, decimals: int, expected: str
) -> None:
    assert value_text(Decimal(value), decimals) == expected


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_a_form_opens_with_its_guide_and_names_its_sheets_by_topic() -> None:
    file = opened(FORM)
    assert file.sheetnames == ["Hướng dẫn", "Dân số", LISTS]
    assert file[LISTS].sheet_state == "hidden"
    assert "Báo cáo thử" in str(file["Hướng dẫn"]["A1"].value)


def test_only_value_status_source_and_note_can_be_typed_in() -> None:
    page = opened(FORM)["Dân số"]
    assert page.protection.sheet
    assert not page.protection.password
    unlocked = {
        name
        for row in page.iter_rows(max_col=len(COLUMNS))
        for name, cell in zip(COLUMNS, row, strict=True)
        if not cell.protection.locked
    }
    assert unlocked == {"value", "status", "source", "note"}
    assert all(cell.protection.locked for cell in page[1])


def test_a_form_has_drop_downs_a_frozen_head_and_a_hidden_stamp() -> None:
    page = opened(FORM)["Dân số"]
    rules = {str(one.sqref)[0]: (one.type, one.formula1) for one in page.data_validations.dataValidation}
    assert rules["H"] == ("list", f"'{LISTS}'!$A$1:$A$8")
    assert rules["I"] == ("list", f"'{LISTS}'!$B$1:$B$2")
    assert rules["G"][0] == "decimal"
    assert page.freeze_panes == "A2"
    assert page.column_dimensions["K"].hidden
    assert page.cell(1, STAMP).value == MARKER


def test_numbers_are_shown_with_the_decimals_of_their_indicator_or_their_own() -> None:
    file = opened(FORM)
    assert cell_of(file, "lang-son", 2019, "value").number_format == "#,##0.0"
    assert cell_of(file, "lang-son", 2020, "value").number_format == "#,##0.00"


def test_a_note_that_looks_like_a_formula_is_exported_as_text() -> None:
    tree = small_book(WRITTEN.replace("note: Điều tra", 'note: "=1+1"'))
    cell = cell_of(opened(export(tree)), "cao-bang", 2019, "note")
    assert (cell.data_type, cell.value) == ("s", "=1+1")
    assert intake(tree, export(tree)).files == ()


def test_a_form_holds_what_was_asked_for() -> None:
    page = opened(export(BOOK, Choice(areas=("cao-bang",), periods=(Period(2020), Period(2021)))))["Dân số"]
    assert [(row[2], row[5]) for row in page.iter_rows(min_row=2, values_only=True)] == [
        ("cao-bang", 2020),
        ("cao-bang", 2021),
    ]


def test_a_gap_before_an_area_began_is_not_asked_for() -> None:
    areas = {
        "data/areas.yml": "ca-nuoc: {name: Cả nước, kind: nation}\nvung-bac: {name: Vùng Bắc, kind: region}\n"
        "lang-son: {name: Lạng Sơn, kind: province, region: vung-bac}\n"
        "cao-bang: {name: Cao Bằng, kind: province, region: vung-bac, valid: [2021-01-01, null]}\n"
    }
    file = opened(export(small_book(files=areas)))
    assert [row[5].value for row in file["Dân số"].iter_rows(min_row=2) if row[2].value == "cao-bang"] == [2019, 2022]


@pytest.mark.parametrize(
    ("choice", "rule"),
    [
        (Choice(indicators=("dan-soo",)), "unknown-id"),
        (Choice(areas=("lang-sn",)), "unknown-id"),
        (Choice(areas=("vung-bac",)), "nothing-to-export"),
    ],
)
def test_a_form_without_rows_is_refused(choice: Choice, rule: str) -> None:
    with pytest.raises(UsageError) as trouble:
        export(BOOK, choice)
    assert trouble.value.rule == rule


SECRET = "2024: {value: 999.9, source: bao-cao-mat, note: BIMAT, audience: noi-bo}"
SECRETS = WRITTEN.replace("    2022: 802.1\n", f"    2022: 802.1\n    {SECRET}\n")


def test_a_form_shows_an_audience_nothing_else() -> None:
    tree = small_book(SECRETS)
    shown = [str(cell.value) for page in opened(export(tree)).worksheets for row in page.iter_rows() for cell in row]
    assert not [text for text in shown if "BIMAT" in text or "bao-cao-mat" in text or "2024" in text]
    inside = [str(cell.value) for row in opened(export(tree, audience="noi-bo"))["Dân số"].iter_rows() for cell in row]
    assert "BIMAT" in inside


def test_a_form_for_the_public_leaves_what_it_does_not_show() -> None:
    tree = small_book(SECRETS)
    done = intake(tree, filled(export(tree), ("lang-son", 2019, "value", 782)))
    assert changed_lines(tree, done) == lines_of(("lang-son", 2019, "value", 782))


def table_of(tree: SourceTree, indicator: str = "dan-so") -> bytes:
    made = indicator_workbook(lookup_of(tree), indicator, read_words(tree), NOON)
    assert made is not None
    return made


def test_the_table_of_an_indicator_has_numbers_marks_and_notes() -> None:
    page = opened(table_of(BOOK))["dan-so"]
    rows = {row[0].value: row for row in page.iter_rows()}
    assert [cell.value for cell in rows["Tỉnh, vùng"]] == ["Tỉnh, vùng", "2019", "2020", "2022"]
    assert [cell.value for cell in rows["Lạng Sơn"][1:]] == [781.7, 788.7, 802.1]
    assert rows["Lạng Sơn"][2].number_format == '#,##0.0"*"'
    assert [cell.value for cell in rows["Cao Bằng"][1:]] == [530.3, "…", 540]
    assert rows["Vùng Bắc"][1].value == pytest.approx(1312.0)
    assert rows["Vùng Bắc"][1].font.italic
    assert "(*) Số sơ bộ." in rows
    assert "Đơn vị tính: nghìn người" in rows


def test_the_table_of_an_indicator_is_the_same_bytes_each_time_and_none_for_an_unknown_one() -> None:
    assert table_of(BOOK) == table_of(BOOK)
    assert indicator_workbook(lookup_of(BOOK), "khong-co", read_words(BOOK), NOON) is None


def test_the_table_of_an_indicator_shows_an_audience_nothing_else() -> None:
    shown = [str(cell.value) for row in opened(table_of(small_book(SECRETS)))["dan-so"].iter_rows() for cell in row]
    assert not [text for text in shown if "2024" in text or "999" in text or "nội bộ" in text]


def test_a_time_before_1980_is_no_trouble() -> None:
    assert indicator_workbook(lookup_of(BOOK), "dan-so", read_words(BOOK), 0)


def without(tree: SourceTree, path: str) -> SourceTree:
    return SourceTree(tuple(file for file in tree.files if str(file.path) != path))


def test_a_missing_template_is_named() -> None:
    with pytest.raises(Exception, match="no-template"):
        export(without(BOOK, "templates/exchange/workbook.toml"))


def test_a_template_that_misses_a_word_is_named() -> None:
    short = SourceFile(PurePosixPath("templates/exchange/workbook.toml"), b'title = "x"\n')
    tree = without(BOOK, str(short.path))
    with pytest.raises(Exception, match="template"):
        export(SourceTree((*tree.files, short)))

"""Opinions are read from the tables, comments and tracked changes that bodies send, usual ones and ugly ones."""

from __future__ import annotations

import unicodedata

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsmap

from galley.exchange.given import Origin, clean, is_agreed, read_vocabulary
from tests.opinion_files import DOCX, XLSX, commented, given_in, saved, small_book, track, word_table, workbook

HEAD = ("TT", "Vị trí", "Nội dung góp ý", "Cơ quan góp ý")
WORDS = read_vocabulary(small_book())


def test_a_usual_table_is_read_row_by_row() -> None:
    given, problems = given_in(
        XLSX,
        workbook(
            HEAD,
            (1, "Đoạn 1.2", "Bổ sung năm 2021", "Tỉnh ủy Lạng Sơn"),
            (2, "Đoạn 2.1", "Nêu rõ nguồn", "Bộ Kế hoạch và Đầu tư"),
        ),
    )
    assert problems == ()
    assert [(one.place, one.text, one.senders) for one in given] == [
        ("Đoạn 1.2", "Bổ sung năm 2021", "Tỉnh ủy Lạng Sơn"),
        ("Đoạn 2.1", "Nêu rõ nguồn", "Bộ Kế hoạch và Đầu tư"),
    ]
    assert given[0].origin == Origin("row", 2, "Góp ý")


@pytest.mark.parametrize(
    "head",
    [
        ("TT", "Nhóm vấn đề / điều, khoản", "Chủ thể góp ý", "Nội dung góp ý", "Nội dung tiếp thu, giải trình"),
        ("STT", "Chương, mục", "Đơn vị", "Ý kiến góp ý", "Ghi chú"),
        ("Số TT", "TRANG, ĐOẠN", "CƠ QUAN, ĐƠN VỊ", "Ý KIẾN", "TIẾP THU / GIẢI TRÌNH Ý KIẾN"),
        ("", "Vị trí (chương, mục, đoạn)", "Cơ quan góp ý", "Nội dung ý kiến của cơ quan", "Kết quả xử lý ý kiến"),
    ],
)
def test_columns_are_recognised_by_their_words(head: tuple[str, ...]) -> None:
    given, _ = given_in(XLSX, workbook(head, ("1", "1.2", "Cao Bằng", "Bổ sung số liệu", "Đã tiếp thu")))
    assert [(one.place, one.senders, one.text) for one in given] == [("1.2", "Cao Bằng", "Bổ sung số liệu")]


def test_wording_and_reason_go_into_the_text_and_the_quote_beside_it() -> None:
    given, _ = given_in(
        XLSX,
        workbook(
            ("TT", "Nguyên văn", "Đề nghị sửa thành", "Lý do", "Ý kiến"),
            (1, "còn hẹp", "còn rất hẹp", "theo số liệu 2020", "Chưa sát"),
            (2, "còn hẹp", "còn rất hẹp", "", ""),
        ),
    )
    assert [(one.quote, one.text) for one in given] == [
        ("còn hẹp", "Chưa sát\nĐề nghị sửa thành: còn rất hẹp\nLý do: theo số liệu 2020"),
        ("còn hẹp", "Đề nghị sửa thành: còn rất hẹp"),
    ]


def test_title_lines_counting_rows_empty_rows_and_a_second_head_are_passed_over() -> None:
    given, _ = given_in(
        XLSX,
        workbook(
            ("TỈNH ỦY LẠNG SƠN",),
            (),
            ("BẢNG TỔNG HỢP Ý KIẾN GÓP Ý VÀO DỰ THẢO BÁO CÁO",),
            HEAD,
            ("(1)", "(2)", "(3)", "(4)"),
            (1, "1.2", "Một", ""),
            (),
            (None, " ", "\u00a0", ""),
            HEAD,
            (2, "1.3", "Hai", ""),
        ),
    )
    assert [(one.text, one.origin.number) for one in given] == [("Một", 6), ("Hai", 10)]


def test_a_head_of_two_rows_is_one_head() -> None:
    given, _ = given_in(
        XLSX,
        workbook(
            ("TT", "Vị trí", "", "Nội dung góp ý"),
            ("", "Chương, mục", "Đoạn", ""),
            (1, "Chương 2", "Đoạn 3", "Làm rõ"),
            merged=("A1:A2", "B1:C1", "D1:D2"),
        ),
    )
    assert [(one.place, one.text) for one in given] == [("Chương 2, Đoạn 3", "Làm rõ")]


def test_a_merged_cell_says_the_same_in_each_of_its_rows() -> None:
    given, _ = given_in(
        XLSX,
        workbook(
            HEAD,
            (1, "1.2", "Một", "Lạng Sơn"),
            (2, None, "Hai", None),
            (3, "1.3", "Ba", None),
            merged=("B2:B3", "D2:D4"),
        ),
    )
    assert [(one.place, one.senders) for one in given] == [
        ("1.2", "Lạng Sơn"),
        ("1.2", "Lạng Sơn"),
        ("1.3", "Lạng Sơn"),
    ]


def test_an_empty_cell_that_is_not_merged_says_nothing() -> None:
    given, _ = given_in(XLSX, workbook(HEAD, (1, "1.2", "Một", "Lạng Sơn"), (2, None, "Hai", None)))
    assert (given[1].place, given[1].senders) == ("", "")


def test_a_row_across_the_table_says_what_the_rows_below_it_are_about() -> None:
    given, _ = given_in(
        XLSX,
        workbook(
            HEAD,
            ("Chương 2. Thương mại biên giới",),
            (1, "Đoạn 3", "Một", ""),
            ("", "Ý kiến chung", "", ""),
            (2, "", "Hai", ""),
            merged=("A2:D2",),
        ),
    )
    assert [(one.section, one.text) for one in given] == [
        ("Chương 2. Thương mại biên giới", "Một"),
        ("Ý kiến chung", "Hai"),
    ]


def test_every_sheet_is_read_and_one_without_a_table_is_mentioned() -> None:
    file = openpyxl.Workbook()
    file.worksheets[0].append(("Danh sách đại biểu",))
    for name in ("Lạng Sơn", "Cao Bằng"):
        page = file.create_sheet(name)
        page.append(("TT", "Ý kiến"))
        page.append((1, f"Ý kiến của {name}"))
    given, problems = given_in(XLSX, saved(file))
    assert [one.origin.part for one in given] == ["Lạng Sơn", "Cao Bằng"]
    assert [(one.rule, one.severity.value) for one in problems] == [("sheet-without-opinions", "warning")]


def test_a_place_that_is_a_number_is_told_from_one_that_is_text() -> None:
    given, _ = given_in(XLSX, workbook(HEAD, (1, 3.1, "Một", ""), (2, "3.10", "Hai", "")))
    assert [(one.place, one.shown) for one in given] == [("3.1", True), ("3.10", False)]


def test_short_opinions_that_sound_like_a_head_are_no_head() -> None:
    given, _ = given_in(XLSX, workbook(HEAD, ("", "Mục tiêu", "Không ý kiến", "Đơn vị X"), (2, "Phần", "Đồng ý", "")))
    assert [one.text for one in given] == ["Không ý kiến", "Đồng ý"]


def test_decomposed_letters_and_odd_blanks_are_made_usual() -> None:
    odd = unicodedata.normalize("NFD", "Nội dung góp ý")
    given, _ = given_in(
        XLSX,
        workbook(
            ("TT", "Vị\u00a0trí", odd),
            (
                1,
                "Đoạn\u00a01.2",
                unicodedata.normalize("NFD", " Bổ sung\u00a0 số\u200b liệu_x000D_\n\n năm\u20282021 "),
            ),
        ),
    )
    assert [(one.place, one.text) for one in given] == [("Đoạn 1.2", "Bổ sung số liệu\nnăm\n2021")]


def test_the_tables_of_a_word_file_are_read_like_sheets() -> None:
    document = docx.Document()
    document.add_paragraph("BẢNG TỔNG HỢP Ý KIẾN")
    table = word_table(
        document,
        ("TT", "Vị trí", "Nội dung góp ý"),
        ("Chương 2", "", ""),
        ("1", "Đoạn 3", "Một"),
        ("2", "", "Hai"),
    )
    table.cell(1, 0).merge(table.cell(1, 2))
    table.cell(2, 1).merge(table.cell(3, 1))
    word_table(document, ("Tỉnh", "2019", "2020"), ("Lạng Sơn", "781,7", "788,7"))
    word_table(document, ("TT", "Ý kiến"), ("1", "Ba"))
    given, problems = given_in(DOCX, saved(document))
    assert problems == ()
    assert [(one.section, one.place, one.text) for one in given] == [
        ("Chương 2", "Đoạn 3", "Một"),
        ("Chương 2", "Đoạn 3", "Hai"),
        ("", "", "Ba"),
    ]
    assert given[2].origin == Origin("table-row", 2, "3")


def test_a_comment_comes_with_its_quote_its_paragraph_and_its_author() -> None:
    given, _ = given_in(DOCX, commented(("Kim ngạch ", "qua các cửa khẩu", " tăng.", "Lạng Sơn", "Nêu\nnguồn")))
    (one,) = given
    assert (one.quote, one.paragraph) == ("qua các cửa khẩu", "Kim ngạch qua các cửa khẩu tăng.")
    assert (one.senders, one.text, one.origin) == ("Lạng Sơn", "Nêu\nnguồn", Origin("remark", 1))


def test_a_comment_on_two_paragraphs_quotes_both() -> None:
    document = docx.Document()
    first, second = (document.add_paragraph(text).runs[0] for text in ("Đoạn một.", "Đoạn hai."))
    document.add_comment([first, second], "Gộp lại", "A")
    given, _ = given_in(DOCX, saved(document))
    assert (given[0].quote, given[0].paragraph) == ("Đoạn một.\nĐoạn hai.", "Đoạn một.")


def test_tracked_changes_are_told_in_words_with_the_paragraph_as_it_was() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Đường bộ nối các cửa khẩu ")
    track(paragraph, "del", "còn hẹp")
    track(paragraph, "ins", "còn rất hẹp và dốc")
    paragraph.add_run(".")
    other = document.add_paragraph("Tỷ lệ sinh ")
    track(other, "del", "còn cao ")
    other.add_run("ở vùng sâu.")
    track(other, "ins", " Cần xem lại.", "Trần B")
    given, _ = given_in(DOCX, saved(document))
    assert [(one.text, one.paragraph, one.senders) for one in given] == [
        (
            "Đề nghị sửa “còn hẹp” thành “còn rất hẹp và dốc”",
            "Đường bộ nối các cửa khẩu còn hẹp.",
            "Nguyễn Văn A",
        ),
        ("Đề nghị bỏ “còn cao”", "Tỷ lệ sinh còn cao ở vùng sâu.", "Nguyễn Văn A"),
        (
            "Đề nghị thêm “Cần xem lại.” sau “sinh còn cao ở vùng sâu.”",
            "Tỷ lệ sinh còn cao ở vùng sâu.",
            "Trần B",
        ),
    ]


def test_a_paragraph_that_was_put_in_is_about_the_one_before_it() -> None:
    document = docx.Document()
    document.add_paragraph("Đường bộ nối các cửa khẩu còn hẹp.")
    track(document.add_paragraph(), "ins", "Đường sắt còn thiếu.")
    (one,) = given_in(DOCX, saved(document))[0]
    assert one.text == "Đề nghị thêm “Đường sắt còn thiếu.” sau “nối các cửa khẩu còn hẹp.”"
    assert one.paragraph == "Đường bộ nối các cửa khẩu còn hẹp."


def with_body(*elements: str) -> bytes:
    """A Word file of these elements, `w:` and `mc:` being known."""
    document = docx.Document()
    body = document.element.body
    spaces = "".join(f' xmlns:{name}="{nsmap.get(name, MARKUP)}"' for name in ("w", "mc"))
    for place, element in enumerate(elements):
        body.insert(place, parse_xml(element.replace(">", f"{spaces}>", 1)))
    return saved(document)


MARKUP = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def cell(text: str) -> str:
    return f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def test_rows_in_controls_tables_in_cells_and_links_are_read_where_they_stand() -> None:
    head = f"<w:tr>{cell('TT')}{cell('Ý kiến')}{cell('Vị trí')}</w:tr>"
    linked = (
        "<w:tc><w:p><w:hyperlink><w:r><w:t>đoạn</w:t></w:r></w:hyperlink><w:r><w:tab/><w:t>1.1</w:t></w:r></w:p></w:tc>"
    )
    inner = f"<w:tbl><w:tr>{cell('Trong')}{cell('bảng con')}</w:tr></w:tbl>"
    nested = f"<w:tc><w:p><w:r><w:t>Một</w:t><w:br/><w:t>hai</w:t></w:r></w:p>{inner}<w:p/></w:tc>"
    row = f"<w:sdt><w:sdtContent><w:tr>{cell('1')}{nested}{linked}</w:tr></w:sdtContent></w:sdt>"
    shifted = f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell("Ba")}{cell("1.2")}</w:tr>'
    given, problems = given_in(DOCX, with_body(f"<w:tbl>{head}{row}{shifted}</w:tbl>"))
    assert problems == ()
    assert [(one.text, one.place) for one in given] == [
        ("Một\nhai\nTrong\nbảng con", "đoạn 1.1"),
        ("Ba", "1.2"),
    ]


def test_what_a_file_holds_twice_for_old_programs_is_read_once() -> None:
    box = "<w:txbxContent><w:p><w:ins w:author='A'><w:r><w:t>Khung chữ mới.</w:t></w:r></w:ins></w:p></w:txbxContent>"
    twice = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    run = f"<w:r><mc:AlternateContent>{twice}</mc:AlternateContent></w:r>"
    given, _ = given_in(
        DOCX, with_body(f"<w:p><w:r><w:t>Trước khung.</w:t></w:r>{run}<w:r><w:t> Sau.</w:t></w:r></w:p>")
    )
    assert [(one.text, one.paragraph) for one in given] == [
        ("Đề nghị thêm “Khung chữ mới.” sau “Trước khung. Sau.”", "Trước khung. Sau.")
    ]


def test_a_paragraph_that_was_moved_is_taken_out_here_and_put_in_there() -> None:
    moved = "<w:r><w:t>Đoạn được chuyển.</w:t></w:r>"
    content = with_body(
        "<w:p><w:r><w:t>Đầu.</w:t></w:r></w:p>",
        f'<w:p><w:moveFrom w:author="A">{moved.replace("w:t>", "w:delText>")}</w:moveFrom></w:p>',
        "<w:p><w:r><w:t>Cuối.</w:t></w:r></w:p>",
        f'<w:p><w:moveTo w:author="A">{moved}</w:moveTo></w:p>',
    )
    given, _ = given_in(DOCX, content)
    assert [(one.text, one.paragraph) for one in given] == [
        ("Đề nghị bỏ “Đoạn được chuyển.”", "Đoạn được chuyển."),
        ("Đề nghị thêm “Đoạn được chuyển.” sau “Cuối.”", "Cuối."),
    ]


def test_a_table_of_the_draft_itself_is_no_table_of_opinions() -> None:
    document = docx.Document()
    word_table(document, ("TT", "Nội dung", "Đơn vị tính", "2020"), ("1", "Dân số", "nghìn người", "788,7"))
    word_table(document, ("TT", "Đề xuất, kiến nghị", "Cơ quan đề xuất"), ("1", "Xây cầu", "Lạng Sơn"))
    run = document.add_paragraph("Một câu.").runs[0]
    document.add_comment([run], "Ý kiến", "A")
    given, _ = given_in(DOCX, saved(document))
    assert [one.origin.kind for one in given] == ["remark"]


def test_changes_within_a_table_of_opinions_are_taken_and_are_no_opinions() -> None:
    document = docx.Document()
    table = word_table(document, ("TT", "Ý kiến"), ("1", "Nêu "))
    cell = table.cell(1, 1).paragraphs[0]
    track(cell, "del", "số cũ")
    track(cell, "ins", "số mới")
    given, _ = given_in(DOCX, saved(document))
    assert [one.text for one in given] == ["Nêu số mới"]


@pytest.mark.parametrize(("path", "content"), [(XLSX, workbook(("a", "b"))), (DOCX, saved(docx.Document()))])
def test_a_file_without_opinions_is_refused(path: object, content: bytes) -> None:
    found = given_in(XLSX if path == XLSX else DOCX, content)[1]
    assert [one.rule for one in found] == ["nothing-to-import"]


@pytest.mark.parametrize(
    "text",
    [
        "Thống nhất",
        "nhất trí.",
        "Không có ý kiến",
        "Cơ bản thống nhất với nội dung dự thảo báo cáo.",
        "Nhất trí với dự thảo, không có ý kiến gì thêm",
        unicodedata.normalize("NFD", "ĐỒNG Ý"),
    ],
)
def test_an_agreement_alone_is_known(text: str) -> None:
    assert is_agreed(text, WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "Không thống nhất",
        "Chưa nhất trí với đoạn này",
        "Thống nhất, đề nghị bổ sung số liệu",
        "Đề nghị thống nhất tên gọi",
        "Với dự thảo",
        "",
    ],
)
def test_an_opinion_that_asks_for_something_is_no_agreement(text: str) -> None:
    assert not is_agreed(text, WORDS)


def test_cleaning_twice_is_cleaning_once() -> None:
    text = "a\u200b\u0301 \t b\r\n\x07 c\u00ad\ud800\ue000"
    assert clean(clean(text)) == clean(text) == "á b\nc"

"""Files from strangers are bounded: no entities, no bombs, no crash; what is wrong with them is told.

See promises P2, P3, P6 and P9 of the threat model.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import docx
import pytest

from galley.exchange.excel import MAX_COLUMNS, MAX_ROWS, read_workbook
from galley.exchange.packed import MAX_PARTS
from galley.exchange.word import MAX_REMARKS, read_word
from tests.opinion_files import DOCX, XLSX, commented, given_in, received, saved, word_table, workbook

if TYPE_CHECKING:
    from pathlib import Path, PurePosixPath

HEAD = ("TT", "Vị trí", "Nội dung góp ý")
BOOK = workbook(HEAD, (1, "1.1", "Một"))
SHEET, BODY, COMMENTS = "xl/worksheets/sheet1.xml", "word/document.xml", "word/comments.xml"


def paper() -> bytes:
    document = docx.Document()
    word_table(document, HEAD, ("1", "1.1", "Một"))
    return saved(document)


PAPER = paper()
BOTH = [(XLSX, BOOK, SHEET), (DOCX, PAPER, BODY)]


def repacked(content: bytes, changes: dict[str, bytes]) -> bytes:
    """The archive with these parts instead of, or beside, its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, part in changes.items():
            new.writestr(name, part)
    return out.getvalue()


def part_of(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode().partition("?>")[2] or archive.read(name).decode()


def rules(path: PurePosixPath, content: bytes) -> list[str]:
    return [one.rule for one in given_in(path, content)[1]]


def with_entity(xml: str, definition: str, declaration: str = '<?xml version="1.0"?>') -> str:
    return f"{declaration}<!DOCTYPE x [{definition}]>{xml.replace('Một', 'Một &e;')}"


@pytest.mark.parametrize(("path", "content", "part"), BOTH)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_an_external_entity_is_refused_in_any_letters(
    path: PurePosixPath, content: bytes, part: str, encoding: str, tmp_path: Path
) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text("bí mật")
    xml = with_entity(part_of(content, part), f'<!ENTITY e SYSTEM "{canary.as_uri()}">')
    assert rules(path, repacked(content, {part: xml.encode(encoding)})) == ["foreign-part"]


@pytest.mark.parametrize(("path", "content", "part"), BOTH)
@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "cp500"])
def test_letters_that_would_hide_an_entity_are_refused(
    path: PurePosixPath, content: bytes, part: str, encoding: str
) -> None:
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>'
    plain = with_entity("<x/>", '<!ENTITY e "x">', declaration).encode(encoding)
    assert rules(path, repacked(content, {part: plain})) == ["foreign-part"]


@pytest.mark.parametrize(("path", "content", "part"), BOTH)
def test_a_bomb_of_entities_is_refused(path: PurePosixPath, content: bytes, part: str) -> None:
    laughs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    xml = with_entity(part_of(content, part), f'<!ENTITY e0 "ha">{laughs}').replace("&e;", "&e11;")
    assert rules(path, repacked(content, {part: xml.encode()})) == ["foreign-part"]


@pytest.mark.parametrize(("path", "content", "part"), BOTH)
def test_an_archive_that_unpacks_to_too_much_is_not_unpacked(path: PurePosixPath, content: bytes, part: str) -> None:
    assert rules(path, repacked(content, {part: bytes(101_000_000)})) == ["file-too-large"]


@pytest.mark.parametrize(("path", "content", "part"), BOTH)
def test_too_many_elements_and_parts_are_refused(path: PurePosixPath, content: bytes, part: str) -> None:
    assert rules(path, repacked(content, {part: b"<a>" + b"<c/>" * 6_000_001 + b"</a>"})) == ["file-too-large"]
    assert rules(path, repacked(content, {f"x/{n}": b"" for n in range(MAX_PARTS)})) == ["foreign-part"]


@pytest.mark.parametrize(
    "part",
    [
        b"",
        b"<",
        b"\x00\x01",
        b"<w:document/>",
        b"<a>" * 5_000,
        "<x>chữ</y>".encode(),
    ],
)
def test_a_broken_part_is_told_and_never_a_crash(part: bytes) -> None:
    assert set(rules(XLSX, repacked(BOOK, {SHEET: part}))) <= {"not-a-workbook", "foreign-part", "nothing-to-import"}
    assert set(rules(DOCX, repacked(PAPER, {BODY: part}))) <= {"not-a-word-file", "foreign-part"}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0 an old .doc", PAPER[:3000], BOOK])
def test_what_is_no_word_file_is_refused(content: bytes) -> None:
    assert rules(DOCX, content) == ["not-a-word-file"]


def test_a_word_file_is_no_workbook() -> None:
    assert rules(XLSX, PAPER) == ["not-a-workbook"]


def sheet(rows: str, more: str = "") -> bytes:
    head = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in HEAD)
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<worksheet xmlns="{namespace}"><sheetData><row>{head}</row>{rows}</sheetData>{more}</worksheet>'
    return repacked(BOOK, {SHEET: xml.encode()})


CELL = '<c r="{column}{{row}}" t="inlineStr"><is><t>{text}</t></is></c>'
ROW = f'<row r="{{row}}">{CELL.format(column="B", text="1.1")}{CELL.format(column="C", text="Ý")}</row>'


def test_cells_merged_over_a_whole_sheet_take_no_memory() -> None:
    given, problems = given_in(
        XLSX, sheet(ROW.format(row=2), '<mergeCells><mergeCell ref="B2:XFD1048576"/></mergeCells>')
    )
    assert (problems, [one.place for one in given]) == ((), ["1.1"])


@pytest.mark.parametrize("row", [MAX_ROWS + 1, 1_048_576])
def test_a_row_far_below_is_refused(row: int) -> None:
    assert rules(XLSX, sheet(ROW.format(row=row))) == ["file-too-large"]


def test_a_row_that_no_sheet_has_is_not_looked_for() -> None:
    assert rules(XLSX, sheet(ROW.format(row=99_999_999_999))) == ["nothing-to-import"]


def test_cells_far_to_the_right_take_no_memory() -> None:
    rows = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(2, 3_000))
    sheets, problems = read_workbook(XLSX, sheet(rows), shown=True)
    assert problems == ()
    assert max(len(row) for row in sheets[0].rows) <= MAX_COLUMNS


def test_a_text_that_stands_in_very_many_cells_is_refused() -> None:
    content = workbook(HEAD, *((n, "1.1", "Ý kiến dài " * 900) for n in range(500)))
    assert rules(XLSX, content) == ["file-too-large"]


@pytest.mark.parametrize("span", ["2000000000", "-5", "x", "9" * 5_000, "²"])
def test_a_cell_that_says_it_is_very_wide_takes_no_memory(span: str) -> None:
    wide = f'<w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>'
    body = part_of(PAPER, BODY).replace("<w:tcPr>", f"{wide}<w:tcPr>")
    document, problems = read_word(DOCX, repacked(PAPER, {BODY: body.encode()}))
    assert problems == ()
    assert max(len(row) for row in document.tables[0].rows) <= MAX_COLUMNS


def test_very_many_comments_are_refused() -> None:
    content = commented(("", "chữ", "", "A", "Ý"))
    xml = part_of(content, COMMENTS)
    begin, end = xml.index("<w:comment "), xml.index("</w:comments>")
    many = xml[:begin] + xml[begin:end] * (MAX_REMARKS + 1) + xml[end:]
    assert rules(DOCX, repacked(content, {COMMENTS: many.encode()})) == ["file-too-large"]


def test_very_many_comments_on_one_long_paragraph_are_cut() -> None:
    content = commented(*(("", "chữ", "", "A", f"Ý {n}") for n in range(300)))
    body = part_of(content, BODY)
    starts = "".join(f'<w:commentRangeStart w:id="{n}"/>' for n in range(300))
    texts = "<w:r><w:t xml:space='preserve'>dài </w:t></w:r>" * 20_000
    bomb = body.replace("<w:body>", f"<w:body><w:p>{starts}{texts}</w:p>", 1)
    document, problems = read_word(DOCX, repacked(content, {BODY: bomb.encode()}))
    assert problems == ()
    assert max(len(one.quote) for one in document.remarks) < 5_000


def test_a_relation_that_leads_outside_is_not_followed() -> None:
    relations = "word/_rels/document.xml.rels"
    outside = '<Relationship Id="rIdX" Type="x" TargetMode="External" Target="http://127.0.0.1:9/x"/></Relationships>'
    xml = part_of(PAPER, relations).replace("</Relationships>", outside)
    assert rules(DOCX, repacked(PAPER, {relations: xml.encode()})) == []
    inside = outside.replace(' TargetMode="External"', "").replace("http://127.0.0.1:9/x", "../../../../etc/passwd")
    xml = part_of(PAPER, relations).replace("</Relationships>", inside)
    assert rules(DOCX, repacked(PAPER, {relations: xml.encode()})) == ["not-a-word-file"]


def test_a_file_with_macros_is_not_read() -> None:
    types = "[Content_Types].xml"
    with_macros = part_of(PAPER, types).replace(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    assert rules(DOCX, repacked(PAPER, {types: with_macros.encode()})) == ["not-a-word-file"]


def test_characters_that_steer_a_terminal_or_the_direction_of_reading_do_not_get_in() -> None:
    done = received(workbook(HEAD, (1, "đoạn 1.1", "đỏ\u202e đảo\u2066 _x000D_\u200f")))
    assert done.file is not None
    assert [one.given.text for one in done.entries] == ["đỏ đảo"]

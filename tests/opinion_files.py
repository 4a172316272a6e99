"""Files of opinions as they come in, made by openpyxl and python-docx, and a small draft that they are about."""

from __future__ import annotations

import io
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from galley.check import check
from galley.compare.alignment import Piece
from galley.compare.drafts import DraftChapter
from galley.diagnostics import ordered
from galley.exchange.excel import read_workbook
from galley.exchange.given import opinions_of_document, opinions_of_sheets, read_vocabulary
from galley.exchange.reception import Addressing, Reception, receive
from galley.exchange.word import read_word
from galley.read.parse import parse
from galley.review.places import Draft
from galley.source import SourceFile, SourceTree
from tests.factories import book

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from docx.document import Document
    from docx.text.paragraph import Paragraph

    from galley.diagnostics import Diagnostic
    from galley.exchange.given import Given
    from galley.model import Comment

# What only files of opinions can get wrong; test_opinion_*.py hold these.
RULES_OF_OPINIONS = {
    "cannot-append",
    "foreign-part",
    "not-a-word-file",
    "nothing-to-import",
    "sheet-without-opinions",
}
TEMPLATE = "templates/exchange/opinions.toml"
WORDS = (Path(__file__).parent.parent / TEMPLATE).read_bytes()
COMMENTS = PurePosixPath("data/comments/hop-1.yml")
XLSX, DOCX = PurePosixPath("gop-y.xlsx"), PurePosixPath("gop-y.docx")
FROM_LANG_SON = Addressing("hop-1", "tinh-uy-lang-son")
REGISTERS: Mapping[str, str | None] = {
    "data/meetings.yml": "- {id: hop-1, title: Họp lần thứ nhất, date: 2021-06-09}\n",
    "data/agencies.yml": """\
        to-bien-tap: {name: Tổ Biên tập, kind: team}
        tinh-uy-lang-son: {name: Tỉnh ủy Lạng Sơn, kind: province, area: lang-son}
        tinh-uy-cao-bang: {name: Tỉnh ủy Cao Bằng, kind: province, area: cao-bang}
        bo-ke-hoach-va-dau-tu: {name: Bộ Kế hoạch và Đầu tư, kind: ministry}
        cac-bo-nganh: {name: "Các bộ, ban, ngành Trung ương", kind: ministry}
        """,
}


def _chapter(number: int, path: str, title: str, *texts: str) -> DraftChapter:
    """A chapter of headings (`# Quy mô`), tables (`| …`) and paragraphs, these two numbered."""
    pieces: list[Piece] = []
    count = 0
    for text in texts:
        if text.startswith("# "):
            pieces.append(Piece("heading", text[2:], name=f"muc-{len(pieces) + 1}"))
            continue
        count += 1
        kind = "table" if text.startswith("| ") else "paragraph"
        pieces.append(Piece(kind, text.removeprefix("| "), name=f"doan-{count}"))
    return DraftChapter(PurePosixPath(path), title, tuple(pieces), number)


CHAPTERS = (
    _chapter(
        1,
        "chapters/dan-so.md",
        "Dân số",
        "# Quy mô",
        "Dân số vùng năm 2020 là 1.321,8 nghìn người, tăng đều qua các năm.",
        "| Bảng 1.1. Dân số các tỉnh\nLạng Sơn\t788,7",
        "# Hạn chế",
        "Tỷ lệ sinh còn cao ở vùng sâu, vùng xa; đội ngũ cán bộ dân số còn thiếu.",
    ),
    _chapter(
        2,
        "chapters/bien-gioi.md",
        "Thương mại biên giới",
        "# Cửa khẩu",
        "Kim ngạch xuất khẩu qua các cửa khẩu đạt 4,2 tỷ USD năm 2020, gấp hai lần năm 2010.",
        "Hạ tầng cửa khẩu Hữu Nghị được nâng cấp, thời gian thông quan giảm một nửa so với năm 2015.",
        "# Hạn chế",
        "Đường bộ nối các cửa khẩu còn hẹp.",
        *(f"Đoạn bổ sung mang số {number} của chương này." for number in range(4, 13)),
    ),
    _chapter(
        3,
        "provinces/lang-son.md",
        "Lạng Sơn",
        "# Dân số",
        "Dân số tỉnh năm 2020 là 788,7 nghìn người; tỉnh có 2 cửa khẩu quốc tế.",
    ),
)
DRAFT = Draft(CHAPTERS)


def small_book(files: Mapping[str, str | None] | None = None) -> SourceTree:
    """The small book with a meeting, more bodies, and the words by which opinions are recognised."""
    made = book({**REGISTERS, **(files or {})})
    return SourceTree((*made.files, SourceFile(PurePosixPath(TEMPLATE), WORDS)))


def workbook(*rows: Sequence[object], merged: Iterable[str] = (), title: str = "Góp ý") -> bytes:
    """An Excel file of one sheet with these rows."""
    file = openpyxl.Workbook()
    page: Any = file.worksheets[0]
    page.title = title
    for row in rows:
        page.append(list(row))
    for one in merged:
        page.merge_cells(one)
    return saved(file)


def saved(file: Any) -> bytes:  # noqa: ANN401 - a workbook or a document
    """The bytes of a workbook or document."""
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def word_table(document: Document, *rows: Sequence[str]) -> Any:  # noqa: ANN401 - python-docx's table
    """A table at the end of a document."""
    table = document.add_table(len(rows), len(rows[0]))
    for cells, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(cells.cells, row, strict=True):
            cell.text = text
    return table


def commented(*remarks: tuple[str, str, str, str, str]) -> bytes:
    """A Word file with a paragraph for each comment: what is before the quote, the quote, after it, author, text."""
    document = docx.Document()
    for before, quote, after, author, text in remarks:
        paragraph = document.add_paragraph(before)
        run = paragraph.add_run(quote)
        paragraph.add_run(after)
        document.add_comment([run], text, author)
    return saved(document)


def track(paragraph: Paragraph, kind: str, text: str, author: str = "Nguyễn Văn A") -> None:
    """Words at the end of a paragraph that somebody took out (`del`) or put in (`ins`)."""
    run = paragraph.add_run(text)._r  # noqa: SLF001 - python-docx has no interface for tracked changes
    change = OxmlElement(f"w:{kind}")
    change.set(qn("w:author"), author)
    run.getparent().replace(run, change)
    change.append(run)
    for words in run.findall(qn("w:t")) if kind == "del" else ():
        words.tag = qn("w:delText")


def given_in(path: PurePosixPath, content: bytes) -> tuple[tuple[Given, ...], tuple[Diagnostic, ...]]:
    """The opinions of a file, and what is wrong with it."""
    words = read_vocabulary(small_book())
    if path.suffix == ".docx":
        document, found = read_word(path, content)
        return ((), found) if found else opinions_of_document(path, document, words)
    sheets, found = read_workbook(path, content, shown=True)
    return ((), found) if found else opinions_of_sheets(path, sheets, words)


def received(
    content: bytes,
    path: PurePosixPath = XLSX,
    *,
    tree: SourceTree | None = None,
    addressing: Addressing = FROM_LANG_SON,
    draft: Draft = DRAFT,
) -> Reception:
    """What importing a file into a tree would do."""
    given, found = given_in(path, content)
    assert found == ()
    return accepted(given, tree=tree, addressing=addressing, draft=draft)


def accepted(
    given: Iterable[Given],
    *,
    tree: SourceTree | None = None,
    addressing: Addressing = FROM_LANG_SON,
    draft: Draft = DRAFT,
) -> Reception:
    """What adding opinions to a tree would do."""
    tree = tree or small_book()
    report, problems = parse(tree)
    known = ordered((*problems, *check(report, tree)))
    return receive(given, addressing, draft, read_vocabulary(small_book()), report, tree, known)


def comments_of(done: Reception) -> list[Comment]:
    """The opinions of the tree after an import."""
    return list(parse(done.tree)[0].contents.comments)


def abouts(done: Reception) -> list[str]:
    """What the opinions that were handed in are about, in their order."""
    return [one.placing.about for one in done.entries]

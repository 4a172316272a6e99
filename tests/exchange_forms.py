"""Export a form of a small book, fill it in with openpyxl as a province would, and take it in again."""

from __future__ import annotations

import io
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import openpyxl

from galley.check import check
from galley.diagnostics import ordered, render
from galley.edition import restrict
from galley.exchange.excel import write_workbook
from galley.exchange.form import COLUMNS, Choice, form, topics_of
from galley.exchange.intake import Intake, take_in
from galley.exchange.words import read_words
from galley.read.parse import parse
from galley.source import SourceFile, SourceTree
from tests.factories import book

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TEMPLATES = Path(__file__).parent.parent / "templates"
NAMES = ("exchange/workbook.toml", "pages/words.html")
WORKBOOK = PurePosixPath("so-lieu.xlsx")
NOON = 1_600_000_000
EVERYTHING = Choice()
INDICATOR = "data/indicators/dan-so.yml"
# Every way of writing that the files use: defaults, comments, braces, quotes, lines, a gap, a year out of the row.
WRITTEN = """\
# Đầu tệp
name: Dân số
unit: nghin-nguoi
decimals: 1
better: neither
aggregate: sum
topic: dan-so
source: nien-giam   # nguồn chung
observations:
  # vùng cao
  lang-son:
    2019: 781.7     # sau Tổng điều tra
    2020: {value: 788.70, status: P, note: "Số sơ bộ, \\"chờ\\" số chính thức"}  # hỏi lại
    2022: 802.1
  cao-bang:   # chưa có 2020
    2019:
      # số cũ
      value: 530.3
      note: Điều tra
    2022: { note: 'Ghi trước', source: nghi-quyet, value: 540 }
  ca-nuoc: {2019: 96484.0, 2020: 97582.7}
"""


def small_book(text: str = WRITTEN, files: Mapping[str, str | None] | None = None) -> SourceTree:
    """The small book with this indicator file, and the templates that an export needs."""
    templates = tuple(SourceFile(PurePosixPath("templates") / name, (TEMPLATES / name).read_bytes()) for name in NAMES)
    plain = {"chapters/dan-so.md": "---\ntitle: Dân số\nowner: to-bien-tap\nstatus: draft\n---\n\nMột câu.\n"}
    tree = book({INDICATOR: text, **plain, **(files or {})})
    return SourceTree(tuple(sorted((*tree.files, *templates), key=lambda file: str(file.path))))


def export(tree: SourceTree, choice: Choice = EVERYTHING, audience: str | None = None) -> bytes:
    """The form of a tree."""
    edition = restrict(parse(tree)[0], audience)
    return write_workbook(form(edition, read_words(tree, topics_of(edition)), choice), NOON)


def cell_of(file: openpyxl.Workbook, area: str, period: object, column: str, indicator: str = "dan-so") -> Any:  # noqa: ANN401 - a cell of any kind
    """A cell of the row of an observation."""
    for page in file.worksheets:
        for row in page.iter_rows(min_row=2, max_col=len(COLUMNS)):
            if [row[0].value, row[2].value, str(row[5].value)] == [indicator, area, str(period)]:
                return row[COLUMNS.index(column)]
    raise LookupError(area, period)


def filled(content: bytes, *changes: tuple[str, int, str, object]) -> bytes:
    """The form with cells changed, each named by area, period and column."""

    def change(file: openpyxl.Workbook) -> None:
        for area, period, column, value in changes:
            cell_of(file, area, period, column).value = value

    return saved(content, change)


def saved(content: bytes, change: Callable[[openpyxl.Workbook], object]) -> bytes:
    """The form after a change to its workbook."""
    file = openpyxl.load_workbook(io.BytesIO(content))
    change(file)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def found_in(tree: SourceTree) -> str:
    """What is wrong with a tree, a line each, in Vietnamese."""
    report, problems = parse(tree)
    return render(ordered((*problems, *check(report, tree))), "concise", "vi", tree.lines)


def intake(tree: SourceTree, content: bytes) -> Intake:
    """What importing a form into a tree would do."""
    report, problems = parse(tree)
    return take_in(WORKBOOK, content, tree, report, ordered((*problems, *check(report, tree))))


def told(one: Intake) -> str:
    """The diagnostics of an import, a line each, in Vietnamese."""
    return render(one.diagnostics, "concise", "vi", one.tree.lines)


def changed_lines(tree: SourceTree, one: Intake) -> list[str]:
    """The lines that an import takes out (-) and puts in (+), like a diff without context."""
    import difflib  # noqa: PLC0415 - only this

    lines = []
    for file in one.files:
        old = tree.find(file.path)
        assert old is not None
        before, after = (content.decode().split("\n") for content in (old.content, file.content))
        diff = list(difflib.unified_diff(before, after, n=0, lineterm=""))[2:]
        lines += [line for line in diff if not line.startswith("@@")]
    return lines

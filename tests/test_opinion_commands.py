"""The command `comments import`: what it shows and asks, what it writes, and how it ends."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import docx
import pytest

from galley import cli
from galley.read.parse import parse
from galley.read.worktree import read_worktree
from tests.opinion_files import REGISTERS, commented, saved, workbook
from tests.sites import write_site_book

if TYPE_CHECKING:
    from pathlib import Path

HEAD = ("TT", "Vị trí", "Nguyên văn", "Nội dung góp ý", "Cơ quan góp ý")
CHAPTER = """\
---
title: Thủy điện
owner: to-bien-tap
status: draft
---

## Hòa Bình và Bắc Kạn {#hoa-binh}

Nhà máy ở Hòa Bình phát điện từ năm 1988.

/// audience | noi-bo
Đoạn chỉ dành cho nội bộ.
///

Làng nghề ở gần sông {SECOND}.
"""
MEETING = "- {id: hop-1, title: Họp lần thứ nhất, date: 2021-06-09, revision: hop-1}\n"


def chapter(second: str) -> str:
    return CHAPTER.replace("{SECOND}", second)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book whose meeting discussed another draft than today's."""
    registers = {**REGISTERS, "data/meetings.yml": MEETING, "chapters/hoa-binh.md": chapter("còn ít")}
    root = write_site_book(tmp_path_factory.mktemp("book"), registers)
    subprocess.run(("git", "tag", "hop-1"), cwd=root, check=True)
    (root / "chapters/hoa-binh.md").write_text(chapter("đã nhiều").replace("Nhà máy", "Thêm.\n\nNhà máy"))
    return root


@pytest.fixture
def root(book: Path) -> Path:
    (book / "data/comments/hop-1.yml").unlink(missing_ok=True)
    return book


def run(root: Path, *arguments: str) -> int:
    return cli.main(["--root", str(root), "--out", str(root / "build"), *arguments])


def take(root: Path, content: bytes, *arguments: str, name: str = "gop-y.xlsx") -> int:
    path = root.parent / name
    path.write_bytes(content)
    return run(root, "comments", "import", str(path), "--meeting", "hop-1", *arguments)


def written(root: Path) -> str:
    path = root / "data/comments/hop-1.yml"
    return path.read_text(encoding="utf-8") if path.exists() else ""


GOOD = workbook(HEAD, (1, "", "còn ít", "Nêu số làng nghề", ""))
ENTRY = """\
- id: y-kien-1
  from: tinh-uy-lang-son
  about: chapters/hoa-binh.md#3
  quote: còn ít
  text: Nêu số làng nghề
  disposition: new
"""
FROM = ("--from", "tinh-uy-lang-son")


def test_opinions_are_placed_in_the_draft_of_their_meeting_and_written_with_yes(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take(root, GOOD, *FROM, "--yes") == cli.OK
    shown = capsys.readouterr()
    assert written(root) == ENTRY
    assert "y-kien-1 | tinh-uy-lang-son | 3.2 (chapters/hoa-binh.md#3), theo câu trích" in shown.out
    assert "trang “Góp ý”, dòng 2 | Nêu số làng nghề" in shown.out
    assert "Đã thêm 1 ý kiến vào data/comments/hop-1.yml" in shown.err


def test_numbers_are_those_of_the_edition_that_was_circulated(root: Path) -> None:
    content = workbook(HEAD, (1, "đoạn 3.2", "", "Một", ""))
    assert take(root, content, *FROM, "--yes") == cli.OK
    assert take(root, content, *FROM, "--yes", "--audience", "noi-bo") == cli.OK
    comments = parse(read_worktree(root))[0].contents.comments
    assert [one.about for one in comments] == ["chapters/hoa-binh.md#3", "chapters/hoa-binh.md#2"]


def test_a_second_import_writes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert take(root, GOOD, *FROM, "--yes") == cli.OK
    assert take(root, GOOD, *FROM) == cli.OK
    assert "Không có ý kiến nào mới; 1 ý kiến đã có" in capsys.readouterr().err
    assert written(root) == ENTRY


def test_a_dry_run_writes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert take(root, GOOD, *FROM, "--dry-run", "--lang", "en") == cli.OK
    assert "1 opinions would be added" in capsys.readouterr().err
    assert written(root) == ""


def test_without_a_terminal_nothing_is_written_unasked(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    assert take(root, GOOD, *FROM) == cli.CANNOT_GO_ON
    assert written(root) == ""


@pytest.mark.parametrize(("answer", "expected"), [("c", ENTRY), ("k", "")])
def test_at_a_terminal_the_answer_decides(
    root: Path, monkeypatch: pytest.MonkeyPatch, answer: str, expected: str
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda *_: answer)
    assert take(root, GOOD, *FROM) == cli.OK
    assert written(root) == expected


def test_what_was_not_placed_is_shown_with_its_row_and_ends_with_1(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = workbook(
        HEAD,
        (1, "trang 3, dòng 2", "", "Sửa chính tả", ""),
        (2, "đoạn 3.40", "", "Không có đoạn này", ""),
        (3, "3.1", "", "Một", "Sở X"),
        (4, "3.1", "", "Hai", ""),
    )
    assert take(root, content, *FROM, "--yes") == cli.CONTENT_HAS_ERRORS
    shown = capsys.readouterr()
    assert "trang “Góp ý”, dòng 2 | tinh-uy-lang-son | Sửa chính tả" in shown.out
    assert "chỗ được góp ý “trang 3, dòng 2”: nêu theo trang, dòng thì không tra được" in shown.out
    assert "danh mục data/agencies.yml không có cơ quan này: Sở X" in shown.out
    assert "Sẽ ghi 1 ý kiến cho cả chương" in shown.out
    assert [line.strip() for line in written(root).splitlines() if "about" in line] == [
        "about: chapters/hoa-binh.md",
        "about: chapters/hoa-binh.md#1",
    ]
    assert "Đã thêm 2 ý kiến" in shown.err
    assert take(root, content, *FROM, "--yes") == cli.CONTENT_HAS_ERRORS


def test_comments_of_a_circulated_draft_are_taken(root: Path) -> None:
    content = commented(("Làng nghề ở gần sông ", "còn ít", ".", "Trần Văn B", "Nêu số làng nghề"))
    assert take(root, content, *FROM, "--yes", name="du-thao.docx") == cli.OK
    assert written(root) == ENTRY


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--from", "tinh-uy-lang-sn"), "tinh-uy-lang-son"),
        (("--meeting", "hop-9"), "hop-1"),
        (("--audience", "moi-nguoi"), "noi-bo"),
    ],
)
def test_a_name_that_is_not_known_is_answered_with_those_that_are(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    assert take(root, GOOD, *arguments) == cli.CANNOT_GO_ON
    assert told in capsys.readouterr().err


def test_a_file_that_is_not_there_ends_with_2(root: Path) -> None:
    assert run(root, "comments", "import", "khong-co.docx", "--meeting", "hop-1") == cli.CANNOT_GO_ON


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("a.docx", b"x", "not-a-word-file"),
        ("a.doc", b"\xd0\xcf\x11\xe0", "not-a-word-file"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "not-a-workbook"),
        ("b.docx", saved(docx.Document()), "nothing-to-import"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_1_and_says_why(
    root: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, rule: str
) -> None:
    assert take(root, content, *FROM, "--yes", name=name) == cli.CONTENT_HAS_ERRORS
    assert f"[{rule}]" in capsys.readouterr().err


def test_a_register_that_cannot_be_read_is_not_added_to(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / "data/comments/hop-1.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text("- {id: y-kien-1}\n")
    assert take(root, GOOD, *FROM, "--yes") == cli.CONTENT_HAS_ERRORS
    assert "[missing-key]" in capsys.readouterr().err
    assert written(root) == "- {id: y-kien-1}\n"

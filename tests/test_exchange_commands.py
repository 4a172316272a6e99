"""The commands `export` and `import`: what they write, print and ask, and how they end."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from galley import cli
from tests.exchange_forms import INDICATOR, NAMES, TEMPLATES, WRITTEN, filled
from tests.factories import write_book

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in NAMES:
        target = tmp_path / "templates" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TEMPLATES / name, target)
    return write_book(tmp_path, {INDICATOR: WRITTEN})


@pytest.fixture
def form(root: Path) -> Path:
    """A form with one changed value."""
    assert run(root, "export", "excel") == cli.OK
    path = root / "build" / "so-lieu.xlsx"
    path.write_bytes(filled(path.read_bytes(), ("lang-son", 2019, "value", 782)))
    return path


def run(root: Path, *arguments: str) -> int:
    return cli.main(["--root", str(root), "--out", str(root / "build"), *arguments])


def content(root: Path) -> str:
    return (root / INDICATOR).read_bytes().decode()


def snapshot(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file() and "build" not in path.parts}


def test_an_untouched_form_leaves_every_file_as_it_is(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = snapshot(root)
    assert run(root, "export", "excel", "--out", str(root / "build" / "bieu.xlsx")) == cli.OK
    assert run(root, "import", "excel", str(root / "build" / "bieu.xlsx"), "--yes") == cli.OK
    assert "không có gì khác" in capsys.readouterr().err
    assert snapshot(root) == before


def test_an_import_shows_the_differences_and_writes_with_yes(
    root: Path, form: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root, "import", "excel", str(form), "--yes") == cli.OK
    shown = capsys.readouterr()
    assert shown.out == f"{INDICATOR}:12:11: dan-so, lang-son, 2019: giá trị 781.7 → 782.0\n"
    assert "Đã ghi 1 số liệu vào 1 tệp" in shown.err
    assert content(root) == WRITTEN.replace("781.7", "782.0")


def test_a_dry_run_shows_and_writes_nothing(root: Path, form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "--lang", "en", "import", "excel", str(form), "--dry-run") == cli.OK
    shown = capsys.readouterr()
    assert "value 781.7 → 782.0" in shown.out
    assert "1 observations would change" in shown.err
    assert content(root) == WRITTEN


def test_without_a_terminal_nothing_is_written_unasked(
    root: Path, form: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    assert run(root, "import", "excel", str(form)) == cli.CANNOT_GO_ON
    assert "--yes" in capsys.readouterr().err
    assert content(root) == WRITTEN


@pytest.mark.parametrize(("answer", "written"), [("c", True), ("Có", True), ("k", False), ("", False)])
def test_at_a_terminal_the_answer_decides(
    root: Path,
    form: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    written: bool,  # noqa: FBT001 - a case's two sides
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda *_: answer)
    assert run(root, "import", "excel", str(form)) == cli.OK
    assert (content(root) != WRITTEN) is written


def test_a_form_with_a_mistake_ends_with_1_and_writes_nothing(
    root: Path, form: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form.write_bytes(filled(form.read_bytes(), ("lang-son", 2022, "value", "802,5")))
    assert run(root, "import", "excel", str(form), "--yes") == cli.CONTENT_HAS_ERRORS
    shown = capsys.readouterr().err
    assert "so-lieu.xlsx:7:7: lỗi: trang “Dân số”, ô G7: “802,5” là chữ" in shown
    assert "gợi ý: xóa ô rồi gõ lại 802,5" in shown
    assert content(root) == WRITTEN


def test_a_file_that_is_not_there_ends_with_2(root: Path) -> None:
    assert run(root, "import", "excel", str(root / "khong-co.xlsx")) == cli.CANNOT_GO_ON


def test_a_data_package_replaces_its_own_folder_only(root: Path) -> None:
    (root / "build" / "csv").mkdir(parents=True)
    (root / "build" / "csv" / "old.csv").write_text("old")
    (root / "build" / "report.pdf").write_text("kept")
    assert run(root, "export", "csv") == cli.OK
    assert sorted(path.name for path in (root / "build" / "csv").iterdir()) == [
        "areas.csv",
        "datapackage.json",
        "indicators.csv",
        "observations.csv",
        "sources.csv",
    ]
    assert (root / "build" / "report.pdf").read_text() == "kept"


def test_a_period_that_is_none_ends_with_2(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "export", "excel", "--period", "2021", "nam-nay") == cli.CANNOT_GO_ON
    assert "nam-nay" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "told"), [(("--province", "lang-sn"), "lang-son"), (("--indicator", "abc"), "data/indicators/")]
)
def test_an_id_that_is_not_known_is_answered_with_the_nearest_or_the_place_to_look(
    root: Path, capsys: pytest.CaptureFixture[str], option: tuple[str, str], told: str
) -> None:
    assert run(root, "export", "excel", *option) == cli.CANNOT_GO_ON
    assert told in capsys.readouterr().err


def test_a_mistake_in_a_text_does_not_keep_a_form_back(root: Path) -> None:
    chapter = root / "chapters" / "dan-so.md"
    chapter.write_text(chapter.read_text().replace("2020)", "2035)"))
    assert run(root, "check") == cli.CONTENT_HAS_ERRORS
    assert run(root, "export", "excel") == cli.OK


def test_a_figure_that_cannot_be_read_does_keep_it_back(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / INDICATOR).write_bytes(WRITTEN.replace("781.7", "781,7").encode())
    assert run(root, "export", "csv") == cli.CONTENT_HAS_ERRORS
    assert "[decimal-comma]" in capsys.readouterr().err
    assert not (root / "build" / "csv").exists()

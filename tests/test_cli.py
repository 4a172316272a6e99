"""The command line: what each command prints and how it ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from galley import cli, options
from galley.read.parse import parse
from galley.read.worktree import read_worktree
from tests.factories import write_book

ROOT = Path(__file__).parent.parent
WRONG = {"data/units.yml": 'nghin-nguoi: {name: nghìn người}\nphan-tram: {name: "%", spacd: false}\n'}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "templates" / "new", tmp_path / "templates" / "new")
    return write_book(tmp_path)


def run(*arguments: str, root: Path) -> int:
    return cli.main(["--root", str(root), "--out", str(root / "build"), *arguments])


def test_a_clean_book_is_checked_with_exit_code_0(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", root=root) == cli.OK
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "0 lỗi" in shown.err


def test_a_mistake_is_shown_with_place_line_and_hint_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_book(tmp_path, WRONG)
    assert run("check", root=tmp_path) == cli.CONTENT_HAS_ERRORS
    shown = capsys.readouterr().out
    assert "data/units.yml:2:" in shown
    assert "[unknown-key]" in shown
    assert 'phan-tram: {name: "%", spacd: false}' in shown
    assert "`spaced`" in shown


@pytest.mark.parametrize("order", [("check", "--lang", "en"), ("--lang", "en", "check")])
def test_messages_are_also_in_english(
    order: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_book(tmp_path, WRONG)
    run(*order, root=tmp_path)
    shown = capsys.readouterr()
    assert "error:" in shown.out
    assert "1 error" in shown.err


def test_the_json_form_is_a_list_of_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_book(tmp_path, WRONG)
    run("check", "--format", "json", root=tmp_path)
    (record,) = json.loads(capsys.readouterr().out)
    assert (record["path"], record["line"], record["rule"]) == ("data/units.yml", 2, "unknown-key")


def test_the_github_form_is_a_workflow_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_book(tmp_path, WRONG)
    run("check", "--format", "github", root=tmp_path)
    assert capsys.readouterr().out.startswith("::error file=data/units.yml,line=2,col=")


def test_the_concise_form_is_a_line_for_each_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_book(tmp_path, WRONG)
    run("check", "--format", "concise", root=tmp_path)
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_build_with_errors_builds_nothing_and_keeps_the_last_outputs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_book(tmp_path, WRONG)
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "report.pdf").write_bytes(b"the last good one")
    assert run(root=tmp_path) == cli.CONTENT_HAS_ERRORS
    assert (tmp_path / "build" / "report.pdf").read_bytes() == b"the last good one"
    assert "[unknown-key]" in capsys.readouterr().err


def test_a_folder_without_content_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", root=tmp_path) == cli.CANNOT_GO_ON
    assert capsys.readouterr().err.startswith("lỗi: ")


def test_an_audience_that_does_not_exist_ends_with_2(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("site", "--audience", "tat-ca", root=root) == cli.CANNOT_GO_ON
    assert "cong-khai, hoi-nghi, noi-bo" in capsys.readouterr().err


def test_a_command_that_does_not_exist_ends_with_2(root: Path) -> None:
    with pytest.raises(SystemExit) as end:
        run("biuld", root=root)
    assert end.value.code == cli.CANNOT_GO_ON


def test_a_bug_of_ours_ends_with_3_and_names_its_log(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(cli.COMMANDS, options.CHECK, lambda _options, _errors: 1 // 0)
    assert run("check", root=root) == cli.OWN_BUG
    assert "ZeroDivisionError" in (root / "build" / "galley.log").read_text()
    assert "galley.log" in capsys.readouterr().err


def test_an_interrupted_command_ends_with_130(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_options: object, _errors: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(cli.COMMANDS, options.CHECK, interrupted)
    assert run("check", root=root) == cli.INTERRUPTED


def test_a_rule_is_explained(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "missing-source", root=root) == cli.OK
    assert "data/sources.yml" in capsys.readouterr().out


def test_a_rule_that_does_not_exist_is_answered_with_the_rules_there_are(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("explain", "khong-co", root=root) == cli.CANNOT_GO_ON
    assert "missing-source" in capsys.readouterr().err


def test_a_new_chapter_is_entered_in_the_reading_order_and_checks_clean(root: Path) -> None:
    assert run("new", "chapter", "lien-ket-vung", root=root) == cli.OK
    report, diagnostics = parse(read_worktree(root))
    assert "chapters/lien-ket-vung.md" in [str(one.path) for one in report.contents.chapters]
    assert diagnostics == ()
    assert run("check", root=root) == cli.OK


@pytest.mark.parametrize("kind", ["indicator", "meeting", "province"])
def test_the_beginning_of_every_kind_of_record_can_be_read(kind: str, root: Path) -> None:
    assert run("new", kind, "cao-bang", root=root) == cli.OK
    _, diagnostics = parse(read_worktree(root))
    assert [one.rule for one in diagnostics] == []


def test_nothing_that_exists_is_begun_anew(root: Path) -> None:
    text = (root / "chapters" / "dan-so.md").read_bytes()
    assert run("new", "chapter", "dan-so", root=root) == cli.CANNOT_GO_ON
    assert (root / "chapters" / "dan-so.md").read_bytes() == text


def test_an_id_with_marks_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("new", "chapter", "Liên kết", root=root) == cli.CANNOT_GO_ON
    assert "Liên kết" in capsys.readouterr().err

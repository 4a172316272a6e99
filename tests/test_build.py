"""The whole line on a small book, run as its users run it: same bytes, data everywhere, nothing half-written."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from galley import cli
from tests.sites import ROOT, write_site_book

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMAND = (sys.executable, str(ROOT / "build_report.py"))
OLD, NEW = "788,7", "901,3"


def build(root: Path, out: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command without a word, as CI does."""
    command = [*COMMAND, "--root", str(root), "--out", str(out)]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, env={**os.environ, **environment}, timeout=300
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def texts(out: Path) -> dict[str, str]:
    """The text of everything a reader can open: pages, tables to download, search index, PDF."""
    found = {
        name: content.decode()
        for name, content in contents(out / "site").items()
        if name.endswith((".html", ".csv", ".json"))
    }
    pdf = subprocess.run(["pdftotext", "-layout", str(out / "report.pdf"), "-"], check=True, capture_output=True)
    return {**found, "report.pdf": pdf.stdout.decode()}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A committed book with its outputs in build/."""
    root = write_site_book(tmp_path_factory.mktemp("book"))
    done = build(root, root / "build")
    assert done.returncode == cli.OK, done.stderr
    return root


def test_the_command_makes_site_and_pdf_and_says_where(built: Path) -> None:
    assert (built / "build" / "site" / "index.html").is_file()
    assert (built / "build" / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert sorted(path.name for path in (built / "build").iterdir()) == ["report.pdf", "site"]


def test_without_a_terminal_each_step_is_a_line_with_its_number(built: Path, tmp_path: Path) -> None:
    lines = build(built, tmp_path).stderr.splitlines()
    assert [line.split(" ")[0] for line in lines[:6]] == ["1/6", "2/6", "3/6", "4/6", "5/6", "6/6"]


@pytest.mark.parametrize("environment", [{"TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "C", "PYTHONHASHSEED": "7"}])
def test_two_builds_of_one_commit_in_two_folders_are_the_same_bytes(
    built: Path, environment: Mapping[str, str], tmp_path: Path
) -> None:
    clone = tmp_path / "thư mục khác" / "bản sao"
    subprocess.run(["git", "clone", "--quiet", str(built), str(clone)], check=True)
    done = build(clone, clone / "build", **environment)
    assert done.returncode == cli.OK, done.stderr
    first, second = contents(built / "build"), contents(clone / "build")
    assert first.keys() == second.keys()
    assert [name for name, content in first.items() if second[name] != content] == []


def test_a_changed_datum_changes_every_place_that_quotes_it(built: Path, tmp_path: Path) -> None:
    before = texts(built / "build")
    root = tmp_path / "book"
    shutil.copytree(built, root, ignore=shutil.ignore_patterns("build"))
    data = root / "data" / "indicators" / "dan-so.yml"
    data.write_text(data.read_text().replace("2020: 788.7", "2020: 901.3"))
    done = build(root, root / "build")
    assert done.returncode == cli.OK, done.stderr
    after = texts(root / "build")
    quoting = {name for name, text in before.items() if OLD in text or "788.7" in text}
    assert {"provinces/lang-son.html", "chapters/dan-so.html", "so-lieu/dan-so.csv", "report.pdf"} <= quoting
    assert {name for name, text in after.items() if OLD in text or "788.7" in text} == set()
    for name in quoting:
        assert after[name].count(NEW) == before[name].count(OLD), name


@pytest.mark.parametrize(
    ("how", "code"), [(signal.SIGINT, cli.INTERRUPTED), (signal.SIGTERM, cli.INTERRUPTED), (signal.SIGKILL, -9)]
)
def test_a_build_that_is_stopped_leaves_the_last_outputs(
    how: signal.Signals, code: int, built: Path, tmp_path: Path
) -> None:
    out = tmp_path / "build"
    shutil.copytree(built / "build", out)
    before = contents(out)
    hearing = ("env", "--default-signal=INT")  # a shell has its background jobs not hear it
    command = [*hearing, *COMMAND, "--root", str(built), "--out", str(out)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("3/6"):
            break
    while process.poll() is None and not any(path.name.startswith(".site-") for path in out.iterdir()):
        time.sleep(0.01)
    process.send_signal(how)
    process.stderr.read()
    process.stderr.close()
    assert process.wait() == code
    kept = {name: content for name, content in contents(out).items() if not name.startswith(".site-")}
    assert kept == before


def _pdf(root: Path, *options: str) -> tuple[str, Path]:
    out = root / "build"
    command = [*COMMAND, "--root", str(root), "--out", str(out), "pdf", *options]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    return done.stderr, out


def _text(pdf: Path) -> str:
    return subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True).stdout


def test_a_pdf_of_which_nothing_changed_is_not_made_again(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "book")
    _, out = _pdf(tmp_path / "book")
    first = (out / "report.pdf").read_bytes()
    (out / "report.pdf").unlink()
    said, _ = _pdf(tmp_path / "book")
    assert said.count("/4 ") == 1
    assert (out / "report.pdf").read_bytes() == first


def test_what_there_is_to_warn_of_is_said_at_every_build(built: Path, tmp_path: Path) -> None:
    root = tmp_path / "book"
    shutil.copytree(built, root)
    chapter = next((root / "chapters").glob("*.md"))
    chapter.write_text(f"{chapter.read_text()}\nDân số là 12.345 người.\n")
    said = [_pdf(root)[0] for _ in range(2)]
    assert all("[unbound-figure]" in one or "[typed-figure]" in one for one in said)


def test_a_chapter_is_built_as_a_document_of_its_own(built: Path, tmp_path: Path) -> None:
    root = tmp_path / "book"
    shutil.copytree(built, root)
    names = sorted(path.relative_to(root) for path in (root / "chapters").glob("*.md"))
    _, out = _pdf(root, "--only", str(names[0]))
    text = _text(out / f"{names[0].stem}.pdf")
    assert "BÁO CÁO" in text
    assert "(Trích:" in text
    assert "MỤC LỤC" not in text


def test_a_chapter_that_the_report_does_not_have_ends_with_2(built: Path) -> None:
    command = [*COMMAND, "--root", str(built), "--out", str(built / "build"), "pdf", "--only", "chapters/khong-co.md"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == cli.CANNOT_GO_ON
    assert "chapters/khong-co.md" in done.stderr


def test_the_cache_tells_its_size_and_can_be_cleared(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built / ".cache", tmp_path / "kept")
    told = []
    for action in ("info", "clear", "info"):
        command = [*COMMAND, "--root", str(built), "--cache", str(tmp_path / "kept" / "galley"), "cache", action]
        told.append(subprocess.run(command, check=True, capture_output=True, text=True).stderr)
    assert " 0 mục" not in told[0]
    assert " 0 mục" in told[1]
    assert told[1] == told[2]


def test_no_worker_outlives_a_build_that_is_killed(built: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    command = [*COMMAND, "--root", str(built), "--out", str(tmp_path), "--cache", str(kept), "--jobs", "2", "pdf"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 60
    while not list(kept.glob("??/*-contents")) and time.monotonic() < deadline:  # until the workers work
        time.sleep(0.01)
    assert len(_session(process.pid)) > 3
    process.kill()
    process.wait()
    while _session(process.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _session(process.pid) == []


def _session(leader: int) -> list[int]:
    """The processes of a session that still run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == leader and fields[0] != "Z":
                found.append(int(folder.name))
    return found


def test_the_draft_of_a_meeting_is_the_same_bytes_before_and_after_later_commits(built: Path, tmp_path: Path) -> None:
    root = tmp_path / "book"
    shutil.copytree(built, root)
    git = ("git", "-c", "user.name=Ai đó", "-c", "user.email=ai@do.vn")
    subprocess.run([*git, "tag", "hop-9"], cwd=root, check=True)
    meetings = root / "data" / "meetings.yml"
    known = meetings.read_text() if meetings.exists() else ""
    meetings.write_text(f"{known}- {{id: hop-9, title: Họp, date: 2021-06-09, revision: hop-9, draft: 3}}\n")
    _, out = _pdf(root, "--meeting", "hop-9")
    first = (out / "hop-9.pdf").read_bytes()
    assert "Dự thảo lần 3" in _text(out / "hop-9.pdf")
    chapter = next((root / "chapters").glob("*.md"))
    chapter.write_text(f"{chapter.read_text()}\nMột đoạn của bản sau.\n")
    subprocess.run([*git, "commit", "--quiet", "--all", "--message", "Bản sau"], cwd=root, check=True)
    shutil.rmtree(root / ".cache")
    _pdf(root, "--meeting", "hop-9")
    assert (out / "hop-9.pdf").read_bytes() == first
    _pdf(root)
    assert "Một đoạn của bản sau." in _text(out / "report.pdf")


@pytest.mark.parametrize(
    ("meeting", "said"), [("khong-co", "không có cuộc họp"), ("hop-9", "chưa gắn với bản dự thảo")]
)
def test_a_meeting_without_a_draft_ends_with_2(built: Path, tmp_path: Path, meeting: str, said: str) -> None:
    root = tmp_path / "book"
    shutil.copytree(built, root)
    meetings = root / "data" / "meetings.yml"
    known = meetings.read_text() if meetings.exists() else ""
    meetings.write_text(f"{known}- {{id: hop-9, title: Họp, date: 2021-06-09}}\n")
    command = [*COMMAND, "--root", str(root), "--out", str(tmp_path), "pdf", "--meeting", meeting]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == cli.CANNOT_GO_ON
    assert said in done.stderr


def test_what_changed_since_a_revision_is_told_in_words_and_in_figures(built: Path, tmp_path: Path) -> None:
    root = tmp_path / "book"
    shutil.copytree(built, root)
    command = [*COMMAND, "--root", str(root), "changes", "--since", "HEAD"]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == ""
    chapter = next(path for path in (root / "chapters").glob("*.md") if "{{ value(" in path.read_text())
    chapter.write_text(f"{chapter.read_text()}\nMột đoạn của bản sau.\n")
    data = next(
        path for path in (root / "data" / "indicators").glob("*.yml") if OLD.replace(",", ".") in path.read_text()
    )
    data.write_text(data.read_text().replace(OLD.replace(",", "."), NEW.replace(",", ".")))
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "thêm đoạn" in said
    assert "{+Một đoạn của bản sau.+}" in said
    assert f"[-{OLD}-]{{+{NEW}+}}" in said
    assert f": {OLD}\xa0nghìn người → {NEW}\xa0nghìn người" in said


def test_changes_since_what_is_no_revision_end_with_2(built: Path) -> None:
    command = [*COMMAND, "--root", str(built), "changes", "--since", "khong-co"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == cli.CANNOT_GO_ON


def test_a_mistake_that_the_check_finds_beside_the_typesetter_is_told_once_and_ends_with_1(
    built: Path, tmp_path: Path
) -> None:
    root = tmp_path / "book"
    shutil.copytree(built, root)
    (root / "build" / "report.pdf").write_bytes(b"the last one")
    chapter = next((root / "chapters").glob("*.md"))
    chapter.write_text(f'{chapter.read_text()}\n{{{{ value("khong-co", 2020) }}}}\n')
    command = [*COMMAND, "--root", str(root), "--out", str(root / "build"), "pdf"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == cli.CONTENT_HAS_ERRORS, done.stderr
    assert done.stderr.count("[unknown-id]") == 1
    assert (root / "build" / "report.pdf").read_bytes() == b"the last one"

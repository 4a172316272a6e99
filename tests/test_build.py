"""The whole line on a small book, run as its users run it: same bytes, data everywhere, nothing half-written."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from galley import cli
from tests.sites import ROOT, write_site_book

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

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
    process = subprocess.Popen([*COMMAND, "--root", str(built), "--out", str(out)], stderr=subprocess.PIPE, text=True)
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

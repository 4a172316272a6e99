"""The commands of both CI files work: they are taken from the files and run on a small book in a real repository."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from galley.cli import CANNOT_GO_ON
from tests.commands import ROOT, problem_with
from tests.factories import write_book

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = ("galley", "templates", ".ci")
FILES = ("mkdocs.yml", "build_report.py", "pyproject.toml", "Makefile", ".gitignore")
CHAPTER = "chapters/dan-so.md"
SENTENCE = "Câu này là của người góp ý."
CANARY = "canary"


def _file(path: str) -> Any:  # noqa: ANN401 - whatever YAML holds
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def _github(workflow: str, job: str) -> str:
    steps = _file(f".github/workflows/{workflow}.yml")["jobs"][job]["steps"]
    return "\n".join(step["run"] for step in steps if "run" in step)


def _gitlab(job: str) -> str:
    return "\n".join(_file(".gitlab-ci.yml")[job]["script"])


SCRIPTS = {
    "check.yml content": _github("check", "content"),
    "test.yml engine": _github("test", "engine"),
    "release.yml report": _github("release", "report"),
    "release.yml publish": _github("release", "publish"),
    ".gitlab-ci.yml content": _gitlab("content"),
    ".gitlab-ci.yml engine": _gitlab("engine"),
    ".gitlab-ci.yml report": _gitlab("report"),
}


def _git(folder: Path, *arguments: str) -> str:
    author = ("-c", "user.name=Tổ Biên tập", "-c", "user.email=bien-tap@example.vn")
    done = subprocess.run(("git", *author, *arguments), cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _commit(folder: Path, message: str) -> str:
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", message)
    return _git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with this engine and a small book on its branch `main`."""
    folder = tmp_path / "repository"
    folder.mkdir()
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy2(ROOT / name, folder / name)
    write_book(folder)
    _git(folder, "init", "--quiet", "--initial-branch=main")
    _commit(folder, "The book")
    return folder


def _contribute(repository: Path, files: dict[str, str]) -> str:
    """A commit on a branch that adds these texts to the ends of these files; what is checked out is the commit."""
    _git(repository, "switch", "--quiet", "--create", "contribution")
    for name, text in files.items():
        path = repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    return _commit(repository, "A contribution")


def _run(script: str, repository: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the script as both servers do: by bash, stopping at the first command that fails."""
    environment = {
        **os.environ,
        "VENV": sys.prefix,
        "GIT_CONFIG_GLOBAL": str(repository.parent / "gitconfig"),
        **variables,
    }
    return subprocess.run(
        ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script),
        cwd=repository, env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip


def _variables(repository: Path, contribution: str) -> dict[str, str]:
    base = _git(repository, "rev-parse", "main")
    return {
        "BASE": base,
        "CONTRIBUTION": contribution,
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
        "CI_COMMIT_SHA": contribution,
    }


@pytest.mark.parametrize("job", ["check.yml content", ".gitlab-ci.yml content"])
def test_a_contribution_is_built_and_none_of_its_code_runs(repository: Path, job: str) -> None:
    canary = repository.parent / CANARY
    code = f"\nimport pathlib\npathlib.Path({str(canary)!r}).touch()\n"
    contribution = _contribute(
        repository,
        {
            CHAPTER: f"\n{SENTENCE}\n",
            "build_report.py": code,
            "galley/__init__.py": code,
            "galley/cli.py": code,
            "Makefile": f"\n$(shell touch {canary})\n",
            ".ci/take-content": f"\ntouch {canary}\n",
            "mkdocs.yml": "\nhooks: [hook.py]\n",
            "hook.py": code,
            "templates/macros/prose.html": CANARY,
        },
    )
    done = _run(SCRIPTS[job], repository, **_variables(repository, contribution))
    assert done.returncode == 0, done.stdout + done.stderr
    assert not canary.exists()
    pages = [page.read_text(encoding="utf-8") for page in (repository / "build/site").rglob("*.html")]
    assert any(SENTENCE in page for page in pages)
    assert not any(CANARY in page for page in pages)
    assert (repository / "build/report.pdf").read_bytes().startswith(b"%PDF-")


def test_a_mistake_is_shown_in_the_diff_on_github_and_nothing_is_built(repository: Path) -> None:
    contribution = _contribute(repository, {CHAPTER: '\n{{ value("dan-soo", "vung-bac", 2020) }}\n'})
    line = (repository / CHAPTER).read_text(encoding="utf-8").count("\n")
    done = _run(SCRIPTS["check.yml content"], repository, **_variables(repository, contribution))
    assert done.returncode != 0
    assert f"::error file={CHAPTER},line={line}," in done.stdout
    assert not (repository / "build/report.pdf").exists()


def test_a_mistake_is_shown_in_the_diff_on_gitlab_and_nothing_is_built(repository: Path) -> None:
    contribution = _contribute(repository, {CHAPTER: '\n{{ value("dan-soo", "vung-bac", 2020) }}\n'})
    line = (repository / CHAPTER).read_text(encoding="utf-8").count("\n")
    done = _run(SCRIPTS[".gitlab-ci.yml content"], repository, **_variables(repository, contribution))
    assert done.returncode != 0
    report = json.loads((repository / "build/code-quality.json").read_text(encoding="utf-8"))
    assert {"path": CHAPTER, "lines": {"begin": line}} in [one["location"] for one in report]
    assert all(one.keys() >= {"description", "check_name", "fingerprint", "severity"} for one in report)
    assert not (repository / "build/report.pdf").exists()


@pytest.mark.parametrize("job", ["release.yml report", ".gitlab-ci.yml report"])
def test_a_meetings_tag_builds_its_pdf(repository: Path, job: str) -> None:
    done = _run(SCRIPTS[job], repository, TAG="hop-1", CI_COMMIT_TAG="hop-1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (repository / "build/hop-1.pdf").read_bytes().startswith(b"%PDF-")
    assert (repository / "build/site/index.html").exists()


@pytest.mark.parametrize("job", SCRIPTS)
def test_every_command_of_a_job_exists(job: str) -> None:
    found = [problem for line in SCRIPTS[job].splitlines() if (problem := problem_with(line))]
    assert found == []


@pytest.mark.parametrize("job", SCRIPTS)
def test_no_text_of_a_contribution_is_pasted_into_a_script(job: str) -> None:
    assert "${{" not in SCRIPTS[job]


@pytest.mark.parametrize("path", sorted((ROOT / ".github/workflows").iterdir()), ids=lambda path: path.name)
def test_a_workflow_may_only_read_unless_a_job_says_why_it_writes(path: Path) -> None:
    workflow = _file(str(path.relative_to(ROOT)))
    assert workflow["permissions"] == {"contents": "read"}
    rights = {name: job["permissions"] for name, job in workflow["jobs"].items() if "permissions" in job}
    assert rights == ({"publish": {"contents": "write"}} if path.name == "release.yml" else {})


def test_history_is_fetched_whole_wherever_a_report_is_built() -> None:
    steps = [
        step
        for path in (ROOT / ".github/workflows").iterdir()
        for job in _file(str(path.relative_to(ROOT)))["jobs"].values()
        for step in job["steps"]
        if step.get("uses", "").startswith("actions/checkout@")
    ]
    assert [step["with"]["fetch-depth"] for step in steps] == [0] * len(steps)
    assert _file(".gitlab-ci.yml")["variables"]["GIT_DEPTH"] == "0"


def test_ci_closes_with_the_line_of_pytest(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy2(ROOT / ".ci/run", tmp_path / ".ci/run")
    line = "=== 3 passed in 0.01s ==="
    (tmp_path / "Makefile").write_text(f"test:\n\t@echo '{line}'\ncheck:\n\t@echo content\n", encoding="utf-8")
    done = subprocess.run((tmp_path / ".ci/run",), env={}, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, line)


def test_ci_fails_when_a_test_fails(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy2(ROOT / ".ci/run", tmp_path / ".ci/run")
    (tmp_path / "Makefile").write_text("test:\n\t@exit 1\ncheck:\n\t@echo content\n", encoding="utf-8")
    assert subprocess.run((tmp_path / ".ci/run",), env={}, check=False, capture_output=True).returncode != 0


def test_a_machine_without_a_new_enough_python_is_told_so(tmp_path: Path) -> None:
    variables = {**os.environ, "PYTHON": "no-such-python"}
    command = (ROOT / ".ci/setup", "build", tmp_path / "venv")
    done = subprocess.run(command, env=variables, check=False, capture_output=True, text=True)
    assert done.returncode == CANNOT_GO_ON
    assert "Python 3.11" in done.stderr
    assert not (tmp_path / "venv").exists()

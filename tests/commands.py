"""Say whether the commands that CI files and guides name exist: make's targets, the command line, scripts, git."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import subprocess
from pathlib import Path

from galley.options import parser  # the command line without what its commands do

ROOT = Path(__file__).parent.parent
_SEPARATORS = re.compile(r"\|\||&&|\||;|>.*")
_OTHERS = ("git", "cp", "gh", "true", "cd", "source")


def problem_with(line: str) -> str:
    """Why a line of shell cannot work, or nothing."""
    return "; ".join(filter(None, (_problem(shlex.split(part, comments=True)) for part in _SEPARATORS.split(line))))


def _problem(words: list[str]) -> str:
    if not words:
        return ""
    if words[0] == "make":
        return _make(words[1:])
    if words[0].startswith(".ci/"):
        return "" if (ROOT / words[0]).stat().st_mode & 0o100 else f"{words[0]} cannot be run"
    if words[0].rpartition("/")[2] in ("python", "python3") and words[1] == "build_report.py":
        return _report(words[2:])
    return "" if words[0] in _OTHERS else f"{words[0]}: unknown command"


def _make(words: list[str]) -> str:
    """Ask make what it would run, and look at that."""
    command = ("make", "--dry-run", "--no-print-directory", *words, "VENV=venv")
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        return done.stderr.strip()
    lines = [line for line in done.stdout.splitlines() if "build_report.py" in line]
    return "; ".join(filter(None, (_problem(shlex.split(line)) for line in lines)))


def _report(words: list[str]) -> str:
    trouble = io.StringIO()
    with contextlib.redirect_stderr(trouble):
        try:
            parser().parse_args(words)
        except SystemExit:
            return trouble.getvalue().strip().splitlines()[-1]
    return ""

# ruff: noqa: INP001 - a script's helper, no module
"""The commands that `make bench` compares, run in turn, because a machine is never quite the same twice."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import psutil
from bench_content import CHARTS, CONTENT, DOCUMENT, HTML, PAGES, ROOT
from bench_measure import Run, environment, measure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HERE = Path(__file__).parent
JOBS = (4, 2)
ONCE = 16  # from this size on each command runs once, with as many jobs as there may be
ONE_SHOT, ALONE, COLD = "one-shot WeasyPrint", "typesetting alone", "cold"
REWORDED, LENGTHENED = "one chapter edited", "one chapter longer by pages"
CHECK, MKDOCS, SITE_BUILD = "`check`", "plain `mkdocs build` of the finished pages", "`site`"
_CHAPTER, _DATUM = "chapters/giao-thong.md", "data/indicators/gini.yml"
_SENTENCE = re.compile(r"^(\w[^\n{]* )\w+\.$", re.MULTILINE)
_VALUE = re.compile(r"(\n  son-la:\n(?:    .*\n)*?    2020: [0-9.]*)([0-9])\n")
_PARAGRAPHS = 40  # some two pages
_APPENDICES = 1.9  # copies of the text for once more the pages: the appendices of data do not grow with it
_PER_SIZE, _SPARE = 1.2e9, 1.3  # bytes that the one-shot may take for the content once, where nothing is measured yet


@dataclass(frozen=True, slots=True)
class Pdf:
    """A finished PDF: bytes and pages."""

    size: int
    pages: int


@dataclass(slots=True)
class Typesetting:
    """What was measured of a size of the content: all runs of a command by its name, and the PDF of the last of them.

    `times` is how often the text stands in it. Without memory for the one-shot `lacking` has the bytes it would take;
    with `ours_alone` nobody asked for it.
    """

    size: int
    times: int
    runs: dict[str, list[Run]] = field(default_factory=lambda: defaultdict(list))
    pdfs: dict[str, Pdf] = field(default_factory=dict)
    lacking: float = 0
    ours_alone: bool = False


def named(what: str, jobs: int) -> str:
    """The name of a measurement of ours."""
    return f"{what}, {jobs} jobs"


def lay_out(size: int, scratch: Path, before: Iterable[Typesetting], *, ours_alone: bool) -> Typesetting:
    """Write the content of a size, and the pages for the other tools, into a new folder named by the size."""
    times = 1 + round((size - 1) * _APPENDICES)
    command = (sys.executable, HERE / "bench_content.py", scratch / str(size), str(times))
    subprocess.run(command, check=True, env=environment())  # noqa: S603 - our own words
    return Typesetting(size, times, lacking=_lacking(size, before), ours_alone=ours_alone)


def typeset_once(into: Typesetting, scratch: Path) -> None:
    """Run all that is compared once, in turn; SystemExit when an edit does to the pages what it is not meant to do."""
    folder = scratch / str(into.size)
    if not (into.lacking or into.ours_alone):
        output = folder / "one-shot.pdf"
        _keep(into, ONE_SHOT, (sys.executable, "-m", "weasyprint", "--pdf-variant", "pdf/ua-1", folder / HTML), output)
    for jobs in JOBS if into.size < ONCE else JOBS[:1]:
        output, cache = folder / "alone.pdf", folder / "cache"
        command = (sys.executable, HERE / "bench_typeset.py", f"--jobs={jobs}", folder / DOCUMENT, cache)
        _keep(into, named(ALONE, jobs), command, output)
        shutil.rmtree(cache)
        shutil.copytree(folder / CHARTS, cache)
        _edit_and_build(into, folder, cache, jobs)
        shutil.rmtree(cache)


def _edit_and_build(into: Typesetting, folder: Path, cache: Path, jobs: int) -> None:
    """Build with this cache from nothing, then after one edit more each time; leave the content as it was."""
    output, content = folder / "report.pdf", folder / CONTENT
    for what, edit in _STATES:
        edit(content)
        _keep(into, named(what, jobs), (*_report(content, cache, folder), f"--jobs={jobs}", "pdf"), output, given=False)
    subprocess.run(("git", "checkout", "--quiet", "."), cwd=content, check=True)  # noqa: S607 - git on the path
    pages = {what: into.pdfs[named(what, jobs)].pages for what, _ in _STATES}
    if pages[REWORDED] != pages[COLD] or pages[LENGTHENED] == pages[COLD]:
        sys.exit(f"the edits of {_CHAPTER} do not do to its pages what they should: {pages}")


def _keep(into: Typesetting, name: str, command: tuple[object, ...], output: Path, *, given: bool = True) -> None:
    """Run a command that writes a PDF, whose name it may have to be given, and keep what was measured."""
    output.unlink(missing_ok=True)
    run = measure((*command, output) if given else command, ROOT)
    into.runs[name].append(run)
    with pikepdf.open(output) as pdf:
        into.pdfs[name] = Pdf(output.stat().st_size, len(pdf.pages))
    _tell(f"{into.size}x {name}", run)


def _lacking(size: int, before: Iterable[Typesetting]) -> float:
    """The bytes that the one-shot would take, by what the last size took, when the machine has them not free."""
    taken = [run.memory / one.size for one in before for run in one.runs.get(ONE_SHOT, ())]
    wanted = size * (taken[-1] if taken else _PER_SIZE)
    return wanted if psutil.virtual_memory().available < _SPARE * wanted else 0


def _report(content: Path, cache: Path, folder: Path) -> tuple[object, ...]:
    return sys.executable, ROOT / "build_report.py", "--root", content, "--cache", cache, "--out", folder


def _nothing(_content: Path) -> None:
    pass


def _reword(content: Path) -> None:
    _substitute(content / _CHAPTER, _SENTENCE, lambda found: f"{found[1]}này.")


def _lengthen(content: Path) -> None:
    _substitute(content / _CHAPTER, _SENTENCE, lambda found: "\n\n".join([found[0]] * _PARAGRAPHS))


def _correct(content: Path) -> None:
    _substitute(content / _DATUM, _VALUE, lambda found: f"{found[1]}{(int(found[2]) + 5) % 10}\n")


def _substitute(path: Path, pattern: re.Pattern[str], by: Callable[[re.Match[str]], str]) -> None:
    """Change the first place that matches; SystemExit when there is none."""
    text, count = pattern.subn(by, path.read_text(encoding="utf-8"), count=1)
    if not count:
        sys.exit(f"{path}: nothing to change is left in it")
    path.write_text(text, encoding="utf-8")


_STATES: tuple[tuple[str, Callable[[Path], None]], ...] = (
    (COLD, _nothing),
    ("nothing changed", _nothing),
    (REWORDED, _reword),
    (LENGTHENED, _lengthen),
    ("one datum changed", _correct),
)


def compare_site(rounds: int, scratch: Path) -> dict[str, list[Run]]:
    """The rest, on the content once: the check, and the site against MkDocs on its finished pages.

    A run of each before these does not count: whoever builds twice has the charts and the history in the cache.
    """
    folder = scratch / "1"
    report = _report(folder / CONTENT, folder / "site-cache", folder)
    commands = (
        (CHECK, (*report, "check"), ROOT),
        (MKDOCS, (sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", folder / "plain"), folder / PAGES),
        (SITE_BUILD, (*report, "site"), ROOT),
    )
    runs: dict[str, list[Run]] = defaultdict(list)
    for turn in range(rounds + 1):
        for name, command, where in commands:
            run = measure(command, where)
            if turn:
                runs[name].append(run)
                _tell(name, run)
    return runs


def _tell(name: str, run: Run) -> None:
    sys.stderr.write(f"{name}: {run.wall:.2f} s, {run.processor:.2f} s CPU, {run.memory / 1e6:.0f} MB\n")

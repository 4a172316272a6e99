# ruff: noqa: INP001 - a script, no module
"""Measure galley against the plain tools on the same content, on the same machine, in the same run.

`make bench` runs it and writes the table into galley/README.md, between the marks. Runs of the compared commands take
turns, because the machine is noisy; medians are given, and ratios of medians. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from galley import pipeline
from galley.render.write import write_pages

ROOT = Path(__file__).parent.parent
README = ROOT / "galley" / "README.md"
MARKS = re.compile(r"(?<=<!-- bench: begin -->\n).*?(?=<!-- bench: end -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command: seconds on the clock, seconds of all its processes."""

    wall: float
    processor: float


@dataclass(frozen=True, slots=True)
class Row:
    """A command measured several times, against another one where there is one."""

    name: str
    runs: tuple[Run, ...]
    against: str = ""
    ratio: float | None = None


def measure(command: list[str], folder: Path) -> Run:
    """Run a command to its end; CalledProcessError when it fails."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1623225600"}
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=environment)  # noqa: S603 - our own commands
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(time.monotonic() - began, processor)


def median(runs: tuple[Run, ...]) -> Run:
    """The median of the clocks and of the processors, each by itself."""
    return Run(statistics.median(one.wall for one in runs), statistics.median(one.processor for one in runs))


def compare(count: int, scratch: Path) -> tuple[Row, ...]:
    """The measurements; commands that are compared run in turn."""
    report = [sys.executable, str(ROOT / "build_report.py"), "--root", str(ROOT), "--out", str(scratch / "build")]
    pages = scratch / "pages"
    sources = pipeline.read(ROOT)
    write_pages(pipeline.render_site(pipeline.prepare(sources, None)), sources.tree, pages)
    plain = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(scratch / "plain")]
    site: list[Run] = []
    mkdocs: list[Run] = []
    checks: list[Run] = []
    for _ in range(count):
        checks.append(measure([*report, "check"], ROOT))
        site.append(measure([*report, "site"], ROOT))
        mkdocs.append(measure(plain, pages))
    ratio = median(tuple(site)).wall / median(tuple(mkdocs)).wall
    return (
        Row("`build_report.py check`", tuple(checks)),
        Row("plain `mkdocs build` of the finished pages", tuple(mkdocs)),
        Row("`build_report.py site` (reads, checks, renders, builds)", tuple(site), "plain `mkdocs build`", ratio),
    )


def table(rows: tuple[Row, ...], size: str) -> str:
    """The table as Markdown, with what was measured where."""
    machine = f"{os.cpu_count()} cores ({platform.machine()}, Python {platform.python_version()})"
    lines = [
        f"Medians of {len(rows[0].runs)} interleaved runs on {machine}, charts in the cache; {size}.",
        "",
        "| Command | wall s | CPU s | ratio |",
        "|---|--:|--:|---|",
    ]
    for row in rows:
        middle = median(row.runs)
        ratio = f"{row.ratio:.2f} of {row.against}" if row.ratio is not None else ""
        lines.append(f"| {row.name} | {middle.wall:.2f} | {middle.processor:.2f} | {ratio} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print the table and write it into the README."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=5, help="how often each command runs (%(default)s)")
    parser.add_argument("--dry-run", action="store_true", help="print the table and leave the README as it is")
    options = parser.parse_args()
    contents = pipeline.read(ROOT).report.contents
    observations = sum(len(one.observations) for one in contents.indicators)
    size = f"{len(contents.chapters)} chapters, {len(contents.indicators)} indicators, {observations} observations"
    with tempfile.TemporaryDirectory() as scratch:
        text = table(compare(options.runs, Path(scratch)), size)
    sys.stdout.write(text)
    if not options.dry_run:
        README.write_text(MARKS.sub(lambda _: text, README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()

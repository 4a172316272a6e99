# ruff: noqa: INP001 - a script, no module
"""Measure galley against the plain tools on the same content, on the same machine, in the same run.

`make bench` runs it and writes the tables into galley/README.md, between the marks. Runs of the compared commands take
turns, because the machine is noisy; medians are given, and ratios of medians. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import re
import statistics
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from bench_content import ROOT
from bench_measure import Run
from bench_runs import (
    ALONE,
    COLD,
    JOBS,
    MKDOCS,
    ONCE,
    ONE_SHOT,
    SITE_BUILD,
    Typesetting,
    compare_site,
    lay_out,
    named,
    typeset_once,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

README = ROOT / "galley" / "README.md"
MARKS = re.compile(r"(?<=<!-- bench: begin -->\n).*?(?=<!-- bench: end -->)", re.DOTALL)
SIZES = (1, 4, 16)

ABOUT = (
    "Medians of {runs} interleaved runs{once} on {machine}, {day}; {versions}.",
    "The one-shot is `weasyprint --pdf-variant pdf/ua-1` on the whole report as one HTML file, with the same style.",
    f'"{ALONE}" is ours from the same finished pages, with an empty cache.',
    "The other rows are `build_report.py pdf` from its start, which also reads, checks and renders the content.",
    f'"{COLD}" has an empty cache but for the charts, which the one-shot too is given drawn.',
    "Each row below it has one edit more, and the cache that the row above left.",
    "CPU is that of all processes; memory is the most that all held at one moment (PSS, looked at about every 50 ms).",
)
GROWTH = (
    "More content is more text: all chapters and provinces stand in it {times}.",
    "The data stay the same, so the appendices grow only by the places that they name.",
)


def median(runs: Sequence[Run]) -> Run:
    """The medians of clock, processor and memory, each by itself."""
    return Run(*(statistics.median(getattr(one, name) for one in runs) for name in Run.__slots__))


def typesetting_table(measured: Sequence[Typesetting]) -> Iterator[str]:
    """A row for each command and size, and below it what the files weigh and how the time of a page grows."""
    yield "| Content (pages) | What | wall s | CPU s | peak MB | ratio (wall) | ratio (memory) |"
    yield "|---|---|--:|--:|--:|--:|--:|"
    for one in measured:
        if one.lacking or one.ours_alone:
            why = f"not run, it would take about {one.lacking / 1e9:.0f} GB" if one.lacking else "not run"
            yield f"| {one.size}x | {ONE_SHOT}: {why} |  |  |  |  |  |"
        for name in one.runs:
            yield _row(one, name)
    yield ""
    yield f"File size in MB: {'; '.join(_sizes(one) for one in measured)}."
    yield from _pages(measured)


def _row(one: Typesetting, name: str) -> str:
    found, pages = median(one.runs[name]), one.pdfs[name].pages
    ratios = " |  "
    if name != ONE_SHOT and ONE_SHOT in one.runs:
        against = median(one.runs[ONE_SHOT])
        ratios = f"{found.wall / against.wall:.3f} | {found.memory / against.memory:.2f}"
    numbers = f"{found.wall:.2f} | {found.processor:.2f} | {found.memory / 1e6:.0f}"
    return f"| {one.size}x ({pages}) | {name} | {numbers} | {ratios} |"


def _sizes(one: Typesetting) -> str:
    shown = {ONE_SHOT: "one-shot", named(COLD, JOBS[0]): "ours"}
    sizes = (f"{said} {one.pdfs[name].size / 1e6:.2f}" for name, said in shown.items() if name in one.pdfs)
    return f"{one.size}x {', '.join(sizes)}"


def _pages(measured: Sequence[Typesetting]) -> Iterator[str]:
    """How long a page takes in the largest content, against the smallest."""
    first, last = measured[0], measured[-1]
    for name in (ONE_SHOT, *(named(COLD, jobs) for jobs in JOBS)):
        if name in first.pdfs and name in last.pdfs and first is not last:
            each = [median(one.runs[name]).wall / one.pdfs[name].pages for one in (first, last)]
            shown = f"{each[0] * 1000:.0f} ms at {first.size}x, {each[1] * 1000:.0f} ms at {last.size}x"
            yield f"Time of a page, {name}: {shown}, {each[1] / each[0]:.2f} times as long."


def site_table(runs: Mapping[str, Sequence[Run]]) -> Iterator[str]:
    """The other commands, and the site against MkDocs."""
    yield "| Command, at 1x | wall s | CPU s | peak MB | ratio (wall) |"
    yield "|---|--:|--:|--:|--:|"
    for name, found in runs.items():
        middle = median(found)
        ratio = f"{middle.wall / median(runs[MKDOCS]).wall:.2f}" if name == SITE_BUILD else ""
        yield f"| {name} | {middle.wall:.2f} | {middle.processor:.2f} | {middle.memory / 1e6:.0f} | {ratio} |"


def about(measured: Sequence[Typesetting], rounds: int) -> Iterator[str]:
    """What was measured, where and when, a sentence a line."""
    cores, memory = os.cpu_count(), psutil.virtual_memory().total / 1e9
    told = {
        "runs": rounds,
        "once": f" (one at {ONCE}x)" if measured[-1].size >= ONCE else "",
        "machine": f"{cores} cores with {memory:.0f} GB ({platform.machine()}, Python {platform.python_version()})",
        "day": datetime.now(tz=UTC).date().isoformat(),
        "versions": ", ".join(f"{name} {version(name)}" for name in ("weasyprint", "mkdocs", "mkdocs-material")),
    }
    yield from (one.format(**told) for one in ABOUT)
    grown = ", ".join(f"{one.times} times at {one.size}x" for one in measured if one.times > 1)
    yield from (one.format(times=grown) for one in GROWTH if grown)


def bench(sizes: Sequence[int], rounds: int, largest: int, scratch: Path) -> str:
    """Measure it all and return the tables with what was measured."""
    compileall.compile_dir(ROOT / "galley", quiet=1)
    measured: list[Typesetting] = []
    site: Mapping[str, Sequence[Run]] = {}
    for size in sorted(sizes):
        one = lay_out(size, scratch, measured, ours_alone=size > largest)
        for _ in range(rounds if size < ONCE else 1):
            typeset_once(one, scratch)
        measured.append(one)
        if size == 1:
            site = compare_site(rounds, scratch)
    lines = [*about(measured, rounds), "", *typesetting_table(measured), *(["", *site_table(site)] if site else [])]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print the tables and write them into the README."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=3, help="how often each command runs (%(default)s)")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many times the content (1 4 16)")
    told = "the largest content that the one-shot is run on, which takes a quarter of an hour at 16x (%(default)s)"
    parser.add_argument("--one-shot-up-to", type=int, default=max(SIZES), metavar="SIZE", help=told)
    parser.add_argument("--dry-run", action="store_true", help="print the tables and leave the README as it is")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        text = bench(options.sizes, options.runs, options.one_shot_up_to, Path(scratch))
    sys.stdout.write(text)
    if not options.dry_run:
        README.write_text(MARKS.sub(lambda _: text, README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()

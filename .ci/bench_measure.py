# ruff: noqa: INP001 - a script's helper, no module
"""Run a command and measure all of its processes, those that outlive it and those that its children started as well."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event, Thread
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
INTERVAL = 0.05  # seconds between two looks at the memory
# Counting the pages of a process can hold it up and takes longer the more it has: a look in so many times as long.
REST = 5
# Users have bytecode, and a PDF of one moment whichever tool writes it.
UNSET = ("PYTHONDONTWRITEBYTECODE",)
ENVIRONMENT = {"NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1623225600"}


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds until the command ended, seconds of processor and peak memory in bytes of all its processes."""

    wall: float
    processor: float
    memory: float


def measure(command: Sequence[object], folder: Path) -> Run:
    """Run a command in a folder to the end of its last process; SystemExit with what it said when it fails.

    A process whose parent is gone becomes ours, so that the kernel adds its time to that of our children: the time of
    the processor is exact. Memory is the sum of the proportional shares (PSS) of all processes, looked at every 50 ms,
    or less often where that takes long. Nothing else may run below this process meanwhile.
    """
    _adopt_orphans()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryFile() as said, _watched() as peak:
        began = time.monotonic()
        process = subprocess.Popen(  # noqa: S603 - our own commands
            [str(one) for one in command], cwd=folder, env=environment(), stdout=said, stderr=said
        )
        failed = process.wait() != 0
        wall = time.monotonic() - began
        with suppress(ChildProcessError):
            while True:
                os.wait()
        if failed:
            said.seek(0)
            raise SystemExit(said.read().decode(errors="replace"))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Run(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, max(peak))


def environment() -> dict[str, str]:
    """What the commands are told: the same for all."""
    return {name: value for name, value in os.environ.items() if name not in UNSET} | ENVIRONMENT


def _adopt_orphans() -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


@contextmanager
def _watched() -> Iterator[list[float]]:
    """A list that grows, while the block runs, by the memory of all processes below this one."""
    found, ended = [0.0], Event()

    def watch() -> None:
        rest = INTERVAL
        while not ended.wait(rest):
            began = time.monotonic()
            found.append(_memory())
            rest = max(INTERVAL, REST * (time.monotonic() - began))

    thread = Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        ended.set()
        thread.join()


def _memory() -> float:
    """The proportional shares of the processes below this one, in bytes; one that ends meanwhile has none."""
    total = 0.0
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            total += one.memory_full_info().pss
    return total

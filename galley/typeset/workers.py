"""The processes that set fascicles: on this machine, or on those of a dask cluster."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from galley.errors import GalleyError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.process import BaseProcess

    from galley.typeset.parts import Task

ENGINE = "galley.typeset.engine"
DASK = "dask://"


def set_fascicle(task: Task) -> tuple[bytes, bytes]:
    """The packed part of a fascicle; whoever only asks others to set it need not load the engine."""
    from galley.typeset import engine

    return engine.set_fascicle(task)


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def warm_up() -> None:
    """Begin to load the engine in the background, on systems that fork workers from a server which has loaded it."""
    if _server() == "forkserver":
        multiprocessing.set_forkserver_preload([ENGINE])
        from multiprocessing import forkserver

        forkserver.ensure_running()


@contextmanager
def workers(jobs: int = 0, address: str = "") -> Iterator[Executor]:
    """So many processes of this machine (0: one a core), or the workers of the cluster at `dask://host:port`.

    UsageError when the address is of no known kind, or dask is not installed.
    """
    if address:
        with _cluster(address) as executor:
            yield executor
        return
    context = multiprocessing.get_context(_server())
    executor = ProcessPoolExecutor(jobs or cores(), mp_context=context, initializer=_settle)
    try:
        yield executor
    except BrokenExecutor as trouble:
        raise GalleyError("workers-lost") from trouble
    finally:
        executor.shutdown(cancel_futures=True)


def _server() -> str:
    return "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


def _settle() -> None:
    """Begin as a worker: what is loaded stays, so the collector need not look through it; end when the build ends."""
    gc.freeze()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    """A worker whose build was killed would wait for its next task for ever."""
    wait([parent.sentinel])
    os._exit(1)


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    if not address.startswith(DASK):
        raise UsageError("no-executor", address=address)
    try:
        from distributed import Client
    except ImportError as trouble:
        raise UsageError("no-dask") from trouble
    with Client(address.removeprefix(DASK)) as client:  # type: ignore[no-untyped-call] # it has hints for some
        yield client.get_executor(pure=False)


class Here(Executor):
    """Runs everything at once, in this process."""

    def submit(self, task: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:  # noqa: ANN401 - as the library
        """The finished future of a call."""
        done: Future[Any] = Future()
        try:
            done.set_result(task(*arguments, **named))
        except Exception as trouble:  # noqa: BLE001 - it is raised again where the result is asked for
            done.set_exception(trouble)
        return done

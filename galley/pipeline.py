"""The build, read from top to bottom: sources in, site and PDF out.

What only a later step needs is imported there: the engines below take seconds to load, and a check needs none of them.
"""

from __future__ import annotations

import multiprocessing
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from galley.bind import index
from galley.cache import Cache, digest, program
from galley.check import check
from galley.diagnostics import Diagnostic, has_errors, ordered
from galley.edition import restrict
from galley.errors import UsageError
from galley.read.parse import parse
from galley.read.revision import read_history, read_history_of, read_revision
from galley.read.worktree import read_worktree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager
    from multiprocessing.connection import Connection
    from pathlib import Path, PurePosixPath

    from galley.bind.objects import Chart, TileMap
    from galley.compare.drafts import ChapterChanges
    from galley.model import Edition, History, Report
    from galley.render.layout import Layout
    from galley.render.page import Drawing
    from galley.render.pages import Site
    from galley.render.printing import Printing
    from galley.source import SourceTree

CACHE = ".cache/galley"


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a work tree or a revision as they were read, and what git tells of them.

    `draft` is the number of the draft, where a meeting gives it.
    """

    root: Path
    tree: SourceTree
    history: History
    cache: Cache
    draft: int | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """What was read, and everything that is wrong with it."""

    root: Path
    tree: SourceTree
    report: Report
    history: History
    diagnostics: tuple[Diagnostic, ...]
    cache: Cache


@dataclass(frozen=True, slots=True)
class Order:
    """How a PDF is wanted: of some chapters `only`, with numbered `lines`, for sheets printed on both sides."""

    only: tuple[PurePosixPath, ...] = ()
    lines: bool = False
    duplex: bool = False


def cache_of(root: Path, folder: Path | None = None) -> Cache:
    """What earlier builds of a report left to use again, in its own folder or in another one."""
    return Cache(folder or root / CACHE)


def read_files(root: Path, kept: Path | None = None) -> Files:
    """Step 1: the files of a work tree; `kept` is the folder of the cache, if it is not the report's own."""
    tree, cache = read_worktree(root), cache_of(root, kept)
    return Files(root, tree, read_history(root, tree, cache), cache)


def read_meeting(root: Path, name: str, kept: Path | None = None) -> Files:
    """Step 1: the files of the draft that a meeting discussed, from git's objects.

    UsageError when there is no such meeting, or no draft was recorded for it.
    """
    meetings = {one.id: one for one in parse(read_worktree(root))[0].contents.meetings}
    if name not in meetings:
        raise UsageError("no-meeting", meeting=name, meetings=", ".join(meetings))
    meeting = meetings[name]
    if meeting.revision is None:
        raise UsageError("meeting-without-revision", meeting=name)
    return _read_revision(root, meeting.revision, cache_of(root, kept), meeting.draft)


def read_since(files: Files, name: str) -> Files:
    """Step 1: the files of the draft of a meeting, or of a revision of git; GalleyError when there is neither."""
    meetings = {one.id: one for one in parse(files.tree)[0].contents.meetings}
    revision = meetings[name].revision if name in meetings else name
    if revision is None:
        raise UsageError("meeting-without-revision", meeting=name)
    return _read_revision(files.root, revision, files.cache)


def _read_revision(root: Path, revision: str, cache: Cache, draft: int | None = None) -> Files:
    return Files(root, read_revision(root, revision), read_history_of(root, revision), cache, draft)


def read(root: Path) -> Sources:
    """Steps 1 to 3: the sources of a work tree, parsed and checked."""
    return examine(read_files(root))


def examine(files: Files) -> Sources:
    """Steps 2 and 3: the files, parsed and checked."""
    report, found = parse(files.tree)
    return _sources(files, report, (*found, *check(report, files.tree)))


@contextmanager
def examine_beside(files: Files) -> Iterator[tuple[Sources, Callable[[], Sources]]]:
    """The same, with the check in a process beside this one, where the system can fork.

    Gives the sources with what parsing found, and a function that waits for the check and gives all of it. Whoever goes
    on before that must not publish anything.
    """
    report, found = parse(files.tree)
    parsed = _sources(files, report, found)
    if has_errors(found) or "fork" not in multiprocessing.get_all_start_methods():
        yield parsed, lambda: _sources(files, report, (*found, *check(report, files.tree)))
        return
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_check_and_send, args=(report, files.tree, sending), daemon=True)
    process.start()
    sending.close()
    try:
        yield parsed, lambda: _sources(files, report, (*found, *_received(receiving, report, files.tree)))
    finally:
        process.kill()
        process.join()


def _check_and_send(report: Report, tree: SourceTree, sending: Connection) -> None:
    sending.send(check(report, tree))


def _received(receiving: Connection, report: Report, tree: SourceTree) -> tuple[Diagnostic, ...]:
    """What the check found; it is made here when its process was lost."""
    try:
        found: tuple[Diagnostic, ...] = receiving.recv()
    except EOFError:
        return check(report, tree)
    return found


def _sources(files: Files, report: Report, found: Iterable[Diagnostic]) -> Sources:
    if files.draft is not None:
        settings = replace(report.contents.settings, draft=files.draft)
        report = replace(report, contents=replace(report.contents, settings=settings))
    return Sources(files.root, files.tree, report, files.history, ordered(found), files.cache)


@dataclass(frozen=True, slots=True)
class Rendering:
    """An edition with what it takes to render it."""

    edition: Edition
    history: History
    tree: SourceTree
    layout: Layout
    draw: Callable[[Chart | TileMap], Drawing]
    cache: Cache


def prepare(sources: Sources, audience: str | None) -> Rendering:
    """Step 4: the edition of an audience. From here on nothing holds the report."""
    from galley.render.chart import draw_chart, read_words
    from galley.render.layout import layout
    from galley.render.markup import anchor

    return Rendering(
        restrict(sources.report, audience),
        sources.history,
        sources.tree,
        layout(sources.tree, {"anchor": anchor}),
        partial(draw_chart, cache=sources.cache, words=read_words(sources.tree)),
        sources.cache,
    )


def render_site(rendering: Rendering) -> Site:
    """Step 6 for the site: finished Markdown pages, their files and the navigation."""
    from galley.exchange.tables import indicator_workbook
    from galley.exchange.words import read_words
    from galley.render.pages import site_pages

    workbook = partial(
        indicator_workbook,
        index(rendering.edition.contents),
        words=read_words(rendering.tree),
        timestamp=rendering.history.timestamp,
    )
    return site_pages(rendering.edition, rendering.history, rendering.layout, rendering.draw, workbook)


def prepare_print(rendering: Rendering, order: Order) -> Printing:
    """Step 6 for print: what the fascicles are made with."""
    from galley.read.siteconfig import markdown_extensions
    from galley.render import printed

    made = printed.prepare_print(
        rendering.edition,
        rendering.history,
        rendering.tree,
        rendering.layout,
        rendering.draw,
        markdown_extensions(rendering.tree),
        rendering.cache,
        duplex=order.duplex,
    )
    return replace(made, frame=replace(made.frame, lines=order.lines))


def typeset(
    printing: Printing,
    order: Order,
    cache: Cache,
    workers: AbstractContextManager[Executor],
    approved: Callable[[], object] = lambda: None,
) -> bytes:
    """Step 7: the PDF that is wanted. Fascicles are set while others are still being made.

    `approved` is called when all are made, and raises what stops the build.
    """
    from galley.render.printed import assemble, excerpt, make_fascicles
    from galley.typeset import Press
    from galley.typeset import typeset as typeset_document

    if order.only:
        document = excerpt(printing, order.only)
        approved()
        return typeset_document(document, cache, workers)
    made = []
    with Press(printing.frame, cache, workers) as press:
        for in_front, fascicle in make_fascicles(printing):
            press.offer(fascicle)
            made.append((in_front, fascicle))
        approved()
        return press.join(assemble(printing.frame, made))


def compare(old: Rendering, new: Rendering) -> tuple[ChapterChanges, ...]:
    """Step 5: what changed between two editions of one audience, as a reader sees it.

    Both are worded by the templates of the new one, so that what changed is the report and not its wording.
    """
    from galley.compare.drafts import compare_drafts
    from galley.render.markup import PRINT, Markup
    from galley.render.provenance import ledger
    from galley.render.reading import read_draft

    drafts = (
        read_draft(Markup(index(one.edition.contents), new.layout, PRINT, new.draw, ledger(one.history)))
        for one in (old, new)
    )
    return compare_drafts(*drafts)


def finished_key(files: Files, audience: str | None, order: Order) -> str:
    """The key of a finished PDF in the cache: the hash of all that decides how it comes out."""
    told = files.history
    about = repr((audience, order, files.draft, told.head, told.timestamp, told.dirty))
    return digest("pdf", program(), about, *(part for one in files.tree.files for part in (str(one.path), one.content)))

"""The build, read from top to bottom: sources in, site and PDF out.

What only a later step needs is imported there: the engines below take seconds to load, and a check needs none of them.
"""

from __future__ import annotations

import multiprocessing
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from galley.bind import index
from galley.cache import Cache, digest, program
from galley.check import check
from galley.compare.alignment import Piece
from galley.compare.drafts import DraftChapter, compare_drafts
from galley.diagnostics import Diagnostic, has_errors, ordered
from galley.edition import restrict, restrict_history
from galley.errors import UsageError
from galley.read.parse import parse
from galley.read.prose import read_chapter
from galley.read.records import Findings
from galley.read.revision import (
    is_earlier,
    named_commit,
    read_history,
    read_history_of,
    read_revision,
    read_versions,
)
from galley.read.worktree import read_worktree
from galley.review.earlier import names_of, with_marks_of
from galley.review.places import Draft
from galley.review.review import Review
from galley.source import SourceFile

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager
    from multiprocessing.connection import Connection
    from pathlib import Path, PurePosixPath

    from galley.bind.objects import Chart, TileMap
    from galley.model import Contents, Edition, History, Meeting, Report
    from galley.render.layout import Layout
    from galley.render.page import Drawing
    from galley.render.pages import Site
    from galley.render.printing import Printing
    from galley.render.reading import Extensions
    from galley.review.review import Step
    from galley.review.since import Since
    from galley.source import SourceTree

CACHE = ".cache/galley"
SITE, PRINT = "site", "print"  # the media
STEPS = 10  # of the changes of a chapter, that are shown word by word


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
class Earlier:
    """An earlier draft: that of a meeting, or of a revision by its name."""

    name: str
    meeting: Meeting | None
    files: Files


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
    """How a PDF is wanted.

    Of some chapters `only`, with numbered `lines`, for sheets printed on both sides, with `opinions` at their places.
    """

    only: tuple[PurePosixPath, ...] = ()
    lines: bool = False
    duplex: bool = False
    opinions: bool = False


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
    return read_at(root, meeting.revision, cache_of(root, kept), meeting.draft)


def read_since(files: Files, name: str) -> Earlier:
    """Step 1: the files of the draft of a meeting, or of a revision of git; GalleyError when there is neither."""
    meetings = {one.id: one for one in parse(files.tree)[0].contents.meetings}
    revision = meetings[name].revision if name in meetings else name
    if revision is None:
        raise UsageError("meeting-without-revision", meeting=name)
    return Earlier(name, meetings.get(name), read_at(files.root, revision, files.cache))


def read_last(
    sources: Sources, audience: str | None, name: str | None = None, before: Meeting | None = None
) -> Earlier | None:
    """Step 1: the draft of this name, by default that of the last meeting whose draft was recorded and is in git.

    Of the meetings those are meant that the audience may know of, and those `before` one, where one is given.
    """
    files = Files(sources.root, sources.tree, sources.history, sources.cache)
    known = restrict(sources.report, audience).contents.meetings
    there = (one for one in known if one.revision is not None and (before is None or one.date < before.date))
    recorded = sorted(there, key=lambda one: one.date, reverse=True)
    name = name or next((one.id for one in recorded if is_earlier(sources.root, str(one.revision))), None)
    return read_since(files, name) if name else None


def read_at(root: Path, revision: str, cache: Cache, draft: int | None = None) -> Files:
    """Step 1: the files of a revision, from git's objects."""
    return Files(root, read_revision(root, revision), read_history_of(root, revision), cache, draft)


def read(root: Path) -> Sources:
    """Steps 1 to 3: the sources of a work tree, parsed and checked."""
    return examine(read_files(root))


def examine(files: Files) -> Sources:
    """Steps 2 and 3: the files, parsed and checked."""
    report, found = parse(files.tree)
    return sources_of(files, report, (*found, *check(report, files.tree)))


@contextmanager
def examine_beside(files: Files) -> Iterator[tuple[Sources, Callable[[], Sources]]]:
    """The same, with the check in a process beside this one, where the system can fork.

    Gives the sources with what parsing found, and a function that waits for the check and gives all of it. Whoever goes
    on before that must not publish anything.
    """
    report, found = parse(files.tree)
    parsed = sources_of(files, report, found)
    if has_errors(found) or "fork" not in multiprocessing.get_all_start_methods():
        yield parsed, lambda: sources_of(files, report, (*found, *check(report, files.tree)))
        return
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_check_and_send, args=(report, files.tree, sending), daemon=True)
    process.start()
    sending.close()
    try:
        yield parsed, lambda: sources_of(files, report, (*found, *_received(receiving, report, files.tree)))
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


def sources_of(files: Files, report: Report, found: Iterable[Diagnostic]) -> Sources:
    """The sources of a report that was read; the number of its draft is that of the files, if they have one."""
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
    extensions: Extensions
    review: Review = field(default_factory=Review)


def prepare(sources: Sources, audience: str | None, earlier: Earlier | None = None, medium: str = SITE) -> Rendering:
    """Steps 4 and 5: the edition of an audience, and what became of an `earlier` draft, as a medium shows it.

    From here on nothing holds the report.
    """
    from galley.review.places import opinions, renumbered

    rendering = rendering_of(sources, audience)
    contents, review = rendering.edition.contents, Review()
    if earlier is not None:
        review = replace(review, since=_compare(earlier, sources, rendering, medium))
    drafts = meeting_drafts(sources, rendering, medium)
    if contents.comments or drafts:
        today = Draft(read_as(rendering, contents, medium), names_of(sources.report.contents, contents))
        recorded = (one for one in contents.meetings if one.id in drafts)
        numbers = ((one, renumbered(drafts[one.id].chapters, today.chapters)) for one in recorded)
        review = replace(review, opinions=opinions(contents, drafts, today), numbers=tuple(numbers))
    if medium == SITE and _sees_all(sources, rendering):
        review = replace(review, steps=_steps(sources))
    return replace(rendering, review=review)


def _sees_all(sources: Sources, rendering: Rendering) -> bool:
    """True for the edition of the narrowest audience: what once stood in a text may have been for it alone."""
    return rendering.edition.audience == next(reversed(sources.report.contents.settings.audiences), None)


def _steps(sources: Sources) -> dict[PurePosixPath, tuple[Step, ...]]:
    """What the last commits changed in each chapter."""
    from galley.review.review import Step

    amended = [(path, found[: STEPS + 1]) for path, found in sources.history.amendments]
    versions = read_versions(sources.root, ((one.commit.id, one.path) for _, found in amended for one in found))
    steps: dict[PurePosixPath, tuple[Step, ...]] = {}
    for path, found in amended:
        there = [(one, versions[key]) for one in found if (key := (one.commit.id, one.path)) in versions]
        drafts = [(one, _as_written(SourceFile(path, content))) for one, content in there]
        pairs = ((one, compare_drafts(before, after)) for (one, after), (_, before) in pairwise(drafts))
        steps[path] = tuple(Step(one, changes[0]) for one, changes in pairs if changes)
    return steps


def _as_written(file: SourceFile) -> tuple[DraftChapter, ...]:
    """The chapter of a file, its blocks as they are written; none where it cannot be read."""
    chapter = read_chapter(file, Findings())
    if chapter is None:
        return ()
    pieces = (Piece(one.kind, one.title or one.text) for one in chapter.blocks)
    front = (("owner", chapter.front.owner), ("status", chapter.front.status.value))
    return (DraftChapter(chapter.path, chapter.front.title, tuple(pieces), front=front),)


def rendering_of(sources: Sources, audience: str | None) -> Rendering:
    """The edition of an audience with what it takes to render it, without what the review tells of it."""
    from galley.read.siteconfig import markdown_extensions
    from galley.render.chart import draw_chart, read_words
    from galley.render.layout import layout
    from galley.render.markup import anchor

    edition = restrict(sources.report, audience)
    return Rendering(
        edition,
        restrict_history(sources.history, sources.report, edition),
        sources.tree,
        layout(sources.tree, {"anchor": anchor}),
        partial(draw_chart, cache=sources.cache, words=read_words(sources.tree)),
        sources.cache,
        markdown_extensions(sources.tree),
    )


def compare(sources: Sources, earlier: Earlier, audience: str | None) -> Since:
    """Step 5: what changed between an earlier draft and today's, for an audience."""
    return _compare(earlier, sources, rendering_of(sources, audience), PRINT)


def _compare(earlier: Earlier, sources: Sources, rendering: Rendering, medium: str) -> Since:
    from galley.review.since import since

    old, new = restricted(earlier.files, sources, rendering).contents, rendering.edition.contents
    before, after = (read_as(rendering, one, medium) for one in (old, new))
    meeting = earlier.meeting if earlier.meeting in new.meetings else None
    name = earlier.name if meeting == earlier.meeting else str(earlier.files.tree.revision)[:10]
    return since(name, meeting, (old, before), (index(new), after))


def meeting_drafts(sources: Sources, rendering: Rendering, medium: str) -> dict[str, Draft]:
    """The recorded drafts that are asked for, by their meeting's id."""
    contents = rendering.edition.contents
    given_on = {one.meeting for one in contents.comments}
    wanted = (one for one in contents.meetings if _is_wanted(one, given_on, sources.root, medium))
    return {one.id: _draft_of(one, sources, rendering, medium) for one in wanted}


def _is_wanted(meeting: Meeting, given_on: Collection[str], root: Path, medium: str) -> bool:
    """True for a meeting whose draft was recorded and opinions were given on; the site tells of every earlier one."""
    if meeting.revision is None:
        return False
    return meeting.id in given_on or (medium == SITE and is_earlier(root, meeting.revision))


def _draft_of(meeting: Meeting, sources: Sources, rendering: Rendering, medium: str) -> Draft:
    """The recorded draft of a meeting, as the edition's audience may see it."""
    whole = parse(read_at(sources.root, str(meeting.revision), sources.cache).tree)[0]
    shown = restrict(with_marks_of(whole, sources.report), rendering.edition.audience).contents
    return Draft(read_as(rendering, shown, medium), names_of(whole.contents, shown))


def read_circulated(sources: Sources, name: str, audience: str | None) -> Draft:
    """The draft of a meeting as it was given to an audience, in print; today's where the meeting kept none.

    UsageError when there is no such meeting.
    """
    meetings = {one.id: one for one in sources.report.contents.meetings}
    if name not in meetings:
        raise UsageError("no-meeting", meeting=name, meetings=", ".join(meetings))
    revision, report = meetings[name].revision, sources.report
    if revision is not None:
        report = parse(read_at(sources.root, revision, sources.cache).tree)[0]
    given = restrict(report, audience).contents
    return Draft(read_as(rendering_of(sources, audience), given, PRINT), names_of(report.contents, given))


def restricted(files: Files, today: Sources, rendering: Rendering) -> Edition:
    """The edition of an earlier draft for the audience, by today's marks as well."""
    return restrict(with_marks_of(parse(files.tree)[0], today.report), rendering.edition.audience)


def read_as(rendering: Rendering, contents: Contents, medium: str) -> tuple[DraftChapter, ...]:
    """A draft as a reader reads it, worded by today's templates: what changed is the report and not its wording."""
    from galley.render.markup import Markup
    from galley.render.provenance import ledger
    from galley.render.reading import kept_draft, read_draft

    markup = Markup(index(contents), rendering.layout, medium, rendering.draw, ledger(rendering.history))
    texts = (one for one in rendering.tree.under("templates") if one.path.suffix != ".ttf")
    files = (part for one in texts for part in (str(one.path), one.content))
    key = digest("draft", program(), repr((medium, rendering.extensions, contents)), *files)
    return kept_draft(rendering.cache, key, partial(read_draft, markup, rendering.extensions))


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
    return site_pages(
        rendering.edition,
        rendering.history,
        rendering.layout,
        rendering.draw,
        workbook,
        rendering.review,
    )


def prepare_print(rendering: Rendering, order: Order) -> Printing:
    """Step 6 for print: what the fascicles are made with."""
    from galley.render import printed

    made = printed.prepare_print(
        rendering.edition,
        rendering.history,
        rendering.tree,
        rendering.layout,
        rendering.draw,
        rendering.extensions,
        rendering.cache,
        duplex=order.duplex,
        since=rendering.review.since,
        opinions=rendering.review.opinions,
        noted=order.opinions,
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


def finished_key(files: Files, audience: str | None, order: Order, earlier: Earlier | None = None) -> str:
    """The key of a finished PDF in the cache: the hash of all that decides how it comes out."""
    told = files.history
    drafts: list[str | None] = [earlier.name, earlier.files.tree.revision] if earlier else []
    if files.tree.under("data/comments"):  # where opinions stood is read from the drafts of their meetings
        meetings = parse(files.tree)[0].contents.meetings
        drafts += (named_commit(files.root, one.revision) for one in meetings if one.revision)
    about = repr((audience, order, files.draft, told.head, told.timestamp, told.dirty, drafts))
    return digest("pdf", program(), about, *(part for one in files.tree.files for part in (str(one.path), one.content)))

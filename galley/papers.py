"""The papers of a meeting: what stops a release, the draft as it goes out, and the pack that goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from galley.bind import index
from galley.diagnostics import Diagnostic, ordered
from galley.errors import UsageError
from galley.pipeline import (
    PRINT,
    Files,
    Order,
    meeting_drafts,
    prepare,
    prepare_print,
    read_as,
    read_at,
    rendering_of,
    restricted,
    sources_of,
    typeset,
)
from galley.read.parse import parse
from galley.read.revision import descends, first_parent, named_commit
from galley.review.places import Draft

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from galley.compare.drafts import DraftChapter
    from galley.model import Comment, Meeting
    from galley.pipeline import Earlier, Rendering, Sources
    from galley.review.release import CommitFacts
    from galley.review.responses import Responses
    from galley.review.since import Since


def stops(sources: Sources) -> tuple[Diagnostic, ...]:
    """Step 5: what must not be open when the draft goes out; git is asked whether accepted opinions were acted upon."""
    from galley.review.release import NEEDS_COMMIT, stops

    contents = sources.report.contents
    rendering = rendering_of(sources, next(reversed(contents.settings.audiences), None))
    drafts = meeting_drafts(sources, rendering, PRINT)
    accepted = (one for one in contents.comments if one.disposition in NEEDS_COMMIT and one.commit)
    facts = {(one.meeting, one.id): _commit_facts(one, drafts, sources, rendering) for one in accepted}
    return ordered(stops(contents.comments, facts))


def _commit_facts(comment: Comment, drafts: Mapping[str, Draft], sources: Sources, rendering: Rendering) -> CommitFacts:
    from galley.review.release import CommitFacts, touched

    root, head = sources.root, named_commit(sources.root, "HEAD") or ""
    meetings = {one.id: one.revision for one in sources.report.contents.meetings}
    revision = meetings.get(comment.meeting)
    commit = named_commit(root, comment.commit or "")
    if commit is None:
        return CommitFacts(known=False)
    discussed = named_commit(root, revision) if revision else None
    in_draft = commit == head or descends(root, head, commit)
    after_meeting = discussed is None or descends(root, commit, discussed)
    parent = first_parent(root, commit)
    if not in_draft or not after_meeting or parent is None:
        return CommitFacts(known=True, in_draft=in_draft, after_meeting=after_meeting)
    before, after = (_draft_at(one, sources, rendering) for one in (parent, commit))
    draft = drafts.get(comment.meeting, Draft(before))
    return CommitFacts(known=True, in_draft=True, after_meeting=True, changed=touched(comment, draft, before, after))


def _draft_at(revision: str, sources: Sources, rendering: Rendering) -> tuple[DraftChapter, ...]:
    files = read_at(sources.root, revision, sources.cache)
    return read_as(rendering, restricted(files, sources, rendering).contents, PRINT)


def released(sources: Sources, name: str) -> tuple[Sources, Meeting]:
    """The sources as the draft of a meeting, and the meeting.

    UsageError when there is no such meeting, when another draft was released for it, or when the work tree holds what
    is not committed: what goes out must be found again.
    """
    meetings = {one.id: one for one in sources.report.contents.meetings}
    if name not in meetings:
        raise UsageError("no-meeting", meeting=name, meetings=", ".join(meetings))
    meeting = meetings[name]
    if sources.history.head is None or sources.history.dirty:
        raise UsageError("not-committed", meeting=name)
    head = named_commit(sources.root, "HEAD")
    if meeting.revision is not None and named_commit(sources.root, meeting.revision) not in (None, head):
        raise UsageError("released-already", meeting=name, revision=meeting.revision)
    files = Files(sources.root, sources.tree, sources.history, sources.cache, meeting.draft)
    return sources_of(files, sources.report, sources.diagnostics), meeting


def pack(
    sources: Sources,
    meeting: Meeting,
    audience: str | None,
    earlier: Earlier | None,
    workers: Callable[[], AbstractContextManager[Executor]],
) -> Iterator[tuple[str, bytes]]:
    """Steps 4 to 7 for a meeting: the papers of its pack, each with its name.

    The report is set from git's objects, so that `pdf --meeting` gives the same bytes for ever after.
    """
    committed = read_at(sources.root, "HEAD", sources.cache, meeting.draft)
    draft = sources_of(committed, parse(committed.tree)[0], ())
    clean = prepare(draft, audience, medium=PRINT)
    yield "bao-cao.pdf", typeset(prepare_print(clean, Order()), Order(), sources.cache, workers())
    if earlier is not None:
        compared = prepare(draft, audience, earlier, PRINT)
        name = f"so-voi-{earlier.name.replace('/', '-')}.pdf"
        yield name, typeset(prepare_print(compared, Order()), Order(), sources.cache, workers())
        if compared.review.since is not None:
            yield "so-lieu-thay-doi.xlsx", _changes_xlsx(compared, compared.review.since)
    if clean.review.opinions:
        table = tabled(clean)
        yield "y-kien.pdf", opinions_pdf(clean, table, workers())
        yield "y-kien.xlsx", opinions_xlsx(clean, table)
    yield "tinh-hinh.pdf", readiness_sheet(prepare(sources, audience, medium=PRINT), workers())


def readiness_sheet(rendering: Rendering, workers: AbstractContextManager[Executor]) -> bytes:
    """Steps 6 and 7 for the chair: how ready the report is, as a PDF of one page."""
    from galley.render.readiness_sheet import readiness_document
    from galley.review.readiness import readiness
    from galley.typeset import typeset as typeset_document

    printing = prepare_print(rendering, Order())
    ready = readiness(printing.lookup, rendering.history, rendering.review.opinions)
    return typeset_document(readiness_document(printing, ready), rendering.cache, workers)


def tabled(rendering: Rendering, meeting: str | None = None) -> Responses:
    """Step 5: the table of the opinions that the edition holds, or of those on the draft of one meeting.

    UsageError when there is no such meeting, or nothing that this audience may see.
    """
    from galley.review.responses import responses

    contents = rendering.edition.contents
    meetings = [one.id for one in contents.meetings]
    if meeting is not None and meeting not in meetings:
        raise UsageError("no-meeting", meeting=meeting, meetings=", ".join(meetings))
    table = responses(rendering.review.opinions, contents, meeting)
    if not table.total:
        raise UsageError("no-opinions", audience=rendering.edition.audience)
    return table


def opinions_pdf(rendering: Rendering, table: Responses, workers: AbstractContextManager[Executor]) -> bytes:
    """Steps 6 and 7 for the table of opinions as a PDF of its own."""
    from galley.render.opinions import opinions_document
    from galley.typeset import typeset as typeset_document

    printing = prepare_print(rendering, Order())
    return typeset_document(opinions_document(printing, table), rendering.cache, workers)


def opinions_xlsx(rendering: Rendering, table: Responses) -> bytes:
    """Step 6 for the table of opinions as a workbook."""
    from galley.exchange.opinions import opinions_workbook

    lookup = index(rendering.edition.contents)
    return opinions_workbook(table, lookup, rendering.layout, rendering.history.timestamp)


def _changes_xlsx(rendering: Rendering, since: Since) -> bytes:
    from galley.exchange.changed import changes_workbook

    lookup = index(rendering.edition.contents)
    return changes_workbook(since, lookup, rendering.layout, rendering.history.timestamp)

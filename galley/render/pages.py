"""From an edition to the review site: finished Markdown pages, the files beside them, and the navigation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from galley.bind import index
from galley.bind.figures import judge
from galley.render.board import board
from galley.render.completeness import completeness
from galley.render.forge import commit_url, edit_url, issue_url
from galley.render.indicator_pages import (
    DATA,
    FOLDER,
    About,
    Workbook,
    indicator_files,
    indicator_pages,
    path_of,
    topics,
)
from galley.render.markup import SITE, Draw, Markup, chapter_markdown, relative_link, root_of
from galley.render.opinions import notes
from galley.render.page import Asset, Page
from galley.render.provenance import card, ledger
from galley.render.redline import mark_changes, marked_text
from galley.render.register import evaluated, figure_register
from galley.render.target_pages import documents, treating
from galley.render.timeline import timeline
from galley.render.words import plain, worded
from galley.render.work_pages import work_pages
from galley.review.responses import responses

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from galley.model import Edition, History, Meeting
    from galley.render.board import Board, Progress
    from galley.render.completeness import Completeness
    from galley.render.indicator_pages import Topic
    from galley.render.layout import Layout
    from galley.review.places import Renumbered
    from galley.review.responses import Responses
    from galley.review.review import Review, Step
    from galley.review.since import Since

FRONT = PurePosixPath("index.md")
TARGETS = PurePosixPath("muc-tieu.md")
PROPOSALS = PurePosixPath("kien-nghi.md")
SOURCES = PurePosixPath("nguon.md")
OPINIONS = PurePosixPath("y-kien.md")
CHANGES = PurePosixPath("thay-doi.md")
NUMBERS, STEPS = PurePosixPath("so-doan"), PurePosixPath("lich-su")
COMPLETENESS = FOLDER / "day-du.md"
REGISTER = FOLDER / "so-so-lieu.md"
_GUIDES = "pages/huong-dan/"
_FOOTNOTE = re.compile(r"^\[\^[^\]]+\]:", re.MULTILINE)
_TITLE = re.compile(r"^# (?P<title>.*?)(?: \{#[^}]*\})?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the navigation: a page, or a section with its entries; the title is HTML."""

    title: str
    path: PurePosixPath | None = None
    children: tuple[NavItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """The review site of one edition; titles and `footer` are HTML, `edits` says where the forge changes a page."""

    title: str
    description: str
    footer: str
    pages: tuple[Page, ...]
    assets: tuple[Asset, ...]
    nav: tuple[NavItem, ...]
    edits: tuple[tuple[PurePosixPath, str], ...] = ()
    redline: Callable[[PurePosixPath, str], str] | None = None  # marks what changed in the finished HTML of a page


def site_pages(  # noqa: PLR0913 - everything that the site shows
    edition: Edition,
    history: History,
    layout: Layout,
    draw: Draw,
    workbook: Workbook,
    review: Review,
) -> Site:
    """The review site of an edition; nothing in it comes from elsewhere than the edition, git and the templates.

    `workbook` makes the XLSX of an indicator, which galley.exchange lays out.
    """
    contents, since, opinions = edition.contents, review.since, review.opinions
    markup = Markup(index(contents), layout, SITE, draw, ledger(history))
    progress = board(markup.lookup, history, opinions)
    coverage = completeness(markup.lookup, progress.quotes)
    grouped = topics(markup)
    table = responses(opinions, contents)
    chapters = tuple(_chapter_page(one, markup, history, review, table) for one in progress.chapters)
    about_data = _pages_about_data(markup, progress, coverage, grouped)
    registers = _register_pages(markup, progress, table)
    guides = _guides(layout)
    changes = (_changes_page(markup, since, [one for one, _ in review.numbers]),) if since else ()
    numbers = tuple(_numbers_page(markup, *one) for one in review.numbers)
    amended = [(one, review.steps.get(one.chapter.path, ())) for one in progress.chapters]
    steps = tuple(_steps_page(markup, one, those) for one, those in amended if those)
    front = _front_page(markup, progress, (*changes, *registers))
    work = work_pages(markup, progress.ready, _changed(layout, since))
    files = indicator_files(markup.lookup, workbook)
    indicators = indicator_pages(markup, grouped, About(progress, coverage, frozenset(one.path for one in files)))
    return Site(
        title=str(plain(contents.settings.title)),
        description=str(plain(f"{contents.settings.title} {contents.settings.subject}")),
        footer=worded(layout, "footer", contents.settings, history),
        pages=(front, *chapters, *indicators, *about_data, *changes, *numbers, *steps, *work, *registers, *guides),
        assets=files,
        nav=_nav(markup, progress, (grouped, about_data), (*changes, *work[:1], *registers), guides, since),
        edits=tuple((page.path, url) for page in chapters if (url := edit_url(contents.settings, page.path))),
        redline=partial(_with_changes, since, layout) if since else None,
    )


def _steps_page(markup: Markup, one: Progress, steps: tuple[Step, ...]) -> Page:
    """What the last commits changed in a chapter, word by word."""
    chapter = one.chapter
    title = worded(markup.layout, "steps", one.number, chapter.front.title)
    marked = partial(marked_text, around=10)
    return _page(STEPS / chapter.path, title, "pages/steps.md", markup, one=one, steps=steps, marked=marked)


def _numbers_page(markup: Markup, meeting: Meeting, chapters: tuple[Renumbered, ...]) -> Page:
    """Where the numbered paragraphs of a meeting's draft stand today."""
    path = NUMBERS / f"{meeting.id}.md"
    values: dict[str, object] = {"meeting": meeting, "chapters": chapters, "link": partial(relative_link, path)}
    return _page(path, worded(markup.layout, "numbers", meeting), "pages/numbers.md", markup, **values)


def _changed(layout: Layout, since: Since | None) -> dict[PurePosixPath, str]:
    """How much changed in each chapter, in words, by its path."""
    changed = since.chapters if since else ()
    return {one.after.path: worded(layout, "changed", one, since) for one in changed if one.after}


def _with_changes(since: Since, layout: Layout, path: PurePosixPath, html: str) -> str:
    """The finished HTML of a page with what changed in it marked."""
    found = since.of(path)
    return html if found is None else mark_changes(html, found, layout)


def _page(path: PurePosixPath, title: str, template: str, markup: Markup, **values: object) -> Page:
    body = markup.layout.fill(template, lookup=markup.lookup, root=root_of(path), plain=plain, medium=SITE, **values)
    return Page(path, title, body)


def _front_page(markup: Markup, progress: Board, registers: tuple[Page, ...]) -> Page:
    contents = markup.lookup.contents
    return _page(
        FRONT,
        worded(markup.layout, "title", "front"),
        "pages/index.md",
        markup,
        settings=contents.settings,
        board=progress,
        meetings=sorted(contents.meetings, key=lambda one: one.date),
        line=timeline(progress.ready),
        results=tuple(judge(markup.lookup, one) for one in contents.targets),
        registers=tuple(str(page.path) for page in registers),
    )


def _changes_page(markup: Markup, since: Since, numbered: Sequence[Meeting]) -> Page:
    """What changed since an earlier draft: in the words by chapter, and in the data with all who quote it."""
    title = worded(markup.layout, "title", "changes")
    return _page(
        CHANGES,
        title,
        "pages/changes.md",
        markup,
        since=since,
        marked=partial(marked_text, around=10),
        link=partial(relative_link, CHANGES),
        numbered=numbered,
    )


def _chapter_page(one: Progress, markup: Markup, history: History, review: Review, table: Responses) -> Page:
    chapter, settings, since = one.chapter, markup.lookup.contents.settings, review.since
    given = notes(table, chapter.path, markup)
    body = chapter_markdown(chapter, markup, given.at)
    return _page(
        chapter.path,
        worded(markup.layout, "chapter", one.number, chapter.front.title),
        "pages/chapter.md",
        markup,
        one=one,
        body=body,
        removed=given.removed,
        footnoted=_FOOTNOTE.search(body) is not None,
        since=since,
        changes=since.of(chapter.path) if since else None,
        edit=edit_url(settings, chapter.path),
        issue=partial(issue_url, settings),
        history=history,
        amendments=dict(history.amendments).get(chapter.path, ()),
        seen=partial(commit_url, settings),
        steps={
            step.amendment.commit.id: relative_link(chapter.path, STEPS / chapter.path, step.anchor, SITE)
            for step in review.steps.get(chapter.path, ())
        },
    )


def _pages_about_data(
    markup: Markup, progress: Board, coverage: Completeness, grouped: tuple[Topic, ...]
) -> tuple[Page, ...]:
    """What stands beside the indicators: how complete they are, and the register of the figures that are quoted."""
    about = partial(card, lookup=markup.lookup, book=markup.ledger)
    entries = figure_register(markup.lookup, evaluated(markup.lookup))
    pages = []
    if grouped:
        title = worded(markup.layout, "title", "completeness")
        values: dict[str, object] = {"coverage": coverage, "topics": grouped}
        pages.append(_page(COMPLETENESS, title, "pages/completeness.md", markup, **values))
    if entries:
        title = worded(markup.layout, "title", "register")
        groups = [(one, tuple(those)) for one, those in groupby(entries, lambda entry: entry.indicator)]
        values = {"count": len(entries), "groups": groups, "labels": progress.labels, "card": about}
        pages.append(_page(REGISTER, title, "pages/register.md", markup, **values))
    return tuple(pages)


def _register_pages(markup: Markup, progress: Board, table: Responses) -> tuple[Page, ...]:
    """The pages of opinions, targets, proposals and sources; one without entries is left out."""
    contents, layout = markup.lookup.contents, markup.layout
    judged = documents(markup.lookup, progress)
    about = partial(card, lookup=markup.lookup, book=markup.ledger)
    targets = {"documents": judged, "chapters": treating(judged), "card": about}
    registers: tuple[tuple[tuple[object, ...], PurePosixPath, str, dict[str, object]], ...] = (
        (table.parts, OPINIONS, "opinions", {"table": table}),
        (contents.targets, TARGETS, "targets", targets),
        (contents.proposals, PROPOSALS, "proposals", {}),
        (contents.sources, SOURCES, "sources", {}),
    )
    return tuple(
        _page(path, worded(layout, "title", name), f"pages/{name}.md", markup, records=records, **values)
        for records, path, name, values in registers
        if records
    )


def _guides(layout: Layout) -> tuple[Page, ...]:
    """The guides for editors, the index first; the first heading of each is its title."""
    pages = []
    for name in layout.environment.list_templates(filter_func=lambda one: one.startswith(_GUIDES)):
        body = layout.fill(name).lstrip()
        title = _TITLE.search(body)
        pages.append(Page(PurePosixPath(name).relative_to("pages"), title["title"] if title else name, body))
    return tuple(sorted(pages, key=lambda page: (page.path.name != FRONT.name, page.path.name)))


def _nav(  # noqa: PLR0913 - all that has a place in it
    markup: Markup,
    progress: Board,
    data: tuple[tuple[Topic, ...], tuple[Page, ...]],
    registers: tuple[Page, ...],
    guides: tuple[Page, ...],
    since: Since | None,
) -> tuple[NavItem, ...]:
    layout = markup.layout
    grouped, about_data = data
    parts = tuple(
        NavItem(
            worded(layout, "part", part.number, part.title),
            None,
            tuple(_chapter(layout, one, since) for one in part.chapters),
        )
        for part in progress.parts
    )
    by_topic = tuple(
        NavItem(topic.title, None, tuple(NavItem(str(plain(one.name)), path_of(one)) for one in topic.indicators))
        for topic in grouped
    )
    overview = (NavItem(worded(layout, "title", "overview"), DATA),) if grouped else ()
    sections = (
        NavItem(worded(layout, "title", "report"), None, parts),
        NavItem(worded(layout, "title", "data"), None, (*overview, *map(_entry, about_data), *by_topic)),
    )
    return (
        NavItem(worded(layout, "title", "front"), FRONT),
        *(one for one in sections if one.children),
        *(NavItem(page.title, page.path) for page in registers),
        *(
            (NavItem(worded(layout, "title", "guides"), None, tuple(_entry(page) for page in guides)),)
            if guides
            else ()
        ),
    )


def _chapter(layout: Layout, one: Progress, since: Since | None) -> NavItem:
    title = worded(layout, "chapter", one.number, one.chapter.front.title)
    mark = worded(layout, "changed_mark") if since and since.of(one.chapter.path) else ""
    return NavItem(title + mark, one.chapter.path)


def _entry(page: Page) -> NavItem:
    return NavItem(page.title, page.path)

"""What each agency has to do, a page for each, and the list of them: `viec/`."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from galley.render.markup import SITE, root_of
from galley.render.page import Page
from galley.render.words import plain, worded
from galley.review.duties import duties

if TYPE_CHECKING:
    from collections.abc import Mapping

    from galley.render.markup import Markup
    from galley.review.duties import Duties
    from galley.review.readiness import Readiness

WORK = PurePosixPath("viec")
INDEX = WORK / "index.md"


def work_pages(markup: Markup, ready: Readiness, changed: Mapping[PurePosixPath, str]) -> tuple[Page, ...]:
    """The list of agencies, then the page of each; nothing when no agency has any part in what is shown.

    `changed` tells of chapters, by path, what changed in them since the last meeting.
    """
    found = duties(markup.lookup, ready)
    if not found:
        return ()
    title = worded(markup.layout, "title", "work")
    index = Page(INDEX, title, _fill(markup, INDEX, "pages/work_index.md", duties=found))
    return (index, *(_page(markup, one, ready, changed) for one in found))


def _page(markup: Markup, one: Duties, ready: Readiness, changed: Mapping[PurePosixPath, str]) -> Page:
    path = WORK / f"{one.agency.id}.md"
    own = {standing.chapter.path: standing for standing in (*one.owned, *one.contributed)}
    news = tuple((standing, changed[name]) for name, standing in own.items() if name in changed)
    return Page(
        path,
        str(plain(one.agency.name)),
        _fill(markup, path, "pages/work.md", one=one, ready=ready, changed=news),
    )


def _fill(markup: Markup, path: PurePosixPath, template: str, **values: object) -> str:
    return markup.layout.fill(template, lookup=markup.lookup, root=root_of(path), plain=plain, medium=SITE, **values)

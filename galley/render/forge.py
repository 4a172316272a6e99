"""Addresses at the forge where the repository lives: to change a file, look at a line or a change, send a remark."""

from __future__ import annotations

from bisect import bisect
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import PurePosixPath

    from galley.model import Commit, Settings
    from galley.source import Span

_EDIT = {"gitlab": "/-/edit/main/", "github": "/edit/main/", "gitea": "/_edit/main/"}
_LOOK = {"gitlab": "/-/blob/", "github": "/blob/", "gitea": "/src/commit/"}
_COMMIT = {"gitlab": "/-/commit/", "github": "/commit/", "gitea": "/commit/"}
# Where a new issue is written, and what its title and text are called in the address: docs.github.com "Creating an
# issue from a URL query", docs.gitlab.com "Using a URL with prefilled values", Gitea's routers/web/repo/issue_new.go.
_ISSUE = {
    "github": ("/issues/new", "title", "body"),
    "gitlab": ("/-/issues/new", "issue[title]", "issue[description]"),
    "gitea": ("/issues/new", "title", "body"),
}
LONGEST = 8000  # servers commonly take 8 KB; GitHub answers 414 to more


def edit_url(settings: Settings, path: PurePosixPath) -> str:
    """The address at which the forge changes a file; empty when the report names no repository or forge."""
    if not settings.repository or not settings.forge:
        return ""
    return f"{settings.repository.rstrip('/')}{_EDIT[settings.forge]}{quote(str(path))}"


def line_url(settings: Settings, span: Span, commit: Commit | None) -> str:
    """The address that shows a line as it is in a commit; empty without repository, forge or commit."""
    if not settings.repository or not settings.forge or commit is None:
        return ""
    base = f"{settings.repository.rstrip('/')}{_LOOK[settings.forge]}{commit.id}/"
    return f"{base}{quote(str(span.path))}#L{span.line}"


def commit_url(settings: Settings, commit: Commit) -> str:
    """The address that shows what a commit changed; empty when the report names no repository or forge."""
    if not settings.repository or not settings.forge:
        return ""
    return f"{settings.repository.rstrip('/')}{_COMMIT[settings.forge]}{commit.id}"


def issue_url(settings: Settings, title: str, text: str) -> str:
    """The address at which the forge offers a new issue with this title and text; empty without repository or forge.

    It has at most `LONGEST` characters: what does not fit is cut off the end of the text, then of the title.
    """
    if not settings.repository or not settings.forge:
        return ""
    path, titled, worded = _ISSUE[settings.forge]
    base = f"{settings.repository.rstrip('/')}{path}"

    def address(title: str, text: str) -> str:
        return f"{base}?{urlencode({titled: title, worded: text}, quote_via=quote, safe='')}"

    text = _fitting(text, lambda some: len(address(title, some)) <= LONGEST)
    return address(_fitting(title, lambda some: len(address(some, text)) <= LONGEST), text)


def _fitting(text: str, fits: Callable[[str], bool]) -> str:
    """The longest beginning of a text that fits; empty where none does."""
    if fits(text):
        return text
    return text[: max(0, bisect(range(len(text)), 0, key=lambda end: not fits(text[:end])) - 1)]

"""Addresses at the forge where the repository lives: to change a file, to look at a line."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from pathlib import PurePosixPath

    from galley.model import Commit, Settings
    from galley.source import Span

_EDIT = {"gitlab": "/-/edit/main/", "github": "/edit/main/", "gitea": "/_edit/main/"}
_LOOK = {"gitlab": "/-/blob/", "github": "/blob/", "gitea": "/src/commit/"}


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

"""What rendering gives: pages of text and the files that go with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath  # noqa: TC003 - part of a value that is pickled


@dataclass(frozen=True, slots=True)
class Page:
    """One page: finished Markdown at its path for the site, or an HTML fragment with its id for print."""

    path: PurePosixPath
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that stands beside the pages, as it is delivered."""

    path: PurePosixPath
    content: bytes


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart or map as SVG; the name is the hash of what it shows, so equal drawings are one file."""

    name: str
    svg: str

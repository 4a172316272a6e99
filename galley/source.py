"""Where things stand in the sources: positions, files and trees of files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import total_ordering
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import PurePosixPath


@total_ordering
@dataclass(frozen=True, slots=True)
class Span:
    """A place in a source file; line and column count from 1, in characters. Prints as `path:line:column`.

    In a PDF the line is the page and there is no column; 0 is left out: `report.pdf:12`, `report.pdf` for all of it.
    """

    path: PurePosixPath
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return ":".join((str(self.path), *(str(number) for number in (self.line, self.column) if number)))

    def __lt__(self, other: Span) -> bool:
        return (str(self.path), self.line, self.column) < (str(other.path), other.line, other.column)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file as it stands in a tree; its path is relative to the root of the repository."""

    path: PurePosixPath
    content: bytes


@dataclass(frozen=True, slots=True)
class SourceTree:
    """The files of a work tree (revision None) or of a git revision, sorted by path."""

    files: tuple[SourceFile, ...]
    revision: str | None = None

    def find(self, path: PurePosixPath) -> SourceFile | None:
        """The file of that path, or None."""
        return next((file for file in self.files if file.path == path), None)

    def under(self, folder: str, suffix: str = "") -> tuple[SourceFile, ...]:
        """The files below a folder whose names end in the suffix, in order."""
        beginning = f"{folder}/"
        paths = ((file, str(file.path)) for file in self.files)
        return tuple(file for file, path in paths if path.startswith(beginning) and path.endswith(suffix))

    def lines(self, path: PurePosixPath) -> tuple[str, ...]:
        """The lines of a file, as shown beside a diagnostic; none when the file is missing or no text."""
        file = self.find(path)
        if file is None:
            return ()
        return tuple(file.content.decode("utf-8", errors="replace").splitlines())

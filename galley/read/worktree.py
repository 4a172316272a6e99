"""Step 1: read the sources from a work tree."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from galley.errors import GalleyError
from galley.source import SourceFile, SourceTree

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDERS = ("chapters", "data", "provinces", "templates")
FILES = ("mkdocs.yml",)


def read_worktree(root: Path) -> SourceTree:
    """The source files below a root; only regular files, no links; GalleyError when there is no content at all."""
    if not (root / "data").is_dir():
        raise GalleyError("no-content", root=str(root))
    return SourceTree(tuple(sorted(_files(root), key=lambda file: str(file.path))))


def _files(root: Path) -> Iterator[SourceFile]:
    for name in FILES:
        if (root / name).is_file() and not (root / name).is_symlink():
            yield SourceFile(PurePosixPath(name), (root / name).read_bytes())
    for folder in FOLDERS:
        yield from _below(root, root / folder)


def _below(root: Path, folder: Path) -> Iterator[SourceFile]:
    """Every regular file below a folder; a link or a device is refused, for it would read outside the repository."""
    if not folder.is_dir() or folder.is_symlink():
        return
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name == "__pycache__":
            continue
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise GalleyError("not-a-regular-file", path=str(path.relative_to(root)))
        if path.is_dir():
            yield from _below(root, path)
        else:
            yield SourceFile(PurePosixPath(path.relative_to(root).as_posix()), path.read_bytes())

"""Read a git revision and the history of the sources. The only module that imports GitPython."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import git

from galley.errors import GalleyError
from galley.model import Commit, History
from galley.read.worktree import FILES, FOLDERS
from galley.source import SourceFile, SourceTree

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHORT = 10


def read_revision(root: Path, revision: str) -> SourceTree:
    """The source files of a revision, from git's objects: never a checkout, no filter, no attribute applied.

    Raises GalleyError when there is no repository or no such revision.
    """
    repository = _repository(root)
    if repository is None:
        raise GalleyError("no-repository", root=str(root))
    with repository:
        try:
            commit = repository.commit(revision)
        except (git.BadName, ValueError, IndexError) as trouble:
            raise GalleyError("no-revision", revision=revision) from trouble
        prefix = root.resolve().relative_to(Path(str(repository.working_tree_dir)).resolve())
        tree = commit.tree / prefix.as_posix() if prefix.parts else commit.tree
        return SourceTree(tuple(sorted(_blobs(tree), key=lambda file: str(file.path))), commit.hexsha)


def _blobs(tree: git.Tree) -> Iterator[SourceFile]:
    base = tree.path
    for item in tree.traverse():
        if not isinstance(item, git.Blob) or item.mode & 0o170000 != git.Blob.file_mode & 0o170000:
            continue
        path = PurePosixPath(str(item.path)).relative_to(base) if base else PurePosixPath(str(item.path))
        if path.parts[0] in FOLDERS or str(path) in FILES:
            yield SourceFile(path, item.data_stream.read())


def read_history(root: Path) -> History:
    """The commit that stands in the work tree and the last change of every file; an empty history without git."""
    repository = _repository(root)
    if repository is None:
        return History()
    with repository:
        if not repository.head.is_valid():
            return History(dirty=True)
        prefix = root.resolve().relative_to(Path(str(repository.working_tree_dir)).resolve())
        head = repository.head.commit
        return History(
            head=_summary(head),
            timestamp=head.committed_date,
            dirty=repository.is_dirty(untracked_files=True),
            complete=not (Path(repository.common_dir) / "shallow").exists(),
            changes=tuple(sorted(_last_changes(repository, prefix).items())),
        )


def _last_changes(repository: git.Repo, prefix: Path) -> dict[PurePosixPath, Commit]:
    """The newest commit that touched each path, read in one go; merges are left out, as in `git log`."""
    log = repository.git(c="core.quotePath=false").log(
        "--no-merges", "--no-renames", "--name-only", "--format=%x01%H%x02%an%x02%ct"
    )
    found: dict[PurePosixPath, Commit] = {}
    for entry in log.split("\x01")[1:]:
        head, *names = entry.splitlines()
        name, author, seconds = head.split("\x02")
        commit = Commit(name[:_SHORT], author, _day(int(seconds)))
        for path in (PurePosixPath(one) for one in names if one):
            if path.is_relative_to(prefix.as_posix()):
                found.setdefault(path.relative_to(prefix.as_posix()), commit)
    return found


def _summary(commit: git.Commit) -> Commit:
    return Commit(commit.hexsha[:_SHORT], str(commit.author.name), _day(commit.committed_date))


def _day(seconds: int) -> date:
    return datetime.fromtimestamp(seconds, tz=UTC).date()


def _repository(root: Path) -> git.Repo | None:
    try:
        return git.Repo(root, search_parent_directories=True)
    except (git.InvalidGitRepositoryError, git.NoSuchPathError):
        return None

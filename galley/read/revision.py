"""Read a git revision and the history of the sources. The only module that imports GitPython."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import git

from galley.cache import Cache, digest
from galley.errors import GalleyError
from galley.model import Commit, History
from galley.read.worktree import FILES, FOLDERS
from galley.source import SourceFile, SourceTree

if TYPE_CHECKING:
    from collections.abc import Iterator

INDICATORS = "data/indicators"
_SHORT = 10
_UNCOMMITTED = "0" * 40


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


def read_history(root: Path, tree: SourceTree, cache: Cache) -> History:
    """What git tells of a work tree; an empty history without git.

    Who entered each line of the indicator files is asked of git once for each state of a file, and then remembered.
    """
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
            lines=tuple(
                (file.path, _blame(repository, prefix, file, cache)) for file in tree.under(INDICATORS, ".yml")
            ),
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


def _blame(repository: git.Repo, prefix: Path, file: SourceFile, cache: Cache) -> tuple[Commit | None, ...]:
    """The commit of each line of a file as it stands in the work tree."""
    key = digest("blame lines", repository.head.commit.hexsha, str(prefix / file.path), file.content)
    known = cache.get(key)
    if known is None:
        found = _read_blame(repository, str(prefix / file.path))
        cache.put(key, json.dumps(found, ensure_ascii=False).encode())
    else:
        found = json.loads(known)
    return tuple(None if one is None else Commit(one["id"], one["author"], _day(int(one["time"]))) for one in found)


def _read_blame(repository: git.Repo, path: str) -> list[dict[str, str] | None]:
    """Short id, author and time of the commit of each line; None for a line that is not committed."""
    try:
        text = repository.git.blame("--porcelain", "--", path)
    except git.GitCommandError:
        return []  # the file is not committed yet
    facts: dict[str, dict[str, str]] = {}
    lines: list[dict[str, str] | None] = []
    commit = ""
    for line in text.split("\n"):
        if line.startswith("\t"):
            about = facts[commit]
            known = {"id": commit[:_SHORT], "author": about["author"], "time": about["committer-time"]}
            lines.append(None if commit == _UNCOMMITTED else known)
        elif re.match(r"[0-9a-f]{40} ", line):
            commit = line[:40]
            facts.setdefault(commit, {})
        else:
            name, _, value = line.partition(" ")
            facts[commit].setdefault(name, value)
    return lines


def _summary(commit: git.Commit) -> Commit:
    return Commit(commit.hexsha[:_SHORT], str(commit.author.name), _day(commit.committed_date))


def _day(seconds: int) -> date:
    return datetime.fromtimestamp(seconds, tz=UTC).date()


def _repository(root: Path) -> git.Repo | None:
    try:
        return git.Repo(root, search_parent_directories=True)
    except (git.InvalidGitRepositoryError, git.NoSuchPathError):
        return None

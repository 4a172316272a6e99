"""Read a git revision and the history of the sources. The only module that imports GitPython."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeAlias

import git

from galley.cache import Cache, digest
from galley.errors import GalleyError
from galley.model import Commit, History
from galley.read.worktree import FILES, FOLDERS
from galley.source import SourceFile, SourceTree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# What git told, as JSON has it: author and time of commits by short id, and the id of each line or path.
_Told: TypeAlias = dict[str, Any]
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


def read_history_of(root: Path, revision: str) -> History:
    """What git tells of a revision that `read_revision` could read: its commit and when it was made."""
    repository = _repository(root)
    if repository is None:
        raise GalleyError("no-repository", root=str(root))
    with repository:
        commit = repository.commit(revision)
        return History(_summary(commit), commit.committed_date)


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

    What follows from the commit alone, or from the commit and a file, is asked of git once and then remembered.
    """
    repository = _repository(root)
    if repository is None:
        return History()
    with repository:
        if not repository.head.is_valid():
            return History(dirty=True)
        prefix = root.resolve().relative_to(Path(str(repository.working_tree_dir)).resolve())
        head = repository.head.commit
        shallow = Path(repository.common_dir) / "shallow"
        return History(
            head=_summary(head),
            timestamp=head.committed_date,
            dirty=repository.is_dirty(untracked_files=True),
            complete=not shallow.exists(),
            changes=_last_changes(head, prefix, shallow, cache),
            lines=tuple((file.path, _blame(head, prefix, file, cache)) for file in tree.under(INDICATORS, ".yml")),
        )


def _last_changes(
    head: git.Commit, prefix: Path, shallow: Path, cache: Cache
) -> tuple[tuple[PurePosixPath, Commit], ...]:
    """The newest commit that touched each path, sorted by path."""
    known = shallow.read_bytes() if shallow.exists() else b""
    found = _remembered(cache, digest("last changes", head.hexsha, known), lambda: _read_last_changes(head.repo))
    commits = _commits(found)
    base = prefix.as_posix()
    paths = ((PurePosixPath(name), commits[commit]) for name, commit in found["paths"].items())
    return tuple(sorted((path.relative_to(base), commit) for path, commit in paths if path.is_relative_to(base)))


def _read_last_changes(repository: git.Repo) -> _Told:
    """The commits and the last of them for each path, read in one go; merges are left out, as in `git log`."""
    log = repository.git(c="core.quotePath=false").log(
        "--no-merges", "--no-renames", "--name-only", "--format=%x01%H%x02%an%x02%ct"
    )
    told: _Told = {"commits": {}, "paths": {}}
    for entry in log.split("\x01")[1:]:
        head, *names = entry.splitlines()
        name, author, seconds = head.split("\x02")
        new = [one for one in names if one and one not in told["paths"]]
        if new:
            told["commits"][name[:_SHORT]] = (author, int(seconds))
            told["paths"] |= dict.fromkeys(new, name[:_SHORT])
    return told


def _blame(head: git.Commit, prefix: Path, file: SourceFile, cache: Cache) -> tuple[Commit | None, ...]:
    """The commit of each line of a file as it stands in the work tree."""
    path = str(prefix / file.path)
    key = digest("commits of lines", head.hexsha, path, file.content)
    found = _remembered(cache, key, lambda: _read_blame(head.repo, path))
    commits = _commits(found)
    return tuple(None if one is None else commits[one] for one in found["lines"])


def _read_blame(repository: git.Repo, path: str) -> _Told:
    """The commits and the one of each line; None for a line that is not committed."""
    told: _Told = {"commits": {}, "lines": []}
    try:
        text = repository.git.blame("--porcelain", "--", path)
    except git.GitCommandError:
        return told  # the file is not committed yet
    facts: dict[str, dict[str, str]] = {}
    commit = ""
    for line in text.split("\n"):
        if line.startswith("\t"):
            told["lines"].append(None if commit == _UNCOMMITTED else commit[:_SHORT])
        elif re.match(r"[0-9a-f]{40} ", line):
            commit = line[:40]
            facts.setdefault(commit, {})
        else:
            name, _, value = line.partition(" ")
            facts[commit].setdefault(name, value)
    for commit, about in facts.items():
        told["commits"][commit[:_SHORT]] = (about["author"], int(about["committer-time"]))
    return told


def _remembered(cache: Cache, key: str, ask: Callable[[], _Told]) -> _Told:
    known = cache.get(key)
    if known is None:
        known = json.dumps(ask()).encode()
        cache.put(key, known)
    told: _Told = json.loads(known)
    return told


def _commits(told: _Told) -> dict[str, Commit]:
    return {name: Commit(name, author, _day(seconds)) for name, (author, seconds) in told["commits"].items()}


def _summary(commit: git.Commit) -> Commit:
    return Commit(commit.hexsha[:_SHORT], str(commit.author.name), _day(commit.committed_date))


def _day(seconds: int) -> date:
    return datetime.fromtimestamp(seconds, tz=UTC).date()


def _repository(root: Path) -> git.Repo | None:
    try:
        return git.Repo(root, search_parent_directories=True)
    except (git.InvalidGitRepositoryError, git.NoSuchPathError):
        return None

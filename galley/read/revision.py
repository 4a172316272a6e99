"""Read a git revision and the history of the sources. The only module that imports GitPython."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeAlias

import git

from galley.cache import Cache, digest
from galley.errors import GalleyError
from galley.model import Amendment, Approval, Commit, History
from galley.read.worktree import FILES, FOLDERS
from galley.source import SourceFile, SourceTree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# What git told, as JSON has it: author and time of commits by short id, and the id of each line or path.
_Told: TypeAlias = dict[str, Any]
INDICATORS = "data/indicators"
CHAPTERS = ("chapters", "provinces")
_FRONT = re.compile(r"\A---[ \t\r]*\n(?P<matter>.*?\n)---[ \t\r]*(?:\n|\Z)", re.DOTALL)
_APPROVED = re.compile(r"(?:^|[{,])\s*[\"']?status[\"']?\s*:\s*[\"']?(?=(?:agreed|final)\b)", re.MULTILINE)
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")  # control characters, and those of direction
_SHORT = 10
MOST_AMENDMENTS = 30
_CHANGED = re.compile(r"(?:[AMT]|R\d*\t(?P<old>[^\t]*))\t(?P<new>.*)")
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


def named_commit(root: Path, revision: str) -> str | None:
    """The full id of the commit that a name or the beginning of an id means; None when git has none."""
    repository = _repository(root)
    if repository is None:
        return None
    with repository:
        try:
            return repository.commit(revision).hexsha
        except (git.BadName, git.GitCommandError, ValueError, IndexError):
            return None


def first_parent(root: Path, commit: str) -> str | None:
    """The commit that another one was made on; None for the first one of all."""
    repository = _repository(root)
    if repository is None:
        return None
    with repository:
        parents = repository.commit(commit).parents
        return parents[0].hexsha if parents else None


def descends(root: Path, commit: str, ancestor: str) -> bool:
    """True when a commit was made after another one, on it."""
    repository = _repository(root)
    if repository is None:
        return False
    with repository:
        return commit != ancestor and repository.is_ancestor(repository.commit(ancestor), repository.commit(commit))


def read_versions(root: Path, wanted: Iterable[tuple[str, PurePosixPath]]) -> dict[tuple[str, PurePosixPath], bytes]:
    """Files as they were in commits, by commit and path below the root; what a commit does not hold is left out."""
    repository = _repository(root)
    found: dict[tuple[str, PurePosixPath], bytes] = {}
    if repository is None:
        return found
    with repository:
        prefix = root.resolve().relative_to(Path(str(repository.working_tree_dir)).resolve())
        for commit, path in wanted:
            try:
                item = repository.commit(commit).tree / (prefix / path).as_posix()
            except (git.BadName, KeyError, ValueError):
                continue
            if isinstance(item, git.Blob):
                found[commit, path] = item.data_stream.read()
        return found


def is_earlier(root: Path, revision: str) -> bool:
    """True when git has a revision, and it is an ancestor of what is checked out, or that itself."""
    repository = _repository(root)
    if repository is None:
        return False
    with repository:
        try:
            return repository.is_ancestor(repository.commit(revision), repository.head.commit)
        except (git.BadName, git.GitCommandError, ValueError, IndexError):
            return False


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
            approvals=tuple(_approvals(head, prefix, tree, shallow, cache)),
            amendments=tuple(_amendments(head, prefix, tree, shallow, cache)),
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
        "--no-merges", "--no-renames", "--name-only", "--format=%x00%H%x00%an%x00%ct%x00"
    )
    told: _Told = {"commits": {}, "paths": {}}
    for name, author, seconds, files in zip(*[iter(log.split("\0")[1:])] * 4, strict=True):
        new = [one for one in files.split("\n") if one and one not in told["paths"]]
        if new:
            told["commits"][name[:_SHORT]] = (author, int(seconds))
            told["paths"] |= dict.fromkeys(new, name[:_SHORT])
    return told


def _amendments(
    head: git.Commit, prefix: Path, tree: SourceTree, shallow: Path, cache: Cache
) -> Iterator[tuple[PurePosixPath, tuple[Amendment, ...]]]:
    """The newest commits that changed each chapter, under whatever name, by the path that it has now."""
    known = shallow.read_bytes() if shallow.exists() else b""
    files = [file.path for folder in CHAPTERS for file in tree.under(folder, ".md")]
    paths = [(prefix / path).as_posix() for path in files]
    told = _remembered(
        cache, digest("amendments", head.hexsha, known, *paths), lambda: _read_amendments(head.repo, paths)
    )
    commits = _commits(told)
    for file, path in zip(files, paths, strict=True):
        found = ((commits[one], told["subjects"][one], PurePosixPath(name)) for one, name in told["paths"][path])
        yield file, tuple(Amendment(*one) for one in found)


def _read_amendments(repository: git.Repo, paths: list[str]) -> _Told:
    """The commits and their subjects, and the ids and names for each path; merges are left out, renames followed."""
    log = repository.git(c="core.quotePath=false").log(
        "--no-merges", "--date-order", "--find-renames", "--name-status", "--format=%x00%H%x00%an%x00%ct%x00%s%x00"
    )
    told: _Told = {"commits": {}, "subjects": {}, "paths": {path: [] for path in paths}}
    today = {path: path for path in paths}  # what is called so, as far back as the log has come, is called so today
    for name, author, seconds, subject, files in zip(*[iter(log.split("\0")[1:])] * 5, strict=True):
        for one in map(_CHANGED.fullmatch, files.split("\n")):
            path = today.get(one["new"]) if one else None
            if one is None or path is None:
                continue
            if len(told["paths"][path]) < MOST_AMENDMENTS:
                told["paths"][path].append((name[:_SHORT], one["new"]))
                told["commits"][name[:_SHORT]] = (author, int(seconds))
                told["subjects"][name[:_SHORT]] = _readable(subject)
            if one["old"]:
                today[one["old"]] = today.pop(one["new"])
    return told


def _readable(text: str) -> str:
    """The text of whoever wrote a commit, with replacements for bytes that are no letters and for what steers them."""
    return _STEERING.sub(" ", text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def _blame(head: git.Commit, prefix: Path, file: SourceFile, cache: Cache) -> tuple[Commit | None, ...]:
    """The commit of each line of a file as it stands in the work tree."""
    path = str(prefix / file.path)
    key = digest("commits of lines", head.hexsha, path, file.content)
    found = _remembered(cache, key, lambda: _read_blame(head.repo, path))
    commits = _commits(found)
    return tuple(None if one is None else commits[one] for one in found["lines"])


def _read_blame(repository: git.Repo, path: str, *options: str) -> _Told:
    """The commits, the one of each line, and what the file is called there; None for a line that is not committed."""
    told: _Told = {"commits": {}, "lines": [], "paths": {}}
    try:
        text = repository.git(c="core.quotePath=false").blame("--porcelain", *options, "--", path)
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
        told["paths"][commit[:_SHORT]] = about["filename"]
    return told


def _approvals(
    head: git.Commit, prefix: Path, tree: SourceTree, shallow: Path, cache: Cache
) -> Iterator[tuple[PurePosixPath, Approval]]:
    """What came after the statuses above `in-review`, by the path of the chapter."""
    known = shallow.read_bytes() if shallow.exists() else b""
    for file in (file for folder in CHAPTERS for file in tree.under(folder, ".md")):
        text = file.content.decode("utf-8", errors="replace")
        front = _FRONT.match(text)
        status = _APPROVED.search(front["matter"]) if front else None
        if front is None or status is None:
            continue
        line = text.count("\n", 0, front.start("matter") + status.end()) + 1
        path = str(prefix / file.path)
        key = digest("approval", head.hexsha, path, file.content, known)
        told = _remembered(cache, key, partial(_read_approval, head.repo, path, line, text))
        commits = _commits(told)
        given, edit = commits.get(told["given"] or ""), commits.get(told["edit"] or "")
        yield file.path, Approval(given, frozenset(told["later"]), told["edited"], edit)


def _read_approval(repository: git.Repo, path: str, line: int, text: str) -> _Told:
    """The commit that last changed the line of the status, those that it could not know, and the last edit since.

    A text that was changed and changed back is the one that was approved.
    """
    told: _Told = {"commits": {}, "given": None, "later": [], "edited": False, "edit": None}
    blamed = _read_blame(repository, path, "-L", f"{line},{line}")
    given = next(iter(blamed["lines"]), None)
    if given is None:
        return told
    told |= {"given": given, "commits": blamed["commits"]}
    span = f"{given}..HEAD"
    told["later"] = [one[:_SHORT] for one in repository.git.rev_list(span).split()]
    body, approved = _body(text), _body(_text_in(repository, given, blamed["paths"][given]))
    told["edited"] = body != approved
    if not told["edited"]:
        return told
    newest = None  # what is not committed is newer than all that is
    for commit, name in _versions(repository, span, path):
        if _body(_text_in(repository, commit.hexsha, name)) != body:
            break
        newest = commit
    if newest is not None:
        told["edit"] = newest.hexsha[:_SHORT]
        told["commits"][told["edit"]] = (str(newest.author.name), newest.committed_date)
    return told


def _versions(repository: git.Repo, span: str, path: str) -> Iterator[tuple[git.Commit, str]]:
    """The commits of a span that changed a file, newest first, each with the path that it had there."""
    log = repository.git(c="core.quotePath=false").log(
        "--topo-order", "--follow", "--name-only", "--format=%x01%H", span, "--", path
    )
    for entry in log.split("\x01")[1:]:
        name, *names = entry.split("\n")
        path = next((one for one in names if one), path)
        yield repository.commit(name), path


def _text_in(repository: git.Repo, commit: str, path: str) -> str:
    """The text of a file in a commit; empty where the commit has none."""
    try:
        blob = repository.commit(commit).tree / path
    except KeyError:
        return ""
    return str(blob.data_stream.read().decode("utf-8", errors="replace"))


def _body(text: str) -> str:
    """A chapter without its front matter and the line ends around it."""
    front = _FRONT.match(text)
    return text[front.end() if front else 0 :].replace("\r\n", "\n").strip()


def _remembered(cache: Cache, key: str, ask: Callable[[], _Told]) -> _Told:
    known = cache.get(key)
    if known is None:
        known = json.dumps(ask()).encode()
        cache.put(key, known)
    told: _Told = json.loads(known)
    return told


def _commits(told: _Told) -> dict[str, Commit]:
    return {name: Commit(name, _readable(author), _day(seconds)) for name, (author, seconds) in told["commits"].items()}


def _summary(commit: git.Commit) -> Commit:
    return Commit(commit.hexsha[:_SHORT], _readable(str(commit.author.name)), _day(commit.committed_date))


def _day(seconds: int) -> date:
    return datetime.fromtimestamp(seconds, tz=UTC).date()


def _repository(root: Path) -> git.Repo | None:
    try:
        return git.Repo(root, search_parent_directories=True)
    except (git.InvalidGitRepositoryError, git.NoSuchPathError):
        return None

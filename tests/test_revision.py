"""Git: a revision is read from its objects, the history in one go."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import git
import pytest

from galley.cache import Cache
from galley.errors import GalleyError
from galley.read.revision import read_history, read_revision
from galley.read.worktree import read_worktree
from tests.factories import write_book

if TYPE_CHECKING:
    from galley.model import History

CHAPTER = PurePosixPath("chapters/dan-so.md")


@pytest.fixture
def repository(tmp_path: Path) -> git.Repo:
    write_book(tmp_path)
    repository = git.Repo.init(tmp_path)
    commit(repository, "Lần đầu", "Nguyễn Thị Hoa")
    return repository


def commit(repository: git.Repo, text: str, author: str) -> str:
    repository.git.add("-A")
    actor = git.Actor(author, "a@example.vn")
    return repository.index.commit(text, author=actor, committer=actor).hexsha


def history_of(folder: Path) -> History:
    return read_history(folder, read_worktree(folder), Cache(folder / ".cache"))


def root(repository: git.Repo) -> Path:
    return Path(str(repository.working_tree_dir))


def test_a_revision_holds_the_same_files_as_the_clean_work_tree(repository: git.Repo) -> None:
    found = read_revision(root(repository), "HEAD")
    assert found.files == read_worktree(root(repository)).files
    assert found.revision == repository.head.commit.hexsha


def test_an_old_revision_is_read_without_touching_the_work_tree(repository: git.Repo) -> None:
    first = repository.head.commit.hexsha
    old = (root(repository) / CHAPTER).read_bytes()
    (root(repository) / CHAPTER).write_bytes(b"changed")
    commit(repository, "Lần hai", "Trần Văn An")
    file = read_revision(root(repository), first).find(CHAPTER)
    assert file is not None
    assert file.content == old
    assert (root(repository) / CHAPTER).read_bytes() == b"changed"


def test_a_report_in_a_subfolder_has_the_same_paths(tmp_path: Path) -> None:
    write_book(tmp_path / "bao-cao")
    repository = git.Repo.init(tmp_path)
    commit(repository, "Lần đầu", "Nguyễn Thị Hoa")
    assert read_revision(tmp_path / "bao-cao", "HEAD").find(CHAPTER) is not None
    assert CHAPTER in dict(history_of(tmp_path / "bao-cao").changes)


@pytest.mark.parametrize("revision", ["khong-co", "--upload-pack=x", ""])
def test_a_revision_that_does_not_exist_is_named(repository: git.Repo, revision: str) -> None:
    with pytest.raises(GalleyError) as trouble:
        read_revision(root(repository), revision)
    assert trouble.value.rule == "no-revision"


def test_the_history_names_the_last_change_of_each_file(repository: git.Repo) -> None:
    (root(repository) / CHAPTER).write_text("x", encoding="utf-8")
    second = commit(repository, "Sửa", "Trần Văn An")
    history = history_of(root(repository))
    changes = dict(history.changes)
    assert changes[CHAPTER].author == "Trần Văn An"
    assert second.startswith(changes[CHAPTER].id)
    assert changes[PurePosixPath("data/areas.yml")].author == "Nguyễn Thị Hoa"
    assert history.head is not None
    assert second.startswith(history.head.id)
    assert not history.dirty


def test_what_was_remembered_says_what_git_said(repository: git.Repo, tmp_path_factory: pytest.TempPathFactory) -> None:
    tree, cache = read_worktree(root(repository)), Cache(tmp_path_factory.mktemp("cache"))
    first = read_history(root(repository), tree, cache)
    assert first.changes
    assert read_history(root(repository), tree, cache) == first


def test_a_new_commit_is_not_hidden_by_what_was_remembered(repository: git.Repo) -> None:
    assert dict(history_of(root(repository)).changes)[CHAPTER].author == "Nguyễn Thị Hoa"
    (root(repository) / CHAPTER).write_bytes(b"changed")
    commit(repository, "Lần hai", "Trần Văn An")
    assert dict(history_of(root(repository)).changes)[CHAPTER].author == "Trần Văn An"


def test_an_uncommitted_change_makes_the_history_dirty(repository: git.Repo) -> None:
    (root(repository) / CHAPTER).write_text("x", encoding="utf-8")
    assert history_of(root(repository)).dirty


def test_a_shallow_clone_is_said_to_be_incomplete(repository: git.Repo, tmp_path: Path) -> None:
    commit(repository, "Lần hai", "Trần Văn An")
    clone = tmp_path / "ban-sao"
    git.Repo.clone_from(f"file://{root(repository)}", clone, depth=1)
    assert not history_of(clone).complete
    assert history_of(root(repository)).complete


def test_without_git_there_is_no_history(tmp_path: Path) -> None:
    write_book(tmp_path)
    history = history_of(tmp_path)
    assert history.head is None
    assert history.changes == ()


def test_a_link_in_the_work_tree_is_refused(tmp_path: Path) -> None:
    write_book(tmp_path)
    (tmp_path / "chapters" / "la.md").symlink_to("/etc/hostname")
    with pytest.raises(GalleyError) as trouble:
        read_worktree(tmp_path)
    assert trouble.value.rule == "not-a-regular-file"


def test_a_folder_without_content_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GalleyError) as trouble:
        read_worktree(tmp_path)
    assert trouble.value.rule == "no-content"


def test_each_line_of_the_data_names_who_entered_it(repository: git.Repo) -> None:
    data = PurePosixPath("data/indicators/dan-so.yml")
    text = (root(repository) / data).read_text(encoding="utf-8")
    (root(repository) / data).write_text(text.replace("2020: 788.7", "2020: 790.1"), encoding="utf-8")
    second = commit(repository, "Sửa số liệu", "Trần Văn An")
    (root(repository) / data).write_text(text.replace("2020: 788.7", "2020: 790.2"), encoding="utf-8")
    lines = text.split("\n")
    number = next(index for index, line in enumerate(lines) if "2020: 788.7" in line)
    for _ in ("read from git", "remembered"):
        found = dict(history_of(root(repository)).lines)[data]
        first = found[0]
        assert first is not None
        assert first.author == "Nguyễn Thị Hoa"
        assert found[number] is None
    (root(repository) / data).write_text(text.replace("2020: 788.7", "2020: 790.1"), encoding="utf-8")
    entered = dict(history_of(root(repository)).lines)[data][number]
    assert entered is not None
    assert entered.author == "Trần Văn An"
    assert second.startswith(entered.id)


def test_a_data_file_that_is_not_committed_has_no_lines(repository: git.Repo) -> None:
    old = root(repository) / "data" / "indicators" / "dan-so.yml"
    (old.parent / "moi.yml").write_bytes(old.read_bytes())
    assert dict(history_of(root(repository)).lines)[PurePosixPath("data/indicators/moi.yml")] == ()

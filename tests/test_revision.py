"""Git: a revision is read from its objects, the history in one go."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import git
import pytest

from galley.errors import GalleyError
from galley.read.revision import read_history, read_revision
from galley.read.worktree import read_worktree
from tests.factories import write_book

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
    assert CHAPTER in dict(read_history(tmp_path / "bao-cao").changes)


@pytest.mark.parametrize("revision", ["khong-co", "--upload-pack=x", ""])
def test_a_revision_that_does_not_exist_is_named(repository: git.Repo, revision: str) -> None:
    with pytest.raises(GalleyError) as trouble:
        read_revision(root(repository), revision)
    assert trouble.value.rule == "no-revision"


def test_the_history_names_the_last_change_of_each_file(repository: git.Repo) -> None:
    (root(repository) / CHAPTER).write_text("x", encoding="utf-8")
    second = commit(repository, "Sửa", "Trần Văn An")
    history = read_history(root(repository))
    changes = dict(history.changes)
    assert changes[CHAPTER].author == "Trần Văn An"
    assert second.startswith(changes[CHAPTER].id)
    assert changes[PurePosixPath("data/areas.yml")].author == "Nguyễn Thị Hoa"
    assert history.head is not None
    assert second.startswith(history.head.id)
    assert not history.dirty


def test_an_uncommitted_change_makes_the_history_dirty(repository: git.Repo) -> None:
    (root(repository) / CHAPTER).write_text("x", encoding="utf-8")
    assert read_history(root(repository)).dirty


def test_a_shallow_clone_is_said_to_be_incomplete(repository: git.Repo, tmp_path: Path) -> None:
    commit(repository, "Lần hai", "Trần Văn An")
    clone = tmp_path / "ban-sao"
    git.Repo.clone_from(f"file://{root(repository)}", clone, depth=1)
    assert not read_history(clone).complete
    assert read_history(root(repository)).complete


def test_without_git_there_is_no_history(tmp_path: Path) -> None:
    write_book(tmp_path)
    history = read_history(tmp_path)
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

"""The history of a chapter: read from git in one go, told to each audience only as far as it may know."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from html import unescape
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import git
import pytest

from galley.cache import Cache
from galley.edition import restrict, restrict_history
from galley.model import Amendment, Commit, History
from galley.read.parse import parse
from galley.read.revision import MOST_AMENDMENTS, read_history
from galley.read.worktree import read_worktree
from tests.factories import SMALL_BOOK, book, write_book
from tests.sites import BOOK, Built, build, write_site_book

if TYPE_CHECKING:
    from collections.abc import Iterator

CHAPTER = PurePosixPath("chapters/dan-so.md")
PROVINCE = PurePosixPath("provinces/lang-son.md")
WHEN = "2021-06-09T08:00:00+0000"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = write_book(tmp_path / "book")
    git.Repo.init(folder).close()
    commit(folder, "Lần đầu")
    return folder


def commit(root: Path, subject: str, author: str = "Nguyễn Thị Hoa", when: str = WHEN) -> str:
    with git.Repo(root) as repository:
        repository.git.add("-A")
        actor = git.Actor(author, "a@example.vn")
        made = repository.index.commit(subject, author=actor, committer=actor, author_date=when, commit_date=when)
        return made.hexsha


def edit(root: Path, path: PurePosixPath, words: str) -> None:
    with (root / path).open("a", encoding="utf-8") as file:
        file.write(f"\n{words}\n")


def amendments(root: Path, cache: Cache | None = None) -> dict[PurePosixPath, tuple[Amendment, ...]]:
    return dict(read_history(root, read_worktree(root), cache or Cache(root / ".cache")).amendments)


def subjects(found: tuple[Amendment, ...]) -> list[str]:
    return [one.subject for one in found]


def test_each_chapter_has_its_own_commits_the_newest_first(root: Path) -> None:
    edit(root, CHAPTER, "Thêm một.")
    second = commit(root, "Thêm một câu\n\nVì sao.", "Trần Văn An", "2021-06-10T08:00:00+0000")
    edit(root, PROVINCE, "Thêm hai.")
    commit(root, "Sửa tỉnh")
    found = amendments(root)
    assert subjects(found[CHAPTER]) == ["Thêm một câu", "Lần đầu"]
    assert subjects(found[PROVINCE]) == ["Sửa tỉnh", "Lần đầu"]
    newest = found[CHAPTER][0].commit
    assert second.startswith(newest.id)
    assert (newest.author, newest.day.isoformat()) == ("Trần Văn An", "2021-06-10")


def test_a_renamed_chapter_keeps_its_history_and_what_it_was_called(root: Path) -> None:
    (root / CHAPTER).rename(root / "chapters/nguoi.md")
    commit(root, "Đổi tên")
    edit(root, PurePosixPath("chapters/nguoi.md"), "Thêm.")
    commit(root, "Thêm")
    found = amendments(root)[PurePosixPath("chapters/nguoi.md")]
    assert [(one.subject, one.path.name) for one in found] == [
        ("Thêm", "nguoi.md"),
        ("Đổi tên", "nguoi.md"),
        ("Lần đầu", "dan-so.md"),
    ]


def test_a_new_chapter_under_an_old_name_has_a_history_of_its_own(root: Path) -> None:
    (root / CHAPTER).rename(root / "chapters/nguoi.md")
    commit(root, "Đổi tên")
    (root / CHAPTER).write_bytes((root / PROVINCE).read_bytes())
    commit(root, "Chương mới")
    found = amendments(root)
    assert subjects(found[CHAPTER]) == ["Chương mới"]
    assert subjects(found[PurePosixPath("chapters/nguoi.md")]) == ["Đổi tên", "Lần đầu"]


def test_merges_are_left_out_and_what_they_bring_is_not(root: Path) -> None:
    with git.Repo(root) as repository:
        main = repository.active_branch.name
        repository.git.checkout("-b", "nhanh")
        edit(root, PROVINCE, "Ở nhánh.")
        commit(root, "Sửa ở nhánh")
        repository.git.checkout(main)
        edit(root, CHAPTER, "Ở gốc.")
        commit(root, "Sửa ở gốc")
        repository.git(c=("user.name=x", "user.email=x@x")).merge("nhanh", "-m", "Hợp lại")
    found = amendments(root)
    assert subjects(found[PROVINCE]) == ["Sửa ở nhánh", "Lần đầu"]
    assert subjects(found[CHAPTER]) == ["Sửa ở gốc", "Lần đầu"]


def test_only_the_newest_are_told(root: Path) -> None:
    for number in range(MOST_AMENDMENTS + 3):
        edit(root, CHAPTER, f"Câu {number}.")
        commit(root, f"Lần {number}")
    found = subjects(amendments(root)[CHAPTER])
    assert found == [f"Lần {number}" for number in range(MOST_AMENDMENTS + 2, 2, -1)]


def test_what_was_remembered_says_what_git_said_and_hides_no_new_commit(root: Path, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    first = amendments(root, cache)
    assert amendments(root, cache) == first
    edit(root, CHAPTER, "Thêm.")
    commit(root, "Thêm")
    assert subjects(amendments(root, cache)[CHAPTER]) == ["Thêm", "Lần đầu"]


def test_a_chapter_that_is_not_committed_has_no_history(root: Path) -> None:
    (root / "chapters/moi.md").write_bytes((root / PROVINCE).read_bytes().replace(b"2020", b"2019") * 9)
    assert amendments(root)[PurePosixPath("chapters/moi.md")] == ()


def test_a_report_in_a_subfolder_has_the_same_paths(tmp_path: Path) -> None:
    write_book(tmp_path / "bao-cao")
    git.Repo.init(tmp_path).close()
    commit(tmp_path, "Lần đầu")
    assert subjects(amendments(tmp_path / "bao-cao")[CHAPTER]) == ["Lần đầu"]


def test_what_strangers_wrote_into_a_commit_makes_no_other_commits_and_can_be_shown(root: Path) -> None:
    edit(root, CHAPTER, "Thêm.")
    with git.Repo(root) as repository:
        repository.git.add("-A")
        tree, parent = repository.git.write_tree(), repository.head.commit.hexsha
        forged = b"x\x01" + b"f" * 40 + b"\x02ai\x021 M\tchapters/dan-so.md\xe2\x80\xaea\xff"
        head = f"tree {tree}\nparent {parent}\n".encode()
        lines = b"author A\x02\x01B\xff <a@b> 1623225600 +0000\ncommitter C <a@b> 1623225600 +0000\n\n"
        made = subprocess.run(
            ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
            input=head + lines + forged,
            cwd=root,
            check=True,
            capture_output=True,
        )
        repository.git.update_ref("HEAD", made.stdout.decode().strip())
    history = read_history(root, read_worktree(root), Cache(root / ".cache"))
    newest, first = dict(history.amendments)[CHAPTER]
    assert newest.subject == f"x {'f' * 40} ai 1 M chapters/dan-so.md a\N{REPLACEMENT CHARACTER}"
    assert newest.commit.author == "A  B\N{REPLACEMENT CHARACTER}"
    assert dict(history.changes)[CHAPTER] == newest.commit
    assert first.subject == "Lần đầu"


SECRET = "Thêm phần TUYETMAT"
HIDDEN = """\
    ---
    title: Chương mật
    owner: to-bien-tap
    status: draft
    audience: noi-bo
    ---

    Câu mật.
    """


@pytest.mark.parametrize(("audience", "told"), [("cong-khai", ""), ("hoi-nghi", ""), ("noi-bo", SECRET)])
def test_only_the_narrowest_audience_is_told_what_a_commit_says(audience: str, told: str) -> None:
    report = parse(book())[0]
    by = Commit("0123456789", "Hoa", date(2021, 6, 9))
    history = History(amendments=((CHAPTER, (Amendment(by, SECRET, CHAPTER),)),))
    found = restrict_history(history, report, restrict(report, audience))
    assert found.amendments == ((CHAPTER, (Amendment(by, told, CHAPTER),)),)


def test_the_history_of_a_chapter_that_an_audience_must_not_see_is_left_out() -> None:
    text = SMALL_BOOK["data/report.yml"].replace("[chapters/dan-so.md]", "[chapters/dan-so.md, chapters/mat.md]")
    report = parse(book({"data/report.yml": text, "chapters/mat.md": HIDDEN}))[0]
    hidden = PurePosixPath("chapters/mat.md")
    by = Commit("0123456789", "Hoa", date(2021, 6, 9))
    history = History(amendments=((CHAPTER, ()), (hidden, (Amendment(by, SECRET, hidden),))))
    assert restrict_history(history, report, restrict(report)).amendments == ((CHAPTER, ()),)
    assert restrict_history(history, report, restrict(report, "noi-bo")) == history


@pytest.fixture(scope="module", autouse=True)
def _epoch() -> Iterator[None]:
    """The date of MkDocs' own files, as the command line sets it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1623225600")
        yield


@pytest.fixture(scope="module")
def book_with_history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_site_book(tmp_path_factory.mktemp("book"))
    edit(root, PurePosixPath("chapters/bien-gioi.md"), "Thêm.")
    commit(root, f"{SECRET} <img src=x> *nghiêng* & `mã`", "Trần An & *x*")
    return root


@pytest.fixture(scope="module")
def narrow(book_with_history: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(book_with_history, tmp_path_factory.mktemp("site"), "noi-bo")


def history_on(built: Built, page: str = "chapters/bien-gioi.html") -> str:
    """The HTML of the history section of a page."""
    return built.page(page).partition('<details class="history"')[2].partition("</details>")[0]


def test_a_page_ends_with_its_history(narrow: Built) -> None:
    section = history_on(narrow)
    found = [" ".join(unescape(re.sub("<[^>]+>", "", one)).split()) for one in section.split("<li>")[1:]]
    head = narrow.sources.history.head
    assert head is not None
    newest, first = found
    assert newest == f"09/6/2021 Trần An & *x* {head.id[:7]} {SECRET} <img src=x> *nghiêng* & `mã` xem từng chữ"
    assert first.startswith("09/6/2021 Nguyễn Thị Hoa")
    assert f'href="https://git.example.vn/to-bien-tap/nq37/-/commit/{head.id}"' in section
    article = narrow.page("chapters/bien-gioi.html")
    assert article.index('class="footnote"') < article.index('<details class="history"')
    assert "Footnotes Go Here" not in article


def test_the_history_is_not_searched(narrow: Built) -> None:
    index = (narrow.folder / "search/search_index.json").read_text(encoding="utf-8")
    assert "TUYETMAT" not in index
    assert "Lịch sử sửa đổi" not in index


def test_a_page_without_footnotes_has_its_history_too(narrow: Built) -> None:
    assert "Lần đầu" in history_on(narrow, "provinces/lang-son.html")
    assert "Footnotes Go Here" not in narrow.page("provinces/lang-son.html")


def test_nothing_that_a_commit_says_is_on_the_site_of_a_wider_audience(book_with_history: Path, tmp_path: Path) -> None:
    wide = build(book_with_history, tmp_path)
    assert "Trần" in history_on(wide)
    for path in wide.folder.rglob("*"):
        assert not path.is_file() or b"TUYETMAT" not in path.read_bytes(), path


def test_a_shallow_clone_says_that_its_history_is_not_complete(
    book_with_history: Path, narrow: Built, tmp_path: Path
) -> None:
    git.Repo.clone_from(f"file://{book_with_history}", tmp_path / "clone", depth=1).close()
    found = history_on(build(tmp_path / "clone", tmp_path / "site", "noi-bo"))
    assert "chưa đủ lịch sử" in found
    assert found.count("<li>") == 1
    assert "chưa đủ lịch sử" not in history_on(narrow)


def test_without_a_forge_the_history_has_no_links(tmp_path: Path) -> None:
    text = BOOK["data/report.yml"]
    assert text is not None
    root = write_site_book(tmp_path / "book", {"data/report.yml": text.replace("forge: gitlab", "")})
    found = history_on(build(root, tmp_path / "site"))
    assert "<code>" in found
    assert "href" not in found

"""How ready the report is: statuses that no longer hold, what is late, missing or unanswered, who has what to do."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from contextlib import nullcontext
from datetime import date
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import git
import pikepdf
import pytest

from galley import papers, pipeline
from galley.bind import index
from galley.cache import Cache
from galley.cli import main
from galley.diagnostics import has_errors
from galley.edition import restrict
from galley.model import ChapterStatus
from galley.read.parse import parse
from galley.read.revision import read_history
from galley.read.worktree import read_worktree
from galley.render.timeline import APART, timeline
from galley.review.duties import duties
from galley.review.places import Draft, opinions
from galley.review.readiness import readiness
from galley.typeset.workers import Here
from tests.factories import write_book
from tests.sites import Article, build, write_site_book

if TYPE_CHECKING:
    from collections.abc import Mapping

    from galley.review.readiness import Readiness, Standing

CHAPTER = "chapters/dan-so.md"
DATA = "data/indicators/dan-so.yml"
HOA, AN = "Nguyễn Thị Hoa", "Trần Văn An"
AGREED = """\
    ---
    title: Dân số
    owner: to-bien-tap
    contributors: [tinh-uy-lang-son]
    status: agreed
    due: 2021-08-15
    ---

    ## Quy mô {#quy-mo}

    Dân số Lạng Sơn năm 2020 là {{ value("dan-so", "lang-son", 2020) }}.

    /// audience | noi-bo
    Dân số cả nước là {{ value("dan-so", "ca-nuoc", 2020) }}.
    ///
    """


def commit(root: Path, author: str, day: str) -> str:
    """Commit all of a work tree on a day; returns the id."""
    with git.Repo.init(root) as repository:
        repository.git.add("-A")
        actor, moment = git.Actor(author, "a@example.vn"), f"{day}T08:00:00+0000"
        return repository.index.commit(
            "Sửa", author=actor, committer=actor, author_date=moment, commit_date=moment
        ).hexsha


def replaced(root: Path, path: str, old: str, new: str) -> None:
    """Change a text within a file, which must have it."""
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), encoding="utf-8")


def ready(root: Path, audience: str | None = None) -> Readiness:
    """How ready the book in a folder is, for an audience."""
    tree = read_worktree(root)
    contents = restrict(parse(tree)[0], audience).contents
    found = opinions(contents, {}, Draft(()))
    return readiness(index(contents), read_history(root, tree, Cache(root / ".cache")), found)


def standing(root: Path, path: str = CHAPTER, audience: str | None = None) -> Standing:
    """How a chapter of the book in a folder stands."""
    return next(one for one in ready(root, audience).chapters if str(one.chapter.path) == path)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A book whose chapter was agreed on 1 August 2021 by a commit of its own."""
    write_book(tmp_path, {CHAPTER: AGREED.replace("agreed", "in-review")})
    (tmp_path / ".gitignore").write_text("/.cache/\n")
    commit(tmp_path, HOA, "2021-07-01")
    replaced(tmp_path, CHAPTER, "status: in-review", "status: agreed")
    commit(tmp_path, HOA, "2021-08-01")
    return tmp_path


def test_a_status_holds_while_nothing_changes(book: Path) -> None:
    found = standing(book)
    assert (found.status, found.lapses) == (ChapterStatus.AGREED, ())
    assert found.given is not None
    assert found.given.day == date(2021, 8, 1)


def test_a_status_falls_back_when_the_text_changed_after_it(book: Path) -> None:
    replaced(book, CHAPTER, "Dân số Lạng Sơn năm 2020 là", "Năm 2020 dân số Lạng Sơn là")
    changed = commit(book, AN, "2021-08-09")
    found = standing(book)
    assert found.status is ChapterStatus.IN_REVIEW
    (lapse,) = found.lapses
    assert lapse.commit is not None
    assert changed.startswith(lapse.commit.id)
    assert (lapse.commit.author, lapse.commit.day, lapse.observations) == (AN, date(2021, 8, 9), ())
    assert not found.agreed


def test_the_last_change_of_the_text_is_named_and_not_one_of_the_front_matter(book: Path) -> None:
    replaced(book, CHAPTER, "Dân số Lạng Sơn", "Số dân Lạng Sơn")
    changed = commit(book, AN, "2021-08-09")
    replaced(book, CHAPTER, "due: 2021-08-15", "due: 2021-08-20")
    commit(book, HOA, "2021-08-10")
    (lapse,) = standing(book).lapses
    assert lapse.commit is not None
    assert changed.startswith(lapse.commit.id)


def test_a_text_that_lost_a_paragraph_falls_back(book: Path) -> None:
    replaced(book, CHAPTER, 'Dân số Lạng Sơn năm 2020 là {{ value("dan-so", "lang-son", 2020) }}.\n', "")
    commit(book, AN, "2021-08-09")
    assert standing(book).status is ChapterStatus.IN_REVIEW


def test_a_status_falls_back_when_a_quoted_figure_changed_after_it(book: Path) -> None:
    replaced(book, DATA, "2020: 788.7", "2020: 790.1")
    changed = commit(book, AN, "2021-08-09")
    found = standing(book)
    assert found.status is ChapterStatus.IN_REVIEW
    (lapse,) = found.lapses
    assert lapse.commit is not None
    assert changed.startswith(lapse.commit.id)
    assert [(one.area, str(one.period)) for one in lapse.observations] == [("lang-son", "2020")]


def test_a_figure_that_went_into_a_sum_is_quoted(book: Path) -> None:
    replaced(book, CHAPTER, '"lang-son", 2020', '"vung-bac", 2020')
    replaced(book, CHAPTER, "status: agreed", "status: final")
    commit(book, HOA, "2021-08-02")
    assert standing(book).status is ChapterStatus.FINAL
    replaced(book, DATA, "2020: 533.1", "2020: 533.2")
    commit(book, AN, "2021-08-09")
    (lapse,) = standing(book).lapses
    assert [one.area for one in lapse.observations] == ["cao-bang"]


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (CHAPTER, "title: Dân số", "title: Dân số và lao động"),
        (CHAPTER, "due: 2021-08-15", "due: 2021-09-15"),
        (DATA, "2019: 781.7", "2019: 781.9"),
        (DATA, "topic: dan-so", "topic: xa-hoi"),
        ("provinces/lang-son.md", "Dân số tỉnh", "Số dân tỉnh"),
    ],
    ids=["its title", "its deadline", "a figure it does not quote", "another key of the indicator", "another chapter"],
)
def test_what_the_text_does_not_show_leaves_the_status(book: Path, path: str, old: str, new: str) -> None:
    replaced(book, path, old, new)
    commit(book, AN, "2021-08-09")
    assert standing(book).status is ChapterStatus.AGREED


@pytest.mark.parametrize("status", [ChapterStatus.DRAFT, ChapterStatus.IN_REVIEW])
def test_a_status_that_promises_nothing_does_not_fall_back(book: Path, status: ChapterStatus) -> None:
    replaced(book, CHAPTER, "status: agreed", f"status: {status}")
    commit(book, HOA, "2021-08-02")
    replaced(book, CHAPTER, "Dân số Lạng Sơn", "Số dân Lạng Sơn")
    replaced(book, DATA, "2020: 788.7", "2020: 790.1")
    commit(book, AN, "2021-08-09")
    found = standing(book)
    assert (found.status, found.lapses) == (status, ())


def test_a_status_given_with_a_change_of_the_text_holds(book: Path) -> None:
    replaced(book, CHAPTER, "Dân số Lạng Sơn", "Số dân Lạng Sơn")
    replaced(book, DATA, "2020: 788.7", "2020: 790.1")
    replaced(book, CHAPTER, "status: agreed", "status: final")
    commit(book, AN, "2021-08-09")
    assert standing(book).status is ChapterStatus.FINAL


def test_a_status_that_is_given_again_holds_again(book: Path) -> None:
    replaced(book, DATA, "2020: 788.7", "2020: 790.1")
    commit(book, AN, "2021-08-09")
    assert standing(book).status is ChapterStatus.IN_REVIEW
    replaced(book, CHAPTER, "status: agreed", "status: agreed # 25/8/2021")
    commit(book, HOA, "2021-08-25")
    assert standing(book).status is ChapterStatus.AGREED


def test_a_text_that_was_changed_back_is_the_one_that_was_agreed(book: Path) -> None:
    replaced(book, CHAPTER, "Dân số Lạng Sơn", "Số dân Lạng Sơn")
    commit(book, AN, "2021-08-09")
    replaced(book, CHAPTER, "Số dân Lạng Sơn", "Dân số Lạng Sơn")
    commit(book, AN, "2021-08-10")
    assert standing(book).status is ChapterStatus.AGREED


def test_a_change_that_is_not_committed_makes_a_status_fall_back(book: Path) -> None:
    for path, old, new in ((CHAPTER, "Dân số Lạng Sơn", "Số dân Lạng Sơn"), (DATA, "2020: 788.7", "2020: 790.1")):
        replaced(book, path, old, new)
    assert [one.commit for one in standing(book).lapses] == [None, None]


def test_a_status_that_is_just_being_given_holds(book: Path) -> None:
    replaced(book, CHAPTER, "Dân số Lạng Sơn", "Số dân Lạng Sơn")
    replaced(book, CHAPTER, "status: agreed", "status: final")
    found = standing(book)
    assert (found.status, found.given) == (ChapterStatus.FINAL, None)


def test_an_older_change_that_was_merged_after_the_status_makes_it_fall_back(book: Path) -> None:
    with git.Repo(book) as repository:
        main = repository.active_branch.name
        repository.git.checkout("-q", "-b", "sua-so", "HEAD~1")
        replaced(book, DATA, "2020: 788.7", "2020: 790.1")
        commit(book, AN, "2021-07-20")
        repository.git.checkout("-q", main)
        assert standing(book).status is ChapterStatus.AGREED
        repository.git.merge("-q", "--no-ff", "sua-so", "-m", "Nhập", env={**_AS, "GIT_COMMITTER_DATE": "@1628500000"})
    (lapse,) = standing(book).lapses
    assert lapse.commit is not None
    assert lapse.commit.day == date(2021, 7, 20)


_AS = {
    "GIT_AUTHOR_NAME": AN,
    "GIT_AUTHOR_EMAIL": "a@example.vn",
    "GIT_COMMITTER_NAME": AN,
    "GIT_COMMITTER_EMAIL": "a@example.vn",
}


def test_a_chapter_that_was_renamed_keeps_its_status_until_its_text_changes(book: Path) -> None:
    (book / CHAPTER).rename(book / "chapters/so-dan.md")
    replaced(book, "data/report.yml", CHAPTER, "chapters/so-dan.md")
    commit(book, AN, "2021-08-09")
    assert standing(book, "chapters/so-dan.md").status is ChapterStatus.AGREED
    replaced(book, "chapters/so-dan.md", "Dân số Lạng Sơn", "Số dân Lạng Sơn")
    changed = commit(book, AN, "2021-08-10")
    (lapse,) = standing(book, "chapters/so-dan.md").lapses
    assert lapse.commit is not None
    assert changed.startswith(lapse.commit.id)


@pytest.mark.parametrize("line", ['status: "final"', "'status':   final  # đã ký", "status:\n  final"])
def test_a_status_is_found_however_it_is_written(book: Path, line: str) -> None:
    replaced(book, CHAPTER, "status: agreed", line)
    commit(book, HOA, "2021-08-02")
    assert standing(book).status is ChapterStatus.FINAL
    replaced(book, CHAPTER, "Dân số Lạng Sơn", "Số dân Lạng Sơn")
    commit(book, AN, "2021-08-09")
    assert standing(book).status is ChapterStatus.IN_REVIEW


def test_what_git_told_of_a_status_is_remembered(book: Path) -> None:
    replaced(book, CHAPTER, "Dân số Lạng Sơn", "Số dân Lạng Sơn")
    commit(book, AN, "2021-08-09")
    first = standing(book)
    assert first.lapses
    assert standing(book) == first


def test_a_figure_for_others_does_not_show_in_an_edition(book: Path) -> None:
    replaced(book, DATA, "2020: 97582.7", "2020: 97582.8")
    commit(book, AN, "2021-08-09")
    assert standing(book, audience="cong-khai").status is ChapterStatus.AGREED
    assert standing(book, audience="noi-bo").status is ChapterStatus.IN_REVIEW


@pytest.mark.parametrize(("day", "late"), [("2021-08-14", 0), ("2021-08-15", 0), ("2021-08-25", 10)])
def test_days_late_are_counted_to_the_day_of_the_commit(tmp_path: Path, day: str, late: int) -> None:
    write_book(tmp_path, {CHAPTER: AGREED.replace("agreed", "draft")})
    commit(tmp_path, HOA, day)
    assert standing(tmp_path).late == late
    assert standing(tmp_path, "provinces/lang-son.md").late == 0


def test_an_agreed_chapter_is_not_late_and_one_that_fell_back_is(book: Path) -> None:
    replaced(book, "provinces/lang-son.md", "Dân số tỉnh", "Số dân tỉnh")
    commit(book, AN, "2021-08-20")
    assert standing(book).late == 0
    replaced(book, DATA, "2020: 788.7", "2020: 790.1")
    commit(book, AN, "2021-08-25")
    assert standing(book).late == 10


def test_without_git_nothing_is_late_and_nothing_falls_back(tmp_path: Path) -> None:
    write_book(tmp_path, {CHAPTER: AGREED})
    found = ready(tmp_path)
    assert found.day is None
    assert next((one.status, one.late) for one in found.chapters) == (ChapterStatus.AGREED, 0)


def test_a_milestone_that_is_not_done_is_late(tmp_path: Path) -> None:
    milestones = """\
        - {id: mot, title: Một, due: 2021-08-10, owner: to-bien-tap, done: 2021-08-20}
        - {id: hai, title: Hai, due: 2021-08-10, owner: to-bien-tap}
        - {id: ba, title: Ba, due: 2021-09-10, owner: to-bien-tap}
        - {id: bon, title: Bốn, owner: to-bien-tap}
        """
    write_book(tmp_path, {"data/milestones.yml": milestones})
    commit(tmp_path, HOA, "2021-08-25")
    assert [(one.milestone.id, one.late) for one in ready(tmp_path).steps] == [
        ("hai", 15), ("mot", 0), ("ba", 0), ("bon", 0),
    ]  # fmt: skip


def test_marks_on_the_line_of_time_do_not_cover_each_other(tmp_path: Path) -> None:
    days = ["2019-03-26", "2019-05-15", "2021-06-08", "2021-06-09", "2021-06-10", "2022-02-10"]
    entries = (f"- {{id: moc-{day}, title: Mốc, done: {day}, owner: to-bien-tap}}\n" for day in days)
    write_book(tmp_path, {"data/milestones.yml": "".join(entries) + "- {id: x, title: X, owner: to-bien-tap}\n"})
    commit(tmp_path, HOA, "2020-07-01")
    line = timeline(ready(tmp_path))
    placed = [(one.row, one.left) for one in line.marks if one.left is not None]
    assert len(placed) == len(days)
    for row in range(line.rows):
        lefts = [left for own, left in placed if own == row]
        assert lefts
        assert all(after - before >= APART for before, after in pairwise(lefts))
    assert [year for year, _ in line.years] == [2020, 2021, 2022]
    assert line.today is not None
    assert line.marks[1].left is not None
    assert line.marks[2].left is not None
    assert line.marks[1].left < line.today < line.marks[2].left


def test_a_day_after_the_last_milestone_is_not_on_the_line(tmp_path: Path) -> None:
    write_book(tmp_path, {"data/milestones.yml": "- {id: x, title: X, due: 2021-01-01, owner: to-bien-tap}\n"})
    commit(tmp_path, HOA, "2026-11-22")
    line = timeline(ready(tmp_path))
    assert (line.rows, line.today, line.marks[0].state) == (1, None, "late")


MEETING = "- {id: hop-1, title: Họp lần thứ nhất, date: 2021-06-09, draft: 1}\n"
COMMENTS = """\
    - id: mot
      from: tinh-uy-lang-son
      about: chapters/dan-so.md#1
      text: Thêm số.
      disposition: new
      audience: cong-khai
    - id: hai
      from: tinh-uy-lang-son
      about: chapters/dan-so.md
      text: Thôi.
      disposition: explained
      response: Rồi.
      audience: cong-khai
    - {id: ba, from: tinh-uy-cao-bang, about: chapters/dan-so.md#1, text: Giữ., disposition: reserved}
    - id: bon
      from: to-bien-tap
      about: provinces/lang-son.md
      text: Xin ý kiến.
      disposition: escalated
      audience: cong-khai
    """
AGENCIES = """\
    to-bien-tap: {name: Tổ Biên tập, kind: team}
    tinh-uy-lang-son: {name: Tỉnh ủy Lạng Sơn, kind: province, area: lang-son}
    tinh-uy-cao-bang: {name: Tỉnh ủy Cao Bằng, kind: province, area: cao-bang}
    bo-noi-vu: {name: Bộ Nội vụ, kind: ministry}
    """
DISCUSSED: Mapping[str, str | None] = {
    CHAPTER: AGREED,
    "data/agencies.yml": AGENCIES,
    "data/meetings.yml": MEETING,
    "data/comments/hop-1.yml": COMMENTS,
}


def test_opinions_that_wait_for_an_answer_and_for_a_decision_are_told_apart(tmp_path: Path) -> None:
    write_book(tmp_path, DISCUSSED)
    found = ready(tmp_path, "noi-bo")
    assert [[one.comment.id for one in chapter.opinions] for chapter in found.chapters] == [["mot"], []]
    assert sorted(one.comment.id for one in found.undecided) == ["ba", "bon"]
    counts = [(one.agency.id, len(one.opinions), one.count("new")) for one in found.voices]
    assert counts == [("to-bien-tap", 1, 0), ("tinh-uy-lang-son", 2, 1), ("tinh-uy-cao-bang", 1, 0)]


def test_missing_figures_and_broken_claims_are_counted(tmp_path: Path) -> None:
    text = AGREED.replace(
        "Dân số Lạng Sơn năm 2020",
        'Vùng {{ claim("đông hơn cả nước", "dan-so", "region", 2020, above_area="nation") }}, '
        '{{ claim("đông", "dan-so", "lang-son", 2020, above=700) }}, {{ value("dan-so", "cao-bang", 2020) }}; số',
    )
    data = "cao-bang:\n            2019: 530.3\n            2020: {value: null, status: O}"
    write_book(tmp_path, {CHAPTER: text})
    commit(tmp_path, HOA, "2021-08-01")
    replaced(tmp_path, DATA, "2020: 533.1", data.rpartition("\n")[2].strip())
    found = standing(tmp_path)
    assert (found.gaps, found.broken) == (2, 0)  # the claim about the region lacks a province
    replaced(tmp_path, DATA, "2020: {value: null, status: O}", "2020: 533.1")
    found = standing(tmp_path)
    assert (found.gaps, found.broken) == (0, 1)


def test_an_agency_has_its_chapters_milestones_and_opinions(tmp_path: Path) -> None:
    write_book(tmp_path, DISCUSSED)
    contents = restrict(parse(read_worktree(tmp_path))[0], "cong-khai").contents
    found = {one.agency.id: one for one in duties(index(contents), ready(tmp_path, "cong-khai"))}
    assert list(found) == ["to-bien-tap", "tinh-uy-lang-son"]
    team, province = found["to-bien-tap"], found["tinh-uy-lang-son"]
    assert [str(one.chapter.path) for one in team.owned] == [CHAPTER]
    assert [one.comment.id for one in team.awaiting] == ["mot"]
    assert [str(one.chapter.path) for one in province.contributed] == [CHAPTER]
    assert [one.comment.id for one in province.given] == ["mot", "hai"]
    assert [one.comment.id for one in province.undecided] == ["bon"]


SITE: Mapping[str, str | None] = {
    **DISCUSSED,
    "data/milestones.yml": """\
        - {id: mot, title: Dự thảo lần 1, due: 2021-05-01, owner: bo-noi-vu}
        - {id: hai, title: Họp kín, due: 2021-05-02, owner: tinh-uy-cao-bang, audience: noi-bo}
        """,
}


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with its look whose first chapter was agreed and then changed, committed on 9 June 2021 and later."""
    root = write_site_book(tmp_path_factory.mktemp("book"), SITE)
    replaced(root, CHAPTER, "Dân số Lạng Sơn", "Số dân Lạng Sơn")
    commit(root, AN, "2021-08-25")
    return root


@pytest.fixture(scope="module")
def public(review: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the public site."""
    return build(review, tmp_path_factory.mktemp("site")).folder


def _text(folder: Path, page: str) -> str:
    return Article((folder / page).read_text(encoding="utf-8")).text


def test_the_front_page_shows_the_status_that_holds_and_why(public: Path) -> None:
    page = (public / "index.html").read_text(encoding="utf-8")
    row = Article(f"<article>{next(one for one in page.split('<tr') if '1. Dân số' in one)}</article>").text
    assert "Đã thống nhất → Cần xem lại sửa sau khi thống nhất (" in row
    assert f"25/8/2021, {AN})" in row
    assert "10 ngày" in row
    assert "1/3 chương đã thống nhất" in _text(public, "index.html")
    assert "Cần xem lại" in _text(public, "chapters/dan-so.html")


def test_the_milestones_stand_on_a_line_of_time(public: Path) -> None:
    page = (public / "index.html").read_text(encoding="utf-8")
    (mark,) = re.findall(r'<span class="mark mark--(\w+)" style="left: ([\d.]+)%', page)
    assert mark[0] == "late"
    assert "hạn 01/5/2021, 116 ngày quá hạn" in _text(public, "index.html")


def test_an_agency_sees_its_work_on_a_page_of_its_own(public: Path) -> None:
    team = _text(public, "viec/to-bien-tap.html")
    assert "1. Dân số: xem lại và đề nghị thống nhất lại; hạn 15/8/2021, quá hạn 10 ngày." in team
    assert "Trả lời 1 ý kiến về các chương chủ trì." in team
    assert "Thêm số." in team
    province = _text(public, "viec/tinh-uy-lang-son.html")
    assert "Rồi." in province
    assert "Chưa giải trình" in province
    assert "Dự thảo lần 1: hạn 01/5/2021" in _text(public, "viec/bo-noi-vu.html")
    assert "Tỉnh ủy Lạng Sơn" in _text(public, "viec/index.html")


def test_an_agency_that_nobody_may_know_of_has_no_page(
    review: Path, public: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert sorted(one.stem for one in (public / "viec").iterdir()) == [
        "bo-noi-vu", "index", "tinh-uy-lang-son", "to-bien-tap",
    ]  # fmt: skip
    for page in public.rglob("*.html"):
        assert "Tỉnh ủy Cao Bằng" not in page.read_text(encoding="utf-8")
    internal = build(review, tmp_path_factory.mktemp("site"), "noi-bo").folder
    assert "Họp kín" in _text(internal, "viec/tinh-uy-cao-bang.html")


def test_every_link_between_the_pages_of_work_leads_somewhere(public: Path) -> None:
    for page in (*(public / "viec").glob("*.html"), public / "index.html"):
        for link in Article(page.read_text(encoding="utf-8")).links:
            target, _, anchor = link.partition("#")
            if not target.startswith(("http", "mailto")):
                found = (page.parent / target).resolve() if target else page
                assert found.is_file(), (page, link)
                assert not anchor or f'id="{anchor}"' in found.read_text(encoding="utf-8"), (page, link)


def _sheet(root: Path, folder: Path, audience: str | None = None) -> Path:
    sources = pipeline.read(root)
    assert not has_errors(sources.diagnostics), sources.diagnostics
    path = folder / "tinh-hinh.pdf"
    path.write_bytes(papers.readiness_sheet(pipeline.prepare(sources, audience), nullcontext(Here())))
    return path


def _words(pdf: Path) -> str:
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))


def test_the_sheet_tells_the_chair_what_matters_on_one_page(review: Path, tmp_path: Path) -> None:
    pdf = _sheet(review, tmp_path, "noi-bo")
    with pikepdf.open(pdf) as opened:
        (page,) = opened.pages
        assert [round(float(one)) for one in page.mediabox] == [0, 0, 842, 595]
    text = _words(pdf)
    assert "1/4 chương đã thống nhất · 1 cần xem lại" in text
    assert "Tính đến ngày 25/8/2021" in text
    assert "LƯU HÀNH NỘI BỘ" in text.upper()
    assert "đã thống nhất → cần xem lại: sửa sau khi thống nhất" in text
    for told in ("Bảo lưu, Tỉnh uỷ Cao Bằng", "Giữ.", "Xin ý kiến, Tổ Biên tập", "Họp kín"):
        assert told in text


def test_the_sheet_of_the_public_tells_nothing_of_others(review: Path, tmp_path: Path) -> None:
    text = _words(_sheet(review, tmp_path))
    for hidden in ("Cao Bằng", "Giữ.", "Họp kín", "NỘI BỘ"):
        assert hidden not in text
    assert "Xin ý kiến, Tổ Biên tập" in text


def test_the_sheet_of_a_large_report_is_one_page_as_well(tmp_path: Path) -> None:
    _write_large_book(tmp_path / "book", chapters=45)
    pdf = _sheet(tmp_path / "book", tmp_path, "noi-bo")
    with pikepdf.open(pdf) as opened:
        assert len(opened.pages) == 1
    text = _words(pdf)
    assert "0/45 chương đã thống nhất · 45 cần xem lại (sửa sau khi thống nhất, xem trang tiến độ)" in text
    for number in range(1, 46):
        assert f"{number}. Chương số" in text
    assert text.count("Cần xem lại") == 45
    assert re.search(r"và \d+ mốc khác", text)
    assert re.search(r"và \d+ cơ quan khác", text)
    assert re.search(r"và \d+ ý kiến khác", text)
    assert "Cộng 45 chương" in text


def _write_large_book(root: Path, chapters: int) -> None:
    """A book with so many chapters, all changed after they were agreed, and more of everything than a page takes."""
    text = "---\ntitle: Chương số {n} có một tên dài hơn chỗ của nó ở trong bảng\nowner: co-quan-{n}\n"
    text += "status: agreed\ndue: 2021-08-15\n---\n\nLời văn.\n"
    named = {f"chapters/chuong-{n}.md": text.replace("{n}", str(n)) for n in range(1, chapters + 1)}
    paths = ", ".join(named)
    numbers = range(1, chapters + 1)
    others: dict[str, str | None] = {
        "chapters/dan-so.md": None,
        "chapters/bien-gioi.md": None,
        "chapters/hoa-binh.md": None,
        "provinces/lang-son.md": None,
        "data/targets.yml": None,
        "data/proposals.yml": None,
        "data/report.yml": f"""\
            title: Báo cáo thử
            subject: về một vùng
            issuer: {{superior: Cấp trên, body: Cơ quan thử, code: BC/CQT}}
            place: Hà Nội
            layout: dang-2018
            region: vung-bac
            audiences: [cong-khai, noi-bo]
            parts:
              - {{title: Tình hình, chapters: [{paths}]}}
            """,
        "data/agencies.yml": "".join(
            f"co-quan-{n}: {{name: Cơ quan số {n} có tên rất dài của vùng, kind: ministry}}\n" for n in numbers
        ),
        "data/meetings.yml": MEETING,
        "data/milestones.yml": "".join(
            f"- {{id: moc-{n}, title: Mốc {n} có tên dài hơn một dòng của tờ giấy này nhiều lần, "
            f"due: 2021-08-{n % 28 + 1:02}, owner: co-quan-{n}}}\n"
            for n in numbers
        ),
        "data/comments/hop-1.yml": "".join(
            f"- {{id: y-kien-{n}, from: co-quan-{n}, about: chapters/chuong-{n}.md, disposition: reserved, "
            f"text: {'Ý kiến dài hơn hai dòng của cột bên phải. ' * 8}}}\n"
            for n in numbers
        ),
    }
    write_site_book(root, {**named, **others})
    for name in named:
        replaced(root, name, "Lời văn.", "Lời văn mới.")
    commit(root, AN, "2021-08-25")


def test_the_sheet_is_made_by_a_command(review: Path, tmp_path: Path) -> None:
    assert main(["readiness", "--root", str(review), "--out", str(tmp_path), "--cache", str(tmp_path / "cache")]) == 0
    assert (tmp_path / "tinh-hinh.pdf").read_bytes().startswith(b"%PDF")


def test_a_status_line_is_not_looked_for_in_the_text(tmp_path: Path) -> None:
    text = AGREED.replace("status: agreed", "status: draft").replace("Dân số cả nước là", "status: agreed\nDân số là")
    write_book(tmp_path, {CHAPTER: text})
    commit(tmp_path, HOA, "2021-08-01")
    history = read_history(tmp_path, read_worktree(tmp_path), Cache(tmp_path / ".cache"))
    assert PurePosixPath(CHAPTER) not in dict(history.approvals)

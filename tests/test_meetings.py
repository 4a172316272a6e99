"""A report that goes through three meetings: redlines, old paragraph numbers, and what stops a release."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path, PurePosixPath
from textwrap import dedent
from typing import TYPE_CHECKING

import git
import pytest

from galley import cli, papers, pipeline
from galley.compare.drafts import ADDED, CHANGED, MOVED, REMOVED, SPLIT
from galley.compare.words import Edit
from galley.read.parse import parse
from galley.review.places import Draft, find_spot, follow
from tests.rule_names import OF_RELEASE, calls
from tests.sites import ROOT, write_site_book

if TYPE_CHECKING:
    from collections.abc import Mapping

    from galley.review.since import Since

DAYS = ("2021-06-09", "2021-07-20", "2021-09-15", "2021-10-05")
MEETINGS = "".join(
    f"- {{id: hop-{n}, title: Họp lần {n}, date: {DAYS[n - 1]}, draft: {n}, revision: hop-{n}}}\n" for n in (1, 2, 3)
)
FRONT = "---\ntitle: {title}\nowner: to-bien-tap\nstatus: {status}\n---\n\n"
BORDER = FRONT.format(title="Biên giới", status="draft") + dedent("""\
    ## Cửa khẩu {#cua-khau}

    Hàng hóa qua cửa khẩu tăng nhanh trong những năm đầu của thời kỳ.

    Đường ra cửa khẩu được nâng cấp. Thời gian thông quan đã giảm so với trước.

    Dân số vùng là {{ value("dan-so", "lang-son", 2020) }} người theo số liệu đã công bố.

    | Cửa khẩu | Tỉnh | Loại |
    |---|---|---|
    | Hữu Nghị | Lạng Sơn | quốc tế |
    | Chi Ma | Lạng Sơn | chính |

    ## Kho bãi {#kho-bai}

    Kho bãi ở các cửa khẩu còn thiếu và chưa được quy hoạch chung.
    """)
THERE = FRONT.format(title="Thủy điện", status="agreed") + dedent("""\
    ## Hồ chứa {#ho-chua}

    Các hồ chứa điều tiết nước cho vùng hạ du trong mùa khô hằng năm.

    Làng nghề ở ven hồ sống bằng nghề nuôi cá lồng và du lịch.
    """)
LATER = FRONT.format(title="Chợ biên giới", status="draft") + "## Chợ {#cho}\n\nChợ phiên họp mỗi tuần một lần.\n"
CHAPTERS = ("chapters/dan-so.md", "chapters/bien-gioi.md", "chapters/hoa-binh.md", "provinces/lang-son.md")


class Book:
    """A report in a repository of its own, that is changed, committed and tagged."""

    def __init__(self, root: Path) -> None:
        self.root = write_site_book(root, {"chapters/bien-gioi.md": BORDER, "chapters/hoa-binh.md": THERE})
        self.repository = git.Repo(root)
        self.write("data/meetings.yml", MEETINGS)
        self.commit(DAYS[0], "hop-1")

    def write(self, path: str, text: str) -> None:
        """Write a file of the report."""
        (self.root / path).parent.mkdir(exist_ok=True)
        (self.root / path).write_text(text)

    def edit(self, path: str, *pairs: tuple[str, str]) -> None:
        """Replace the first of each of these texts by the other."""
        text = (self.root / path).read_text()
        for before, after in pairs:
            assert before in text
            text = text.replace(before, after, 1)
        self.write(path, text)

    def commit(self, day: str, tag: str | None = None) -> str:
        """Commit all there is, and tag it; returns the id of the commit."""
        self.repository.git.add("-A")
        day = f"{day}T08:00:00+0000"
        actor = git.Actor("Thư ký", "a@example.vn")
        made = self.repository.index.commit("Sửa", author=actor, committer=actor, author_date=day, commit_date=day)
        if tag:
            self.repository.create_tag(tag)
        return made.hexsha

    def since(self, name: str) -> Since:
        """What changed since a meeting."""
        files = pipeline.read_files(self.root)
        return pipeline.compare(pipeline.examine(files), pipeline.read_since(files, name), None)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of `build_report.py`."""
        command = [
            sys.executable,
            str(ROOT / "build_report.py"),
            "--root",
            str(self.root),
            "--out",
            str(self.root / "out"),
        ]
        return subprocess.run([*command, *arguments], check=False, capture_output=True, text=True, env=dict(os.environ))


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "book")


def kinds(since: Since, path: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """The changes of a chapter: kind, old numbers, new numbers."""
    found = since.of(PurePosixPath(path))
    assert found is not None
    assert found.before is not None
    assert found.after is not None
    return [(one.kind, found.before.numbers(one.before), found.after.numbers(one.after)) for one in found.changes]


def edits(since: Since, path: str) -> list[Edit]:
    found = since.of(PurePosixPath(path))
    assert found is not None
    return [edit for change in found.changes for edit in change.edits if not edit.kept]


def test_a_draft_held_against_itself_has_no_change(book: Book) -> None:
    found = book.since("hop-1")
    assert found.chapters == ()
    assert found.data.changed == ()


@pytest.mark.parametrize(
    ("before", "after", "expected", "words"),
    [
        ("tăng nhanh", "tăng chậm", [(CHANGED, ("2.1",), ("2.1",))], [Edit("nhanh", "chậm")]),
        (
            "được nâng cấp. Thời gian",
            "được nâng cấp.\n\nThời gian",
            [(SPLIT, ("2.2",), ("2.2", "2.3"))],
            [Edit(" ", "\n\n")],
        ),
        (
            "| Chi Ma | Lạng Sơn | chính |",
            "| Chi Ma | Lạng Sơn | phụ |",
            [(CHANGED, ("2.4",), ("2.4",))],
            [Edit("chính", "phụ")],
        ),
        (
            "| Chi Ma | Lạng Sơn | chính |\n",
            "",
            [(CHANGED, ("2.4",), ("2.4",))],
            [Edit("\nChi Ma\tLạng Sơn\tchính", "")],
        ),
        ("## Kho bãi {", "## Kho, bãi và chợ {", [(CHANGED, (), ())], None),
        (
            "Kho bãi ở các cửa khẩu còn thiếu và chưa được quy hoạch chung.\n",
            "",
            [(REMOVED, ("2.5",), ())],
            [Edit("Kho bãi ở các cửa khẩu còn thiếu và chưa được quy hoạch chung.", "")],
        ),
        (
            "## Kho bãi",
            "Một đoạn mới về đường sắt.\n\n## Kho bãi",
            [(ADDED, (), ("2.5",))],
            [Edit("", "Một đoạn mới về đường sắt.")],
        ),
    ],
    ids=["a word", "a sentence split off", "a cell", "a row", "a heading", "a paragraph gone", "a new paragraph"],
)
def test_an_edit_is_told_as_what_it_is(
    book: Book, before: str, after: str, expected: list[object], words: list[Edit] | None
) -> None:
    book.edit("chapters/bien-gioi.md", (before, after))
    book.commit(DAYS[1], "hop-2")
    found = book.since("hop-1")
    assert kinds(found, "chapters/bien-gioi.md") == expected
    if words is not None:
        assert edits(found, "chapters/bien-gioi.md") == words


def test_a_moved_paragraph_is_moved(book: Book) -> None:
    moved = "Hàng hóa qua cửa khẩu tăng nhanh trong những năm đầu của thời kỳ.\n\n"
    book.edit("chapters/bien-gioi.md", (moved, ""), ("## Kho bãi", f"{moved}## Kho bãi"))
    book.commit(DAYS[1], "hop-2")
    assert kinds(book.since("hop-1"), "chapters/bien-gioi.md") == [(MOVED, ("2.1",), ("2.4",))]


def test_a_figure_that_changed_in_the_data_alone_is_told_with_all_who_quote_it(book: Book) -> None:
    book.edit("data/indicators/dan-so.yml", ("788.7", "790.2"))
    book.commit(DAYS[1], "hop-2")
    found = book.since("hop-1")
    (change,) = found.data.changed
    assert (change.before and str(change.before.value), change.after and str(change.after.value)) == ("788.7", "790.2")
    assert "2.3" in [quote.number for quote in found.quotes(change.either)]
    own = found.of(PurePosixPath("chapters/bien-gioi.md"))
    assert own is not None
    figures = [(one.before.split()[0], one.after.split()[0]) for one in own.changes[0].figures]
    assert figures == [("788,7", "790,2")]


def test_chapters_added_removed_and_renamed_are_told(book: Book) -> None:
    (book.root / "chapters/bien-gioi.md").rename(book.root / "chapters/cua-khau.md")
    (book.root / "chapters/hoa-binh.md").unlink()
    book.write("chapters/cho.md", LATER)
    book.edit(
        "data/report.yml",
        ("chapters/bien-gioi.md", "chapters/cua-khau.md"),
        ("chapters/hoa-binh.md", "chapters/cho.md"),
    )
    book.commit(DAYS[1], "hop-2")
    told = [
        (one.before and one.before.path.stem, one.after and one.after.path.stem) for one in book.since("hop-1").chapters
    ]
    assert told == [("bien-gioi", "cua-khau"), (None, "cho"), ("hoa-binh", None)]


def test_what_the_head_of_a_chapter_says_otherwise_is_told(book: Book) -> None:
    book.edit("chapters/bien-gioi.md", ("status: draft", "status: in-review"))
    book.commit(DAYS[1], "hop-2")
    (found,) = book.since("hop-1").chapters
    assert found.front == (("status", "draft", "in-review"),)
    assert found.changes == ()


def drafts(book: Book) -> Mapping[str, Draft]:
    files = pipeline.read_files(book.root)
    sources = pipeline.examine(files)
    rendering = pipeline.prepare(sources, None)
    found = {}
    for name in ("hop-1", "hop-2", "hop-3"):
        earlier = pipeline.read_since(files, name).files
        contents = parse(earlier.tree)[0].contents
        found[name] = Draft(pipeline.read_as(rendering, contents, pipeline.SITE))
    return found


def test_an_old_number_leads_through_two_meetings_to_where_its_paragraph_stands(book: Book) -> None:
    book.edit(
        "chapters/bien-gioi.md", ("## Cửa khẩu {#cua-khau}\n", "## Cửa khẩu {#cua-khau}\n\nMột đoạn mở đầu mới.\n")
    )
    book.commit(DAYS[1], "hop-2")
    book.edit(
        "chapters/bien-gioi.md", ("Đường ra cửa khẩu được nâng cấp. Thời gian thông quan đã giảm so với trước.\n\n", "")
    )
    book.commit(DAYS[2], "hop-3")
    found = drafts(book)
    first, third = found["hop-1"], found["hop-3"]
    where = {}
    for number in range(1, 6):
        spot = find_spot(first, f"chapters/bien-gioi.md#{number}")
        assert spot is not None
        now = follow(first.chapters, third.chapters, spot)
        where[spot.number] = now.number if now else None
    assert where == {"2.1": "2.2", "2.2": None, "2.3": "2.3", "2.4": "2.4", "2.5": "2.5"}


def opinion(**fields: str) -> str:
    given = {
        "id": "y-1",
        "from": "tinh-uy-lang-son",
        "about": '"chapters/bien-gioi.md#1"',
        "text": "Đề nghị xem lại.",
        "disposition": "accepted",
        **fields,
    }
    return f"- {{{', '.join(f'{key}: {value}' for key, value in given.items())}}}\n"


def record(book: Book, opinions: str) -> None:
    """Record the opinions on the first draft, before there is a second one."""
    book.write("data/comments/hop-1.yml", opinions)
    meetings = MEETINGS.replace(", revision: hop-2", "").replace(", revision: hop-3", "")
    book.write("data/meetings.yml", meetings)
    book.commit(DAYS[2])


def release(book: Book, opinions: str) -> tuple[int, str]:
    record(book, opinions)
    done = book.run("release", "hop-2")
    return done.returncode, done.stderr


def stopped(book: Book, opinions: str) -> list[str]:
    """The rules that stop a release."""
    record(book, opinions)
    return [one.rule for one in papers.stops(pipeline.read(book.root))]


def test_an_accepted_opinion_whose_commit_touched_another_place_stops_the_release(book: Book) -> None:
    book.edit("chapters/bien-gioi.md", ("còn thiếu", "còn rất thiếu"))
    elsewhere = book.commit(DAYS[1])
    code, told = release(book, opinion(commit=f'"{elsewhere[:10]}"'))
    assert code == cli.CONTENT_HAS_ERRORS
    assert "[commit-elsewhere]" in told
    assert "data/comments/hop-1.yml:1" in told
    assert not (book.root / "out" / "hop-2").exists()


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        ("opinion-open", {"disposition": "new"}),
        ("commit-unknown", {"commit": '"0123456789"'}),
        ("commit-before-meeting", {"commit": "hop-1"}),
        ("commit-not-in-draft", {"commit": "branch"}),
    ],
)
def test_each_rule_of_a_release_stops_it(book: Book, rule: str, fields: dict[str, str]) -> None:
    if fields.get("commit") == "branch":
        book.repository.git.checkout("-q", "-b", "aside")
        book.edit("chapters/bien-gioi.md", ("tăng nhanh", "tăng chậm"))
        fields = {"commit": f'"{book.commit(DAYS[1])[:10]}"'}
        book.repository.git.checkout("-q", "-")
    elif fields.get("commit") == "hop-1":
        fields = {"commit": f'"{book.repository.commit("hop-1").hexsha[:10]}"'}
    assert stopped(book, opinion(**fields)) == [rule]


def test_every_rule_of_a_release_is_tested_here() -> None:
    tested = {"opinion-open", "commit-unknown", "commit-before-meeting", "commit-not-in-draft", "commit-elsewhere"}
    assert {rule for maker, rule, _ in calls() if maker in OF_RELEASE} == tested


@pytest.mark.parametrize(
    ("about", "before", "after"),
    [
        ("chapters/bien-gioi.md#1", "tăng nhanh", "tăng chậm"),
        (
            "chapters/bien-gioi.md#1",
            "## Cửa khẩu {#cua-khau}\n",
            "## Cửa khẩu {#cua-khau}\n\nMột đoạn mới ở ngay trên.\n",
        ),
        ("chapters/bien-gioi.md#kho-bai", "còn thiếu", "còn rất thiếu"),
        ("chapters/bien-gioi.md", "còn thiếu", "còn rất thiếu"),
        ("chapters/bien-gioi.md#5", "Kho bãi ở các cửa khẩu còn thiếu và chưa được quy hoạch chung.\n", ""),
    ],
    ids=["the paragraph", "a new one beside it", "its section", "its chapter", "it was removed"],
)
def test_a_commit_that_changed_the_place_lets_the_release_through(
    book: Book, about: str, before: str, after: str
) -> None:
    book.edit("chapters/bien-gioi.md", (before, after))
    commit = book.commit(DAYS[1])[:10]
    assert stopped(book, opinion(about=f'"{about}"', commit=f'"{commit}"')) == []


def test_a_figure_changed_in_the_data_changes_the_place_that_quotes_it(book: Book) -> None:
    book.edit("data/indicators/dan-so.yml", ("788.7", "790.2"))
    commit = book.commit(DAYS[1])[:10]
    assert stopped(book, opinion(about='"chapters/bien-gioi.md#3"', commit=f'"{commit}"')) == []


def test_a_pack_holds_the_papers_of_the_meeting_and_their_hashes(book: Book) -> None:
    book.edit("chapters/bien-gioi.md", ("tăng nhanh", "tăng chậm"))
    commit = book.commit(DAYS[1])[:10]
    code, told = release(book, opinion(commit=f'"{commit}"', audience="cong-khai"))
    assert code == cli.OK, told
    assert f"git tag hop-2 {book.repository.head.commit.hexsha[:10]}" in told
    pack = book.root / "out" / "hop-2"
    papers = {one.name for one in pack.iterdir()}
    assert papers == {
        "bao-cao.pdf",
        "so-voi-hop-1.pdf",
        "so-lieu-thay-doi.xlsx",
        "y-kien.pdf",
        "y-kien.xlsx",
        "tinh-hinh.pdf",
        "trang",
        "SHA256SUMS",
    }
    subprocess.run(["sha256sum", "-c", "--quiet", "--strict", "SHA256SUMS"], cwd=pack, check=True)
    listed = {line.split("  ", 1)[1] for line in (pack / "SHA256SUMS").read_text().splitlines()}
    assert listed == {one.relative_to(pack).as_posix() for one in pack.rglob("*") if one.is_file()} - {"SHA256SUMS"}


def test_the_report_of_a_pack_is_the_meeting_s_for_ever_after(book: Book) -> None:
    code, told = release(book, "[]\n")
    assert code == cli.OK, told
    pack = (book.root / "out" / "hop-2" / "bao-cao.pdf").read_bytes()
    book.repository.create_tag("hop-2")
    book.write("data/meetings.yml", MEETINGS.replace(", revision: hop-3", ""))
    book.edit("chapters/bien-gioi.md", ("tăng nhanh", "tăng chậm"))
    book.commit(DAYS[3])
    done = book.run("pdf", "--meeting", "hop-2")
    assert done.returncode == cli.OK, done.stderr
    assert (book.root / "out" / "hop-2.pdf").read_bytes() == pack


@pytest.mark.parametrize("rule", ["no-meeting", "not-committed", "released-already"])
def test_what_cannot_be_released_is_refused(book: Book, rule: str) -> None:
    if rule != "no-meeting":
        book.edit("chapters/bien-gioi.md", ("tăng nhanh", "tăng chậm"))
    if rule == "released-already":
        book.commit(DAYS[1])
    done = book.run("release", "khong-co" if rule == "no-meeting" else "hop-1")
    assert done.returncode == cli.CANNOT_GO_ON
    assert not (book.root / "out" / "hop-1").exists()


def test_what_was_open_and_is_kept_for_fewer_since_does_not_come_back_as_deleted(book: Book) -> None:
    secret = "Kho bãi ở các cửa khẩu còn thiếu và chưa được quy hoạch chung."
    book.edit("chapters/bien-gioi.md", (secret, f"/// audience | noi-bo\n{secret}\n///"))
    hidden = "    2020:\n      value: 788.7\n      audience: noi-bo\n"
    book.edit("data/indicators/dan-so.yml", ("    2020: 788.7\n", hidden))
    book.edit(
        "chapters/bien-gioi.md",
        ('Dân số vùng là {{ value("dan-so", "lang-son", 2020) }} người theo số liệu đã công bố.\n\n', ""),
    )
    book.commit(DAYS[1], "hop-2")
    found = book.since("hop-1")
    shown = repr(found)
    assert "quy hoạch chung" not in shown
    assert "788" not in shown


def test_an_opinion_about_nothing_is_about_the_whole_report(book: Book) -> None:
    book.edit("chapters/hoa-binh.md", ("Các hồ chứa", "Những hồ chứa"))
    commit = book.commit(DAYS[1])[:10]
    given = opinion(commit=f'"{commit}"', audience="cong-khai").replace('about: "chapters/bien-gioi.md#1", ', "")
    code, told = release(book, given)
    assert code == cli.OK, told
    page = (book.root / "out" / "hop-2" / "trang" / "y-kien.html").read_text()
    assert "Ý kiến chung" in page


def test_a_meeting_that_an_audience_may_not_know_of_is_not_named_to_it(book: Book) -> None:
    book.write("data/meetings.yml", MEETINGS.replace("title: Họp lần 1,", "title: Họp kín, audience: noi-bo,"))
    book.edit("chapters/bien-gioi.md", ("tăng nhanh", "tăng chậm"))
    book.commit(DAYS[1])
    sources = pipeline.read(book.root)
    assert pipeline.read_last(sources, "cong-khai") is None
    asked = pipeline.read_last(sources, "cong-khai", "hop-1")
    assert asked is not None
    shown = repr(pipeline.compare(sources, asked, "cong-khai"))
    assert "Họp kín" not in shown
    assert "hop-1" not in shown
    last = pipeline.read_last(sources, "noi-bo")
    assert last is not None
    assert last.name == "hop-1"

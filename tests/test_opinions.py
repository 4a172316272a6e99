"""The table of opinions: sums, order, each opinion once in every medium, nothing that runs, nothing that leaks."""

from __future__ import annotations

import io
import json
import re
import zipfile
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import openpyxl
import pytest

from galley import cli, mkdocs_plugin, papers, pipeline
from galley.compare.alignment import Piece
from galley.compare.drafts import DraftChapter
from galley.model import Comment, Disposition, Meeting
from galley.read.parse import parse
from galley.render.printed import print_document
from galley.review.places import Draft, Opinion, Spot, opinions
from galley.review.responses import DISPOSITIONS, responses
from galley.typeset.workers import Here
from tests.factories import book
from tests.opinions import BODIES, FORMULA, GONE, HOSTILE, STATES, opinion, paragraph, said, write_opinions_book
from tests.sites import Article

if TYPE_CHECKING:
    from pathlib import Path

    from galley.review.responses import Responses, Section

COUNT = 60
ROWS = 58  # three bodies say the same about one place
PUBLIC = """\
- id: cong-khai
  from: hoc-vien
  about: chapters/dan-so.md#2
  text: Ý kiến công khai.
  disposition: agreed
  audience: cong-khai
"""
_TAGS = re.compile(r"<[^>]*>")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_opinions_book(tmp_path_factory.mktemp("book"), COUNT, PUBLIC)


@pytest.fixture(scope="module")
def sources(root: Path) -> pipeline.Sources:
    return pipeline.read(root)


@pytest.fixture(scope="module")
def rendering(sources: pipeline.Sources) -> pipeline.Rendering:
    """What those see who see everything; with one opinion more, that everybody sees."""
    return pipeline.prepare(sources, "noi-bo")


@pytest.fixture(scope="module")
def table(rendering: pipeline.Rendering) -> Responses:
    return papers.tabled(rendering)


@pytest.fixture(scope="module")
def site(root: Path, rendering: pipeline.Rendering, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    mkdocs_plugin.build_site(root, pipeline.render_site(rendering), folder)
    return folder


def _printed(rendering: pipeline.Rendering, order: pipeline.Order | None = None) -> dict[str, str]:
    """The HTML of the fascicles by their names, without the marks that hold words together."""
    document = print_document(pipeline.prepare_print(rendering, order or pipeline.Order()))
    return {one.name: one.html.replace("\u2060", "") for one in document.fascicles}


def _text(html: str) -> str:
    return " ".join(unescape(_TAGS.sub("", html)).replace("\u2060", "").replace("\u00a0", " ").split())


def _times(text: str, number: int) -> int:
    """How often a text has the opinion of this number; `Ý kiến 1:` is not `Ý kiến 11:`."""
    return " ".join(text.split()).count(" ".join(said(number).split()))


def _said_once(text: str) -> None:
    every = [_times(text, number) for number in range(57)]
    assert every == [1] * 57
    assert _times(text, 57) == 1


def _sheets(content: bytes) -> dict[str, list[tuple[object, ...]]]:
    found = openpyxl.load_workbook(io.BytesIO(content))
    return {page.title: [tuple(cell.value for cell in row) for row in page.iter_rows()] for page in found.worksheets}


# ---------------------------------------------------------------- the table itself


def test_the_sums_are_those_of_the_file(table: Responses) -> None:
    states = [str(opinion(number)["disposition"]) for number in range(COUNT)] + ["agreed"]
    assert {one.value: number for one, number in table.counts} == {one: states.count(one) for one in STATES}
    assert table.total == COUNT + 1
    given = {name: sum(number % 10 == place for number in range(COUNT)) for place, (name, _) in enumerate(BODIES)}
    assert {one.sender: one.total for one in table.tallies} == {**given, "hoc-vien": given["hoc-vien"] + 1}
    assert [one.sender for one in table.tallies] == [name for name, _ in BODIES]
    assert [(one.asked, one.replied, one.opinions) for one in table.rounds] == [(11, 10, COUNT + 1)]


def test_rows_are_numbered_through_by_chapter_place_and_body(table: Responses) -> None:
    rows = [row for part in table.parts for section in part for group in section.groups for row in group.rows]
    assert [row.number for row in rows] == list(range(1, ROWS + 2))
    for part in table.parts:
        assert [section.number for section in part] == sorted(section.number for section in part)
        for section in part:
            for group in section.groups:
                bodies = [[name for name, _ in BODIES].index(row.comment.sender) for row in group.rows]
                assert bodies == sorted(bodies)
    first = table.others[0]
    assert [group.then.name for group in first.groups if group.then] == ["", "quy-mo", "doan-1", "doan-2"]
    assert [group.now.name for group in first.groups if group.now] == ["", "quy-mo", "doan-2", "doan-3"]


def test_what_was_removed_comes_at_the_end_of_its_chapter_with_its_words(table: Responses) -> None:
    section = table.others[1]
    assert section.path == PurePosixPath("chapters/bien-gioi.md")
    group = section.groups[-1]
    assert group.now is None
    assert group.then is not None
    assert (group.then.number, group.then.text) == ("2.5", GONE)
    assert all(one.now is not None for one in section.groups[:-1])


def test_equal_opinions_share_a_row_and_keep_their_senders(table: Responses) -> None:
    shared = [
        row for section in table.others for group in section.groups for row in group.rows if len(row.opinions) > 1
    ]
    assert [[one.comment.sender for one in row.opinions] for row in shared] == [
        ["tinh-uy-hoa-binh", "tinh-uy-lao-cai", "hoc-vien"]
    ]


def test_what_the_committee_must_decide_stands_apart(table: Responses) -> None:
    def found(part: tuple[Section, ...]) -> set[str]:
        groups = (group for section in part for group in section.groups)
        return {row.comment.disposition.value for group in groups for row in group.rows}

    assert found(table.committee) == {"reserved", "escalated"}
    assert found(table.others) == {"agreed", "accepted", "accepted-in-part", "explained", "new"}


def test_a_different_answer_to_the_same_words_is_a_row_of_its_own() -> None:
    report = parse(book())[0]
    spot = Spot(PurePosixPath("chapters/dan-so.md"), 1, "Dân số", "doan-1", "…")
    given = [
        Opinion(
            Comment(f"y-{place}", "to-bien-tap", "Giống nhau", state, "chapters/dan-so.md#1"),
            None,
            spot,
            spot,
            spot.path,
        )
        for place, state in enumerate((Disposition.EXPLAINED, Disposition.ACCEPTED))
    ]
    (section,) = responses(given, report.contents).others
    assert [len(row.opinions) for row in section.groups[0].rows] == [1, 1]


def test_meetings_are_told_apart_and_one_can_be_asked_for() -> None:
    report = parse(book())[0]
    spot = Spot(PurePosixPath("chapters/dan-so.md"), 1, "Dân số", "doan-1", "…")
    given = []
    for day, name in ((10, "hop-2"), (9, "hop-1")):
        meeting = Meeting(name, name, date(2021, 6, day))
        comment = Comment("y-1", "to-bien-tap", "Lời", Disposition.NEW, "chapters/dan-so.md#1", meeting=name)
        given.append(Opinion(comment, meeting, spot, spot, spot.path))
    both = responses(given, report.contents)
    assert [one.meeting.id for one in both.rounds if one.meeting] == ["hop-1", "hop-2"]
    assert [group.meeting.id for group in both.others[0].groups if group.meeting] == ["hop-1", "hop-2"]
    assert responses(given, report.contents, "hop-2").total == 1
    assert responses(given, report.contents, "hop-3").counts == tuple((one, 0) for one in DISPOSITIONS)


def test_what_was_removed_from_a_chapter_stays_with_it_under_its_new_name() -> None:
    words = [paragraph("x", number) for number in range(1, 6)]
    pieces = tuple(Piece("paragraph", text, (), f"doan-{place}") for place, text in enumerate(words, start=1))
    old = DraftChapter(PurePosixPath("chapters/cu.md"), "Cũ", pieces, 1)
    new = DraftChapter(PurePosixPath("chapters/dan-so.md"), "Dân số", pieces[:4], 1)
    gone = DraftChapter(PurePosixPath("chapters/bo.md"), "Bỏ", (Piece("paragraph", "Khác hẳn.", (), "doan-1"),), 2)
    contents = parse(book())[0].contents
    given = tuple(
        Comment(name, "to-bien-tap", name, Disposition.NEW, about, meeting="hop-1")
        for name, about in (("mot", "chapters/bo.md#1"), ("hai", "chapters/cu.md#5"), ("ba", "chapters/chua-co.md"))
    )
    placed = opinions(replace(contents, comments=given), {"hop-1": Draft((old, gone))}, Draft((new,)))
    sections = responses(placed, contents).others
    assert [(str(one.path), one.number, one.title) for one in sections] == [
        ("chapters/dan-so.md", 1, "Dân số"),
        ("chapters/bo.md", 0, "Bỏ"),
        ("None", 0, ""),
    ]


# ---------------------------------------------------------------- every opinion once


def test_every_opinion_stands_once_on_the_page_of_the_site(site: Path) -> None:
    page = (site / "y-kien.html").read_text(encoding="utf-8")
    _said_once(Article(page).text)
    ids = re.findall(r'id="(y-kien--[^"]+)"', page)
    assert len(ids) == len(set(ids)) == COUNT + 1


def test_every_opinion_stands_once_beside_its_place(site: Path) -> None:
    pages = [*site.glob("chapters/*.html"), *site.glob("provinces/*.html")]
    _said_once("\n".join(Article(one.read_text(encoding="utf-8")).text for one in pages))


def test_every_opinion_stands_once_in_the_appendix(root: Path) -> None:
    settings = (root / "data/report.yml").read_text(encoding="utf-8")
    (root / "data/report.yml").write_text(f"{settings}appendices: [sources, opinions]\n", encoding="utf-8")
    try:
        sources = pipeline.read(root)
        inside = _printed(pipeline.prepare(sources, "noi-bo"))
        outside = _printed(pipeline.prepare(sources, "hoi-nghi"))
    finally:
        (root / "data/report.yml").write_text(settings, encoding="utf-8")
    _said_once(_text(inside["phu-luc-2"]))
    assert "Ý kiến công khai." in _text(outside["phu-luc-2"])
    assert all(_times(_text("".join(outside.values())), number) == 0 for number in range(COUNT))


def test_every_opinion_stands_once_in_the_workbook(rendering: pipeline.Rendering, table: Responses) -> None:
    sheets = _sheets(papers.opinions_xlsx(rendering, table))
    rows = [row for row in sheets["Ý kiến"] if isinstance(row[0], int | float)]
    assert [row[0] for row in rows] == list(range(1, ROWS + 2))
    _said_once("\n".join(str(row[4]) for row in rows))
    assert sheets["Tổng hợp"][-1] == ("Cộng", table.total, *(number for _, number in table.counts))
    for one, row in zip(table.tallies, sheets["Tổng hợp"][1:], strict=False):
        assert row[1:] == (one.total, *one.counts)


def test_the_review_pdf_has_every_opinion_under_its_paragraph_and_the_default_none(
    rendering: pipeline.Rendering,
) -> None:
    noted = _printed(rendering, pipeline.Order(opinions=True))
    plain = _printed(rendering)
    chapters = [name for name in plain if name.startswith(("chapters-", "provinces-"))]
    _said_once(_text("".join(noted[name] for name in chapters)))
    assert not any("opinion" in plain[name] for name in chapters)
    place = noted["chapters-dan-so"].index('id="chapters-dan-so--doan-2"')
    under = noted["chapters-dan-so"][place:]
    assert under.index("Tỉnh uỷ Cao Bằng") < under.index("--doan-3")
    border = noted["chapters-bien-gioi"]
    assert border.rindex(GONE[:20]) > border.index("--doan-5")


def test_the_table_as_a_document_holds_every_opinion_and_is_the_same_each_time(
    rendering: pipeline.Rendering, table: Responses
) -> None:
    made = [papers.opinions_pdf(rendering, table, nullcontext(Here())) for _ in range(2)]
    assert made[0] == made[1]
    assert papers.opinions_xlsx(rendering, table) == papers.opinions_xlsx(rendering, table)


# ---------------------------------------------------------------- nothing runs, nothing leaks


def test_what_opinions_say_is_shown_and_never_run(site: Path, rendering: pipeline.Rendering, table: Responses) -> None:
    shown = " ".join(HOSTILE.split())
    for name in ("y-kien.html", "provinces/lang-son.html"):
        page = (site / name).read_text(encoding="utf-8")
        assert "<script>alert" not in page
        assert shown in Article(page).text
    noted = _printed(rendering, pipeline.Order(opinions=True))["provinces-lang-son"]
    assert "<script>" not in noted
    assert shown in _text(noted)
    content = papers.opinions_xlsx(rendering, table)
    cells = [cell for page in openpyxl.load_workbook(io.BytesIO(content)) for row in page.iter_rows() for cell in row]
    assert any(cell.value == FORMULA for cell in cells)
    assert not any(cell.data_type == "f" for cell in cells)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in b"".join(archive.read(name) for name in archive.namelist())


def test_the_words_of_an_opinion_keep_their_tone_marks_in_print(rendering: pipeline.Rendering) -> None:
    noted = _text(_printed(rendering, pipeline.Order(opinions=True))["chapters-dan-so"])
    assert "bảo vệ biên giới ở Hòa Bình" in noted
    assert "Hoà Bình" not in noted


def test_opinions_beside_the_text_are_not_searched(site: Path) -> None:
    index = json.loads((site / "search/search_index.json").read_text(encoding="utf-8"))
    texts = " ".join(one["text"] for one in index["docs"] if one["location"].startswith(("chapters/", "provinces/")))
    assert "ds1x0" in texts
    assert "Đề nghị rà soát" not in texts


def test_an_edition_that_may_not_see_them_has_no_trace_of_opinions(
    sources: pipeline.Sources, root: Path, tmp_path: Path
) -> None:
    rendering = pipeline.prepare(sources, "hoi-nghi")
    mkdocs_plugin.build_site(root, pipeline.render_site(rendering), tmp_path)
    whole = "\n".join(
        one.read_text(encoding="utf-8") for one in tmp_path.rglob("*") if one.suffix in (".html", ".json", ".xml")
    )
    assert all(_times(_text(whole), number) == 0 for number in range(COUNT))
    assert "Ý kiến công khai." in whole
    table = papers.tabled(rendering)
    assert (table.total, [one.sender for one in table.tallies]) == (1, ["hoc-vien"])


def test_an_edition_without_opinions_has_no_page_for_them(root: Path) -> None:
    comments = root / "data/comments/hop-1.yml"
    text = comments.read_text(encoding="utf-8")
    comments.write_text(text.replace(PUBLIC, ""), encoding="utf-8")
    try:
        rendering = pipeline.prepare(pipeline.read(root), None)
    finally:
        comments.write_text(text, encoding="utf-8")
    pages = pipeline.render_site(rendering)
    assert not any(one.path.name == "y-kien.md" for one in pages.pages)
    assert not any('class="opinions' in one.body for one in pages.pages)


def test_an_opinion_without_an_audience_is_for_the_narrowest() -> None:
    files = {
        "data/meetings.yml": "- {id: hop-1, title: Họp, date: 2021-06-09}\n",
        "data/comments/hop-1.yml": """\
            - {id: y-1, from: to-bien-tap, about: chapters/dan-so.md, text: Lời, disposition: new}
            - {id: y-2, from: to-bien-tap, about: chapters/dan-so.md, text: Lời, disposition: new, audience: cong-khai}
            """,
    }
    report = parse(book(files))[0]
    assert [one.audience for one in report.contents.comments] == ["noi-bo", "cong-khai"]
    assert report.contents.meetings[0].audience == "cong-khai"


# ---------------------------------------------------------------- the command


def test_the_command_writes_both_files(root: Path, tmp_path: Path) -> None:
    options = ["--root", str(root), "--out", str(tmp_path), "--audience", "noi-bo", "--jobs", "1"]
    assert cli.main([*options, "opinions", "--meeting", "hop-1"]) == cli.OK
    assert (tmp_path / "y-kien.pdf").read_bytes().startswith(b"%PDF")
    assert zipfile.is_zipfile(tmp_path / "y-kien.xlsx")


@pytest.mark.parametrize("meeting", [["--meeting", "hop-9"], ["--audience", "cong-khai"]])
def test_a_table_that_would_be_empty_is_not_written(
    meeting: list[str], tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_opinions_book(tmp_path_factory.mktemp("book"), 3)
    out = tmp_path_factory.mktemp("out")
    options = ["--root", str(root), "--out", str(out), "--audience", "noi-bo", "opinions", *meeting]
    assert cli.main(options) == cli.CANNOT_GO_ON
    assert list(out.iterdir()) == []
    assert ("hop-9" if "hop-9" in meeting else "cong-khai") in capsys.readouterr().err

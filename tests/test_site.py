"""The review site: complete, of one edition only, linked, true to the data, and not bound to our plugin."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import subprocess
import sys
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag

import git
import openpyxl
import pytest

from galley.bind import index
from galley.expressions import FUNCTIONS, Found, Problem, find_expressions, parse_call
from galley.read.parse import parse
from galley.render.completeness import completeness
from galley.render.write import write_pages
from galley.vietnamese import parse_number, round_half_up
from tests.commands import problem_with
from tests.factories import book
from tests.sites import ROOT, Article, Built, build, write_site_book

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MKDOCS = (sys.executable, "-m", "mkdocs", "build", "--quiet")
NUMBER = re.compile(r"\d{1,3}(?:\.\d{3})*(?:,\d+)?")
CANARY = "BIMATKHONGAIDUOCXEM"


@pytest.fixture(scope="module", autouse=True)
def _epoch() -> Iterator[None]:
    """The date of MkDocs' own files, as the command line sets it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1623225600")
        patch.setenv("NO_MKDOCS_2_WARNING", "1")
        yield


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = write_site_book(tmp_path_factory.mktemp("book"))
    return build(root, tmp_path_factory.mktemp("site"))


def pages(folder: Path) -> dict[str, Article]:
    return {
        str(path.relative_to(folder)): Article(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.html"))
        if path.name != "404.html"
    }


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def cells(page: str, head: str) -> list[str]:
    """The texts of the cells of the first row whose head begins so, the head first."""
    for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL):
        inner = re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        found = [" ".join(re.sub(r"<[^>]+>", "", one).split()) for one in inner]
        if found and found[0].startswith(head):
            return found
    return []


def test_every_page_of_the_edition_is_built(built: Built) -> None:
    wanted = {str(page.path.with_suffix(".html")) for page in built.site.pages}
    assert {"index.html", "chapters/bien-gioi.html", "provinces/lang-son.html", "so-lieu/dan-so.html"} <= wanted
    assert {"so-lieu/day-du.html", "so-lieu/so-so-lieu.html"} <= wanted
    assert {"muc-tieu.html", "kien-nghi.html", "nguon.html", "huong-dan/index.html"} <= wanted
    assert set(pages(built.folder)) == wanted


def test_plain_mkdocs_builds_the_same_bytes(built: Built, tmp_path: Path) -> None:
    subprocess.run((*MKDOCS, "--site-dir", str(tmp_path / "site")), cwd=built.sources.root, check=True)
    assert content(tmp_path / "site") == content(built.folder)


def test_written_pages_need_no_plugin_of_ours(built: Built, tmp_path: Path) -> None:
    write_pages(built.site, built.sources.tree, tmp_path)
    assert not re.search(r"galley(?!\.css|\.js)", (tmp_path / "mkdocs.yml").read_text(encoding="utf-8"))
    subprocess.run((*MKDOCS, "--strict"), cwd=tmp_path, check=True)
    plain = {path: page.text for path, page in pages(tmp_path / "site").items()}
    assert plain == {path: page.text for path, page in pages(built.folder).items()}


def test_two_builds_of_one_commit_are_the_same_bytes(built: Built, tmp_path: Path) -> None:
    git.Repo.clone_from(str(built.sources.root), tmp_path / "clone").close()
    assert content(build(tmp_path / "clone", tmp_path / "site").folder) == content(built.folder)


SECRETS = {
    "chapters/mat.md": f"""\
        ---
        title: Chương {CANARY}
        owner: to-bien-tap
        status: draft
        audience: noi-bo
        ---

        ## Mục {CANARY} {{#mat}}

        Câu {CANARY}: {{{{ value("so-mat", "lang-son", 2020) }}}}.
        """,
    "chapters/dan-so.md": f"""\
        ---
        title: Dân số
        owner: to-bien-tap
        status: draft
        ---

        ## Quy mô {{#quy-mo}}

        Dân số vùng năm 2020 là {{{{ value("dan-so", "vung-bac", 2020) }}}}.

        /// audience | noi-bo

        Đoạn {CANARY}.

        ///
        """,
    "data/indicators/so-mat.yml": f"""\
        name: Số {CANARY}
        unit: nghin-nguoi
        decimals: 1
        better: neither
        topic: mat
        source: bao-cao-mat
        audience: noi-bo
        observations:
          lang-son: {{2020: 5}}
        """,
    "data/indicators/dan-so.yml": f"""\
        name: Dân số
        unit: nghin-nguoi
        decimals: 1
        better: neither
        aggregate: sum
        topic: dan-so
        source: nien-giam
        observations:
          lang-son: {{2019: 781.7, 2020: 788.7}}
          cao-bang: {{2019: 530.3, 2020: 533.1}}
          ca-nuoc:
            2019: 96484.0
            2020: 97582.7
            2021: {{value: 98506.2, note: {CANARY}, source: bao-cao-mat, audience: noi-bo}}
        """,
    "data/sources.yml": f"""\
        nien-giam: {{title: Niên giám thống kê, kind: statistics}}
        nghi-quyet: {{title: Nghị quyết thử, kind: document}}
        bao-cao-mat: {{title: Báo cáo {CANARY}, kind: submission, audience: noi-bo}}
        """,
    "data/meetings.yml": f"""\
        - {{id: hop-kin, title: Họp {CANARY}, date: 2021-06-09, audience: noi-bo}}
        """,
    "data/proposals.yml": f"""\
        - {{id: kin, text: Xin {CANARY}., from: to-bien-tap, to: tinh-uy-lang-son, kind: policy, audience: noi-bo}}
        """,
    "data/report.yml": """\
        title: Báo cáo thử
        subject: về một vùng nhỏ
        issuer: {superior: Cấp trên, body: Cơ quan thử, code: BC/CQT}
        place: Hà Nội
        layout: dang-2018
        region: vung-bac
        audiences: [cong-khai, noi-bo]
        parts:
          - {title: Tình hình, chapters: [chapters/dan-so.md, chapters/mat.md]}
          - {title: Nữa, chapters: [chapters/bien-gioi.md, chapters/hoa-binh.md]}
          - {title: Hồ sơ các tỉnh, chapters: [provinces/lang-son.md]}
        """,
}
HIDDEN = (CANARY, "so-mat", "chapters/mat", "bao-cao-mat", "98506.2", "98.506,2", "hop-kin", "noi-bo")


def _unpacked(name: str, raw: bytes) -> bytes:
    """The bytes as they are read: what is compressed taken apart."""
    if name.endswith(".gz"):
        return gzip.decompress(raw)
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            return b"\n".join(packed.read(one) for one in packed.namelist())
    return raw


def _found(folder: Path) -> set[str]:
    """Which of the hidden words stand in a file of the site or in its name."""
    found = set()
    for name, raw in content(folder).items():
        if name.startswith("huong-dan/"):
            continue  # the guides name audiences as examples; they are the same in every edition
        text = _unpacked(name, raw)
        if name == "search/search_index.json":
            docs = [one for one in json.loads(text)["docs"] if not one["location"].startswith("huong-dan/")]
            text = json.dumps(docs, ensure_ascii=False).encode()
        found |= {word for word in HIDDEN if word.encode() in text or word in name}
    return found


def test_nothing_outside_the_edition_is_in_any_byte_of_the_site(tmp_path: Path) -> None:
    root = write_site_book(tmp_path / "book", SECRETS)
    assert _found(build(root, tmp_path / "open", "cong-khai").folder) == set()
    closed = _found(build(root, tmp_path / "closed", "noi-bo").folder)
    assert {CANARY, "so-mat", "chapters/mat", "98506.2", "98.506,2"} <= closed


def test_every_link_leads_to_a_page_and_a_place_on_it(built: Built) -> None:
    found = pages(built.folder)
    broken = []
    for path, article in found.items():
        for link in article.links:
            target, anchor = urldefrag(unquote(link))
            if re.match(r"[a-z]+:", target):
                continue
            where = (built.folder / path).parent / target if target else built.folder / path
            relative = str(where.resolve().relative_to(built.folder.resolve()))
            if not where.is_file() or (anchor and anchor not in found[relative].ids):
                broken.append((path, link))
    assert sum(len(article.links) for article in found.values()) > 50
    assert broken == []


def test_every_figure_shows_the_value_that_it_carries(built: Built) -> None:
    figures = [figure for article in pages(built.folder).values() for figure in article.figures if "value" in figure[0]]
    assert len(figures) >= 10
    for given, text in figures:
        shown = NUMBER.findall(text)[-1 if "(" in text else 0]
        decimals = len(shown.partition(",")[2])
        assert parse_number(shown) == abs(round_half_up(Decimal(given["value"]), decimals)), (given, text)


def test_a_figure_carries_its_source_period_status_and_page(built: Built) -> None:
    given, text = Article(built.page("provinces/lang-son.html")).figures[0]
    assert (given["value"], text) == ("788.7", "788,7\u00a0nghìn người")
    assert given["data-source"] == "Niên giám thống kê"
    assert given["data-period"] == "2020"
    assert given["data-status"] == "chính thức"
    assert given["data-href"] == "../so-lieu/dan-so.html"
    assert given["tabindex"] == "0"


def test_a_chapter_says_who_owns_it_and_who_changed_it_last(built: Built) -> None:
    page = built.page("chapters/bien-gioi.html")
    text = Article(page).text
    commit = built.sources.history.head
    assert commit is not None
    assert "2. Biên giới" in text
    for fact in ("Tổ Biên tập", "Tỉnh ủy Lạng Sơn", "Đang góp ý", "15/8/2021"):
        assert fact in text
    assert f"09/6/2021, Nguyễn Thị Hoa {commit.id[:7]}" in text
    assert 'href="https://git.example.vn/to-bien-tap/nq37/-/edit/main/chapters/bien-gioi.md"' in page


def test_the_front_page_shows_every_chapter_with_its_progress(built: Built) -> None:
    text = Article(built.page("index.html")).text
    for title in ("1. Dân số", "2. Biên giới", "3. Thủy điện", "4. Lạng Sơn"):
        assert title in text
    assert "1/3 chương đã thống nhất" in text
    assert "Họp lần thứ nhất" in text
    assert "Bản thử của bộ công cụ." in text


def test_the_navigation_follows_the_parts_of_the_report(built: Built) -> None:
    titles = [item.title for item in built.site.nav]
    assert titles[:3] == ["Tiến độ", "Báo cáo", "Số liệu"]
    parts = [part.title for part in built.site.nav[1].children]
    assert parts == ["Phần thứ nhất: Tình hình", "Phần thứ hai: Hồ sơ các tỉnh"]
    assert [item.title for item in built.site.nav[1].children[1].children] == ["4. Lạng Sơn"]


def test_the_csv_of_an_indicator_holds_all_its_observations(built: Built) -> None:
    text = (built.folder / "so-lieu/dan-so.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert text.splitlines()[0] == "area,area_name,period,value,status,source,note"
    assert {"lang-son,Lạng Sơn,2020,788.7,A,Niên giám thống kê,"} <= set(text.splitlines())
    assert len(rows) == 6


def test_the_workbook_of_an_indicator_holds_its_table(built: Built) -> None:
    assert 'href="dan-so.xlsx"' in built.page("so-lieu/dan-so.html")
    book = openpyxl.load_workbook(io.BytesIO((built.folder / "so-lieu/dan-so.xlsx").read_bytes()))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert ["Lạng Sơn", 781.7, 788.7] in rows


def test_a_cell_of_an_indicator_leads_to_its_line_and_to_who_entered_it(built: Built) -> None:
    found = [given for given, text in Article(built.page("so-lieu/dan-so.html")).figures if text == "788,7"]
    head = built.sources.history.head
    assert head is not None
    assert found[0]["data-entered"] == f"Nguyễn Thị Hoa, 09/6/2021 ({head.id})"
    address, _, line = found[0]["data-line"].partition("#L")
    assert address == f"https://git.example.vn/to-bien-tap/nq37/-/blob/{head.id}/data/indicators/dan-so.yml"
    text = (built.sources.root / "data/indicators/dan-so.yml").read_text(encoding="utf-8")
    assert text.splitlines()[int(line) - 1].strip() == "2020: 788.7"


def test_an_indicator_page_says_who_entered_its_last_period(built: Built) -> None:
    assert "Nhập số kỳ 202009/6/2021, Nguyễn Thị Hoa" in Article(built.page("so-lieu/dan-so.html")).text


def test_the_register_names_the_sections_and_tables_that_show_a_figure(built: Built) -> None:
    page = built.page("so-lieu/so-so-lieu.html")
    row = next(one for one in page.split("<tr ") if ">1.321,8\u00a0nghìn người<" in one)
    assert "tổng của các tỉnh" in row
    assert 'href="../chapters/dan-so.html#quy-mo">mục 1.1</a>' in row
    assert 'href="../chapters/dan-so.html#bang-dan-so">Bảng 1.1</a>' in row
    assert "Niên giám thống kê" in row


GAPS = {
    "data/indicators/ho-ngheo.yml": """\
        name: Tỷ lệ hộ nghèo
        unit: phan-tram
        decimals: 1
        better: lower
        aggregate: none
        topic: doi-song
        source: nien-giam
        observations:
          lang-son: {2018: 9.1, 2020: {value: 5.2, status: P}}
          cao-bang: {2018: {value: 12.3, status: E}}
          vung-bac: {2016: 20, 2016-2020: 15}
        """,
    "chapters/hoa-binh.md": """\
        ---
        title: Thủy điện
        owner: to-bien-tap
        status: agreed
        ---

        ## Kết quả {#ket-qua}

        Về dân số: {{ target("dan-so-2020") }}.
        """,
}


@pytest.fixture(scope="module")
def gaps(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = write_site_book(tmp_path_factory.mktemp("gaps"), GAPS)
    return build(root, tmp_path_factory.mktemp("gaps-site"))


def test_a_value_that_a_province_lacks_is_a_gap() -> None:
    report, _ = parse(book(GAPS))
    found = completeness(index(report.contents), ("dan-so",))
    line = found.lines["ho-ngheo"]
    assert line.grid.periods == ("2018", "2020")
    assert [(area.id, periods) for area, periods in line.grid.gaps] == [("cao-bang", ("2020",))]
    assert (line.cells, line.gaps, line.quoted) == (4, 1, False)
    assert (found.cells, found.gaps, found.unused) == (8, 1, 1)
    assert dict(found.statuses) == {"A": 5, "P": 1, "E": 1}


def test_a_period_counts_the_provinces_and_names_region_and_nation() -> None:
    report, _ = parse(book(GAPS))
    found = completeness(index(report.contents), ())
    assert found.years == ("2016", "2017", "2018", "2019", "2020")
    poverty = [(one.values, one.region, one.observed) for one in found.lines["ho-ngheo"].years]
    assert poverty == [(0, True, True), (0, False, False), (2, False, True), (0, False, False), (1, False, True)]
    assert [one.period for one in found.lines["ho-ngheo"].others] == ["2016-2020"]
    assert [one.nation for one in found.lines["dan-so"].years] == [False, False, False, True, True]


def test_a_period_before_a_province_was_founded_is_no_gap() -> None:
    areas = """\
        ca-nuoc: {name: Cả nước, kind: nation}
        vung-bac: {name: Vùng Bắc, kind: region}
        lang-son: {name: Lạng Sơn, kind: province, region: vung-bac}
        cao-bang: {name: Cao Bằng, kind: province, region: vung-bac, valid: [2004-01-01, 2019-12-31]}
        """
    report, _ = parse(book({**GAPS, "data/areas.yml": areas}))
    assert completeness(index(report.contents), ()).lines["ho-ngheo"].gaps == 0


def test_the_page_of_completeness_shows_gaps_and_what_is_not_quoted(gaps: Built) -> None:
    page = gaps.page("so-lieu/day-du.html")
    row = cells(page, "Tỷ lệ hộ nghèo")
    assert row == ["Tỷ lệ hộ nghèo chưa được trích dẫn", "1", "0v", "·", "2", "·", "1", "2016-2020: 0v"]
    assert "thiếu 1 trong 4 ô Cao Bằng: 2020" in Article(page).text
    assert 'href="ho-ngheo.html#day-du"' in page


def test_the_grid_of_an_indicator_names_the_status_of_each_cell(gaps: Built) -> None:
    grid = gaps.page("so-lieu/ho-ngheo.html").partition('class="coverage grid"')[2]
    assert cells(grid, "Lạng Sơn") == ["Lạng Sơn", "●chính thức", "◐sơ bộ"]
    assert cells(grid, "Cao Bằng") == ["Cao Bằng", "○ước tính", "thiếu"]


def test_a_target_names_the_section_that_treats_it(gaps: Built) -> None:
    page = gaps.page("muc-tieu.html")
    row = next(one for one in page.split("<tr ") if one.startswith('id="dan-so-2020"'))
    assert 'href="chapters/hoa-binh.html#ket-qua">3. Kết quả</a>' in row
    assert 'href="chapters/hoa-binh.html#ket-qua" aria-label="Chương 3: Kết quả">●</a>' in page
    other = next(one for one in page.split("<tr ") if one.startswith('id="chua-ro"'))
    assert "chưa chương nào nêu" in other


def test_the_verdicts_of_a_document_are_counted(gaps: Built) -> None:
    assert cells(gaps.page("muc-tieu.html"), "Nghị quyết thử") == ["Nghị quyết thử", "2", "1", "0", "1", "1"]


def test_the_way_to_a_target_is_shown_by_period(gaps: Built) -> None:
    steps = gaps.page("muc-tieu.html").partition("Diễn biến 2019 - 2020")[2]
    assert cells(steps, "2019") == ["2019", "", "96.484,0 nghìn người"]
    assert cells(steps, "2020") == ["2020", "", "97.582,7 nghìn người"]


def test_an_indicator_page_names_the_sections_that_quote_it(built: Built) -> None:
    page = built.page("so-lieu/dan-so.html")
    assert 'href="../chapters/bien-gioi.html#cua-khau">2. Biên giới › Cửa khẩu</a>' in page
    assert 'href="../provinces/lang-son.html#dan-so">4. Lạng Sơn › Dân số</a>' in page


def test_a_claim_reads_as_written_and_carries_the_figures_behind_it(built: Built) -> None:
    figures = Article(built.page("chapters/hoa-binh.html")).figures
    (given,) = [given for given, text in figures if text == "*đông* hơn vùng"]
    assert "value" not in given
    assert given["data-inputs"].startswith("Cả nước 2020: 97.582,7\u00a0nghìn người; ")


def test_a_chapter_lists_targets_with_their_results(built: Built) -> None:
    text = Article(built.page("chapters/hoa-binh.html")).text
    assert re.search(r"Dân số ?ít nhất 90\.000\snghìn người ?97\.582,7\snghìn người ?đạt", text)
    assert re.search(r"ít nhất 5% ?… ?chưa đánh giá được", text)


def test_a_target_shows_its_verdict_and_an_open_one_the_reason(built: Built) -> None:
    text = Article(built.page("muc-tieu.html")).text
    assert re.search(r"ít nhất 90\.000\snghìn người 2020 97\.582,7\snghìn người đạt", text)
    assert "chưa đánh giá được" in text.rpartition("Chưa có số liệu")[2]


def test_names_with_marks_of_markdown_and_html_stay_texts(tmp_path: Path) -> None:
    name = "A_b_c *d* <i>&amp; [e](f) {#g} `h`"
    indicator = f"""\
        name: "{name}"
        unit: nghin-nguoi
        decimals: 0
        better: neither
        topic: dan-so
        source: nien-giam
        note: "Ghi `chú` [có](dấu) <b> \\"ngoặc\\""
        observations: {{lang-son: {{2020: 5}}}}
        """
    chapter = """\
        ---
        title: "A_b_ *c* & <d>"
        owner: to-bien-tap
        status: draft
        ---

        Là {{ value("la", "lang-son", 2020) }}.
        """
    root = write_site_book(tmp_path / "b", {"data/indicators/la.yml": indicator, "chapters/hoa-binh.md": chapter})
    made = build(root, tmp_path / "site")
    page = Article(made.page("so-lieu/la.html"))
    assert name in page.text
    assert 'Ghi `chú` [có](dấu) <b> "ngoặc"' in page.text
    chapter_page = Article(made.page("chapters/hoa-binh.html"))
    assert "3. A_b_ *c* & <d>" in chapter_page.text
    assert chapter_page.figures[0][0]["data-indicator"] == name


def test_the_site_loads_nothing_from_another_host(built: Built) -> None:
    for name, raw in content(built.folder).items():
        if name.endswith(".html"):
            page = raw.decode()
            assert not re.findall(r'<(?:script|img|iframe|link rel="(?:stylesheet|icon)")[^>]*"(?:https?:)?//', page), (
                name
            )
        if name == "assets/galley.css":
            assert not re.findall(r"url\(\"?(?:https?:)?//", raw.decode())


def test_the_commands_in_the_guides_exist() -> None:
    for path in sorted((ROOT / "templates/pages/huong-dan").glob("*.md")):
        for line in re.findall(
            r"(?:^|`)((?:python|make|git) ?[^`\n]*)", path.read_text(encoding="utf-8"), re.MULTILINE
        ):
            assert problem_with(line) == "", (path.name, line)


def test_the_expressions_in_the_guides_are_right() -> None:
    seen = set()
    for path in sorted((ROOT / "templates/pages/huong-dan").glob("*.md")):
        text = path.read_text(encoding="utf-8").replace("`", " ")
        for found in find_expressions(text):
            if isinstance(found, Found) and "(" in found.source and "…" not in found.source:
                call = parse_call(found.source)
                assert not isinstance(call, Problem), (path.name, found.source, call)
                seen.add(call.function)
    assert set(FUNCTIONS) - seen == set()

"""The review site: complete, of one edition only, linked, true to the data, and not bound to our plugin."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import subprocess
import sys
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag

import git
import pytest

from galley.expressions import FUNCTIONS, Found, Problem, find_expressions, parse_call
from galley.render.write import write_pages
from galley.vietnamese import parse_number, round_half_up
from tests.commands import problem_with
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


def test_every_page_of_the_edition_is_built(built: Built) -> None:
    wanted = {str(page.path.with_suffix(".html")) for page in built.site.pages}
    assert {"index.html", "chapters/bien-gioi.html", "provinces/lang-son.html", "so-lieu/dan-so.html"} <= wanted
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


def _found(folder: Path) -> set[str]:
    """Which of the hidden words stand in a file of the site or in its name."""
    found = set()
    for name, raw in content(folder).items():
        if name.startswith("huong-dan/"):
            continue  # the guides name audiences as examples; they are the same in every edition
        text = gzip.decompress(raw) if name.endswith(".gz") else raw
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
    figures = [figure for article in pages(built.folder).values() for figure in article.figures]
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


def test_an_indicator_page_names_the_sections_that_quote_it(built: Built) -> None:
    page = built.page("so-lieu/dan-so.html")
    assert 'href="../chapters/bien-gioi.html#cua-khau">2. Biên giới › Cửa khẩu</a>' in page
    assert 'href="../provinces/lang-son.html#dan-so">4. Lạng Sơn › Dân số</a>' in page


def test_a_target_shows_its_verdict_and_an_open_one_the_reason(built: Built) -> None:
    text = Article(built.page("muc-tieu.html")).text
    assert re.search(r"Dân số ít nhất 90\.000\snghìn người 2020 97\.582,7\snghìn người đạt", text)
    assert "chưa đánh giá được" in text.partition("Chưa có số liệu")[2]


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

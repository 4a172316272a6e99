"""The printed report as a document: numbers, lists, profiles, appendices, and what it shares with the site."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from galley.errors import GalleyError
from galley.read.siteconfig import markdown_extensions
from galley.render.document import whole
from galley.render.profile import read_profile
from tests.factories import tree
from tests.printing import DATA, PROSE, YEARS, printed

if TYPE_CHECKING:
    from pathlib import Path

TAG = re.compile(r"<[^>]+>")
REPORT = "data/report.yml"
PROVINCE = """\
---
title: Lạng Sơn
owner: tinh-uy-lang-son
status: draft
area: lang-son
---

## Dân số {#dan-so}

Chữ.
"""


def _report(**changes: str) -> str:
    fields = {
        "title": "Báo cáo thử",
        "subject": "về một vùng nhỏ",
        "issuer": "{superior: Cấp trên, body: Cơ quan thử, code: BC/CQT}",
        "place": "Hà Nội",
        "layout": "dang-2018",
        "region": "vung-bac",
        "audiences": "[cong-khai, hoi-nghi, noi-bo]",
        "parts": "[{title: Nhất, chapters: [chapters/dan-so.md]}, {title: Hai, chapters: [provinces/lang-son.md]}]",
        "appendices": "[targets, indicators, sources, proposals]",
        **changes,
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def _text(html: str) -> str:
    return re.sub(r"\s+", " ", TAG.sub(" ", html)).replace("\u2060", "")


def test_headings_carry_the_number_of_their_chapter(tmp_path: Path) -> None:
    html = whole(printed(tmp_path))
    found = re.findall(r'<h([2-4]) id="(?:chapters|provinces)[^"]*">(.*?)</h', html)
    assert found == [
        ("2", "1. Dân số"),
        ("3", "1.1. Quy mô"),
        ("3", "1.2. Chữ cái"),
        ("4", "1.2.1. Bảng rộng"),
        ("2", "2. Lạng Sơn"),
        ("3", "2.1. Dân số"),
    ]


def test_every_link_inside_the_report_has_its_place_and_no_id_stands_twice(tmp_path: Path) -> None:
    html = whole(printed(tmp_path, {REPORT: _report()}))
    ids = re.findall(r'\bid="([^"]+)"', html)
    targets = set(re.findall(r'href="#([^"]*)"', html))
    assert len(ids) == len(set(ids))
    assert targets
    assert targets <= set(ids)


def test_the_lists_name_each_table_figure_and_statement_with_its_number(tmp_path: Path) -> None:
    lists = dict(re.findall(r'<h1 id="danh-muc-(\w+)">.*?</h1>(.*?)</section>', whole(printed(tmp_path)), re.DOTALL))
    numbers = {name: re.findall(r"(?:Bảng|Hình|Biểu\s+số)\s+([\d.]+)\.", _text(text)) for name, text in lists.items()}
    assert numbers == {"bang": ["1.1", "1.2"], "hinh": ["1.1", "1.2"], "bieu": ["1"]}


def test_a_table_that_is_too_wide_stands_on_a_page_that_lies(tmp_path: Path) -> None:
    found = re.findall(r'<figure class="([^"]+)" id="chapters-dan-so--bang-(\w+)"', whole(printed(tmp_path)))
    assert {name: "table--wide" in kind for kind, name in found} == {"hep": False, "rong": True}


@pytest.mark.parametrize(("first", "big"), [(2019, False), (2008, False), (1990, False), (1990, True)])
def test_an_indicator_s_pieces_hold_every_period_once_and_in_order(tmp_path: Path, first: int, *, big: bool) -> None:
    years = range(first, 2021)
    number = 8123456 if big else 8
    rows = "".join(f"\n    {year}: {number}.5" for year in years)
    files = {
        "data/indicators/dan-so.yml": DATA.partition("observations:")[0]
        + f"observations:\n  lang-son:{rows}\n  cao-bang:{rows}\n",
        "chapters/dan-so.md": PROSE.partition("{{ value")[0],
        "provinces/lang-son.md": PROVINCE,
    }
    html = whole(printed(tmp_path, files))
    pieces = re.findall(r'<figure class="statement.*?</figure>', html, re.DOTALL)
    columns = [re.findall(r'<th scope="col">(\d{4})</th>', piece) for piece in pieces]
    assert [year for piece in columns for year in piece] == [str(year) for year in years]
    assert (len(pieces) > 1) == (big or first == 1990)


def test_the_appendix_of_targets_says_what_became_of_each(tmp_path: Path) -> None:
    html = whole(printed(tmp_path))
    rows = re.findall(r"<tr>(.*?)</tr>", html[html.index('id="muc-tieu-') :], re.DOTALL)
    told = [_text(row) for row in rows[1:3]]
    assert "Dân số đủ lớn" in told[0]
    assert told[0].split()[-1] == "đạt"
    assert "chưa đánh giá được (2)" in told[1]


def test_the_title_block_of_a_draft_leaves_number_and_date_blank(tmp_path: Path) -> None:
    html = whole(printed(tmp_path))
    block = _text(html[html.index("<body") : html.index("MỤC LỤC")])
    assert "CẤP TRÊN CƠ QUAN THỬ * Số -BC/CQT Dự thảo ĐẢNG CỘNG SẢN VIỆT NAM" in block
    assert "Hà Nội, ngày tháng năm" in block
    assert "BÁO CÁO thử về một vùng nhỏ -----" in block


def test_a_report_whose_chapters_are_final_is_no_draft(tmp_path: Path) -> None:
    chapters = {"chapters/dan-so.md": PROSE, "provinces/lang-son.md": PROVINCE}
    final = {path: text.replace("status: draft", "status: final") for path, text in chapters.items()}
    assert 'class="draft"' not in whole(printed(tmp_path, final))
    assert 'class="draft"' in whole(printed(tmp_path))


def test_a_layout_without_its_file_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(GalleyError) as caught:
        read_profile(tree({"templates/print/layouts/dang-2018.toml": ""}), "nd30-2020")
    assert caught.value.rule == "no-layout"
    assert caught.value.arguments == {"layout": "nd30-2020", "layouts": "dang-2018"}


def test_the_marks_of_the_site_s_headings_are_not_printed(tmp_path: Path) -> None:
    assert "headerlink" not in whole(printed(tmp_path))


def test_a_footnote_stands_where_it_is_called(tmp_path: Path) -> None:
    html = whole(printed(tmp_path))
    assert re.search(r'người<span class="footnote">Niên giám thống kê, Tổng cục Thống kê, tr\.\s5\.</span>', html)
    assert 'class="footnote-backref"' not in html


def test_the_colophon_names_the_commit_and_its_day(tmp_path: Path) -> None:
    html = whole(printed(tmp_path, day=date(2021, 8, 15)))
    assert "Bản ghi nguồn 0123456789 Ngày của bản ghi 15/8/2021" in _text(html)


def test_equal_sources_give_an_equal_document_and_other_sources_another_identifier(tmp_path: Path) -> None:
    first, second = printed(tmp_path / "a"), printed(tmp_path / "b")
    other = printed(tmp_path / "a", {"data/indicators/dan-so.yml": DATA.replace("2020: 720.5", "2020: 721.5")})
    assert first == second
    assert other.identifier != first.identifier


def test_only_the_drawings_that_are_shown_and_the_fonts_go_with_the_document(tmp_path: Path) -> None:
    document = printed(tmp_path)
    names = {str(picture.path) for one in document.fascicles for picture in one.pictures}
    shown = set(re.findall(r'<img src="([^"]+)"', whole(document)))
    assert len(shown) == 2
    assert names == shown
    assert {str(one.path.parent) for one in document.frame.fonts} == {"fonts"}


def test_every_period_of_the_wide_table_is_printed(tmp_path: Path) -> None:
    html = whole(printed(tmp_path))
    start = html.index('id="chapters-dan-so--bang-rong"')
    columns = re.findall(r'<th scope="col">(\d{4})</th>', html[start : html.index("</figure>", start)])
    assert columns == [str(year) for year in YEARS]


def test_options_of_markdown_extensions_are_read_as_words_numbers_and_texts() -> None:
    found = markdown_extensions(
        tree(
            {
                "mkdocs.yml": """\
        site_name: Thử
        markdown_extensions:
          - tables
          - toc: {permalink: true, toc_depth: 3, title: "3", marker: }
          - pymdownx.blocks.admonition: {types: [note, 2]}
        """
            }
        )
    )
    assert found == (
        ("tables", {}),
        ("toc", {"permalink": True, "toc_depth": 3, "title": "3", "marker": None}),
        ("pymdownx.blocks.admonition", {"types": ["note", 2]}),
    )


@pytest.mark.parametrize(
    ("files", "rule"),
    [
        ({}, "no-site-config"),
        ({"mkdocs.yml": "markdown_extensions:\n  - toc: {slugify: !!python/name:os.system }\n"}, "bad-site-config"),
        ({"mkdocs.yml": "markdown_extensions: [\n"}, "bad-site-config"),
        ({"mkdocs.yml": "site_name: Thử\n"}, "bad-site-config"),
        ({"mkdocs.yml": "markdown_extensions:\n  - [toc]\n"}, "bad-site-config"),
    ],
)
def test_a_site_configuration_that_cannot_be_read_stops_the_build(files: dict[str, str], rule: str) -> None:
    with pytest.raises(GalleyError) as caught:
        markdown_extensions(tree(files))
    assert caught.value.rule == rule


def test_an_introduction_has_no_number_and_the_first_part_follows_it(tmp_path: Path) -> None:
    parts = "[{title: Mở đầu, numbered: false, chapters: [chapters/dan-so.md]}, "
    parts += "{title: Kết quả, chapters: [provinces/lang-son.md]}]"
    html = whole(printed(tmp_path, {REPORT: _report(parts=parts), "provinces/lang-son.md": PROVINCE}))
    titles = re.findall(r'<h1 id="phan-\d+" data-title="([^"]*)"', html)
    assert titles == ["Mở đầu", "Phần thứ nhất. Kết quả"]


def test_the_list_of_tables_names_them_without_the_numbers_of_their_paragraphs(tmp_path: Path) -> None:
    listed = whole(printed(tmp_path)).partition('id="danh-muc-bang"')[2].partition("</section>")[0]
    titles = re.findall(r'<li class="line-list"><a [^>]*>(.*?)</a>', listed)
    assert titles
    assert all(title.startswith("Bảng ") for title in map(_text, titles)), titles


def test_a_proposal_is_printed_once_in_full_and_referred_to_by_its_number(tmp_path: Path) -> None:
    register = """\
        - {id: cau, title: Cầu, text: Xây cầu., from: to-bien-tap, to: tinh-uy-lang-son, kind: investment}
        - {id: duong, title: Đường, text: Mở đường., from: to-bien-tap, to: to-bien-tap, kind: policy,
           areas: [lang-son]}
        """
    files = {
        REPORT: _report(appendices="[]"),
        "data/proposals.yml": register,
        "chapters/dan-so.md": PROSE + "\n{{ proposals() }}\n",
        "provinces/lang-son.md": PROVINCE + '\n{{ proposals(area="lang-son") }}\n\nTheo {{ ref("duong") }}.\n',
    }
    html = whole(printed(tmp_path, files))
    assert html.count("Mở đường.") == 1
    assert re.findall(r"<li[^>]*list-item (\d+)[^>]*>", html) == ["1", "2", "2"]
    linked = re.findall(r'<a(?: class="reference")? href="#chapters-dan-so--duong">(.*?)</a>', html)
    assert [" ".join(one.split()) for one in linked] == ["Đường", "kiến nghị số 2"]
    assert "theo số đã ghi, ở chương 1." in _text(html)


@pytest.mark.parametrize("bound", ["", "at_least: 700"])
def test_a_sentence_tells_of_a_target_with_or_without_a_number(tmp_path: Path, bound: str) -> None:
    register = (
        f"- {{id: muc, document: nghi-quyet, text: Đông, area: lang-son, period: 2020, unit: nghin-nguoi, {bound}}}\n"
    )
    files = {"data/targets.yml": register, "chapters/dan-so.md": PROSE + '\nDân số: {{ target("muc") }}.\n'}
    told = _text(whole(printed(tmp_path, files)))
    reason = "chưa có chỉ tiêu cùng khái niệm" if bound else "mục tiêu không nêu mức cụ thể"
    assert f"chưa đánh giá được: {reason}" in told
    assert ("mục tiêu ít nhất" in told) is bool(bound)


def test_targets_that_are_not_due_are_listed_without_results(tmp_path: Path) -> None:
    register = """\
        - {id: sau, document: nghi-quyet, text: Đông, area: lang-son, period: 2030, at_least: 9, indicator: dan-so}
        """
    prose = PROSE + '\n{{ targets(document="nghi-quyet") }}\n'
    for covers, results in (("2004-2020", False), ("2004-2030", True)):
        files = {
            REPORT: _report(covers=covers, appendices="[]"),
            "data/targets.yml": register,
            "chapters/dan-so.md": prose,
        }
        html = whole(printed(tmp_path, files))
        assert ('<th scope="col">Thực hiện</th>' in html) is results
        assert ("thuộc giai đoạn sau kỳ báo cáo" in _text(html).replace("\u00a0", " ")) is not results


def test_a_part_of_one_chapter_has_no_page_of_its_own(tmp_path: Path) -> None:
    parts = "[{title: Nhất, chapters: [chapters/dan-so.md, provinces/cao-bang.md]}, "
    parts += "{title: Hai, chapters: [provinces/lang-son.md]}]"
    files = {REPORT: _report(parts=parts), "provinces/lang-son.md": PROVINCE}
    files["provinces/cao-bang.md"] = PROVINCE.replace("Lạng Sơn", "Cao Bằng").replace(": lang-son", ": cao-bang")
    names = [one.name for one in printed(tmp_path, files).fascicles]
    assert "phan-1" in names
    assert "phan-2" not in names
    html = whole(printed(tmp_path, files))
    assert html.index('id="phan-2"') < html.index('id="provinces-lang-son"')


def test_chapters_from_the_cache_refer_to_proposals_by_their_new_numbers(tmp_path: Path) -> None:
    register = """\
        - {id: cau, text: Xây cầu., from: to-bien-tap, to: tinh-uy-lang-son, kind: investment}
        - {id: duong, text: Mở đường., from: to-bien-tap, to: to-bien-tap, kind: policy}
        """
    lists = ('{{ proposals(to="tinh-uy-lang-son") }}', '{{ proposals(to="to-bien-tap") }}')
    found = []
    for ordered in (lists, lists[::-1]):
        files = {
            REPORT: _report(appendices="[]"),
            "data/proposals.yml": register,
            "chapters/dan-so.md": PROSE + "".join(f"\n{one}\n" for one in ordered),
            "provinces/lang-son.md": PROVINCE + '\nTheo {{ ref("duong") }}.\n',
        }
        found += re.findall(r"kiến\s+nghị\s+số\s+(\d+)", _text(whole(printed(tmp_path, files))))
    assert found == ["2", "1"]

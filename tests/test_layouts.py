"""The layout profiles: what each says is what is printed, and measured on the page it is where its rule puts it."""

from __future__ import annotations

import re
import subprocess
import tomllib
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from galley.errors import GalleyError
from galley.render.document import Fascicle, whole
from galley.render.profile import FOLDER, read_profile
from galley.render.tones import retoning
from galley.vietnamese import NBSP, NO_BREAK
from tests.printing import ROOT, YEARS, printed, tree, typeset_here

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from galley.render.document import Document

LAYOUTS = ("dang-2018", "dang-2026", "nd30-2020")
TEXTS = {name: (ROOT / FOLDER / f"{name}.toml").read_text(encoding="utf-8") for name in LAYOUTS}
PROFILES: dict[str, dict[str, Any]] = {name: tomllib.loads(text) for name, text in TEXTS.items()}
POINT = 25.4 / 72
TINOS = 0.891 + 0.216  # how high pdftotext takes a word of Tinos to be, in em: ascent and descent
BASELINE = 0.891
TAG = re.compile(r"<[^>]+>")
_PAGE = re.compile(r'<page width="(.*?)" height="(.*?)">(.*?)</page>', re.DOTALL)
_WORD = re.compile(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')
PROVINCE = """\
---
title: Lạng Sơn
owner: tinh-uy-lang-son
status: draft
area: lang-son
---

## Dân số {#dan-so}

Tỉnh ủy Lạng Sơn và các tỉnh ủy ghi “xóa mù chữ”, hòa bình; Thanh Hóa.
"""


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a page, its box in mm from the upper left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def size(self) -> float:
        """The size of its type, in points."""
        return (self.bottom - self.top) / POINT / TINOS

    @property
    def baseline(self) -> float:
        """Where its letters stand, in mm."""
        return self.top + BASELINE * self.size * POINT


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with its words, in mm."""

    width: float
    height: float
    words: tuple[Word, ...]

    def line(self, text: str) -> Word:
        """A line, or a part of one, as if it were one word."""
        wanted = text.split()
        for at in range(len(self.words)):
            found = self.words[at : at + len(wanted)]
            if [one.text for one in found] == wanted:
                sides = (min(one.left for one in found), min(one.top for one in found))
                return Word(*sides, max(one.right for one in found), max(one.bottom for one in found), text)
        raise AssertionError((text, [one.text for one in self.words]))


def report(layout: str, more: str = "") -> str:
    """The settings of the small book in a layout."""
    return f"""\
title: Báo cáo thử
subject: về một vùng nhỏ
issuer: {{superior: Cấp trên, body: Cơ quan thử, code: BC/CQT}}
place: Hà Nội
layout: {layout}
region: vung-bac
audiences: [hoi-nghi, noi-bo]
parts: [{{title: Nhất, chapters: [chapters/dan-so.md]}}, {{title: Hai, chapters: [provinces/lang-son.md]}}]
appendices: [targets, indicators, sources]
{more}"""


SIGNED = """\
draft: 2
signature: {on_behalf_of: Ban Chỉ đạo, in_place_of: Trưởng Ban, posts: [Phó Trưởng Ban], name: Nguyễn Văn Thử}
recipients: [Bộ Chính trị, Ban Bí thư]
archive: Văn phòng
"""
ISSUED = "number: 5\nissued: 2021-02-03\n"


def made(cache: Path, layout: str, more: str = "", **files: str) -> Document:
    """The small book in a layout; `more` are further settings."""
    return printed(cache, {"data/report.yml": report(layout, more), "provinces/lang-son.md": PROVINCE, **files})


def said(document: Document, fascicle: str) -> str:
    """What a reader sees of a fascicle, on one line."""
    html = next(one.html for one in document.fascicles if one.name == fascicle)
    return re.sub(r"\s+", " ", TAG.sub(" ", html)).replace(NO_BREAK, "").strip()


def excerpt(document: Document, *fascicles: Fascicle) -> Document:
    """Other fascicles in the frame of a document."""
    return replace(document, fascicles=fascicles, frame=replace(document.frame, excerpt=True))


@pytest.fixture(scope="module", params=LAYOUTS)
def layout(request: pytest.FixtureRequest) -> str:
    """Each of the layouts."""
    return str(request.param)


@pytest.fixture(scope="module")
def sheets(layout: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Sheet, ...]:
    """The pages of the small book in a layout."""
    folder = tmp_path_factory.mktemp(layout)
    return measured(folder, made(folder / "drawings", layout, SIGNED))


def measured(folder: Path, document: Document) -> tuple[Sheet, ...]:
    """The pages of a document as they are typeset."""
    path = folder / "report.pdf"
    path.write_bytes(typeset_here(document, folder / "cache"))
    command = ("pdftotext", "-bbox", str(path), "-")
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return tuple(
        Sheet(float(width) * POINT, float(height) * POINT, tuple(_words(words)))
        for width, height, words in _PAGE.findall(text)
    )


def _words(page: str) -> Iterator[Word]:
    for left, top, right, bottom, text in _WORD.findall(page):
        sides = [float(one) * POINT for one in (left, top, right, bottom)]
        yield Word(sides[0], sides[1], sides[2], sides[3], text.replace(NO_BREAK, ""))


def in_margin(word: str) -> bool:
    """True for the number of a paragraph."""
    return re.fullmatch(r"\d+\.\d+", word) is not None


def _holding(sheets: tuple[Sheet, ...], text: str) -> Sheet:
    """The last page on which a line stands: the contents name it before."""
    found = []
    for one in sheets:
        try:
            one.line(text)
        except AssertionError:
            continue
        found.append(one)
    return found[-1]


def test_text_keeps_to_the_margins(sheets: tuple[Sheet, ...], layout: str) -> None:
    page = PROFILES[layout]["page"]
    for sheet in sheets[1:]:
        lies = sheet.width > sheet.height
        sides = page["landscape_margins" if lies else "margins"]
        text = [one for one in sheet.words if one.top > sides["top"] - 2 and not in_margin(one.text)]
        assert min(one.left for one in text) >= sides["left"] - 0.3
        assert max(one.right for one in text) <= sheet.width - sides["right"] + 0.6
        assert max(one.baseline for one in text) <= sheet.height - sides["bottom"]
    prose = _holding(sheets, "1.1. Quy mô")
    left = min(one.left for one in prose.words if not in_margin(one.text))
    assert left == pytest.approx(page["margins"]["left"], abs=0.3)


def test_pages_are_numbered_in_the_middle_of_the_text_and_the_first_is_not(
    sheets: tuple[Sheet, ...], layout: str
) -> None:
    page = PROFILES[layout]["page"]
    folio = sheets[1].line("2")
    middle = (page["margins"]["left"] + page["width"] - page["margins"]["right"]) / 2
    assert (folio.left + folio.right) / 2 == pytest.approx(middle, abs=0.3)
    assert folio.size == pytest.approx(page["number"]["size"], abs=0.1)
    digits = folio.baseline - 0.66 * folio.size * POINT
    assert 8 <= digits <= 11.5  # as measured on the scan of Hướng dẫn 05-HD/VPTW
    assert "1" not in [one.text for one in sheets[0].words]


def test_the_contents_lead_to_the_appendix_by_the_number_on_its_page(sheets: tuple[Sheet, ...], layout: str) -> None:
    word = "II" if PROFILES[layout]["division"]["appendix_numerals"] == "roman" else "2"
    prefix = PROFILES[layout]["division"]["appendix_pages"].format(number=2)
    begins = _holding(sheets, f"Phụ lục {word} SỐ LIỆU")
    number = next(one for one in begins.words if one.top < 15 and one.text.isdigit()).text
    assert number == ("1" if prefix else str(sheets.index(begins) + 1))
    entry = sheets[1].line(f"Phụ lục {word}. Số liệu của vùng và các tỉnh")
    assert [one.text for one in sheets[1].words if abs(one.baseline - entry.baseline) < 0.5][-1] == f"{prefix}{number}"


def test_the_title_block_stands_in_two_columns(sheets: tuple[Sheet, ...], layout: str) -> None:
    heading, margins = PROFILES[layout]["heading"], PROFILES[layout]["page"]["margins"]
    first = sheets[0]
    left = margins["left"] + heading["left_width"] / 2
    right = PROFILES[layout]["page"]["width"] - margins["right"] - heading["right_width"] / 2
    sizes = {"CẤP TRÊN": "superior_size", "CƠ QUAN THỬ": "body_size", "Dự thảo lần 2": "draft_size"}
    for text, size in sizes.items():
        found = first.line(text)
        assert (found.left + found.right) / 2 == pytest.approx(left, abs=0.3)
        assert found.size == pytest.approx(heading[size], abs=0.1)
    lines = [(heading["nation"], "nation_size"), (heading["motto"], "motto_size")]
    for text, size in lines:
        if text:
            found = first.line(text)
            assert (found.left + found.right) / 2 == pytest.approx(right, abs=0.3)
            assert found.size == pytest.approx(heading[size], abs=0.1)
    number, date, draft = (first.line(one) for one in (heading["number"], "Hà Nội, ngày", "Dự thảo"))
    assert (date.baseline == pytest.approx(number.baseline, abs=0.2)) == heading["date_beside_number"]
    assert draft.baseline > number.baseline > first.line("CƠ QUAN THỬ").baseline
    assert date.size == pytest.approx(heading["date_size"], abs=0.1)
    assert number.size == pytest.approx(heading["number_size"], abs=0.1)


def test_type_and_subject_stand_in_the_middle_below(sheets: tuple[Sheet, ...], layout: str) -> None:
    heading, margins = PROFILES[layout]["heading"], PROFILES[layout]["page"]["margins"]
    middle = (margins["left"] + PROFILES[layout]["page"]["width"] - margins["right"]) / 2
    lines = [("BÁO CÁO", "type_size"), ("thử về một vùng nhỏ", "subject_size")]
    found = [(sheets[0].line(text), heading[size]) for text, size in lines]
    for line, size in found:
        assert (line.left + line.right) / 2 == pytest.approx(middle, abs=0.3)
        assert line.size == pytest.approx(size, abs=0.1)
    assert found[0][0].baseline < found[1][0].baseline
    assert ("-----" in [one.text for one in sheets[0].words]) == (heading["below_subject"] == "-----")


def test_the_note_of_circulation_stands_in_the_upper_right_corner(sheets: tuple[Sheet, ...], layout: str) -> None:
    page = PROFILES[layout]["page"]
    note = sheets[0].line("TÀI LIỆU HỘI NGHỊ")
    frame = 2.3 if page["circulation"]["framed"] else 0
    assert note.right == pytest.approx(page["width"] - page["margins"]["right"] - frame, abs=0.5)
    assert note.size == pytest.approx(page["circulation"]["size"], abs=0.1)
    capitals = note.baseline - 0.66 * note.size * POINT
    assert page["circulation"]["from_edge"] <= capitals <= page["circulation"]["from_edge"] + 3


def test_the_body_has_its_size_and_pitch(sheets: tuple[Sheet, ...], layout: str) -> None:
    body = PROFILES[layout]["body"]
    prose = _holding(sheets, "1.2. Chữ cái")
    quoted = [one for one in prose.words if one.text == "27/2008/QĐ-TTg"]
    assert {round(one.size, 1) for one in quoted} == {body["size"]}
    lines = sorted({round(one.baseline, 2) for one in quoted})
    pitch = min(below - above for above, below in pairwise(lines)) / POINT
    assert pitch == pytest.approx(body["pitch"], abs=0.1)


def test_recipients_and_signature_stand_side_by_side_after_the_text(sheets: tuple[Sheet, ...], layout: str) -> None:
    profile = PROFILES[layout]
    last = _holding(sheets, "Nơi nhận:")
    title, post, name = (last.line(one) for one in ("Nơi nhận:", "PHÓ TRƯỞNG BAN", "Nguyễn Văn Thử"))
    margins = profile["page"]["margins"]
    middle = (margins["left"] + profile["page"]["width"] - margins["right"]) / 2
    assert title.left == pytest.approx(margins["left"], abs=0.3)
    assert title.size == pytest.approx(profile["recipients"]["title_size"], abs=0.1)
    assert last.line("Bộ").size == pytest.approx(profile["recipients"]["size"], abs=0.1)
    assert post.left > middle
    assert post.size == pytest.approx(profile["signature"]["post_size"], abs=0.1)
    assert (post.left + post.right) / 2 == pytest.approx((name.left + name.right) / 2, abs=0.3)
    assert 25 < name.baseline - post.baseline < 45  # room for the signature and a third of the seal
    assert last.line("2.1. Dân số").baseline < title.baseline


@pytest.mark.parametrize(
    ("layout", "signed", "received"),
    [
        (
            "dang-2018",
            "T/M BAN CHỈ ĐẠO K/T TRƯỞNG BAN PHÓ TRƯỞNG BAN Nguyễn Văn Thử",
            "Nơi nhận: Bộ Chính trị, Ban Bí thư, Lưu Văn phòng.",
        ),
        (
            "dang-2026",
            "T/M BAN CHỈ ĐẠO K/T TRƯỞNG BAN PHÓ TRƯỞNG BAN Nguyễn Văn Thử",
            "Nơi nhận: Bộ Chính trị; Ban Bí thư; Lưu Văn phòng.",
        ),
        (
            "nd30-2020",
            "TM. BAN CHỈ ĐẠO KT. TRƯỞNG BAN PHÓ TRƯỞNG BAN Nguyễn Văn Thử",
            "Nơi nhận: Bộ Chính trị; Ban Bí thư; Lưu: Văn phòng.",
        ),
    ],
)
def test_signing_rights_and_recipients_are_written_as_the_layout_does(
    tmp_path: Path, layout: str, signed: str, received: str
) -> None:
    assert said(made(tmp_path, layout, SIGNED), "provinces-lang-son").endswith(f"{received} {signed}")


def test_two_posts_of_one_signer_stand_above_each_other_and_the_name_may_be_blank(tmp_path: Path) -> None:
    more = "signature: {posts: [Bí thư Tỉnh ủy, Trưởng Ban Chỉ đạo], acting: true}\n"
    text = said(made(tmp_path, "dang-2018", more), "provinces-lang-son")
    assert text.endswith("Q. BÍ THƯ TỈNH UỶ kiêm TRƯỞNG BAN CHỈ ĐẠO")
    assert "Nơi nhận" not in text


def test_without_settings_nobody_signs(tmp_path: Path) -> None:
    assert 'class="closing"' not in whole(made(tmp_path, "dang-2018"))


@pytest.mark.parametrize(
    ("layout", "number", "date", "attached"),
    [
        ("dang-2018", "Số 05-BC/CQT", "Hà Nội, ngày 03 tháng 02 năm 2021", ""),
        (
            "dang-2026",
            "Số 05-BC/CQT",
            "Hà Nội, ngày 03 tháng 02 năm 2021",
            "(Kèm theo Báo cáo số 05-BC/CQT, ngày 03 tháng 02 năm 2021 của Cơ quan thử)",
        ),
        (
            "nd30-2020",
            "Số: 05/BC-CQT",
            "Hà Nội, ngày 03 tháng 02 năm 2021",
            "(Kèm theo Báo cáo số 05/BC-CQT ngày 03 tháng 02 năm 2021 của Cơ quan thử)",
        ),
    ],
)
def test_number_and_date_of_an_issued_report(
    tmp_path: Path, layout: str, number: str, date: str, attached: str
) -> None:
    document = made(tmp_path, layout, ISSUED)
    assert number in said(document, "trang-dau")
    assert date in said(document, "trang-dau")
    assert ("Kèm theo" in said(document, "phu-luc-1")) == bool(attached)
    assert attached in said(document, "phu-luc-1")


@pytest.mark.parametrize(
    ("layout", "part", "chapters", "appendix"),
    [
        ("dang-2018", "Phần thứ hai", ("1. Dân số", "2. Lạng Sơn"), "Phụ lục 2"),
        ("dang-2026", "Phần II", ("I- Dân số", "II- Lạng Sơn"), "Phụ lục 2"),
        ("nd30-2020", "Phần II", ("I. Dân số", "II. Lạng Sơn"), "Phụ lục II"),
    ],
)
def test_parts_chapters_and_appendices_bear_the_numerals_of_the_layout(
    tmp_path: Path, layout: str, part: str, chapters: tuple[str, str], appendix: str
) -> None:
    document = made(tmp_path, layout)
    contents = said(document, "muc-luc")
    for text in (f"{part}. HAI", *chapters, f"{appendix}. Số liệu của vùng và các tỉnh"):
        assert text in contents
    assert said(document, "provinces-lang-son").startswith(f"{part} HAI {chapters[1]}")
    assert said(document, "phu-luc-2-dan-so").startswith(f"{appendix} SỐ LIỆU")


def test_what_is_cited_is_numbered_alike_in_every_layout(tmp_path: Path) -> None:
    cited = [
        re.findall(r"(?:Bảng|Hình)\s[\d.]+\.|(?<=>)[\d.]+\.\s(?=\w)", whole(made(tmp_path, one))) for one in LAYOUTS
    ]
    sections = [[one for one in found if one.count(".") > 1] for found in cited]
    assert sections[0]
    assert sections[0] == sections[1] == sections[2]


@pytest.mark.parametrize(
    ("layout", "restarts"),
    [
        ("dang-2018", {"trang-dau": ""}),
        (
            "dang-2026",
            {"trang-dau": "", "phu-luc-1": "PL1-", "phu-luc-2-dan-so": "PL2-", "phu-luc-3": "PL3-"}
            | {"thong-tin-ban-in": "TT-"},
        ),
        (
            "nd30-2020",
            {"trang-dau": "", "phu-luc-1": "PL1-", "phu-luc-2-dan-so": "PL2-", "phu-luc-3": "PL3-"}
            | {"thong-tin-ban-in": "TT-"},
        ),
    ],
)
def test_appendices_have_page_numbers_of_their_own_where_the_layout_wants_it(
    tmp_path: Path, layout: str, restarts: dict[str, str]
) -> None:
    document = made(tmp_path, layout)
    assert {one.name: one.restart for one in document.fascicles if one.restart is not None} == restarts


def test_a_sheet_printed_on_both_sides_has_the_margins_of_its_front_seen_through_it(tmp_path: Path) -> None:
    duplex = TEXTS["dang-2018"].replace("duplex = false", "duplex = true")
    documents = printed(tmp_path, {f"{FOLDER}/dang-2018.toml": duplex}), made(tmp_path, "dang-2018")
    assert [one.frame.verso for one in documents] == [(15, 15), None]


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_layout_lies_within_its_rule(name: str) -> None:
    profile = read_profile(tree({f"{FOLDER}/{name}.toml": TEXTS[name]}), name)
    margins, body = profile["page"]["margins"], profile["body"]
    assert (profile["page"]["width"], profile["page"]["height"]) == (210, 297)
    assert all(20 <= margins[side] <= 25 for side in ("top", "bottom"))
    assert 30 <= margins["left"] <= 35
    assert 15 <= margins["right"] <= 20
    assert 13 <= body["size"] <= 15
    assert body["gap"] >= 6
    assert body["pitch"] <= (1.5 * 1.15 * body["size"] if name == "nd30-2020" else 22)


@pytest.mark.parametrize(
    ("right", "wrong", "rule", "arguments"),
    [
        ("indent = 10\n", "", "layout-lacks-key", {"key": "body.indent", "expected": "number"}),
        ("[signature]", "[signatures]", "layout-lacks-key", {"key": "signature.on_behalf_of", "expected": "text"}),
        ("top = 20", 'top = "20"', "layout-value", {"key": "page.margins.top", "value": "20", "expected": "number"}),
        ("duplex = false", "duplex = 1", "layout-value", {"key": "page.duplex", "value": "1", "expected": "bool"}),
        ("pitch = 19", "pitch = true", "layout-value", {"key": "body.pitch", "value": "True", "expected": "number"}),
        (
            'tones = "new"',
            'tones = "mới"',
            "layout-value",
            {"key": "body.tones", "value": "mới", "expected": "old, new"},
        ),
    ],
)
def test_a_layout_with_a_key_missing_or_of_another_kind_is_refused(
    right: str, wrong: str, rule: str, arguments: dict[str, str]
) -> None:
    path = f"{FOLDER}/dang-2018.toml"
    assert right in TEXTS["dang-2018"]
    with pytest.raises(GalleyError) as caught:
        read_profile(tree({path: TEXTS["dang-2018"].replace(right, wrong, 1)}), "dang-2018")
    assert caught.value.rule == rule
    assert caught.value.arguments == {"path": path, **arguments}


def test_a_layout_that_is_no_toml_is_refused() -> None:
    with pytest.raises(GalleyError) as caught:
        read_profile(tree({f"{FOLDER}/dang-2018.toml": "name = \n"}), "dang-2018")
    assert caught.value.rule == "template"


@pytest.mark.parametrize(
    ("layout", "text"),
    [
        ("dang-2018", "Tỉnh uỷ Lạng Sơn và các tỉnh uỷ ghi “xóa mù chữ”, hoà bình; Thanh Hóa."),
        ("nd30-2020", "Tỉnh ủy Lạng Sơn và các tỉnh ủy ghi “xóa mù chữ”, hòa bình; Thanh Hóa."),
    ],
)
def test_tone_marks_stand_where_the_layout_puts_them(tmp_path: Path, layout: str, text: str) -> None:
    assert text in said(made(tmp_path, layout, "names: [Thanh Hóa]\n"), "provinces-lang-son").replace(NBSP, " ")


@pytest.mark.parametrize(
    ("html", "placed"),
    [
        ("<p>hòa, Ủy ban, THỦY</p>", "<p>hoà, Uỷ ban, THUỶ</p>"),
        ('<p>“tỉnh <b>ủy</b>” và "tỉnh ủy" ủy</p>', '<p>“tỉnh <b>ủy</b>” và "tỉnh ủy" uỷ</p>'),
        ("<p>&quot;ủy&quot; ủy &#34;ủy&#34;</p>", "<p>&quot;ủy&quot; uỷ &#34;ủy&#34;</p>"),
        ("<p>“ủy</p><p>ủy</p>", "<p>“ủy</p><p>uỷ</p>"),
        (
            '<a id="hòa" title="ủy" href="/thủy">ủy &amp; hòa</a>',
            '<a id="hòa" title="ủy" href="/thủy">uỷ &amp; hoà</a>',
        ),
        ("<p>tỉnh Hòa Bình, TỈNH HÒA BÌNH: hòa bình</p>", "<p>tỉnh Hòa Bình, TỈNH HÒA BÌNH: hoà bình</p>"),
        ("<p>Thanh Hòa Bình An</p>", "<p>Thanh Hòa Bình An</p>"),
        ("<p>Hòa Bình Hòa</p>", "<p>Hòa Bình Hoà</p>"),
    ],
)
def test_tone_marks_of_quotations_names_and_tags_are_left_alone(html: str, placed: str) -> None:
    assert retoning("new", ["Hòa Bình"])(html) == placed


def test_without_names_all_tone_marks_are_placed() -> None:
    assert retoning("old", [])("<p>Hoà Bình, uỷ</p>") == "<p>Hòa Bình, ủy</p>"


TABLES = f"""\
---
title: Dân số
owner: to-bien-tap
status: draft
---

## Quy mô {{#quy-mo}}

{{{{ table("dan-so", periods={list(YEARS)}, id="bang-rong") }}}}

{{{{ table("dan-so", periods=[2019, 2020], id="bang-hep") }}}}
"""


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sheet, ...]:
    """Pages with a wide table and a narrow one."""
    folder = tmp_path_factory.mktemp("tables")
    return measured(folder, made(folder / "drawings", "dang-2018", **{"chapters/dan-so.md": TABLES}))


def test_a_table_stands_between_its_caption_with_the_unit_and_its_source(tables: tuple[Sheet, ...]) -> None:
    page = _holding(tables, "Bảng 1.2.")
    caption, unit, head, source = (page.line(one) for one in ("Bảng 1.2.", "Đơn vị tính:", "Tỉnh, vùng", "Nguồn:"))
    assert caption.baseline < unit.baseline < head.baseline < page.line("Lạng Sơn").baseline < source.baseline
    assert page.line("nghìn người").right == pytest.approx(page.line("720,5").right, abs=2)


def test_a_wide_table_lies_with_its_caption_and_the_next_page_stands_again(tables: tuple[Sheet, ...]) -> None:
    wide = _holding(tables, "Bảng 1.1.")
    assert wide.width > wide.height
    assert wide.line("2009").baseline > wide.line("Bảng 1.1.").baseline
    after = tables[tables.index(wide) + 1]
    assert after.width < after.height


def _long(lines: int, kind: str) -> Fascicle:
    """So many lines, and below them a table that does not fit on the page."""
    rows = "".join(f"<tr><td>Hàng</td><td>{number}</td></tr>" for number in range(1, 60))
    table = f"<thead><tr><th>Đầu</th><th>Bảng</th></tr></thead><tbody>{rows}</tbody>"
    figure = f'<figure class="{kind}"><figcaption>Tên bảng</figcaption><table class="register">{table}</table></figure>'
    return Fascicle(f"dong-{lines}", f'<section class="chapter">{"<p>Dòng</p>" * lines}{figure}</section>')


@pytest.mark.parametrize("kind", ["targets", "figures-register"])
def test_a_long_table_keeps_its_caption_and_repeats_its_head(tmp_path: Path, kind: str) -> None:
    document = made(tmp_path, "dang-2018")
    lines = range(24, 30)  # 29 paragraphs of a line fill the page
    long = excerpt(document, *(_long(one, kind) for one in lines))
    pages = [[one.text for one in page.words] for page in measured(tmp_path, long)]
    named = [page for page in pages if "Tên" in page]
    assert len(named) == len(lines)
    assert any("Dòng" in page for page in named)
    assert any("Dòng" not in page for page in named)
    assert all(page[page.index("Đầu") :][:4] == ["Đầu", "Bảng", "Hàng", "1"] for page in named)
    assert all(page.count("Đầu") == 1 for page in pages if "Hàng" in page)


def test_the_signature_never_stands_alone_on_a_page(tmp_path: Path) -> None:
    document = made(tmp_path, "dang-2018", SIGNED)
    last = next(one.html for one in document.fascicles if "closing" in one.html)
    closing = last[last.index('<section class="closing">') :]
    filled = [f'<section class="chapter">{"<p>Dòng</p>" * lines}</section>{closing}' for lines in range(18, 31)]
    full = excerpt(document, *(Fascicle(f"dong-{number}", html) for number, html in enumerate(filled)))
    pages = [[one.text for one in page.words] for page in measured(tmp_path, full)]
    signed = [page for page in pages if "nhận:" in page]
    assert len(signed) == len(filled)
    assert len(pages) > len(signed)
    assert all("Dòng" in page and "Thử" in page for page in signed)

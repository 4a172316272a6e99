"""Numbers of paragraphs in a real browser: seen, led to, cited, and remarked on, at a desk and on a phone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.serving import launched, served
from tests.sites import BOOK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

SIZES = {"desk": (1280, 900), "phone": (390, 844)}
LONGEST = 8000
CHAPTER = "chapters/dan-so.html"
LONG = "Câu dài về dân số của vùng, viết nhiều lần cho dài. " * 40
TEXT = f"""\
    ---
    title: Dân số & "việc làm"
    owner: to-bien-tap
    status: draft
    ---

    ## Quy mô {{#quy-mo}}

    Dân số năm 2020 là {{{{ value("dan-so", "vung-bac", 2020) }}}}{{{{ cite("nien-giam") }}}}, theo [nguồn](#quy-mo).

    - Mục thứ nhất.
    - Mục thứ hai.

    > Lời dẫn của người khác.

    | Tỉnh | Số xã |
    | --- | --- |
    | Lạng Sơn | 200 |

    {{{{ table("dan-so", periods=[2019, 2020], id="bang-dan-so") }}}}

    {{{{ chart("dan-so", areas=["lang-son"]) }}}}

    {{{{ tilemap("dan-so", 2020) }}}}

    {{{{ proposals() }}}}

    {{{{ targets() }}}}

    {{{{ milestones() }}}}

    {LONG}
    """
NUMBERS = [f"1.{number}" for number in range(1, 12)]


@dataclass
class Visit:
    """A page in the browser, with what it complained of."""

    page: Page
    address: str
    trouble: list[str] = field(default_factory=list)

    def open(self, path: str = CHAPTER) -> Page:
        """Go to a page and wait until it is quiet."""
        self.page.goto(self.address + path)
        self.page.wait_for_load_state("networkidle")
        return self.page

    def mark(self, number: int) -> Locator:
        """The number of a paragraph."""
        return self.page.locator(f"#doan-{number}")

    def remark(self, number: int) -> dict[str, str]:
        """What a new issue on a paragraph would have in it: title and text."""
        self.mark(number).focus()
        href = self.page.locator(".paragraph-menu a").get_attribute("href")
        assert href is not None
        assert len(href) <= LONGEST
        assert href.startswith("https://git.example.vn/to-bien-tap/nq37/-/issues/new?")
        return dict(parse_qsl(urlsplit(href).query, strict_parsing=True))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    text = BOOK["data/report.yml"]
    assert text is not None
    files = {"chapters/dan-so.md": TEXT, "data/report.yml": f"{text}draft: 2\n"}
    with served(files, tmp_path_factory) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(params=SIZES)
def visit(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=request.param == "phone")
    context.set_default_timeout(120_000)
    visit = Visit(context.new_page(), address)
    visit.page.on("console", lambda line: visit.trouble.append(line.text) if line.type != "log" else None)
    visit.page.on("pageerror", lambda error: visit.trouble.append(str(error)))
    yield visit
    context.close()
    assert visit.trouble == []


def clip(page: Page) -> str:
    """What was copied last."""
    page.context.grant_permissions(["clipboard-read"])
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_every_block_shows_its_number_whole(visit: Visit) -> None:
    page = visit.open()
    marks = page.locator("article a.paragraph")
    shown = marks.evaluate_all("all => all.map(one => getComputedStyle(one, '::before').content)")
    assert shown == [f'"{number}"' for number in NUMBERS]
    for at in range(len(NUMBERS)):
        mark = marks.nth(at)
        mark.scroll_into_view_if_needed()
        box = mark.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["width"] > 8
        # what is seen at the middle of the number is the number: nothing clips or covers it
        assert mark.evaluate(
            """one => { const box = one.getBoundingClientRect();
            return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === one; }"""
        ), NUMBERS[at]


@pytest.mark.parametrize("visit", ["desk"], indirect=True)
def test_at_a_desk_numbers_stand_in_the_margin_one_below_the_other(visit: Visit) -> None:
    page = visit.open()
    ends = page.locator("article a.paragraph").evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
    assert max(ends) - min(ends) < 1
    heading = page.locator("#quy-mo").bounding_box()
    assert heading is not None
    assert max(ends) < heading["x"]


def test_nothing_is_wider_than_the_screen(visit: Visit) -> None:
    page = visit.open()
    visit.mark(11).focus()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]


def test_a_click_leads_to_the_paragraph_and_lights_it_up(visit: Visit) -> None:
    page = visit.open()
    visit.mark(11).click()
    page.wait_for_url("**#doan-11")
    color = "one => getComputedStyle(one.closest('p')).backgroundColor"
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('#doan-11').closest('p')).backgroundColor !== 'rgba(0, 0, 0, 0)'"
    )
    assert visit.mark(1).evaluate(color) == "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize(
    ("number", "block"), [(2, "ul"), (4, "table"), (5, "figure"), (6, "figure"), (8, "ol"), (9, ".table-scroll")]
)
def test_the_whole_block_is_lit_up(visit: Visit, number: int, block: str) -> None:
    visit.open(f"{CHAPTER}#doan-{number}")
    color = visit.mark(number).evaluate(f"one => getComputedStyle(one.closest('{block}')).backgroundColor")
    assert color != "rgba(0, 0, 0, 0)"


def test_a_paragraph_that_is_led_to_stands_below_the_header(visit: Visit) -> None:
    page = visit.open(f"{CHAPTER}#doan-5")
    header, mark = page.locator(".md-header").bounding_box(), visit.mark(5).bounding_box()
    assert header is not None
    assert mark is not None
    assert mark["y"] >= header["y"] + header["height"]


def test_the_button_copies_a_citation(visit: Visit) -> None:
    page = visit.open()
    visit.mark(1).focus()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Chép trích dẫn").click()
    page.get_by_text("Đã chép").wait_for()
    commit = page.locator(".built code").inner_text()[:7]
    assert clip(page) == (
        f'Đoạn 1.1, chương 1 "Dân số & "việc làm"", Dự thảo lần 2, bản {commit} (09/6/2021): '
        f'"Dân số năm 2020 là 1.321,8 nghìn người, theo nguồn." {visit.address}{CHAPTER}#doan-1'
    )


@pytest.mark.parametrize(
    ("number", "quote"),
    [
        (2, "Mục thứ nhất."),
        (3, "Lời dẫn của người khác."),
        (4, "Tỉnh Số xã"),
        (5, "Bảng 1.1. Dân số, 2019 và 2020"),
        (6, "Hình 1.1. Dân số, 2019 và 2020 (nghìn người)"),
        (8, "Xây cầu. (Tổ Biên tập kiến nghị; đầu tư; từ phân tích số liệu)"),
        (9, "Dân số ít nhất 90.000 nghìn người 97.582,7 nghìn người đạt"),
        (11, "Câu dài về dân số của vùng, viết nhiều lần cho dài. Câu dài …"),
    ],
)
def test_what_is_quoted_tells_the_block(visit: Visit, number: int, quote: str) -> None:
    visit.open()
    text = visit.remark(number)["issue[description]"].replace("\N{NO-BREAK SPACE}", " ")
    assert f"\n> {quote}\n" in text


def test_the_keyboard_reaches_button_and_link_and_comes_back(visit: Visit) -> None:
    page = visit.open()
    visit.mark(2).focus()
    focused = "document.activeElement.textContent"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "Chép trích dẫn"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "Góp ý"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "doan-2"
    assert page.locator(".paragraph-menu").count() == 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "doan-3"


def test_the_pointer_opens_the_menu_and_leaving_closes_it(visit: Visit) -> None:
    page = visit.open()
    menu = page.locator(".paragraph-menu")
    assert menu.count() == 0
    visit.mark(3).hover()
    menu.wait_for(state="visible")
    menu.hover()
    page.locator("h1").hover()
    menu.wait_for(state="detached")


SELECT = """([from, to]) => {
    const text = name => document.querySelector(name).closest("p, li").lastChild;
    const range = document.createRange();
    range.setStart(text(from), 0);
    range.setEnd(text(to), 8);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
}"""


def test_selected_words_are_quoted_instead_of_the_first_ones(visit: Visit) -> None:
    page = visit.open()
    page.evaluate(SELECT, ["#doan-3", "#doan-3"])
    visit.mark(3).click()
    assert "\n> Lời dẫn\n" in visit.remark(3)["issue[description]"]


def test_of_a_selection_only_what_is_in_the_paragraph_is_quoted(visit: Visit) -> None:
    page = visit.open()
    page.evaluate(SELECT, ["#doan-2", "#doan-3"])
    assert "\n> Lời dẫn\n" in visit.remark(3)["issue[description]"]
    assert "\n> Mục thứ nhất. Mục thứ hai.\n" in visit.remark(2)["issue[description]"]
    assert "\n> Dân số năm" in visit.remark(1)["issue[description]"]


def test_without_a_clipboard_the_citation_is_offered_in_a_field(visit: Visit) -> None:
    page = visit.open()
    page.evaluate("document.execCommand = () => false")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: {writeText: () => Promise.reject(Error())}})")
    visit.mark(2).focus()
    page.get_by_role("button", name="Chép trích dẫn").click()
    box = page.get_by_label("Trích dẫn để chép")
    box.wait_for(state="visible")
    picked = page.evaluate(
        "document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)"
    )
    assert picked.startswith("Đoạn 1.2, chương 1")
    assert picked.endswith(f"{CHAPTER}#doan-2")
    field_, header = box.bounding_box(), page.locator(".md-header").bounding_box()
    assert field_ is not None
    assert header is not None
    assert field_["y"] >= header["y"] + header["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]


def test_without_the_clipboard_s_interface_the_old_way_copies(visit: Visit) -> None:
    page = visit.open()
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined, configurable: true})")
    visit.mark(2).focus()
    page.get_by_role("button", name="Chép trích dẫn").click()
    page.get_by_text("Đã chép").wait_for()
    assert page.get_by_label("Trích dẫn để chép").is_hidden()


def test_a_remark_names_chapter_paragraph_quote_and_draft(visit: Visit) -> None:
    page = visit.open()
    found = visit.remark(2)
    commit = page.locator(".built code").inner_text()[:7]
    assert found["issue[title]"] == 'Góp ý đoạn 1.2, chương 1 "Dân số & "việc làm""'
    assert found["issue[description]"] == (
        '- Nơi góp ý: đoạn 1.2, chương 1 "Dân số & "việc làm"" (`chapters/dan-so.md`)\n'
        f"- Bản: Dự thảo lần 2, bản {commit} (09/6/2021)\n"
        f"- Địa chỉ: {visit.address}{CHAPTER}#doan-2\n\n"
        "> Mục thứ nhất.\n\n"
        "Nội dung góp ý:\n\n"
    )


def test_a_long_selection_is_cut_until_the_address_is_short_enough(visit: Visit) -> None:
    page = visit.open()
    page.evaluate("document.querySelector('#doan-11').closest('p').append('ệ'.repeat(9000))")
    page.evaluate(SELECT.replace("8)", "9000)"), ["#doan-11", "#doan-11"])
    text = visit.remark(11)["issue[description]"]
    assert " …\n" in text
    assert text.endswith("Nội dung góp ý:\n\n")


def test_the_facts_of_the_page_link_to_a_remark_on_the_chapter(visit: Visit) -> None:
    page = visit.open()
    href = page.get_by_role("link", name="Gửi góp ý").get_attribute("href")
    assert href is not None
    found = dict(parse_qsl(urlsplit(href).query))
    assert found["issue[title]"] == 'Góp ý chương 1 "Dân số & "việc làm""'
    assert "`chapters/dan-so.md`" in found["issue[description]"]
    assert "Dự thảo lần 2, bản " in found["issue[description]"]


def test_the_history_opens(visit: Visit) -> None:
    page = visit.open()
    entry = page.locator(".history li")
    assert entry.is_hidden()
    page.get_by_text("Lịch sử sửa đổi").click()
    entry.wait_for(state="visible")
    assert "Nguyễn Thị Hoa" in entry.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]

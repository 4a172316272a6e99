"""The review site in a real browser: search, where figures come from, phones, no foreign request, no complaint."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.serving import launched, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Route

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PAGES = (
    "index.html",
    "chapters/bien-gioi.html",
    "provinces/lang-son.html",
    "so-lieu/dan-so.html",
    "so-lieu/index.html",
    "so-lieu/day-du.html",
    "so-lieu/so-so-lieu.html",
    "muc-tieu.html",
    "kien-nghi.html",
    "nguon.html",
    "huong-dan/2-dua-so-lieu-vao-bai.html",
    "404.html",
)
# The count is told first, and the pages are listed after it.
_ANSWERED = """
    () => {
        const told = document.querySelector(".md-search-result__meta").textContent;
        const listed = document.querySelectorAll(".md-search-result__item > a.md-search-result__link").length;
        const count = Math.min(3, parseInt(told.match(/\\d+/) || "1"));
        return /Không tìm/.test(told) || (/Tìm thấy/.test(told) && listed >= count);
    }
"""
BARE = """\
    ---
    title: {title}
    owner: to-bien-tap
    status: draft
    ---

    ## {heading} {{#muc}}

    {text}
    """
# Spelled apart: `ban` and `bán`; one tone set the new way; one page in NFD, whose text git would hold as it is typed.
WORDS = {
    "chapters/ban.md": BARE.format(title="Một", heading="Chuyện", text="Nơi đây bán hàng, bán lẻ, bán buôn, bán sỉ."),
    "chapters/ban-ghi.md": BARE.format(title="Hai", heading="Chuyện", text="Cái ban ấy."),
    "chapters/uy-ban.md": BARE.format(title="Ba", heading="Quyết định", text="Uỷ quyền làm việc, hoà nhạc."),
    "data/report.yml": """\
        title: Báo cáo thử
        subject: về một vùng nhỏ
        issuer: {superior: Cấp trên, body: Cơ quan thử, code: BC/CQT}
        place: Hà Nội
        layout: dang-2018
        region: vung-bac
        audiences: [cong-khai]
        parts:
          - {title: Tình hình, chapters: [chapters/dan-so.md, chapters/bien-gioi.md, chapters/hoa-binh.md]}
          - {title: Từ ngữ, chapters: [chapters/ban.md, chapters/ban-ghi.md, chapters/uy-ban.md]}
          - {title: Hồ sơ các tỉnh, chapters: [provinces/lang-son.md]}
        repository: https://git.example.vn/to-bien-tap/nq37
        forge: gitlab
        """,
    "data/areas.yml": """\
        ca-nuoc: {name: Cả nước, kind: nation}
        vung-bac: {name: Vùng Bắc, kind: region}
        lang-son: {name: Lạng Sơn, kind: province, region: vung-bac, borders: [cao-bang], tile: [0, 1]}
        cao-bang: {name: Cao Bằng, kind: province, region: vung-bac, borders: [lang-son, bac-kan], tile: [0, 0]}
        bac-kan: {name: Bắc Kạn, kind: province, region: vung-bac, borders: [cao-bang], tile: [1, 0]}
        """,
    "data/indicators/dan-so.yml": """\
        name: Dân số
        unit: nghin-nguoi
        decimals: 1
        better: neither
        aggregate: sum
        topic: dan-so
        source: nien-giam
        observations:
          lang-son: {2019: 781.7, 2020: 788.7}
          cao-bang: {2019: 530.3, 2020: 533.1}
          bac-kan: {2019: 314.4, 2020: 316.5}
          ca-nuoc: {2019: 96484.0, 2020: 97582.7}
        """,
    "data/sources.yml": """\
        nien-giam: {title: Niên giám thống kê, kind: statistics, publisher: Tổng cục Thống kê}
        nghi-quyet: {title: Nghị quyết thử, kind: document}
        bao-cao-mat: {title: Báo cáo gửi đến, kind: submission}
        """,
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(WORDS, tmp_path_factory) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@dataclass
class Visit:
    """A page in the browser, with what went wrong on it and what it asked of other hosts."""

    page: Page
    address: str
    trouble: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a page of the site and wait until it has loaded."""
        self.page.goto(self.address + path)
        return self.page

    def watch(self, route: Route) -> None:
        """Let requests to the site pass, note and stop every other."""
        if route.request.url.startswith((self.address, "data:", "blob:")):
            route.continue_()
        else:
            self.foreign.append(route.request.url)
            route.abort()

    def search(self, query: str) -> list[str]:
        """The addresses of the pages found, best first."""
        self.open("index.html")
        field_ = self.page.locator("[data-md-component=search-query]")
        field_.click()
        field_.fill(query)
        field_.press("Shift")  # Material looks at the field when a key is released
        self.page.wait_for_function(_ANSWERED)
        found = self.page.locator(".md-search-result__item > a.md-search-result__link")
        links = [str(found.nth(number).get_attribute("href")) for number in range(found.count())]
        return [link.removeprefix(self.address).partition("?")[0].partition("#")[0] for link in links]


def _visit(browser: Browser, address: str, size: dict[str, int], *, touch: bool = False) -> Visit:
    context = browser.new_context(viewport={"width": size["width"], "height": size["height"]}, has_touch=touch)
    context.set_default_timeout(120_000)  # a guard against hanging, wide enough for a slow machine
    page = context.new_page()
    visit = Visit(page, address)
    page.on("console", lambda line: visit.trouble.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: visit.trouble.append(str(error)))
    page.route("**/*", visit.watch)
    return visit


@pytest.fixture
def desktop(browser: Browser, address: str) -> Iterator[Visit]:
    visit = _visit(browser, address, DESKTOP)
    yield visit
    visit.page.context.close()


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Visit]:
    visit = _visit(browser, address, PHONE, touch=True)
    yield visit
    visit.page.context.close()


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("lang son", "provinces/lang-son.html"),
        ("Lạng Sơn", "provinces/lang-son.html"),
        ("bien gioi", "chapters/bien-gioi.html"),
        ("biên giới", "chapters/bien-gioi.html"),
        ("hoa binh", "chapters/hoa-binh.html"),
        ("Hoà Bình", "chapters/hoa-binh.html"),
        ("Hòa Bình", "chapters/hoa-binh.html"),
        (unicodedata.normalize("NFD", "Bắc Kạn"), "chapters/hoa-binh.html"),
        ("ủy quyền", "chapters/uy-ban.html"),
        ("uỷ quyền", "chapters/uy-ban.html"),
        ("7,24", "chapters/bien-gioi.html"),
        ("37-NQ/TW", "chapters/bien-gioi.html"),
        ("bán", "chapters/ban.html"),
        ("thuy di", "chapters/hoa-binh.html"),
    ],
)
def test_search_finds_the_page_first(desktop: Visit, query: str, best: str) -> None:
    assert desktop.search(query)[:1] == [best]


def test_a_word_without_marks_stands_before_the_same_letters_with_marks(desktop: Visit) -> None:
    found = desktop.search("ban")
    assert found.index("chapters/ban-ghi.html") < found.index("chapters/ban.html")


def test_search_with_marks_finds_no_other_word(desktop: Visit) -> None:
    assert "chapters/ban.html" not in desktop.search("bàn")


def test_search_leaves_out_the_facts_of_pages_and_tables(desktop: Visit) -> None:
    assert desktop.search("Nguyễn") == []
    assert desktop.search("530,3") == []


def test_the_pointer_shows_where_a_figure_comes_from(desktop: Visit) -> None:
    page = desktop.open("provinces/lang-son.html")
    figure, card = page.locator("data.figure").first, page.locator("#galley-card")
    assert card.is_hidden()
    figure.hover()
    card.wait_for(state="visible")
    for fact in ("Dân số", "Kỳ", "2020", "chính thức", "Niên giám thống kê", "Người nhập", "Nguyễn Thị Hoa"):
        assert fact in card.inner_text()
    assert figure.get_attribute("aria-describedby") == card.get_attribute("id")
    line = card.get_by_role("link", name="Xem dòng số liệu").get_attribute("href")
    assert line is not None
    assert re.fullmatch(r"https://git\.example\.vn/.*/data/indicators/dan-so\.yml#L\d+", line)
    card.get_by_role("link", name="Xem chỉ tiêu").click()
    page.wait_for_url("**/so-lieu/dan-so.html")


def test_the_keyboard_shows_where_a_figure_comes_from(desktop: Visit) -> None:
    page = desktop.open("provinces/lang-son.html")
    card = page.locator("#galley-card")
    page.locator("article a").last.focus()
    page.locator("article h1").evaluate("one => { one.tabIndex = -1; one.focus(); }")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('data.figure')"):
            break
    card.wait_for(state="visible")
    assert "Niên giám thống kê" in card.inner_text()
    page.keyboard.press("Escape")
    assert card.is_hidden()
    assert page.locator("data.figure").first.get_attribute("aria-describedby") is None


def test_the_keyboard_reaches_the_links_of_the_card_and_comes_back(desktop: Visit) -> None:
    page = desktop.open("provinces/lang-son.html")
    page.locator("data.figure").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Xem chỉ tiêu"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Xem dòng số liệu"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('data.figure')")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/so-lieu/dan-so.html")


def test_a_long_list_of_inputs_is_opened_by_its_button(desktop: Visit) -> None:
    page = desktop.open("chapters/bien-gioi.html")
    page.locator("data.figure", has_text="tăng 11,9").first.hover()
    card = page.locator("#galley-card")
    assert "Lạng Sơn 2019: 781,7" in card.inner_text()
    assert "Bắc Kạn 2020" not in card.inner_text()
    card.get_by_role("button", name="… và 2 số khác").click()
    assert "Bắc Kạn 2020: 316,5" in card.inner_text()


def test_the_arrow_keys_walk_through_the_table_of_an_indicator(desktop: Visit) -> None:
    page = desktop.open("so-lieu/dan-so.html")
    cells = page.locator("table.data data.figure")
    assert page.locator("table.data data.figure[tabindex='0']").count() == 1
    cells.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    card = page.locator("#galley-card")
    card.wait_for(state="visible")
    for fact in ("Dân số", "Cao Bằng", "2020", "Nguyễn Thị Hoa"):
        assert fact in card.inner_text()


def test_the_heads_of_the_matrix_stay_in_sight(phone: Visit) -> None:
    page = phone.open("so-lieu/day-du.html")
    region = page.locator(".table-scroll--tall")
    region.evaluate("one => { one.style.maxHeight = '4rem'; one.style.width = '10rem'; }")
    region.evaluate("one => one.scrollTo(60, 40)")
    box, corner = region.bounding_box(), page.locator("table.coverage thead th").first.bounding_box()
    assert box is not None
    assert corner is not None
    assert abs(box["x"] - corner["x"]) <= 1
    assert abs(box["y"] - corner["y"]) <= 3


def test_a_touch_shows_where_a_figure_comes_from_and_another_hides_it(phone: Visit) -> None:
    page = phone.open("provinces/lang-son.html")
    card = page.locator("#galley-card")
    page.locator("data.figure").first.tap()
    card.wait_for(state="visible")
    box = card.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    page.locator("article h1").tap()
    card.wait_for(state="hidden")


def test_a_name_with_marks_of_html_stays_text_in_the_card(desktop: Visit) -> None:
    page = desktop.open("provinces/lang-son.html")
    page.locator("data.figure").first.evaluate("one => { one.dataset.note = '<img src=x onerror=alert(1)>'; }")
    page.locator("data.figure").first.hover()
    assert "<img src=x" in page.locator("#galley-card").inner_text()
    assert page.locator("#galley-card img").count() == 0


@pytest.mark.parametrize("path", PAGES)
def test_no_page_asks_another_host_or_complains(desktop: Visit, path: str) -> None:
    desktop.open(path).wait_for_load_state("networkidle")
    assert desktop.foreign == []
    assert desktop.trouble == []


def test_search_asks_no_other_host_and_does_not_complain(desktop: Visit) -> None:
    desktop.search("lang son")
    assert desktop.foreign == []
    assert desktop.trouble == []


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_wider_than_a_phone(phone: Visit, path: str) -> None:
    phone.open(path)
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_report_s_own_fonts_are_used(desktop: Visit) -> None:
    page = desktop.open("index.html")
    page.evaluate("document.fonts.ready")
    loaded = page.evaluate("[...document.fonts].filter(one => one.status === 'loaded').map(one => one.family)")
    assert set(loaded) == {"Be Vietnam Pro"} or set(loaded) == {'"Be Vietnam Pro"'}


def test_the_interface_speaks_vietnamese(desktop: Visit) -> None:
    page = desktop.open("index.html")
    assert page.locator("html").get_attribute("lang") == "vi"
    assert page.locator("[data-md-component=search-query]").get_attribute("placeholder") == "Tìm trong báo cáo"

"""Charts and tile maps of the site in a real browser: figures by keyboard and on hover, and the table beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.serving import launched, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

PAGE = "chapters/hoa-binh.html"
CHARTS = {
    "chapters/hoa-binh.md": """\
        ---
        title: Hình
        owner: to-bien-tap
        status: draft
        ---

        ## Các hình {#hinh}

        {{ chart("dan-so", areas=["lang-son", "cao-bang"], id="duong") }}

        {{ chart("dan-so", kind="multiples", id="luoi") }}

        {{ chart("dan-so", kind="dots", areas=["lang-son", "cao-bang"], periods=[2019, 2020], id="cham") }}

        {{ chart("dan-so", kind="stacked", areas=["lang-son", "cao-bang"], shares=True, id="chong") }}

        {{ tilemap("dan-so", 2020, id="ban-do") }}
        """,
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(CHARTS, tmp_path_factory) as address:
        yield f"{address}{PAGE}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(params=[1280, 390])
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": request.param, "height": 844})
    page.goto(address)
    yield page
    page.close()


def _drawing(page: Page, name: str) -> Locator:
    return page.locator(f"#{name} .drawing")


def _label(page: Page) -> str:
    """What the label says, no-break spaces as spaces."""
    return page.locator(".chart-label").inner_text().replace("\u00a0", " ")


def _pressed(page: Page, name: str, *keys: str) -> str:
    """What the label says after the keys, pressed in that drawing."""
    _drawing(page, name).focus()
    for key in keys:
        page.keyboard.press(key)
    return _label(page)


def test_the_tab_key_reaches_a_chart_that_says_nothing_before_an_arrow_key(page: Page) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if _drawing(page, "duong").evaluate("one => one === document.activeElement"):
            break
    else:
        pytest.fail("the chart is out of the keyboard's reach")
    assert _label(page) == ""
    page.keyboard.press("ArrowRight")
    assert _label(page) == "Lạng Sơn, 2019: 781,7 nghìn người"


def test_arrow_keys_go_along_a_line_and_from_line_to_line(page: Page) -> None:
    first = "ArrowRight"
    assert _pressed(page, "duong", first, "ArrowRight") == "Lạng Sơn, 2020: 788,7 nghìn người"
    assert _pressed(page, "duong", "ArrowRight") == "Lạng Sơn, 2020: 788,7 nghìn người"
    assert _pressed(page, "duong", "ArrowDown") == "Cao Bằng, 2020: 533,1 nghìn người"
    assert _pressed(page, "duong", "Home") == "Cao Bằng, 2019: 530,3 nghìn người"
    assert _pressed(page, "duong", "Escape") == ""


@pytest.mark.parametrize(
    ("name", "keys", "told"),
    [
        ("luoi", ("ArrowRight", "ArrowDown", "ArrowDown", "End"), "Vùng Bắc, 2020: 1.321,8 nghìn người"),
        ("cham", ("ArrowRight", "ArrowDown", "End"), "Cao Bằng, 2020: 533,1 nghìn người"),
        ("chong", ("ArrowRight", "End"), "Lạng Sơn, 2020: 59,7%"),
        ("ban-do", ("ArrowRight", "ArrowRight"), "Lạng Sơn, 2020: 788,7 nghìn người"),
    ],
)
def test_every_kind_answers_the_keyboard(page: Page, name: str, keys: tuple[str, ...], told: str) -> None:
    assert _pressed(page, name, *keys) == told


def test_the_label_is_spoken_and_stands_inside_the_window(page: Page) -> None:
    _pressed(page, "duong", "ArrowRight", "ArrowRight")
    label = page.locator(".chart-label")
    assert label.get_attribute("aria-live") == "polite"
    box = label.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.evaluate("document.documentElement.clientWidth")
    assert box["y"] >= 0


def test_hovering_tells_the_nearest_figure_and_leaving_silences_it(page: Page) -> None:
    tile = page.locator("#ban-do [data-label]").first
    tile.scroll_into_view_if_needed()
    tile.hover(force=True)  # its name lies upon it
    assert _label(page) == "Lạng Sơn, 2020: 788,7 nghìn người"
    page.mouse.move(1, 1)
    assert _label(page) == ""


def test_beside_every_drawing_is_a_table_of_all_its_figures(page: Page) -> None:
    for name in ("duong", "luoi", "cham", "chong", "ban-do"):
        details = page.locator(f"#{name} details.chart-data")
        details.locator("summary").click()
        cells = details.locator("td.number").all_inner_texts()
        labels = page.locator(f"#{name} [data-label]").evaluate_all("all => all.map(one => one.dataset.label)")
        assert len(cells) == len(labels)
        assert all(any(f": {cell}" in label for label in labels) for cell in cells)


def test_the_alternative_text_names_the_kind_and_the_ends_of_every_series(page: Page) -> None:
    told = _drawing(page, "cham").get_attribute("aria-label") or ""
    assert told.startswith("Biểu đồ chấm hai kỳ")
    assert "Lạng Sơn: từ 781,7 nghìn người (2019) đến 788,7 nghìn người (2020)" in told.replace("\u00a0", " ")


def test_without_scripts_the_drawing_is_an_image_and_the_table_opens(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert _drawing(page, "duong").get_attribute("role") == "img"
    page.locator("#duong summary").click()
    assert page.locator("#duong details.chart-data td.number").first.is_visible()
    context.close()

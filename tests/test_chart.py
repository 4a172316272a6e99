"""Charts and tile maps: their specifications and drawings."""

from __future__ import annotations

import json
import re
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley.bind.figures import Figure, Provenance
from galley.bind.index import Label
from galley.bind.objects import CHART_KINDS, Chart, Series, Tile, TileMap, table_of
from galley.cache import Cache
from galley.model import Area, Better, Break, Indicator, Observation, ObservationStatus, Period, Unit
from galley.render.chart import Words, chart_spec, draw, draw_chart, tilemap_spec
from galley.render.look import OWN, OWN_TEXT, spread, styles, ticks
from galley.render.tiles import classes
from galley.source import Span
from galley.vietnamese import format_number

WORDS = Words("Chưa có số liệu", "Thay đổi phương pháp")
SPAN = Span(PurePosixPath("chapters/dan-so.md"), 1)
LABEL = Label("hinh", "chart", "1.1", SPAN.path, SPAN)
UNIT = Unit("nghin-nguoi", "nghìn người")
INDICATOR = Indicator("dan-so", "Dân số", "nghin-nguoi", 1, Better.NEITHER, "dan-so")
SVG = "{http://www.w3.org/2000/svg}"
LINES = (
    ("Lạng Sơn", "province", {2018: "776.3", 2019: "781.7", 2020: "788.7"}),
    ("Vùng Bắc", "region", {2018: "1200.5", 2019: "1312.0", 2020: "1321.8"}),
)


def _figure(number: str, year: int) -> Figure:
    value = Decimal(number)
    seen = Observation(
        "dan-so", "lang-son", Period(year), value, ObservationStatus.NORMAL, "nien-giam", None, "cong-khai", SPAN
    )
    text = f"{format_number(value, 1)} {UNIT.name}"
    return Figure("value", value, text, 1, Provenance("value", (seen,)), UNIT)


def _chart(
    kind: str = "line",
    series: tuple[tuple[str, str, dict[int, str]], ...] = LINES,
    indicator: Indicator = INDICATOR,
) -> Chart:
    made = tuple(
        Series(name, area, tuple((Period(year), _figure(number, year)) for year, number in points.items()))
        for name, area, points in series
    )
    periods = tuple(sorted({period for one in made for period, _ in one.points}))
    return Chart(LABEL, kind, "", (indicator,), periods, made, UNIT, ())


def _map(*numbers: str | None) -> TileMap:
    found = tuple(
        Tile(Area(f"tinh-{at}", f"Tỉnh Số{at}", "province"), at // 3, at % 3, _figure(one, 2020) if one else None)
        for at, one in enumerate(numbers)
    )
    return TileMap(LABEL, "", INDICATOR, Period(2020), found, UNIT, ())


def _texts(svg: str) -> list[str]:
    return ["".join(one.itertext()) for one in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 - drawn here


def _paths(svg: str, stroke: str) -> list[str]:
    return re.findall(rf'<path d="([^"]*)"[^>]*stroke="{stroke}"', svg) or re.findall(
        rf'<path [^>]*?d="([^"]*)"[^>]*stroke="{stroke}"', svg
    )


@pytest.mark.parametrize("kind", CHART_KINDS)
def test_equal_charts_give_equal_canonical_text(kind: str) -> None:
    spec = chart_spec(_chart(kind), WORDS)
    assert spec == chart_spec(_chart(kind), WORDS)
    assert spec == json.dumps(json.loads(spec), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_another_figure_gives_another_specification() -> None:
    other = (LINES[0], ("Vùng Bắc", "region", {2018: "1200.5", 2019: "1312.0", 2020: "1321.9"}))
    assert chart_spec(_chart(), WORDS) != chart_spec(_chart(series=other), WORDS)


def test_a_drawing_is_the_same_bytes_in_another_process() -> None:
    specs = [*(chart_spec(_chart(kind), WORDS) for kind in CHART_KINDS), tilemap_spec(_map("1.5", None, "2"), WORDS)]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(draw, specs)) == [draw(one) for one in specs]


def test_a_drawing_is_one_line_with_the_alternative_text_it_is_given() -> None:
    svg = draw(chart_spec(_chart(), WORDS), 'Dân số "Lạng Sơn" < vùng & cả nước', "Hai\nđường")
    root = ET.fromstring(svg)  # noqa: S314 - drawn here
    assert "\n" not in svg
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.findtext(f"{SVG}title") == 'Dân số "Lạng Sơn" < vùng & cả nước'
    assert root.findtext(f"{SVG}desc") == "Hai đường"


def test_a_drawing_says_nothing_in_english_and_refers_to_nothing_outside() -> None:
    for spec in (chart_spec(_chart(kind), WORDS) for kind in CHART_KINDS):
        svg = draw(spec)
        assert re.findall(r"\w+://[^\"]*", svg) == ["http://www.w3.org/2000/svg"]
        assert "aria-" not in svg
        assert "<script" not in svg
        assert 'fill="white"' not in svg


def test_a_drawing_is_as_wide_as_the_text_and_scales() -> None:
    for spec in (
        *(chart_spec(_chart(kind), WORDS) for kind in CHART_KINDS),
        tilemap_spec(_map("1"), WORDS),
    ):
        root = ET.fromstring(draw(spec))  # noqa: S314 - drawn here
        assert root.get("width") == "620"
        assert root.get("viewBox") == f"0 0 620 {root.get('height')}"


def test_two_drawings_in_one_document_share_no_id() -> None:
    clipped = json.loads(chart_spec(_chart(), WORDS))
    for layer in clipped["layer"]:
        layer["mark"]["clip"] = True
    found = []
    for height in (200, 210):
        spec = json.dumps(clipped | {"height": height})
        svg = draw(spec)
        ids = re.findall(r'\sid="([^"]+)"', svg)
        assert ids
        assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(ids)
        assert draw(spec) == svg
        found += ids
    assert len(found) == len(set(found))


def test_a_line_ends_with_its_name_and_its_last_figure_as_text() -> None:
    texts = _texts(draw(chart_spec(_chart(), WORDS)))
    assert "Lạng Sơn: 788,7" in texts
    assert "Vùng Bắc: 1.321,8" in texts
    assert {"nghìn người", "2018", "2019", "2020"} <= set(texts)


def test_the_axis_is_numbered_the_vietnamese_way() -> None:
    series = (("Lạng Sơn", "province", {2018: "-0.4", 2019: "0.2"}), ("Vùng Bắc", "region", {2018: "1", 2019: "0.9"}))
    texts = _texts(draw(chart_spec(_chart(series=series), WORDS)))
    assert {"\u22120,5", "0,0", "0,5", "1,0"} <= set(texts)
    assert "1.400" in _texts(draw(chart_spec(_chart(), WORDS)))


def test_a_missing_period_leaves_a_gap_in_the_line() -> None:
    whole = {year: str(year) for year in range(2010, 2016)}
    holed = {year: number for year, number in whole.items() if year != 2012}
    series = (("Lạng Sơn", "province", holed), ("Vùng Bắc", "region", whole))
    svg = draw(chart_spec(_chart(series=series), WORDS))
    assert [path.count("L") for path in _paths(svg, "#0072b2") if "L" in path] == [1, 2]
    assert [path.count("L") for path in _paths(svg, "#333333") if "L" in path] == [5]


def test_a_break_cuts_the_line_and_is_named() -> None:
    broken = Indicator("dan-so", "Dân số", "nghin-nguoi", 1, Better.NEITHER, "dan-so", breaks=(Break(Period(2019)),))
    svg = draw(chart_spec(_chart(indicator=broken), WORDS))
    assert "Thay đổi phương pháp" in _texts(svg)
    assert [path.count("L") for path in _paths(svg, "#0072b2") if "L" in path] == [1]
    assert "Thay đổi phương pháp" not in _texts(draw(chart_spec(_chart(), WORDS)))


def test_nineteen_years_are_named_without_touching() -> None:
    points = {year: str(year) for year in range(2004, 2023)}
    svg = draw(chart_spec(_chart(series=(("Lạng Sơn", "province", points),)), WORDS))
    places = sorted(float(x) for x in re.findall(r'translate\(([\d.]+),[\d.]+\)"[^>]*>20[012]\d</text>', svg))
    assert len(places) >= 5
    assert {"2004", "2022"} <= set(_texts(svg))
    assert min(after - before for before, after in pairwise(places)) >= 36


def test_a_line_of_one_period_becomes_bars_with_their_figures() -> None:
    series = (("Lạng Sơn", "province", {2020: "788.7"}), ("Vùng Bắc", "region", {2020: "1321.8"}))
    assert _texts(draw(chart_spec(_chart(series=series), WORDS)))[:2] == ["Lạng Sơn", "788,7"]


def test_grouped_bars_carry_their_figures_and_name_their_series() -> None:
    texts = _texts(draw(chart_spec(_chart("bar"), WORDS)))
    expected = {format_number(Decimal(number), 1) for _, _, points in LINES for number in points.values()}
    assert expected | {"Lạng Sơn", "Vùng Bắc", "2018", "2019", "2020"} <= set(texts)


@pytest.mark.parametrize("kind", ["ranked", "dots"])
def test_the_province_of_the_page_has_a_colour_of_its_own_and_a_bold_name(kind: str) -> None:
    points = {2018: "776.3", 2020: "788.7"}
    chart = _chart(kind, tuple((name, "province", points) for name in ("Lạng Sơn", "Cao Bằng", "Bắc Kạn")))
    marked = tuple(replace(one, own=one.name == "Cao Bằng") for one in chart.series)
    svg = draw(chart_spec(replace(chart, series=marked), WORDS))
    bold = re.findall(r'font-weight="600"[^>]*>([^<]*)</text>', svg)
    assert "Cao Bằng" in bold
    assert not {"Lạng Sơn", "Bắc Kạn"} & set(bold)
    assert (OWN if kind == "ranked" else OWN_TEXT) in svg
    assert not {OWN, OWN_TEXT} & set(re.findall(r"#[0-9a-f]{6}", draw(chart_spec(chart, WORDS))))


def test_ranked_bars_stand_largest_first() -> None:
    series = tuple((f"Tỉnh {number}", "province", {2020: number}) for number in ("30", "-5", "50.25"))
    svg = draw(chart_spec(_chart("ranked", series), WORDS))
    rows = [
        (float(y), name) for y, name in re.findall(r'translate\([-\d.]+,([-\d.]+)\)"[^>]*>(Tỉnh [-\d.]+)</text>', svg)
    ]
    assert [name for _, name in sorted(rows)] == ["Tỉnh 50.25", "Tỉnh 30", "Tỉnh -5"]
    assert {"50,3", "30,0", "\u22125,0"} <= set(_texts(svg))


def test_a_total_that_would_dwarf_the_provinces_has_its_figure_but_no_bar() -> None:
    provinces = tuple((name, "province", {2020: "100"}) for name in ("Lạng Sơn", "Cao Bằng"))
    near, far = ("Vùng Bắc", "region", {2020: "200"}), ("Vùng Bắc", "region", {2020: "2000"})
    with_bar = draw(chart_spec(_chart("ranked", (*provinces, near)), WORDS))
    without = draw(chart_spec(_chart("ranked", (*provinces, far)), WORDS))
    assert with_bar.count('fill="#333333"') == 1
    assert without.count('fill="#333333"') == 0
    assert "2.000,0" in _texts(without)


def test_a_tile_has_the_name_in_two_lines_and_the_figure() -> None:
    texts = _texts(draw(tilemap_spec(_map("12.34", "5", None), WORDS)))
    assert texts.count("Tỉnh") == 3
    assert {"Số0", "12,3", "5,0", "\u2026", "Chưa có số liệu"} <= set(texts)
    assert "Chưa có số liệu" not in _texts(draw(tilemap_spec(_map("1", "2"), WORDS)))


def test_the_text_of_every_tile_contrasts_with_its_shade() -> None:
    spec = json.loads(tilemap_spec(_map(*map(str, range(10))), WORDS))
    marks = [layer["mark"] for layer in spec["layer"]]
    shade = "#ffffff"
    checked = set()
    for mark in marks:
        if mark["type"] == "rect":
            shade = mark["fill"]
        elif mark.get("align") == "center":
            light, dark = sorted((_luminance(shade), _luminance(mark["fill"])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5
            checked.add(shade)
    assert len(checked) == 5


def _luminance(colour: str) -> float:
    """Relative luminance (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_province_stands_out_from_region_and_nation() -> None:
    province, region, nation = styles(("province", "region", "nation"))
    assert province.width > max(region.width, nation.width)
    assert province.weight > region.weight == nation.weight
    assert len({province.dash, region.dash, nation.dash}) == len({province.fill, region.fill, nation.fill}) == 3


def _told(svg: str) -> list[tuple[str, str]]:
    found = [(one.get("data-at", ""), one.get("data-label")) for one in ET.fromstring(svg).iter()]  # noqa: S314 - drawn here
    return [(at, label) for at, label in found if label is not None]


@pytest.mark.parametrize("kind", [one for one in CHART_KINDS if one != "ranked"])
def test_every_figure_of_a_chart_is_told_once_by_a_mark_at_its_own_place(kind: str) -> None:
    series = LINES if kind != "dots" else tuple((name, of, {2018: p[2018], 2020: p[2020]}) for name, of, p in LINES)
    chart = _chart(kind, series)
    told = _told(draw(chart_spec(chart, WORDS)))
    expected = [f"{one.name}, {period}: {figure.text}" for one in chart.series for period, figure in one.points]
    assert sorted(label for _, label in told) == sorted(expected)
    assert len({at for at, _ in told}) == len(expected)


def test_every_bar_of_a_ranking_and_every_tile_tells_its_figure_or_that_there_is_none() -> None:
    series = tuple((name, "province", {2020: number}) for name, number in (("Lạng Sơn", "30"), ("Cao Bằng", "50")))
    total = ("Vùng Bắc", "region", {2020: "2000"})
    assert _told(draw(chart_spec(_chart("ranked", (*series, total)), WORDS))) == [
        ("0,0", "Cao Bằng, 2020: 50,0 nghìn người"),
        ("1,0", "Lạng Sơn, 2020: 30,0 nghìn người"),
        ("2,0", "Vùng Bắc, 2020: 2.000,0 nghìn người"),
    ]
    assert _told(draw(tilemap_spec(_map("12.34", None), WORDS))) == [
        ("0,0", "Tỉnh Số0, 2020: 12,3 nghìn người"),
        ("0,1", "Tỉnh Số1, 2020: Chưa có số liệu"),
    ]


def test_a_label_keeps_marks_of_xml_in_a_name() -> None:
    series = (('Cửa "A" < B & C', "province", {2019: "1", 2020: "2"}),)
    assert ("0,0", 'Cửa "A" < B & C, 2019: 1,0 nghìn người') in _told(draw(chart_spec(_chart(series=series), WORDS)))


PROVINCES = tuple((f"Tỉnh {at}", "province", {2018: str(at), 2019: "5", 2020: str(20 - at)}) for at in range(1, 15))
REGION = ("Vùng Bắc", "region", {2018: "4", 2019: "5.5", 2020: "7"})


def test_multiples_stand_in_the_order_given_in_five_columns_with_their_first_and_last_figure() -> None:
    svg = draw(chart_spec(_chart("multiples", (*PROVINCES, REGION)), WORDS))
    places = re.findall(r'translate\(([\d.]+),([\d.]+)\)"[^>]*font-weight="600"[^>]*>([^<]+)</text>', svg)
    order = [name for _, _, name in sorted(places, key=lambda one: (float(one[1]), float(one[0])))]
    assert order == [name for name, _, _ in (*PROVINCES, REGION)]
    assert len({x for x, _, _ in places}) == 5
    texts = _texts(svg)
    assert texts.count("2018") == texts.count("2020") == 15
    assert {"14,0", "6,0", "4,0", "7,0", "Vùng Bắc", UNIT.name} <= set(texts)


def test_the_line_of_the_region_is_in_every_panel_of_multiples() -> None:
    svg = draw(chart_spec(_chart("multiples", (*PROVINCES, REGION)), WORDS))
    dashed = [path for path in re.findall(r"<path [^>]*>", svg) if "stroke-dasharray" in path and "L" in path]
    assert len(dashed) == 15
    assert len({re.sub(r"[\d.]+,", "", path) for path in dashed}) > 1  # rows of panels stand one under the other


def test_a_missing_end_of_a_panel_is_three_points() -> None:
    late = ("Tỉnh muộn", "province", {2019: "5", 2020: "6"})
    assert "\u2026" in _texts(draw(chart_spec(_chart("multiples", (late, REGION)), WORDS)))
    assert "\u2026" not in _texts(draw(chart_spec(_chart("multiples", (PROVINCES[0], REGION)), WORDS)))


DOTTED = (
    ("Thấp", "province", {2010: "40", 2020: "20"}),
    ("Cao", "province", {2010: "30", 2020: "50"}),
    ("Mới", "province", {2020: "35"}),
    ("Cũ", "province", {2010: "70"}),
)


def _rows(svg: str, names: set[str]) -> list[str]:
    found = re.findall(r'translate\([-\d.]+,([-\d.]+)\)"[^>]*>([^<]+)</text>', svg)
    return [name for _, name in sorted((float(y), name) for y, name in found if name in names)]


def test_dots_stand_by_the_later_figure_and_who_has_none_comes_last() -> None:
    svg = draw(chart_spec(_chart("dots", DOTTED), WORDS))
    assert _rows(svg, {"Thấp", "Cao", "Mới", "Cũ"}) == ["Cao", "Mới", "Thấp", "Cũ"]
    texts = _texts(svg)
    assert {"2010", "2020", "40,0", "20,0", "30,0", "50,0", "35,0", "70,0"} <= set(texts)
    assert texts.count("\u2026") == 2


def test_dots_across_a_break_are_tied_by_a_dashed_line_that_is_named() -> None:
    broken = Indicator("dan-so", "Dân số", "nghin-nguoi", 1, Better.NEITHER, "dan-so", breaks=(Break(Period(2015)),))
    apart = draw(chart_spec(_chart("dots", DOTTED, broken), WORDS))
    assert "Thay đổi phương pháp" in _texts(apart)
    assert "stroke-dasharray" in apart
    assert "stroke-dasharray" not in draw(chart_spec(_chart("dots", DOTTED), WORDS))


def test_a_break_between_bars_is_named() -> None:
    broken = Indicator("dan-so", "Dân số", "nghin-nguoi", 1, Better.NEITHER, "dan-so", breaks=(Break(Period(2019)),))
    for kind in ("bar", "stacked", "multiples"):
        assert "Thay đổi phương pháp" in _texts(draw(chart_spec(_chart(kind, indicator=broken), WORDS)))
        assert "Thay đổi phương pháp" not in _texts(draw(chart_spec(_chart(kind), WORDS)))


STACKED = (("Lúa", "region", {2018: "30", 2019: "31", 2020: "40"}), ("Ngô", "region", {2018: "10", 2020: "20"}))


def test_a_period_that_lacks_a_part_has_no_bar() -> None:
    svg = draw(chart_spec(_chart("stacked", STACKED), WORDS))
    assert [label for _, label in _told(svg) if ", 2019:" in label] == []
    assert len(_told(svg)) == 4
    assert _texts(svg).count("\u2026") == 1
    assert {"Lúa", "Ngô", "2018", "2019", "2020"} <= set(_texts(svg))


def test_stacked_parts_stand_on_one_another() -> None:
    spec = json.loads(chart_spec(_chart("stacked", STACKED), WORDS))
    bars = [layer["data"]["values"] for layer in spec["layer"] if layer["mark"].get("aria")]
    assert [row["y"] for row in bars[0]] == [row["y2"] for row in bars[1]]
    low, high = bars[0][0], bars[1][0]
    assert low["y2"] - low["y"] == pytest.approx(3 * (high["y2"] - high["y"]), abs=0.05)


def test_the_table_of_a_chart_has_a_row_for_each_series_and_a_gap_for_what_is_missing() -> None:
    table = table_of(_chart("stacked", STACKED))
    assert table.columns == ("2018", "2019", "2020")
    assert [row.name for row in table.rows] == ["Lúa", "Ngô"]
    assert [cell and cell.text for cell in table.rows[1].cells] == ["10,0 nghìn người", None, "20,0 nghìn người"]


def test_the_table_of_a_map_has_a_row_for_each_tile() -> None:
    table = table_of(_map("1.5", None))
    assert [(row.name, [cell and cell.text for cell in row.cells]) for row in table.rows] == [
        ("Tỉnh Số0", ["1,5 nghìn người"]),
        ("Tỉnh Số1", [None]),
    ]


def test_a_chart_drawn_before_comes_from_the_cache(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    first = draw_chart(_chart(), cache, WORDS)
    (stored,) = (path for path in tmp_path.rglob("*") if path.is_file())
    cache.put(stored.name, b"<svg/>")
    assert draw_chart(_chart(), cache, WORDS).svg == "<svg/>"
    assert first.svg == draw(chart_spec(_chart(), WORDS))
    assert draw_chart(_chart("bar"), cache, WORDS).name != first.name


@given(st.lists(st.decimals(-10_000, 10_000, places=2), min_size=1, max_size=20))
def test_classes_hold_every_number_once_in_order(numbers: list[Decimal]) -> None:
    found = classes(numbers)
    assert len(found) <= 5
    assert [one for group in found for one in group] == sorted(numbers)
    assert all(before[-1] < after[0] for before, after in pairwise(found))


@given(st.decimals(-100_000, 100_000, places=3), st.decimals(-100_000, 100_000, places=3), st.booleans())
def test_ticks_are_even_and_hold_the_figures_between_them(one: Decimal, other: Decimal, zero: bool) -> None:  # noqa: FBT001 - Hypothesis gives it
    low, high = min(one, other), max(one, other)
    found = ticks(low, high, zero=zero)
    assert found[0] <= low <= high <= found[-1]
    assert len({after - before for before, after in pairwise(found)}) == 1
    assert len(found) <= 8
    assert not zero or 0 in found


@given(st.lists(st.tuples(st.floats(0, 200), st.floats(10, 30)), min_size=1, max_size=6))
def test_labels_are_spread_without_overlap(blocks: list[tuple[float, float]]) -> None:
    wanted, sizes = [one for one, _ in blocks], [one for _, one in blocks]
    middles = spread(wanted, sizes, 0, 200)
    order = sorted(range(len(blocks)), key=lambda one: middles[one])
    for before, after in pairwise(order):
        assert middles[after] - middles[before] >= (sizes[before] + sizes[after]) / 2 - 1e-6

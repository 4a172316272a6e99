"""Where figures stand among the paragraphs of a printed chapter."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley.render.flow import Measures, settle

PAGE = Measures(width=467.7, height=728.5, size=14, pitch=19, gap=6, indent=28)
DRAWINGS = {"hinh": 300.0}
FIGURE = (
    '<figure class="chart" id="a"><img src="drawings/hinh.svg" alt=""/><figcaption>Hình 1.1. Hình</figcaption></figure>'
)
SHORT = "<p>Một đoạn.</p>"
LONG = f"<p>{'Một đoạn dài. ' * 45}</p>"
HEADING = '<h3 id="m">1.1. Mục</h3>'


def _body(*pieces: str) -> str:
    return "\n".join(pieces)


def _kinds(html: str) -> list[str]:
    return re.findall(r"^<(\w+)", html, re.MULTILINE)


def test_a_figure_that_fits_stays_where_it_is_named() -> None:
    body = _body(SHORT, FIGURE, LONG)
    assert settle(body, 47, DRAWINGS, PAGE) == body


def test_what_follows_a_figure_that_does_not_fit_fills_the_page() -> None:
    body = _body(LONG, LONG, LONG, FIGURE, SHORT, LONG, LONG)
    assert _kinds(settle(body, 47, DRAWINGS, PAGE)) == ["p", "p", "p", "p", "p", "figure", "p"]


def test_numbers_in_the_margin_stay_in_their_order() -> None:
    texts = [LONG, LONG, LONG, FIGURE, SHORT, LONG, LONG]
    numbered = [
        one.replace(">", f'><span class="paragraph" id="doan-{n}">1.{n}</span>', 1) for n, one in enumerate(texts)
    ]
    settled = settle(_body(*numbered), 47, DRAWINGS, PAGE)
    shown = re.findall(r'<span class="paragraph"[^>]*>1\.(\d)</span>', settled)
    assert shown == ["0", "1", "2", "4", "5", "6"]
    assert 'id="doan-3"' in settled


def test_no_heading_is_left_above_a_figure_that_went_down() -> None:
    body = _body(LONG, LONG, LONG, FIGURE, HEADING, FIGURE.replace('"a"', '"b"'))
    assert settle(body, 47, DRAWINGS, PAGE) == body


def test_a_figure_stays_after_the_sentence_that_announces_it() -> None:
    body = _body(LONG, LONG, LONG, "<p>Số liệu như sau:</p>", FIGURE, LONG)
    assert settle(body, 47, DRAWINGS, PAGE) == body


def test_a_table_of_a_few_rows_goes_to_the_next_page_as_a_whole_and_what_follows_is_reckoned_from_there() -> None:
    rows = "<tr><td>Một</td><td>Hai</td></tr>" * 6
    table = f'<div class="table-scroll"><table>{rows}</table></div>'
    above = (LONG, LONG, LONG, LONG, table, LONG, LONG, SHORT, SHORT)
    assert _kinds(settle(_body(*above, FIGURE, SHORT), 47, DRAWINGS, PAGE))[-2:] == ["p", "figure"]


@pytest.mark.parametrize("count", range(12))
def test_a_row_is_as_high_as_its_words_whatever_its_marks_say(count: int) -> None:
    wide, narrow = "Mục tiêu của một giai đoạn dài, viết trên một dòng", "Mức"
    bare = f"<tr><td>{wide}</td><td>{narrow}</td></tr>" * 20
    marked = bare.replace("<td>", f'<td data-label="{wide}" class="{wide}">')
    orders = []
    for rows in (bare, marked):
        table = f"<div><table>{rows}</table></div>"
        orders.append(_kinds(settle(_body(table, *[SHORT] * count, FIGURE, LONG, LONG), 47, DRAWINGS, PAGE)))
    assert orders[0] == orders[1]
    assert (orders[0].index("figure") == count + 1) is (count <= 2)


@given(st.lists(st.sampled_from((SHORT, LONG, HEADING, FIGURE, "<ul>\n<li>Một</li>\n</ul>")), max_size=30))
def test_nothing_is_lost_and_text_and_figures_keep_their_own_orders(pieces: list[str]) -> None:
    numbered = [one.replace(">", f' data-n="{place}">', 1) for place, one in enumerate(pieces)]
    settled = settle("\n".join(numbered), 47, DRAWINGS, PAGE)
    found = re.findall(r'<(\w+)[^>]*? data-n="(\d+)"', settled)
    order = {kind: [int(n) for name, n in found if (name == "figure") is kind] for kind in (True, False)}
    assert sorted(order[True] + order[False]) == list(range(len(pieces)))
    assert order[True] == sorted(order[True])
    assert order[False] == sorted(order[False])

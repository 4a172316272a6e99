"""The mark of a paragraph's number: in front of the first words of every kind of block, in HTML that stays whole."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

from galley import pipeline
from galley.bind import index
from galley.read.siteconfig import markdown_extensions
from galley.render.layout import layout
from galley.render.markup import PRINT, SITE, Markup, chapter_markdown, to_html
from galley.render.page import Drawing
from galley.render.provenance import Ledger
from tests.factories import write_book
from tests.sites import BOOK, write_site_book

if TYPE_CHECKING:
    from pathlib import Path

VOID = {"br", "hr", "img", "input", "wbr", "col"}
HEAD = """\
    ---
    title: Thử
    owner: to-bien-tap
    status: draft
    ---

"""
# Each block with the elements that its mark stands in, from the outermost, and the words that follow it.
KINDS = {
    "Một đoạn văn.": ("p", "Một đoạn văn."),
    "**Đậm** ở đầu.": ("p", "Đậm ở đầu."),
    "*Nghiêng* ở đầu.": ("p", "Nghiêng ở đầu."),
    "{{ value('dan-so', 'lang-son', 2020) }} là số liệu.": ("p", "788,7 nghìn người là số liệu."),
    "- Mục một.\n- Mục hai.": ("ul li", "Mục một."),
    "1. Mục một.\n2. Mục hai.": ("ol li", "Mục một."),
    "> Lời dẫn.": ("blockquote p", "Lời dẫn."),
    "> - Lời dẫn thành mục.": ("blockquote ul li", "Lời dẫn thành mục."),
    "| Tỉnh | Số |\n| --- | --- |\n| A | 1 |": ("table thead tr th", "Tỉnh"),
    "Tỉnh | Số\n--- | ---\nA | 1": ("table thead tr th", "Tỉnh"),
    "Thuật ngữ\n:   Nghĩa của nó.": ("dl dt", "Thuật ngữ"),
    '!!! note "Lưu ý"\n    Điều cần biết.': ("div p", "Điều cần biết."),
    "{{ table('dan-so', periods=[2019, 2020]) }}": ("figure figcaption", "Bảng 1.1. Dân số, 2019 và 2020"),
    "{{ chart('dan-so', areas=['lang-son']) }}": ("figure", ""),
    "{{ tilemap('dan-so', 2020) }}": ("figure", ""),
    "{{ proposals() }}": ("ol li", "Xây cầu."),
    "{{ targets() }}": ("div", ""),
    "{{ milestones() }}": ("div", ""),
    "{{ meeting('hop-1') }}": ("section", ""),
}


class Marks(HTMLParser):
    """Finds the marks with the elements around them and the words after them; every element must be closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a mark, or go down into an element."""
        if dict(attrs).get("class") == "paragraph":
            self.found.append((" ".join(self._open), ""))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Go up again, out of the element that was opened last."""
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep the words in such elements from the mark on."""
        if not self.found:
            return
        around, words = self.found[-1]
        if " ".join([*self._open, ""]).startswith(f"{around} "):
            self.found[-1] = (around, words + data)


def html_of(root: Path, body: str, medium: str = SITE) -> str:
    """The HTML of a chapter with this text."""
    indented = "".join(f"    {line}\n" if line else "\n" for line in body.split("\n"))
    write_book(root, {**BOOK, "chapters/dan-so.md": HEAD + indented})
    sources = pipeline.read(root)
    contents = pipeline.prepare(sources, "noi-bo").edition.contents
    drawing = Drawing("hinh", '<svg role="img"></svg>')
    functions = {"anchor": lambda label, _medium: label.id}
    markup = Markup(index(contents), layout(sources.tree, functions), medium, lambda _: drawing, Ledger(None, {}))
    chapter = next(one for one in contents.chapters if one.path == PurePosixPath("chapters/dan-so.md"))
    return to_html(chapter_markdown(chapter, markup), chapter.path, markdown_extensions(sources.tree))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_site_book(tmp_path_factory.mktemp("book"))


@pytest.mark.parametrize("medium", [SITE, PRINT])
@pytest.mark.parametrize("text", KINDS)
def test_the_mark_stands_in_front_of_the_first_words_and_changes_nothing_else(
    root: Path, text: str, medium: str
) -> None:
    around, words = KINDS[text]
    html = html_of(root, f"{text}\n\nĐoạn sau.", medium)
    (where, read), following = Marks(html).found
    assert where == around
    assert not words or " ".join(read.removeprefix("1.1").split()).startswith(words)
    assert following[0] == "p"
    assert html.count('class="paragraph"') == 2


def test_a_mark_says_its_number_and_leads_to_itself(root: Path) -> None:
    html = html_of(root, "Một.\n\n## Mục {#muc}\n\nHai.")
    marks = re.findall(r'<a[^>]*class="paragraph"[^>]*>', html)
    assert len(marks) == 2
    for number, mark in enumerate(marks, start=1):
        for attribute in (f'data-number="1.{number}"', f'aria-label="Đoạn 1.{number}"', f'doan-{number}"'):
            assert attribute in mark


def test_what_continues_a_list_stays_in_it(root: Path) -> None:
    found = Marks(html_of(root, "- Mục một.\n\n    Vẫn là mục một.\n\nĐoạn sau.")).found
    assert [around for around, _ in found] == ["ul li p", "ul li p", "p"]


def test_what_only_explains_an_abbreviation_or_names_an_address_has_no_number(root: Path) -> None:
    html = html_of(root, "GDP tăng, xem [luật].\n\n*[GDP]: Tổng sản phẩm\n\n[luật]: https://example.vn\n\nĐoạn hai.")
    assert '<abbr title="Tổng sản phẩm">GDP</abbr>' in html
    assert re.findall(r'data-number="([^"]*)"', html) == ["1.1", "1.2"]

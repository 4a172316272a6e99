"""Redlines: what changed is marked in the finished page, and nothing else is touched."""

from __future__ import annotations

import random
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest

from galley.compare.alignment import Piece
from galley.compare.drafts import ADDED, REMOVED, DraftChapter, compare_drafts
from galley.compare.tables import compare_lines
from galley.compare.words import words_of
from galley.read.worktree import read_worktree
from galley.render.fragments import elements, name_of, text_of, tokens
from galley.render.layout import layout
from galley.render.redline import mark_changes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from galley.render.layout import Layout

ROOT = Path(__file__).parent.parent
PATH = PurePosixPath("chapters/mot.md")
WORDS = (
    *("tỷ", "lệ", "hộ", "nghèo", "của", "vùng", "giảm", "nhanh", "trong", "kỳ", "nhưng", "còn", "cao", "hơn", "mức"),
    *("chung", "cả", "nước", "và", "khác", "nhau", "giữa", "các", "tỉnh"),
)
_DELETED = re.compile(
    r"<del\b[^>]*>.*?</del>|<(div|tr|li) class=\"removed.*?</\1>|<(span|p) class=\"change-note.*?</\2>"
)
_INSERTED = re.compile(r"<ins\b[^>]*>.*?</ins>|<(span|p) class=\"change-note.*?</\1>")


@pytest.fixture(scope="module")
def words() -> Layout:
    return layout(read_worktree(ROOT))


def read(html: str, title: str = "Chương") -> DraftChapter:
    """The chapter that a page shows."""
    pieces = (Piece("paragraph", text_of(tokens(one)), (), name_of(one)) for one in elements(html))
    return DraftChapter(PATH, title, tuple(pieces), 3)


def redlined(before: str, after: str, layout: Layout) -> str:
    found = compare_drafts([read(before)], [read(after)])
    return mark_changes(after, found[0], layout) if found else after


def paragraph(number: int, text: str) -> str:
    return f'<p><span class="paragraph" id="mot--doan-{number}">3.{number}</span>{text}</p>'


def page(*blocks: str) -> str:
    """A page of these blocks, numbered."""
    made = []
    for number, block in enumerate(blocks, start=1):
        mark = f'<span class="paragraph" id="mot--doan-{number}">3.{number}</span>'
        made.append(re.sub(r"^(<ul><li>|<figure[^>]*>|<p>)", rf"\g<1>{mark}", block))
    return "\n".join(made)


def said(html: str) -> str:
    return text_of(tokens(html))


def table(*rows: Sequence[str]) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<figure class="table"><figcaption>Bảng 3.1. Hộ</figcaption><table><tbody>{body}</tbody></table></figure>'


def test_the_tokens_of_a_page_are_the_page() -> None:
    html = page("<p>Một <em>hai</em> &amp; ba.</p>", table(("Tỉnh", "2020"), ("Lạng Sơn", "")))
    assert "".join(one.raw for one in tokens(html)) == html


def test_rows_and_cells_are_told_apart_and_empty_ones_count() -> None:
    html = table(("Tỉnh", "2019", "2020"), ("Lạng Sơn", "", "1,5"))
    assert said(html) == "Bảng 3.1. Hộ\nTỉnh\t2019\t2020\nLạng Sơn\t\t1,5"


def test_a_changed_word_is_marked_within_its_tags(words: Layout) -> None:
    html = redlined(
        page("<p>Tỷ lệ <strong>hộ nghèo</strong> giảm.</p>"),
        page("<p>Tỷ lệ <strong>hộ cận nghèo</strong> giảm.</p>"),
        words,
    )
    assert "<strong>hộ <ins>cận </ins>nghèo</strong>" in html


def test_a_page_without_changes_is_left_as_it_is(words: Layout) -> None:
    html = page("<p>Một.</p>", "<ul><li>Hai</li><li>Ba</li></ul>")
    assert redlined(html, html, words) == html


def test_deleted_text_is_text_and_no_markup(words: Layout) -> None:
    html = redlined(page("<p>A &lt;script&gt;x&lt;/script&gt; b.</p>"), page("<p>A b.</p>"), words)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_changed_cell_is_marked_in_its_place(words: Layout) -> None:
    before = page(table(("Tỉnh", "2019", "2020"), ("Lạng Sơn", "1,5", "1,2"), ("Cao Bằng", "2,5", "2,2")))
    after = page(table(("Tỉnh", "2019", "2020"), ("Lạng Sơn", "1,5", "1,3"), ("Cao Bằng", "2,5", "2,2")))
    html = redlined(before, after, words)
    assert "<td>1,5</td><td><del>1,2</del><ins>1,3</ins></td>" in html
    assert html.count("<ins") == html.count("<del") == 1


def test_a_row_that_is_gone_is_a_row_of_the_table_and_a_new_one_is_marked_whole(words: Layout) -> None:
    head, rest = ("Tỉnh", "2020"), ("Cao Bằng", "2,2")
    before = page(table(head, ("Lạng Sơn", "1,2"), rest))
    assert '<tr class="removed"><td><del>Lạng Sơn</del></td><td><del>1,2</del></td></tr>' in redlined(
        before, page(table(head, rest)), words
    )
    assert "<td><ins>Lạng Sơn</ins></td><td><ins>1,2</ins></td>" in redlined(page(table(head, rest)), before, words)


def test_a_new_column_is_marked_and_the_other_cells_are_not(words: Layout) -> None:
    html = redlined(
        page(table(("Tỉnh", "2020"), ("Lạng Sơn", "1,2"))),
        page(table(("Tỉnh", "2019", "2020"), ("Lạng Sơn", "1,5", "1,2"))),
        words,
    )
    assert "<td>Lạng Sơn</td><td><ins>1,5</ins></td><td>1,2</td>" in html


def test_an_item_that_is_gone_is_an_item_of_the_list(words: Layout) -> None:
    before = page("<ul><li>chiều dài đường tỉnh;</li><li>vốn đầu tư theo nguồn;</li><li>tai nạn.</li></ul>")
    html = redlined(before, page("<ul><li>chiều dài đường tỉnh;</li><li>tai nạn.</li></ul>"), words)
    assert '<li class="removed"><del>vốn đầu tư theo nguồn;</del></li>' in html


def test_a_paragraph_that_is_gone_stands_behind_what_it_followed(words: Layout) -> None:
    one, two, three = ("<p>Một hai ba bốn.</p>", "<p>Năm sáu bảy tám.</p>", "<p>Chín mười mười một.</p>")
    html = redlined(page(one, two, three), page(one, three), words)
    assert [bool(re.match('<div class="removed', part)) for part in elements(html)] == [False, True, False]
    assert "bỏ đoạn 3.2" in html


def test_a_moved_paragraph_tells_its_old_number_and_is_not_deleted_and_inserted(words: Layout) -> None:
    blocks = [
        f"<p>Đoạn {name} nói về {name} và không về gì khác nữa.</p>" for name in ("rừng", "đường", "trường", "chợ")
    ]
    html = redlined(page(*blocks), page(blocks[1], blocks[2], blocks[3], blocks[0]), words)
    assert "chuyển từ đoạn 3.1" in html
    assert "<ins" not in html
    assert "<del" not in html


def generated(generator: random.Random) -> list[str]:
    """Blocks of a page: paragraphs, lists, tables."""

    def sentence() -> str:
        return " ".join(generator.choices(WORDS, k=generator.randint(4, 12))) + f" {generator.randint(1, 999)}."

    made = []
    for _ in range(generator.randint(3, 8)):
        match generator.choice(("p", "p", "p", "list", "table")):
            case "p":
                made.append(f"<p>{sentence()} <em>{sentence()}</em> {sentence()}</p>")
            case "list":
                made.append(
                    "<ul>" + "".join(f"<li>{sentence()}</li>" for _ in range(generator.randint(2, 5))) + "</ul>"
                )
            case _:
                years = range(2016, 2016 + generator.randint(1, 4))
                rows = [(sentence(), *(str(generator.randint(1, 99)) for _ in years)) for _ in range(4)]
                made.append(table(("Tỉnh", *map(str, years)), *rows))
    return made


def edited(generator: random.Random, blocks: list[str]) -> list[str]:
    made = list(blocks)
    for _ in range(generator.randint(1, 5)):
        place = generator.randrange(len(made))
        match generator.choice(("word", "word", "cut", "remove", "add", "move", "row")):
            case "word":
                made[place] = made[place].replace(
                    generator.choice(WORDS), generator.choice(("mới", "hai từ", "a &amp; b")), 1
                )
            case "cut":
                made[place] = re.sub(r"(\w+) (\w+) (\w+)", r"\1", made[place], count=1)
            case "remove" if len(made) > 1:
                del made[place]
            case "add":
                made.insert(place, generated(generator)[0])
            case "move":
                made.insert(generator.randrange(len(made)), made.pop(place))
            case "row":
                made[place] = re.sub(r"<(tr|li)>(?:(?!</\1>).)*</\1>(?=<\1)", "", made[place], count=1)
    return made


@pytest.mark.parametrize("seed", range(300))
def test_without_its_deletions_a_redline_is_the_new_page_and_without_its_insertions_the_old_words(
    seed: int, words: Layout
) -> None:
    generator = random.Random(seed)
    blocks = generated(generator)
    before, after = page(*blocks), page(*edited(generator, blocks))
    html = redlined(before, after, words)
    assert said(_DELETED.sub("", html)) == said(after)
    (found,) = compare_drafts([read(before)], [read(after)]) or (None,)
    if found is None:
        assert said(before) == said(after)
        return
    old = {name_of(one): said(one) for one in elements(before)}
    marked = {name_of(one): one for one in elements(html)}
    for change in found.changes:
        assert "".join(edit.before for edit in change.edits) == "\n\n".join(
            old[read(before).pieces[place].name] for place in change.before
        )
        if change.kind not in (ADDED, REMOVED):
            names = [read(after).pieces[place].name for place in change.after]
            words_left = [word for name in names for word in words_of(said(_INSERTED.sub("", marked[name])))]
            was = [word for place in change.before for word in words_of(read(before).pieces[place].text)]
            assert words_left == was


def test_two_tables_with_nothing_in_common_are_still_told_without_loss() -> None:
    before, after = "A\tB\n1\t2\n3\t4", "C\tD\tE\n5\t6\t7"
    edits = compare_lines(before, after)
    assert "".join(one.before for one in edits) == before
    assert "".join(one.after for one in edits) == after

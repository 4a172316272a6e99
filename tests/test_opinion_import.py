"""Opinions are added to the register of their meeting: each once, each word as it was given, nothing else touched."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from galley.diagnostics import LANGUAGES, catalogue, sentence
from galley.exchange.given import Given, Origin, clean
from galley.exchange.reception import Addressing, Reception
from galley.exchange.told import told
from galley.model import Disposition
from galley.source import SourceFile, SourceTree
from tests.opinion_files import (
    COMMENTS,
    DOCX,
    abouts,
    accepted,
    commented,
    comments_of,
    received,
    small_book,
    workbook,
)

HEAD = ("TT", "Vị trí", "Nguyên văn", "Nội dung góp ý", "Cơ quan góp ý")
FILE = workbook(
    HEAD,
    (1, "đoạn 1.1", "tăng đều qua các năm", "Nêu rõ: tăng bao nhiêu?", ""),
    (2, "đoạn 2.3", "", "Thống nhất", "Tỉnh ủy Cao Bằng"),
    (3, "Chương 2", "", "Dòng một\nDòng hai", "Bộ KH&ĐT; Cao Bằng"),
)
WRITTEN = """\
- id: y-kien-1
  from: tinh-uy-lang-son
  about: chapters/dan-so.md#1
  quote: tăng đều qua các năm
  text: "Nêu rõ: tăng bao nhiêu?"
  disposition: new
- id: y-kien-2
  from: tinh-uy-cao-bang
  about: chapters/bien-gioi.md#3
  text: Thống nhất
  disposition: agreed
- id: y-kien-3
  from: bo-ke-hoach-va-dau-tu
  about: chapters/bien-gioi.md
  text: |-
    Dòng một
    Dòng hai
  disposition: new
- id: y-kien-4
  from: tinh-uy-cao-bang
  about: chapters/bien-gioi.md
  text: |-
    Dòng một
    Dòng hai
  disposition: new
"""
EARLIER = """\
# Ý kiến ghi tay
- {id: y-kien-7, from: to-bien-tap, about: chapters/dan-so.md, text: 'Sửa  chính tả', disposition: new}   # xem lại

- id: khac
  from: tinh-uy-lang-son
  about: chapters/dan-so.md#2
  text: >-
    Bảng
    dài
  disposition: new
"""


def one(text: str = "Ý kiến", place: str = "đoạn 1.1", **more: Any) -> Given:  # noqa: ANN401 - fields of any kind
    return Given(Origin("row", 2, "Góp ý"), more.pop("senders", ""), text, place, **more)


def written(done: Reception) -> str:
    assert done.file is not None
    assert done.diagnostics == ()
    return done.file.content.decode()


def test_a_file_is_written_as_an_editor_would_write_it() -> None:
    assert written(received(FILE)) == WRITTEN


def test_the_opinions_read_back_are_those_that_were_given() -> None:
    read = comments_of(received(FILE))
    assert [(found.sender, found.about, found.quote, found.text, found.disposition) for found in read] == [
        ("tinh-uy-lang-son", "chapters/dan-so.md#1", "tăng đều qua các năm", "Nêu rõ: tăng bao nhiêu?", "new"),
        ("tinh-uy-cao-bang", "chapters/bien-gioi.md#3", None, "Thống nhất", "agreed"),
        ("bo-ke-hoach-va-dau-tu", "chapters/bien-gioi.md", None, "Dòng một\nDòng hai", "new"),
        ("tinh-uy-cao-bang", "chapters/bien-gioi.md", None, "Dòng một\nDòng hai", "new"),
    ]


@pytest.mark.parametrize("end", ["", "\n", "\n\n# cuối tệp"])
@pytest.mark.parametrize("breaks", ["\n", "\r\n"])
@pytest.mark.parametrize("indent", ["", "  "])
def test_what_is_in_the_file_stays_byte_for_byte(end: str, breaks: str, indent: str) -> None:
    text = "".join(f"{indent if line.strip() else ''}{line}\n" for line in EARLIER.splitlines()).rstrip("\n") + end
    old = text.replace("\n", breaks).encode()
    tree = _with_comments(old)
    done = received(FILE, tree=tree)
    assert done.file is not None
    assert done.file.content.startswith(old)
    assert [found.id for found in comments_of(done)] == ["y-kien-7", "khac", *(f"y-kien-{n}" for n in range(8, 12))]
    new = done.file.content.removeprefix(old).decode()
    assert new.count("\r\n") == (new.count("\n") if breaks == "\r\n" else 0)


def _with_comments(content: bytes) -> SourceTree:
    return SourceTree((*small_book().files, SourceFile(COMMENTS, content)))


def test_ids_go_on_over_the_files_of_all_meetings() -> None:
    other = "- {id: y-kien-40, from: to-bien-tap, about: chapters/dan-so.md, text: x, disposition: new}\n"
    meetings = "- {id: hop-1, title: Một, date: 2021-06-09}\n- {id: hop-2, title: Hai, date: 2021-07-09}\n"
    tree = small_book({"data/comments/hop-2.yml": other, "data/meetings.yml": meetings})
    assert next(found.id for found in received(FILE, tree=tree).entries) == "y-kien-41"


@pytest.mark.parametrize("content", [b"[]\n", b"[{id: a}]\n", b"null\n", EARLIER.encode() + b"...\n", b"a: 1\n"])
def test_a_file_that_cannot_be_added_to_is_left_alone(content: bytes) -> None:
    done = received(FILE, tree=_with_comments(content))
    assert [found.rule for found in done.diagnostics] == ["cannot-append"]
    assert done.file is None


@pytest.mark.parametrize("content", [b"", b"\n", b"# ch\xc6\xb0a c\xc3\xb3 g\xc3\xac\n"])
def test_an_empty_file_is_begun(content: bytes) -> None:
    assert written(received(FILE, tree=_with_comments(content))) == content.decode() + WRITTEN


def test_importing_a_file_again_adds_nothing() -> None:
    first = received(FILE)
    again = received(FILE, tree=first.tree)
    assert again.file is None
    assert all(found.known for found in again.entries)
    assert [found.id for found in again.entries] == [found.id for found in first.entries]


def test_a_longer_file_adds_what_is_new_in_it() -> None:
    first = accepted([one("Một"), one("Hai")])
    second = accepted([one("Một"), one("Ba"), one("Hai")], tree=first.tree)
    assert written(second) == written(first) + written(accepted([one("Ba")])).replace("y-kien-1", "y-kien-3")


def test_an_opinion_that_stands_twice_in_a_file_is_written_once() -> None:
    done = accepted([one("Một"), one("Một"), one("Một", "đoạn 1.2")])
    assert [(found.id, found.known) for found in done.entries] == [
        ("y-kien-1", False),
        ("y-kien-1", True),
        ("y-kien-2", False),
    ]
    assert [found.placing.doubt for found in done.entries] == ["", "", "again"]


def test_an_opinion_whose_place_was_set_right_by_hand_is_not_written_again() -> None:
    vague = one("Làm rõ", "Chương 2", quote="cửa khẩu")
    first = accepted([vague])
    moved = written(first).replace("bien-gioi.md", "bien-gioi.md#2")
    assert accepted([vague], tree=_with_comments(moved.encode())).file is None


def test_the_same_words_of_another_body_or_place_are_another_opinion() -> None:
    first = accepted([one("Một")])
    others = [one("Một", senders="Cao Bằng"), one("Một", "đoạn 1.2")]
    assert [found.known for found in accepted(others, tree=first.tree).entries] == [False, False]


@pytest.mark.parametrize(
    ("senders", "ids"),
    [
        ("", ["tinh-uy-lang-son"]),
        ("Tỉnh ủy Cao Bằng", ["tinh-uy-cao-bang"]),
        ("TỈNH UỶ CAO BẰNG", ["tinh-uy-cao-bang"]),
        ("tỉnh Cao Bằng", ["tinh-uy-cao-bang"]),
        ("Tỉnh ủy Cao Bằng, Bộ Kế hoạch và Đầu tư và Tỉnh ủy Lạng Sơn", None),
        ("- Cao Bằng\n- Bộ KH&ĐT\n- Lạng Sơn", None),
        ("1. Cao Bằng; 2. Bộ KHĐT; 3. tinh-uy-lang-son", None),
        ("Các bộ, ban, ngành Trung ương", ["cac-bo-nganh"]),
    ],
)
def test_the_bodies_of_an_opinion_are_found_by_their_names(senders: str, ids: list[str] | None) -> None:
    expected = ids or ["tinh-uy-cao-bang", "bo-ke-hoach-va-dau-tu", "tinh-uy-lang-son"]
    assert [found.sender for found in accepted([one(senders=senders)]).entries] == expected


def test_a_body_that_is_not_known_is_told_with_the_nearest_name_and_nothing_is_written_for_it() -> None:
    done = accepted([one(senders="Tỉnh ủy Cao Bằg; Tỉnh ủy Lạng Sơn")])
    assert [(found.sender, found.reason, found.detail, found.near) for found in done.entries] == [
        ("tinh-uy-lang-son", "", "", ""),
        ("", "unknown-sender", "Tỉnh ủy Cao Bằg", "tinh-uy-cao-bang"),
    ]


def test_without_a_body_an_opinion_is_not_written() -> None:
    done = accepted([one()], addressing=Addressing("hop-1"))
    assert [(found.reason, found.id) for found in done.entries] == [("no-sender", "")]
    assert done.file is None


def test_who_comments_in_a_file_of_a_body_speaks_for_it() -> None:
    content = commented(
        ("Đường bộ nối các cửa khẩu ", "còn hẹp", ".", "Trần Văn B", "Nêu số km"),
        ("Tỷ lệ sinh ", "còn cao", " ở vùng sâu", "Tỉnh ủy Cao Bằng", "Nêu tỷ lệ"),
    )
    done = received(content, DOCX)
    assert [found.sender for found in done.entries] == ["tinh-uy-lang-son", "tinh-uy-cao-bang"]
    assert abouts(done) == ["chapters/bien-gioi.md#3", "chapters/dan-so.md#3"]
    nobody = received(content, DOCX, addressing=Addressing("hop-1"))
    assert [found.reason for found in nobody.entries] == ["unknown-sender", ""]


def test_what_has_no_place_or_no_text_is_left_out_and_told() -> None:
    done = accepted([one("Rà soát chính tả", "trang 3"), one(""), one("Được")])
    assert [(found.reason, found.placing.doubt) for found in done.entries] == [
        ("no-place", "pages"),
        ("no-text", ""),
        ("", ""),
    ]
    assert [found.text for found in comments_of(done)] == ["Được"]


def test_an_opinion_is_for_the_narrowest_audience_until_an_editor_opens_it() -> None:
    done = accepted([one()])
    assert "audience" not in written(done)
    assert [found.audience for found in comments_of(done)] == ["noi-bo"]


def test_what_is_wrong_elsewhere_keeps_no_opinion_back() -> None:
    chapter = "---\ntitle: Dân số\nowner: to-bien-tap\nstatus: draft\n---\n\n{{ value('khong-co') }}\n"
    assert accepted([one()], tree=small_book({"chapters/dan-so.md": chapter})).diagnostics == ()


TEXTS = st.text(st.characters(codec="utf-8"), min_size=1).map(clean).filter(bool)


@given_any(text=TEXTS, quote=st.just("") | TEXTS)
@settings(max_examples=60, deadline=None)
def test_whatever_an_opinion_says_is_read_back_unchanged(text: str, quote: str) -> None:
    (found,) = comments_of(accepted([one(text, quote=quote)]))
    assert (found.text, found.quote) == (text, quote or None)


@pytest.mark.parametrize(
    "text",
    [
        "- id: x",
        "null",
        "~",
        "2019",
        "không # phải chú thích",
        "a: b",
        '"',
        "'",
        "\\n",
        "|-",
        "---\n...\n- id: y",
        "# đầu dòng\n# nữa",
        "%TAG\n@a\n`b",
        "{{ value('x') }}",
        "=1+1",
        "<script>alert(1)</script>",
        "*a &b !c",
        "x" * 20_000,
    ],
)
def test_text_that_means_something_in_yaml_stays_text(text: str) -> None:
    (found,) = comments_of(accepted([one(text)]))
    assert (found.text, found.disposition) == (text, Disposition.NEW)


WAYS = [
    one("a", "đoạn 1.1"),
    one("b", "Bảng 1.1"),
    one("c", "", quote="còn hẹp"),
    one("d", "", paragraph="Đường bộ nối các cửa khẩu còn hẹp."),
    one("e", "", quote="Hạ tầng của cửa khẩu Hữu Nghị được nâng cấp nhiều"),
    one("f", "mục Cửa khẩu"),
    one("g", "Chương 2"),
    one("h", "đoạn 2.1, 2.2"),
    one("i", "mục 2.1"),
    one("k", "Chương 2, đoạn 1, trang 3"),
    one("l", "Thương mại"),
    one("m", "Chương 1", quote="còn hẹp"),
    one("n", "đoạn 1.1", quote="còn hẹp"),
    one("o", "", quote="cửa khẩu"),
    one("p", "", quote="du lịch cộng đồng"),
    one("q", "1.1", shown=True),
    one("a", "đoạn 1.2"),
    one("r", "đoạn 1.9"),
    one("s", "trang 3"),
    one("t", "đoạn 1 mục 1.1"),
    one("u", "đoạn 1"),
    one("v", "gạch đầu dòng", section="Chương 1"),
    one("w", "mục Hạn chế"),
    one("x", "Toàn văn"),
    one(""),
    one("y", senders="Sở X"),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_way_doubt_and_reason_is_put_in_words(language: str) -> None:
    entries = [*accepted(WAYS).entries, *accepted([one()], addressing=Addressing("hop-1")).entries]
    met = {f"way-{found.placing.way}" for found in entries if found.placing.way}
    met |= {f"doubt-{found.placing.doubt}" for found in entries if found.placing.doubt}
    met |= {f"left-{found.reason}" for found in entries if found.reason not in ("", "no-place")}
    words = {name for name in catalogue(language)["words"] if name.startswith(("way-", "doubt-", "left-"))}
    assert met == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_opinion_is_told_with_where_it_stands_in_its_file(language: str) -> None:
    numbered = [replace(found, origin=Origin("row", row, "Góp ý")) for row, found in enumerate(WAYS, start=100)]
    lines = list(told(accepted(numbered).entries, partial(sentence, language, "cli")))
    assert [row for row in range(100, 100 + len(WAYS)) if not any(f" {row} " in line for line in lines)] == []

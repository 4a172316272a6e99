"""Two drafts held against each other: words, paragraphs, and where an old paragraph stands now."""

from __future__ import annotations

import random
from pathlib import PurePosixPath

from hypothesis import given
from hypothesis import strategies as st

from galley.compare.alignment import Match, Piece, align
from galley.compare.drafts import (
    ADDED,
    CHANGED,
    JOINED,
    MOVED,
    REMOVED,
    SPLIT,
    DraftChapter,
    FigureChange,
    compare_drafts,
    whereabouts,
)
from galley.compare.words import Edit, compare_words, pieces

_TEXT = st.text(st.sampled_from("aăâ bcđ êô .,-/%0123456789\n"), max_size=60)
_SENTENCE = "tỉnh vùng dân số năm tăng giảm so với cả nước đường cửa khẩu rừng che phủ hộ nghèo thu nhập trường học"
_WORDS = (
    *_SENTENCE.split(),
    "bệnh",
    "viện",
    "lao",
    "động",
    "đào",
    "tạo",
    "quy",
    "hoạch",
    "liên",
    "kết",
    "biên",
    "giới",
)


@given(_TEXT)
def test_no_letter_of_a_text_is_lost_when_it_is_cut(text: str) -> None:
    assert "".join(pieces(text)) == text


@given(_TEXT, _TEXT)
def test_the_deletions_of_a_redline_give_the_old_text_and_its_insertions_the_new(before: str, after: str) -> None:
    edits = compare_words(before, after)
    assert "".join(one.before for one in edits) == before
    assert "".join(one.after for one in edits) == after


@given(_TEXT)
def test_a_text_held_against_itself_has_no_change(text: str) -> None:
    assert all(one.kept for one in compare_words(text, text))


def test_a_changed_word_is_the_only_change() -> None:
    edits = compare_words("Dân số tăng 4,5% so với năm 2019.", "Dân số tăng 5,1% so với năm 2019.")
    assert [one for one in edits if not one.kept] == [Edit("4,5", "5,1")]


def test_a_rewritten_passage_is_one_change_in_spite_of_a_word_that_stayed() -> None:
    edits = compare_words(
        "Kết quả của vùng rất thấp trong kỳ.", "Kết quả đạt được vượt kế hoạch rất xa mục tiêu trong kỳ."
    )
    assert len([one for one in edits if not one.kept]) == 1


def _paragraphs(generator: random.Random, count: int) -> list[Piece]:
    texts = []
    for number in range(count):
        sentences = (
            " ".join(generator.choices(_WORDS, k=generator.randint(6, 16))).capitalize()
            + f" {generator.randint(1, 9999)}."
            for _ in range(generator.randint(2, 5))
        )
        texts.append(Piece("paragraph", f"{' '.join(sentences)} ({number})"))
    return texts


def test_nothing_changed_is_nothing_moved_and_nothing_new() -> None:
    draft = _paragraphs(random.Random(1), 30)
    assert align(draft, draft) == tuple(Match((place,), (place,)) for place in range(30))


def test_a_moved_paragraph_is_told_as_moved() -> None:
    draft = _paragraphs(random.Random(2), 8)
    after = [*draft[:2], *draft[3:7], draft[2], draft[7]]
    assert [one for one in align(draft, after) if one.moved] == [Match((2,), (6,), moved=True)]


def test_a_split_paragraph_is_matched_with_both_halves_and_joined_ones_with_the_whole() -> None:
    draft = _paragraphs(random.Random(3), 6)
    words = draft[3].text.split()
    halves = [
        Piece("paragraph", " ".join(words[: len(words) // 2])),
        Piece("paragraph", " ".join(words[len(words) // 2 :])),
    ]
    split = [*draft[:3], *halves, *draft[4:]]
    assert Match((3,), (3, 4)) in align(draft, split)
    assert Match((3, 4), (3,)) in align(split, draft)


def test_a_removed_paragraph_stands_after_what_it_followed() -> None:
    draft = _paragraphs(random.Random(4), 4)
    assert align(draft, [draft[0], *draft[2:]])[:3] == (Match((0,), (0,)), Match((1,), ()), Match((2,), (1,)))


def _edited(generator: random.Random, draft: list[Piece]) -> tuple[list[Piece], dict[int, int | None]]:
    """A later draft, and where each paragraph of the first one stands in it; None where it was removed."""
    items: list[tuple[int | None, Piece]] = list(enumerate(draft))
    for _ in range(generator.randint(2, 6)):
        place = generator.randrange(len(items))
        origin, one = items[place]
        words = one.text.split()
        match generator.choice(["word", "words", "remove", "add", "move", "split"]):
            case "word":
                words[generator.randrange(len(words))] = generator.choice(_WORDS)
                items[place] = (origin, Piece(one.kind, " ".join(words)))
            case "words":
                start = generator.randrange(len(words))
                words[start : start + 4] = generator.choices(_WORDS, k=6)
                items[place] = (origin, Piece(one.kind, " ".join(words)))
            case "remove":
                del items[place]
            case "add":
                items.insert(place, (None, _paragraphs(generator, 1)[0]))
            case "move":
                items.insert(generator.randrange(len(items)), items.pop(place))
            case "split" if len(words) > 16:
                items[place : place + 1] = [
                    (origin, Piece(one.kind, " ".join(words[: len(words) * 2 // 3]))),
                    (None, Piece(one.kind, " ".join(words[len(words) * 2 // 3 :]))),
                ]
    where: dict[int, int | None] = dict.fromkeys(range(len(draft)))
    where |= {origin: place for place, (origin, _) in enumerate(items) if origin is not None}
    return [one for _, one in items], where


def test_an_old_paragraph_is_found_two_meetings_later_in_at_least_98_of_100_cases() -> None:
    right = total = 0
    for seed in range(250):
        generator = random.Random(seed)
        draft = _paragraphs(generator, 20)
        second, where = _edited(generator, draft)
        third, later = _edited(generator, second)
        found = whereabouts(draft, third)
        right += sum(found[place] == (None if then is None else later[then]) for place, then in where.items())
        total += len(where)
    assert right / total >= 0.98, f"{right} of {total}"


def _chapter(name: str, pieces: list[Piece], title: str = "Chương") -> DraftChapter:
    return DraftChapter(PurePosixPath(f"chapters/{name}.md"), title, tuple(pieces))


def _draft() -> list[DraftChapter]:
    return [_chapter(name, _paragraphs(random.Random(name), 8)) for name in ("mot", "hai", "ba")]


def test_a_draft_held_against_itself_has_no_change() -> None:
    assert compare_drafts(_draft(), _draft()) == ()


def test_every_kind_of_change_is_told_by_its_name() -> None:
    draft = _draft()
    one = list(draft[0].pieces)
    words = one[5].text.split()
    halves = [
        Piece("paragraph", " ".join(words[: len(words) // 2])),
        Piece("paragraph", " ".join(words[len(words) // 2 :])),
    ]
    new = _paragraphs(random.Random(99), 1)[0]
    changed = Piece("paragraph", one[1].text.replace(one[1].text.split()[2], "khác", 1))
    after = [one[0], changed, new, one[4], one[3], *halves, Piece("paragraph", f"{one[6].text}\n\n{one[7].text}")]
    (found,) = compare_drafts(draft, [_chapter("mot", after), *draft[1:]])
    assert sorted(change.kind for change in found.changes) == sorted([CHANGED, REMOVED, ADDED, MOVED, SPLIT, JOINED])


def test_chapters_added_removed_and_renamed_are_told() -> None:
    draft = _draft()
    renamed = _chapter("hai-moi", list(draft[1].pieces))
    added = _chapter("bon", _paragraphs(random.Random(7), 5))
    found = compare_drafts(draft, [draft[0], renamed, added])
    told = [(one.before and one.before.path.stem, one.after and one.after.path.stem, one.renamed) for one in found]
    assert told == [("hai", "hai-moi", True), (None, "bon", False), ("ba", None, False)]
    assert found[0].changes == ()


def test_a_changed_title_is_a_change_of_its_chapter() -> None:
    draft = _draft()
    (found,) = compare_drafts(draft, [_chapter("mot", list(draft[0].pieces), "Chương mới"), *draft[1:]])
    assert [one for one in found.title if not one.kept] == [Edit("", " mới")]


def test_a_figure_that_changed_since_its_datum_did_is_told_apart_from_what_was_rewritten() -> None:
    call, other = '{{ value("dan-so") }}', '{{ value("gini") }}'
    before = Piece("paragraph", "Dân số là 720,5 nghìn người, hệ số là 0,4.", ((call, "720,5"), (other, "0,4")))
    after = Piece("paragraph", "Dân số là 721,5 nghìn người, hệ số chỉ là 0,4.", ((call, "721,5"), (other, "0,4")))
    (found,) = compare_drafts([_chapter("mot", [before])], [_chapter("mot", [after])])
    (change,) = found.changes
    assert change.figures == (FigureChange(call, "720,5", "721,5"),)
    assert [one for one in change.edits if not one.kept] == [Edit("720,5", "721,5"), Edit("", "chỉ ")]

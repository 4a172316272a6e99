"""Find what an opinion is about in the draft that was circulated: by number, by quoted words, by a title."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from galley.bind.paragraphs import paragraph_id
from galley.exchange.given import plain
from galley.vietnamese import place_tones

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from galley.compare.alignment import Piece
    from galley.compare.drafts import DraftChapter
    from galley.exchange.given import Given
    from galley.review.places import Draft

NEAR = 0.6  # the share of a quote's pairs of words from which it is taken to stand in a paragraph
AHEAD = 0.2  # by how much it must be there more than in any other
_LONGEST = 500  # characters of a place that are read
_FEWEST = 4  # words of a quote that is looked for by likeness
_NUMBER = re.compile(
    r"(?:(?P<kind>đoạn|mục|điểm|khoản|bảng|biểu đồ|biểu|hình|bản đồ)\s*(?:số\s*)?)?"
    r"(?<![\w.,/-])(?P<chapter>\d{1,3})\.(?P<paragraph>\d{1,4})(?![\w/%]|[.,]\d|\s*%)"
)
_PARAGRAPH = re.compile(r"\bđoạn\s*(?:văn\s*)?(?:thứ\s*|số\s*)?(?P<paragraph>\d{1,4})(?!\d|[.,]\d)")
_CHAPTER = re.compile(r"\bchương\s*(?:thứ\s*|số\s*)?(?P<number>\d{1,3}|[ivxlc]+)\b(?!\.\d)")
_PAGE = re.compile(r"\b(?:trang|tr\.?)\s*(?:số\s*)?\d+|\bdòng\s*(?:thứ\s*|số\s*)?\d+")
_SEVERAL = re.compile(r"^\s*(?:-|–|—|,|;|và|đến|tới)\s*(?:đoạn\s*|mục\s*)?\d")
_LABELS = ("bảng", "biểu đồ", "biểu", "hình", "bản đồ")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_ELLIPSIS = re.compile(r"\[?(?:…|\.{3,})\]?")
# What may stand before and after the title of a chapter or heading, where the place names it and nothing else.
_BEFORE = re.compile(
    r"(?:^|.*[,;:/()–—“\"-]\s*|.*\b(?:chương|mục|phần|tiểu mục|nội dung|nhóm vấn đề|lĩnh vực|hồ sơ|tỉnh|về)\s+)"
    r"(?:(?:chương|mục|phần|tiểu mục)?\s*(?:[ivxlc]+|\d+(?:\.\d+)*)\s*[.:)–-]?\s*)?[“\"]?",
    re.DOTALL,
)
_AFTER = re.compile(r"\s*(?:$|[,;:/().–—”\"-])")


@dataclass(frozen=True, slots=True)
class Placing:
    """What an opinion is about, as its record says it; empty where nothing was found.

    `way` is how it was found (`number`, `label`, `quote`, `near`, `title`, `chapter`), `doubt` why it should be looked
    at. An `exact` one is what the sender meant by all that was said; else it is the chapter alone. `shown` is what the
    draft calls it: a number or a title.
    """

    about: str = ""
    shown: str = ""
    way: str = ""
    doubt: str = ""
    exact: bool = False
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A piece of the draft in which words are looked for."""

    chapter: DraftChapter
    piece: Piece
    words: str
    pairs: Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Named:
    """What a place says: the chapter, the number of a paragraph in it, and what makes that unsure."""

    chapter: DraftChapter | None = None
    paragraph: int = 0
    label: str = ""
    heading: Piece | None = None
    doubt: str = ""
    lost: str = ""  # why a place that was given cannot be found


class Places:
    """A draft in which places are found; numbers and titles are those of the edition that was circulated."""

    def __init__(self, draft: Draft) -> None:
        self._chapters = {one.number: one for one in draft.chapters}
        self._whole = {(path, shown): name for (path, name), shown in draft.names.items()}
        self._candidates = tuple(_candidates(draft.chapters))
        self._by_pair: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, one in enumerate(self._candidates):
            for pair in one.pairs:
                self._by_pair[pair].append(number)

    def find(self, given: Given) -> Placing:
        """What an opinion is about: by the number of a paragraph, else by its quote, else by a title."""
        named = self._named(given)
        parts = _parts(given.quote)
        quoted, way = self._quoted(parts, plain(given.paragraph), named.chapter)
        if named.chapter is not None and (named.paragraph or named.label) and not (given.shown and way == "quote"):
            found = self._numbered(named)
            if found is not None:
                return self._checked(found, parts, named, quoted if way == "quote" else None, shown=given.shown)
            named = _Named(named.chapter, heading=named.heading, lost="no-paragraph")
        if quoted is not None:
            apart = named.chapter is not None and quoted.chapter is not named.chapter
            doubt = "near" if way == "near" else "other-chapter" if apart else ""
            return self._at(quoted.chapter, quoted.piece, way, doubt)
        return self._titled(named, named.lost or (way or "no-quote" if parts else ""))

    def _titled(self, named: _Named, lost: str) -> Placing:
        """The heading or chapter that a place names, when nothing in it is found by number or quote."""
        if named.chapter is None:
            return Placing(doubt=lost or named.doubt or "no-place")
        if named.heading is not None:
            return self._at(named.chapter, named.heading, "title", lost or named.doubt)
        path = str(named.chapter.path)
        return Placing(path, named.chapter.title, "chapter", lost or named.doubt, exact=not lost)

    def _checked(
        self, found: _Candidate, parts: tuple[str, ...], named: _Named, quoted: _Candidate | None, *, shown: bool
    ) -> Placing:
        """A place found by its number, after a look at what is quoted."""
        doubt, elsewhere = named.doubt or ("shown" if shown else ""), ""
        if parts and _holds(found.words, parts):
            doubt = doubt if doubt == "several" else ""
        elif parts and quoted is not None:
            doubt, elsewhere = "quote-elsewhere", _shown(quoted.chapter, quoted.piece)
        elif parts:
            doubt = doubt or "no-quote"
        return self._at(found.chapter, found.piece, "label" if named.label else "number", doubt, elsewhere)

    def _at(self, chapter: DraftChapter, piece: Piece, way: str, doubt: str, elsewhere: str = "") -> Placing:
        number = re.fullmatch(r"doan-(\d+)", piece.name)
        if number is None:
            about = f"{chapter.path}#{piece.name}" if piece.name else str(chapter.path)
            return Placing(about, _shown(chapter, piece), way, doubt, exact=True, elsewhere=elsewhere)
        whole = self._whole.get((chapter.path, piece.name), "" if self._whole else piece.name)
        about = f"{chapter.path}#{whole.removeprefix('doan-')}" if whole else str(chapter.path)
        return Placing(about, _shown(chapter, piece), way, doubt, exact=True, elsewhere=elsewhere)

    def _named(self, given: Given) -> _Named:
        """What the place says; what it leaves out is taken from the section of the table."""
        own = self._named_by(given.place[:_LONGEST])
        if own.chapter is not None:
            return own
        above = self._named_by(given.section[:_LONGEST])
        if above.chapter is None:
            return _Named(lost="no-chapter") if own.paragraph else _Named(doubt=own.doubt or above.doubt, lost=own.lost)
        if own.paragraph or own.lost:
            return _Named(above.chapter, own.paragraph, heading=above.heading, lost=own.lost)
        if heading := self._heading(given.place[:_LONGEST], above.chapter):
            return _Named(above.chapter, heading=heading)
        return replace(above, lost="unclear" if given.place else above.lost)

    def _named_by(self, place: str) -> _Named:
        text = place.casefold()
        alone, numbers = _PARAGRAPH.search(text), list(_NUMBER.finditer(text))
        if numbers and not (alone and all(one["kind"] != "đoạn" for one in numbers)):
            return self._dotted(numbers, text, place)
        chapter, (heading, doubt) = self._chapter(text), (None, "")
        if chapter is None:
            chapter, heading, doubt = self._title(place)
        else:
            heading = self._heading(place, chapter)
        if alone and numbers:
            return _Named(chapter or self._chapters.get(int(numbers[0]["chapter"])), heading=heading, lost="relative")
        if alone and heading is not None:
            return _Named(chapter, heading=heading, lost="relative")
        if alone and _PAGE.search(text) and not _CHAPTER.search(text):
            return _Named(chapter, lost="pages")
        if alone:
            doubt = "several" if _SEVERAL.match(text[alone.end() :]) else "page" if _PAGE.search(text) else doubt
            return _Named(chapter, int(alone["paragraph"]), doubt=doubt)
        return _Named(chapter, heading=heading, doubt=doubt, lost="pages" if _PAGE.search(text) else "")

    def _dotted(self, numbers: Sequence[re.Match[str]], text: str, place: str) -> _Named:
        """What `3.12` says: a paragraph, or a table or figure of that number; a section may have the same one."""
        paragraphs = [one for one in numbers if one["kind"] == "đoạn"]
        numbers = paragraphs or numbers
        first = numbers[0]
        chapter = self._chapters.get(int(first["chapter"]))
        if chapter is None:
            return _Named(lost="no-chapter")
        several = len({(one["chapter"], one["paragraph"]) for one in numbers}) > 1
        doubt = "several" if several or _SEVERAL.match(text[first.end() :]) else ""
        if first["kind"] in _LABELS:
            return _Named(chapter, label=plain(first[0]), doubt=doubt)
        heading = self._heading(place, chapter)
        if first["kind"] == "mục" and heading is not None:
            return _Named(chapter, heading=heading, doubt=doubt)
        sections = sum(one.kind == "heading" for one in chapter.pieces)
        if first["kind"] == "mục" and int(first["paragraph"]) <= sections:
            doubt = doubt or "section"
        return _Named(chapter, int(first["paragraph"]), doubt=doubt)

    def _chapter(self, text: str) -> DraftChapter | None:
        found = _CHAPTER.search(text)
        if found is None:
            return None
        number = found["number"]
        return self._chapters.get(int(number) if number.isdigit() else _roman(number))

    def _title(self, place: str) -> tuple[DraftChapter | None, Piece | None, str]:
        """The chapter that a place names by its title, or the heading that stands in one chapter alone."""
        fits = [(_fit(place, one.title), len(one.title), one) for one in self._chapters.values()]
        best = max(fits, key=lambda one: one[:2], default=(0, 0, None))
        if best[2] is not None and best[0] == _WHOLE:
            return best[2], self._heading(place, best[2]), ""
        headings = [(one, found) for one in self._chapters.values() if (found := self._heading(place, one))]
        if len(headings) == 1:
            return *headings[0], ""
        if headings:
            return None, None, "ambiguous"
        if best[2] is not None and best[0] == _PART:
            return best[2], None, "title"
        words = plain(place)
        longer = [one for one in self._chapters.values() if " " in words and f" {words} " in f" {plain(one.title)} "]
        return (longer[0], None, "title") if len(longer) == 1 else (None, None, "")

    def _heading(self, place: str, chapter: DraftChapter) -> Piece | None:
        fits = [one for one in chapter.pieces if one.kind == "heading" and _fit(place, one.text) == _WHOLE]
        return max(fits, key=lambda one: len(one.text), default=None)

    def _numbered(self, named: _Named) -> _Candidate | None:
        here = [one for one in self._candidates if one.chapter is named.chapter]
        if named.label:
            labelled = (one for one in here if f" {named.label} " in f" {one.words[:_LABEL_WITHIN]} ")
            return next((one for one in labelled if one.piece.kind in ("table", "figure")), None)
        return next((one for one in here if one.piece.name == paragraph_id(named.paragraph)), None)

    def _quoted(
        self, parts: tuple[str, ...], paragraph: str, chapter: DraftChapter | None
    ) -> tuple[_Candidate | None, str]:
        """The one piece that a quote stands in, in the chapter if that is known, and how it was found.

        Without a quote it is the piece that reads like the paragraph of the circulated file.
        """
        same = [one for one in self._candidates if one.words == paragraph]
        found = [one for one in self._candidates if _holds(one.words, parts)] if parts else same
        here = [one for one in found if one.chapter is chapter]
        for those in (here, found, [one for one in found if one in same]):
            if len(those) == 1:
                return those[0], "quote" if parts else "paragraph"
        near = self._near(paragraph, found or self._candidates)
        if near is None and not found:
            near = self._near(" ".join(parts), self._candidates)
        if near is not None:
            return near, "near"
        return None, "quote-several" if found and parts else ""

    def _near(self, words: str, among: Sequence[_Candidate]) -> _Candidate | None:
        """The piece in which most of the words follow each other as they do here, if it is far ahead."""
        pairs = _pairs(words)
        if pairs.total() < _FEWEST - 1:
            return None
        allowed = {id(one) for one in among}
        common: Counter[int] = Counter()
        for pair, count in pairs.items():
            for number in self._by_pair.get(pair, ()):
                common[number] += min(count, self._candidates[number].pairs[pair])
        best = [(count / pairs.total(), self._candidates[number]) for number, count in common.most_common()]
        best = [one for one in best if id(one[1]) in allowed][:2]
        if not best or best[0][0] < NEAR or (len(best) > 1 and best[0][0] - best[1][0] < AHEAD):
            return None
        return best[0][1]


_LABEL_WITHIN = 60  # characters at the beginning of a table or figure
_WHOLE, _PART = 2, 1


def _candidates(chapters: Iterable[DraftChapter]) -> Iterator[_Candidate]:
    for chapter in chapters:
        for piece in chapter.pieces:
            words = plain(piece.text)
            if words:
                yield _Candidate(chapter, piece, words, _pairs(words))


def _pairs(words: str) -> Counter[tuple[str, str]]:
    return Counter(pairwise(words.split()))


def _parts(quote: str) -> tuple[str, ...]:
    """The words of a quote; where it leaves something out, marked by dots, they are parted."""
    return tuple(filter(None, map(plain, _ELLIPSIS.split(quote))))


def _holds(words: str, parts: tuple[str, ...]) -> bool:
    """True when a quote stands in the words."""
    at = 0
    for part in parts:
        found = words.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return at > 0


def _fit(place: str, title: str) -> int:
    """Whether a place names a title as a whole, or holds its words somewhere; 0 where it does not."""
    text, sought = _even(place), _even(title)
    if not sought or sought not in text:
        return 0
    found = list(re.finditer(rf"(?<!\w){re.escape(sought)}(?!\w)", text))
    whole = any(_BEFORE.fullmatch(text[: one.start()]) and _AFTER.match(text[one.end() :]) for one in found)
    return _WHOLE if whole else _PART if found else 0


def _even(text: str) -> str:
    return " ".join(place_tones(text, "old").casefold().split())


def _roman(text: str) -> int:
    values = [_ROMAN[letter] for letter in text]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def _shown(chapter: DraftChapter, piece: Piece) -> str:
    """What the circulated edition calls a place: `3.12`, or the words of a heading."""
    number = re.fullmatch(r"doan-(\d+)", piece.name)
    return f"{chapter.number}.{number[1]}" if number else piece.text or chapter.title

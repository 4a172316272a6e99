"""Follow the drawing of a page, operator by operator (ISO 32000-1, annex A), and keep what can be seen.

The typesetter's own words for fonts and places do not get here: what is measured is what the page draws.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import hypot
from typing import TYPE_CHECKING, Any, TypeAlias

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from galley.preflight.fonts import Font

MILLIMETRE = 72 / 25.4  # in points
Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_Operands: TypeAlias = "Sequence[Any]"
_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in mm from the upper left corner of the page."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Mark:
    """How a piece of content is tagged: by its number on the page (MCID), as an artifact, or not at all."""

    number: int | None = None
    artifact: bool = False


NO_MARK = Mark()


@dataclass(frozen=True, slots=True)
class Run:
    """A text shown in one go; `size` in points as it is seen, `missing` how many boxes stand for lacking letters.

    `silent` are the codes that say no letter, `pictured` is true of the words of a drawing.
    """

    text: str
    font: Font
    size: float
    box: Box
    baseline: float
    mark: Mark
    missing: int
    silent: int
    pictured: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """All that a page draws, in order: texts, painted shapes, marks, and how much stands in no mark.

    `lost` are the fonts that the page or a form in it names but does not have.
    """

    runs: tuple[Run, ...]
    shapes: tuple[Box, ...]
    marks: tuple[int, ...]
    untagged: int
    lost: tuple[str, ...]


@dataclass(slots=True)
class _State:
    """The graphics state; `clip` is the box around what may still be painted."""

    matrix: Matrix
    clip: Box
    font: Font | None = None
    size: float = 0.0
    letter_gap: float = 0.0
    word_gap: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0


def draw(page: pikepdf.Page, font: Callable[[Any], Font]) -> Drawn:
    """What a page draws; `font` reads a font of the resources."""
    left, low, right, high = (float(one) for one in page.mediabox)
    matrix = (1 / MILLIMETRE, 0.0, 0.0, -1 / MILLIMETRE, -left / MILLIMETRE, high / MILLIMETRE)
    whole = Box(0.0, 0.0, (right - left) / MILLIMETRE, (high - low) / MILLIMETRE)
    pen = _Pen(_State(matrix, whole), font)
    pen.follow(page, page.get("/Resources", pikepdf.Dictionary()))
    return Drawn(tuple(pen.runs), tuple(pen.shapes), tuple(pen.marks), pen.untagged, tuple(pen.lost))


def multiply(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that does the first, then the second."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _around(points: Iterable[tuple[float, float]]) -> Box:
    across, down = zip(*points, strict=True)
    return Box(min(across), min(down), max(across), max(down))


def _common(one: Box, other: Box) -> Box:
    return Box(
        max(one.left, other.left), max(one.top, other.top), min(one.right, other.right), min(one.bottom, other.bottom)
    )


class _Pen:
    """Follows content streams and keeps what they show."""

    def __init__(self, state: _State, font: Callable[[Any], Font]) -> None:
        self.runs: list[Run] = []
        self.shapes: list[Box] = []
        self.marks: list[int] = []
        self.untagged = 0
        self.lost: list[str] = []
        self._state = state
        self._kept: list[_State] = []
        self._read_font = font
        self._fonts: dict[str, Font | None] = {}
        self._resources: Any = pikepdf.Dictionary()
        self._text = self._line = _IDENTITY
        self._path: list[tuple[float, float]] = []
        self._clips = False
        self._open: list[Mark] = []
        self._depth = 0
        self._does: Mapping[str, Callable[[_Operands], None]] = {
            **dict.fromkeys(("f", "F", "f*", "S", "s", "B", "B*", "b", "b*"), self._paint),
            **dict.fromkeys(("m", "l"), self._point),
            **dict.fromkeys(("c", "v", "y"), self._curve),
            **dict.fromkeys(("W", "W*"), self._clip),
            **dict.fromkeys(("BMC", "BDC"), self._begin_mark),
            **dict.fromkeys(("TJ", "Tj"), self._show),
            **dict(zip(("re", "n", "sh"), (self._rectangle, self._end_path, self._shade), strict=True)),
            **dict(zip(("q", "Q", "cm"), (self._keep, self._give_back, self._transform), strict=True)),
            **dict(zip(("Do", "INLINE IMAGE", "EMC"), (self._do, self._image, self._end_mark), strict=True)),
            **dict(zip(("BT", "Tf", "Tm"), (self._begin_text, self._set_font, self._set_text), strict=True)),
            **dict(zip(("Td", "TD", "T*"), (self._move, self._move_leading, self._next), strict=True)),
            **dict(zip(("Tc", "Tw", "Tz"), (self._set_letter_gap, self._set_word_gap, self._set_stretch), strict=True)),
            **dict(
                zip(
                    ("TL", "Ts", "'", '"'),
                    (self._set_leading, self._set_rise, self._show_next, self._show_set),
                    strict=True,
                )
            ),
        }

    def follow(self, stream: Any, resources: Any) -> None:  # noqa: ANN401 - objects of the PDF
        """Follow a page or a form with its own resources."""
        outer, fonts = self._resources, self._fonts
        self._resources, self._fonts = resources, {}
        does = self._does
        for instruction in pikepdf.parse_content_stream(stream):
            action = does.get(str(instruction.operator))
            if action is not None:
                action(list(instruction.operands))
        self._resources, self._fonts = outer, fonts

    # state

    def _keep(self, _: _Operands) -> None:
        self._kept.append(replace(self._state))

    def _give_back(self, _: _Operands) -> None:
        if self._kept:
            self._state = self._kept.pop()

    def _transform(self, given: _Operands) -> None:
        self._state.matrix = multiply(_matrix(given), self._state.matrix)

    def _do(self, given: _Operands) -> None:
        form = self._resources.get("/XObject", {}).get(str(given[0]))
        if form is None:
            return
        if form.get("/Subtype") != "/Form":
            self._image(given)
            return
        self._keep(())
        text, depth = (self._text, self._line), self._depth
        self._state.matrix = multiply(_matrix(form.get("/Matrix", _IDENTITY)), self._state.matrix)
        left, low, right, high = (float(one) for one in form.BBox)
        self._state.clip = _common(self._state.clip, self._box(left, low, right, high))
        self._depth += 1
        self.follow(form, form.get("/Resources", self._resources))
        (self._text, self._line), self._depth = text, depth
        self._give_back(())

    # marks

    def _begin_mark(self, given: _Operands) -> None:
        within = self._mark()
        properties = given[1] if len(given) > 1 else None
        if isinstance(properties, pikepdf.Name):
            properties = self._resources.get("/Properties", {}).get(str(properties))
        number = properties.get("/MCID") if isinstance(properties, pikepdf.Dictionary) else None
        mark = within
        if given[0] == "/Artifact":
            mark = Mark(artifact=True)
        elif number is not None and not self._depth:
            mark = Mark(int(number))
            self.marks.append(int(number))
        self._open.append(mark)

    def _end_mark(self, _: _Operands) -> None:
        if self._open:
            self._open.pop()

    def _mark(self) -> Mark:
        return self._open[-1] if self._open else NO_MARK

    # paths

    def _at(self, across: float, up: float) -> tuple[float, float]:
        a, b, c, d, e, f = self._state.matrix
        return a * across + c * up + e, b * across + d * up + f

    def _box(self, left: float, low: float, right: float, high: float) -> Box:
        return _around(self._at(x, y) for x in (left, right) for y in (low, high))

    def _point(self, given: _Operands) -> None:
        self._path.append(self._at(float(given[0]), float(given[1])))

    def _curve(self, given: _Operands) -> None:
        numbers = [float(one) for one in given]
        self._path += [self._at(*pair) for pair in zip(numbers[::2], numbers[1::2], strict=False)]

    def _rectangle(self, given: _Operands) -> None:
        left, low, width, height = (float(one) for one in given)
        self._path += [self._at(left, low), self._at(left + width, low + height)]

    def _clip(self, _: _Operands) -> None:
        self._clips = True

    def _paint(self, given: _Operands) -> None:
        if self._path:
            self._paint_box(_around(self._path))
        self._end_path(given)

    def _paint_box(self, box: Box) -> None:
        seen = _common(box, self._state.clip)
        if seen.left > seen.right or seen.top > seen.bottom:
            return
        self.shapes.append(seen)
        self.untagged += self._mark() is NO_MARK

    def _end_path(self, _: _Operands) -> None:
        if self._clips and self._path:
            self._state.clip = _common(self._state.clip, _around(self._path))
        self._path, self._clips = [], False

    def _shade(self, _: _Operands) -> None:
        self._paint_box(self._state.clip)

    def _image(self, _: _Operands) -> None:
        self._paint_box(self._box(0.0, 0.0, 1.0, 1.0))

    # text

    def _begin_text(self, _: _Operands) -> None:
        self._text = self._line = _IDENTITY

    def _set_font(self, given: _Operands) -> None:
        name = str(given[0])
        if name not in self._fonts:
            found = self._resources.get("/Font", pikepdf.Dictionary()).get(name)
            if found is None:
                self.lost.append(name.removeprefix("/"))
            self._fonts[name] = None if found is None else self._read_font(found)
        self._state.font, self._state.size = self._fonts[name], float(given[1])

    def _set_text(self, given: _Operands) -> None:
        self._text = self._line = _matrix(given)

    def _move(self, given: _Operands) -> None:
        self._text = self._line = multiply((1.0, 0.0, 0.0, 1.0, float(given[0]), float(given[1])), self._line)

    def _move_leading(self, given: _Operands) -> None:
        self._state.leading = -float(given[1])
        self._move(given)

    def _next(self, _: _Operands) -> None:
        self._move((0.0, -self._state.leading))

    def _set_letter_gap(self, given: _Operands) -> None:
        self._state.letter_gap = float(given[0])

    def _set_word_gap(self, given: _Operands) -> None:
        self._state.word_gap = float(given[0])

    def _set_stretch(self, given: _Operands) -> None:
        self._state.stretch = float(given[0]) / 100

    def _set_leading(self, given: _Operands) -> None:
        self._state.leading = float(given[0])

    def _set_rise(self, given: _Operands) -> None:
        self._state.rise = float(given[0])

    def _show_next(self, given: _Operands) -> None:
        self._next(given)
        self._show(given)

    def _show_set(self, given: _Operands) -> None:
        self._state.word_gap, self._state.letter_gap = float(given[0]), float(given[1])
        self._show_next(given[2:])

    def _show(self, given: _Operands) -> None:
        """One TJ or Tj; the letters of a run stand side by side even where a number moves one of them."""
        font, state = self._state.font, self._state
        if font is None:
            return
        pieces = given[0] if isinstance(given[0], pikepdf.Array) else (given[0],)
        along, start, end = 0.0, None, 0.0
        codes: list[int] = []
        for piece in pieces:
            if not isinstance(piece, pikepdf.String):
                along -= float(piece) / _THOUSAND * state.size * state.stretch
                continue
            for code in font.codes(bytes(piece)):
                start = along if start is None else start
                along += font.width(code) / _THOUSAND * state.size * state.stretch
                end = along
                along += state.letter_gap * state.stretch
                along += state.word_gap * state.stretch if font.code_bytes == 1 and code == ord(" ") else 0.0
                codes.append(code)
        if start is not None:
            self._run(font, codes, start, end)
        self._text = multiply((1.0, 0.0, 0.0, 1.0, along, 0.0), self._text)

    def _run(self, font: Font, codes: list[int], start: float, end: float) -> None:
        state = self._state
        a, b, c, d, e, f = multiply(self._text, state.matrix)
        heights = (state.size * font.descent + state.rise, state.size * font.ascent + state.rise)
        self.untagged += self._mark() is NO_MARK
        self.runs.append(
            Run(
                text="".join(font.letters.get(code, "") for code in codes),
                font=font,
                size=state.size * hypot(c, d) * MILLIMETRE,
                box=_around((a * x + c * y + e, b * x + d * y + f) for x in (start, end) for y in heights),
                baseline=d * state.rise + f,
                mark=self._mark(),
                missing=sum(font.is_missing(code) for code in codes),
                silent=sum(code not in font.letters for code in codes),
                pictured=bool(self._depth),
            )
        )


def _matrix(given: Iterable[Any]) -> Matrix:
    a, b, c, d, e, f = (float(one) for one in given)
    return a, b, c, d, e, f

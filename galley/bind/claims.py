"""Claims: what a text asserts in words (`cao nhất vùng`, `trên 50%`, `vượt mục tiêu`), checked against the data.

`claim("text", indicator, area?, period?, …)` prints its text as it is. Exactly one keyword says what must hold:

- `is="highest"` or `is="lowest"`: the area has the largest or smallest figure of the region's provinces;
- `rank=3`: it stands third; `top=3`: it is one of the first three; both count as `rank()` does, `order=` included;
- `above=`, `below=`, `at_least=`, `at_most=`: the figure lies there, in the indicator's unit;
- `above_area=`, `below_area=`: it is higher or lower than that of another area for the same period;
- `rises_since=`, `falls_since=`: it is higher or lower than in that earlier period;
- `meets=`, `misses=`: the target of that id is met or not; the indicator need not be named then.

Figures are compared as they are shown, so that a claim agrees with the figures beside it. Equal figures share a rank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from galley.bind.figures import Contradiction, Figure, Provenance, figure_text, judge, latest, make_figure
from galley.bind.functions import number_of, observed, order_of, ranked, target_of
from galley.bind.index import Arguments, Incomplete, Index, Place, fail
from galley.expressions import problem, usage
from galley.vietnamese import round_half_up

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from galley.model import Observation
    from galley.source import Span


@dataclass(frozen=True, slots=True)
class _Finding:
    """Whether a claim holds: its own figure and what it is held against, in words, with the places of both."""

    holds: bool
    figure: Figure
    own: str
    other: str
    inputs: tuple[Observation, ...]
    places: tuple[Span, ...]


def claim(arguments: Arguments, place: Place) -> Figure:
    """`claim("text", indicator, area?, period?, is=…)`: the text, with whether the data bear it out."""
    text = arguments.text("text")
    if not text.strip():
        raise arguments.wrong("text")
    given = [name for name in _CONDITIONS if arguments.given(name)]
    if len(given) != 1:
        raise fail("claim-condition", given=", ".join(given), conditions=", ".join(_CONDITIONS))
    condition = given[0]
    if condition not in _OF_TARGETS and not arguments.given("indicator"):
        raise fail("missing-argument", function="claim", argument="indicator", usage=usage("claim"))
    try:
        found = _CONDITIONS[condition](arguments, place, condition)
    except Incomplete as gap:
        why = dict(gap.problem.arguments)
        return _unchecked(text, "missing-inputs", why["indicator"], why["period"], why["areas"], gap.inputs)
    if isinstance(found, Figure):
        return found
    contradiction = None
    if not found.holds:
        said = problem(
            "claim-contradicted",
            text=text,
            own=found.own,
            condition=arguments.text("is") or condition,
            other=found.other,
        )
        contradiction = Contradiction(said, found.places)
    provenance = Provenance("claim", found.inputs)
    figure = found.figure
    return Figure("claim", figure.number, text, figure.decimals, provenance, figure.unit, contradicted=contradiction)


def _unchecked(  # noqa: PLR0913 - what is missing, in the order of the message
    text: str, reason: str, indicator: str, period: str, areas: str, inputs: tuple[Observation, ...] = ()
) -> Figure:
    why = problem("claim-unchecked", text=text, reason=reason, indicator=indicator, period=period, areas=areas)
    return Figure("claim", None, text, 0, Provenance("claim", inputs), missing=why)


def _extreme(arguments: Arguments, place: Place, condition: str) -> _Finding:
    wanted = arguments.text(condition)
    if wanted not in ("highest", "lowest"):
        raise fail("unknown-choice", value=wanted, nearest="", choices="highest, lowest")
    _, area, own, number = observed(arguments, place)
    inputs = ranked(arguments, place, area, own.provenance.inputs[0].period, wanted)
    return _against(inputs[0], inputs, own, place.index, holds=number == inputs[0].value)


def _position(arguments: Arguments, place: Place, condition: str) -> _Finding:
    _, area, own, number = observed(arguments, place)
    inputs = ranked(arguments, place, area, own.provenance.inputs[0].period, order_of(arguments))
    wanted = arguments.number(condition)
    if wanted != int(wanted) or not 1 <= wanted <= len(inputs):
        raise arguments.wrong(condition)
    position = 1 + [one.value for one in inputs].index(number)
    holds = position == wanted if condition == "rank" else position <= wanted
    return _against(inputs[int(wanted) - 1], inputs, own, place.index, holds=holds)


def _against(
    other: Observation, inputs: tuple[Observation, ...], own: Figure, index: Index, *, holds: bool
) -> _Finding:
    """The figure of a province against that of another among all."""
    mine = own.provenance.inputs[0]
    rival = make_figure("value", index.indicators[other.indicator], index, other.value, Provenance("value", (other,)))
    said = _described(index, mine.area, str(mine.period), own)
    told = _described(index, other.area, str(other.period), rival)
    return _Finding(holds, own, said, told, (mine, *(one for one in inputs if one != mine)), (mine.span, other.span))


def _described(index: Index, area: str, period: str, figure: Figure) -> str:
    return f"{index.areas[area].name} {period}: {figure.text}"


def _bounded(arguments: Arguments, place: Place, condition: str) -> _Finding:
    indicator, area, own, number = observed(arguments, place)
    bound = arguments.number(condition)
    holds = _compares(condition, round_half_up(number, indicator.decimals), bound)
    period = arguments.period() or latest(place.index, indicator, area)
    text = figure_text(bound, max(0, -int(bound.as_tuple().exponent)), own.unit)
    inputs = own.provenance.inputs
    return _Finding(holds, own, _described(place.index, area.id, str(period), own), text, inputs, _first(own))


def _compares(condition: str, number: Decimal, other: Decimal) -> bool:
    if condition in ("at_least", "at_most"):
        return number >= other if condition == "at_least" else number <= other
    return number > other if condition in ("above", "above_area", "rises_since") else number < other


def _beside(arguments: Arguments, place: Place, condition: str) -> _Finding:
    """A figure beside that of another area, or of an earlier period."""
    indicator, area, own, number = observed(arguments, place)
    period = arguments.period() or latest(place.index, indicator, area)
    other_area, other_period = area, period
    if condition in ("rises_since", "falls_since"):
        other_period = arguments.period(condition) or period
        if other_period >= period:
            raise arguments.wrong(condition)
    else:
        other_area = arguments.area(condition)
    other, base = number_of(place, indicator, other_area, other_period)
    shown, held = round_half_up(number, indicator.decimals), round_half_up(base, indicator.decimals)
    return _Finding(
        _compares(condition, shown, held),
        own,
        _described(place.index, area.id, str(period), own),
        _described(place.index, other_area.id, str(other_period), other),
        own.provenance.inputs + other.provenance.inputs,
        _first(own) + _first(other),
    )


def _first(figure: Figure) -> tuple[Span, ...]:
    return tuple(one.span for one in figure.provenance.inputs[:1])


def _judged(arguments: Arguments, place: Place, condition: str) -> _Finding | Figure:
    target = target_of(arguments, place, condition)
    result = judge(place.index, target)
    if arguments.given("indicator") and arguments.indicator().id != target.indicator:
        raise arguments.wrong("indicator")
    period = str(target.period)
    if result.result is None or result.verdict == "not-judged":
        area = place.index.areas[target.area].name if target.area in place.index.areas else target.area
        return _unchecked(arguments.text("text"), result.reason, target.indicator or "", period, area)
    inputs = result.result.provenance.inputs + (result.compared.provenance.inputs if result.compared else ())
    own = _described(place.index, target.area, period, result.result)
    places = (*_first(result.result), target.span)
    holds = result.verdict == ("met" if condition == "meets" else "not-met")
    return _Finding(holds, result.result, own, target.text, inputs, places)


_OF_TARGETS = ("meets", "misses")
_CONDITIONS: Mapping[str, Callable[[Arguments, Place, str], _Finding | Figure]] = {
    "is": _extreme,
    "rank": _position,
    "top": _position,
    "above": _bounded,
    "below": _bounded,
    "at_least": _bounded,
    "at_most": _bounded,
    "above_area": _beside,
    "below_area": _beside,
    "rises_since": _beside,
    "falls_since": _beside,
    "meets": _judged,
    "misses": _judged,
}

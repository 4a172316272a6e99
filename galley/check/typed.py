"""Rules about figures that are typed by hand: what they say is compared with the data that the text speaks of.

A figure that equals the data should be an expression; one that contradicts them is an error; one that the data do not
have should name its source, and may not be given twice with different numbers. What a sentence speaks of is read from
the indicators, areas and years that it names near the figure, and from the sentence before it; nothing is called a
contradiction while that leaves a doubt.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from galley.check.context import Stated, Topic, stated
from galley.check.readings import all_readings, nation, readings
from galley.diagnostics import Diagnostic, error, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from galley.bind import Index
    from galley.check.numerals import Numeral
    from galley.check.subject import Subject

_ABOUT = Decimal("0.05")
_FAR = Decimal("0.1")
_SIZE = 12


def typed_figures(subject: Subject) -> Iterator[Diagnostic]:
    """Every figure in the prose comes from the data or names its source, and nothing is given with two numbers."""
    figures = tuple(stated(subject))
    for one in figures:
        if not one.sourced:
            yield from _judge(one, subject.lookup)
    yield from _different(figures, subject.lookup)


def _different(figures: tuple[Stated, ...], lookup: Index) -> Iterator[Diagnostic]:
    """What the data do not have is given with one number wherever it is given, typed or with its source."""
    given: dict[object, Stated] = {}
    for one in figures:
        topic, numeral = one.topic, one.numeral
        if not topic.sure or numeral.lead or next(readings(numeral, topic, lookup), None) is not None:
            continue
        about = (topic.indicators, topic.areas, topic.periods, numeral.kind, numeral.unit, numeral.way)
        first = given.setdefault(about, one)
        if (first.span.path, first.span.line) == (one.span.path, one.span.line):
            continue  # one sentence may set two figures against each other
        number = first.numeral.number * first.numeral.scale
        if not _agrees(numeral, number) and not _agrees(first.numeral, numeral.number * numeral.scale):
            yield error(one.span, "figures-differ", first.span, text=numeral.text, first=first.numeral.text)


def _judge(figure: Stated, lookup: Index) -> Iterator[Diagnostic]:
    numeral, topic, span = figure.numeral, figure.topic, figure.span
    narrow = tuple(readings(numeral, topic, lookup))
    wider = figure.wider.wider(Topic((), (lookup.region, *nation(lookup)), ()))
    equal = next((one for one in narrow if _agrees(numeral, one.number)), None) or next(
        (one for one in all_readings(numeral, wider, lookup) if _agrees(numeral, one.number)), None
    )
    if equal is not None:
        yield warning(span, "typed-figure", text=numeral.text, expression=f"{{{{ {equal.expression} }}}}")
    elif topic.sure and narrow and all(_contradicts(numeral, one.number) for one in narrow):
        one = narrow[0]
        yield error(
            span, "typed-figure-differs", one.place, text=numeral.text, value=one.shown, expression=one.expression
        )
    else:
        yield warning(span, "unbound-figure", text=numeral.text)


def _agrees(numeral: Numeral, number: Decimal) -> bool:
    """Whether what is typed is the number, rounded as typed, or near it where a word says so."""
    typed = numeral.number * numeral.scale
    half = Decimal(1).scaleb(-numeral.decimals) * numeral.scale / 2
    if numeral.lead == "below":
        return typed * (1 - _FAR) <= number <= typed
    if numeral.lead == "above":
        return typed <= number <= typed * (1 + _FAR)
    if numeral.lead == "about":
        return abs(number - typed) <= max(half, abs(typed) * _ABOUT)
    return abs(number - typed) <= half


def _contradicts(numeral: Numeral, number: Decimal) -> bool:
    """Whether what is typed cannot be said of the number; "trên 50%" can be said of 90%.

    A number of quite another size is of something else, not a slip.
    """
    typed = numeral.number * numeral.scale
    if not abs(number) / _SIZE <= abs(typed) <= abs(number) * _SIZE:
        return False
    if numeral.lead == "below":
        return number > typed
    if numeral.lead == "above":
        return number < typed
    return not _agrees(numeral, number)

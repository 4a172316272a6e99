"""Rules about claims: what a text asserts in words holds in the data, and its figures are those that are checked."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from galley.bind.figures import Figure
from galley.check.context import is_figure, unit_names
from galley.check.numerals import find_numerals, split_unit
from galley.diagnostics import Diagnostic, error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from galley.check.subject import Subject
    from galley.model import Call

_BOUNDS = ("above", "below", "at_least", "at_most")


def claims_contradicted(subject: Subject) -> Iterator[Diagnostic]:
    """What a text claims is so in the data; both figures are shown, and where they stand."""
    for one in subject.quotations:
        if isinstance(one.value, Figure) and one.value.contradicted is not None:
            found = one.value.contradicted
            yield error(one.citation.span, found.problem.rule, *found.places, **dict(found.problem.arguments))


def claims_with_other_figures(subject: Subject) -> Iterator[Diagnostic]:
    """A figure in the words of a claim is the bound that is checked: `claim("trên 50%", …, above=50)`."""
    units = unit_names(subject.lookup)
    for one in subject.quotations:
        if not isinstance(one.value, Figure) or one.value.kind != "claim":
            continue
        scale, _ = split_unit(one.value.unit.name if one.value.unit else "")
        bounds = {bound * scale for bound in _bounds(one.citation.call)}
        for numeral in find_numerals(one.value.text, units):
            if is_figure(numeral) and numeral.number * numeral.scale not in bounds:
                yield error(one.citation.span, "claim-figure", text=one.value.text, figure=numeral.text)


def _bounds(call: Call) -> Iterator[Decimal]:
    for name, number in call.keywords:
        if name in _BOUNDS and isinstance(number, int | Decimal):
            yield Decimal(number)

"""The language of the prose: what is understood, and that nothing else gets through."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from galley.expressions import FUNCTIONS, Found, Problem, bind_arguments, find_expressions, parse_call
from galley.model import Call


def call(source: str) -> Call:
    found = parse_call(source)
    assert isinstance(found, Call), found
    return found


def rule(source: str) -> str:
    found = parse_call(source)
    assert isinstance(found, Problem), found
    return found.rule


def test_a_call_is_read_with_its_literals() -> None:
    found = call(' table(["a", "b"], periods=[2010, 2020], title="Tên", id=None) ')
    assert found == Call("table", (("a", "b"),), (("periods", (2010, 2020)), ("title", "Tên"), ("id", None)))


_ITEMS = st.one_of(
    st.text("ệa,=()[]{}#%' \t", max_size=6).map('"{}"'.format),
    st.integers(0, 10**20).map(str),
    st.floats(0, 10**6).map("{:.2f}".format),
    st.sampled_from(["True", "False", "None", "-1", "01", "1e5", "'a'", '"a" "b"', r'"\n"', "x"]),
)
_ARGUMENTS = st.tuples(
    st.sampled_from(["", "", "", "unit=", "is=", "to ="]),
    st.one_of(_ITEMS, st.lists(_ITEMS, max_size=3).map(lambda items: f"[{', '.join(items)}]")),
).map("".join)


@example("fact", ["12.50", 'unit="ha"', "is=[0.10, True]"], ", ")
@example("value", ['unit="a"', "1"], ",")
@example("value", ["unit=1", "unit=2"], ", ")
@given(
    st.sampled_from(["value", "claim", "not", "xyz"]), st.lists(_ARGUMENTS, max_size=4), st.sampled_from([",", ", "])
)
def test_the_plain_form_is_read_as_jinja_reads_it(function: str, arguments: list[str], comma: str) -> None:
    """A line break is never plain and means nothing to Jinja, which so reads the second."""
    source = f" {function}({comma.join(arguments)}) "
    assert repr(parse_call(source)) == repr(parse_call(f"\n{source}"))


def test_a_decimal_is_read_exactly() -> None:
    assert call("fact(12.35, source='x')").arguments == (Decimal("12.35"),)


def test_a_negative_number_is_a_literal() -> None:
    assert call("fact(-3, source='x')").arguments == (-3,)


@pytest.mark.parametrize(
    "source",
    [
        "value.__class__",
        "value('a').__class__.__mro__",
        "().__class__",
        "value('a') | attr('x')",
        "value('a' * 10**9)",
        "9**(9**9)",
        "value(value('a'))",
        "value(*x)",
        "value(**x)",
        "value(x)",
        "value('a')['b']",
        "'a'",
        "value('a') if true else 1",
        "lipsum()",
        "range(10**9)",
        "value(f)",
        "value(a=1, a=2)",
        "[value('a') for x in y]",
    ],
)
def test_what_is_not_one_call_with_literals_is_refused(source: str) -> None:
    assert isinstance(parse_call(source), Problem)


def test_an_unknown_function_names_the_nearest_known_one() -> None:
    found = parse_call("valeu('a')")
    assert isinstance(found, Problem)
    assert found.rule == "unknown-function"
    assert dict(found.arguments)["nearest"] == "value"


def test_a_very_long_expression_is_refused_before_it_is_parsed() -> None:
    assert rule("value(" + "[" * 5_000) == "expression-too-long"


@given(st.text(max_size=60))
def test_no_text_can_do_more_than_be_a_call_or_a_problem(text: str) -> None:
    assert isinstance(parse_call(text), Call | Problem)


def test_expressions_are_found_outside_code_only() -> None:
    text = "a {{ value('x') }} `{{ not }}` ``{{ nor ` }}`` {{ rank('y') }}"
    found = [one for one in find_expressions(text) if isinstance(one, Found)]
    assert [one.source.strip() for one in found] == ["value('x')", "rank('y')"]
    assert [text[one.start : one.end] for one in found] == ["{{ value('x') }}", "{{ rank('y') }}"]


def test_an_expression_that_is_not_closed_is_found_with_no_end() -> None:
    assert list(find_expressions("a {{ value(")) == [Found(2, -1, " value(")]


def test_a_statement_is_found_as_an_offset() -> None:
    assert list(find_expressions("ab {% for x in y %}")) == [3]


def test_an_area_may_be_left_out_before_periods() -> None:
    assert bind_arguments(call("change('i', 2010, 2016)")) == {"indicator": "i", "from": 2010, "to": 2016}
    assert bind_arguments(call("change('i', 'lang-son', 2010, 2016)")) == {
        "indicator": "i",
        "area": "lang-son",
        "from": 2010,
        "to": 2016,
    }


def test_a_span_of_years_counts_as_a_period() -> None:
    assert bind_arguments(call("value('i', '2016-2020')")) == {"indicator": "i", "period": "2016-2020"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("change('i', 2010)", "missing-argument"),
        ("value('i', 'a', 2010, 4)", "too-many-arguments"),
        ("value('i', indicator='j')", "too-many-arguments"),
        ("value('i', perod=2010)", "unknown-argument"),
    ],
)
def test_arguments_that_do_not_fit_are_named(source: str, expected: str) -> None:
    bound = bind_arguments(call(source))
    assert isinstance(bound, Problem)
    assert bound.rule == expected


def test_every_function_can_be_called_with_only_what_it_needs() -> None:
    for name, parameters in FUNCTIONS.items():
        needed = tuple(2019 if one in ("from", "to") else "x" for one in parameters if one[-1] not in "?*")
        assert isinstance(bind_arguments(Call(name, needed)), dict), name

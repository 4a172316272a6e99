"""The language of the prose: `{{ … }}` with one call of a known function and literal arguments. Owns Jinja's grammar.

Jinja's sandboxed parser reads the expression, an allow-list of its tree turns it into a `Call`, and nothing else is
ever compiled or run: what the allow-list does not name cannot happen. A call in its plain form is read without Jinja,
to the same effect.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from galley.model import Call, Literal
from galley.vietnamese import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_LENGTH = 1_000
_ENVIRONMENT = SandboxedEnvironment(
    undefined=StrictUndefined, comment_start_string="{=#", comment_end_string="#=}", autoescape=True
)
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_OPENING = re.compile(r"\{\{|\{%")
# How nearly all expressions are written: texts without escapes, numbers, lists of them. Jinja reads every other one.
_ITEM = r'(?:"[^"\\\r\n]*"|(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|True|False)'
_VALUE = rf"(?:{_ITEM}|\[{_ITEM}(?:, *{_ITEM})*\])"
_ARGUMENT = rf"(?:[a-z_]+=)?{_VALUE}"
_PLAIN_CALL = re.compile(rf" *(?P<function>[a-z]+)\((?P<arguments>(?:{_ARGUMENT}(?:, *{_ARGUMENT})*)?)\) *")
_PLAIN_ARGUMENT = re.compile(rf"(?:(?P<name>[a-z_]+)=)?(?P<value>{_VALUE})")
_PLAIN_ITEM = re.compile(_ITEM)
_PERIOD_LIKE = re.compile(r"\d{4}(-.+)?")

# Each function's parameters in order; `?` may be left out, `*` only by keyword.
FUNCTIONS: Mapping[str, tuple[str, ...]] = {
    "value": ("indicator", "area?", "period?", "unit*"),
    "change": ("indicator", "area?", "from", "to", "relative*"),
    "growth": ("indicator", "area?", "from", "to"),
    "rank": ("indicator", "area?", "period?", "order*"),
    "share": ("indicator", "area?", "period?", "of*"),
    "ratio": ("indicator", "area?", "period?", "to*", "since*"),
    "highest": ("indicator", "period?"),
    "lowest": ("indicator", "period?"),
    "target": ("target",),
    "claim": (
        *("text", "indicator?", "area?", "period?"),
        *("is*", "rank*", "top*", "order*", "above*", "below*", "at_least*", "at_most*"),
        *("above_area*", "below_area*", "rises_since*", "falls_since*", "meets*", "misses*"),
    ),
    "fact": ("number", "unit?", "source*", "at*", "decimals*"),
    "table": ("indicators", "periods*", "areas*", "id*", "title*"),
    "chart": ("indicators", "kind*", "areas*", "periods*", "shares*", "id*", "title*"),
    "tilemap": ("indicator", "period?", "id*", "title*"),
    "ref": ("label",),
    "cite": ("source", "at*"),
    "proposals": ("to*", "topic*", "area*"),
    "targets": ("document*", "indicator*", "period*"),
    "milestones": (),
    "meeting": ("meeting",),
}
OBJECTS = ("table", "chart", "tilemap")
LISTS = ("proposals", "targets", "milestones", "meeting")
BLOCKS = (*OBJECTS, *LISTS)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an expression has no value: a rule of the catalogue and its arguments."""

    rule: str
    arguments: tuple[tuple[str, str], ...] = ()


def problem(rule: str, /, **arguments: object) -> Problem:
    """A problem with its arguments as texts."""
    return Problem(rule, tuple((name, str(value)) for name, value in arguments.items()))


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of text between `{{` and `}}`; end is -1 where the braces are not closed."""

    start: int
    end: int
    source: str


def find_expressions(text: str) -> Iterator[Found | int]:
    """Every expression of a text outside code spans, and the offset of every `{%` statement."""
    code = [match.span() for match in _CODE.finditer(text)]
    position = 0
    while match := _OPENING.search(text, position):
        position = match.end()
        if any(start <= match.start() < end for start, end in code):
            continue
        if match[0] == "{%":
            yield match.start()
            continue
        end = text.find("}}", position)
        if end < 0:
            yield Found(match.start(), -1, text[position:])
            return
        yield Found(match.start(), end + 2, text[position:end])
        position = end + 2


def parse_call(source: str) -> Call | Problem:
    """The call that an expression makes, or why it is none."""
    if len(source) > MAX_LENGTH:
        return problem("expression-too-long", limit=MAX_LENGTH)
    return _plain_call(source) or _jinja_call(source)


def _plain_call(source: str) -> Call | None:
    """What Jinja's grammar would give, many times faster, for an expression of the plain form; None for any other."""
    whole = _PLAIN_CALL.fullmatch(source)
    if whole is None or whole["function"] not in FUNCTIONS:
        return None
    arguments: list[Literal] = []
    keywords: dict[str, Literal] = {}
    for one in _PLAIN_ARGUMENT.finditer(whole["arguments"]):
        if one["name"] in keywords or (keywords and not one["name"]):
            return None
        if one["name"]:
            keywords[one["name"]] = _plain_literal(one["value"])
        else:
            arguments.append(_plain_literal(one["value"]))
    return Call(whole["function"], tuple(arguments), tuple(keywords.items()))


def _plain_literal(text: str) -> Literal:
    if text.startswith('"'):
        return text[1:-1]
    if text.startswith("["):
        return tuple(_plain_literal(item) for item in _PLAIN_ITEM.findall(text))
    if text in ("True", "False"):
        return text == "True"
    return Decimal(repr(float(text))) if "." in text else int(text)


def _jinja_call(source: str) -> Call | Problem:
    try:
        template = _ENVIRONMENT.parse("{{" + source + "}}")
    except TemplateSyntaxError as trouble:
        return problem("expression-syntax", expression=source.strip(), problem=_fault(source, trouble.message or ""))
    except RecursionError:
        return problem("expression-too-long", limit=MAX_LENGTH)
    return _as_call(_only_call(template), source)


def _as_call(call: nodes.Call | None, source: str) -> Call | Problem:
    """The call of a syntax tree, if the allow-list has everything that stands in it."""
    if call is None or not isinstance(call.node, nodes.Name) or call.dyn_args or call.dyn_kwargs:
        return problem("expression-not-a-call", expression=source.strip(), functions=", ".join(FUNCTIONS))
    if call.node.name not in FUNCTIONS:
        return problem("unknown-function", function=call.node.name, nearest=nearest(call.node.name, tuple(FUNCTIONS)))
    try:
        arguments = tuple(_literal(one) for one in call.args)
        keywords = tuple((one.key, _literal(one.value)) for one in call.kwargs)
    except ValueError:
        return problem("expression-not-literal", expression=source.strip())
    if len({name for name, _ in keywords}) < len(keywords):
        return problem("expression-syntax", expression=source.strip(), problem="twice")
    return Call(call.node.name, arguments, keywords)


def _fault(source: str, message: str) -> str:
    """A word for what stops Jinja: the catalogues have a sentence for each."""
    if "\u201c" in source or "\u201d" in source or "\u2018" in source or "\u2019" in source:
        return "curly-quotes"
    if source.count('"') % 2 or source.count("'") % 2:
        return "quote"
    if source.count("(") != source.count(")") or source.count("[") != source.count("]"):
        return "bracket"
    return "comma" if "expected token ','" in message else "not-understood"


def _only_call(template: nodes.Template) -> nodes.Call | None:
    body = template.body
    if len(body) == 1 and isinstance(body[0], nodes.Output) and len(body[0].nodes) == 1:
        only = body[0].nodes[0]
        return only if isinstance(only, nodes.Call) else None
    return None


def _literal(node: nodes.Node) -> Literal:
    """The value of a literal; ValueError for anything that would have to be computed."""
    if isinstance(node, nodes.Const):
        value = node.value
        return Decimal(repr(value)) if isinstance(value, float) else value
    if isinstance(node, nodes.List | nodes.Tuple):
        return tuple(_literal(item) for item in node.items)
    if isinstance(node, nodes.Neg) and isinstance(node.node, nodes.Const):
        value = _literal(node.node)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return -value
    raise ValueError


def bind_arguments(call: Call) -> dict[str, Literal] | Problem:
    """The arguments of a call by parameter; an optional parameter may be skipped where the next one fits.

    A period is told from an area by its form, so both `change(i, 2010, 2016)` and `change(i, "lang-son", 2010, 2016)`
    are understood.
    """
    parameters = FUNCTIONS[call.function]
    bound: dict[str, Literal] = {}
    positional = [one for one in parameters if not one.endswith("*")]
    for argument in call.arguments:
        while positional and positional[0] == "area?" and _is_period(argument):
            positional.pop(0)
        if not positional:
            return problem("too-many-arguments", function=call.function, usage=usage(call.function))
        bound[positional.pop(0).rstrip("?")] = argument
    names = {one.rstrip("?*") for one in parameters}
    for name, argument in call.keywords:
        if name not in names:
            near = nearest(name, tuple(names))
            return problem("unknown-argument", function=call.function, argument=name, nearest=near)
        if name in bound:
            return problem("too-many-arguments", function=call.function, usage=usage(call.function))
        bound[name] = argument
    missing = [one for one in parameters if one[-1] not in "?*" and one not in bound]
    if missing:
        return problem("missing-argument", function=call.function, argument=missing[0], usage=usage(call.function))
    return bound


def usage(function: str) -> str:
    """How a function is called, as a hint shows it: `rank(indicator, area?, period?, order=…)`."""
    shown = (f"{one[:-1]}=…" if one.endswith("*") else one for one in FUNCTIONS[function])
    return f"{function}({', '.join(shown)})"


def _is_period(argument: Literal) -> bool:
    return isinstance(argument, int) or (isinstance(argument, str) and bool(_PERIOD_LIKE.fullmatch(argument)))

"""Turn a YAML tree into the records of the model, by the model's own type hints.

What does not fit becomes a diagnostic at its line and column; a record that misses what it needs is left out, the
others are read on, so that one run shows all problems.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from galley.diagnostics import Diagnostic, error
from galley.model import Aggregate, OneOf, Period, Ref, Reference, parse_period
from galley.read.yamltext import Mapping, Node, Scalar, Sequence
from galley.source import Span
from galley.vietnamese import nearest

if TYPE_CHECKING:
    from collections.abc import Callable

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NUMBER = re.compile(r"[+-]?(?:0|[1-9]\d*)(?:\.\d+)?")
_COMMA = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})*,\d+|[+-]?\d+,\d+|[+-]?\d{1,3}(?:\.\d{3}){2,}")
_NOT_A_NUMBER = re.compile(r"[+-]?\.?(?:nan|inf|infinity)", re.IGNORECASE)
_VIETNAMESE_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
MISSING = object()


@dataclass(slots=True)
class Findings:
    """What reading has found so far: problems, ids that records name, records that are there but could not be read."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    unread: list[Reference] = field(default_factory=list)

    def error(self, span: Span, rule: str, /, *related: Span, **arguments: object) -> None:
        """Note a problem that stops the build."""
        self.diagnostics.append(error(span, rule, *related, **arguments))


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record as the files spell it."""

    name: str
    key: str
    hint: Any
    required: bool


@cache
def fields_of(record: type) -> tuple[Field, ...]:
    """The fields of a record that a file may give; `id`, `span` and what readers add are left to them."""
    hints = typing.get_type_hints(record, include_extras=True)
    return tuple(
        Field(
            one.name,
            one.metadata.get("key", one.name),
            hints[one.name],
            one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING,
        )
        for one in dataclasses.fields(record)
        if hints[one.name] is not Span
    )


@cache
def _has_span(record: type) -> bool:
    return any(one.name == "span" for one in dataclasses.fields(record))


def decode_record(
    node: Node,
    record: type,
    findings: Findings,
    *,
    given: typing.Mapping[str, object] = types.MappingProxyType({}),
    ignore: tuple[str, ...] = (),
) -> Any:  # noqa: ANN401 - an instance of `record`, whose type is only known at run time
    """A record read from a mapping, or None; `given` fields come from the reader, `ignore`d keys it reads itself."""
    if not isinstance(node, Mapping):
        findings.error(node.span, "wrong-type", expected="mapping", found=show(node))
        return None
    fields = {one.key: one for one in fields_of(record) if one.name not in given}
    values, misspelt = _read_entries(node, fields, ignore, findings)
    missing = [one for one in fields.values() if one.required and one.name not in values]
    for one in missing:
        if one.key not in misspelt:
            findings.error(node.span, "missing-key", key=one.key)
    if missing or MISSING in values.values():
        return None
    if _has_span(record):
        values["span"] = node.span
    return record(**given, **values)


def _read_entries(
    node: Mapping, fields: typing.Mapping[str, Field], ignore: tuple[str, ...], findings: Findings
) -> tuple[dict[str, object], frozenset[str]]:
    """The values of the known keys by field, and the keys that unknown ones are most like."""
    values: dict[str, object] = {}
    misspelt: set[str] = set()
    previous: Node | None = None
    for name, value in node.entries:
        if name.text in fields:
            values[fields[name.text].name] = decode(value, fields[name.text].hint, findings)
        elif _is_split_number(name, value, previous):
            _report_comma(typing.cast("Scalar", previous), name, findings)
        elif name.text not in ignore:
            near = nearest(name.text, (*fields, *ignore))
            findings.error(name.span, "unknown-key", key=name.text, nearest=near)
            misspelt.add(near)
        previous = value
    return values, frozenset(misspelt)


def _is_split_number(name: Scalar, value: Node, previous: Node | None) -> bool:
    """True for the rest of `{value: 781,7}`, which YAML reads as two keys."""
    empty = isinstance(value, Scalar) and value.is_null
    return name.text.isdigit() and empty and isinstance(previous, Scalar) and previous.text.replace(".", "").isdigit()


def _report_comma(first: Scalar, rest: Scalar, findings: Findings) -> None:
    whole = first.text.replace(".", "")
    findings.error(first.span, "decimal-comma", text=f"{first.text},{rest.text}", right=f"{whole}.{rest.text}")


def decode(node: Node, hint: Any, findings: Findings) -> Any:  # noqa: ANN401, PLR0911 - one branch a kind of hint
    """The value of a node as its type hint wants it, or MISSING after a diagnostic."""
    origin, arguments = _parts(hint)
    if origin is Annotated:
        return _annotated(node, arguments, findings)
    if origin in (types.UnionType, typing.Union):
        if isinstance(node, Scalar) and node.is_null:
            return None
        return decode(node, next(one for one in arguments if one is not types.NoneType), findings)
    if origin is tuple:
        return _tuple(node, arguments[0], findings)
    if hint is Aggregate:
        return _aggregate(node, findings)
    if dataclasses.is_dataclass(hint) and hint is not Period:
        read = decode_record(node, typing.cast("type", hint), findings)
        return MISSING if read is None else read
    if not isinstance(node, Scalar) or node.is_null:
        findings.error(node.span, "wrong-type", expected=_expected(hint), found=show(node))
        return MISSING
    return _scalar(node, hint, findings)


@cache
def _parts(hint: Any) -> tuple[Any, tuple[Any, ...]]:  # noqa: ANN401 - see decode
    return typing.get_origin(hint), typing.get_args(hint)


def _annotated(node: Node, arguments: tuple[Any, ...], findings: Findings) -> Any:  # noqa: ANN401 - see decode
    value = decode(node, arguments[0], findings)
    if value is MISSING or value is None:
        return value
    note = arguments[1]
    if isinstance(note, Ref):
        findings.references.append(Reference(note.register, value, node.span))
    elif isinstance(note, OneOf) and value not in note.words:
        _unknown_choice(node, value, note.words, findings)
        return MISSING
    return value


def _unknown_choice(node: Node, value: str, words: tuple[str, ...], findings: Findings) -> None:
    findings.error(node.span, "unknown-choice", value=value, nearest=nearest(value, words), choices=", ".join(words))


def _tuple(node: Node, hint: Any, findings: Findings) -> Any:  # noqa: ANN401 - see decode
    if isinstance(node, Scalar) and node.is_null:
        return ()
    if not isinstance(node, Sequence):
        findings.error(node.span, "wrong-type", expected="list", found=show(node))
        return MISSING
    values = [decode(item, hint, findings) for item in node.items]
    return tuple(value for value in values if value is not MISSING)


def _aggregate(node: Node, findings: Findings) -> Any:  # noqa: ANN401 - see decode
    """`sum`, `none`, or `{mean: ⟨weight⟩}`."""
    if isinstance(node, Scalar) and node.text in ("sum", "none"):
        return Aggregate() if node.text == "sum" else None
    if isinstance(node, Mapping) and [name.text for name, _ in node.entries] == ["mean"]:
        weight = decode(node.entries[0][1], Annotated[str, Ref("indicators")], findings)
        return MISSING if weight is MISSING else Aggregate(weight)
    findings.error(node.span, "unknown-choice", value=show(node), nearest="", choices="sum, none, {mean: …}")
    return MISSING


def _scalar(node: Scalar, hint: Any, findings: Findings) -> Any:  # noqa: ANN401 - see decode
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        try:
            return hint(node.text)
        except ValueError:
            _unknown_choice(node, node.text, tuple(one.value for one in hint), findings)
            return MISSING
    return node.text if hint is str else _DECODERS[hint](node, findings)


def _whole_number(node: Scalar, findings: Findings) -> Any:  # noqa: ANN401 - int or MISSING
    number = decode_number(node, findings)
    if number is MISSING or number == int(number):
        return number if number is MISSING else int(number)
    findings.error(node.span, "wrong-type", expected="int", found=show(node))
    return MISSING


def _truth(node: Scalar, findings: Findings) -> Any:  # noqa: ANN401 - bool or MISSING
    if node.plain and node.text in ("true", "false"):
        return node.text == "true"
    findings.error(node.span, "wrong-type", expected="bool", found=show(node))
    return MISSING


def decode_number(node: Node, findings: Findings) -> Any:  # noqa: ANN401 - Decimal or MISSING
    """The exact decimal that is written, or MISSING after a diagnostic."""
    if isinstance(node, Scalar) and node.plain and _NUMBER.fullmatch(node.text):
        return Decimal(node.text)
    if not isinstance(node, Scalar) or node.is_null:
        findings.error(node.span, "wrong-type", expected="number", found=show(node))
    elif not node.plain:
        findings.error(node.span, "number-in-quotes", text=node.text)
    elif _COMMA.fullmatch(node.text):
        right = node.text.replace(".", "").replace(",", ".")
        findings.error(node.span, "decimal-comma", text=node.text, right=right)
    elif _NOT_A_NUMBER.fullmatch(node.text):
        findings.error(node.span, "not-a-number", text=node.text)
    else:
        findings.error(node.span, "wrong-type", expected="number", found=show(node))
    return MISSING


def _date(node: Scalar, findings: Findings) -> Any:  # noqa: ANN401 - date or MISSING
    right = ""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", node.text):
        try:
            return date.fromisoformat(node.text)
        except ValueError:
            pass
    elif match := _VIETNAMESE_DATE.fullmatch(node.text):
        right = f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}"
    findings.error(node.span, "bad-date", text=node.text, right=right)
    return MISSING


def decode_period(node: Scalar, findings: Findings) -> Any:  # noqa: ANN401 - Period or MISSING
    """The period that a scalar names, or MISSING after a diagnostic."""
    period = _period(node.text)
    if period is None:
        findings.error(node.span, "bad-period", text=node.text)
        return MISSING
    return period


_period = cache(parse_period)  # ten thousand observations name a few dozen periods
_DECODERS: dict[type, Callable[[Scalar, Findings], Any]] = {
    Decimal: decode_number,
    int: _whole_number,
    bool: _truth,
    date: _date,
    Period: decode_period,
}


def read_register(node: Node | None, record: type, register: str, findings: Findings) -> tuple[Any, ...]:
    """The records of a file that maps ids to records (`id: {…}`), in order."""
    if node is None:
        return ()
    if not isinstance(node, Mapping):
        findings.error(node.span, "wrong-type", expected="mapping", found=show(node))
        findings.unread.append(Reference(register, "*", node.span))
        return ()
    found = []
    for name, value in node.entries:
        one = decode_record(value, record, findings, given={"id": name.text}) if check_id(name, findings) else None
        if one is None:
            findings.unread.append(Reference(register, name.text, name.span))
        else:
            found.append(dataclasses.replace(one, span=name.span))
    return tuple(found)


def read_list(node: Node | None, record: type, register: str, findings: Findings, **given: object) -> tuple[Any, ...]:
    """The records of a file that lists them (`- {id: …}`), in order; each id once."""
    if node is None:
        return ()
    if not isinstance(node, Sequence):
        findings.error(node.span, "wrong-type", expected="list", found=show(node))
        findings.unread.append(Reference(register, "*", node.span))
        return ()
    seen: dict[str, Span] = {}
    found = []
    for item in node.items:
        name = item.get("id") if isinstance(item, Mapping) else None
        sound = not isinstance(name, Scalar) or check_id(name, findings)
        one = decode_record(item, record, findings, given=given) if sound else None
        if one is None:
            findings.unread.append(Reference(register, name.text if isinstance(name, Scalar) else "*", item.span))
            continue
        if one.id in seen:
            findings.error(one.span, "duplicate-id", seen[one.id], id=one.id)
            continue
        seen[one.id] = one.span
        found.append(one)
    return tuple(found)


def check_id(name: Scalar, findings: Findings) -> bool:
    """True when the text may be an id: lower-case ASCII letters, digits and single hyphens."""
    if ID.fullmatch(name.text):
        return True
    findings.error(name.span, "bad-id", id=name.text)
    return False


def show(node: Node) -> str:
    """What a message shows of a node: its text, or the brackets of what holds more."""
    if isinstance(node, Mapping):
        return "{…}"
    return "[…]" if isinstance(node, Sequence) else node.text


def _expected(hint: Any) -> str:  # noqa: ANN401 - see decode
    names = {str: "text", Decimal: "number", int: "int", bool: "bool", date: "date", Period: "period"}
    return names.get(hint, "choice")

"""Describe the YAML files as JSON Schemas (2020-12), so that editors complete and check them while one types.

They follow from the type hints of the model, as reading does; what the keys mean stands in `messages/keys.*.toml`.
"""

from __future__ import annotations

import json
import tomllib
import types
import typing
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from galley.model import Aggregate, Comment, Indicator, OneOf, Period, Ref, Settings
from galley.read.dataset import Defaults, Detail
from galley.read.parse import LISTS, REGISTERS
from galley.read.records import ID, fields_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Schema: TypeAlias = dict[str, Any]
Words: TypeAlias = "Mapping[str, Mapping[str, str]]"

FOLDER = ".vscode/schemas"
_ID = f"^{ID.pattern}$"
_CHAPTER = rf"^(?:chapters|provinces)/{ID.pattern}\.md$"
_DAY = r"^\d{4}-\d{2}-\d{2}$"
_PERIOD = r"^\d{4}(?:-(?:Q[1-4]|\d{4}|0[1-9]|1[0-2]))?$"
_FIRST_YEAR, _LAST_YEAR = 1000, 9999


def schemas(words: Words) -> dict[str, Schema]:
    """The schema of each kind of file by the name that `files_of` knows; `words` describe its keys."""
    found = {"report": _record(Settings, words)}
    found |= {name: _register(record, words) for name, record in REGISTERS}
    found |= {name: _list(record, words) for name, record in LISTS}
    found |= {"comments": _list(Comment, words, left_out=("meeting",)), "indicator": _indicator(words)}
    return {name: _titled(name, schema, words) for name, schema in sorted(found.items())}


def files_of(name: str) -> str:
    """The content files that a schema is for, as a path or a pattern from the root of the repository."""
    return {"indicator": "data/indicators/*.yml", "comments": "data/comments/*.yml"}.get(name, f"data/{name}.yml")


def write_schemas(root: Path, language: str) -> tuple[Path, ...]:
    """Write the schema files where the editor's settings look for them; returns their paths."""
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in schemas(key_words(language)).items():
        path = folder / f"{name}.json"
        path.write_text(as_text(schema), encoding="utf-8")
        written.append(path)
    return tuple(written)


def as_text(schema: Schema) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def key_words(language: str) -> Words:
    """What each key means, by record and key, or under `every`; `[files]` says what each file is for."""
    text = (files("galley") / "messages" / f"keys.{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _titled(name: str, schema: Schema, words: Words) -> Schema:
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": words["files"][name]}
    return head | schema


def _register(record: type, words: Words) -> Schema:
    """A file that maps ids to records."""
    return {
        "type": ["object", "null"],
        "patternProperties": {_ID: _record(record, words, left_out=("id",))},
        "additionalProperties": False,
    }


def _list(record: type, words: Words, left_out: tuple[str, ...] = ()) -> Schema:
    """A file that lists records with their ids."""
    return {"type": ["array", "null"], "items": _record(record, words, left_out)}


def _record(record: type, words: Words, left_out: tuple[str, ...] = ()) -> Schema:
    """A mapping with the record's keys and no other."""
    fields = [field for field in fields_of(record) if field.name not in left_out]
    properties = {
        field.key: _value(field.hint, words) | {"description": _meaning(record, field.key, words)} for field in fields
    }
    if "id" in properties:
        properties["id"] |= {"pattern": _ID}
    required = [field.key for field in fields if field.required]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _meaning(record: type, key: str, words: Words) -> str:
    own = words.get(record.__name__, {})
    return own[key] if key in own else words["every"][key]


def _indicator(words: Words) -> Schema:
    """An indicator file: the head, what holds for all its observations, and the observations by area and period."""
    schema = _record(Indicator, words, left_out=("id", "observations"))
    schema["properties"] |= _record(Defaults, words)["properties"]
    observation = {"oneOf": [{"type": "number"}, _record(Detail, words)]}
    of_an_area = {"type": "object", "patternProperties": {_PERIOD: observation}, "additionalProperties": False}
    schema["properties"]["observations"] = {
        "type": "object",
        "patternProperties": {_ID: of_an_area},
        "additionalProperties": False,
        "description": _meaning(Indicator, "observations", words),
    }
    return schema


def _value(hint: Any, words: Words) -> Schema:  # noqa: ANN401, PLR0911 - one line a kind of type hint
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        return _marked(arguments[0], arguments[1], words)
    if origin in (types.UnionType, typing.Union):
        return _or_null(_value(next(one for one in arguments if one is not types.NoneType), words))
    if origin is tuple:
        return {"type": ["array", "null"], "items": _value(arguments[0], words)}
    if hint is Aggregate:
        weight = {"mean": {"type": "string", "pattern": _ID}}
        mean = {"type": "object", "properties": weight, "required": ["mean"], "additionalProperties": False}
        return {"oneOf": [{"enum": ["sum", "none"]}, mean]}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"enum": [one.value for one in hint]}
    if is_dataclass(hint) and hint is not Period:
        return _record(typing.cast("type", hint), words)
    return _plain(hint)


def _marked(hint: Any, mark: object, words: Words) -> Schema:  # noqa: ANN401 - a type hint
    if isinstance(mark, OneOf):
        return {"enum": list(mark.words)}
    if isinstance(mark, Ref):
        return {"type": "string", "pattern": _CHAPTER if mark.register == "chapters" else _ID}
    return _value(hint, words)


def _plain(hint: type) -> Schema:
    kinds: dict[type, Schema] = {
        str: {"type": ["string", "number"]},  # a title may be a year; galley keeps it as it is written
        bool: {"type": "boolean"},
        int: {"type": "integer"},
        Decimal: {"type": "number"},
        date: {"type": "string", "pattern": _DAY},
        Period: {
            "type": ["integer", "string"], "pattern": _PERIOD, "minimum": _FIRST_YEAR, "maximum": _LAST_YEAR,
        },
    }  # fmt: skip
    return dict(kinds[hint])


def _or_null(schema: Schema) -> Schema:
    if "enum" in schema:
        return {"enum": [*schema["enum"], None]}
    if "type" in schema:
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return schema | {"type": [*kinds, *(() if "null" in kinds else ("null",))]}
    return {"oneOf": [*schema["oneOf"], {"type": "null"}]}

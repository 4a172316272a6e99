"""Lay out the data of an edition as a Frictionless Data Package: CSV files and the descriptor with their schemas.

Source: https://specs.frictionlessdata.io/data-package/ and …/table-schema/ (version 1).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from galley.bind.index import index
from galley.model import Better, ObservationStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from galley.bind.index import Index
    from galley.model import Aggregate, Edition

NAME = "galley"
DESCRIPTOR = "datapackage.json"
_PERIOD = r"\d{4}(-(Q[1-4]|\d{4}|\d{2}))?"
_ID = r"[a-z0-9]+(-[a-z0-9]+)*"
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """One CSV file: its fields as Table Schema writes them, its key, and which fields point to which other file."""

    name: str
    fields: tuple[dict[str, Any], ...]
    key: tuple[str, ...]
    points_to: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]


def data_package(edition: Edition, timestamp: int) -> tuple[tuple[str, bytes], ...]:
    """The files of the package by name: `datapackage.json` and a CSV for observations and each register.

    UTF-8 without a mark, lines end with a line feed; the same bytes for the same data and timestamp (seconds).
    """
    lookup = index(edition.contents)
    resources = (_observations(lookup), _indicators(lookup), _areas(lookup), _sources(lookup))
    files = tuple((f"{one.name}.csv", _csv(one)) for one in resources)
    described = [_described(one, content) for one, (_, content) in zip(resources, files, strict=True)]
    settings = edition.contents.settings
    descriptor = {
        "profile": "tabular-data-package",
        "name": NAME,
        "title": settings.title,
        "description": settings.subject,
        "created": datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "contributors": [{"title": settings.issuer.body, "role": "publisher"}],
        "resources": described,
    }
    text = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
    return ((DESCRIPTOR, text.encode()), *files)


def _field(name: str, kind: str = "string", **constraints: Any) -> dict[str, Any]:  # noqa: ANN401 - as JSON has them
    field: dict[str, Any] = {"name": name, "type": kind}
    return {**field, "constraints": constraints} if constraints else field


def _described(one: Resource, content: bytes) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": list(one.fields), "missingValues": [""], "primaryKey": list(one.key)}
    if one.points_to:
        schema["foreignKeys"] = [
            # An empty name of a resource is the table itself.
            {"fields": name, "reference": {"resource": "" if other == one.name else other, "fields": "id"}}
            for name, other in one.points_to
        ]
    return {
        "profile": "tabular-data-resource",
        "name": one.name,
        "path": f"{one.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema,
    }


def _csv(one: Resource) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field["name"] for field in one.fields)
    writer.writerows(one.rows)
    return text.getvalue().encode()


def _observations(lookup: Index) -> Resource:
    """Every observation with the exact decimal that is written in its file; by indicator, area and period."""
    return Resource(
        "observations",
        (
            _field("indicator", required=True),
            _field("area", required=True),
            _field("period", required=True, pattern=_PERIOD),
            _field("value", "number"),
            _field("status", required=True, enum=[one.value for one in ObservationStatus]),
            _field("source", required=True),
            _field("note"),
        ),
        ("indicator", "area", "period"),
        (("indicator", "indicators"), ("area", "areas"), ("source", "sources")),
        tuple(_observation_rows(lookup)),
    )


def _observation_rows(lookup: Index) -> Iterator[Row]:
    order = {area: number for number, area in enumerate(lookup.areas)}
    for indicator in lookup.contents.indicators:
        for one in sorted(indicator.observations, key=lambda found: (order.get(found.area, -1), found.period)):
            value = "" if one.value is None else f"{one.value:f}"
            yield (one.indicator, one.area, str(one.period), value, one.status.value, one.source, one.note or "")


def _indicators(lookup: Index) -> Resource:
    return Resource(
        "indicators",
        (
            _field("id", required=True, unique=True, pattern=_ID),
            _field("name", required=True),
            _field("short"),
            _field("unit", required=True),
            _field("unit_name"),
            _field("decimals", "integer", required=True, minimum=0),
            _field("better", required=True, enum=[one.value for one in Better]),
            _field("topic", required=True),
            _field("aggregate"),
            _field("definition"),
            _field("note"),
        ),
        ("id",),
        (),
        tuple(
            (
                one.id,
                one.name,
                one.short or "",
                one.unit,
                lookup.units[one.unit].name if one.unit in lookup.units else "",
                str(one.decimals),
                one.better.value,
                one.topic,
                _aggregate(one.aggregate, lookup),
                one.definition or "",
                one.note or "",
            )
            for one in lookup.contents.indicators
        ),
    )


def _aggregate(rule: Aggregate | None, lookup: Index) -> str:
    """How the region follows from its provinces: `sum`, `mean:⟨weight⟩`, or nothing; no weight that may not be seen."""
    if rule is None:
        return ""
    if rule.weight is None:
        return "sum"
    return f"mean:{rule.weight}" if rule.weight in lookup.indicators else "mean"


def _areas(lookup: Index) -> Resource:
    return Resource(
        "areas",
        (
            _field("id", required=True, unique=True, pattern=_ID),
            _field("name", required=True),
            _field("kind", required=True, enum=["nation", "region", "province"]),
            _field("code"),
            _field("region"),
        ),
        ("id",),
        (("region", "areas"),),
        tuple((one.id, one.name, one.kind, one.code or "", one.region or "") for one in lookup.contents.areas),
    )


def _sources(lookup: Index) -> Resource:
    return Resource(
        "sources",
        (
            _field("id", required=True, unique=True, pattern=_ID),
            _field("title", required=True),
            _field("kind", required=True),
            _field("publisher"),
            _field("date"),
            _field("url"),
            _field("locator"),
            _field("retrieved", "date"),
            _field("note"),
        ),
        ("id",),
        (),
        tuple(
            (
                one.id,
                one.title,
                one.kind,
                one.publisher or "",
                one.dated or "",
                one.url or "",
                one.locator or "",
                one.retrieved.isoformat() if one.retrieved else "",
                one.note or "",
            )
            for one in lookup.contents.sources
        ),
    )

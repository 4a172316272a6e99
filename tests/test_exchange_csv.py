"""The data package holds every observation of an edition exactly, and its schema says what the files are."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from galley.edition import restrict
from galley.exchange.datapackage import DESCRIPTOR, data_package
from galley.read.parse import parse
from tests.exchange_forms import NOON, WRITTEN, small_book

if TYPE_CHECKING:
    from galley.source import SourceTree

SECRET = "    2024: {value: 999.9, source: bao-cao-mat, note: BIMAT, audience: noi-bo}\n"
BOOK = small_book(WRITTEN.replace("  cao-bang:", f"{SECRET}  cao-bang:"))


def package(tree: SourceTree = BOOK, audience: str | None = None) -> dict[str, bytes]:
    return dict(data_package(restrict(parse(tree)[0], audience), NOON))


def rows_of(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode("utf-8"), newline="")))


def resources(files: dict[str, bytes]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(files[DESCRIPTOR])["resources"]
    return found


FILES = package()


def test_the_observations_are_those_of_the_edition_with_their_exact_values() -> None:
    rows = {(row["indicator"], row["area"], row["period"]): row for row in rows_of(FILES, "observations")}
    observed = restrict(parse(BOOK)[0]).contents.indicators[0].observations
    assert len(rows) == len(observed)
    for one in observed:
        row = rows["dan-so", one.area, str(one.period)]
        assert (row["status"], row["source"], row["note"]) == (one.status.value, one.source, one.note or "")
        assert Decimal(row["value"]) == one.value
    assert rows["dan-so", "lang-son", "2020"]["value"] == "788.70"
    assert rows["dan-so", "lang-son", "2020"]["note"] == 'Số sơ bộ, "chờ" số chính thức'


def test_two_packages_of_the_same_data_are_equal_bytes() -> None:
    assert package() == FILES


def test_a_public_package_holds_nothing_else() -> None:
    assert not [name for name, content in FILES.items() if b"BIMAT" in content or b"bao-cao-mat" in content]
    assert not [name for name, content in FILES.items() if b"noi-bo" in content]
    assert b"BIMAT" in package(audience="noi-bo")["observations.csv"]


def test_every_file_is_described_by_its_columns_size_and_hash() -> None:
    described = resources(FILES)
    assert {one["path"] for one in described} == FILES.keys() - {DESCRIPTOR}
    for one in described:
        content = FILES[one["path"]]
        assert content.decode("utf-8").splitlines()[0].split(",") == [
            field["name"] for field in one["schema"]["fields"]
        ]
        assert (one["bytes"], one["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")


@pytest.mark.parametrize("one", resources(FILES), ids=lambda one: str(one["name"]))
def test_every_row_meets_its_schema(one: dict[str, Any]) -> None:
    rows = rows_of(FILES, one["name"])
    schema = one["schema"]
    keys = [tuple(row[field] for field in schema["primaryKey"]) for row in rows]
    assert len(set(keys)) == len(keys) > 0
    for field in schema["fields"]:
        constraints = field.get("constraints", {})
        for text in (row[field["name"]] for row in rows):
            assert text or not constraints.get("required")
            assert not text or text in constraints.get("enum", [text])
            assert not text or re.fullmatch(constraints.get("pattern", ".*"), text, re.DOTALL)
            assert field["type"] not in ("number", "integer") or not text or Decimal(text).is_finite()
    for foreign in schema.get("foreignKeys", []):
        other = foreign["reference"]["resource"] or one["name"]
        known = {row[foreign["reference"]["fields"]] for row in rows_of(FILES, other)}
        assert {row[foreign["fields"]] for row in rows} - known <= {""}

"""The JSON Schemas say the same as the reader does, describe every key in both languages, and are committed."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from galley.diagnostics import LANGUAGES
from galley.schema import FOLDER, as_text, files_of, key_words, schemas, write_schemas
from tests.factories import SMALL_BOOK, book

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parent.parent
SCHEMAS = schemas(key_words("vi"))
ONE_OF_EACH = {
    "data/targets.yml": """\
        - {id: dan-so-2020, document: nghi-quyet, text: Dân số, area: vung-bac, period: 2020, at_least: 700.5}
        """,
    "data/meetings.yml": "- {id: hop-1, title: Họp lần thứ nhất, date: 2021-06-09, draft: 1, agenda: [Đề cương]}\n",
    "data/comments/hop-1.yml": """\
        - {id: y-kien-1, from: tinh-uy-lang-son, about: chapters/dan-so.md, text: Bổ sung, disposition: new}
        """,
    "data/proposals.yml": """\
        - {id: cua-khau, text: Có cơ chế, from: tinh-uy-lang-son, to: to-bien-tap, kind: mechanism, areas: [lang-son]}
        """,
    "data/milestones.yml": "- {id: du-thao-1, title: Dự thảo, due: 2021-08-15, owner: to-bien-tap, done: null}\n",
    "data/indicators/ty-le.yml": """\
        name: Tỷ lệ
        unit: phan-tram
        decimals: 1
        better: higher
        aggregate: {mean: dan-so}
        topic: dan-so
        status: A
        breaks: [{period: 2016-2020, note: Đổi phương pháp}]
        observations:
          lang-son:
            2019-Q1: 7.2
            2020: {value: 7.5, status: P, source: nien-giam, note: Số sơ bộ}
            2021: {status: O, source: nien-giam}
        """,
}


class _Table(dict[str, str]):
    """A table of the catalogue that notes what is asked of it."""

    def __init__(self, name: str, keys: Mapping[str, str], asked: set[tuple[str, str]]) -> None:
        super().__init__(keys)
        self.name = name
        self.asked = asked

    def __getitem__(self, key: str) -> str:
        self.asked.add((self.name, key))
        return super().__getitem__(key)


class _Loader(yaml.SafeLoader):
    """Leaves dates as texts."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _load(text: str) -> Any:  # noqa: ANN401 - whatever YAML holds
    """YAML as an editor's language server reads it: dates stay texts, keys are texts."""
    return json.loads(json.dumps(yaml.load(text, _Loader)))  # noqa: S506 - a safe loader with one resolver less


def _schema_for(path: PurePosixPath) -> dict[str, Any]:
    (name,) = (name for name in SCHEMAS if path.match(files_of(name)))
    return SCHEMAS[name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_is_described_and_no_description_is_left_over(language: str) -> None:
    asked: set[tuple[str, str]] = set()
    words = {table: _Table(table, keys, asked) for table, keys in key_words(language).items()}
    schemas(words)
    assert asked == {(table, key) for table, keys in words.items() for key in keys}


def test_the_catalogues_of_the_languages_describe_the_same_keys() -> None:
    described = [{table: set(keys) for table, keys in key_words(language).items()} for language in LANGUAGES]
    assert described[0] == described[1]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("path", [path for path in (*SMALL_BOOK, *ONE_OF_EACH) if path.endswith(".yml")])
def test_what_the_reader_takes_the_schema_takes(path: str) -> None:
    file = book(ONE_OF_EACH).find(PurePosixPath(path))
    assert file is not None
    Draft202012Validator(_schema_for(file.path)).validate(_load(file.content.decode()))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("data/areas.yml", "lang-son: {name: Lạng Sơn, kind: tinh}"),
        ("data/areas.yml", "Lạng Sơn: {name: Lạng Sơn, kind: province}"),
        ("data/areas.yml", "lang-son: {name: Lạng Sơn, kind: province, regoin: vung-bac}"),
        ("data/units.yml", "phan-tram: {spaced: false}"),
        ("data/units.yml", 'phan-tram: {name: "%", spaced: "no"}'),
        ("data/meetings.yml", "- {id: hop-1, title: Họp, date: 09/06/2021}"),
        ("data/meetings.yml", "- {title: Họp, date: 2021-06-09}"),
        ("data/targets.yml", "- {id: a, document: nq, text: t, area: v, period: năm 2020, at_least: 7}"),
        ("data/targets.yml", '- {id: a, document: nq, text: t, area: v, period: 2020, at_least: "7,5"}'),
        ("data/indicators/a.yml", "{name: A, unit: u, decimals: 1.5, better: higher, topic: t}"),
        ("data/indicators/a.yml", "{name: A, unit: u, decimals: 1, better: higher, topic: t, aggregate: max}"),
        (
            "data/indicators/a.yml",
            "{name: A, unit: u, decimals: 1, better: higher, topic: t, observations: {lang-son: {2019: '7,5'}}}",
        ),
        (
            "data/indicators/a.yml",
            "{name: A, unit: u, decimals: 1, better: higher, topic: t, observations: {lang-son: {2019-13: 7}}}",
        ),
        ("data/report.yml", "parts: [{title: P, chapters: [chapters/dan-so.txt]}]"),
    ],
)
def test_what_the_reader_refuses_the_schema_refuses(path: str, text: str) -> None:
    validator = Draft202012Validator(_schema_for(PurePosixPath(path)))
    assert not validator.is_valid(_load(text))


def test_the_committed_schemas_are_those_of_the_model(tmp_path: Path) -> None:
    written = write_schemas(tmp_path, "vi")
    assert {path.name: path.read_text(encoding="utf-8") for path in written} == {
        path.name: path.read_text(encoding="utf-8") for path in (ROOT / FOLDER).iterdir()
    }


def test_the_editors_settings_name_every_schema_with_its_files() -> None:
    settings = json.loads((ROOT / ".vscode/settings.json").read_text(encoding="utf-8"))
    assert settings["yaml.schemas"] == {f"{FOLDER}/{name}.json": files_of(name) for name in SCHEMAS}


def test_a_schema_is_written_with_its_vietnamese_letters() -> None:
    assert "Danh mục đơn vị tính" in as_text(SCHEMAS["units"])

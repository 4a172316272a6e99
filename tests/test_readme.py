"""What the guides say holds: their commands, options, exit codes, examples, names of files and dependencies exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import PurePosixPath
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from galley import cli, options
from galley.diagnostics import LANGUAGES, catalogue
from galley.read.parse import parse
from galley.schema import FOLDER, files_of, key_words, schemas
from tests.commands import ROOT, problem_with
from tests.factories import book

README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "galley/README.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_CONTENT = ("chapters/", "provinces/", "data/", "build/", ".venv/")


def _blocks(text: str, language: str) -> list[str]:
    return [match["text"] for match in _BLOCK.finditer(text) if match["language"] == language]


def _words(text: str) -> list[str]:
    """What stands between backticks in the running text."""
    return _CODE.findall(_BLOCK.sub("", text))


def _dependencies() -> dict[str, str]:
    """What pyproject.toml asks for, by name: the operator and version."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = (re.match(r"([A-Za-z0-9-]+)(.*)", one) for one in project["dependencies"])
    return {match[1]: match[2] for match in found if match}


COMMANDS = [line for block in _blocks(README, "sh") for line in block.splitlines()]


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_readme_exists(line: str) -> None:
    assert problem_with(line) == ""


@pytest.mark.parametrize("word", [one for one in _words(README) if one.startswith(("make", "build_report.py"))])
def test_a_command_within_a_sentence_exists(word: str) -> None:
    example = word.replace("RULE", "missing-source").replace("KIND", "chapter").replace(" ID", " lien-ket")
    assert problem_with(f"python {example}" if word.startswith("build") else example) == ""


def test_the_readme_names_every_command() -> None:
    named = {word.split()[1] for word in _words(README) if word.startswith("build_report.py ")}
    assert named == set(cli.COMMANDS) - {options.BUILD}


def test_the_readme_names_every_format_of_check() -> None:
    assert set(options.FORMATS) <= {word.split()[-1] for word in _words(README)}


def test_the_readme_names_every_exit_code() -> None:
    (sentence,) = re.findall(r"They end with (.*)\n", README)
    codes = {cli.OK, cli.CONTENT_HAS_ERRORS, cli.CANNOT_GO_ON, cli.OWN_BUG, cli.INTERRUPTED}
    assert {int(code) for code in re.findall(r"\d+", sentence)} == codes


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_that_the_readme_names_exists(language: str) -> None:
    named = re.findall(r"\[([a-z]+(?:-[a-z]+)+)\]$", README, re.MULTILINE)
    assert named
    assert [rule for rule in named if rule not in catalogue(language)] == []


def test_the_readmes_chapter_can_be_read() -> None:
    (chapter,) = _blocks(README, "markdown")
    report, problems = parse(book({"chapters/dan-so.md": chapter}))
    assert problems == ()
    (read,) = (one for one in report.contents.chapters if one.slug == "dan-so")
    assert sum(len(block.citations) for block in read.blocks) == chapter.count("{{")


@pytest.mark.parametrize("example", _blocks(README, "yaml"))
def test_the_readmes_data_have_the_right_form(example: str) -> None:
    path = PurePosixPath(example.splitlines()[0].removeprefix("# "))
    (schema,) = (one for name, one in schemas(key_words("vi")).items() if path.match(files_of(name)))
    values = yaml.safe_load(example)
    if path.parent.name == "indicators":
        areas = values["observations"]
        values["observations"] = {area: {str(year): one for year, one in areas[area].items()} for area in areas}
    Draft202012Validator(schema).validate(values)


@pytest.mark.parametrize("text", [README, ARCHITECTURE], ids=["README.md", "galley/README.md"])
def test_a_file_that_is_named_exists(text: str) -> None:
    linked = re.findall(r"(?<!!)\[[^\]]*\]\(([^):]+)\)", text)
    named = [one for one in _words(text) if re.fullmatch(r"\.?[\w./-]*\w(?:/|\.(?:py|toml|yml|md|json))", one)]
    places = [one for one in (*linked, *named) if not one.startswith(_CONTENT)]
    assert places
    folders = (ROOT, ROOT / "galley", ROOT / "galley/messages")
    assert [one for one in places if not any((folder / one).exists() for folder in folders)] == []


def test_the_schemas_stand_where_the_readme_says() -> None:
    assert f"{FOLDER}/" in _words(README)


def test_every_dependency_has_its_reason() -> None:
    table = ARCHITECTURE.partition("## Dependencies")[2]
    named = {name for row in re.findall(r"^\| ([^|`]+) \|", table, re.MULTILINE) for name in row.split(", ")}
    assert named - {"Package"} == set(_dependencies())


def test_what_draws_is_exact_and_the_rest_is_bounded() -> None:
    (sentence,) = re.findall(r"because another version is another report: (.*)\.\n", ARCHITECTURE)
    exact = {name for name, version in _dependencies().items() if version.startswith("==")}
    assert exact == set(sentence.split(", "))
    bounded = {name: version for name, version in _dependencies().items() if name not in exact}
    assert [name for name, version in bounded.items() if not re.fullmatch(r">=[\w.]+,<[\w.]+", version)] == []


def test_the_layers_are_those_that_are_checked() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(contract["layers"] for contract in settings["contracts"] if contract["type"] == "layers")
    assert "\n".join(layers) + "\n" in _blocks(ARCHITECTURE, "text")

"""The catalogues hold the sentences of every rule that the code uses, and nothing else, in every language."""

from __future__ import annotations

import string
from collections import defaultdict
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

from galley.diagnostics import LANGUAGES, catalogue, hint, message, sentence, warning
from galley.source import Span
from tests.rule_names import TABLES, calls

if TYPE_CHECKING:
    from collections.abc import Mapping

# Words that no reader of Vietnamese, and no one who writes a report, should have to know.
JARGON = ("không hợp lệ", "invalid", "illegal", "NoneType", "PosixPath", "traceback", "scalar", "token", "parser")
SPAN = Span(PurePosixPath("data/report.yml"))


def _used() -> Mapping[str, list[frozenset[str]]]:
    used = defaultdict(list)
    for _, rule, arguments in calls():
        used[rule].append(arguments)
    return used


def _rules(language: str) -> dict[str, Mapping[str, str]]:
    return {rule: entry for rule, entry in catalogue(language).items() if rule not in TABLES}


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_exactly_the_rules_that_the_code_uses(language: str) -> None:
    assert set(_rules(language)) == set(_used())


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_rule_has_a_message_a_hint_and_an_explanation(language: str) -> None:
    wanted = ("message", "hint", "explain")
    assert [(rule, key) for rule, entry in _rules(language).items() for key in wanted if not entry.get(key)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_rule_has_no_key_that_nothing_reads(language: str) -> None:
    known = {"message", "hint", "hint_otherwise", "explain"}
    assert [(rule, key) for rule, entry in _rules(language).items() for key in entry if key not in known] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_placeholder_is_an_argument_that_every_use_of_the_rule_gives(language: str) -> None:
    used = _used()
    unfilled = [
        (rule, key, name)
        for rule, entry in _rules(language).items()
        for key in ("message", "hint", "hint_otherwise")
        for name in _placeholders(entry.get(key, ""))
        if any(name not in arguments for arguments in used[rule])
    ]
    assert unfilled == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hint_that_may_lack_an_argument_has_another_for_that_case(language: str) -> None:
    may_be_empty = {"nearest", "available"}
    lacking = [
        rule
        for rule, entry in _rules(language).items()
        if _placeholders(entry["hint"]) & may_be_empty and not entry.get("hint_otherwise")
    ]
    assert lacking == []


def test_all_languages_say_the_same_of_each_rule() -> None:
    first, *others = (_rules(language) for language in LANGUAGES)
    for other in others:
        assert list(other) == list(first)
        for rule, entry in first.items():
            assert {key: _placeholders(entry[key]) for key in entry if key != "explain"} == {
                key: _placeholders(other[rule][key]) for key in other[rule] if key != "explain"
            }, rule


def test_all_languages_put_the_same_arguments_in_words() -> None:
    first, *others = (catalogue(language)["words"] for language in LANGUAGES)
    assert all(list(other) == list(first) for other in others)


def test_all_languages_say_the_same_of_the_steps() -> None:
    first, *others = (catalogue(language)["cli"] for language in LANGUAGES)
    for other in others:
        assert {key: _placeholders(text) for key, text in other.items()} == {
            key: _placeholders(text) for key, text in first.items()
        }


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_uses_the_jargon_of_programs(language: str) -> None:
    spoken = [
        (rule, word)
        for rule, entry in _rules(language).items()
        for text in entry.values()
        for word in JARGON
        if word.casefold() in text.casefold()
    ]
    assert spoken == []


def test_an_argument_that_has_a_word_is_put_in_that_word() -> None:
    found = sentence("vi", "wrong-type", expected="number", found="một")
    assert found == "ở đây cần một số, nhưng đang ghi: một"


def test_a_hint_without_what_it_needs_gives_way_to_the_other_one() -> None:
    near = warning(SPAN, "unknown-key", key="souce", nearest="source")
    far = warning(SPAN, "unknown-key", key="xyz", nearest="")
    assert hint(near, "vi") == "có phải ý là `source`?"
    assert hint(far, "vi").startswith("xem các khóa dùng được")


def test_a_control_character_in_an_argument_is_made_visible() -> None:
    assert "\\u001b" in message(warning(SPAN, "unknown-key", key="a\x1b[31m", nearest=""), "vi")

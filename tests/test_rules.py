r"""Each rule has a file in tests/rules/: small books with the diagnostics that they must give, and no others.

A case is a heading `## …` with fences. A fence's first line is a language and the path of a file of the book; the rest
of the book is that of `factories.book`. The language `none` leaves a file out; in `bytes` files `\xNN` is a byte and
`\(text)*N` repeats a text. The fence `expected` holds the concise diagnostics in Vietnamese.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

from galley.check import NOTES, RULES, check
from galley.diagnostics import ordered, render
from galley.read.parse import parse
from galley.source import SourceFile, SourceTree
from tests.factories import book
from tests.rule_names import rules_of_content

FOLDER = Path(__file__).parent / "rules"
# Rules that tell what is no mistake.
OF_NOTES = ("unused-indicator",)
# A case's heading, or a fence with all that is in it.
_TOKEN = re.compile(
    r"^## (?P<title>[^\n]+)$|^(?P<marks>`{3,})(?P<language>\S+)(?: (?P<path>\S+))?\n(?P<text>.*?)^(?P=marks)$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Case:
    """One small book and what must be said of it."""

    rule: str
    title: str
    tree: SourceTree
    expected: str


def read_cases(rule: str, text: str) -> list[Case]:
    """The cases of a rule's file."""
    cases: list[Case] = []
    title, files = "", dict[str, bytes | None]()
    for token in _TOKEN.finditer(text):
        if token["title"]:
            title, files = token["title"], {}
        elif token["language"] == "expected":
            cases.append(Case(rule, title, _tree(files), token["text"]))
        else:
            files[token["path"]] = _content(token["language"], token["text"].encode())
    return cases


def _tree(files: dict[str, bytes | None]) -> SourceTree:
    kept = tuple(file for file in book().files if str(file.path) not in files)
    given = tuple(SourceFile(PurePosixPath(path), content) for path, content in files.items() if content is not None)
    return SourceTree(tuple(sorted((*kept, *given), key=lambda file: str(file.path))))


def _content(language: str, text: bytes) -> bytes | None:
    if language == "none":
        return None
    return _bytes(text) if language == "bytes" else text


def _bytes(content: bytes) -> bytes:
    repeated = re.sub(rb"\\\((.+?)\)\*(\d+)", lambda match: match[1] * int(match[2]), content)
    return re.sub(rb"\\x([0-9a-f]{2})", lambda match: bytes.fromhex(match[1].decode()), repeated)


def found_in(tree: SourceTree, *, notes: bool = False) -> str:
    """What reading and checking a tree finds, as `check --format concise` shows it, with `--notes` or without."""
    report, problems = parse(tree)
    rules = (*RULES, *NOTES) if notes else RULES
    return render(ordered((*problems, *check(report, tree, rules))), "concise", "vi", tree.lines)


CASES = [case for path in sorted(FOLDER.glob("*.md")) for case in read_cases(path.stem, path.read_text("utf-8"))]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.rule}: {case.title}" for case in CASES])
def test_a_book_gives_exactly_the_expected_diagnostics(case: Case) -> None:
    assert found_in(case.tree, notes=case.rule in OF_NOTES) == case.expected


@pytest.mark.parametrize("case", CASES, ids=[f"{case.rule}: {case.title}" for case in CASES])
def test_a_case_is_about_the_rule_that_its_file_is_named_after(case: Case) -> None:
    assert (f"[{case.rule}]\n" in case.expected) is not case.title.startswith("Not ")


def test_each_rule_of_the_content_has_a_file() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == rules_of_content()


def test_each_file_has_a_case_that_must_be_reported() -> None:
    reported = {case.rule for case in CASES if not case.title.startswith("Not ")}
    assert {path.stem for path in FOLDER.glob("*.md")} == reported


def test_the_small_book_itself_has_no_mistake() -> None:
    assert found_in(book()) == ""

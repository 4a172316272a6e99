"""Find the names of all rules that the code uses, by reading the code."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import galley

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(galley.__file__).parent
# Functions that make a diagnostic of the content, and exceptions that end a build.
OF_CONTENT = {"error", "warning", "note", "fail", "problem"}
OF_RELEASE = {"stop"}  # of what must not be open when a draft goes out
OF_PDF = {"fault", "doubt"}  # of a finished PDF
OF_BUILD = {"GalleyError", "UsageError", "ContentError"}
# The tables of the catalogues that are no rules.
TABLES = {"words", "cli"}


def calls(folder: Path = PACKAGE) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Each rule that the code names: the function that makes it, the rule, the arguments that are given there."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (found := _made(node)):
                yield *found, frozenset(one.arg for one in node.keywords if one.arg)


def _made(call: ast.Call) -> tuple[str, str] | None:
    function = call.func
    maker = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    texts = [one.value for one in call.args[:2] if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    rule = next(iter(texts), "")
    known = maker in OF_CONTENT | OF_RELEASE | OF_PDF | OF_BUILD or (maker == "sentence" and rule not in TABLES)
    return (maker, rule) if known and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule) else None


def rules_of_content() -> set[str]:
    """The rules that say what is wrong with the content, not with a spreadsheet, nor why a build cannot go on."""
    return {rule for maker, rule, _ in calls() if maker in OF_CONTENT} - rules_of_spreadsheets()


def rules_of_spreadsheets() -> set[str]:
    """The rules that only a spreadsheet breaks; what the content can break as well is not among them."""
    elsewhere = {rule for folder in PACKAGE.iterdir() if folder.name != "exchange" for _, rule, _ in calls(folder)}
    return {rule for maker, rule, _ in calls(PACKAGE / "exchange") if maker in OF_CONTENT} - elsewhere

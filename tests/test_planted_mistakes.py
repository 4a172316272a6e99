"""A book with 25 planted mistakes: one run reports each of them, once, where it was made, and nothing else."""

from __future__ import annotations

from pathlib import Path

from galley.check import check
from galley.diagnostics import ordered
from galley.read.parse import parse
from galley.read.worktree import read_worktree

BOOK = Path(__file__).parent / "books" / "planted"
MISTAKES = 25


def _expected() -> list[str]:
    return (BOOK / "expected.txt").read_text(encoding="utf-8").splitlines()


def test_one_run_reports_every_planted_mistake_once_at_its_place_and_nothing_else() -> None:
    tree = read_worktree(BOOK)
    report, problems = parse(tree)
    found = [f"{one.span} {one.rule}" for one in ordered((*problems, *check(report, tree)))]
    assert found == _expected()


def test_the_book_has_twenty_five_mistakes_of_many_kinds() -> None:
    places = [line.split(" ") for line in _expected()]
    assert len(places) == MISTAKES
    assert len({rule for _, rule in places}) >= MISTAKES - 3

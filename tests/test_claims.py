"""Claims: assertions of the text that stop the build when the data turn against them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

from galley import cli
from galley.bind import evaluate, index, place_of
from galley.bind.figures import Figure
from galley.bind.index import citations
from galley.check import check
from galley.diagnostics import message
from galley.expressions import Problem
from galley.read.parse import parse
from galley.source import Span
from tests.factories import book, write_book

if TYPE_CHECKING:
    from pathlib import Path

    from galley.diagnostics import Diagnostic

HEAD = """\
    ---
    title: Dân số
    owner: to-bien-tap
    status: draft
    ---

    """
TEXT = 'Lạng Sơn {{ claim("đông dân nhất vùng", "dan-so", "lang-son", 2020, is="highest") }}.\n'
CHAPTER = PurePosixPath("chapters/dan-so.md")
DATA = PurePosixPath("data/indicators/dan-so.yml")


def population(cao_bang: str) -> str:
    return f"""\
        name: Dân số
        unit: nghin-nguoi
        decimals: 1
        better: neither
        aggregate: sum
        topic: dan-so
        source: nien-giam
        observations:
          lang-son:
            2019: 781.7
            2020: 788.7
          cao-bang:
            2019: 530.3
            2020: {cao_bang}
        """


def found(cao_bang: str) -> tuple[Diagnostic, ...]:
    tree = book({str(DATA): population(cao_bang), str(CHAPTER): HEAD + TEXT})
    report, diagnostics = parse(tree)
    assert diagnostics == ()
    return check(report, tree)


def evaluated(expression: str) -> Figure | Problem:
    report, diagnostics = parse(book({str(CHAPTER): f"{HEAD}{{{{ {expression} }}}}\n"}))
    assert diagnostics == ()
    chapter = report.contents.chapters[0]
    ((_, citation),) = citations(chapter)
    value = evaluate(citation, place_of(chapter, index(report.contents)))
    assert isinstance(value, Figure | Problem)
    return value


def test_a_claim_reads_as_it_is_written_and_tells_the_figures_behind_it() -> None:
    claim = evaluated("claim('ít hơn Lạng Sơn', 'dan-so', 'cao-bang', 2020, below_area='lang-son')")
    assert isinstance(claim, Figure)
    assert (claim.text, claim.number) == ("ít hơn Lạng Sơn", Decimal("533.1"))
    assert [one.area for one in claim.provenance.inputs] == ["cao-bang", "lang-son"]
    assert claim.contradicted is None


def test_a_claim_that_a_change_of_the_data_reverses_is_an_error_that_shows_both_figures_and_both_places() -> None:
    assert found("533.1") == ()
    (one,) = found("790.2")
    assert (one.rule, one.span) == ("claim-contradicted", Span(CHAPTER, 7, 10))
    assert one.related == (Span(DATA, 11, 11), Span(DATA, 14, 11))
    said = message(one, "en")
    assert "Lạng Sơn 2020: 788,7\u00a0nghìn người" in said
    assert "Cao Bằng 2020: 790,2\u00a0nghìn người" in said


def test_a_reversed_claim_stops_the_build(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_book(tmp_path, {str(DATA): population("790.2"), str(CHAPTER): HEAD + TEXT})
    assert cli.main(["--root", str(tmp_path), "--out", str(tmp_path / "out"), "site"]) == cli.CONTENT_HAS_ERRORS
    assert f"{CHAPTER}:7:10: " in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("cao_bang", ["788.7", "788.65"])
def test_equal_figures_share_the_first_rank(cao_bang: str) -> None:
    tied = "claim('x', 'dan-so', 'cao-bang', 2020, top=1)"
    tree = book({str(DATA): population(cao_bang), str(CHAPTER): f"{HEAD}{TEXT}    {{{{ {tied} }}}}\n"})
    report, _ = parse(tree)
    assert [one.rule for one in check(report, tree)] == (["claim-contradicted"] if cao_bang == "788.65" else [])


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("above=788.7", False),
        ("at_least=788.7", True),
        ("below=788.7", False),
        ("at_most=788.7", True),
        ("rises_since=2019", True),
        ("falls_since=2019", False),
        ("above_area='cao-bang'", True),
        ("above_area='nation'", False),
        ("below_area='nation'", True),
        ("is='lowest'", False),
        ("rank=1", True),
        ("rank=1, order='lowest'", False),
    ],
)
def test_a_condition_holds_or_not(condition: str, holds: bool) -> None:  # noqa: FBT001 - the expected answer
    claim = evaluated(f"claim('x', 'dan-so', 'lang-son', 2020, {condition})")
    assert isinstance(claim, Figure), claim
    assert (claim.contradicted is None) is holds


@pytest.mark.parametrize(
    ("expression", "rule"),
    [
        ("claim(' ', 'dan-so', 'lang-son', 2020, is='highest')", "bad-argument"),
        ("claim('x', 'dan-so', 'lang-son', 2020)", "claim-condition"),
        ("claim('x', 'dan-so', 'lang-son', 2020, is='highest', top=2)", "claim-condition"),
        ("claim('x', 'dan-so', 'lang-son', 2020, is='best')", "unknown-choice"),
        ("claim('x', 'dan-so', 'lang-son', 2020, rank=3)", "bad-argument"),
        ("claim('x', 'dan-so', 'lang-son', 2020, rank=0.5)", "bad-argument"),
        ("claim('x', 'dan-so', 'region', 2020, is='highest')", "not-ranked"),
        ("claim('x', 'dan-so', 'lang-son', 2019, rises_since=2020)", "bad-argument"),
        ("claim('x', 'dan-so', 'lang-son', 2035, above=1)", "missing-observation"),
        ("claim('x', above=1)", "missing-argument"),
        ("claim('x', meets='khong-co')", "unknown-id"),
    ],
)
def test_a_claim_that_cannot_be_understood_is_a_problem(expression: str, rule: str) -> None:
    claim = evaluated(expression)
    assert isinstance(claim, Problem), claim
    assert claim.rule == rule

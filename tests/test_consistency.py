"""Figures without their inputs, notes, the way to a target, and targets in a list."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from galley import cli
from galley.bind import evaluate, index, place_of
from galley.bind.figures import Figure, TargetResult, progress
from galley.bind.index import citations
from galley.bind.objects import Listing
from galley.check import NOTES, RULES, check
from galley.diagnostics import Severity, has_errors, render
from galley.edition import restrict
from galley.model import Period
from galley.read.parse import parse
from tests.factories import book, write_book

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
    ---
    title: Thử
    owner: to-bien-tap
    status: draft
    ---

    """
GAPS = """\
    name: Tỷ lệ hộ nghèo
    unit: phan-tram
    decimals: 1
    better: lower
    aggregate: {mean: dan-so}
    topic: doi-song
    source: nien-giam
    observations:
      lang-son: {2019: 11.5, 2020: 10.0}
      cao-bang: {2019: 21.5}
      vung-bac: {2015: 30.1, 2016-2020: 20.5, 2018: 17.2, 2021: 9.1}
    """
TARGETS = """\
    - {id: nam, document: nghi-quyet, text: Giảm, indicator: ty-le-ho-ngheo, area: vung-bac, period: 2021, at_most: 10}
    - {id: ky, document: nghi-quyet, text: Ít, indicator: ty-le-ho-ngheo, area: vung-bac, period: 2016-2020, at_most: 9}
    - {id: loi, document: nien-giam, text: Nâng cao ý thức, area: vung-bac, period: 2020, audience: noi-bo}
    """


def read(*expressions: str) -> list[object]:
    text = HEAD + "".join(f"\n    {{{{ {one} }}}}\n" for one in expressions)
    files = {"data/indicators/ty-le-ho-ngheo.yml": GAPS, "data/targets.yml": TARGETS, "chapters/dan-so.md": text}
    report, diagnostics = parse(book(files))
    assert diagnostics == ()
    chapter = report.contents.chapters[0]
    place = place_of(chapter, index(report.contents))
    return [evaluate(citation, place) for _, citation in citations(chapter)]


@pytest.mark.parametrize(
    "expression",
    [
        "value('ty-le-ho-ngheo', 'region', 2020)",
        "rank('ty-le-ho-ngheo', 'lang-son', 2020)",
        "rank('ty-le-ho-ngheo', 'cao-bang', 2020)",
        "highest('ty-le-ho-ngheo', 2020)",
        "lowest('ty-le-ho-ngheo', 2020)",
        "change('ty-le-ho-ngheo', 'cao-bang', 2019, 2020)",
        "growth('ty-le-ho-ngheo', 'cao-bang', 2019, 2020)",
        "ratio('ty-le-ho-ngheo', 'lang-son', 2020, to='cao-bang')",
        "ratio('ty-le-ho-ngheo', 'cao-bang', 2020, since=2019)",
        "share('ty-le-ho-ngheo', 'cao-bang', 2020, of='lang-son')",
    ],
)
def test_a_figure_with_a_missing_input_has_no_number_and_says_whose_it_lacks(expression: str) -> None:
    (found,) = read(expression)
    assert isinstance(found, Figure), found
    assert found.number is None
    assert found.missing is not None
    assert dict(found.missing.arguments) == {"indicator": "ty-le-ho-ngheo", "period": "2020", "areas": "Cao Bằng"}


def test_the_inputs_that_are_there_stay_in_the_provenance() -> None:
    (found,) = read("rank('ty-le-ho-ngheo', 'lang-son', 2020)")
    assert isinstance(found, Figure)
    assert [(one.area, one.value) for one in found.provenance.inputs] == [("lang-son", Decimal("10.0"))]


def test_missing_inputs_do_not_stop_the_build() -> None:
    text = HEAD + 'Nghèo {{ value("ty-le-ho-ngheo", "region", 2020) }}.\n'
    tree = book({"data/indicators/ty-le-ho-ngheo.yml": GAPS, "chapters/dan-so.md": text})
    report, _ = parse(tree)
    found = check(report, tree)
    assert [(one.rule, one.severity) for one in found] == [("missing-inputs", Severity.WARNING)]
    assert not has_errors(found)


def test_a_figure_without_a_number_does_not_hide_an_indicator_that_is_for_few() -> None:
    text = HEAD + 'Xếp {{ rank("ty-le-ho-ngheo", "cao-bang", 2020) }}.\n'
    secret = GAPS.replace("    source: nien-giam\n", "    source: nien-giam\n    audience: noi-bo\n")
    tree = book({"data/indicators/ty-le-ho-ngheo.yml": secret, "chapters/dan-so.md": text})
    report, _ = parse(tree)
    assert [one.rule for one in check(report, tree)] == ["missing-inputs", "restricted-citation"]


def test_the_way_to_the_target_of_a_year_goes_by_years() -> None:
    assert _steps("nam") == [Period(2015), Period(2018), Period(2021)]


def test_the_way_to_the_target_of_a_span_goes_by_the_years_in_it() -> None:
    assert _steps("ky") == [Period(2018), Period(2016, end_year=2020)]


def test_there_is_no_way_to_a_target_that_nothing_measures() -> None:
    assert _steps("loi") == []


def _steps(name: str) -> list[Period]:
    report, _ = parse(book({"data/indicators/ty-le-ho-ngheo.yml": GAPS, "data/targets.yml": TARGETS}))
    lookup = index(report.contents)
    return [figure.provenance.inputs[0].period for figure in progress(lookup, lookup.targets[name])]


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        ("", ["nam", "ky", "loi"]),
        ("document='nghi-quyet'", ["nam", "ky"]),
        ("indicator='ty-le-ho-ngheo', period='2016-2020'", ["ky"]),
        ("period=2035", []),
    ],
)
def test_targets_are_listed_with_their_results(arguments: str, ids: list[str]) -> None:
    (found,) = read(f"targets({arguments})")
    assert isinstance(found, Listing)
    results = [one for one in found.items if isinstance(one, TargetResult)]
    assert [one.target.id for one in results] == ids
    assert {one.target.id: one.verdict for one in results}.items() <= {
        "nam": "met", "ky": "not-met", "loi": "not-judged",
    }.items()  # fmt: skip


def test_an_edition_lists_only_the_targets_of_its_readers() -> None:
    text = HEAD + "{{ targets() }}\n"
    files = {"data/indicators/ty-le-ho-ngheo.yml": GAPS, "data/targets.yml": TARGETS, "chapters/dan-so.md": text}
    report, _ = parse(book(files))
    contents = restrict(report, "cong-khai").contents
    ((_, citation),) = citations(contents.chapters[0])
    found = evaluate(citation, place_of(contents.chapters[0], index(contents)))
    assert isinstance(found, Listing)
    assert [one.target.id for one in found.items if isinstance(one, TargetResult)] == ["nam", "ky"]


def test_notes_are_shown_only_where_they_are_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_book(tmp_path, {"data/indicators/ty-le-ho-ngheo.yml": GAPS})
    assert cli.main(["--root", str(tmp_path), "check"]) == cli.OK
    assert capsys.readouterr().out == ""
    assert cli.main(["--root", str(tmp_path), "check", "--notes"]) == cli.OK
    assert "[unused-indicator]" in capsys.readouterr().out


def test_a_note_is_a_notice_to_the_forge() -> None:
    tree = book({"data/indicators/ty-le-ho-ngheo.yml": GAPS})
    report, _ = parse(tree)
    assert check(report, tree) == ()
    text = render(check(report, tree, (*RULES, *NOTES)), "github", "vi", tree.lines)
    assert text.startswith("::notice file=data/indicators/ty-le-ho-ngheo.yml,")


def test_a_twin_series_of_other_areas_is_none() -> None:
    rows = ", ".join(f"{year}: {year - 2000}.5" for year in range(2014, 2021))
    one = GAPS[: GAPS.index("observations")] + f"observations:\n      lang-son: {{{rows}}}\n"
    other = one.replace("Tỷ lệ hộ nghèo", "Tỷ lệ khác").replace("lang-son", "cao-bang")
    tree = book({"data/indicators/ty-le-ho-ngheo.yml": one, "data/indicators/khac.yml": other})
    report, diagnostics = parse(tree)
    assert diagnostics == ()
    assert check(report, tree) == ()

"""Figures, tables, charts and maps: what the expressions give on a small book."""

from __future__ import annotations

from decimal import Decimal
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

from galley.bind import Value, evaluate, index, place_of
from galley.bind.figures import Figure, TargetResult, judge
from galley.bind.index import Label, citations
from galley.bind.objects import Chart, Listing, SourceNote, Table, TileMap, observations_of
from galley.expressions import Problem
from galley.model import Proposal
from galley.read.parse import parse
from galley.vietnamese import format_number, parse_number
from tests.factories import book

if TYPE_CHECKING:
    from collections.abc import Mapping

RATE = """\
    name: Tỷ lệ hộ nghèo
    unit: phan-tram
    decimals: 1
    better: lower
    aggregate: {mean: dan-so}
    topic: doi-song
    source: nien-giam
    observations:
      lang-son:
        2010: 27.5
        2016: 15.25
        2020: 10.0
      cao-bang:
        2010: 35.1
        2016: 15.3
        2020: 20.0
      ca-nuoc:
        2010: 14.2
        2020: {status: O}
    """
CHAPTER = """\
    ---
    title: Thử
    owner: to-bien-tap
    status: draft
    ---

    """


def evaluated(*expressions: str, files: Mapping[str, str] | None = None) -> list[Value | Problem]:
    """What expressions give in a chapter of a small book, one after the other."""
    text = "".join(f"\n    {{{{ {one} }}}}\n" for one in expressions)
    tree = book({"data/indicators/ty-le-ho-ngheo.yml": RATE, "chapters/dan-so.md": CHAPTER + text, **(files or {})})
    report, diagnostics = parse(tree)
    assert diagnostics == ()
    chapter = report.contents.chapters[0]
    place = place_of(chapter, index(report.contents))
    return [evaluate(citation, place) for _, citation in citations(chapter)]


def figure(expression: str) -> Figure:
    (found,) = evaluated(expression)
    assert isinstance(found, Figure), found
    return found


def problem(expression: str) -> Problem:
    (found,) = evaluated(expression)
    assert isinstance(found, Problem), found
    return found


@pytest.mark.parametrize(
    ("expression", "text", "number"),
    [
        ("value('dan-so', 'lang-son', 2019)", "781,7\u00a0nghìn người", "781.7"),
        ("value('dan-so', 'lang-son', 2019, unit=False)", "781,7", "781.7"),
        ("value('dan-so', 'lang-son')", "788,7\u00a0nghìn người", "788.7"),
        ("value('dan-so', 'region', 2019)", "1.312,0\u00a0nghìn người", "1312.0"),
        ("value('dan-so', 2019)", "1.312,0\u00a0nghìn người", "1312.0"),
        ("value('dan-so', 'nation', 2019)", "96.484,0\u00a0nghìn người", "96484.0"),
        ("value('ty-le-ho-ngheo', 'lang-son', 2016)", "15,3%", "15.25"),
        ("change('dan-so', 'lang-son', 2019, 2020)", "7,0\u00a0nghìn người", "7.0"),
        ("change('ty-le-ho-ngheo', 'lang-son', 2010, 2016)", "12,2\u00a0điểm phần trăm", "-12.2"),
        ("share('dan-so', 'lang-son', 2019, of='region')", "59,6%", None),
        ("share('dan-so', 'region', 2019)", "1,4%", None),
        ("ratio('ty-le-ho-ngheo', 'cao-bang', 2020, to='lang-son')", "2,0", "2"),
        ("ratio('ty-le-ho-ngheo', 'lang-son', 2020, since=2010)", "36,4%", None),
        ("ratio('ty-le-ho-ngheo', 'cao-bang', 2016, to='lang-son')", "100,3%", None),
        ("rank('ty-le-ho-ngheo', 'lang-son', 2020)", "1", "1"),
        ("rank('ty-le-ho-ngheo', 'lang-son', 2020, order='highest')", "2", "2"),
        ("highest('ty-le-ho-ngheo', 2020)", "20,0%", "20.0"),
        ("lowest('dan-so', 2020)", "533,1\u00a0nghìn người", "533.1"),
        ("growth('dan-so', 'lang-son', 2019, 2020)", "0,9%", None),
        ("fact(394, 'km²', source='nghi-quyet')", "394\u00a0km²", "394"),
        ("fact(57.8, '%', source='nghi-quyet')", "57,8%", "57.8"),
    ],
)
def test_an_expression_gives_its_figure(expression: str, text: str, number: str | None) -> None:
    found = figure(expression)
    assert found.text == text
    if number is not None:
        assert found.number == Decimal(number)


def test_a_displayed_value_equals_the_yaml_value_for_every_observation() -> None:
    report, _ = parse(book({"data/indicators/ty-le-ho-ngheo.yml": RATE}))
    everything = [one for record in report.contents.indicators for one in record.observations]
    observations = [one for one in everything if one.value is not None]
    calls = [f"value('{one.indicator}', '{one.area}', {one.period}, unit=False)" for one in observations]
    for one, found in zip(observations, evaluated(*calls), strict=True):
        assert isinstance(found, Figure)
        assert found.provenance.inputs == (one,)
        assert found.text == format_number(one.value or Decimal(0), found.decimals)
        assert abs(parse_number(found.text) - (one.value or Decimal(0))) <= Decimal("0.05")


def test_a_change_agrees_with_the_figures_beside_it() -> None:
    before, after, change = evaluated(
        "value('ty-le-ho-ngheo', 'lang-son', 2010, unit=False)",
        "value('ty-le-ho-ngheo', 'lang-son', 2016, unit=False)",
        "change('ty-le-ho-ngheo', 'lang-son', 2010, 2016)",
    )
    assert isinstance(before, Figure)
    assert isinstance(after, Figure)
    assert isinstance(change, Figure)
    assert change.direction == -1
    assert parse_number(after.text) - parse_number(before.text) == change.number


def test_a_mean_is_weighted_by_the_other_indicator() -> None:
    found = figure("value('ty-le-ho-ngheo', 'region', 2020)")
    expected = (10 * Decimal("788.7") + 20 * Decimal("533.1")) / (Decimal("788.7") + Decimal("533.1"))
    assert found.number == expected
    assert found.provenance.operation == "mean"
    assert len(found.provenance.inputs) == 4


def test_a_missing_input_makes_a_sum_missing_and_is_named() -> None:
    found = figure("value('ty-le-ho-ngheo', 'region', 2010)")
    assert found.number is None
    assert found.missing is not None
    assert found.missing.rule == "missing-inputs"
    assert [one.indicator for one in found.provenance.inputs] == ["ty-le-ho-ngheo", "ty-le-ho-ngheo"]


def test_a_value_with_the_status_not_available_is_no_problem_and_has_no_number() -> None:
    found = figure("value('ty-le-ho-ngheo', 'nation', 2020)")
    assert found.number is None
    assert found.text == ""


@pytest.mark.parametrize(
    ("expression", "rule"),
    [
        ("value('dan-so', 'lang-son', 1999)", "missing-observation"),
        ("value('dan-soo')", "unknown-id"),
        ("value('dan-so', 'lang-sn')", "unknown-id"),
        ("value(5)", "bad-argument"),
        ("value('dan-so', 'lang-son', 'năm 2020')", "bad-argument"),
        ("rank('dan-so', 'region', 2020)", "not-ranked"),
        ("growth('dan-so', 'lang-son', 2020, 2019)", "no-growth"),
        ("ratio('dan-so', 'lang-son', 2020)", "missing-argument"),
        ("fact(3)", "missing-argument"),
        ("fact(3, source='khong-co')", "unknown-id"),
        ("target('khong-co')", "unknown-id"),
        ("ref('khong-co')", "unknown-label"),
        ("cite('khong-co')", "unknown-id"),
        ("meeting('khong-co')", "unknown-id"),
        ("table(['dan-so', 'ty-le-ho-ngheo'], periods=[2019, 2020])", "table-too-many-dimensions"),
        ("table('dan-so', periods=[1999])", "nothing-to-show"),
        ("chart(['dan-so', 'ty-le-ho-ngheo'])", "chart-mixed-units"),
        ("chart('dan-so', kind='pie')", "unknown-choice"),
        ("tilemap('dan-so', 1999)", "nothing-to-show"),
    ],
)
def test_an_expression_without_a_value_says_why(expression: str, rule: str) -> None:
    assert problem(expression).rule == rule


def test_a_table_of_one_indicator_has_areas_by_periods() -> None:
    (found,) = evaluated("table('dan-so', periods=[2019, 2020])")
    assert isinstance(found, Table)
    assert found.columns == ("2019", "2020")
    assert [row.name for row in found.rows] == ["Lạng Sơn", "Cao Bằng", "Vùng Bắc", "Cả nước"]
    assert [cell.text if cell else None for cell in found.rows[0].cells] == [
        "781,7\u00a0nghìn người",
        "788,7\u00a0nghìn người",
    ]
    assert [source.id for source in found.sources] == ["nien-giam"]
    assert {one.period.year for one in observations_of(found)} == {2019, 2020}


def test_a_table_of_several_indicators_of_one_area_has_indicators_by_periods() -> None:
    (found,) = evaluated("table(['dan-so', 'ty-le-ho-ngheo'], areas=['lang-son'], periods=[2010, 2020])")
    assert isinstance(found, Table)
    assert [row.name for row in found.rows] == ["Dân số", "Tỷ lệ hộ nghèo"]
    assert found.rows[0].cells[0] is None
    assert found.unit is None


def test_tables_and_figures_are_numbered_apart_within_the_chapter_and_can_be_referred_to() -> None:
    found = evaluated(
        "table('dan-so')",
        "chart('dan-so', id='hinh-dan-so')",
        "tilemap('dan-so', 2020)",
        "table('ty-le-ho-ngheo', id='bang-ngheo')",
        "ref('bang-ngheo')",
        "ref('hinh-dan-so')",
    )
    numbers = [one.label.number for one in found if isinstance(one, Table | Chart | TileMap)]
    assert numbers == ["1.1", "1.1", "1.2", "1.2"]
    references = [(one.kind, one.number) for one in found if isinstance(one, Label)]
    assert references == [("table", "1.2"), ("figure", "1.1")]


def test_a_tile_map_has_a_square_for_each_province() -> None:
    (found,) = evaluated("tilemap('dan-so')")
    assert isinstance(found, TileMap)
    assert [(tile.area.id, tile.row, tile.column) for tile in found.tiles] == [("lang-son", 0, 1), ("cao-bang", 0, 0)]


def test_a_citation_of_a_source_gives_a_note() -> None:
    (found,) = evaluated("cite('nghi-quyet', at='mục 2')")
    assert isinstance(found, SourceNote)
    assert (found.source.id, found.at) == ("nghi-quyet", "mục 2")


def test_proposals_are_listed_by_topic_and_area() -> None:
    register = """\
        - {id: mot, text: Một, from: to-bien-tap, to: to-bien-tap, kind: policy, topics: [duong], areas: [lang-son]}
        - {id: hai, text: Hai, from: to-bien-tap, to: to-bien-tap, kind: policy, topics: [duong]}
        """
    by_topic, by_area = evaluated(
        "proposals(topic='duong')", "proposals(area='lang-son')", files={"data/proposals.yml": register}
    )
    assert isinstance(by_topic, Listing)
    assert isinstance(by_area, Listing)
    assert [one.id for one in by_topic.items if isinstance(one, Proposal)] == ["mot", "hai"]
    assert [one.id for one in by_area.items if isinstance(one, Proposal)] == ["mot"]
    assert (by_topic.kind, by_area.kind) == ("references", "references")


def test_proposals_are_numbered_where_they_are_listed_in_full() -> None:
    register = """\
        - {id: mot, text: Một, from: to-bien-tap, to: to-bien-tap, kind: policy}
        - {id: hai, text: Hai, from: to-bien-tap, to: tinh-uy-lang-son, kind: policy, areas: [lang-son]}
        """
    by_area, to_province, all_others, mot, hai = evaluated(
        "proposals(area='lang-son')",
        "proposals(to='tinh-uy-lang-son')",
        "proposals(to=['to-bien-tap', 'tinh-uy-lang-son'])",
        "ref('mot')",
        "ref('hai')",
        files={"data/proposals.yml": register},
    )
    assert [one.kind for one in (by_area, to_province, all_others) if isinstance(one, Listing)] == [
        *("references", "proposals", "proposals")
    ]
    assert isinstance(mot, Label)
    assert isinstance(hai, Label)
    assert [(one.kind, one.number) for one in (mot, hai)] == [("proposal", "2"), ("proposal", "1")]


def test_an_agency_that_nobody_knows_has_no_proposals() -> None:
    (found,) = evaluated("proposals(to='tinh-uy-lang-sen')")
    assert isinstance(found, Problem)
    assert found.rule == "unknown-id"
    assert dict(found.arguments)["nearest"] == "tinh-uy-lang-son"


@pytest.mark.parametrize(
    ("bound", "period", "verdict", "reason"),
    [
        ("at_most: 10", 2020, "met", ""),
        ("at_most: 9.9", 2020, "not-met", ""),
        ("reach: 10", 2020, "met", ""),
        ("reach: 9.9", 2020, "not-met", ""),
        ("reach: 11", 2020, "met", ""),
        ("between: [3, 12]", 2020, "met", ""),
        ("above: 10", 2020, "not-met", ""),
        ("at_most: 10", 2019, "not-judged", "no-observation"),
    ],
)
def test_a_target_is_judged_by_the_observations(bound: str, period: int, verdict: str, reason: str) -> None:
    register = (
        f"- {{id: ngheo, document: nghi-quyet, text: Giảm nghèo, area: lang-son, period: {period}, "
        f"indicator: ty-le-ho-ngheo, {bound}}}\n"
    )
    (found,) = evaluated("target('ngheo')", files={"data/targets.yml": register})
    assert isinstance(found, TargetResult)
    assert (found.verdict, found.reason) == (verdict, reason)


def test_a_target_without_an_indicator_is_not_judged() -> None:
    register = "- {id: xk, document: nghi-quyet, text: Xuất khẩu, area: lang-son, period: 2020, at_least: 3}\n"
    report, _ = parse(book({"data/targets.yml": register}))
    found = judge(index(report.contents), report.contents.targets[0])
    assert (found.verdict, found.reason) == ("not-judged", "no-indicator")


@pytest.mark.parametrize(
    ("period", "reason"), [("2020", "no-indicator"), ("2030", "not-due"), ("2016-2025", "not-due")]
)
def test_a_target_after_the_period_that_the_report_covers_is_not_judged(period: str, reason: str) -> None:
    register = f"- {{id: xk, document: nghi-quyet, text: Xuất khẩu, area: lang-son, period: {period}, at_least: 3}}\n"
    settings = "\n".join(book().lines(PurePosixPath("data/report.yml"))) + "\ncovers: 2004-2020\n"
    report, _ = parse(book({"data/targets.yml": register, "data/report.yml": settings}))
    found = judge(index(report.contents), report.contents.targets[0])
    assert (found.verdict, found.reason) == ("not-judged", reason)


def test_a_table_tells_from_when_on_its_figures_are_not_comparable() -> None:
    breaks = "    breaks: [{period: 2016, note: Đổi chuẩn}, {period: 2020, areas: [cao-bang]}]\n"
    files = {"data/indicators/ty-le-ho-ngheo.yml": RATE.replace("    observations:", breaks + "    observations:")}
    whole, one_area, later = evaluated(
        "table('ty-le-ho-ngheo', periods=[2010, 2016, 2020])",
        "table('ty-le-ho-ngheo', periods=[2010, 2020], areas=['lang-son'])",
        "table('ty-le-ho-ngheo', periods=[2020])",
        files=files,
    )
    told = [[str(period) for period, _ in one.broken] for one in (whole, one_area, later) if isinstance(one, Table)]
    assert told == [["2016", "2020"], ["2016"], []]


@pytest.mark.parametrize(
    ("asked", "unit", "bounds"),
    [
        ("between: [3, 4.5]", "phan-tram", ("3%", "4,5%")),
        ("between: [250, 300]", "nghin-nguoi", ("250", "300 nghìn người")),
        ("at_least: 9", "nghin-nguoi", ("9 nghìn người",)),
        ("above_area: ca-nuoc", "phan-tram", ()),
    ],
)
def test_bounds_name_their_unit_once_where_it_is_a_word(asked: str, unit: str, bounds: tuple[str, ...]) -> None:
    register = f"- {{id: mot, document: nghi-quyet, text: Một, area: lang-son, period: 2020, unit: {unit}, {asked}}}\n"
    report, _ = parse(book({"data/targets.yml": register}))
    found = judge(index(report.contents), report.contents.targets[0])
    assert tuple(one.replace("\u00a0", " ") for one in found.bounds) == bounds

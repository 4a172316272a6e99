"""Editions: an audience sees what is meant for it and wider ones, and nothing of the rest survives."""

from __future__ import annotations

import ast
import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import galley
from galley.edition import restrict
from galley.errors import UsageError
from galley.model import Contents, Report
from galley.read.parse import parse
from tests.factories import book

AUDIENCES = ("cong-khai", "hoi-nghi", "noi-bo")
SECRET = "bimat"  # stands in every restricted text and id below
HIDDEN = "---\ntitle: Chương bimat\nowner: to-bien-tap\nstatus: draft\naudience: noi-bo\n---\n\nbimat\n"
RESTRICTED = {
    "data/report.yml": """\
        title: Báo cáo thử
        subject: về một vùng nhỏ
        issuer: {superior: Cấp trên, body: Cơ quan thử, code: BC/CQT}
        place: Hà Nội
        layout: dang-2018
        region: vung-bac
        audiences: [cong-khai, hoi-nghi, noi-bo]
        parts:
          - {title: Tình hình, chapters: [chapters/dan-so.md, chapters/bimat.md]}
          - {title: Hồ sơ các tỉnh, chapters: [provinces/lang-son.md]}
          - {title: Phần bimat, chapters: [chapters/bimat-hai.md]}
        """,
    "chapters/bimat.md": HIDDEN,
    "chapters/bimat-hai.md": HIDDEN,
    "provinces/lang-son.md": """\
        ---
        title: Lạng Sơn
        owner: tinh-uy-lang-son
        status: draft
        area: lang-son
        ---

        ## Dân số {#dan-so}

        Đoạn chung.

        /// audience | noi-bo
        Đoạn bimat.
        ///
        """,
    "data/indicators/bimat.yml": """\
        name: Chỉ tiêu bimat
        unit: nghin-nguoi
        decimals: 1
        better: neither
        topic: dan-so
        source: nien-giam
        audience: noi-bo
        observations:
          lang-son:
            2019: 1.0
        """,
    "data/indicators/cong-khai.yml": """\
        name: Chỉ tiêu chung
        unit: nghin-nguoi
        decimals: 1
        better: neither
        topic: dan-so
        source: nien-giam
        observations:
          lang-son:
            2019: 1.0
            2020: {value: 2.0, audience: noi-bo, note: bimat}
        """,
    "data/sources.yml": """\
        nien-giam: {title: Niên giám thống kê, kind: statistics, publisher: Tổng cục Thống kê}
        nghi-quyet: {title: Nghị quyết thử, kind: document}
        bao-cao-bimat: {title: Báo cáo bimat, kind: submission, audience: noi-bo}
        """,
    "data/targets.yml": (
        "- {id: bimat, document: nghi-quyet, text: bimat, area: lang-son, period: 2020, at_least: 3, "
        "audience: noi-bo}\n"
    ),
    "data/proposals.yml": (
        "- {id: bimat, text: bimat, from: to-bien-tap, to: to-bien-tap, kind: policy, audience: noi-bo}\n"
    ),
    "data/milestones.yml": "- {id: bimat, title: bimat, owner: to-bien-tap, audience: noi-bo}\n",
    "data/meetings.yml": "- {id: bimat, title: bimat, date: 2021-06-09, audience: noi-bo}\n",
}


def report() -> Report:
    found, diagnostics = parse(book(RESTRICTED))
    assert diagnostics == ()
    return found


def test_nothing_restricted_is_left_in_the_widest_edition() -> None:
    contents = restrict(report()).contents
    places = {str(one.span) for one in contents.indicators} | {str(one.path) for one in contents.chapters}
    assert SECRET not in repr(contents)
    assert SECRET not in repr(places)
    assert "noi-bo" not in repr(contents)


def test_the_narrowest_audience_sees_everything() -> None:
    whole = report()
    assert restrict(whole, "noi-bo").contents == whole.contents


def test_adding_restricted_content_changes_nothing_in_a_wider_edition() -> None:
    public = {path: text for path, text in RESTRICTED.items() if SECRET not in path}
    public["data/report.yml"] = public["data/report.yml"].replace(", chapters/bimat.md", "")
    public["data/report.yml"] = public["data/report.yml"].replace(
        "          - {title: Phần bimat, chapters: [chapters/bimat-hai.md]}\n", ""
    )
    for register in ("sources", "targets", "proposals", "milestones", "meetings"):
        lines = public[f"data/{register}.yml"].splitlines(keepends=True)
        public[f"data/{register}.yml"] = "".join(line for line in lines if SECRET not in line)
    without, _ = parse(book(public))
    assert restrict(without).contents.chapters[0] == restrict(report()).contents.chapters[0]
    assert restrict(without).contents.targets == restrict(report()).contents.targets == ()
    assert restrict(without).contents.sources == restrict(report()).contents.sources
    assert [one.title for one in restrict(without).contents.settings.parts] == [
        one.title for one in restrict(report()).contents.settings.parts
    ]


@given(st.sampled_from(AUDIENCES), st.sampled_from(AUDIENCES))
def test_restricting_is_monotone_and_idempotent(one: str, other: str) -> None:
    narrow, wide = sorted((one, other), key=AUDIENCES.index, reverse=True)
    twice = restrict(Report(restrict(report(), narrow).contents), wide)
    assert twice == restrict(report(), wide)
    for field in dataclasses.fields(Contents):
        if field.name != "settings":
            ids = {repr(getattr(record, "id", None)) for record in getattr(twice.contents, field.name)}
            assert ids <= {repr(getattr(record, "id", None)) for record in getattr(report().contents, field.name)}


def test_an_audience_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UsageError) as trouble:
        restrict(report(), "tat-ca")
    assert trouble.value.rule == "no-audience"


def test_a_misspelt_audience_is_seen_by_nobody() -> None:
    files = {"data/sources.yml": RESTRICTED["data/sources.yml"].replace("audience: noi-bo", "audience: noi-boo")}
    found, _ = parse(book(files))
    for audience in AUDIENCES:
        assert "bimat" not in repr(restrict(found, audience).contents.sources)


def test_only_restrict_makes_an_edition() -> None:
    makers = []
    for path in Path(galley.__file__).parent.rglob("*.py"):
        calls = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
        makers += [path.name for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Edition"]
    assert makers == ["edition.py"]

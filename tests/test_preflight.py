"""The checker of finished PDFs: each fault that is planted in a good report is found by its rule, and by no other."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

from galley import cli
from galley.errors import GalleyError
from galley.preflight import check_pdf
from galley.preflight.subject import ranges
from tests.factories import write_book
from tests.planting import FAULTS, change_folio, figure_without_text, no_language, without_text
from tests.printing import FILES, ROOT
from tests.rule_names import OF_PDF, calls
from tests.surgery import altered, edit, elements, marks_of, page_of, resize, shift

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from galley.diagnostics import Diagnostic

PATH = PurePosixPath("build/report.pdf")
PROFILE: dict[str, Any] = tomllib.loads((ROOT / "templates/print/layouts/dang-2018.toml").read_text(encoding="utf-8"))


def built(root: Path, *options: str) -> bytes:
    """The small book as the commands make it."""
    shutil.copytree(ROOT / "templates", root / "templates")
    write_book(root, FILES)
    assert cli.main(["--root", str(root), "--out", str(root / "build"), *options, "pdf"]) == cli.OK
    return (root / "build" / "report.pdf").read_bytes()


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The small book for the public."""
    return built(tmp_path_factory.mktemp("book"))


def check(pdf: bytes, profile: dict[str, Any] = PROFILE) -> tuple[Diagnostic, ...]:
    return check_pdf(pdf, profile, PATH)


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_by_its_rule_and_by_no_other(good: bytes, name: str) -> None:
    plant, rule = FAULTS[name]
    assert {one.rule for one in check(altered(good, plant))} == {rule}


def test_each_rule_is_shown_to_find_something() -> None:
    elsewhere = {"pdf-no-tags", "pdf-encrypted"}
    used = {rule for maker, rule, _ in calls() if maker in OF_PDF}
    assert {rule for _, rule in FAULTS.values()} | elsewhere == used


def test_a_good_pdf_has_no_fault(good: bytes) -> None:
    assert check(good) == ()


@pytest.fixture(scope="module")
def noted(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The small book for a meeting, with its note of circulation on the first page."""
    return built(tmp_path_factory.mktemp("noted"), "--audience", "hoi-nghi")


@pytest.mark.parametrize(
    ("name", "change", "rules"),
    [
        ("Tm", shift(), set()),
        ("Tm", shift(across=-40), {"pdf-title-place"}),
        ("Tm", shift(down=-5), {"pdf-title-place"}),
        ("Tf", resize(12.3 / 12), {"pdf-title-size"}),
    ],
)
def test_the_note_of_circulation_is_measured(
    noted: bytes, name: str, change: Callable[[list[Any]], list[Any]], rules: set[str]
) -> None:
    def plant(pdf: pikepdf.Pdf) -> None:
        note = next(one for one in elements(pdf, "P") if page_of(pdf, one) == 1)
        edit(pdf, 1, marks_of(note), name, change)

    assert {one.rule for one in check(altered(noted, plant))} == rules


def test_a_pdf_without_tags_is_found(good: bytes) -> None:
    def plant(pdf: pikepdf.Pdf) -> None:
        del pdf.Root["/StructTreeRoot"]

    assert "pdf-no-tags" in {one.rule for one in check(altered(good, plant))}


def test_a_pdf_that_is_protected_is_found(good: bytes) -> None:
    protected = altered(good, lambda _: None, encryption=pikepdf.Encryption(owner="x", user="", R=6))
    assert [one.rule for one in check(protected)] == ["pdf-encrypted"]


@pytest.mark.parametrize(
    ("page", "sides"),
    [
        ({"margins": {"top": 20, "right": 15, "bottom": 20, "left": 25}}, {"left"}),
        ({"margins": {"top": 10, "right": 15, "bottom": 20, "left": 30}}, {"top"}),
        ({"margins": {"top": 20, "right": 20, "bottom": 30, "left": 30}}, {"right", "bottom"}),
        ({"landscape_margins": {"top": 30, "right": 20, "bottom": 15, "left": 10}}, {"left"}),
        ({"landscape_margins": {"top": 40, "right": 20, "bottom": 15, "left": 20}}, {"top"}),
    ],
)
def test_a_margin_that_is_not_the_profile_s_is_found(good: bytes, page: dict[str, Any], sides: set[str]) -> None:
    found = check(good, {**PROFILE, "page": {**PROFILE["page"], **page}})
    assert {dict(one.arguments)["side"] for one in found if one.rule == "pdf-margin"} == sides


def test_on_both_sides_of_a_sheet_the_margins_change_places(good: bytes) -> None:
    found = check(good, {**PROFILE, "page": {**PROFILE["page"], "duplex": True}})
    margins = [dict(one.arguments) for one in found if one.rule == "pdf-margin"]
    assert {(one["side"], one["expected"]) for one in margins} >= {("left", "15"), ("right", "30")}


@pytest.mark.parametrize(
    ("table", "key", "value", "rule"),
    [
        ("body", "size", 15, "pdf-body-size"),
        ("body", "pitch", 18, "pdf-line-pitch"),
        ("heading", "motto", "Độc lập - Tự do - Hạnh phúc", "pdf-title-missing"),
        ("heading", "nation_size", 12, "pdf-title-size"),
        ("heading", "issuer_rule", 0.4, "pdf-title-rule"),
        ("heading", "subject_rule", 0.4, "pdf-title-rule"),
    ],
)
def test_the_profile_decides_what_is_right(good: bytes, table: str, key: str, value: object, rule: str) -> None:
    other = {**PROFILE, table: {**PROFILE[table], key: value}}
    assert {one.rule for one in check(good, other)} == {rule}


def test_paper_of_another_size_is_found_with_both_sizes(good: bytes) -> None:
    def plant(pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            page.mediabox = pikepdf.Array([0, 0, 419.53, 595.28])

    found = next(one for one in check(altered(good, plant)) if one.rule == "pdf-paper-size")
    assert dict(found.arguments) == {"found": "148 × 210", "expected": "210 × 297", "pages": found.arguments[-1][1]}


def test_a_fault_is_told_with_its_page(good: bytes) -> None:
    (found,) = check(altered(good, change_folio(5, "TJ", without_text)))
    assert (str(found.span), found.rule) == ("build/report.pdf:5", "pdf-folio-missing")


def test_a_fault_of_the_whole_file_is_told_without_a_page(good: bytes) -> None:
    (found,) = check(altered(good, no_language))
    assert str(found.span) == "build/report.pdf"


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(GalleyError) as caught:
        check(b"%PDF-nothing")
    assert (caught.value.rule, caught.value.arguments["path"]) == ("not-a-pdf", "build/report.pdf")


@pytest.mark.parametrize(("pages", "text"), [([3], "3"), ([2, 3, 4, 9], "2-4, 9"), ([5, 4, 4], "4-5")])
def test_pages_are_named_in_ranges(pages: list[int], text: str) -> None:
    assert ranges(pages) == text


def run(pdf: bytes, folder: Path, *options: str) -> int:
    file = folder / "report.pdf"
    file.write_bytes(pdf)
    return cli.main(["--root", str(ROOT), "check-pdf", str(file), "--layout", "dang-2018", *options])


def test_the_command_ends_with_0_for_a_good_pdf(
    good: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(good, tmp_path) == cli.OK
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "0 lỗi" in shown.err


def test_the_command_shows_the_faults_and_ends_with_1(
    good: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty = altered(good, figure_without_text)
    assert run(faulty, tmp_path, "--format", "concise") == cli.CONTENT_HAS_ERRORS
    (line,) = capsys.readouterr().out.splitlines()
    assert line.endswith("lỗi: hình không có lời thay thế [pdf-figure-no-text]")
    assert run(faulty, tmp_path, "--format", "json") == cli.CONTENT_HAS_ERRORS
    (record,) = json.loads(capsys.readouterr().out)
    assert record["rule"] == "pdf-figure-no-text"
    assert f"{record['path']}:{record['line']}: " in line


def test_the_command_takes_the_layout_of_the_report_by_default(good: bytes, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    write_book(tmp_path, FILES)
    (tmp_path / "report.pdf").write_bytes(good)
    assert cli.main(["--root", str(tmp_path), "check-pdf", str(tmp_path / "report.pdf")]) == cli.OK


@pytest.mark.parametrize(("file", "layout"), [("khong-co.pdf", "dang-2018"), ("README.md", "khong-co")])
def test_the_command_ends_with_2_without_a_pdf_or_its_layout(file: str, layout: str) -> None:
    assert cli.main(["--root", str(ROOT), "check-pdf", str(ROOT / file), "--layout", layout]) == cli.CANNOT_GO_ON

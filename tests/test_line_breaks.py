"""What belongs together stands on one line, however wide the column is."""

from __future__ import annotations

import re
import subprocess
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
import weasyprint

from galley.vietnamese import NBSP, NO_BREAK, keep_together
from tests.printing import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

WHOLE = (
    "37-NQ/TW",
    "27/2008/QĐ-TTg",
    "64/2025/QH15",
    "BC/BKTTW",
    "số 184-QĐ/TW",
    "ngày 01/7/2004",
    "ngày 03 tháng 02 năm 2018",
    "năm 2020",
    "quý 4",
    "khóa XIII",
    "khoá IX",
    "Điều 5",
    "khoản 2",
    "mục 4.1.2",
    "Phần IV",
    "Phần thứ nhất",
    "Phụ lục 2",
    "Bảng 4.1",
    "Biểu số 7",
    "tr. 5",
    "TP. Hà",
    "đồng chí Nguyễn",
    "Quốc lộ 6",
    "đoạn 12",
    "2016–2020",
    "2016-2020",
    "2 - 3%",
    "7,24%",
    "5,2%/năm",
    "2.100 tỷ đồng",
    "57 nghìn tỷ đồng",
    "95.264,4 km²",
    "132 người/km²",
    "45 tạ/ha",
    "12 m³",
    "231 km",
    "15 °C",
    "8 %",
)
PAIRS = ("kinh tế - xã hội", "quốc phòng - an ninh", "Hà Nội – Lào Cai", "(khóa X) - tiếp")
WIDTHS = range(31, 71)  # mm; the widest of what stands together takes 30 mm


def _set(path: Path, texts: Iterable[str]) -> list[str]:
    """The lines of the texts in columns of all widths, without no-break marks; not justified, so no gap cuts a line."""
    fonts = (ROOT / "templates/fonts/Tinos-Regular.ttf").as_uri()
    style = f"@font-face {{ font-family: Tinos; src: url({fonts}); }} @page {{ size: 100mm 900mm; margin: 5mm; }}"
    style += "p { font: 9pt Tinos; margin: 0; break-after: page; }"
    text = escape("Theo " + " và ".join(texts))
    columns = "".join(f'<p style="width: {width}mm">{text}</p>' for width in WIDTHS)
    weasyprint.HTML(string=f"<html lang=vi><style>{style}</style>{columns}").write_pdf(path)
    lines = subprocess.run(("pdftotext", "-raw", path, "-"), check=True, capture_output=True, text=True).stdout
    return [re.sub(rf"[ {NBSP}]+", " ", line.replace(NO_BREAK, "")).strip() for line in lines.splitlines()]


def _whole(lines: list[str], text: str) -> int:
    return sum(line.count(text) for line in lines)


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The lines of all that must not be broken, in columns of forty widths."""
    texts = [keep_together(text) for text in (*WHOLE, *PAIRS)]
    return _set(tmp_path_factory.mktemp("lines") / "kept.pdf", texts)


@pytest.mark.parametrize("text", WHOLE)
def test_what_belongs_together_is_whole_at_every_width(lines: list[str], text: str) -> None:
    assert _whole(lines, text) == len(WIDTHS)


def test_no_line_begins_with_the_hyphen_of_a_pair(lines: list[str]) -> None:
    assert lines
    assert not [line for line in lines if line.startswith(("-", "–"))]


def test_without_marks_most_of_it_is_broken_somewhere(tmp_path: Path) -> None:
    plain = _set(tmp_path / "plain.pdf", (*WHOLE, *PAIRS))
    broken = [text for text in WHOLE if _whole(plain, text) < len(WIDTHS)]
    assert len(broken) > len(WHOLE) / 2
    assert any(line.startswith("- ") for line in plain)
    assert any(above.endswith("QĐ-") and below.startswith("TTg") for above, below in pairwise(plain))


def test_a_span_of_years_may_begin_a_line_but_a_paragraph_s_number_may_not() -> None:
    assert keep_together("giai đoạn 2010-2016") == "giai đoạn 2010-2016"
    assert keep_together("tại đoạn 12") == f"tại đoạn{NBSP}12"

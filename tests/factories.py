"""Make small valid books for tests; each test overrides only the files that it is about."""

from __future__ import annotations

from pathlib import PurePosixPath
from textwrap import dedent
from typing import TYPE_CHECKING

from galley.source import SourceFile, SourceTree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SMALL_BOOK: Mapping[str, str] = {
    "data/report.yml": """\
        title: Báo cáo thử
        subject: về một vùng nhỏ
        issuer: {superior: Cấp trên, body: Cơ quan thử, code: BC/CQT}
        place: Hà Nội
        layout: dang-2018
        region: vung-bac
        audiences: [cong-khai, hoi-nghi, noi-bo]
        parts:
          - {title: Tình hình, chapters: [chapters/dan-so.md]}
          - {title: Hồ sơ các tỉnh, chapters: [provinces/lang-son.md]}
        appendices: [targets, indicators]
        """,
    "data/areas.yml": """\
        ca-nuoc: {name: Cả nước, kind: nation}
        vung-bac: {name: Vùng Bắc, kind: region}
        lang-son: {name: Lạng Sơn, kind: province, region: vung-bac, borders: [cao-bang], tile: [0, 1]}
        cao-bang: {name: Cao Bằng, kind: province, region: vung-bac, borders: [lang-son], tile: [0, 0]}
        """,
    "data/agencies.yml": """\
        to-bien-tap: {name: Tổ Biên tập, kind: team}
        tinh-uy-lang-son: {name: Tỉnh ủy Lạng Sơn, kind: province, area: lang-son}
        """,
    "data/units.yml": """\
        nghin-nguoi: {name: nghìn người}
        phan-tram: {name: "%", spaced: false, difference: điểm phần trăm}
        """,
    "data/sources.yml": """\
        nien-giam: {title: Niên giám thống kê, kind: statistics, publisher: Tổng cục Thống kê}
        nghi-quyet: {title: Nghị quyết thử, kind: document}
        bao-cao-mat: {title: Báo cáo nội bộ, kind: submission, audience: noi-bo}
        """,
    "data/indicators/dan-so.yml": """\
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
            2020: 533.1
          ca-nuoc:
            2019: 96484.0
            2020: 97582.7
        """,
    "chapters/dan-so.md": """\
        ---
        title: Dân số
        owner: to-bien-tap
        status: draft
        ---

        ## Quy mô {#quy-mo}

        Dân số vùng năm 2020 là {{ value("dan-so", "vung-bac", 2020) }}.
        Xem [Lạng Sơn](../provinces/lang-son.md#dan-so).

        {{ table("dan-so", periods=[2019, 2020], id="bang-dan-so") }}
        """,
    "provinces/lang-son.md": """\
        ---
        title: Lạng Sơn
        owner: tinh-uy-lang-son
        status: draft
        area: lang-son
        ---

        ## Dân số {#dan-so}

        Dân số tỉnh năm 2020 là {{ value("dan-so", 2020) }}.
        """,
}


def book(files: Mapping[str, str | None] | None = None) -> SourceTree:
    """A minimal valid book with these files instead of, or beside, its own; None leaves a file out."""
    texts: dict[str, str | None] = {**SMALL_BOOK, **(files or {})}
    return tree({path: text for path, text in texts.items() if text is not None})


def tree(files: Mapping[str, str]) -> SourceTree:
    """A source tree of exactly these files; the texts' common indentation is taken off."""
    return SourceTree(
        tuple(SourceFile(PurePosixPath(path), dedent(text).encode()) for path, text in sorted(files.items()))
    )


def write_book(root: Path, files: Mapping[str, str | None] | None = None) -> Path:
    """The book of `book(files)` written below a folder, for tests of what reads a disk; returns the folder."""
    for file in book(files).files:
        target = root / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
    return root

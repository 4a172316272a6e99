"""Print small books: the templates and fonts of the repository around chapters and data of the test's own."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from galley.cache import Cache
from galley.edition import restrict
from galley.model import Commit, History
from galley.read.parse import parse
from galley.read.siteconfig import markdown_extensions
from galley.read.worktree import read_worktree
from galley.render.chart import draw_chart, read_words
from galley.render.layout import layout
from galley.render.markup import anchor
from galley.render.printed import prepare_print, print_document
from galley.source import SourceTree
from galley.typeset import typeset
from galley.typeset.workers import Here
from tests.factories import book, tree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from galley.render.document import Document
    from galley.render.page import Asset

ROOT = Path(__file__).parent.parent
SITE_CONFIG = """\
    markdown_extensions:
      - attr_list
      - footnotes
      - tables
      - toc: {permalink: "#", toc_depth: 3}
    """
YEARS = range(2008, 2021)

LETTERS = "".join(
    upper + upper.lower()
    for upper in ("AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬBCDĐEÈẺẼÉẸÊỀỂỄẾỆFGHIÌỈĨÍỊJKLMNOÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢPQRSTUÙỦŨÚỤƯỪỬỮỨỰVWXYỲỶỸÝỴZ")
)


def _observations() -> str:
    """Thirteen years for two provinces and the nation: too wide for an upright page."""
    lines = []
    for area, first in (("lang-son", 700), ("cao-bang", 500), ("ca-nuoc", 90000)):
        lines.append(f"  {area}:")
        lines += [f"    {year}: {first + year - 2000}.5" for year in YEARS]
    return "\n".join(lines)


DATA = f"""\
name: Dân số
unit: nghin-nguoi
decimals: 1
better: neither
aggregate: sum
topic: dan-so
source: nien-giam
observations:
{_observations()}
"""
PROSE = f"""\
---
title: Dân số
owner: to-bien-tap
status: draft
---

## Quy mô {{#quy-mo}}

Dân số vùng năm 2020 là {{{{ value("dan-so", "vung-bac", 2020) }}}}{{{{ cite("nien-giam", at="tr. 5") }}}}.
Xem [Lạng Sơn](../provinces/lang-son.md#dan-so), {{{{ ref("bang-rong") }}}} và [Quy mô](#quy-mo).

{{{{ table("dan-so", periods=[2019, 2020], id="bang-hep") }}}}

{{{{ chart("dan-so", kind="line", areas=["lang-son", "cao-bang"], id="hinh-duong") }}}}

{{{{ tilemap("dan-so", 2020, id="hinh-ban-do") }}}}

## Chữ cái {{#chu-cai}}

{" ".join(LETTERS)}

{" ".join(["Nghị quyết số 37-NQ/TW và Quyết định số 27/2008/QĐ-TTg được thực hiện."] * 40)}

### Bảng rộng {{#rong}}

{{{{ table("dan-so", periods={list(YEARS)}, id="bang-rong") }}}}

- Một mục, 5 −3 … 10 km² và 7,24%.
- Một mục nữa.
"""
FILES = {
    "mkdocs.yml": SITE_CONFIG,
    "data/indicators/dan-so.yml": DATA,
    "chapters/dan-so.md": PROSE,
    "data/targets.yml": """\
        - id: dan-so-2020
          document: nghi-quyet
          text: Dân số đủ lớn
          indicator: dan-so
          area: lang-son
          period: 2020
          at_least: 700
        - {id: khac, document: nghi-quyet, text: Chưa đo, area: vung-bac, period: 2020, unit: phan-tram, at_least: 7}
        """,
}


def printed(cache: Path, files: Mapping[str, str | None] | None = None, day: date | None = None) -> Document:
    """The printed report of the small book with these files instead of, or beside, its own."""
    own = book({**FILES, **(files or {})})
    templates = read_worktree(ROOT).under("templates")
    sources = SourceTree(tuple(sorted((*own.files, *templates), key=lambda file: str(file.path))))
    report, diagnostics = parse(sources)
    assert not diagnostics, diagnostics
    history = History(Commit("0123456789", "Ai đó", day), 1_600_000_000) if day else History()
    draw = partial(draw_chart, cache=Cache(cache), words=read_words(sources))
    templates_of = layout(sources, {"anchor": anchor})
    extensions = markdown_extensions(sources)
    return print_document(
        prepare_print(restrict(report), history, sources, templates_of, draw, extensions, Cache(cache))
    )


def typeset_here(document: Document, cache: Path) -> bytes:
    """The PDF of a document, set in this process."""
    return typeset(document, Cache(cache), nullcontext(Here()))


def with_more(document: Document, html: str, *assets: Asset) -> Document:
    """The document with something more in its last fascicle."""
    *fascicles, last = document.fascicles
    more = replace(last, html=last.html + html, pictures=(*last.pictures, *assets))
    return replace(document, fascicles=(*fascicles, more))


__all__ = ["FILES", "LETTERS", "ROOT", "SITE_CONFIG", "YEARS", "printed", "tree", "typeset_here", "with_more"]

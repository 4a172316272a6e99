"""Specify charts and tile maps in Vega-Lite 5 and draw them as SVG. The only module that imports vl-convert."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import vl_convert

from galley.bind.objects import Chart, TileMap
from galley.cache import Cache, digest
from galley.render.bars import bars, ranking
from galley.render.dots import dots
from galley.render.lines import lines
from galley.render.look import Words
from galley.render.marks import SPOKEN, kept
from galley.render.multiples import multiples
from galley.render.page import Drawing
from galley.render.stacked import stacked
from galley.render.tiles import tiles

if TYPE_CHECKING:
    from galley.source import SourceTree

_VEGA_LITE = "5.21"
_WORDS = PurePosixPath("templates/charts.toml")
_ROOT = re.compile(r'<svg\b[^>]*?\bwidth="(?P<width>[\d.]+)"[^>]*?\bheight="(?P<height>[\d.]+)"[^>]*>')
_TAG = re.compile(r"<[a-z][^>]*>")
_DROPPED = re.compile(r'\s(?:xmlns:xlink|pointer-events|aria-[a-z]+|role)="[^"]*"')
_LONG = re.compile(r"(\.\d{3})\d+")  # thousandths of a pixel are noise of the arithmetic
_NAMED = re.compile(r'(?P<before>\sid="|url\(#|href="#)(?P<id>[^")]+)')


_OVER_TIME = {"line": lines, "bar": bars, "multiples": multiples, "dots": dots, "stacked": stacked}


def read_words(tree: SourceTree) -> Words:
    """The words of charts from `templates/charts.toml`; none where there is no such file."""
    file = tree.find(_WORDS)
    found = tomllib.loads(file.content.decode()) if file is not None else {}
    return Words(found.get("no-data", ""), found.get("series-break", ""))


def draw_chart(shown: Chart | TileMap, cache: Cache, words: Words) -> Drawing:
    """The picture of a chart or tile map, from the cache when it was drawn before; its place gives it a text."""
    spec = chart_spec(shown, words) if isinstance(shown, Chart) else tilemap_spec(shown, words)
    key = digest("drawing", spec, _VEGA_LITE, version("vl-convert-python"), *_PATTERNS)
    known = cache.get(key)
    if known is not None:
        return Drawing(key[:16], known.decode())
    svg = draw(spec)
    cache.put(key, svg.encode())
    return Drawing(key[:16], svg)


def chart_spec(chart: Chart, words: Words) -> str:
    """The Vega-Lite specification of a chart as canonical JSON; a line or group of bars of one period lies level."""
    periods = {period for one in chart.series for period, _ in one.points}
    if chart.kind == "ranked" or (len(periods) == 1 and chart.kind != "stacked"):
        return ranking(chart, ordered=chart.kind == "ranked")
    return _OVER_TIME[chart.kind](chart, words)


def tilemap_spec(shown: TileMap, words: Words) -> str:
    """The Vega-Lite specification of a tile map as canonical JSON."""
    return tiles(shown, words)


def draw(spec: str, title: str = "", description: str = "") -> str:
    """The specification drawn as one line of SVG, to stand in an HTML document beside others.

    `title` is the alternative text, which screen readers and PDF/UA take, where no element around the drawing has
    it. Text stays text, ids begin with a hash of the specification, nothing outside is referred to. The specification
    fixes every place itself, so the bytes do not depend on the fonts of the machine.
    """
    drawn = vl_convert.vegalite_to_svg(spec, vl_version=_VEGA_LITE, allowed_base_urls=[])
    return _clean(drawn, f"c{digest(spec)[:10]}", title, description)


def _clean(drawn: str, prefix: str, title: str, description: str) -> str:
    root = _ROOT.search(drawn)
    if root is None:
        raise ValueError(drawn[:200])
    ids: dict[str, int] = {}  # Vega counts them on from drawing to drawing, so they are counted anew

    def name(found: re.Match[str]) -> str:
        return f"{found['before']}{prefix}-{ids.setdefault(found['id'], len(ids))}"

    body = _TAG.sub(lambda tag: _NAMED.sub(name, _LONG.sub(r"\1", _DROPPED.sub("", kept(tag[0])))), drawn[root.end() :])
    width, height = root["width"], root["height"]
    label = f" aria-label={quoteattr(title)}" if title else ""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="drawn" role="img"{label}'
        f' width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    )
    told = f"<title>{escape(title)}</title>" if title else ""
    told += f"<desc>{escape(description)}</desc>" if description else ""
    return re.sub(r"\s*[\r\n]\s*", " ", head + told + body).strip()


_PATTERNS = (
    _TAG.pattern,
    _DROPPED.pattern,
    _LONG.pattern,
    _NAMED.pattern,
    SPOKEN.pattern,
)  # another cleaning is another drawing

__all__ = ["Words", "chart_spec", "draw", "draw_chart", "read_words", "tilemap_spec"]

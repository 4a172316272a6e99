"""Charts and tile maps: specifications in Vega-Lite 5, and their drawing as SVG. The only module that imports vl-convert."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import vl_convert

from galley.render.look import Words
from galley.render.plots import bars, lines, ranking
from galley.render.tiles import tiles

if TYPE_CHECKING:
    from pathlib import Path

    from galley.bind.objects import Chart, TileMap

_VEGA_LITE = "5.21"
_ROOT = re.compile(r'<svg\b[^>]*?\bwidth="(?P<width>[\d.]+)"[^>]*?\bheight="(?P<height>[\d.]+)"[^>]*>')
_NAMED = re.compile(r'(?P<before>\bid="|url\(#|href="#)')
_DROPPED = re.compile(r'<script\b.*?</script>|\s(?:xmlns:xlink|pointer-events|aria-\w+|role)="[^"]*"', re.DOTALL)


def chart_spec(chart: Chart, words: Words) -> str:
    """The Vega-Lite specification of a chart as canonical JSON; a line or group of bars of one period lies level."""
    periods = {period for one in chart.series for period, _ in one.points}
    if chart.kind == "ranked" or len(periods) == 1:
        return ranking(chart, ordered=chart.kind == "ranked")
    return bars(chart) if chart.kind == "bar" else lines(chart, words)


def tilemap_spec(shown: TileMap, words: Words) -> str:
    """The Vega-Lite specification of a tile map as canonical JSON."""
    return tiles(shown, words)


def draw(spec: str, fonts: Path, title: str, description: str = "") -> str:
    """The specification drawn as one line of SVG, to stand in an HTML document beside others.

    `fonts` is the folder of the fonts to measure with; `title` is the alternative text, which PDF/UA and screen
    readers take; text stays text, ids begin with a hash of the specification, nothing outside is referred to.
    """
    vl_convert.register_font_directory(str(fonts.resolve()))  # each time: it costs nothing after the first
    drawn = vl_convert.vegalite_to_svg(spec, vl_version=_VEGA_LITE, allowed_base_urls=[])
    return _clean(drawn, hashlib.sha256(spec.encode()).hexdigest()[:10], title, description)


def _clean(drawn: str, prefix: str, title: str, description: str) -> str:
    root = _ROOT.search(drawn)
    if root is None:
        raise ValueError(drawn[:200])
    body = _DROPPED.sub("", drawn[root.end() :].strip())
    body = _NAMED.sub(rf"\g<before>c{prefix}-", body)
    width, height = root["width"], root["height"]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label={quoteattr(title)}'
        f' width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f"<title>{escape(title)}</title>"
    )
    told = f"<desc>{escape(description)}</desc>" if description else ""
    return re.sub(r"\s*\n\s*", " ", head + told + body)


__all__ = ["Words", "chart_spec", "draw", "tilemap_spec"]

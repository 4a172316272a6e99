"""The pages of the data: one for each indicator with table, chart, map and files, and an index by topic."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from galley.bind.index import NATION, Label, Unresolved
from galley.bind.objects import Chart, Table, TileMap, all_areas, make_chart, make_table, make_tilemap
from galley.model import NOWHERE
from galley.render.forge import edit_url
from galley.render.markup import SITE, root_of
from galley.render.page import Asset, Page
from galley.render.provenance import card
from galley.render.words import plain, worded
from galley.vietnamese import sort_key

if TYPE_CHECKING:
    from galley.bind import Index
    from galley.model import Area, Commit, Indicator, Observation, Period
    from galley.render.board import Board
    from galley.render.completeness import Completeness
    from galley.render.markup import Markup

FOLDER = PurePosixPath("so-lieu")
DATA = FOLDER / "index.md"
Workbook = Callable[[str], bytes | None]
COLUMNS = ("area", "area_name", "period", "value", "status", "source", "note")


@dataclass(frozen=True, slots=True)
class Topic:
    """The indicators of one topic, by name; the title is HTML."""

    id: str
    title: str
    indicators: tuple[Indicator, ...]


def topics(markup: Markup) -> tuple[Topic, ...]:
    """The indicators of the edition by topic, both in the order of the Vietnamese alphabet."""
    found: dict[str, list[Indicator]] = {}
    for one in markup.lookup.contents.indicators:
        found.setdefault(one.topic, []).append(one)
    named = [
        Topic(name, worded(markup.layout, "topic", name), tuple(sorted(those, key=lambda one: sort_key(one.name))))
        for name, those in found.items()
    ]
    return tuple(sorted(named, key=lambda topic: sort_key(topic.title)))


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the indicators beside their values; `files` can be downloaded."""

    board: Board
    coverage: Completeness
    files: frozenset[PurePosixPath]


def indicator_pages(markup: Markup, grouped: tuple[Topic, ...], known: About) -> tuple[Page, ...]:
    """The index of the data, then the page of each indicator, in the order of the index."""
    if not grouped:
        return ()
    values = {"root": "../", "plain": plain, "lookup": markup.lookup, "medium": SITE}
    title = worded(markup.layout, "title", "data")
    first = Page(DATA, title, markup.layout.fill("pages/indicators.md", topics=grouped, board=known.board, **values))
    return (first, *(_page(one, topic, markup, known) for topic in grouped for one in topic.indicators))


def _page(one: Indicator, topic: Topic, markup: Markup, known: About) -> Page:
    path = path_of(one)
    lookup, label = markup.lookup, Label("bieu-do", "figure", "", path, NOWHERE)
    chart, tilemap = _chart(lookup, label, one), _tilemap(lookup, label, one)
    body = markup.layout.fill(
        "pages/indicator.md",
        one=one,
        topic=topic,
        table=_table(lookup, label, one),
        card=partial(card, lookup=lookup, book=markup.ledger),
        grid=known.coverage.lines[one.id].grid,
        latest=_latest(one, markup),
        files=[file.name for file in _files(one) if file in known.files],
        chart=chart,
        chart_drawing=markup.draw(chart) if chart else None,
        tilemap=tilemap,
        tilemap_drawing=markup.draw(tilemap) if tilemap else None,
        quotes=known.board.quotes.get(one.id, ()),
        edit=edit_url(lookup.contents.settings, one.span.path),
        change=dict(known.board.history.changes).get(one.span.path),
        sources=tuple(source for source in lookup.sources.values() if source.id in _sources(one)),
        lookup=lookup,
        medium=SITE,
        root=root_of(path),
        plain=plain,
    )
    return Page(path, str(plain(one.name)), body)


@dataclass(frozen=True, slots=True)
class Entry:
    """Who entered the values of the last period."""

    period: Period
    commits: tuple[Commit, ...]


def _latest(one: Indicator, markup: Markup) -> Entry | None:
    """None where nothing was observed, or git does not know the lines."""
    last = max((found.period for found in one.observations), default=None)
    spans = [found.span for found in one.observations if found.period == last]
    commits = dict.fromkeys(found for span in spans if (found := markup.ledger.entered(span)) is not None)
    return Entry(last, tuple(commits)) if last is not None and commits else None


def path_of(one: Indicator) -> PurePosixPath:
    """The path of an indicator's page."""
    return FOLDER / f"{one.id}.md"


def _sources(one: Indicator) -> frozenset[str]:
    return frozenset(observation.source for observation in one.observations)


def _areas(lookup: Index, one: Indicator) -> tuple[Area, ...]:
    """The areas that have observations, provinces first; the region as well where it can be derived."""
    observed = {observation.area for observation in one.observations}
    if one.aggregate is not None:
        observed.add(lookup.region)
    full = all_areas(lookup)
    others = tuple(area for area in lookup.areas.values() if area not in full)
    return tuple(area for area in (*full, *others) if area.id in observed)


def _table(lookup: Index, label: Label, one: Indicator) -> Table | None:
    periods = tuple(sorted({observation.period for observation in one.observations}))
    try:
        return make_table(lookup, label, (one,), _areas(lookup, one), periods)
    except Unresolved:
        return None


def _chart(lookup: Index, label: Label, one: Indicator) -> Chart | None:
    """The region beside the nation over time; where there is one period only, the areas by rank."""
    above = tuple(area for area in all_areas(lookup) if area.id == lookup.region or area.kind == NATION)
    try:
        chart = make_chart(lookup, label, "line", (one,), above)
        if any(len(series.points) > 1 for series in chart.series):
            return chart
    except Unresolved:
        pass
    try:
        return make_chart(lookup, label, "ranked", (one,), _areas(lookup, one))
    except Unresolved:
        return None


def _tilemap(lookup: Index, label: Label, one: Indicator) -> TileMap | None:
    """The map of the last period for which every province has a value."""
    provinces = {area.id for area in lookup.provinces}
    observed: dict[Period, set[str]] = {}
    for observation in one.observations:
        if observation.value is not None and observation.area in provinces:
            observed.setdefault(observation.period, set()).add(observation.area)
    full = [period for period, areas in observed.items() if areas == provinces]
    try:
        return make_tilemap(lookup, label, one, max(full)) if full else None
    except Unresolved:
        return None


def _files(one: Indicator) -> tuple[PurePosixPath, PurePosixPath]:
    return FOLDER / f"{one.id}.csv", FOLDER / f"{one.id}.xlsx"


def indicator_files(lookup: Index, workbook: Workbook) -> tuple[Asset, ...]:
    """The observations of each indicator as CSV (UTF-8 with a mark, so that Excel reads it as such) and as XLSX."""
    files = []
    for one in lookup.contents.indicators:
        table, book = _files(one)
        files.append(Asset(table, _csv(lookup, one).encode("utf-8-sig")))
        content = workbook(one.id)
        if content is not None:
            files.append(Asset(book, content))
    return tuple(files)


def _csv(lookup: Index, one: Indicator) -> str:
    order = {area: number for number, area in enumerate(lookup.areas)}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(
        _record(lookup, observation)
        for observation in sorted(one.observations, key=lambda found: (order.get(found.area, -1), found.period))
    )
    return text.getvalue()


def _record(lookup: Index, one: Observation) -> tuple[str, ...]:
    source = lookup.sources.get(one.source)
    return (
        one.area,
        lookup.areas[one.area].name if one.area in lookup.areas else "",
        str(one.period),
        "" if one.value is None else str(one.value),
        one.status.value,
        source.title if source else "",
        one.note or "",
    )

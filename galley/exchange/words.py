"""Read the words of the workbooks from templates/exchange/workbook.toml and the names of topics from the site's."""

from __future__ import annotations

import html
import tomllib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from galley.errors import GalleyError
from galley.render.layout import layout
from galley.render.words import worded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from galley.source import SourceTree

WORDS = PurePosixPath("templates/exchange/workbook.toml")


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in a workbook beside the data; the keys of the tables are those of the template."""

    title: str
    no_unit: str
    guide: tuple[str, ...]
    statuses_title: str
    sources_title: str
    columns: Mapping[str, str]
    statuses: Mapping[str, str]
    warnings: Mapping[str, str]
    table: Mapping[str, str]
    marks: Mapping[str, str]
    legend: Mapping[str, str]
    topics: Mapping[str, str]


def read_words(tree: SourceTree, topics: tuple[str, ...] = ()) -> Words:
    """The words of the workbooks and the names of these topics; GalleyError when the template misses something."""
    file = tree.find(WORDS)
    if file is None:
        raise GalleyError("no-template", path=str(WORDS))
    try:
        found = tomllib.loads(file.content.decode())
        table = found["table"]
        return Words(
            found["title"],
            found["no-unit"],
            tuple(found["guide"]),
            found["statuses-title"],
            found["sources-title"],
            found["columns"],
            found["statuses"],
            found["warnings"],
            {name: text for name, text in table.items() if isinstance(text, str)},
            table["marks"],
            table["legend"],
            _topics(tree, topics),
        )
    except (KeyError, tomllib.TOMLDecodeError) as trouble:
        raise GalleyError("template", template=str(WORDS), line="", problem=str(trouble)) from trouble


def _topics(tree: SourceTree, topics: tuple[str, ...]) -> dict[str, str]:
    """The names that the site gives the topics, as plain text."""
    if not topics:
        return {}
    words = layout(tree)
    return {topic: html.unescape(worded(words, "topic", topic)) for topic in topics}

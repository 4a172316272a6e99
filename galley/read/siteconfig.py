"""Read from mkdocs.yml what the printed report shares with the site: which Markdown is understood."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from galley.errors import GalleyError
from galley.read.yamltext import Mapping, Node, Scalar, Sequence, decode, read_yaml

if TYPE_CHECKING:
    from galley.source import SourceTree

SITE_CONFIG = PurePosixPath("mkdocs.yml")
Extensions = tuple[tuple[str, dict[str, Any]], ...]
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}


def markdown_extensions(tree: SourceTree) -> Extensions:
    """The names and options under `markdown_extensions`, in the order of the file.

    GalleyError when there is no mkdocs.yml or it cannot be read; a tag such as `!!python/name` is never resolved.
    """
    file = tree.find(SITE_CONFIG)
    if file is None:
        raise GalleyError("no-site-config", path=str(SITE_CONFIG))
    text, problems = decode(file.path, file.content)
    node, more = read_yaml(file.path, text)
    for one in (*problems, *more):
        raise GalleyError("bad-site-config", place=str(one.span), problem=one.rule)
    listed = node.get("markdown_extensions") if isinstance(node, Mapping) else None
    if not isinstance(listed, Sequence):
        raise GalleyError("bad-site-config", place=str(SITE_CONFIG), problem="markdown_extensions")
    return tuple(_extension(item) for item in listed.items)


def _extension(item: Node) -> tuple[str, dict[str, Any]]:
    """`name`, or `name: {option: value, …}`."""
    if isinstance(item, Scalar):
        return item.text, {}
    if isinstance(item, Mapping) and len(item.entries) == 1:
        name, options = item.entries[0]
        return name.text, _plain(options) or {}
    raise GalleyError("bad-site-config", place=str(item.span), problem="markdown_extensions")


def _plain(node: Node) -> Any:  # noqa: ANN401 - an option is whatever its extension takes
    """The value of a node as Python has it: the words and whole numbers of YAML 1.2, all else as text."""
    if isinstance(node, Mapping):
        return {name.text: _plain(value) for name, value in node.entries}
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    if not node.plain:
        return node.text
    if node.text.lower() in _WORDS:
        return _WORDS[node.text.lower()]
    return int(node.text) if re.fullmatch(r"-?(0|[1-9]\d*)", node.text) else node.text

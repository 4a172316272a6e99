"""A layout profile: the figures and words of one rule of form, read from `templates/print/layouts/`.

Templates and measures take it as it is written; here it is made sure that every key is there and what it can be.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TypeAlias

from galley.errors import GalleyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from galley.source import SourceTree

FOLDER = "templates/print/layouts"
Profile: TypeAlias = "Mapping[str, Any]"
Shape: TypeAlias = "Mapping[str, object]"

NUMBER, TEXT, TRUTH = "number", "text", "bool"  # what a key holds; else a tuple of the words that it may be
_SIDES = dict.fromkeys(("top", "right", "bottom", "left"), NUMBER)
# Lengths in mm, sizes of type in points; what each key means stands beside it in the profiles.
SHAPE: Shape = {
    "name": TEXT,
    "page": {
        "width": NUMBER,
        "height": NUMBER,
        "margins": _SIDES,
        "landscape_margins": _SIDES,
        "duplex": TRUTH,
        "number": {"size": NUMBER, "from_edge": NUMBER, "first": TRUTH},
        "circulation": {"size": NUMBER, "from_edge": NUMBER, "framed": TRUTH},
    },
    "body": {
        **dict.fromkeys(("size", "pitch", "indent", "gap"), NUMBER),
        "tones": ("old", "new"),
    },
    "heading": {
        **dict.fromkeys(("nation", "motto", "star", "number", "draft", "below_subject"), TEXT),
        **dict.fromkeys(("separator", "code_separator"), TEXT),
        **dict.fromkeys(("left_width", "right_width", "issuer_rule", "subject_rule"), NUMBER),
        **dict.fromkeys(("nation_size", "motto_size", "superior_size", "body_size", "number_size"), NUMBER),
        **dict.fromkeys(("date_size", "draft_size", "type_size", "subject_size"), NUMBER),
        "date_beside_number": TRUTH,
    },
    "division": {
        **dict.fromkeys(("part", "chapter_separator", "appendix"), TEXT),
        **dict.fromkeys(("appendix_attached", "appendix_pages", "colophon_pages"), TEXT),
        **dict.fromkeys(("part_size", "chapter_size", "appendix_size", "appendix_title_size"), NUMBER),
        "part_numerals": ("words", "roman"),
        "chapter_numerals": ("arabic", "roman"),
        "chapter_place": ("centre", "indent"),
        "chapter_capitals": TRUTH,
        "appendix_numerals": ("arabic", "roman"),
    },
    "signature": {
        **dict.fromkeys(("on_behalf_of", "in_place_of", "by_order_of", "acting", "also"), TEXT),
        **dict.fromkeys(("right_size", "post_size", "name_size"), NUMBER),
        "post_bold": TRUTH,
    },
    "recipients": {
        **dict.fromkeys(("title", "archive", "separator"), TEXT),
        **dict.fromkeys(("title_size", "size"), NUMBER),
        "title_style": ("underlined", "bold-italic"),
    },
}


def read_profile(tree: SourceTree, name: str) -> Profile:
    """A layout profile that has every key of `SHAPE`; GalleyError for one that has not, and for an unknown name."""
    file = tree.find(PurePosixPath(FOLDER, f"{name}.toml"))
    if file is None:
        known = ", ".join(one.path.stem for one in tree.under(FOLDER, ".toml"))
        raise GalleyError("no-layout", layout=name, layouts=known)
    try:
        profile = tomllib.loads(file.content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as trouble:
        raise GalleyError("template", template=str(file.path), line="", problem=str(trouble)) from trouble
    for key, expected, value in _misfits(profile, SHAPE):
        if value is None:
            raise GalleyError("layout-lacks-key", path=str(file.path), key=key, expected=expected)
        raise GalleyError("layout-value", path=str(file.path), key=key, value=str(value), expected=expected)
    return profile


def _misfits(values: Mapping[str, Any], shape: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str, object]]:
    """Each key that is not there or holds something else: the key, what it may hold, what it holds or None."""
    for name, wanted in shape.items():
        key, value = f"{above}{name}", values.get(name)
        if isinstance(wanted, Mapping):
            inner = value if isinstance(value, Mapping) else {}
            yield from _misfits(inner, wanted, f"{key}.")
        elif not _fits(value, wanted):
            yield key, wanted if isinstance(wanted, str) else ", ".join(wanted), value


def _fits(value: object, wanted: str | tuple[str, ...]) -> bool:
    if isinstance(wanted, tuple):
        return value in wanted
    kinds: dict[str, tuple[type, ...]] = {NUMBER: (int, float), TEXT: (str,), TRUTH: (bool,)}
    return isinstance(value, kinds[wanted]) and (wanted == TRUTH or not isinstance(value, bool))

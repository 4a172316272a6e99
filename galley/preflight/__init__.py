"""Preflight: measure a finished PDF against the rules of its layout, as printers do before a file goes to press.

The PDF is read once into a `Proof`; each rule looks at all of it and yields what is off. A diagnostic's line is a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from galley.diagnostics import Diagnostic, ordered
from galley.preflight import declared, measures, navigation, opening, tags, typefaces
from galley.preflight.proof import read_proof
from galley.preflight.subject import Subject

if TYPE_CHECKING:
    from pathlib import PurePosixPath

Rule = Callable[[Subject], Iterator[Diagnostic]]

RULES: tuple[Rule, ...] = (
    measures.paper_size,
    measures.margins,
    measures.body_type,
    measures.line_pitch,
    measures.folios,
    opening.title_block,
    opening.circulation,
    typefaces.fonts,
    typefaces.glyphs,
    navigation.contents,
    navigation.links,
    navigation.bookmarks,
    tags.tagged,
    tags.roles,
    tags.content,
    tags.parent_tree,
    tags.links,
    tags.ids,
    tags.headings,
    tags.tables,
    tags.figures,
    tags.running_heads,
    declared.identity,
    declared.labels,
)


def check_pdf(pdf: bytes, profile: Mapping[str, Any], path: PurePosixPath) -> tuple[Diagnostic, ...]:
    """What is off in a PDF by a layout profile, ordered by page; `path` is what the diagnostics call it.

    A place with line 0 is the whole file. GalleyError when the bytes are no PDF that can be opened.
    """
    subject = Subject(path, read_proof(pdf, str(path)), profile)
    return ordered(found for rule in RULES for found in rule(subject))

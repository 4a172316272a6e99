"""The numbers of paragraphs, tables and figures: `3.12` is the twelfth of the third chapter, on site and in print."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from galley.model import Block, Chapter

NUMBERED = ("paragraph", "list", "table", "quote")
_UNSEEN = re.compile(r"\*?\[[^\]]+\]:\s")  # says what an abbreviation or an address in the text means


def paragraphs(chapter: Chapter) -> Iterator[tuple[Block, int]]:
    """The blocks of a chapter, each with its number in it from 1 on; 0 for those that have none, as headings.

    An edition counts what it shows: a gap would tell of what is left out.
    """
    number = 0
    for block in chapter.blocks:
        counts = block.kind in NUMBERED and not _UNSEEN.match(block.text)
        number += counts
        yield block, number if counts else 0


def paragraph_id(number: int) -> str:
    """The id of a numbered paragraph on the page of its chapter."""
    return f"doan-{number}"

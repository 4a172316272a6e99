"""What a Word file holds that opinions come in: tables, comments in the margin, tracked changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from galley.exchange.sheets import FoundSheet


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment in the margin: the words that it is hung on, and the paragraph that these begin in, as circulated."""

    number: int
    author: str
    text: str
    quote: str
    paragraph: str


@dataclass(frozen=True, slots=True)
class Revision:
    """A tracked change: what was taken out and put in, and the paragraph as circulated.

    `lead` are the words in front of it; `table` counts the tables of the file from 1, 0 for one outside them.
    """

    number: int
    author: str
    before: str
    after: str
    lead: str
    paragraph: str
    table: int


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """What was found in a Word file; tables are titled by their numbers."""

    tables: tuple[FoundSheet, ...] = ()
    remarks: tuple[Remark, ...] = ()
    revisions: tuple[Revision, ...] = ()

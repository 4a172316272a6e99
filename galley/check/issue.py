"""Rules about how the report is issued: its number, its draft, and who signs it."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from galley.diagnostics import Diagnostic, error, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from galley.check.subject import Subject

_SETTINGS = PurePosixPath("data/report.yml")


def numbers(subject: Subject) -> Iterator[Diagnostic]:
    """The numbers of a document and of a draft count from 1."""
    settings = subject.lookup.contents.settings
    for key, value in (("number", settings.number), ("draft", settings.draft)):
        if value is not None and value < 1:
            yield error(subject.place_of(_SETTINGS, key), "not-counted-from-one", key=key, value=value)


def signatures(subject: Subject) -> Iterator[Diagnostic]:
    """Who signs has a post; who signs by two posts does not sign in another's place.

    Source: Hướng dẫn 36-HD/VPTW (03/4/2018), on steering committees without a seal of their own.
    """
    signature = subject.lookup.contents.settings.signature
    if signature is None:
        return
    if not signature.posts:
        yield error(signature.span, "signature-without-post")
    if signature.in_place_of and len(signature.posts) > 1:
        yield warning(signature.span, "deputy-with-two-posts")

"""Rules of what the file says of itself: title, language, standard, protection, the labels of its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from galley.preflight.measures import counts
from galley.preflight.subject import fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from galley.diagnostics import Diagnostic
    from galley.preflight.subject import Subject

_STANDARDS = ("1", "2")  # the parts of ISO 14289


def identity(subject: Subject) -> Iterator[Diagnostic]:
    """A file without title or language, that does not show its title, claims no PDF/UA, or is protected."""
    said = subject.proof.identity
    if not said.title.strip():
        yield fault(subject.at(), "pdf-no-title")
    if not said.shows_title:
        yield fault(subject.at(), "pdf-title-not-shown")
    if not said.language:
        yield fault(subject.at(), "pdf-no-language")
    if said.standard not in _STANDARDS:
        yield fault(subject.at(), "pdf-no-standard")
    if said.encrypted:
        yield fault(subject.at(), "pdf-encrypted")


def labels(subject: Subject) -> Iterator[Diagnostic]:
    """Labels of pages that differ from the numbers that the pages must have."""
    for index, (label, count) in enumerate(zip(subject.proof.identity.labels, counts(subject), strict=False), start=1):
        if subject.bare(label) != str(count):
            yield fault(subject.at(index), "pdf-label-differs", label=label, expected=count)

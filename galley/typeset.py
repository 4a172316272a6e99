"""Step 7: typeset the printed report into a PDF. The only module that imports WeasyPrint."""

from __future__ import annotations

import gc
import logging
from typing import TYPE_CHECKING

import weasyprint
from weasyprint.logger import LOGGER
from weasyprint.urls import URLFetcher, URLFetcherResponse

from galley.errors import GalleyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from galley.render.printed import Document

VARIANT = "pdf/ua-1"
# A base of no known protocol: what is not among the document's files leads nowhere.
_BASE = "report:/"
_TYPES = {".ttf": "font/ttf", ".svg": "image/svg+xml", ".css": "text/css"}


def typeset(document: Document) -> bytes:
    """The PDF of a document, tagged, the same bytes for the same document.

    GalleyError when it names a file that it does not hold, or when anything in it could not be set as it is meant.
    """
    files = {str(one.path): one.content for one in document.assets}
    noted = _Noted()
    with noted, _without_garbage_collection():
        html = weasyprint.HTML(string=document.html, base_url=_BASE, url_fetcher=_OwnFiles(files))
        pdf = html.write_pdf(pdf_variant=VARIANT, pdf_identifier=document.identifier.hex().encode())
    for problem in noted.problems:
        raise GalleyError("typeset-failed", problem=problem)
    return bytes(pdf)


class _OwnFiles(URLFetcher):  # type: ignore[misc] # WeasyPrint ships no type hints
    """Gives WeasyPrint the document's own files and nothing else: no disk, no network, no data URL."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._files = files

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002 - WeasyPrint's signature
        """The file of that name; ValueError, which WeasyPrint notes as a problem, for anything else."""
        name = url.removeprefix(_BASE)
        if name not in self._files:
            raise ValueError(url)
        kind = _TYPES.get(name[name.rfind(".") :], "application/octet-stream")
        return URLFetcherResponse(url, self._files[name], {"Content-Type": kind})


class _Noted(logging.Handler):
    """Notes what WeasyPrint warns of, in place of its own handlers: to a report everything that fails matters."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.problems: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message."""
        self.problems.append(record.getMessage())

    def __enter__(self) -> None:
        self._before, self._spread = LOGGER.handlers[:], LOGGER.propagate
        LOGGER.handlers[:], LOGGER.propagate = [self], False

    def __exit__(self, *trouble: object) -> None:
        LOGGER.handlers[:], LOGGER.propagate = self._before, self._spread


class _without_garbage_collection:  # noqa: N801 - reads as a statement
    """Layouts hold no rubbish but much to look through: a tenth of the time is saved."""

    def __enter__(self) -> None:
        self._before = gc.isenabled()
        gc.disable()

    def __exit__(self, *trouble: object) -> None:
        if self._before:
            gc.enable()

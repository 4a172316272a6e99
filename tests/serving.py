"""Serve the site of a small book to a real browser: Debian's chromium through playwright."""

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.sites import build, write_site_book

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pytest
    from playwright.sync_api import Browser

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a line on the terminal for each."""

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def served(files: Mapping[str, str | None], folders: pytest.TempPathFactory) -> Iterator[str]:
    """The address, with a slash at its end, of the site of a book with these files."""
    root = write_site_book(folders.mktemp("book"), files)
    folder = build(root, folders.mktemp("site")).folder
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()

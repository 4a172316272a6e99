# ruff: noqa: INP001 - a script, no module
"""Typeset a finished document and nothing else, for `make bench`: what a plain typesetter does with the same pages."""

from __future__ import annotations

import argparse
import pickle
from pathlib import Path

from galley.cache import Cache
from galley.typeset import typeset
from galley.typeset.workers import warm_up, workers


def main() -> None:
    """Read the document, typeset it, write the PDF."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=0, help="processes that typeset (one a core)")
    parser.add_argument("document", type=Path, help="a document that was pickled")
    parser.add_argument("cache", type=Path, help="the folder of the cache")
    parser.add_argument("output", type=Path, help="the PDF")
    options = parser.parse_args()
    warm_up()
    document = pickle.loads(options.document.read_bytes())  # noqa: S301 - we wrote it ourselves
    options.output.write_bytes(typeset(document, Cache(options.cache), workers(options.jobs)))


if __name__ == "__main__":
    main()

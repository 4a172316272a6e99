# ruff: noqa: INP001 - a script, no module
"""Lay out what `make bench` measures: the report with its text several times, and its pages for the plain tools."""

from __future__ import annotations

import argparse
import os
import pickle
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from galley import pipeline
from galley.cache import Cache
from galley.render.document import whole
from galley.render.printed import print_document
from galley.render.write import write_pages

if TYPE_CHECKING:
    from galley.render.document import Document

ROOT = Path(__file__).parent.parent
# Below the folder that is laid out: the content, drawn charts, and the same pages finished for each kind of tool.
CONTENT, CHARTS, DOCUMENT, PRINT, PAGES = "content", "charts", "document.pickle", "print", "pages"
HTML = f"{PRINT}/report.html"
_TEXT = ("chapters", "provinces")
_COPIED = (*_TEXT, "data", "templates", "mkdocs.yml", ".gitignore")
_NAME = re.compile(r'((?:\bid=|\bref\()")([^"]+)')
_FACT = re.compile(r'\{\{ fact\([^}]*source="([^"]+)"[^}]*\}\}')
_LISTED = re.compile(r"^( *- (?:chapters|provinces)/.+)(\.md)$", re.MULTILINE)


def main() -> None:
    """Lay everything out in a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder that is not there yet")
    parser.add_argument("times", type=int, help="how often the text stands in the content")
    options = parser.parse_args()
    root = options.folder / CONTENT
    _copy(root)
    for number in range(2, options.times + 1):
        _repeat(root, number)
    _list(root, options.times)
    _commit(root)
    _finish(root, options.folder, site=options.times == 1)


def _copy(root: Path) -> None:
    root.mkdir(parents=True)
    for name in _COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name)
        else:
            shutil.copy2(ROOT / name, root / name)


def _repeat(root: Path, number: int) -> None:
    """A copy of all chapters and provinces, with tables and figures of its own; links lead to the first ones.

    Facts that stand in a source alone are cited without their number: two that a sentence sets against each other are
    an error when it comes again.
    """
    for folder in _TEXT:
        for path in sorted((ROOT / folder).glob("*.md")):
            text = _FACT.sub(r'{{ cite("\1") }}', path.read_text(encoding="utf-8"))
            text = _NAME.sub(rf"\g<0>-{number}", text)
            (root / folder / f"{path.stem}-{number}.md").write_text(text, encoding="utf-8")


def _list(root: Path, times: int) -> None:
    """Name the copies in the report, each behind what it was made from."""
    path = root / "data" / "report.yml"
    numbers = ("", *(f"-{one}" for one in range(2, times + 1)))
    text = path.read_text(encoding="utf-8")
    text = _LISTED.sub(lambda found: "\n".join(f"{found[1]}{one}{found[2]}" for one in numbers), text)
    path.write_text(text, encoding="utf-8")


def _commit(root: Path) -> None:
    """A repository with one commit, whatever the settings of this machine are."""
    author = ("-c", "user.name=bench", "-c", "user.email=bench@example.vn")
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for arguments in (("init", "--quiet"), ("add", "--all"), (*author, "commit", "--quiet", "--message", "bench")):
        subprocess.run(("git", *arguments), cwd=root, check=True, env=environment)  # noqa: S603, S607 - our own words


def _finish(root: Path, folder: Path, *, site: bool) -> None:
    """Draw the charts into a cache of their own, and write the finished pages."""
    sources = replace(pipeline.examine(pipeline.read_files(root, folder / "rest")), cache=Cache(folder / CHARTS))
    if sources.diagnostics:
        raise SystemExit("\n".join(f"{one.span}: {one.rule}" for one in sources.diagnostics))
    rendering = replace(pipeline.prepare(sources, None), cache=Cache(folder / "rest"))
    document = print_document(pipeline.prepare_print(rendering, pipeline.Order()))
    (folder / DOCUMENT).write_bytes(pickle.dumps(document))
    _write_print(document, folder)
    if site:
        write_pages(pipeline.render_site(rendering), sources.tree, folder / PAGES)
    shutil.rmtree(folder / "rest")


def _write_print(document: Document, folder: Path) -> None:
    """The document as one HTML file with its fonts and pictures beside it."""
    pictures = (one for fascicle in document.fascicles for one in fascicle.pictures)
    for asset in (*document.frame.fonts, *pictures):
        path = folder / PRINT / asset.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(asset.content)
    (folder / HTML).write_text(whole(document), encoding="utf-8")


if __name__ == "__main__":
    main()

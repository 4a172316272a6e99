"""Write the review site as a plain Markdown project, which MkDocs and its successors build without galley."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from galley.render.pages import NavItem, Site
    from galley.source import SourceTree

_CONFIG = PurePosixPath("mkdocs.yml")
_THEME = "templates/site"
_TOP_LEVEL = re.compile(r"^(?=[a-z_]+:)", re.MULTILINE)
_OURS = ("site_name", "site_description", "copyright", "docs_dir", "site_dir", "watch", "nav")
_PLUGIN = re.compile(r"^ *- galley:?(?:\n {4,}.*)*\n", re.MULTILINE)

Entry = dict[str, "str | list[Entry]"]


def write_pages(site: Site, tree: SourceTree, folder: Path) -> None:
    """Write the pages below `docs`, the theme below `theme`, and a `mkdocs.yml` that names no plugin of ours."""
    for page in site.pages:
        _write(folder / "docs" / page.path, page.body.encode())
    for asset in site.assets:
        _write(folder / "docs" / asset.path, asset.content)
    for file in tree.under(_THEME):
        _write(folder / "theme" / file.path.relative_to(_THEME), file.content)
    config = tree.find(_CONFIG)
    _write(folder / _CONFIG, plain_config(config.content.decode() if config else "", site).encode())


def plain_config(config: str, site: Site) -> str:
    """The text of `mkdocs.yml` with the site's own names and navigation, which are JSON and so YAML."""
    _preamble, *all_sections = _TOP_LEVEL.split(config)
    sections = [one for one in all_sections if one.split(":", 1)[0] not in _OURS]
    kept = _PLUGIN.sub("", "".join(sections)).replace(f"custom_dir: {_THEME}", "custom_dir: theme")
    own = {
        "site_name": site.title,
        "site_description": site.description,
        "copyright": site.footer,
        "docs_dir": "docs",
        "nav": entries(site.nav),
    }
    return kept + "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in own.items())


def entries(nav: tuple[NavItem, ...]) -> list[Entry]:
    """The navigation as `mkdocs.yml` has it."""
    return [{one.title: str(one.path) if one.path else entries(one.children)} for one in nav]


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)

"""Hand the finished pages to MkDocs in memory, and let it build or serve them. The only module that imports MkDocs."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, cast

from material.plugins.offline.plugin import OfflinePlugin
from mkdocs.commands.build import build
from mkdocs.commands.serve import serve
from mkdocs.config import load_config
from mkdocs.config.base import Config
from mkdocs.config.config_options import Optional, Type
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files

from galley import pipeline
from galley.diagnostics import LANGUAGES, Severity, has_errors, render, sentence
from galley.errors import GalleyError
from galley.render.write import entries

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page as MkDocsPage
    from mkdocs.utils.templates import TemplateContext

    from galley.render.pages import Site

CONFIG = "mkdocs.yml"
WORKER = "assets/javascripts/iframe-worker/shim.js"
_log = get_plugin_logger("galley")


class GalleyOptions(Config):
    """What mkdocs.yml may say of the plugin: whose edition is built, and the language of messages."""

    audience = Optional(Type(str))
    lang = Type(str, default=LANGUAGES[0])


class GalleyPlugin(BasePlugin[GalleyOptions]):
    """Replaces what MkDocs finds on the disk by the pages of an edition."""

    site: Site | None = None

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Set the names and the navigation; render the site unless `build_site` gave it."""
        self.site = self.site or _render(Path(config.config_file_path).parent, self.config)
        config.site_name, config.site_description = self.site.title, self.site.description
        config.copyright, config.nav = self.site.footer, entries(self.site.nav)
        config.edit_uri_template = "{path}"
        return config

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """Keep the theme's own files and none of docs_dir, where everything would be copied to the site as it is."""
        site = self.site
        if site is None:
            return Files([])
        edits = dict(site.edits)
        shown = [file for file in files if file.src_dir != config.docs_dir]
        for page in site.pages:
            file = File.generated(config, str(page.path), content=page.body)
            file.edit_uri = edits.get(page.path)
            shown.append(file)
        shown += [File.generated(config, str(one.path), content=one.content) for one in site.assets]
        return Files(shown)

    @event_priority(-100)
    def on_page_context(self, context: TemplateContext, page: MkDocsPage, **_: object) -> TemplateContext:
        """Mark what changed; after the search has read the page, so that nothing deleted is found by it."""
        if self.site is not None and self.site.redline is not None:
            page.content = self.site.redline(PurePosixPath(page.file.src_uri), page.content or "")
        return context


def _render(root: Path, options: GalleyOptions) -> Site:
    try:
        sources = pipeline.read(root)
        if sources.diagnostics:
            _log.warning("\n%s", render(sources.diagnostics, "full", options.lang, sources.tree.lines))
        if has_errors(sources.diagnostics):
            errors = sum(one.severity is Severity.ERROR for one in sources.diagnostics)
            raise Abort(sentence(options.lang, "content-errors", errors=str(errors)))
        earlier = pipeline.read_last(sources, options.audience)
        return pipeline.render_site(pipeline.prepare(sources, options.audience, earlier))
    except GalleyError as trouble:
        raise Abort(sentence(options.lang, trouble.rule, **trouble.arguments)) from trouble


def build_site(root: Path, site: Site, folder: Path, *, offline: bool = False) -> None:
    """Build rendered pages into a folder, as `mkdocs build` would; `offline` they can be searched from a disk as well.

    A browser gives a page from a disk no other file than scripts: Material's plugin makes the index of the search one.
    """
    config = load_config(str(root / CONFIG), site_dir=str(folder.resolve()))
    if offline:
        plugin = OfflinePlugin()
        plugin.load_config({})
        config.plugins["material/offline"] = plugin
        config.extra["polyfills"] = [WORKER]  # else the plugin names one on the internet
    cast("GalleyPlugin", config.plugins["galley"]).site = site
    build(config)


def serve_site(root: Path, address: str) -> None:
    """Show the site at an address and build it anew when a source changes; ends when interrupted."""
    serve(str(root / CONFIG), dev_addr=address)

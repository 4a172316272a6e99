"""The commands of `build_report.py`: options, progress, printing, exit codes. The only module that prints.

Exit codes: 0 done; 1 the content has errors; 2 wrong usage or a build that cannot go on; 3 a bug of ours, the log file
is named; 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
import traceback
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from galley import mkdocs_plugin, pipeline, scaffold, schema
from galley.diagnostics import LANGUAGES, Severity, catalogue, has_errors, render, sentence
from galley.errors import ContentError, GalleyError, UsageError
from galley.publish import publish_file, publish_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

FORMATS = ("full", "concise", "json", "github")
BUILD, CHECK, SITE, PDF, SERVE = "build", "check", "site", "pdf", "serve"
EXPLAIN, NEW, SCHEMA = "explain", "new", "schema"
OK, CONTENT_HAS_ERRORS, CANNOT_GO_ON, OWN_BUG, INTERRUPTED = 0, 1, 2, 3, 130
LOG = "galley.log"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; the one place where trouble becomes a message."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    errors = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
    try:
        return COMMANDS[options.command](options, errors)
    except GalleyError as trouble:
        code = CONTENT_HAS_ERRORS if isinstance(trouble, ContentError) else CANNOT_GO_ON
        errors.print(_trouble(options.lang, trouble))
        return code
    except KeyboardInterrupt:
        errors.print(sentence(options.lang, "interrupted"))
        return INTERRUPTED
    except Exception:  # noqa: BLE001 - the boundary: what gets here is our own bug, and its trace goes to a file
        log = options.out / LOG
        publish_file(log, traceback.format_exc().encode())
        errors.print(sentence(options.lang, "internal", log=str(log)))
        return OWN_BUG


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _trouble(language: str, trouble: GalleyError) -> str:
    text = f"{sentence(language, 'words', 'error')}: {sentence(language, trouble.rule, **trouble.arguments)}"
    advice = sentence(language, trouble.rule, "hint", **trouble.arguments)
    return f"{text}\n  = {sentence(language, 'words', 'hint')}: {advice}" if advice else text


def _parser() -> argparse.ArgumentParser:
    """The command line; the common options may stand before or after the command."""
    parser = argparse.ArgumentParser(prog="build_report.py", description=__doc__.split("\n")[0] if __doc__ else "")
    _common(parser, first=True)
    parser.set_defaults(command=BUILD)
    commands = parser.add_subparsers(metavar="command")
    for name, purpose in (
        (CHECK, "check the content and show what is wrong with it"),
        (SITE, "build the review site"),
        (PDF, "build the printed report"),
        (SERVE, "show the site at a local address and build it anew at every change"),
        (EXPLAIN, "explain a rule: what it finds, why, and what to write instead"),
        (NEW, "begin a new chapter, province, indicator or meeting"),
        (SCHEMA, "write the JSON Schemas that editors complete and check the data files with"),
    ):
        one = commands.add_parser(name, help=purpose, description=purpose)
        _common(one, first=False)
        one.set_defaults(command=name)
        if name == CHECK:
            one.add_argument("--format", choices=FORMATS, default=FORMATS[0], help="how problems are shown")
        elif name == SERVE:
            one.add_argument("--address", default="127.0.0.1:8000", help="where the site is shown (%(default)s)")
        elif name == EXPLAIN:
            one.add_argument("rule", help="the name that stands in brackets behind a message")
        elif name == NEW:
            one.add_argument("kind", choices=scaffold.KINDS)
            one.add_argument("id", help="lower-case letters without marks, digits and hyphens: lien-ket-vung")
    return parser


def _common(parser: argparse.ArgumentParser, *, first: bool) -> None:
    """The options of every command; only the first place sets defaults, so that the second cannot undo them."""

    def default(value: object) -> object:
        return value if first else argparse.SUPPRESS

    parser.add_argument("--root", type=Path, default=default(Path()), help="the folder of the report (this one)")
    parser.add_argument("--out", type=Path, default=default(Path("build")), help="where outputs go (build/)")
    parser.add_argument("--audience", default=default(None), help="whose edition is built (the widest)")
    parser.add_argument("--lang", choices=LANGUAGES, default=default(LANGUAGES[0]), help="language of the messages")


@dataclass(frozen=True, slots=True)
class Steps:
    """Says which step of the build runs: a bar on a terminal, a line for each step elsewhere."""

    names: tuple[str, ...]
    language: str
    errors: Console
    progress: Progress | None

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One numbered step, from its beginning to its end."""
        number = self.names.index(name) + 1
        title = f"{number}/{len(self.names)} {sentence(self.language, 'cli', name)}"
        began = time.monotonic()
        task = self.progress.add_task(title, total=1) if self.progress else None
        yield
        if self.progress is not None and task is not None:
            self.progress.update(task, completed=1)
        else:
            self.errors.print(f"{title} ({time.monotonic() - began:.1f} s)")


@contextmanager
def _steps(options: argparse.Namespace, errors: Console, *names: str) -> Iterator[Steps]:
    if not errors.is_terminal:
        yield Steps(names, options.lang, errors, None)
        return
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), TimeElapsedColumn())
    with Progress(*columns, console=errors) as progress:
        yield Steps(names, options.lang, errors, progress)


def _read(options: argparse.Namespace, errors: Console, steps: Steps) -> pipeline.Sources:
    """The sources, after showing what is wrong with them; ContentError when that stops the build."""
    with steps.step("read"):
        sources = pipeline.read(options.root)
    _show(sources, "full", options.lang, errors)
    if has_errors(sources.diagnostics):
        count = sum(one.severity is Severity.ERROR for one in sources.diagnostics)
        raise ContentError("content-errors", errors=str(count))
    os.environ["SOURCE_DATE_EPOCH"] = str(sources.history.timestamp)
    return sources


def _show(sources: pipeline.Sources, form: str, language: str, console: Console) -> None:
    text = render(sources.diagnostics, form, language, sources.tree.lines)
    if text:
        console.out(text, end="" if form != "full" else "\n", highlight=False)


def build(options: argparse.Namespace, errors: Console) -> int:
    """Check, then build site and PDF."""
    return _build(options, errors, (SITE, PDF))


def site(options: argparse.Namespace, errors: Console) -> int:
    """Check, then build the site."""
    return _build(options, errors, (SITE,))


def pdf(options: argparse.Namespace, errors: Console) -> int:
    """Check, then build the PDF."""
    return _build(options, errors, (PDF,))


def _build(options: argparse.Namespace, errors: Console, outputs: tuple[str, ...]) -> int:
    names = ["read", "restrict"]
    names += ["render-site", "write-site"] if SITE in outputs else []
    names += ["render-print", "typeset"] if PDF in outputs else []
    with _steps(options, errors, *names) as steps:
        sources = _read(options, errors, steps)
        with steps.step("restrict"):
            rendering = pipeline.prepare(sources, options.audience)
        if SITE in outputs:
            with steps.step("render-site"):
                pages = pipeline.render_site(rendering)
            with steps.step("write-site"), publish_folder(options.out / "site") as folder:
                mkdocs_plugin.build_site(options.root, pages, folder)
        if PDF in outputs:
            with steps.step("render-print"):
                document = pipeline.render_print(rendering)
            with steps.step("typeset"):
                publish_file(options.out / "report.pdf", pipeline.render_pdf(document))
    made = {SITE: options.out / "site" / "index.html", PDF: options.out / "report.pdf"}
    for output in outputs:
        errors.print(sentence(options.lang, "cli", "built", path=str(made[output])))
    return OK


def check(options: argparse.Namespace, errors: Console) -> int:
    """Show what is wrong with the content; the problems go to standard output, the count to standard error."""
    sources = pipeline.read(options.root)
    plain = Console(highlight=False, soft_wrap=True, markup=False)
    _show(sources, options.format, options.lang, plain)
    counts = {one: sum(found.severity is one for found in sources.diagnostics) for one in Severity}
    errors.print(
        sentence(
            options.lang,
            "cli",
            "checked",
            files=str(len(sources.tree.files)),
            errors=str(counts[Severity.ERROR]),
            warnings=str(counts[Severity.WARNING]),
        )
    )
    return CONTENT_HAS_ERRORS if has_errors(sources.diagnostics) else OK


def serve(options: argparse.Namespace, errors: Console) -> int:
    """Show the site at a local address until interrupted."""
    errors.print(sentence(options.lang, "cli", "serving", address=options.address))
    mkdocs_plugin.serve_site(options.root, options.address)
    return OK


def explain(options: argparse.Namespace, _errors: Console) -> int:
    """Print what a rule finds, why, and what to write instead."""
    rules = catalogue(options.lang)
    if "explain" not in rules.get(options.rule, {}):
        known = sorted(name for name, entry in rules.items() if "explain" in entry)
        raise UsageError("no-rule", rule=options.rule, rules=", ".join(known))
    Console(highlight=False, soft_wrap=True, markup=False).print(rules[options.rule]["explain"].strip())
    return OK


def new(options: argparse.Namespace, errors: Console) -> int:
    """Write the beginning of a new file and say where to go on."""
    for path in scaffold.begin(options.root, options.kind, options.id):
        errors.print(sentence(options.lang, "cli", "begun", path=str(path)))
    return OK


def write_schemas(options: argparse.Namespace, errors: Console) -> int:
    """Write the JSON Schemas of the data files."""
    for path in schema.write_schemas(options.root, options.lang):
        errors.print(sentence(options.lang, "cli", "built", path=str(path)))
    return OK


COMMANDS: Mapping[str, Callable[[argparse.Namespace, Console], int]] = {
    BUILD: build,
    CHECK: check,
    SITE: site,
    PDF: pdf,
    SERVE: serve,
    EXPLAIN: explain,
    NEW: new,
    SCHEMA: write_schemas,
}

if __name__ == "__main__":
    sys.exit(main())

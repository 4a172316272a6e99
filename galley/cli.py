"""The commands of `build_report.py`: options, progress, printing, exit codes. The only module that prints.

Exit codes: 0 done; 1 the content has errors, or an opinion found no place; 2 wrong usage or a build that cannot go on;
3 a bug of ours, the log file is named; 130 interrupted.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
import traceback
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from rich.console import Console

from galley import options as known
from galley import papers, pipeline, scaffold
from galley.bind.index import unknown_id
from galley.cache import LIMIT
from galley.check import NOTES
from galley.check import check as check_content
from galley.diagnostics import Severity, catalogue, error, has_errors, hint, message, render, sentence
from galley.edition import restrict
from galley.errors import ContentError, GalleyError, UsageError
from galley.model import NOWHERE, parse_period
from galley.publish import publish_file, publish_folder, write_manifest
from galley.read.parse import parse
from galley.read.worktree import read_worktree

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from rich.progress import Progress

    from galley.diagnostics import Diagnostic
    from galley.exchange.form import Choice
    from galley.exchange.given import Given, Vocabulary
    from galley.exchange.intake import Difference
    from galley.exchange.reception import Reception

OK, CONTENT_HAS_ERRORS, CANNOT_GO_ON, OWN_BUG, INTERRUPTED = 0, 1, 2, 3, 130
LOG = "galley.log"
SHEET, TABLE = "tinh-hinh.pdf", "y-kien"
# New values before Python looks for garbage: what is read lives as long as the build, and looking finds nothing.
COLLECT_AFTER = 100_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; the one place where trouble becomes a message."""
    options = known.parser().parse_args(arguments)
    gc.set_threshold(COLLECT_AFTER)
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
    found = error(NOWHERE, trouble.rule, **trouble.arguments)
    text, advice = f"{sentence(language, 'words', 'error')}: {message(found, language)}", hint(found, language)
    return f"{text}\n  = {sentence(language, 'words', 'hint')}: {advice}" if advice else text


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
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), TimeElapsedColumn())
    with Progress(*columns, console=errors) as progress:
        yield Steps(names, options.lang, errors, progress)


def _read(options: argparse.Namespace, errors: Console, steps: Steps) -> pipeline.Sources:
    """The sources, after showing what is wrong with them; ContentError when that stops the build."""
    with steps.step("read"):
        files = pipeline.read_files(options.root, options.cache)
        return _examine(files, options, errors)


def _examine(files: pipeline.Files, options: argparse.Namespace, errors: Console) -> pipeline.Sources:
    sources = _approve(pipeline.examine(files), options, errors)
    os.environ["SOURCE_DATE_EPOCH"] = str(sources.history.timestamp)
    return sources


def _approve(sources: pipeline.Sources, options: argparse.Namespace, errors: Console) -> pipeline.Sources:
    """The sources, after showing what is wrong with them; ContentError when that stops the build."""
    _show(sources, "full", options.lang, errors)
    if has_errors(sources.diagnostics):
        raise ContentError("content-errors", errors=_count_errors(sources.diagnostics))
    return sources


def _count_errors(diagnostics: Iterable[Diagnostic]) -> str:
    return str(sum(one.severity is Severity.ERROR for one in diagnostics))


def _show(sources: pipeline.Sources, form: str, language: str, console: Console) -> None:
    text = render(sources.diagnostics, form, language, sources.tree.lines)
    if text:
        console.out(text, end="" if form != "full" else "\n", highlight=False)


def build(options: argparse.Namespace, errors: Console) -> int:
    """Check, then build site and PDF."""
    return _build(options, errors, (known.SITE, known.PDF))


def site(options: argparse.Namespace, errors: Console) -> int:
    """Check, then build the site."""
    return _build(options, errors, (known.SITE,))


def pdf(options: argparse.Namespace, errors: Console) -> int:
    """Check, then build the PDF; the finished one is taken from the cache when nothing changed and all was well."""
    _prepare_workers(options)
    order = _order(options)
    path = options.out / _pdf_name(order, options.meeting, options.since)
    with _steps(options, errors, "read", "restrict", "render-print", "typeset") as steps:
        with steps.step("read"):
            if options.meeting:
                files = pipeline.read_meeting(options.root, options.meeting, options.cache)
            else:
                files = pipeline.read_files(options.root, options.cache)
            earlier = pipeline.read_since(files, options.since) if options.since else None
            key = pipeline.finished_key(files, options.audience, order, earlier)
            made = files.cache.get(key)
        if made is None:
            made, quiet = _make_pdf(files, earlier, order, options, errors, steps)
            if quiet:  # what there is to say is said at every build
                files.cache.put(key, made)
            files.cache.trim()
    publish_file(path, made)
    errors.print(sentence(options.lang, "cli", "built", path=str(path)))
    return OK


def _make_pdf(  # noqa: PLR0913 - what is wanted, of what, and where to tell of it
    files: pipeline.Files,
    earlier: pipeline.Earlier | None,
    order: pipeline.Order,
    options: argparse.Namespace,
    errors: Console,
    steps: Steps,
) -> tuple[bytes, bool]:
    """The PDF, and whether there was nothing to say of the content; the check runs while the PDF is made."""
    with pipeline.examine_beside(files) as (parsed, examined):

        @cache
        def approved() -> pipeline.Sources:
            return _approve(examined(), options, errors)

        try:
            if has_errors(parsed.diagnostics):
                approved()
            os.environ["SOURCE_DATE_EPOCH"] = str(files.history.timestamp)
            with steps.step("restrict"):
                rendering = pipeline.prepare(parsed, options.audience, earlier, pipeline.PRINT)
            made = _typeset(rendering, order, options, steps, approved)
        except ContentError:
            raise
        except Exception:
            approved()  # what is wrong with the content explains why it could not be made
            raise
        return made, not approved().diagnostics


def _order(options: argparse.Namespace) -> pipeline.Order:
    only = tuple(PurePosixPath(one.as_posix()) for one in options.only)
    return pipeline.Order(only, options.line_numbers, options.duplex, options.opinions)


def _pdf_name(order: pipeline.Order, meeting: str | None = None, since: str | None = None) -> str:
    names = (*([meeting] if meeting else []), *(one.stem for one in order.only))
    compared = f"-so-voi-{since.replace('/', '-')}" if since else ""
    compared += "-y-kien" if order.opinions else ""
    return f"{'-'.join(names) or 'report'}{compared}.pdf"


def _prepare_workers(options: argparse.Namespace) -> None:
    """Begin to load the typesetter while the content is read."""
    from galley.typeset.workers import warm_up

    if not options.executor:
        warm_up()


def _typeset(
    rendering: pipeline.Rendering,
    order: pipeline.Order,
    options: argparse.Namespace,
    steps: Steps,
    approved: Callable[[], object] = lambda: None,
) -> bytes:
    from galley.typeset.workers import workers

    with steps.step("render-print"):
        printing = pipeline.prepare_print(rendering, order)
    with steps.step("typeset"):
        return pipeline.typeset(printing, order, rendering.cache, workers(options.jobs, options.executor), approved)


def _build(options: argparse.Namespace, errors: Console, outputs: tuple[str, ...]) -> int:
    if known.PDF in outputs:
        _prepare_workers(options)
    names = ["read", "restrict", "render-site", "write-site"]
    names += ["render-print", "typeset"] if known.PDF in outputs else []
    made = [options.out / "site" / "index.html"]
    with _steps(options, errors, *names) as steps:
        sources = _read(options, errors, steps)
        with steps.step("restrict"):
            rendering = pipeline.prepare(
                sources, options.audience, pipeline.read_last(sources, options.audience, options.since)
            )
        from galley import mkdocs_plugin

        with steps.step("render-site"):
            pages = pipeline.render_site(rendering)
        with steps.step("write-site"), publish_folder(options.out / "site") as folder:
            mkdocs_plugin.build_site(options.root, pages, folder)
        if known.PDF in outputs:
            made.append(options.out / _pdf_name(pipeline.Order()))
            publish_file(made[-1], _typeset(rendering, pipeline.Order(), options, steps))
    for path in made:
        errors.print(sentence(options.lang, "cli", "built", path=str(path)))
    rendering.cache.trim()
    return OK


def check(options: argparse.Namespace, errors: Console) -> int:
    """Show what is wrong with the content; the problems go to standard output, the count to standard error."""
    sources = pipeline.read(options.root)
    if options.notes:
        notes = check_content(sources.report, sources.tree, NOTES)
        sources = replace(sources, diagnostics=(*sources.diagnostics, *notes))
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


def check_finished(options: argparse.Namespace, errors: Console) -> int:
    """Show what is off in a finished PDF, by page; without `--layout` by the layout of the report."""
    from galley.preflight import check_pdf
    from galley.render.profile import read_profile

    tree = read_worktree(options.root)
    profile = read_profile(tree, options.layout or parse(tree)[0].contents.settings.layout)
    if options.duplex:
        profile = {**profile, "page": {**profile["page"], "duplex": True}}
    path = PurePosixPath(options.file.as_posix())
    try:
        content = options.file.read_bytes()
    except OSError as trouble:
        raise UsageError("not-a-pdf", path=str(path), problem=str(trouble.strerror)) from trouble
    found = check_pdf(content, profile, path)
    plain = Console(highlight=False, soft_wrap=True, markup=False)
    plain.out(render(found, options.format, options.lang, tree.lines), end="", highlight=False)
    counts = {"errors": _count_errors(found), "warnings": str(sum(one.severity is Severity.WARNING for one in found))}
    errors.print(sentence(options.lang, "cli", "pdf-checked", path=str(path), **counts))
    return CONTENT_HAS_ERRORS if has_errors(found) else OK


def changes(options: argparse.Namespace, errors: Console) -> int:
    """Show what changed since a meeting or a revision: chapter by chapter, then the figures that the data changed."""
    from galley.review.telling import told

    with _steps(options, errors, "read") as steps, steps.step("read"):
        files = pipeline.read_files(options.root, options.cache)
        earlier = pipeline.read_since(files, options.since)
        since = pipeline.compare(pipeline.examine(files), earlier, options.audience)
    plain = Console(highlight=False, soft_wrap=True, markup=False)
    for line in told(since, partial(sentence, options.lang, "cli")):
        plain.print(line)
    changed = str(sum(len(one.changes) for one in since.chapters))
    errors.print(sentence(options.lang, "cli", "compared", chapters=str(len(since.chapters)), changes=changed))
    return OK


def readiness(options: argparse.Namespace, errors: Console) -> int:
    """Check, then build the sheet for the chair: how ready the report is, on one page."""
    from galley.typeset.workers import workers

    path = options.out / SHEET
    with _steps(options, errors, "read", "restrict", "typeset") as steps:
        sources = _read(options, errors, steps)
        with steps.step("restrict"):
            rendering = pipeline.prepare(sources, options.audience)
        with steps.step("typeset"):
            made = papers.readiness_sheet(rendering, workers(options.jobs, options.executor))
    publish_file(path, made)
    errors.print(sentence(options.lang, "cli", "built", path=str(path)))
    return OK


def release(options: argparse.Namespace, errors: Console) -> int:
    """Check that nothing is open that must not be, then build the pack of a meeting and say how to mark its draft."""
    from galley import mkdocs_plugin
    from galley.typeset.workers import workers

    with _steps(options, errors, "read", "release-rules", "papers", "render-site", "write-site") as steps:
        sources, meeting = papers.released(_read(options, errors, steps), options.meeting)
        with steps.step("release-rules"):
            stops = papers.stops(sources)
            if stops:
                _show(replace(sources, diagnostics=stops), "full", options.lang, errors)
                raise ContentError("not-released", meeting=meeting.id, stops=str(len(stops)))
        earlier = pipeline.read_last(sources, options.audience, options.since, meeting)
        with publish_folder(options.out / meeting.id) as folder:
            with steps.step("papers"):
                press = partial(workers, options.jobs, options.executor)
                for name, content in papers.pack(sources, meeting, options.audience, earlier, press):
                    (folder / name).write_bytes(content)
            with steps.step("render-site"):
                pages = pipeline.render_site(pipeline.prepare(sources, options.audience, earlier))
            with steps.step("write-site"):
                mkdocs_plugin.build_site(options.root, pages, folder / "trang", offline=True)
            write_manifest(folder)
    sources.cache.trim()
    errors.print(sentence(options.lang, "cli", "built", path=str(options.out / meeting.id)))
    commit = sources.history.head.id if sources.history.head else ""
    errors.print(sentence(options.lang, "cli", "released", meeting=meeting.id, commit=commit))
    return OK


def opinions(options: argparse.Namespace, errors: Console) -> int:
    """Check, then build the table of opinions, as a PDF and as a workbook."""
    from galley.typeset.workers import workers

    with _steps(options, errors, "read", "restrict", "typeset") as steps:
        sources = _read(options, errors, steps)
        with steps.step("restrict"):
            rendering = pipeline.prepare(sources, options.audience, medium=pipeline.PRINT)
            table = papers.tabled(rendering, options.meeting)
        with steps.step("typeset"):
            made = papers.opinions_pdf(rendering, table, workers(options.jobs, options.executor))
    for suffix, content in ((".pdf", made), (".xlsx", papers.opinions_xlsx(rendering, table))):
        path = (options.out / TABLE).with_suffix(suffix)
        publish_file(path, content)
        errors.print(sentence(options.lang, "cli", "built", path=str(path)))
    return OK


def serve(options: argparse.Namespace, errors: Console) -> int:
    """Show the site at a local address until interrupted."""
    from galley import mkdocs_plugin

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
    from galley import schema

    for path in schema.write_schemas(options.root, options.lang):
        errors.print(sentence(options.lang, "cli", "built", path=str(path)))
    return OK


def export(options: argparse.Namespace, errors: Console) -> int:
    """Write the data of an edition: a form at `--out` (a file or a folder), or a data package in its folder csv/."""
    with _steps(options, errors, "read") as steps, steps.step("read"):
        sources = pipeline.read(options.root)
    if sources.report.unread:  # what the text gets wrong does not matter here, a record that would be missing does
        _show(sources, "full", options.lang, errors)
        raise ContentError("content-errors", errors=_count_errors(sources.diagnostics))
    from galley.exchange.datapackage import DESCRIPTOR, data_package
    from galley.exchange.excel import write_workbook
    from galley.exchange.form import form, rows_of, topics_of
    from galley.exchange.words import read_words

    edition = restrict(sources.report, options.audience)
    when, rows = sources.history.timestamp, sum(len(one.observations) for one in edition.contents.indicators)
    if options.kind == known.CSV:
        path = options.out / known.CSV / DESCRIPTOR
        with publish_folder(path.parent) as folder:
            for name, content in data_package(edition, when):
                (folder / name).write_bytes(content)
    else:
        book = form(edition, read_words(sources.tree, topics_of(edition)), _choice(options))
        path = options.out if options.out.suffix == ".xlsx" else options.out / "so-lieu.xlsx"
        publish_file(path, write_workbook(book, when))
        rows = rows_of(book)
    errors.print(sentence(options.lang, "cli", "exported", path=str(path), rows=str(rows)))
    return OK


def _choice(options: argparse.Namespace) -> Choice:
    from galley.exchange.form import Choice

    periods = []
    for text in options.period:
        period = parse_period(text)
        if period is None:
            raise UsageError("bad-option-period", text=text)
        periods.append(period)
    return Choice(tuple(options.indicator), tuple(options.province), tuple(sorted(set(periods))))


def import_(options: argparse.Namespace, errors: Console) -> int:
    """Show what a filled form changes, ask, and write it; nothing is written when anything does not check."""
    from galley.exchange.intake import take_in

    if not options.file.is_file():
        raise UsageError("no-workbook", path=str(options.file))
    with _steps(options, errors, "read") as steps, steps.step("read"):
        sources = pipeline.read(options.root)
    path = PurePosixPath(options.file.as_posix())
    intake = take_in(path, options.file.read_bytes(), sources.tree, sources.report, sources.diagnostics)
    text = render(intake.diagnostics, "full", options.lang, intake.tree.lines)
    if text:
        errors.out(text, highlight=False)
    if has_errors(intake.diagnostics):
        raise ContentError("content-errors", errors=_count_errors(intake.diagnostics))
    plain = Console(highlight=False, soft_wrap=True, markup=False)
    for one in intake.differences:
        plain.print(_difference(options.lang, one))
    counts = {"count": str(len(intake.differences)), "files": str(len(intake.files))}
    if not intake.differences or options.dry_run:
        said = "import-would" if intake.differences else "import-nothing"
        errors.print(sentence(options.lang, "cli", said, **counts))
        return OK
    if not _may_write(options, errors, counts):
        errors.print(sentence(options.lang, "cli", "import-left"))
        return OK
    for file in intake.files:
        publish_file(options.root / file.path, file.content)
    errors.print(sentence(options.lang, "cli", "imported", **counts))
    return OK


def comments(options: argparse.Namespace, errors: Console) -> int:
    """Show the opinions of a file with their places, ask, and add them to those of the meeting.

    Ends with 1 when an opinion was left out, or is told of a whole chapter since its place was not found.
    """
    from galley.exchange import given
    from galley.exchange.reception import Addressing, receive

    if not options.file.is_file():
        raise UsageError("no-workbook", path=str(options.file))
    with _steps(options, errors, "read") as steps, steps.step("read"):
        sources = pipeline.read(options.root)
        if sources.report.unread:  # an id could be given twice
            _show(sources, "full", options.lang, errors)
            raise ContentError("content-errors", errors=_count_errors(sources.diagnostics))
        contents = sources.report.contents
        draft = pipeline.read_circulated(sources, options.meeting, options.audience)
        if options.sender and options.sender not in {one.id for one in contents.agencies}:
            unknown = unknown_id("agencies", options.sender, [one.id for one in contents.agencies])
            raise UsageError(unknown.rule, **{name: str(text) for name, text in unknown.arguments})
    words = given.read_vocabulary(sources.tree)
    opinions, found = _read_opinions(options, words)
    addressing = Addressing(options.meeting, options.sender)
    done = receive(opinions, addressing, draft, words, sources.report, sources.tree, sources.diagnostics)
    diagnostics = (*found, *done.diagnostics)
    if text := render(diagnostics, "full", options.lang, done.tree.lines):
        errors.out(text, highlight=False)
    if has_errors(diagnostics):
        raise ContentError("content-errors", errors=_count_errors(diagnostics))
    if any(one.id == options.meeting and one.revision is None for one in contents.meetings):
        errors.print(sentence(options.lang, "cli", "opinions-today"))
    return _add_opinions(done, options, errors)


def _read_opinions(options: argparse.Namespace, words: Vocabulary) -> tuple[tuple[Given, ...], tuple[Diagnostic, ...]]:
    from galley.exchange import given

    path, content = PurePosixPath(options.file.as_posix()), options.file.read_bytes()
    if path.suffix.lower() in (".docx", ".docm", ".doc", ".odt", ".rtf"):
        from galley.exchange.word import read_word

        document, found = read_word(path, content)
        return ((), found) if has_errors(found) else given.opinions_of_document(path, document, words)
    from galley.exchange.excel import read_workbook

    sheets, found = read_workbook(path, content, shown=True)
    return ((), found) if has_errors(found) else given.opinions_of_sheets(path, sheets, words)


def _add_opinions(done: Reception, options: argparse.Namespace, errors: Console) -> int:
    from galley.exchange.told import told

    plain = Console(highlight=False, soft_wrap=True, markup=False)
    say = partial(sentence, options.lang, "cli")
    for line in told(done.entries, say):
        plain.print(line)
    new = [one for one in done.entries if one.id and not one.known]
    counts = {
        "count": str(len(new)),
        "known": str(sum(one.known for one in done.entries)),
        "left": str(sum(bool(one.reason) for one in done.entries)),
        "path": str(done.file.path) if done.file else "",
    }
    lost = any(one.reason or not one.placing.exact for one in done.entries if not one.known)
    if done.file is None or options.dry_run:
        errors.print(say("opinions-would" if done.file else "opinions-nothing", **counts))
    elif not _may_write(options, errors, counts, "opinions-ask"):
        errors.print(say("import-left"))
    else:
        publish_file(options.root / done.file.path, done.file.content)
        errors.print(say("opinions-added", **counts))
    return CONTENT_HAS_ERRORS if lost else OK


def _difference(language: str, one: Difference) -> str:
    changes = (
        sentence(language, "cli", "change", field=field, before=before, after=after)
        for field, before, after in one.changes
    )
    return sentence(
        language,
        "cli",
        "difference",
        place=str(one.span),
        indicator=one.indicator,
        area=one.area,
        period=one.period,
        changes="; ".join(changes),
    )


def _may_write(
    options: argparse.Namespace, errors: Console, counts: Mapping[str, str], question: str = "import-ask"
) -> bool:
    """True with `--yes`, or when the person at the terminal says so; UsageError where there is nobody to ask."""
    if options.yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError("import-needs-yes")
    answer = errors.input(sentence(options.lang, "cli", question, **counts))
    return answer.strip().casefold() in sentence(options.lang, "cli", "import-yes").split()


def keep(options: argparse.Namespace, errors: Console) -> int:
    """Tell how much is kept from earlier builds, or throw it away."""
    cache = pipeline.cache_of(options.root, options.cache)
    if options.action == "clear":
        cache.clear()
    entries, size = cache.use()
    told = {"entries": str(entries), "megabytes": str(round(size / 1_000_000)), "limit": str(round(LIMIT / 1_000_000))}
    errors.print(sentence(options.lang, "cli", "cache", path=str(cache.folder), **told))
    return OK


COMMANDS: Mapping[str, Callable[[argparse.Namespace, Console], int]] = {
    known.BUILD: build,
    known.CHECK: check,
    known.CHECK_PDF: check_finished,
    known.SITE: site,
    known.PDF: pdf,
    known.SERVE: serve,
    known.EXPLAIN: explain,
    known.NEW: new,
    known.SCHEMA: write_schemas,
    known.EXPORT: export,
    known.IMPORT: import_,
    known.COMMENTS: comments,
    known.CACHE: keep,
    known.CHANGES: changes,
    known.RELEASE: release,
    known.READINESS: readiness,
    known.OPINIONS: opinions,
}

if __name__ == "__main__":
    sys.exit(main())

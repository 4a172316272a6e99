"""Work out what importing a form would do: the differences and the new files, parsed and checked, nothing written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from galley.bind.index import index
from galley.check import check
from galley.diagnostics import Diagnostic, Severity, error, has_errors, ordered
from galley.exchange.answers import Edit, read_answers
from galley.exchange.excel import read_workbook
from galley.exchange.form import OPEN_COLUMNS, open_texts
from galley.exchange.surgery import operate
from galley.model import Observation
from galley.read.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import PurePosixPath

    from galley.bind.index import Index
    from galley.model import Report
    from galley.source import SourceFile, SourceTree, Span


@dataclass(frozen=True, slots=True)
class Difference:
    """An observation that an import changes or adds: where it will stand, and each changed text before and after."""

    span: Span
    indicator: str
    area: str
    period: str
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Intake:
    """What an import would do; `files` are those that change, and none when a diagnostic is an error."""

    differences: tuple[Difference, ...]
    files: tuple[SourceFile, ...]
    diagnostics: tuple[Diagnostic, ...]
    tree: SourceTree


def take_in(
    path: PurePosixPath, content: bytes, tree: SourceTree, report: Report, known: tuple[Diagnostic, ...]
) -> Intake:
    """What importing the workbook would do to the tree, of which `report` was read and `known` is what is wrong.

    `path` names the workbook in diagnostics. A tree with records that cannot be read is not changed; errors of other
    kinds may be those that the form mends.
    """
    if report.unread:
        return Intake((), (), known, tree)
    sheets, found = read_workbook(path, content)
    edits: tuple[Edit, ...] = ()
    if not has_errors(found):
        edits, found = read_answers(path, sheets, report)
    if has_errors(found):
        return Intake((), (), ordered(found), tree)
    lookup = index(report.contents)
    files, problems = _operate(edits, tree, lookup)
    if problems:
        return Intake((), (), ordered((*found, *problems)), tree)
    by_path = {file.path: file for file in files}
    after = replace(tree, files=tuple(by_path.get(file.path, file) for file in tree.files))
    new, problems = _check(after, known)
    now = index(new.contents)
    if not has_errors(problems):
        problems += tuple(_unwanted(edits, lookup, now))
    diagnostics = ordered((*found, *problems))
    if has_errors(diagnostics):
        return Intake((), (), diagnostics, after)
    return Intake(tuple(_difference(edit, lookup, now) for edit in edits), files, diagnostics, after)


def _operate(
    edits: tuple[Edit, ...], tree: SourceTree, lookup: Index
) -> tuple[tuple[SourceFile, ...], tuple[Diagnostic, ...]]:
    """The files that the edits change."""
    by_indicator: dict[str, list[Edit]] = {}
    for edit in edits:
        by_indicator.setdefault(edit.indicator, []).append(edit)
    files: list[SourceFile] = []
    problems: list[Diagnostic] = []
    for name, wanted in by_indicator.items():
        one = lookup.indicators[name]
        file = tree.find(one.span.path)
        if file is None:
            continue
        changed, found = operate(file, tuple(wanted), one.decimals, tuple(lookup.areas))
        files.append(changed)
        problems += found
    return tuple(files), tuple(problems)


def _check(tree: SourceTree, known: tuple[Diagnostic, ...]) -> tuple[Report, tuple[Diagnostic, ...]]:
    """The report of a tree as if it had been written, its errors, and the warnings that were not known before."""
    report, problems = parse(tree)
    told = {(one.rule, one.arguments) for one in known}
    found = ordered((*problems, *check(report, tree)))
    return report, tuple(
        one for one in found if one.severity is Severity.ERROR or (one.rule, one.arguments) not in told
    )


def _unwanted(edits: tuple[Edit, ...], then: Index, now: Index) -> Iterator[Diagnostic]:
    """That the new files say anything but the old ones with the edits: a safeguard against odd ways of writing."""
    wanted = dict(then.observations)
    spans = {key: one.span for key, one in then.observations.items()}
    for edit in edits:
        old = then.observations.get(edit.key)
        audience = old.audience if old is not None else _audience(now, edit)
        note = edit.note or None
        wanted[edit.key] = Observation(*edit.key, edit.value, edit.status, edit.source, note, audience, edit.span)
        spans.setdefault(edit.key, then.indicators[edit.indicator].span)
    for key, span in spans.items():
        found = now.observations.get(key)
        if found is None or replace(found, span=span) != replace(wanted[key], span=span):
            yield error(span, "cannot-edit")
    for key in now.observations.keys() - spans.keys():
        yield error(now.observations[key].span, "cannot-edit")


def _audience(now: Index, edit: Edit) -> str:
    """A new observation is for whom its file says."""
    found = now.observations.get(edit.key)
    return found.audience if found is not None else ""


def _difference(edit: Edit, then: Index, now: Index) -> Difference:
    old, new = then.observations.get(edit.key), now.observations[edit.key]
    texts = zip(OPEN_COLUMNS, open_texts(old), open_texts(new), strict=True)
    changes = tuple((name, before, after) for name, before, after in texts if before != after)
    return Difference(new.span, edit.indicator, edit.area, str(edit.period), changes)

"""Step 2: turn a source tree into the report and what is wrong with it."""

from __future__ import annotations

import dataclasses
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from galley.diagnostics import Diagnostic, error, ordered
from galley.model import (
    Agency,
    Area,
    Chapter,
    Comment,
    Contents,
    Indicator,
    Issuer,
    Meeting,
    Milestone,
    Proposal,
    Reference,
    Report,
    Settings,
    Source,
    Target,
    Unit,
)
from galley.read.dataset import read_indicator
from galley.read.prose import read_chapter
from galley.read.records import Findings, decode_record, read_list, read_register
from galley.read.yamltext import Node, Scalar, decode, read_yaml
from galley.source import SourceFile, SourceTree, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

REGISTERS: tuple[tuple[str, type], ...] = (
    ("areas", Area),
    ("agencies", Agency),
    ("units", Unit),
    ("sources", Source),
)
LISTS: tuple[tuple[str, type], ...] = (
    ("targets", Target),
    ("meetings", Meeting),
    ("proposals", Proposal),
    ("milestones", Milestone),
)
DATA = PurePosixPath("data")
SETTINGS = DATA / "report.yml"
CHAPTER_FOLDERS = ("chapters", "provinces")
_NO_SETTINGS = Settings("", "", Issuer("", "", ""), "", "dang-2018", "", (), ())


def parse(tree: SourceTree) -> tuple[Report, tuple[Diagnostic, ...]]:
    """The report that a tree holds and what could not be read; a broken record is left out, the rest is there."""
    findings = Findings()
    settings = _settings(tree, findings)
    widest = next(iter(settings.audiences), "")
    registers: dict[str, Any] = {
        name: read_register(_register(tree, name, findings), record, name, findings) for name, record in REGISTERS
    }
    lists: dict[str, Any] = {
        name: read_list(_register(tree, name, findings), record, name, findings) for name, record in LISTS
    }
    contents = Contents(
        settings=settings,
        **registers,
        **lists,
        indicators=tuple(_indicators(tree, findings, widest)),
        comments=tuple(_comments(tree, findings)),
        chapters=_in_reading_order(tuple(_chapters(tree, findings, widest)), settings),
    )
    findings.diagnostics += _unexpected_files(tree)
    contents = _with_default_audience(contents, widest, next(reversed(settings.audiences), ""))
    report = Report(contents, tuple(findings.references), tuple(findings.unread))
    return report, ordered(findings.diagnostics)


def _yaml(tree: SourceTree, path: PurePosixPath, findings: Findings) -> Node | None:
    file = tree.find(path)
    return None if file is None else _tree_of(file, findings)


def _register(tree: SourceTree, name: str, findings: Findings) -> Node | None:
    """The tree of a register's file; a file that cannot be read is noted, for its ids are then unknown to us only."""
    path = DATA / f"{name}.yml"
    before = len(findings.diagnostics)
    node = _yaml(tree, path, findings)
    if node is None and len(findings.diagnostics) > before:
        findings.unread.append(Reference(name, "*", Span(path)))
    return node


def _tree_of(file: SourceFile, findings: Findings) -> Node | None:
    text, problems = decode(file.path, file.content)
    findings.diagnostics += problems
    node, problems = read_yaml(file.path, text)
    findings.diagnostics += problems
    return node


def _settings(tree: SourceTree, findings: Findings) -> Settings:
    node = _yaml(tree, SETTINGS, findings)
    if node is None:
        if tree.find(SETTINGS) is None:
            findings.error(Span(SETTINGS), "missing-file", path=SETTINGS)
        return _NO_SETTINGS
    return decode_record(node, Settings, findings) or _NO_SETTINGS


def _indicators(tree: SourceTree, findings: Findings, widest: str) -> Iterator[Indicator]:
    for file in tree.under("data/indicators", ".yml"):
        name = Scalar(file.path.stem, Span(file.path))
        before = len(findings.diagnostics)
        node = _tree_of(file, findings)
        unreadable = node is None and len(findings.diagnostics) > before
        indicator = None if unreadable else read_indicator(name, node, findings, widest)
        if indicator is None:
            findings.unread.append(Reference("indicators", name.text, name.span))
        else:
            yield indicator


def _comments(tree: SourceTree, findings: Findings) -> Iterator[Comment]:
    for file in tree.under("data/comments", ".yml"):
        yield from read_list(_tree_of(file, findings), Comment, "comments", findings, meeting=file.path.stem)


def _chapters(tree: SourceTree, findings: Findings, widest: str) -> Iterator[Chapter]:
    for folder in CHAPTER_FOLDERS:
        for file in tree.under(folder, ".md"):
            chapter = read_chapter(file, findings, widest)
            if chapter is not None:
                yield chapter


def _in_reading_order(chapters: tuple[Chapter, ...], settings: Settings) -> tuple[Chapter, ...]:
    """By the parts; chapters that no part names come last and are reported by a rule."""
    order = {path: index for index, path in enumerate(path for part in settings.parts for path in part.chapters)}
    return tuple(sorted(chapters, key=lambda one: (order.get(str(one.path), len(order)), str(one.path))))


def _unexpected_files(tree: SourceTree) -> Iterator[Diagnostic]:
    """Files beside the content that nothing reads: they would be lost without a word."""
    known = {SETTINGS, *(DATA / f"{name}.yml" for name, _ in (*REGISTERS, *LISTS))}
    for folder in (*CHAPTER_FOLDERS, "data"):
        for file in tree.under(folder):
            parent = str(file.path.parent)
            expected = (
                file.path in known
                or (parent in ("data/indicators", "data/comments") and file.path.suffix == ".yml")
                or (folder in CHAPTER_FOLDERS and parent == folder and file.path.suffix == ".md")
            )
            if not expected:
                yield error(Span(file.path), "unexpected-file", path=file.path)


def _with_default_audience(contents: Contents, widest: str, narrowest: str) -> Contents:
    """The contents with the widest audience where a record names none; files of their own were read with it.

    An opinion is for the narrowest: whoever gives one does not speak to the public.
    """

    def fill(records: tuple[Any, ...], audience: str = widest) -> tuple[Any, ...]:
        return tuple(one if one.audience else dataclasses.replace(one, audience=audience) for one in records)

    return dataclasses.replace(
        contents,
        sources=fill(contents.sources),
        targets=fill(contents.targets),
        meetings=fill(contents.meetings),
        comments=fill(contents.comments, narrowest),
        proposals=fill(contents.proposals),
        milestones=fill(contents.milestones),
    )

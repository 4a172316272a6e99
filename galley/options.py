"""The command line of `build_report.py`: its commands and their options."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from galley import scaffold
from galley.diagnostics import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    Option = tuple[str, dict[str, Any]]

FORMATS = ("full", "concise", "json", "github")
BUILD, CHECK, SITE, PDF, SERVE = "build", "check", "site", "pdf", "serve"
READINESS, OPINIONS = "readiness", "opinions"
CHECK_PDF, EXPLAIN, NEW, SCHEMA = "check-pdf", "explain", "new", "schema"
EXPORT, IMPORT, CACHE, CHANGES, RELEASE = "export", "import", "cache", "changes", "release"
EXCEL, CSV = "excel", "csv"
COMMENTS = "comments"

PURPOSES = {
    CHECK: "check the content and show what is wrong with it",
    SITE: "build the review site",
    PDF: "build the printed report",
    SERVE: "show the site at a local address and build it anew at every change",
    CHECK_PDF: "measure a finished PDF and show what its layout does not allow",
    CHANGES: "show what changed since a meeting or a revision, in words and in figures",
    OPINIONS: "build the table of opinions with what became of them, as PDF and as Excel",
    READINESS: "build the sheet that says on one page how ready the report is",
    RELEASE: "check that nothing is open that must not be, and build the pack of papers for a meeting",
    EXPLAIN: "explain a rule: what it finds, why, and what to write instead",
    NEW: "begin a new chapter, province, indicator or meeting",
    SCHEMA: "write the JSON Schemas that editors complete and check the data files with",
    EXPORT: "write the data as an Excel form to fill in, or as CSV files with their schema",
    IMPORT: "take the changes of a filled Excel form over into the data",
    COMMENTS: "take the opinions of an Excel table or a Word file over into the register of a meeting",
    CACHE: "tell how much is kept from earlier builds, or throw it away",
}
_FORMAT: Option = ("--format", {"choices": FORMATS, "default": FORMATS[0], "help": "how problems are shown"})
_SEVERAL: dict[str, Any] = {"nargs": "+", "action": "extend", "default": []}
OPTIONS: Mapping[str, tuple[Option, ...]] = {
    CHECK: (
        _FORMAT,
        ("--notes", {"action": "store_true", "help": "also what is no mistake: indicators nobody quotes"}),
    ),
    PDF: (
        (
            "--only",
            {
                **_SEVERAL,
                "type": Path,
                "metavar": "FILE",
                "help": "only this chapter or province, as a document of its own: chapters/giao-thong.md",
            },
        ),
        ("--meeting", {"metavar": "ID", "help": "the draft that this meeting discussed, as it was then"}),
        ("--since", {"metavar": "ID", "help": "with what changed since a meeting or a revision marked in it"}),
        ("--line-numbers", {"action": "store_true", "help": "number the lines in the margin"}),
        ("--duplex", {"action": "store_true", "help": "for sheets printed on both sides"}),
        ("--opinions", {"action": "store_true", "help": "with the opinions under the paragraphs that they are about"}),
    ),
    OPINIONS: (("--meeting", {"metavar": "ID", "help": "only those on the draft of this meeting"}),),
    SITE: (
        (
            "--since",
            {"metavar": "ID", "help": "the meeting or revision that pages are compared with (the last meeting)"},
        ),
    ),
    SERVE: (("--address", {"default": "127.0.0.1:8000", "help": "where the site is shown (%(default)s)"}),),
    CHECK_PDF: (
        ("file", {"type": Path, "metavar": "FILE", "help": "the finished PDF"}),
        ("--layout", {"help": "the layout it must keep to, a name in templates/print/layouts/"}),
        ("--duplex", {"action": "store_true", "help": "it is for sheets printed on both sides"}),
        _FORMAT,
    ),
    CHANGES: (("--since", {"required": True, "metavar": "ID", "help": "a meeting, or a revision of git"}),),
    RELEASE: (
        ("meeting", {"metavar": "MEETING", "help": "the id of the meeting that the draft goes to"}),
        ("--since", {"metavar": "ID", "help": "what the draft is compared with (the last meeting before)"}),
    ),
    EXPLAIN: (("rule", {"help": "the name that stands in brackets behind a message"}),),
    NEW: (
        ("kind", {"choices": scaffold.KINDS}),
        ("id", {"help": "lower-case letters without marks, digits and hyphens: lien-ket-vung"}),
    ),
    EXPORT: (
        ("kind", {"choices": (EXCEL, CSV)}),
        ("--indicator", {**_SEVERAL, "metavar": "ID", "help": "only these indicators; Excel alone"}),
        ("--province", {**_SEVERAL, "metavar": "ID", "help": "only these provinces; Excel alone"}),
        ("--period", {**_SEVERAL, "metavar": "ID", "help": "only these periods; Excel alone"}),
    ),
    IMPORT: (
        ("kind", {"choices": (EXCEL,)}),
        ("file", {"type": Path, "metavar": "FILE", "help": "the filled form"}),
        ("--dry-run", {"action": "store_true", "help": "show the changes and write nothing"}),
        ("--yes", {"action": "store_true", "help": "write without asking"}),
    ),
    COMMENTS: (
        ("action", {"choices": (IMPORT,)}),
        ("file", {"type": Path, "metavar": "FILE", "help": "the table (.xlsx, .docx) or the commented draft (.docx)"}),
        ("--meeting", {"required": True, "metavar": "ID", "help": "whose draft the opinions are about"}),
        ("--from", {"dest": "sender", "default": "", "metavar": "ID", "help": "who speaks where nobody is named"}),
        ("--dry-run", {"action": "store_true", "help": "show the opinions and write nothing"}),
        ("--yes", {"action": "store_true", "help": "write without asking"}),
    ),
    CACHE: (("action", {"choices": ("info", "clear")}),),
}
COMMON: tuple[Option, ...] = (
    ("--root", {"type": Path, "default": Path(), "help": "the folder of the report (this one)"}),
    ("--out", {"type": Path, "default": Path("build"), "help": "where outputs go (build/)"}),
    ("--audience", {"default": None, "help": "whose edition is built (the widest)"}),
    ("--jobs", {"type": int, "default": 0, "metavar": "N", "help": "processes that typeset (one a core)"}),
    (
        "--executor",
        {"default": "", "metavar": "ADDRESS", "help": "typeset on the machines of a dask cluster: dask://host:port"},
    ),
    ("--cache", {"type": Path, "default": None, "metavar": "FOLDER", "help": "what is kept (.cache/galley)"}),
    ("--lang", {"choices": LANGUAGES, "default": LANGUAGES[0], "help": "language of the messages"}),
)


def parser() -> argparse.ArgumentParser:
    """The command line; the common options may stand before or after the command."""
    made = argparse.ArgumentParser(
        prog="build_report.py", description="Build a report: its review site and its printed form."
    )
    for name, option in COMMON:
        made.add_argument(name, **option)
    made.set_defaults(command=BUILD, since=None)
    commands = made.add_subparsers(metavar="command")
    for command, purpose in PURPOSES.items():
        one = commands.add_parser(command, help=purpose, description=purpose)
        for name, option in COMMON:  # only the first place sets defaults, so that the second cannot undo them
            one.add_argument(name, **{**option, "default": argparse.SUPPRESS})
        one.set_defaults(command=command)
        for name, option in OPTIONS.get(command, ()):
            one.add_argument(name, **option)
    return made

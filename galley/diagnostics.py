"""What is wrong with the content: collected, sorted, shown all at once, in four formats."""

from __future__ import annotations

import json
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import PurePosixPath

    from galley.source import Span

LANGUAGES = ("vi", "en")
Lines = Callable[["PurePosixPath"], tuple[str, ...]]


class Severity(StrEnum):
    """How much it matters: an error stops the build, a warning does not, a note only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


# What GitHub calls a severity where it has another word.
_GITHUB = {Severity.NOTE: "notice"}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that is wrong, at one place; its sentences stand in the catalogue under the rule's name."""

    span: Span
    severity: Severity
    rule: str
    arguments: tuple[tuple[str, str], ...] = ()
    related: tuple[Span, ...] = ()


def error(span: Span, rule: str, /, *related: Span, **arguments: object) -> Diagnostic:
    """A diagnostic that stops the build."""
    return Diagnostic(span, Severity.ERROR, rule, _texts(arguments), related)


def warning(span: Span, rule: str, /, *related: Span, **arguments: object) -> Diagnostic:
    """A diagnostic that does not stop the build."""
    return Diagnostic(span, Severity.WARNING, rule, _texts(arguments), related)


def note(span: Span, rule: str, /, *related: Span, **arguments: object) -> Diagnostic:
    """A diagnostic of something that is no mistake."""
    return Diagnostic(span, Severity.NOTE, rule, _texts(arguments), related)


def _texts(arguments: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in arguments.items())


def ordered(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each diagnostic once, by file, line and column."""
    return tuple(sorted(set(diagnostics), key=lambda one: (one.span, one.rule, one.arguments)))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """True when one of them stops the build."""
    return any(one.severity is Severity.ERROR for one in diagnostics)


@cache
def catalogue(language: str) -> Mapping[str, Mapping[str, str]]:
    """All sentences of a language, by rule; see `galley/messages/`."""
    text = (files("galley") / "messages" / f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def sentence(language: str, rule: str, key: str = "message", /, **arguments: str) -> str:
    """A sentence of the catalogue with its arguments filled in; control characters are made visible.

    An argument that stands among the words as `name-value` (`expected-number`, `register-areas`) is put in words.
    """
    words = catalogue(language)["words"]
    spoken = {name: words.get(f"{name}-{text}", _visible(text)) for name, text in arguments.items()}
    return catalogue(language)[rule].get(key, "").format_map(spoken)


def message(diagnostic: Diagnostic, language: str) -> str:
    """What is wrong, in one sentence."""
    return sentence(language, diagnostic.rule, **dict(diagnostic.arguments))


def hint(diagnostic: Diagnostic, language: str) -> str:
    """What to do about it: `hint`, or `hint_otherwise` where an argument that `hint` needs is empty."""
    arguments = dict(diagnostic.arguments)
    entry = catalogue(language)[diagnostic.rule]
    needs_more = any(f"{{{name}}}" in entry.get("hint", "") and not text for name, text in arguments.items())
    return sentence(language, diagnostic.rule, "hint_otherwise" if needs_more else "hint", **arguments)


def _visible(text: str) -> str:
    return "".join(
        f"\\u{ord(character):04x}" if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character
        for character in text
    )


def render(diagnostics: Iterable[Diagnostic], form: str, language: str, lines: Lines) -> str:
    """The diagnostics as text in one of the forms `full`, `concise`, `json`, `github`."""
    forms = {"full": _full, "concise": _concise, "json": _json, "github": _github}
    return forms[form](ordered(diagnostics), language, lines)


def _concise(diagnostics: tuple[Diagnostic, ...], language: str, _lines: Lines) -> str:
    return "".join(f"{_head(one, language)}\n" for one in diagnostics)


def _head(one: Diagnostic, language: str) -> str:
    severity = sentence(language, "words", one.severity.value)
    return f"{_visible(str(one.span))}: {severity}: {message(one, language)} [{one.rule}]"


def _full(diagnostics: tuple[Diagnostic, ...], language: str, lines: Lines) -> str:
    return "\n".join(_one_full(one, language, lines) for one in diagnostics)


def _one_full(one: Diagnostic, language: str, lines: Lines) -> str:
    text = [_head(one, language)]
    source = lines(one.span.path)
    margin = " " * len(str(one.span.line))
    if 0 < one.span.line <= len(source):
        line = _visible(source[one.span.line - 1])
        text += [f"{margin} |", f"{one.span.line} | {line}", f"{margin} | {' ' * (one.span.column - 1)}^"]
    for span in one.related:
        text.append(f"{margin} = {sentence(language, 'words', 'see')}: {span}")
    if advice := hint(one, language):
        text.append(f"{margin} = {sentence(language, 'words', 'hint')}: {advice}")
    return "\n".join(text) + "\n"


def _json(diagnostics: tuple[Diagnostic, ...], language: str, _lines: Lines) -> str:
    records = [
        {
            "path": str(one.span.path),
            "line": one.span.line,
            "column": one.span.column,
            "severity": one.severity.value,
            "rule": one.rule,
            "message": message(one, language),
            "hint": hint(one, language),
            "related": [str(span) for span in one.related],
        }
        for one in diagnostics
    ]
    return json.dumps(records, ensure_ascii=False, indent=2) + "\n"


def _github(diagnostics: tuple[Diagnostic, ...], language: str, _lines: Lines) -> str:
    """Workflow commands that GitHub shows in the diff of a pull request."""

    def escape(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def escape_property(text: str) -> str:
        return escape(text).replace(":", "%3A").replace(",", "%2C")

    return "".join(
        f"::{_GITHUB.get(one.severity, one.severity.value)} file={escape_property(str(one.span.path))},"
        f"line={one.span.line},col={one.span.column},title={one.rule}::{escape(message(one, language))}. "
        f"{escape(hint(one, language))}\n"
        for one in diagnostics
    )

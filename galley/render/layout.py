"""Fill the templates of a source tree. Templates word what the values mean; the engine holds no reader's sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from galley.errors import GalleyError
from galley.vietnamese import format_date, format_number, keep_together, slugify, sort_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from galley.source import SourceTree

TEMPLATES = "templates"
_TEXTS = (".html", ".md", ".css", ".xml", ".yml")


@dataclass(frozen=True, slots=True)
class Layout:
    """The templates of one source tree, ready to be filled."""

    environment: jinja2.Environment

    def fill(self, name: str, /, **values: Any) -> str:  # noqa: ANN401 - templates take any value
        """The text of a template with its values; GalleyError when the template does not work."""
        with _trouble(name):
            return self.environment.get_template(name).render(**values)

    def macro(self, name: str, macro: str, /, *arguments: Any, **values: Any) -> Markup:  # noqa: ANN401 - as above
        """What a macro of a template gives, on one line, so that Markdown takes it as one piece."""
        with _trouble(f"{name}:{macro}"):
            module = self.environment.get_template(name).module
            return Markup(one_line(str(getattr(module, macro)(*arguments, **values))))  # noqa: S704 - the macro escaped


class _trouble:  # noqa: N801 - reads as a statement
    """Turns an error of a template into one that names it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, trouble: BaseException | None, _traceback: object) -> None:
        if isinstance(trouble, jinja2.TemplateError | TypeError):  # the latter from a macro of another version
            line = getattr(trouble, "lineno", "") or ""
            raise GalleyError("template", template=self._name, line=str(line), problem=str(trouble)) from trouble


def layout(tree: SourceTree, functions: Mapping[str, Callable[..., object]] | None = None) -> Layout:
    """The layout of a tree's templates; `functions` are further names that templates may call."""
    texts = {
        str(file.path.relative_to(TEMPLATES)): file.content.decode("utf-8")
        for file in tree.under(TEMPLATES)
        if file.path.suffix in _TEXTS
    }
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.DictLoader(texts),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        comment_start_string="{=#",
        comment_end_string="#=}",
    )
    environment.filters.update(
        number=format_number, date=format_date, slug=slugify, together=keep_together, sorted_vi=_sorted
    )
    environment.globals.update(functions or {})
    return Layout(environment)


def _sorted(records: list[Any], attribute: str) -> list[Any]:
    return sorted(records, key=lambda one: sort_key(str(getattr(one, attribute))))


def one_line(text: str) -> str:
    """The text without line ends and the indentation that templates are written with."""
    return re.sub(r"\s*\n\s*", " ", text.strip())

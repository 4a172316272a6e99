"""Why a build cannot go on. Raised anywhere, caught once, in `cli.main`; the sentence stands in the catalogue."""

from __future__ import annotations

from functools import partial


class GalleyError(Exception):
    """A build that cannot go on; `rule` names its sentence in the catalogue, `arguments` fill it."""

    def __init__(self, rule: str, /, **arguments: str) -> None:
        super().__init__(rule, arguments)
        self.rule = rule
        self.arguments = arguments

    def __reduce__(self) -> tuple[object, ...]:
        """How it travels from a process that typesets."""
        return partial(type(self), self.rule, **self.arguments), ()


class ContentError(GalleyError):
    """The content has errors, so nothing was built; the diagnostics were shown before."""


class UsageError(GalleyError):
    """The command line asks for something that does not exist or does not go together."""

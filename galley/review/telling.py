"""Tell what changed, line by line, in the words of a catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from galley.compare.words import abridged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from galley.compare.words import Edit
    from galley.model import Observation
    from galley.review.since import Since


def told(since: Since, say: Callable[..., str]) -> Iterator[str]:
    """A line for each chapter and change, then one for each observation.

    What was deleted and inserted is marked as `git diff --word-diff` does.
    """
    for one in since.chapters:
        chapter = one.after or one.before
        if chapter is None:
            continue
        state = "chapter-added" if one.before is None else "chapter-removed" if one.after is None else "chapter-changed"
        was = say("chapter-renamed", path=str(one.before.path)) if one.renamed and one.before else ""
        yield f"\n{say(state, path=str(chapter.path), title=_marked(one.title))}{was}"
        if one.before is None or one.after is None:
            continue
        for key, before, after in one.front:
            yield f"  {key}: {before} → {after}"
        for change in one.changes:
            numbers = one.before.numbers(change.before), one.after.numbers(change.after)
            places = say("place", before=", ".join(numbers[0]) or "-", after=", ".join(numbers[1]) or "-")
            yield f"  {say(f'change-{change.kind}')} {places} {_marked(abridged(change.edits))}"
            for figure in change.figures:
                told = {"expression": figure.expression, "before": figure.before, "after": figure.after}
                yield f"    {say('figure-changed', **told)}"
    for changed in since.data.changed:
        told = {"before": _value(changed.before), "after": _value(changed.after)}
        yield f"\n{say('observation-changed', **told, **_where(changed.either, since))}"


def _where(one: Observation, since: Since) -> dict[str, str]:
    quoted = ", ".join(quote.number for quote in since.quotes(one)) or "-"
    return {"indicator": one.indicator, "area": one.area, "period": str(one.period), "quoted": quoted}


def _value(one: Observation | None) -> str:
    return "-" if one is None else f"{'…' if one.value is None else one.value} [{one.status.value}, {one.source}]"


def _marked(edits: Iterable[Edit]) -> str:
    """The text with its deletions as `[-so-]` and its insertions as `{+so+}`."""
    return "".join(
        one.after
        if one.kept
        else f"{f'[-{one.before}-]' if one.before else ''}{f'{{+{one.after}+}}' if one.after else ''}"
        for one in edits
    )

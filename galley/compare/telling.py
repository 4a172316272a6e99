"""Tell what changed, line by line, in the words of a catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from galley.compare.drafts import ChapterChanges
    from galley.compare.words import Edit


def told(found: Sequence[ChapterChanges], say: Callable[..., str]) -> Iterator[str]:
    """A line for each chapter and change; what was deleted and inserted is marked as `git diff --word-diff` does."""
    for one in found:
        chapter = one.after or one.before
        if chapter is None:
            continue
        state = "chapter-added" if one.before is None else "chapter-removed" if one.after is None else "chapter-changed"
        was = say("chapter-renamed", path=str(one.before.path)) if one.renamed and one.before else ""
        yield f"\n{say(state, path=str(chapter.path), title=_marked(one.title))}{was}"
        if one.before is None or one.after is None:
            continue
        for change in one.changes:
            places = say("place", before=_numbers(change.before), after=_numbers(change.after))
            yield f"  {say(f'change-{change.kind}')} {places} {_marked(change.edits)}"
            for figure in change.figures:
                told = {"expression": figure.expression, "before": figure.before, "after": figure.after}
                yield f"    {say('figure-changed', **told)}"


def _numbers(places: Sequence[int]) -> str:
    return ", ".join(str(place + 1) for place in places) or "-"


def _marked(edits: Iterable[Edit]) -> str:
    """The text with its deletions as `[-so-]` and its insertions as `{+so+}`."""
    return "".join(
        one.after
        if one.kept
        else f"{f'[-{one.before}-]' if one.before else ''}{f'{{+{one.after}+}}' if one.after else ''}"
        for one in edits
    )

"""An earlier draft beside today's: it is shown to an audience as far as today's marks allow as well."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from galley.bind.paragraphs import paragraph_id, paragraphs
from galley.compare.words import bag, share

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import PurePosixPath

    from galley.model import Block, Chapter, Contents, Report

ALIKE = 0.5  # the share of words from which a paragraph is taken for one that is kept for fewer: rather too many


def with_marks_of(old: Report, new: Report) -> Report:
    """The old report in which all that the new one keeps for a narrower audience is for that audience.

    What was open once and is not any more would otherwise come back in a redline as deleted. Records are the same by
    their ids, chapters by their paths, paragraphs by their words.
    """
    audiences = new.contents.settings.audiences
    rank = {name: place for place, name in enumerate(audiences)}

    def narrower(one: str, other: str) -> str:
        return max(one, other, key=lambda name: rank.get(name, len(rank)))

    def marked(those: Iterable[Any], todays: Iterable[Any], key: Callable[[Any], object]) -> tuple[Any, ...]:
        known = {key(one): one.audience for one in todays}
        return tuple(replace(one, audience=narrower(one.audience, known.get(key(one), ""))) for one in those)

    rank[""] = -1
    before, after = old.contents, new.contents
    restricted = [
        (one.audience, bag(one.text)) for chapter in after.chapters for one in chapter.blocks if rank[one.audience] > 0
    ]
    fronts = {one.path: one.front.audience for one in after.chapters}

    def chapter(one: Chapter) -> Chapter:
        front = replace(one.front, audience=narrower(one.front.audience, fronts.get(one.path, "")))
        blocks = (
            replace(block, audience=narrower(block.audience, _kept_for(block, restricted))) for block in one.blocks
        )
        return replace(one, front=front, blocks=tuple(blocks))

    indicators = {one.id: one for one in after.indicators}
    contents = replace(
        before,
        settings=replace(before.settings, audiences=audiences),
        sources=marked(before.sources, after.sources, _id),
        indicators=tuple(
            replace(
                one,
                observations=marked(
                    one.observations,
                    indicators[one.id].observations if one.id in indicators else (),
                    lambda it: (it.area, it.period),
                ),
            )
            for one in marked(before.indicators, after.indicators, _id)
        ),
        targets=marked(before.targets, after.targets, _id),
        meetings=marked(before.meetings, after.meetings, _id),
        comments=marked(before.comments, after.comments, lambda it: (it.meeting, it.id)),
        proposals=marked(before.proposals, after.proposals, _id),
        milestones=marked(before.milestones, after.milestones, _id),
        chapters=tuple(chapter(one) for one in before.chapters),
    )
    return replace(old, contents=contents)


def _id(record: Any) -> object:  # noqa: ANN401 - any record of a register
    return record.id


def _kept_for(block: Block, restricted: list[tuple[str, Counter[str]]]) -> str:
    """The audience that today's draft keeps a paragraph like this one for; empty when it keeps none."""
    words = bag(block.text)
    return next((audience for audience, others in restricted if share(words, others) >= ALIKE), "")


def names_of(whole: Contents, shown: Contents) -> Mapping[tuple[PurePosixPath, str], str]:
    """What the numbered paragraphs of the whole draft are called in an edition of it, by path and name."""
    there = {
        (chapter.path, block.span): paragraph_id(number)
        for chapter in shown.chapters
        for block, number in paragraphs(chapter)
        if number
    }
    return {
        (chapter.path, paragraph_id(number)): there[chapter.path, block.span]
        for chapter in whole.chapters
        for block, number in paragraphs(chapter)
        if number and (chapter.path, block.span) in there
    }

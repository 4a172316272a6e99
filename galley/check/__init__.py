"""Step 3: check the report with a tuple of rules, each a function that looks at all of it and yields what is wrong.

What only follows from another mistake is not reported again: an editor reads each mistake once, where it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from galley.bind import evaluate, index, place_of
from galley.check import claims, consistency, data, discussion, issue, references, restriction, text, typed
from galley.check.subject import Quotation, Subject
from galley.diagnostics import Diagnostic, ordered

if TYPE_CHECKING:
    from galley.bind import Index
    from galley.model import Report
    from galley.source import SourceTree

Rule = Callable[[Subject], Iterator[Diagnostic]]

RULES: tuple[Rule, ...] = (
    references.unknown_ids,
    references.chapters_missing,
    references.chapters_unlisted,
    references.chapters_named_twice,
    references.broken_links,
    references.no_audiences,
    text.expressions_without_value,
    text.duplicate_labels,
    typed.typed_figures,
    claims.claims_contradicted,
    claims.claims_with_other_figures,
    data.decimals_out_of_range,
    data.ranges_without_order,
    data.values_out_of_range,
    data.numbers_too_long,
    data.big_jumps,
    data.sums_that_differ,
    data.tiles,
    data.target_bounds,
    consistency.means_that_differ,
    consistency.shares_off_100,
    consistency.areas_before_their_time,
    consistency.same_series,
    consistency.mixed_statuses,
    consistency.across_breaks,
    consistency.superseded_sources,
    consistency.targets_untreated,
    consistency.proposals_not_told_once,
    restriction.restricted_references,
    restriction.restricted_citations,
    restriction.restricted_links,
    discussion.responses,
    discussion.meetings,
    issue.numbers,
    issue.signatures,
)

# What is worth knowing but no mistake; shown by `check --notes`.
NOTES: tuple[Rule, ...] = (consistency.unused_indicators,)


def check(report: Report, tree: SourceTree, rules: tuple[Rule, ...] = RULES) -> tuple[Diagnostic, ...]:
    """What is wrong with a report that could be read; `tree` is what it was read from.

    Each diagnostic stands once, by file, line and column.
    """
    lookup = index(report.contents)
    subject = Subject(report, lookup, tree, tuple(_quotations(lookup)))
    return ordered(found for rule in rules for found in rule(subject))


def _quotations(lookup: Index) -> Iterator[Quotation]:
    """Every expression with its value; none without a region, for nothing could be computed."""
    if lookup.region not in lookup.areas:
        return
    for chapter in lookup.contents.chapters:
        place = place_of(chapter, lookup)
        for block in chapter.blocks:
            for citation in block.citations:
                yield Quotation(chapter, block, citation, evaluate(citation, place))

"""What changed in the data between two drafts: values, their status and their source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from galley.model import Contents, Observation


@dataclass(frozen=True, slots=True)
class ObservationChange:
    """An observation of an indicator that both drafts know, as it was and as it is; None where it was not there."""

    before: Observation | None
    after: Observation | None

    @property
    def either(self) -> Observation:
        """The newer of the two: both have the same indicator, area and period."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - a change has one side at least
        return found


@dataclass(frozen=True, slots=True)
class DataChanges:
    """The indicators that were added and removed, by id, and the observations of the others that changed."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[ObservationChange, ...] = ()


def compare_data(old: Contents, new: Contents) -> DataChanges:
    """The changes in the order of the new draft's files; an audience mark is no part of an observation."""
    before = {one.id: one for one in old.indicators}
    after = {one.id: one for one in new.indicators}
    changed: list[ObservationChange] = []
    for name in (one for one in after if one in before):
        changed += _observations(before[name].observations, after[name].observations)
    added = tuple(one for one in after if one not in before)
    return DataChanges(added, tuple(one for one in before if one not in after), tuple(changed))


def _observations(old: tuple[Observation, ...], new: tuple[Observation, ...]) -> Iterator[ObservationChange]:
    before = {(one.area, one.period): one for one in old}
    after = {(one.area, one.period): one for one in new}
    for key in dict.fromkeys((*after, *before)):
        was, now = before.get(key), after.get(key)
        if _said(was) != _said(now):
            yield ObservationChange(was, now)


def _said(one: Observation | None) -> tuple[object, ...]:
    return () if one is None else (one.value, one.status, one.source)

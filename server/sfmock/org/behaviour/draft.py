"""A row on its way into the store, as the rules of standard objects see and complete it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from sfmock.org.dml.plan import Plan, Row
from sfmock.org.dml.sequences import Sequences
from sfmock.org.dml.store import Store
from sfmock.schema.model import SObject
from sfmock.store.database import Value


@dataclass(slots=True)
class Draft:
    """A create or an update: `values` holds what will be written, `old` the row before an update."""

    plan: Plan
    values: Row
    supplied: frozenset[str]
    """The fields that the caller named."""
    old: Row | None
    record_id: str
    now: str
    """The moment of the write, as system fields hold it."""
    store: Store
    sequences: Sequences
    user_id: str
    """Who writes."""
    existing: str | None = None
    """The row that a create answers with instead of making one."""

    @property
    def creating(self) -> bool:
        """Whether this is a create."""
        return self.old is None

    def __getitem__(self, name: str) -> Value:
        """A field's value as it will be after the write."""
        if name in self.values or self.old is None:
            return self.values.get(name)
        return self.old.get(name)

    def before(self, name: str) -> Value:
        """A field's value before the write."""
        return None if self.old is None else self.old.get(name)

    def changes(self, *names: str) -> bool:
        """Whether this write is a create or gives one of these fields another value."""
        old = self.old
        if old is None:
            return True
        values = self.values
        return any(name in values and values[name] != old.get(name) for name in names)

    def truth(self, name: str, value: bool) -> None:
        """Set a checkbox."""
        self.values[name] = int(value)


@dataclass(slots=True)
class Change:
    """What a write does to one row: `before` is None for a create or an undelete, `after` for a delete."""

    sobject: SObject
    before: Row | None
    after: Row | None
    store: Store
    user_id: str
    now: str
    """The moment of the write, as system fields hold it."""
    cleared: bool = False
    """Nobody wrote the row: a reference in it was cleared, for the row that it named is deleted."""

    @property
    def row(self) -> Row:
        """The row as it is, or as it was when it was deleted."""
        return self.after or self.before or {}

    def touches(self, *names: str) -> bool:
        """Whether the row comes or goes, or one of these fields has another value than before."""
        before, after = self.before, self.after
        if before is None or after is None:
            return True
        return any(before.get(name) != after.get(name) for name in names)


Rule: TypeAlias = Callable[[Draft], None]
"""Completes a draft before it is written, or follows it up afterwards; raises to refuse it."""

ChangeRule: TypeAlias = Callable[[Change], None]
"""Follows up a row that was written, deleted or brought back, or raises to forbid what is about to happen to it."""

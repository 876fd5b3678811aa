"""Roll-up summaries: a master's numbers follow its details within the write that changed them (metadata.md 6.2).

Every write of a row passes `Store`, which asks here which masters it touches: the one that the row had, the one that it
gets. Their summaries are added up anew from the live details, which may in turn touch masters of theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from sfmock.org.dml.plan import Row
from sfmock.org.dml.rollup_filters import Matcher, matcher
from sfmock.schema.custom_computed import Find
from sfmock.schema.model import Field, SObject, Summary
from sfmock.store.database import Value
from sfmock.store.tables import quote

if TYPE_CHECKING:
    from sfmock.org.dml.store import Store

_EXACT = 1e9
"""Below it a double keeps six decimals exactly."""
_MILLION = 1_000_000
_STAMPS = ("LastModifiedDate", "LastModifiedById", "SystemModstamp")


@dataclass(frozen=True, slots=True, eq=False)
class Rollup:
    """The summaries of one master sobject over one reference of a detail sobject."""

    master: SObject
    child: SObject
    key: str
    fields: tuple[Field, ...]
    reads: tuple[str, ...]
    """The fields of the detail that decide about the result."""


Detail: TypeAlias = tuple[Value, ...]
Touched: TypeAlias = list[tuple[Rollup, str]]
"""Masters whose summaries a write changes."""


class Rollups:
    """The roll-up summaries of one org."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._token = -1
        self._of_children: dict[str, tuple[Rollup, ...]] = {}
        self._of_masters: dict[str, tuple[Rollup, ...]] = {}
        self._waiting: dict[tuple[str, str, str], tuple[Rollup, str, Row]] | None = None

    @contextmanager
    def together(self) -> Iterator[None]:
        """Sum up once for many rows, at the end of the block: Salesforce does it once for each 200 rows."""
        if self._waiting is not None:
            yield
            return
        self._waiting = {}
        try:
            yield
            waiting, self._waiting = self._waiting, None
            for rollup, master_id, written in waiting.values():
                self.sum_up([(rollup, master_id)], written)
        finally:
            self._waiting = None

    def concern(self, sobject: SObject) -> bool:
        """Whether rows of an sobject are summed up, or sum others up."""
        self._learn()
        return sobject.name in self._of_children or sobject.name in self._of_masters

    def touched(self, sobject: SObject, record_id: str, changes: Row) -> Touched:
        """The masters that an update will touch; to be asked before it is made."""
        self._learn()
        if not self._of_children:
            return []
        found: Touched = []
        for rollup in self._of_children.get(sobject.name, ()):
            if not changes.keys().isdisjoint(rollup.reads):
                masters = {self._held(rollup, record_id), changes.get(rollup.key)}
                found.extend((rollup, each) for each in sorted(filter(None, map(_id, masters))))
        if changes.get("IsDeleted") == 0:  # it comes back, maybe after its details did
            found.extend((each, record_id) for each in self._of_masters.get(sobject.name, ()))
        return found

    def inserted(self, sobject: SObject, row: Row, *, stamps: bool) -> None:
        """Follow a new row: that of a detail, or of a master whose details were loaded before it."""
        self._learn()
        if not self._of_children:
            return
        for rollup in self._of_masters.get(sobject.name, ()):
            if self._details(rollup, str(row["Id"])):
                self.sum_up([(rollup, str(row["Id"]))], {})
        masters: Touched = [
            (rollup, str(row[rollup.key]))
            for rollup in self._of_children.get(sobject.name, ())
            if row.get(rollup.key) is not None and not row.get("IsDeleted")
        ]
        self.sum_up(masters, row if stamps else {})

    def sum_up(self, touched: Touched, written: Row) -> None:
        """Give these masters their summaries. One that changes so is modified by whoever wrote the detail.

        The Apex guide has it go through the save procedure then, so its stamps move (unverified).
        """
        if self._waiting is not None:
            for rollup, master_id in touched:
                key = (rollup.child.name, rollup.key, master_id)
                self._waiting[key] = (rollup, master_id, written)
            return
        stamps: Row = {name: written[name] for name in _STAMPS if name in written}
        for rollup, master_id in dict.fromkeys(touched):
            master = self._store.find(rollup.master, master_id)
            if master is None or master.get("IsDeleted"):
                continue  # in the recycle bin it keeps what it had
            values = self._values(rollup, master_id)
            changes = {name: value for name, value in values.items() if master[name] != value}
            if changes:
                plan = self._store.plan(rollup.master)
                own = {name: value for name, value in stamps.items() if name in plan.modified}
                self._store.update(plan, master_id, changes | own)

    def recalculate(self, master: SObject, now: str) -> None:
        """Sum up all rows of a sobject that got a new summary: only their `SystemModstamp` moves (Help 000387261)."""
        self._learn()
        rollups = self._of_masters.get(master.name, ())
        plan = self._store.plan(master)
        live = ' WHERE "IsDeleted" = 0' if plan.soft_delete else ""
        for (record_id,) in self._store.db.rows(f'SELECT "Id" FROM {plan.table}{live}'):
            self.sum_up([(each, str(record_id)) for each in rollups], {"SystemModstamp": now})

    def _learn(self) -> None:
        """Look up which summaries there are, once a schema."""
        catalogue = self._store.catalogue
        if catalogue.token == self._token:
            return
        self._token = catalogue.token
        groups: dict[tuple[str, str, str], list[Field]] = defaultdict(list)
        for sobject in catalogue.masters:
            for field in sobject.summaries:
                about = field.summary
                if about is not None:
                    groups[sobject.name, about.child, about.foreign_key].append(field)
        found = list(_rollups(catalogue.find, groups))
        self._of_children = _grouped((each.child.name, each) for each in found)
        self._of_masters = _grouped((each.master.name, each) for each in found)

    def _held(self, rollup: Rollup, record_id: str) -> Value:
        """The master of a detail as it is now."""
        plan = self._store.plan(rollup.child)
        sql = f'SELECT {quote(rollup.key)} FROM {plan.table} WHERE "Id" = ?'
        return self._store.db.value(sql, (record_id,))

    def _details(self, rollup: Rollup, master_id: str) -> list[Detail]:
        """The live details of a master: the values of the fields in `reads`."""
        if not self._store.tables.may_have_rows(rollup.child):
            return []
        plan = self._store.plan(rollup.child)
        live = ' AND "IsDeleted" = 0' if plan.soft_delete else ""
        columns = ", ".join(map(quote, rollup.reads))
        return self._store.db.rows(
            f"SELECT {columns} FROM {plan.table} WHERE {quote(rollup.key)} = ?{live}", (master_id,)
        )

    def _values(self, rollup: Rollup, master_id: str) -> Row:
        details = self._details(rollup, master_id)
        return {
            field.name: _value(rollup, field.summary, _matching(rollup, field.summary, details))
            for field in rollup.fields
            if field.summary is not None
        }


def _rollups(find: Find, groups: dict[tuple[str, str, str], list[Field]]) -> Iterator[Rollup]:
    for (master_name, child_name, key), fields in groups.items():
        master, child = find(master_name), find(child_name)
        if master is None or child is None:
            continue
        reads = {key, *(["IsDeleted"] if child.soft_delete else [])}
        for each in fields:
            if each.summary is not None:
                reads.update(name for name, _, _ in each.summary.filters)
                reads.update([each.summary.field] if each.summary.field else [])
        yield Rollup(master, child, key, tuple(fields), tuple(sorted(reads)))


def _grouped(pairs: Iterable[tuple[str, Rollup]]) -> dict[str, tuple[Rollup, ...]]:
    found: dict[str, list[Rollup]] = defaultdict(list)
    for name, rollup in pairs:
        found[name].append(rollup)
    return {name: tuple(each) for name, each in found.items()}


def _value(rollup: Rollup, summary: Summary, details: list[Detail]) -> Value:
    """The summary of these details: 0 for none, null for the least or greatest of none."""
    if summary.operation == "count":
        return float(len(details))
    place = rollup.reads.index(str(summary.field))
    numbers = [value for each in details if isinstance(value := each[place], int | float)]
    if summary.operation == "sum":
        return _sum(numbers)
    texts = [value for each in details if isinstance(value := each[place], str)]  # dates and times
    if summary.operation == "min":
        return min(texts, default=None) or min(map(float, numbers), default=None)
    return max(texts, default=None) or max(map(float, numbers), default=None)


def _sum(values: list[int | float]) -> float:
    """Added up in decimals, as Salesforce does: 0.1 + 0.2 is 0.3."""
    if all(abs(each) < _EXACT for each in values):
        millionths = [round(each * 1e6) for each in values]
        if all(each / _MILLION == value for each, value in zip(millionths, values, strict=True)):
            return sum(millionths) / _MILLION  # the usual case, in half the time
    return float(sum((Decimal(str(each)) for each in values), Decimal(0)))


def _matching(rollup: Rollup, summary: Summary, details: list[Detail]) -> list[Detail]:
    tests: list[tuple[int, Matcher]] = [
        (rollup.reads.index(name), matcher(rollup.child.by_name[name.lower()], operation, text))
        for name, operation, text in summary.filters
    ]
    if not tests:
        return details
    return [row for row in details if all(test(row[place]) for place, test in tests)]


def _id(value: Value) -> str:
    return value if isinstance(value, str) else ""

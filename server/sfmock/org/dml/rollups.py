"""Roll-up summaries: a master's numbers follow its details within the write that changed them (metadata.md 6.2).

Every write of a row passes `Store`, which asks here which masters it touches: the one that the row had, the one that it
gets. Their summaries are added up from the live details and follow each of them from then on, until a rollback; that may in
turn touch masters of theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sfmock.org.dml.line_totals import LINES, line_rollup
from sfmock.org.dml.plan import Row
from sfmock.org.dml.rollup_filters import matcher
from sfmock.org.dml.rollup_totals import Detail, Part, Rollup, Totals
from sfmock.schema.custom_computed import Find
from sfmock.schema.model import Field, SObject, Summary
from sfmock.store.tables import quote

if TYPE_CHECKING:
    from sfmock.org.dml.store import Store

_STAMPS = ("LastModifiedDate", "LastModifiedById", "SystemModstamp")
_MOST_KEPT = 256

Masters: TypeAlias = list[tuple[Rollup, str]]
"""Masters whose summaries a write changes."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A detail that a write is about to change, as it is before."""

    rollup: Rollup
    record_id: str
    before: Detail


class Rollups:
    """The roll-up summaries of one org."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._token = -1
        self._of_children: dict[str, tuple[Rollup, ...]] = {}
        self._of_masters: dict[str, tuple[Rollup, ...]] = {}
        self._of_lines: dict[str, Rollup | None] = {}
        self._waiting: dict[tuple[str, str, str], tuple[Rollup, str, Row]] | None = None
        self._kept: dict[tuple[Rollup, str], Totals] = {}
        self._undone = -1

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
                self._sum_up([(rollup, master_id)], written)
        finally:
            self._waiting = None

    def concern(self, sobject: SObject) -> bool:
        """Whether rows of an sobject are summed up, or sum others up."""
        self._learn()
        return bool(self._following(sobject)) or sobject.name in self._of_masters

    def touched(self, sobject: SObject, record_id: str, changes: Row) -> list[Touched]:
        """The details among the summaries' that an update will change; to be asked before it is made."""
        self._learn()
        rollups = self._following(sobject)
        if not rollups:
            return []
        return [
            Touched(each, record_id, self._detail(each, record_id))
            for each in rollups
            if not changes.keys().isdisjoint(each.reads)
        ]

    def updated(
        self, sobject: SObject, record_id: str, touched: list[Touched], changes: Row
    ) -> None:
        """Follow an update: the masters that the row had and has, or the row itself if it is a master that comes back."""
        masters: Masters = []
        for each in touched:
            after = self._detail(each.rollup, record_id)
            ids = {self._leave(each.rollup, each.before), self._join(each.rollup, after)}
            masters.extend((each.rollup, master) for master in sorted(filter(None, ids)))
        if changes.get("IsDeleted") == 0:  # maybe its details came back after it
            for rollup in self._of_masters.get(sobject.name, ()):
                self._known.pop((rollup, record_id), None)
                masters.append((rollup, record_id))
        if masters:
            self._sum_up(masters, changes)

    def inserted(self, sobject: SObject, row: Row, *, stamps: bool) -> None:
        """Follow a new row: that of a detail, or of a master whose details were loaded before it."""
        self._learn()
        record_id = str(row["Id"])
        for rollup in self._of_masters.get(sobject.name, ()):
            if self._details(rollup, record_id):
                self._sum_up([(rollup, record_id)], {})
        for rollup in self._following(sobject):
            master = row.get(rollup.key)
            if isinstance(master, str) and not row.get("IsDeleted"):
                known = self._known.get((rollup, master))
                if known is not None:
                    known.add(self._detail(rollup, record_id))
                self._sum_up([(rollup, master)], row if stamps else {})

    def of_lines(self, name: str, owner_id: str) -> tuple[int, dict[str, float]]:
        """How many live lines an owner has, and what their fields add up to: see `LINES`."""
        self._learn()
        rollup = self._of_line(name)
        if rollup is None:
            raise KeyError(f"the org has no {name}")
        totals = self._totals(rollup, owner_id).row()
        sums = {key: float(value or 0) for key, value in totals.items()}
        return int(sums.pop("")), sums

    def _following(self, sobject: SObject) -> tuple[Rollup, ...]:
        """The rollups that a row of an sobject counts in."""
        found = self._of_children.get(sobject.name, ())
        line = self._of_line(sobject.name) if sobject.name in LINES else None
        return found if line is None else (*found, line)

    def _of_line(self, name: str) -> Rollup | None:
        if name not in self._of_lines:
            self._of_lines[name] = line_rollup(name, self._store.catalogue.find)
        return self._of_lines[name]

    def forget(self) -> None:
        """Take nothing for known: rows were changed in another way than one by one."""
        self._kept.clear()

    def _sum_up(self, masters: Masters, written: Row) -> None:
        """Give these masters their summaries. One that changes so is modified by whoever wrote the detail.

        The Apex guide has it go through the save procedure then, so its stamps move (unverified).
        """
        masters = [each for each in masters if each[0].writes]
        if self._waiting is not None:
            for rollup, master_id in masters:
                key = (rollup.child.name, rollup.key, master_id)
                self._waiting[key] = (rollup, master_id, written)
            return
        stamps: Row = {name: written[name] for name in _STAMPS if name in written}
        for rollup, master_id in dict.fromkeys(masters):
            master = self._store.find(rollup.master, master_id)
            if master is None or master.get("IsDeleted"):
                continue  # in the recycle bin it keeps what it had
            values = self._totals(rollup, master_id).row()
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
            self._sum_up([(each, str(record_id)) for each in rollups], {"SystemModstamp": now})

    def _learn(self) -> None:
        """Look up which summaries there are, once a schema."""
        catalogue = self._store.catalogue
        if catalogue.token == self._token:
            return
        self._token = catalogue.token
        self._of_lines.clear()
        self.forget()
        groups: dict[tuple[str, str, str], list[Field]] = defaultdict(list)
        for sobject in catalogue.masters:
            for field in sobject.summaries:
                about = field.summary
                if about is not None:
                    groups[sobject.name, about.child, about.foreign_key].append(field)
        found = list(_rollups(catalogue.find, groups))
        self._of_children = _grouped((each.child.name, each) for each in found)
        self._of_masters = _grouped((each.master.name, each) for each in found)

    @property
    def _known(self) -> dict[tuple[Rollup, str], Totals]:
        """Totals of the masters whose details were written last: another detail need not read all of them again."""
        if self._undone != self._store.db.undone:  # a rollback may have taken details back
            self._undone = self._store.db.undone
            self.forget()
        return self._kept

    def _totals(self, rollup: Rollup, master_id: str) -> Totals:
        """What a master's details add up to, read from the rows unless it is known."""
        found = self._known.get((rollup, master_id))
        if found is None:
            if len(self._kept) >= _MOST_KEPT:
                self.forget()
            found = self._kept[rollup, master_id] = Totals(rollup, self._details(rollup, master_id))
        return found

    def _join(self, rollup: Rollup, detail: Detail) -> str | None:
        """Count a detail in; answers its master."""
        master = rollup.master_of(detail)
        known = None if master is None else self._known.get((rollup, master))
        if known is not None:
            known.add(detail)
        return master

    def _leave(self, rollup: Rollup, detail: Detail) -> str | None:
        """Take a detail out; answers its master."""
        master = rollup.master_of(detail)
        known = None if master is None else self._known.get((rollup, master))
        if master is not None and known is not None and not known.remove(detail):
            del self._kept[rollup, master]
        return master

    def _detail(self, rollup: Rollup, record_id: str) -> Detail:
        """A detail as it is now."""
        plan = self._store.plan(rollup.child)
        columns = ", ".join(map(quote, rollup.reads))
        sql = f'SELECT {columns} FROM {plan.table} WHERE "Id" = ?'
        return self._store.db.row(sql, (record_id,)) or (None,) * len(rollup.reads)

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


def _rollups(find: Find, groups: dict[tuple[str, str, str], list[Field]]) -> Iterator[Rollup]:
    for (master_name, child_name, key), fields in groups.items():
        master, child = find(master_name), find(child_name)
        if master is None or child is None:
            continue
        summaries = [(each.name, each.summary) for each in fields if each.summary is not None]
        reads = {key, *(["IsDeleted"] if child.soft_delete else [])}
        for _, summary in summaries:
            reads.update(name for name, _, _ in summary.filters)
            reads.update([summary.field] if summary.field else [])
        order = tuple(sorted(reads))
        parts = tuple(_part(child, order, name, summary) for name, summary in summaries)
        yield Rollup(master, child, key, order, parts)


def _part(child: SObject, reads: tuple[str, ...], name: str, summary: Summary) -> Part:
    return Part(
        name,
        summary.operation,
        None if summary.field is None else reads.index(summary.field),
        tuple(
            (reads.index(field), matcher(child.by_name[field.lower()], operation, text))
            for field, operation, text in summary.filters
        ),
    )


def _grouped(pairs: Iterable[tuple[str, Rollup]]) -> dict[str, tuple[Rollup, ...]]:
    found: dict[str, list[Rollup]] = defaultdict(list)
    for name, rollup in pairs:
        found[name].append(rollup)
    return {name: tuple(each) for name, each in found.items()}

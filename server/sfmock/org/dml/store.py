"""Rows of any sobject by id: reading for the rules, writing for DML."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sfmock.errors import refuse
from sfmock.org.changes import ChangeLog
from sfmock.org.dml.plan import Plan, Row, plan_of
from sfmock.org.dml.rollups import Rollups
from sfmock.org.dml.sequences import Sequences
from sfmock.org.locks import Locks
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import Field, SObject
from sfmock.store.database import Database, Value
from sfmock.store.fold import fold
from sfmock.store.tables import Tables, quote


class Store:
    """The org's tables, seen as rows of field names and values.

    Every write of a record goes through `insert`, `update` and `remove`: there locked rows are respected, and what a
    snapshot will be compared with is noted.
    """

    def __init__(
        self,
        db: Database,
        tables: Tables,
        catalogue: Callable[[], Catalogue],
        sequences: Sequences,
        *,
        locks: Locks,
        changes: ChangeLog,
    ) -> None:
        self.db = db
        self.tables = tables
        self.sequences = sequences
        self._catalogue = catalogue
        self._locks = locks
        self._changes = changes
        self._plans: dict[str, Plan] = {}
        self.rollups = Rollups(self)

    @property
    def catalogue(self) -> Catalogue:
        """All sobjects at this moment."""
        return self._catalogue()

    def plan(self, sobject: SObject) -> Plan:
        """The write plan of an sobject with all its fields, whose table exists from here on."""
        sobject = sobject.whole or sobject
        self.tables.ensure(sobject)
        found = self._plans.get(sobject.name)
        if found is None or found.sobject is not sobject:
            found = self._plans[sobject.name] = plan_of(sobject)
        return found

    def find(self, sobject: SObject, record_id: str) -> Row | None:
        """A row by its 18-character id, deleted or not."""
        if not self.tables.may_have_rows(sobject):
            return None
        plan = self.plan(sobject)
        values = self.db.row(plan.select, (record_id,))
        return None if values is None else dict(zip(plan.names, values, strict=True))

    def part(self, plan: Plan, record_id: str, names: Iterable[str]) -> Row | None:
        """These fields of a row, and those that every update looks at."""
        sql, columns = plan.select_part(tuple(names))
        values = self.db.row(sql, (record_id,))
        return None if values is None else dict(zip(columns, values, strict=True))

    def named(self, name: str, record_id: str) -> Row | None:
        """A live row of an sobject by name; None too where the org lacks the sobject."""
        sobject = self.catalogue.find(name)
        row = None if sobject is None else self.find(sobject, record_id)
        return None if row is None or row.get("IsDeleted") else row

    def ids(self, sobject: SObject, field: Field, value: Value, *, live: bool = True) -> list[str]:
        """The ids of the rows in which a field has this value, in any case unless the field minds it."""
        if not self.tables.may_have_rows(sobject):
            return []
        plan = self.plan(sobject)
        column = plan.column(field.name)
        name = field.name
        if column.shadow is not None and not field.case_sensitive and isinstance(value, str):
            name, value = column.shadow, fold(value)
        condition = ' AND "IsDeleted" = 0' if live and plan.soft_delete else ""
        found = self.db.rows(
            f'SELECT "Id" FROM {plan.table} WHERE {quote(name)} = ?{condition} ORDER BY "Id"',
            (value,),
        )
        return [str(each) for (each,) in found]

    def present(self, name: str) -> bool:
        """Whether the sobject of this name has a table yet: one that nobody has touched has none."""
        sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        return self.db.value(sql, (name,)) is not None

    def new_id(self, sobject: SObject) -> str:
        """The next id of an sobject."""
        if sobject.id_prefix is None:
            raise refuse(f"ids of {sobject.name}, which has no key prefix")
        self.plan(sobject)
        return self.sequences.record_id(sobject.id_prefix, sobject.name)

    def number(self, sobject: SObject) -> int:
        """How many live rows there are."""
        if not self.tables.may_have_rows(sobject):
            return 0
        live = ' WHERE "IsDeleted" = 0' if sobject.soft_delete else ""
        return int(self.db.value(f"SELECT COUNT(*) FROM {self.plan(sobject).table}{live}") or 0)

    def insert(self, plan: Plan, row: Row, *, stamps: bool = True) -> None:
        """Add a row; its values are not null. Its masters are summed up, and unless `stamps` is False modified by it.

        Raises UNABLE_TO_LOCK_ROW where a master is locked.
        """
        if self._locks.any:
            self._locks.check(_named(plan.masters, row))
        if plan.zeros:
            row = plan.zeros | row
        self.db.execute(*plan.insert(row))
        if self._changes.recording:
            self._changes.note_new(plan.sobject.name, row["Id"])
        self.rollups.inserted(plan.sobject, row, stamps=stamps)

    def take(self, plan: Plan, rows: Iterable[Row]) -> None:
        """Add many rows as they are: as `insert` without stamps, in few statements."""
        rows = [plan.zeros | row for row in rows] if plan.zeros else list(rows)
        if self._locks.any:
            for row in rows:
                self._locks.check(_named(plan.masters, row))
        for sql, values in plan.inserts(rows):
            self.db.execute_many(sql, values)
        if self._changes.recording:
            for row in rows:
                self._changes.note_new(plan.sobject.name, row["Id"])
        if self.rollups.concern(plan.sobject):
            for row in rows:
                self.rollups.inserted(plan.sobject, row, stamps=False)

    def update(self, plan: Plan, record_id: str, changes: Row) -> None:
        """Write some fields of a row; its masters are summed up.

        Raises UNABLE_TO_LOCK_ROW where the row, its old or its new master is locked.
        """
        if self._locks.any:
            masters = [*self._masters(plan, record_id), *_named(plan.masters, changes)]
            self._locks.check([record_id, *masters])
        if self._changes.recording:
            self._changes.note_old(plan.sobject.name, record_id, changes)
        touched = self.rollups.touched(plan.sobject, record_id, changes)
        self.db.execute(*plan.update(record_id, changes))
        if touched or changes.get("IsDeleted") == 0:
            self.rollups.updated(plan.sobject, record_id, touched, changes)

    def is_free(self, sobject: SObject) -> bool:
        """Whether writes of its rows concern nothing but them: no row is locked, no snapshot stands, nothing is summed up."""
        busy = self._locks.any or self._changes.recording
        return not (busy or self.rollups.concern(sobject))

    def update_if(self, plan: Plan, record_id: str, changes: Row, condition: str) -> bool:
        """Write some fields of a live row that meets a condition; answers whether it did. Only where `is_free`."""
        return self.db.execute(*plan.update_if(record_id, changes, condition)) > 0

    def remove(self, plan: Plan, record_id: str) -> None:
        """Take a row away for good; raises UNABLE_TO_LOCK_ROW where it or its master is locked."""
        if self._locks.any:
            self._locks.check([record_id, *self._masters(plan, record_id)])
        if self._changes.recording:
            self._changes.note_old(plan.sobject.name, record_id, plan.names)
        self.db.execute(f'DELETE FROM {plan.table} WHERE "Id" = ?', (record_id,))
        self.rollups.forget()

    def _masters(self, plan: Plan, record_id: str) -> list[Value]:
        row = self.find(plan.sobject, record_id) if plan.masters else None
        return [] if row is None else _named(plan.masters, row)


def _named(names: Iterable[str], row: Row) -> list[Value]:
    return [value for name in names if (value := row.get(name)) is not None]

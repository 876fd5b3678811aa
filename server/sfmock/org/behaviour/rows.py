"""Other rows, as the rules of one row read and change them."""

from __future__ import annotations

from typing import Protocol

from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Draft
from sfmock.org.dml.plan import Plan, Row
from sfmock.org.dml.store import Store
from sfmock.schema.model import SObject
from sfmock.store.database import Value
from sfmock.store.tables import quote


class Writer(Protocol):
    """Who writes, where and when: a draft or a change."""

    @property
    def store(self) -> Store:
        """The org's tables."""
        ...

    @property
    def user_id(self) -> str:
        """Who writes."""
        ...

    @property
    def now(self) -> str:
        """The moment, as system fields hold it."""
        ...


def parent(draft: Draft, field: str, name: str) -> Row:
    """The live row that a reference of a draft names; refuses one that only a load can have left without it."""
    row = draft.store.named(name, str(draft[field]))
    if row is None:
        raise refuse(f"a {draft.plan.sobject.label} whose {field} names no {name}")
    return row


def change_row(by: Writer, name: str, row: Row, values: Row) -> bool:
    """Write what differs from the row, and that it was modified; answers whether anything did."""
    sobject = by.store.catalogue.find(name)
    changes = {field: value for field, value in values.items() if row.get(field) != value}
    if sobject is None or not changes:
        return False
    plan = by.store.plan(sobject)
    by.store.update(plan, str(row["Id"]), changes | plan.modification(by.user_id, by.now))
    return True


def find(store: Store, name: str, record_id: str) -> Row | None:
    """A row of an sobject by name, deleted or not."""
    sobject = store.catalogue.find(name)
    return None if sobject is None else store.find(sobject, record_id)


def live(store: Store, name: str, **values: Value) -> list[Row]:
    """The live rows of an sobject whose fields have these values, oldest first."""
    return [row for row in kept(store, name, **values) if not row.get("IsDeleted")]


def kept(store: Store, name: str, **values: Value) -> list[Row]:
    """Those in the recycle bin, too: they may come back, and have to be up to date then."""
    sobject = _used(store, name)
    if sobject is None:
        return []
    plan = store.plan(sobject)
    columns = ", ".join(map(quote, plan.names))
    condition = " AND ".join(f"{quote(each)} = ?" for each in values) or "1"
    found = store.db.rows(
        f'SELECT {columns} FROM {plan.table} WHERE {condition} ORDER BY "Id"',
        tuple(values.values()),
    )
    return [dict(zip(plan.names, each, strict=True)) for each in found]


def first(store: Store, name: str, **values: Value) -> Row | None:
    """The live row among them that was made first; how many others there are does not matter."""
    sobject = _used(store, name)
    if sobject is None:
        return None
    plan = store.plan(sobject)
    columns = ", ".join(map(quote, plan.names))
    found = store.db.row(
        # In an index, equal values come in this order; that of the ids would have to be sorted.
        f"SELECT {columns} FROM {plan.table} WHERE {_condition(plan, values)} ORDER BY rowid LIMIT 1",
        tuple(values.values()),
    )
    return None if found is None else dict(zip(plan.names, found, strict=True))


def exists(store: Store, name: str, **values: Value) -> bool:
    """Whether there is such a live row."""
    sobject = _used(store, name)
    if sobject is None:
        return False
    plan = store.plan(sobject)
    return (
        store.db.value(
            f"SELECT 1 FROM {plan.table} WHERE {_condition(plan, values)} LIMIT 1",
            tuple(values.values()),
        )
        is not None
    )


def _used(store: Store, name: str) -> SObject | None:
    """The sobject of this name if it may have rows; one that nobody has touched is not even looked up."""
    return store.catalogue.find(name) if name in store.tables.used() else None


def _condition(plan: Plan, values: Row) -> str:
    parts = [f"{quote(name)} = ?" for name in values]
    if plan.soft_delete:
        parts.append('"IsDeleted" = 0')
    return " AND ".join(parts) or "1"

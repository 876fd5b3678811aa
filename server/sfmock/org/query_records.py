"""Nested results as records for Python code."""

from __future__ import annotations

from sfmock.org.dml import blobs
from sfmock.org.record import Python, Record, python_value
from sfmock.soql.shape import Cell, ChildPage, Nested, NestedItem
from sfmock.store.database import Database, Value


def record(db: Database, found: Nested) -> Record:
    """A record with its parents, and its children as lists."""
    values = {key: _python(db, item) for key, item in found.items.items()}
    return Record(found.sobject, found.id, values)


def _python(db: Database, item: NestedItem) -> Python:
    def blob(key: Value) -> bytes:
        return blobs.read(db, key)

    match item:
        case None | str():
            return item
        case Cell(field, value):
            return python_value(field, value, blob)
        case Nested():
            return record(db, item)
        case list() | ChildPage():
            children = item.records if isinstance(item, ChildPage) else item
            return [record(db, each) for each in children]
        case _:
            return {key: _python(db, cell) for key, cell in item.items()}

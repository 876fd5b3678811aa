"""A record while something is computed from it: fields, parents and formulas are read when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from sfmock.errors import refuse
from sfmock.org.dml import blobs
from sfmock.org.dml.plan import Row, plan_of
from sfmock.org.record import compound_value, python_value
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import REAL_TYPES, Field, SObject
from sfmock.store.database import Database, Value
from sfmock.store.tables import Tables

Compute: TypeAlias = "Callable[[Field, str], Value]"
"""The stored form of a formula field's value for the row of this id."""

_NUMBERS = REAL_TYPES | {"int", "long"}


class LiveRecord(Mapping[str, Any]):
    """One record by field name, in any case; `record["Account"]["Name"]` is None where there is no account.

    An absent parent is false and holds None in every field (False in checkboxes), as a blank reference does in a formula.
    """

    __slots__ = ("_reader", "_row", "_sobject", "_zero", "id")

    def __init__(
        self, reader: Reader, sobject: SObject, record_id: str, row: Row, *, zero: bool
    ) -> None:
        self._reader = reader
        self._sobject = sobject
        self._row = row
        self._zero = zero
        self.id = record_id
        """The 18-character id; empty for an absent parent."""

    @property
    def sobject(self) -> str:
        """The sobject's name."""
        return self._sobject.name

    def __getitem__(self, name: str) -> Any:
        """A field's Python value, or a parent; raises KeyError for what the sobject has not."""
        field = self._sobject.find(name)
        if field is not None:
            return self._value(field)
        reference = self._sobject.by_relationship.get(name.lower())
        if reference is None:
            raise KeyError(f"{self.sobject} has neither a field nor a parent {name!r}")
        return self._reader.parent(reference, self._row.get(reference.name), zero=self._zero)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (
            self._sobject.find(name) is not None or name.lower() in self._sobject.by_relationship
        )

    def __iter__(self) -> Iterator[str]:
        return (field.name for field in self._sobject.fields)

    def __len__(self) -> int:
        return len(self._sobject.fields)

    def __bool__(self) -> bool:
        return bool(self.id)

    def __repr__(self) -> str:
        return f"<LiveRecord {self.sobject} {self.id or 'absent'}>"

    def _value(self, field: Field) -> Any:
        if field.is_compound:
            return compound_value(self._sobject, field, self._row, self._reader.blob)
        if field.formula is None:
            stored = self._row.get(field.name)
        else:
            stored = self._reader.compute(field, self.id) if self.id else None
        if stored is None and self._zero and field.type in _NUMBERS:
            return Decimal(0)
        return python_value(field, stored, self._reader.blob)


class Reader:
    """Makes records of rows."""

    def __init__(
        self,
        db: Database,
        tables: Tables,
        catalogue: Callable[[], Catalogue],
        compute: Compute,
    ) -> None:
        self._db = db
        self._tables = tables
        self._catalogue = catalogue
        self.compute = compute

    def record(self, sobject: SObject, record_id: str, *, zero: bool = False) -> LiveRecord | None:
        """The record of this id, deleted or not; with `zero` its empty numbers are 0."""
        row = self._row(sobject, record_id)
        return None if row is None else LiveRecord(self, sobject, record_id, row, zero=zero)

    def blob(self, key: Value) -> bytes:
        """The bytes of a base64 field."""
        return blobs.read(self._db, key)

    def parent(self, reference: Field, value: Value, *, zero: bool) -> LiveRecord:
        """The live row that a reference names, or an absent one."""
        parent = self._parent(reference, value)
        row = self._row(parent, value) if isinstance(value, str) else None
        if row is None or row.get("IsDeleted"):
            return LiveRecord(self, parent, "", {}, zero=zero)
        return LiveRecord(self, parent, str(value), row, zero=zero)

    def _parent(self, reference: Field, value: Value) -> SObject:
        catalogue = self._catalogue()
        found = catalogue.by_id(value) if isinstance(value, str) else None
        names = (name for name in reference.reference_to)
        found = found or next((each for each in map(catalogue.find, names) if each), None)
        if found is None:
            raise refuse(f"parents of type {', '.join(reference.reference_to)}")
        return found

    def _row(self, sobject: SObject, record_id: str) -> Row | None:
        """A row, read once a SELECT: the rows of a query often share their parents."""
        memo = self._db.memo
        if memo is None:
            return self._read(sobject, record_id)
        if record_id not in memo:
            memo[record_id] = self._read(sobject, record_id)
        found: Row | None = memo[record_id]
        return found

    def _read(self, sobject: SObject, record_id: str) -> Row | None:
        if not self._tables.may_have_rows(sobject):
            return None
        if not self._tables.ready(sobject):
            self._db.unbounded(lambda: self._tables.ensure(sobject))
        plan = plan_of(sobject)
        found = self._db.row(plan.select, (record_id,))
        return None if found is None else dict(zip(plan.names, found, strict=True))

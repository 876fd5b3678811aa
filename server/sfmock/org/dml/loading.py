"""Rows taken over as a backup holds them: no rule runs, what is given stays (api.md, `load`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sfmock import ids
from sfmock.org.behaviour import metadata_type, numbers, owned_sets
from sfmock.org.behaviour.person import full_name
from sfmock.org.behaviour.table import PERSONS
from sfmock.org.dml import blobs, deletions, recycle_bin
from sfmock.org.dml.numbering import give_numbers, note_numbers
from sfmock.org.dml.plan import Column, Plan, Row
from sfmock.org.dml.sequences import Sequences
from sfmock.org.dml.store import Store
from sfmock.org.dml.values import Unfit
from sfmock.schema.model import SObject
from sfmock.store.database import Value

_STAMPS = ("CreatedDate", "LastModifiedDate", "SystemModstamp")


def load_rows(
    store: Store,
    sequences: Sequences,
    sobject: SObject,
    rows: Iterable[Mapping[str, object]],
    *,
    now: str,
) -> None:
    """Store rows; missing ids, names of persons and stamps are filled in."""
    plan = store.plan(sobject)
    read = [_row(plan, each) for each in rows]
    for row in read:
        note_numbers(plan, row, sequences)
    for row in read:
        if "Id" in row:
            sequences.skip_id(str(row["Id"]))
        else:
            row["Id"] = sequences.record_id(str(sobject.id_prefix), sobject.name)
        _complete(plan, row, now)
        numbers.keep(sequences, sobject.name, row)
        blobs.keep_all(store.db, plan, row)
        give_numbers(plan, row, sequences, str(row.get("CreatedDate") or now))
        store.insert(plan, row, stamps=False)
        if row.get("IsDeleted"):
            record_id = str(row["Id"])
            recycle_bin.put(store.db, sobject, record_id, record_id, now)
            deletions.log(store.db, sobject, record_id, str(row.get("SystemModstamp", now)))
        owned_sets.follow_loaded(store, sequences, sobject.name, str(row["Id"]))


def _row(plan: Plan, given: Mapping[str, object]) -> Row:
    row: Row = {}
    for key, raw in given.items():
        if key == "attributes":
            continue
        column = plan.columns.get(key.lower())
        if column is None:
            raise LookupError(f"{plan.sobject.name} has no field {key!r}")
        if raw is None or not column.field.stored:
            continue  # compound values come from their parts, formulas are computed
        try:
            value = _stored(column, raw)
        except Unfit:
            raise ValueError(f"{plan.sobject.name}.{column.name} cannot hold {raw!r}") from None
        if value is not None:
            row[column.name] = _canonical(plan, column.name, value)
    if "Id" in row and str(row["Id"])[:3] != plan.sobject.id_prefix:
        raise ValueError(f"{row['Id']} is no id of {plan.sobject.name}")
    return row


def _stored(column: Column, raw: object) -> Value:
    """The stored value; rows may hold checkboxes as 0 and 1, which is how they are stored."""
    if column.field.type == "boolean" and type(raw) is int and raw in (0, 1):
        return raw
    return column.parse(raw)


def _canonical(plan: Plan, name: str, value: Value) -> Value:
    if not plan.column(name).field.is_id:
        return value
    record_id = ids.canonical(value)
    if record_id is None:
        raise ValueError(f"{plan.sobject.name}.{name} cannot hold {value!r}: it is no record id")
    return record_id


def _complete(plan: Plan, row: Row, now: str) -> None:
    for name in _STAMPS:
        if name.lower() in plan.columns:
            row.setdefault(name, now)
    if plan.sobject.name.endswith("__mdt") and "DeveloperName" in row:
        metadata_type.complete(row)
    if plan.sobject.name in PERSONS and "Name" not in row:
        full = full_name(row)
        if full is not None:
            row["Name"] = full

"""Rows taken over as a backup holds them: no rule runs, what is given stays (api.md, `load`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from sfmock import ids
from sfmock.org.behaviour import metadata_type, numbers, owned_sets
from sfmock.org.behaviour.person import full_name
from sfmock.org.behaviour.table import PERSONS
from sfmock.org.dml import blobs, recycle_bin
from sfmock.org.dml.numbering import give_numbers, note_numbers
from sfmock.org.dml.plan import Plan, Row
from sfmock.org.dml.sequences import Sequences
from sfmock.org.dml.store import Store
from sfmock.org.dml.values import Parser, Unfit
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
    reader = _Reader(plan)
    read = [reader.row(each) for each in rows]
    for row in read:
        note_numbers(plan, row, sequences)
    _give_ids(sequences, sobject, read)
    stamps = [name for name in _STAMPS if name.lower() in plan.columns]
    for row in read:
        for name in stamps:
            row.setdefault(name, now)
        _complete(plan, row)
        numbers.keep(sequences, sobject.name, row)
        blobs.keep_all(store.db, plan, row)
        give_numbers(plan, row, sequences, str(row.get("CreatedDate") or now))
    store.take(plan, read)
    for row in read:
        record_id = str(row["Id"])
        if row.get("IsDeleted"):
            deleted = str(row.get("SystemModstamp", now))
            recycle_bin.put(store.db, sobject, record_id, record_id, deleted, now)
        owned_sets.follow_loaded(store, sequences, sobject.name, record_id)


class _Reader:
    """Reads rows of one sobject; what a key means is looked up once for all of them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._columns: dict[str, tuple[str, Parser | None]] = {}

    def row(self, given: Mapping[str, object]) -> Row:
        """The stored values of a row that is given, without nulls."""
        row: Row = {}
        columns = self._columns
        for key, raw in given.items():
            name, parse = columns.get(key) or self._column(key)
            if raw is None or parse is None:
                continue
            try:
                value = parse(raw)
            except Unfit:
                where = f"{self._plan.sobject.name}.{name}"
                raise ValueError(f"{where} cannot hold {raw!r}") from None
            if value is not None:
                row[name] = value
        if "Id" in row and str(row["Id"])[:3] != self._plan.sobject.id_prefix:
            raise ValueError(f"{row['Id']} is no id of {self._plan.sobject.name}")
        return row

    def _column(self, key: str) -> tuple[str, Parser | None]:
        """The field's name and what reads it; None for what has no column: compound values come from their parts."""
        found = self._columns[key] = self._look_up(key)
        return found

    def _look_up(self, key: str) -> tuple[str, Parser | None]:
        if key == "attributes":
            return key, None
        column = self._plan.columns.get(key.lower())
        if column is None:
            raise LookupError(f"{self._plan.sobject.name} has no field {key!r}")
        if not column.field.stored:
            return column.name, None
        if column.field.type == "boolean":
            return column.name, partial(_checkbox, column.parse)
        if column.field.is_id:
            return column.name, partial(
                _record_id, column.parse, f"{self._plan.sobject.name}.{column.name}"
            )
        return column.name, column.parse


def _checkbox(parse: Parser, raw: object) -> Value:
    """Rows may hold checkboxes as 0 and 1, which is how they are stored."""
    return raw if type(raw) is int and raw in (0, 1) else parse(raw)


def _record_id(parse: Parser, field: str, raw: object) -> Value:
    value = parse(raw)
    record_id = ids.canonical(value)
    if record_id is None and value is not None:
        raise ValueError(f"{field} cannot hold {value!r}: it is no record id")
    return record_id


def _give_ids(sequences: Sequences, sobject: SObject, rows: list[Row]) -> None:
    """Give ids to the rows without, and none that others bring."""
    sequences.skip_ids(str(row["Id"]) for row in rows if "Id" in row)
    without = [row for row in rows if "Id" not in row]
    made = sequences.record_ids(str(sobject.id_prefix), sobject.name, len(without))
    for row, record_id in zip(without, made, strict=True):
        row["Id"] = record_id


def _complete(plan: Plan, row: Row) -> None:
    if plan.sobject.name.endswith("__mdt") and "DeveloperName" in row:
        metadata_type.complete(row)
    if plan.sobject.name in PERSONS and "Name" not in row:
        full = full_name(row)
        if full is not None:
            row["Name"] = full

"""The answer to a query: rows filtered, grouped, sorted, cut and written, one after another (soql.md 3, 7, 8, 9, 11)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cmp_to_key
from typing import Any, TypeAlias

from naive.conditions import holds, operand_value, reader
from naive.data import Data, Row, by_id
from naive.groups import groups
from naive.tree import Call, Item, Operand, Order, Path, Query, TypeOf
from naive.values import compare_values, positions, written

JSON: TypeAlias = dict[str, Any]

_ADDRESS = (
    "city",
    "country",
    "geocodeAccuracy",
    "latitude",
    "longitude",
    "postalCode",
    "state",
    "street",
)


def answer(data: Data, query: Query, *, deleted: bool = False) -> tuple[int, list[JSON]]:
    """`totalSize` and the records; an aggregate's type stands in `attributes` as in a reply."""
    sobject = query.source
    rows = [
        row
        for row in by_id(data.rows[sobject])
        if _wanted(data, sobject, row, query, deleted=deleted)
    ]
    if query.counts:
        total = len(rows) if query.limit is None else min(len(rows), query.limit)
        return total, []
    if query.group or any(
        isinstance(each, Item) and _aggregates(each.operand) for each in query.select
    ):
        records = groups(data, sobject, rows, query, deleted=deleted)
    else:
        rows = sort_rows(data, sobject, rows, query.order, deleted=deleted)
        records = [
            _record(data, sobject, row, query.select, deleted=deleted) for row in _cut(rows, query)
        ]
        return len(records), records
    records = _cut(records, query)
    return len(records), records


def _aggregates(operand: Operand) -> bool:
    return isinstance(operand, Call) and operand.name in (
        "COUNT",
        "COUNT_DISTINCT",
        "SUM",
        "AVG",
        "MIN",
        "MAX",
    )


def _wanted(data: Data, sobject: str, row: Row, query: Query, *, deleted: bool) -> bool:
    if row.get("IsDeleted") and not deleted:
        return False
    if query.scope == "mine" and row.get("OwnerId") != data.user:
        return False
    return query.where is None or holds(
        data, reader(data, sobject, row, deleted=deleted), query.where, deleted=deleted
    )


def _cut(rows: list[Any], query: Query) -> list[Any]:
    start = query.offset or 0
    return rows[start : None if query.limit is None else start + query.limit]


def sort_rows(
    data: Data, sobject: str, rows: list[Row], order: Iterable[Order], *, deleted: bool
) -> list[Row]:
    """The rows by their sort keys; equal ones stay in id order."""
    for key in reversed(tuple(order)):
        kinds = {
            row["Id"]: operand_value(data, sobject, row, key.operand, deleted=deleted)[:2]
            for row in rows
        }
        positions = _positions(data, sobject, key.operand)

        def compare(
            one: Row, other: Row, key: Order = key, kinds: Any = kinds, positions: Any = positions
        ) -> int:
            return compare_values(
                key, kinds[one["Id"]][0], kinds[one["Id"]][1], kinds[other["Id"]][1], positions
            )

        rows = sorted(rows, key=cmp_to_key(compare))
    return rows


def _positions(data: Data, sobject: str, operand: Operand) -> dict[str, int]:
    if isinstance(operand, Path):
        return positions(data.end(sobject, operand)[1])
    return {}


def _record(
    data: Data, sobject: str, row: Row, select: Iterable[Item | TypeOf | Query], *, deleted: bool
) -> JSON:
    record: JSON = {"attributes": _attributes(sobject, row)}
    for each in select:
        match each:
            case Query():
                record[each.source] = _children(data, sobject, row, each, deleted=deleted)
            case TypeOf():
                record[each.relationship] = _typed(data, sobject, row, each, deleted=deleted)
            case Item(Path(()) as path, None):
                record[path.name] = _field(data, sobject, row, path.name)
            case Item(Path() as path, None):
                _nest(data, sobject, row, path, record, deleted=deleted)
            case Item(operand, alias):
                kind, value, _ = operand_value(data, sobject, row, operand, deleted=deleted)
                assert isinstance(operand, Call)
                assert isinstance(operand.argument, Path)
                record[alias or operand.argument.name] = written(kind, value)
    return record


def _attributes(sobject: str, row: Row, kind: str | None = None) -> JSON:
    return {"type": kind or sobject, "url": f"/sobjects/{sobject}/{row['Id']}"}


def _nest(data: Data, sobject: str, row: Row, path: Path, record: JSON, *, deleted: bool) -> None:
    """Put a parent's field into the parent's object, made at its first mention; null where the parent is not there."""
    for depth, step in enumerate(path.steps, 1):
        reference = data.reference(sobject, step)
        found = data.parent(sobject, row, step, deleted=deleted)
        if found is None:
            record.setdefault(step, None)
            return
        pseudo = "Name" if len(reference["referenceTo"]) > 1 else None
        sobject, row = found
        record = record.setdefault(step, {"attributes": _attributes(sobject, row, pseudo)})
        if pseudo and depth == len(path.steps):
            record[path.name] = sobject if path.name == "Type" else row.get(path.name)
            return
    record[path.name] = _field(data, sobject, row, path.name)


def _field(data: Data, sobject: str, row: Row, name: str) -> Any:
    about = data.about(sobject, name)
    if about["type"] == "address":
        parts = {
            part: row.get(f"{name.removesuffix('Address')}{part[0].upper()}{part[1:]}")
            for part in _ADDRESS
        }
        return parts if any(each is not None for each in parts.values()) else None
    if about["type"] == "location":
        latitude, longitude = (
            row.get(f"{name[:-1]}{part}__s") for part in ("Latitude", "Longitude")
        )
        return (
            None
            if latitude is None and longitude is None
            else {"latitude": latitude, "longitude": longitude}
        )
    return written(about["type"], row.get(name))


def _children(data: Data, sobject: str, row: Row, query: Query, *, deleted: bool) -> JSON | None:
    child, field = data.children(sobject, query.source)
    rows = [
        each
        for each in by_id(data.rows[child])
        if each.get(field) == row["Id"] and _wanted(data, child, each, query, deleted=deleted)
    ]
    rows = _cut(sort_rows(data, child, rows, query.order, deleted=deleted), query)
    if not rows:
        return None
    records = [_record(data, child, each, query.select, deleted=deleted) for each in rows]
    return {"totalSize": len(records), "done": True, "records": records}


def _typed(data: Data, sobject: str, row: Row, typeof: TypeOf, *, deleted: bool) -> JSON | None:
    found = data.parent(sobject, row, typeof.relationship, deleted=deleted)
    if found is None:
        return None
    target, parent = found
    for name, paths in typeof.cases:
        if name == target:
            return _record(data, target, parent, [Item(each) for each in paths], deleted=deleted)
    if not typeof.otherwise:
        return None
    record: JSON = {"attributes": _attributes(target, parent)}
    for each in typeof.otherwise:
        record[each.name] = target if each.name == "Type" else parent.get(each.name)
    return record

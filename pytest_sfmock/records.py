"""The rows of `sfmock_records`: read, and put in an order in which each may point to those before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sfmock.org.org import Org

_FORM = 'marker sfmock_records takes {sobject: [{field: value, …}, …]}, a row may have "@ref": name'


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a marker: `name` is its own "@ref", `points` its fields with the rows that they mean."""

    sobject: str
    fields: Mapping[str, object]
    name: str | None
    points: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.sobject} row {dict(self.fields)!r}"


def read(value: object) -> list[Row]:
    """The rows of one marker; raises UsageError for any other form."""
    if not isinstance(value, Mapping):
        raise pytest.UsageError(f"{_FORM}; not {value!r}")
    return [_row(sobject, row) for sobject, rows in value.items() for row in _list(rows)]


def in_order(rows: list[Row], known: Iterable[str] = ()) -> list[Row]:
    """The rows, each after those that it points to; raises UsageError for names that are unknown, doubled or circular.

    `known`: names of rows that are there already.
    """
    there = frozenset(known)
    names = [*there, *(row.name for row in rows if row.name is not None)]
    doubled = sorted({name for name in names if names.count(name) > 1})
    unknown = sorted({name for row in rows for name in row.points.values()} - set(names))
    if doubled:
        raise pytest.UsageError(f'sfmock_records: several rows have "@ref": {", ".join(doubled)}')
    if unknown:
        raise pytest.UsageError(
            f'sfmock_records: no row has "@ref": {", ".join(unknown)};'
            f" there are {', '.join(sorted(names)) or 'none'} (a text that begins with @ is written @@)"
        )
    ordered: list[Row] = []
    done: set[str | None] = set(there)
    waiting = rows
    while waiting:
        later: list[Row] = []
        for row in waiting:
            ready = done.issuperset(row.points.values())
            (ordered if ready else later).append(row)
            done |= {row.name} if ready else set()
        if len(later) == len(waiting):
            circle = ", ".join(f"@{row.name}" for row in later)
            raise pytest.UsageError(
                f"sfmock_records: rows point to each other in a circle: {circle}"
            )
        waiting = later
    return ordered


def insert(org: Org, rows: list[Row], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Insert rows in this order, under the rules of the REST API; answers the ids of all that have a name.

    `known`: those of rows that are there already. Raises UsageError with the row that was refused.
    """
    from sfmock.errors import SalesforceError

    ids = dict(known or {})
    for row in rows:
        fields = {**row.fields, **{field: ids[name] for field, name in row.points.items()}}
        try:
            record_id = org.insert(row.sobject, fields).id
        except SalesforceError as error:
            raise pytest.UsageError(f"sfmock_records: {row}: {error}") from None
        if row.name is not None:
            ids[row.name] = record_id
    return ids


def _list(rows: object) -> Iterator[Mapping[object, object]]:
    for row in rows if isinstance(rows, list | tuple) else [rows]:
        if not isinstance(row, Mapping):
            raise pytest.UsageError(f"{_FORM}; not {row!r}")
        yield row


def _row(sobject: object, row: Mapping[object, object]) -> Row:
    name = row.get("@ref")
    if not isinstance(sobject, str) or not isinstance(name, str | None):
        raise pytest.UsageError(f"{_FORM}; not {sobject!r}: {dict(row)!r}")
    fields = {str(field): value for field, value in row.items() if field != "@ref"}
    points = {
        field: value[1:]
        for field, value in fields.items()
        if isinstance(value, str) and value.startswith("@") and not value.startswith("@@")
    }
    plain = {
        field: value[1:] if isinstance(value, str) and value.startswith("@@") else value
        for field, value in fields.items()
        if field not in points
    }
    return Row(sobject, plain, name, points)

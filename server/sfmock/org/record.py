"""A record as Python code meets it: a read-only mapping of field to Python value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeAlias

from sfmock.errors import Refused, refuse
from sfmock.schema.anytype import decode_exact
from sfmock.schema.model import REAL_TYPES, Field, SObject
from sfmock.soql.compounds import part_name
from sfmock.store.database import Value

Python: TypeAlias = "str | bytes | int | bool | Decimal | date | datetime | time | Record | list[Record] | dict[str, Python] | None"
"""What a record holds: the value of a field, a parent, the children, or the parts of an address."""

ReadBlob: TypeAlias = Callable[[Value], bytes]
"""Reads the bytes that the column of a base64 field stands for."""
_SHOWN = 40


class Record(Mapping[str, Any]):
    """One record; `record["Name"]` and `record["name"]` are the same, parents are records themselves.

    Typed Any on reading, for `record["Owner"]["Name"]` must be plain to write in a test that is type checked.
    """

    __slots__ = ("_keys", "_uncomputed", "_values", "id", "sobject")

    def __init__(
        self,
        sobject: str,
        record_id: str | None,
        values: Mapping[str, Python],
        uncomputed: tuple[str, ...] = (),
        keys: Mapping[str, str] | None = None,
    ) -> None:
        self.sobject = sobject
        """The sobject's name; `AggregateResult` for a row of an aggregate query."""
        self.id = record_id or ""
        """The 18-character id; empty where a query did not select it."""
        self._values = values
        self._keys = keys or {key.lower(): key for key in values}
        self._uncomputed = uncomputed
        """Formulas that nothing computes: the record goes without them, and asking for one is refused."""

    def __getitem__(self, field: str) -> Any:
        """The value of a field, in any case; raises KeyError that lists what the record holds."""
        key = self._keys.get(field.lower())
        if key is None:
            for each in self._uncomputed:
                if each.lower() == field.lower():
                    raise uncomputed(self.sobject, each)
            raise KeyError(f"{field!r}: this {self.sobject} holds {', '.join(self._values)}")
        return self._values[key]

    def __contains__(self, field: object) -> bool:
        return isinstance(field, str) and field.lower() in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Record):
            return self.sobject == other.sobject and self._values == other._values
        return self._values == other

    __hash__ = None  # type: ignore[assignment]  # a mapping with list values, like dict

    def __repr__(self) -> str:
        name = self._values.get("Name")
        shown = f" {name[:_SHOWN]!r}" if isinstance(name, str) else ""
        return f"<Record {self.sobject} {self.id or 'without id'}{shown}>"


class _Shape:
    """What all records of an sobject have in common: most fields of most rows are empty."""

    def __init__(self, sobject: SObject) -> None:
        self.sobject = sobject
        self.empty: dict[str, Python] = {
            each.name: False if each.type == "boolean" else None for each in sobject.fields
        }
        self.keys = {each.name.lower(): each.name for each in sobject.fields}
        self.fields = {each.name: each for each in sobject.fields if not each.is_compound}
        self.compounds = tuple(each for each in sobject.fields if each.is_compound)
        self.formulas = tuple(each.name for each in sobject.formulas)


_MOST_SHAPES = 1024
_shapes: dict[int, _Shape] = {}  # by identity; a shape holds its sobject, so an id is never reused


def _shape_of(sobject: SObject) -> _Shape:
    found = _shapes.get(id(sobject))
    if found is None:
        if len(_shapes) >= _MOST_SHAPES:
            _shapes.clear()
        found = _shapes[id(sobject)] = _Shape(sobject)
    return found


def record_of(sobject: SObject, row: Mapping[str, Value], blob: ReadBlob) -> Record:
    """The record of a stored row, with all fields in describe order but the formulas that nothing computes.

    `blob` reads the files of base64 fields.
    """
    shape = _shape_of(sobject)
    values = shape.empty.copy()
    for name, value in row.items():
        if value is not None and name in shape.fields:
            values[name] = python_value(shape.fields[name], value, blob)
    for each in shape.compounds:
        values[each.name] = compound_value(sobject, each, row, blob)
    missing = tuple(name for name in shape.formulas if name not in row)
    for name in missing:
        del values[name]
    record_id = row.get("Id")
    return Record(
        sobject.name,
        record_id if isinstance(record_id, str) else None,
        values,
        uncomputed=missing,
        keys=None if missing else shape.keys,
    )


def uncomputed(sobject: str, field: str) -> Refused:
    """The error for reading a formula that no Python function stands for."""
    return refuse(f"the formula of {sobject}.{field}: no Python function computes it")


def python_value(field: Field, value: Value, blob: ReadBlob) -> Python:
    """The Python value of a stored one."""
    kind = field.type
    if kind == "boolean":
        return bool(value)  # a boolean is never null
    if value is None:
        return None
    if kind == "anyType":
        return decode_exact(str(value))
    if kind in REAL_TYPES:
        return Decimal(str(value))
    if kind == "base64":
        return blob(value)
    read = _READERS.get(kind)
    if read is not None:
        return read(str(value))
    return int(value) if isinstance(value, float) else value


def compound_value(
    sobject: SObject, field: Field, row: Mapping[str, Value], blob: ReadBlob
) -> Python:
    """Address and location values in the words of REST: None where all parts are null (metadata.md 2.3)."""
    parts = sobject.parts.get(field.name, ())
    if all(row.get(each.name) is None for each in parts):
        return None
    named = {part_name(field, each): python_value(each, row.get(each.name), blob) for each in parts}
    return dict(sorted(named.items()))


_READERS: Mapping[str, Callable[[str], Python]] = {
    "date": date.fromisoformat,
    "datetime": lambda text: datetime.fromisoformat(f"{text[:23]}+00:00"),
    "time": lambda text: time.fromisoformat(text.removesuffix("Z")),
}

"""A stored row as REST writes it: `attributes` first, then fields in describe order (rest.md 7, metadata.md 2.3)."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock.errors import refuse
from sfmock.schema.anytype import decode
from sfmock.schema.masking import masked
from sfmock.schema.model import REAL_TYPES, Field, SObject
from sfmock.soql.compounds import part_name
from sfmock.store.database import Value
from sfmock.versions import Version
from sfmock.wire import JSON


def record_json(
    sobject: SObject,
    row: Mapping[str, Value],
    version: Version,
    fields: tuple[Field, ...] | None = None,
    *,
    clear: bool = False,
) -> dict[str, JSON]:
    """The record with all its fields, or with the named ones in their order; encrypted text is masked unless `clear`."""
    record: dict[str, JSON] = {
        "attributes": {"type": sobject.name, "url": row_path(sobject, str(row["Id"]), version)}
    }
    for field in sobject.fields if fields is None else fields:
        value = field_json(sobject, field, row)
        if field.type == "base64" and value is not None:
            value = f"{row_path(sobject, str(row['Id']), version)}/{field.name}"
        if field.encrypted and not clear and isinstance(value, str):
            value = masked(field, value)
        record[field.name] = value
    return record


def row_path(sobject: SObject, record_id: str, version: Version) -> str:
    """The path of a row's resource."""
    return f"{version.root}/sobjects/{sobject.name}/{record_id}"


def field_json(sobject: SObject, field: Field, row: Mapping[str, Value]) -> JSON:
    """One field's value."""
    if field.is_compound:
        return _compound(sobject, field, row)
    if field.formula is not None and field.name not in row:
        raise refuse(f"the formula of {sobject.name}.{field.name}: no Python function computes it")
    value = row.get(field.name)
    if field.type == "anyType" and isinstance(value, str):
        return decode(value)
    if field.type == "boolean":
        return bool(value)
    if field.type in REAL_TYPES and value is not None:
        return float(value)
    return value


def _compound(sobject: SObject, field: Field, row: Mapping[str, Value]) -> JSON:
    """The parts of an address or location in alphabetical order; null if all are null."""
    parts: dict[str, JSON] = {
        part_name(field, part): row.get(part.name) for part in sobject.parts.get(field.name, ())
    }
    if all(value is None for value in parts.values()):
        return None
    return {name: parts[name] for name in sorted(parts)}

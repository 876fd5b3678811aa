"""Describes as JSON text. That of a field is written once: fields are values, and most outlast a change of the schema."""

from __future__ import annotations

import json

from sfmock.org.describe_shapes import describe, describe_field
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import Field, SObject
from sfmock.versions import Version
from sfmock.wire import JSON

_MOST_FIELDS = 8192
_fields: dict[tuple[int, str], tuple[Field, str]] = {}
# by identity; an entry holds its field, so an id is never reused


def json_text(value: JSON) -> str:
    """A value as describes are written."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def describe_text(sobject: SObject, catalogue: Catalogue, version: Version, authority: str) -> str:
    """The full describe of an sobject, its keys in order."""
    rest = describe(sobject, catalogue, version, authority)
    members = {key: json_text(value) for key, value in rest.items()}
    members["fields"] = f"[{','.join(_field_texts(sobject, version))}]"
    joined = ",".join(f'"{key}":{members[key]}' for key in sorted(members))
    return f"{{{joined}}}"


def _field_texts(sobject: SObject, version: Version) -> list[str]:
    shape = str(version)
    texts: list[str] = []
    for each in sobject.fields:
        known = _fields.get((id(each), shape))
        if known is None:
            if len(_fields) >= _MOST_FIELDS:
                _fields.clear()
            known = _fields[id(each), shape] = (each, json_text(describe_field(each, version)))
        texts.append(known[1])
    return texts

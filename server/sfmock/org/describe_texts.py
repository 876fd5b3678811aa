"""Describes as JSON text. That of a field is written once: fields are values, and most outlast a change of the schema."""

from __future__ import annotations

import dataclasses
import json
from json.encoder import encode_basestring as quoted
from operator import attrgetter

from sfmock.org.describe_shapes import describe, describe_field, describe_picklist
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import Field, SObject
from sfmock.versions import Version
from sfmock.wire import JSON

_OWN = ("label", "name", "picklistValues", "relationshipName")
"""What a field rarely shares with another, in the order of describe."""
_MARK = "\ue000"
_shared = attrgetter(
    *(
        each.name
        for each in dataclasses.fields(Field)
        if each.name not in ("label", "name", "picklist", "relationship_name", "default")
    )
)
_MOST_PARTS = 1024
_parts: dict[object, tuple[str, ...]] = {}
_MOST_FIELDS = 8192
_fields: dict[tuple[int, str], tuple[Field, str]] = {}
# by identity; an entry holds its field, so an id is never reused
_encoder = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def json_text(value: JSON) -> str:
    """A value as describes are written."""
    return _encoder.encode(value)


def describe_text(sobject: SObject, catalogue: Catalogue, version: Version, authority: str) -> str:
    """The full describe of an sobject, its keys in order."""
    rest = describe(sobject, catalogue, version, authority)
    members = {key: f'"{key}":{json_text(value)}' for key, value in rest.items()}
    before = [members[key] for key in sorted(members) if key < "fields"]
    after = [members[key] for key in sorted(members) if key > "fields"]
    fields = _field_texts(sobject, version) or [""]
    fields[0] = f'"fields":[{fields[0]}'
    fields[-1] = f"{fields[-1]}]"
    before[0], after[-1] = f"{{{before[0]}", f"{after[-1]}}}"
    return ",".join([*before, *fields, *after])  # one copy of a text that is long


def _field_texts(sobject: SObject, version: Version) -> list[str]:
    shape = str(version)
    texts: list[str] = []
    for each in sobject.fields:
        known = _fields.get((id(each), shape))
        if known is None:
            if len(_fields) >= _MOST_FIELDS:
                _fields.clear()
            known = _fields[id(each), shape] = (each, _field_text(each, version, shape))
        texts.append(known[1])
    return texts


def _field_text(field: Field, version: Version, shape: str) -> str:
    """Fields that differ in their own words only, as most of an sobject's do, share the text around these."""
    key = (shape, repr(field.default), _shared(field))
    parts = _parts.get(key)
    if parts is None:
        if len(_parts) >= _MOST_PARTS:
            _parts.clear()
        entry = describe_field(field, version)
        entry.update(dict.fromkeys(_OWN, _MARK))
        parts = _parts[key] = tuple(json_text(entry).split(f'"{_MARK}"'))
    if len(parts) != len(_OWN) + 1:  # the mark is in a text
        return json_text(describe_field(field, version))
    label, name, values, relationship, end = parts
    own = "null" if field.relationship_name is None else quoted(field.relationship_name)
    picklist = json_text(describe_picklist(field)) if field.picklist else "[]"
    return f"{label}{quoted(field.label)}{name}{quoted(field.name)}{values}{picklist}{relationship}{own}{end}"

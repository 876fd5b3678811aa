"""Describes as JSON text. That of a field is written once: fields are values, and most outlast a change of the schema."""

from __future__ import annotations

import json
from functools import lru_cache
from json.encoder import encode_basestring as quoted

from sfmock.org.describe_shapes import describe, describe_field, describe_picklist
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import Field, PicklistValue, SObject
from sfmock.schema.shapes import MARK, SharedTexts
from sfmock.versions import Version
from sfmock.wire import JSON

_OWN = ("label", "name", "picklistValues", "relationshipName")
"""The keys of what a field rarely shares with others, in the order of describe."""
_texts = SharedTexts()
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


@lru_cache(maxsize=512)
def _picklist_text(values: tuple[PicklistValue, ...]) -> str:
    """The entries of a picklist; several fields may have the same ones, of countries say."""
    return json_text(describe_picklist(values))


def _field_text(field: Field, version: Version, shape: str) -> str:
    own = (
        quoted(field.label),
        quoted(field.name),
        _picklist_text(field.picklist) if field.picklist else "[]",
        "null" if field.relationship_name is None else quoted(field.relationship_name),
    )

    def marked() -> str:
        return json_text(describe_field(field, version) | dict.fromkeys(_OWN, MARK))

    shared = _texts.fill(field, shape, own, marked)
    return json_text(describe_field(field, version)) if shared is None else shared

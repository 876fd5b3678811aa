"""An sobject as one compact JSON line: what a package file holds of it, and what an org's database holds of a changed one.

Defaults are left out; flags of an sobject or a field are the bits of `OBJECT_FLAGS` and `FIELD_FLAGS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from json.encoder import encode_basestring, encode_basestring_ascii
from operator import attrgetter
from typing import Any

from sfmock.schema.model import (
    ChildRelationship,
    Field,
    FilteredLookup,
    PicklistValue,
    RecordType,
    RecordTypePicklist,
    SObject,
    Summary,
    field_of,
)
from sfmock.schema.shapes import MARK, SharedTexts

OBJECT_FLAGS = (
    "createable", "updateable", "deletable", "undeletable", "queryable", "searchable", "triggerable", "mergeable",
    "replicateable", "retrieveable", "layoutable", "feed_enabled", "mru_enabled", "deep_cloneable",
    "compact_layoutable", "search_layoutable", "custom", "custom_setting", "described",
)  # fmt: skip
FIELD_FLAGS = (
    "nillable", "createable", "updateable", "defaulted_on_create", "filterable", "sortable", "groupable",
    "aggregatable", "unique", "external_id", "id_lookup", "case_sensitive", "name_field", "calculated", "auto_number",
    "permissionable", "restricted_picklist", "dependent_picklist", "html_formatted", "encrypted", "query_by_distance",
    "cascade_delete", "restricted_delete", "write_requires_master_read", "search_prefilterable",
    "ai_prediction_field", "custom", "formula_treat_null_as_zero", "high_scale_number", "track_history",
)  # fmt: skip
_SIZES = ("length", "precision", "scale", "digits")
_KEYS = (
    "relationship_name", "relationship_order", "compound", "extra_type_info", "controller_name", "inline_help_text",
    "default", "default_formula", "soap_type", "byte_length", "mask", "mask_type", "reference_target_field", "formula",
    "calculated_formula", "display_format",
)  # fmt: skip
_object_flags = attrgetter(*OBJECT_FLAGS)
_field_flags = attrgetter(*FIELD_FLAGS)
_field_sizes = attrgetter(*_SIZES)
_field_keys = attrgetter(*_KEYS)


class LineWriter:
    """Writes sobjects and fields as JSON text."""

    def __init__(self, *, ascii_only: bool) -> None:
        self._json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=ascii_only).encode
        self._quoted: Callable[[str], str] = (
            encode_basestring_ascii if ascii_only else encode_basestring
        )
        self._fields = SharedTexts()

    def sobject(self, sobject: SObject) -> str:
        """The line of `dump_sobject`."""
        return self.with_fields(sobject, self.fields(sobject.fields))

    def with_fields(self, sobject: SObject, fields: str) -> str:
        """The line of an sobject whose fields are written already."""
        line = dump_sobject(replace(sobject, fields=()))
        line["fields"] = MARK
        members = [
            f'"{key}":{fields if value is MARK else self._json(value)}'
            for key, value in line.items()
        ]
        return f"{{{','.join(members)}}}"

    def fields(self, fields: tuple[Field, ...]) -> str:
        """The list of `dump_field` of each."""
        return f"[{','.join(map(self._field, fields))}]"

    def _field(self, field: Field) -> str:
        own = [self._quoted(field.name), self._quoted(field.label)]
        keys = ["name", "label"]
        if field.relationship_name is not None:
            keys.append("relationship_name")
            own.append(self._quoted(field.relationship_name))
        if field.picklist:
            keys.append("values")
            own.append(self._json([_dump_entry(each) for each in field.picklist]))

        def marked() -> str:
            return self._json(dump_field(field) | dict.fromkeys(keys, MARK))

        shared = self._fields.fill(field, tuple(keys), tuple(own), marked)
        return self._json(dump_field(field)) if shared is None else shared


LINES = LineWriter(ascii_only=False)
_ASCII = LineWriter(ascii_only=True)
_MOST_TEXTS = 128
_texts: dict[int, tuple[tuple[Field, ...], str]] = {}
# by identity; an entry holds its fields, so an id is never reused


def sobject_text(sobject: SObject) -> str:
    """An sobject as ASCII text; its fields are written again only where it has others than before."""
    known = _texts.get(id(sobject.fields))
    if known is None:
        if len(_texts) >= _MOST_TEXTS:
            _texts.clear()
        known = _texts[id(sobject.fields)] = (sobject.fields, _ASCII.fields(sobject.fields))
    return _ASCII.with_fields(sobject, known[1])


def dump_sobject(sobject: SObject) -> dict[str, Any]:
    """An sobject as a compact JSON object: defaults left out."""
    line: dict[str, Any] = {
        "name": sobject.name,
        "label": sobject.label,
        "plural": sobject.label_plural,
        "prefix": sobject.key_prefix,
        "flags": _mask(_object_flags(sobject)),
        "scopes": list(sobject.supported_scopes),
        "fields": [dump_field(field) for field in sobject.fields],
        "children": [
            [
                each.child,
                each.field,
                each.name,
                int(each.cascade_delete),
                int(each.restricted_delete),
            ]
            for each in sobject.children
        ],
    }
    if sobject.sharing is not None:
        line["sharing"] = sobject.sharing
    if sobject.associate is not None:
        line["associate"] = list(sobject.associate)
    if sobject.hidden:
        line["hidden"] = [dump_field(field) for field in sobject.hidden]
    if sobject.record_types:
        line["record_types"] = [_dump_record_type(each) for each in sobject.record_types]
    return line


def read_sobject(line: dict[str, Any]) -> SObject:
    """The sobject that `dump_sobject` wrote."""
    return SObject(
        name=line["name"],
        label=line["label"],
        label_plural=line["plural"],
        key_prefix=line["prefix"],
        supported_scopes=tuple(line["scopes"]),
        fields=tuple(read_field(each) for each in line["fields"]),
        children=tuple(
            ChildRelationship(child, field, name, bool(cascade), bool(restrict))
            for child, field, name, cascade, restrict in line["children"]
        ),
        sharing=line.get("sharing"),
        associate=tuple(line["associate"]) if "associate" in line else None,
        hidden=tuple(read_field(each) for each in line.get("hidden", ())),
        record_types=tuple(_read_record_type(each) for each in line.get("record_types", ())),
        whole=None,
        **_flags(line["flags"], OBJECT_FLAGS),
    )


def dump_field(field: Field) -> dict[str, Any]:
    """A field as a compact JSON object: defaults left out."""
    line: dict[str, Any] = {
        "name": field.name,
        "label": field.label,
        "type": field.type,
        "flags": _mask(_field_flags(field)),
    }
    sizes, others = _field_sizes(field), _field_keys(field)
    line.update([each for each in zip(_SIZES, sizes, strict=True) if each[1]])
    line.update([each for each in zip(_KEYS, others, strict=True) if each[1] is not None])
    if field.reference_to:
        line["to"] = list(field.reference_to)
    if field.picklist:
        line["values"] = [_dump_entry(each) for each in field.picklist]
    if field.starting_number != 1:
        line["starting_number"] = field.starting_number
    if field.filtered_lookup is not None:
        about = field.filtered_lookup
        line["filter"] = [list(about.controlling_fields), int(about.dependent), int(about.optional)]
    if field.summary is not None:
        rollup = field.summary
        line["summary"] = [
            rollup.operation,
            rollup.child,
            rollup.foreign_key,
            rollup.field,
            [list(each) for each in rollup.filters],
        ]
    return line


def read_field(line: dict[str, Any]) -> Field:
    """The field that `dump_field` wrote."""
    properties = {**line, **_flags(line["flags"], FIELD_FLAGS)}
    del properties["flags"]
    if "to" in line:
        properties["reference_to"] = tuple(properties.pop("to"))
    if "values" in line:
        properties["picklist"] = tuple(
            PicklistValue(value, label, bool(active), bool(default), *valid_for)
            for value, label, active, default, *valid_for in properties.pop("values")
        )
    if "filter" in line:
        properties["filtered_lookup"] = _read_filter(properties.pop("filter"))
    if "summary" in line:
        properties["summary"] = _read_summary(line["summary"])
    return field_of(properties)


def _dump_entry(entry: PicklistValue) -> list[Any]:
    plain = [entry.value, entry.label, int(entry.active), int(entry.default)]
    return plain if entry.valid_for is None else [*plain, entry.valid_for]


def _read_filter(line: list[Any]) -> FilteredLookup:
    controlling, dependent, optional = line
    return FilteredLookup(tuple(controlling), bool(dependent), bool(optional))


def _read_summary(line: list[Any]) -> Summary:
    operation, child, foreign_key, field, filters = line
    return Summary(
        operation,
        child,
        foreign_key,
        field,
        tuple((name, how, text) for name, how, text in filters),
    )


def _dump_record_type(record_type: RecordType) -> list[Any]:
    each = record_type
    picklists = [[one.field, list(one.values), one.default] for one in each.picklists]
    return [
        each.id,
        each.developer_name,
        each.label,
        int(each.active),
        int(each.default),
        picklists,
    ]


def _read_record_type(line: list[Any]) -> RecordType:
    record_id, developer_name, label, active, default, picklists = line
    return RecordType(
        record_id,
        developer_name,
        label,
        bool(active),
        bool(default),
        tuple(RecordTypePicklist(field, tuple(values), one) for field, values, one in picklists),
    )


@lru_cache(maxsize=4096)  # a few dozen of them make up all fields
def _mask(values: tuple[bool, ...]) -> int:
    return sum(1 << bit for bit, value in enumerate(values) if value)


@lru_cache(maxsize=4096)
def _flags(mask: int, names: tuple[str, ...]) -> dict[str, bool]:
    return {name: bool(mask >> bit & 1) for bit, name in enumerate(names)}

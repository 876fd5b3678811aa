"""Describe results, recorded from an org of the user's (`GET /sobjects/X/describe`), as definitions.

Read are one describe, a list of them, `{"sobjects": […]}` and what `sf sobject describe --json` prints; the keys of any
version, in any order. pydantic is loaded with the first file that is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from sfmock.schema.implied import SCOPE_LABELS, byte_length, soap_type
from sfmock.schema.load.definitions import Described, DescribedField, RecordTypeDefinition
from sfmock.schema.load.literals import number_literal, percent_literal, text_literal
from sfmock.schema.load.report import Notes
from sfmock.schema.model import ChildRelationship, FilteredLookup, PicklistValue

if TYPE_CHECKING:
    from sfmock.schema.load.wire_describes import WireChild, WireField, WireRecordType, WireSObject

Attributes: TypeAlias = dict[str, object]

CHOICES = frozenset({"boolean", "picklist", "multipicklist", "combobox"})
"""Types whose default is a value; other defaults are formulas."""

_OBJECT = (
    "label", "label_plural", "key_prefix", "custom", "custom_setting", "createable", "updateable", "deletable",
    "undeletable", "queryable", "searchable", "triggerable", "mergeable", "replicateable", "retrieveable", "layoutable",
    "feed_enabled", "mru_enabled", "deep_cloneable", "compact_layoutable",
)  # fmt: skip
"""Keys that the schema knows under the same name."""
_OBJECT_UNREAD = (
    "action_overrides", "activateable", "default_implementation", "deprecated_and_hidden", "extended_by",
    "extends_interfaces", "has_subtypes", "implemented_by", "implements_interfaces", "is_interface", "is_subtype",
    "listviewable", "lookup_layoutable", "named_layout_infos", "network_scope_field_name",
)  # fmt: skip
"""Keys without a counterpart in the schema: named where they say something."""
_FIELD = (
    "label", "type", "length", "precision", "scale", "digits", "nillable", "createable", "updateable",
    "defaulted_on_create", "filterable", "sortable", "groupable", "aggregatable", "unique", "external_id", "id_lookup",
    "case_sensitive", "name_field", "calculated", "auto_number", "permissionable", "restricted_picklist",
    "dependent_picklist", "html_formatted", "encrypted", "query_by_distance", "cascade_delete", "restricted_delete",
    "write_requires_master_read", "search_prefilterable", "ai_prediction_field", "relationship_name",
    "relationship_order", "extra_type_info", "controller_name", "inline_help_text", "custom", "mask", "mask_type",
    "reference_target_field", "calculated_formula", "high_scale_number",
)  # fmt: skip
_UNKNOWN = "the fake's describes do not know it"
_VERSION = re.compile(r"/services/data/v(\d\d?\.0)/")
_NUMBERS = frozenset({"int", "long", "double", "currency", "percent"})


def read_describes(data: bytes, file: str, notes: Notes) -> Iterator[Described]:
    """The describes of one JSON file; what cannot be read is noted."""
    for each in _documents(data, file, notes):
        if each.fields is None:
            notes.behaviour(file, each.name, "a row of a global describe: it has no fields")
        else:
            yield _described(each, each.fields, file, notes)


def _documents(data: bytes, file: str, notes: Notes) -> Iterable[WireSObject]:
    """The describes in a file; one that is malformed does not take the others with it."""
    from pydantic import TypeAdapter, ValidationError

    from sfmock.schema.load.wire_describes import WireDocument, WireSObject

    one: Callable[[bytes], WireSObject] = WireSObject.model_validate_json
    try:
        if data.lstrip()[:1] == b"[":
            return TypeAdapter(list[WireSObject]).validate_json(data)
        if not (b'"sobjects"' in data or b'"result"' in data):
            return [one(data)]
        document = WireDocument.model_validate_json(data)
        if document.sobjects is not None:
            return document.sobjects
        if document.result is None:
            return [one(data)]
        return document.result if isinstance(document.result, list) else [document.result]
    except ValidationError:
        return _salvaged(data, file, notes, one, ValidationError)


def _salvaged(
    data: bytes,
    file: str,
    notes: Notes,
    one: Callable[[bytes], WireSObject],
    invalid: type[ValueError],
) -> Iterator[WireSObject]:
    """The describes of a file of which something is wrong: each is read on its own."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        notes.behaviour(file, "the file", f"it is not JSON: {error}")
        return
    if isinstance(found, dict):
        found = found.get("sobjects", found.get("result", found))
    for number, each in enumerate(found if isinstance(found, list) else [found]):
        name = each.get("name") if isinstance(each, dict) else None
        try:
            yield one(json.dumps(each).encode())
        except invalid as error:
            notes.behaviour(file, str(name or f"value {number + 1}"), _why(error))


def _why(error: Any) -> str:
    """The first complaint of pydantic in one line: `fields.3.length: Input should be a valid integer`."""
    first, *more = error.errors(include_url=False, include_context=False, include_input=False)
    place = ".".join(str(part) for part in first["loc"]) or "it"
    rest = f" (and {len(more)} more)" if more else ""
    return f"it is no describe result: {place}: {first['msg']}{rest}"


def _described(wire: WireSObject, fields: list[WireField], file: str, notes: Notes) -> Described:
    given = _given(wire, _OBJECT)
    if "search_layoutable" in wire.model_fields_set:
        given["search_layoutable"] = bool(wire.search_layoutable)
    if wire.supported_scopes is not None:
        names = [each.name for each in wire.supported_scopes]
        given["supported_scopes"] = tuple(each for each in names if each in SCOPE_LABELS)
        for name in names:
            if name not in SCOPE_LABELS:
                notes.effectless(file, f"describe: supportedScopes {name}", _UNKNOWN)
    if wire.associate_entity_type and wire.associate_parent_entity:
        given["associate"] = (wire.associate_entity_type, wire.associate_parent_entity)
    _note_unread(wire, _OBJECT_UNREAD, "describe", file, notes)
    return Described(
        name=wire.name,
        file=file,
        version=_version(wire.urls),
        given=given,
        fields=tuple(_field(each, wire.name, file, notes) for each in fields),
        children=tuple(_child(each, file, notes) for each in wire.child_relationships)
        if "child_relationships" in wire.model_fields_set
        else None,
        record_types=tuple(_record_types(wire.record_type_infos, wire.name, file, notes)),
    )


def _field(wire: WireField, owner: str, file: str, notes: Notes) -> DescribedField:
    given = _given(wire, _FIELD)
    present = wire.model_fields_set
    given["default"], given["default_formula"] = _default(wire)
    given["reference_to"] = tuple(wire.reference_to)
    given["picklist"] = tuple(
        PicklistValue(
            each.value, each.label or each.value, each.active, each.default_value, each.valid_for
        )
        for each in wire.picklist_values
    )
    if "soap_type" in present:
        usual = soap_type(wire.type)
        given["soap_type"] = None if wire.soap_type == usual else wire.soap_type
    if "byte_length" in present:
        implied = byte_length(wire.type, wire.length)
        given["byte_length"] = None if wire.byte_length == implied else wire.byte_length
    if "compound_field_name" in present:
        given["compound"] = wire.compound_field_name
    if "filtered_lookup_info" in present:
        given["filtered_lookup"] = _lookup_filter(wire, owner, file, notes)
    if "formula_treat_null_number_as_zero" in present:
        given["formula_treat_null_as_zero"] = wire.formula_treat_null_number_as_zero
    _note_unread(wire, ("deprecated_and_hidden",), "describe: fields", file, notes)
    several = len(wire.reference_to) > 1
    for name in ("name_pointing", "polymorphic_foreign_key"):
        if name in present and wire.__dict__[name] is not several:
            key = type(wire).model_fields[name].alias
            notes.effectless(file, f"describe: fields: {key}", "here it follows from referenceTo")
    return DescribedField(wire.name, given)


def _lookup_filter(wire: WireField, owner: str, file: str, notes: Notes) -> FilteredLookup | None:
    about = wire.filtered_lookup_info
    if about is None:
        return None
    if not about.optional_filter:
        notes.behaviour(
            file, f"{owner}.{wire.name}: filteredLookupInfo", "lookup filters are not applied"
        )
    return FilteredLookup(tuple(about.controlling_fields), about.dependent, about.optional_filter)


def _default(wire: WireField) -> tuple[object, str | None]:
    """The default value and the formula of one: a formula that is a mere literal is a value (metadata.md 2.1)."""
    text = wire.default_value_formula
    if wire.type in CHOICES:
        return wire.default_value, text
    if text is None:
        return None, None
    found: object
    if wire.type == "percent":
        found = percent_literal(text)
    else:
        found = number_literal(text) if wire.type in _NUMBERS else text_literal(text)
    return found, text if found is None else None


def _child(wire: WireChild, file: str, notes: Notes) -> ChildRelationship:
    unread = ("deprecated_and_hidden", "junction_id_list_names", "junction_reference_to")
    _note_unread(wire, unread, "describe: childRelationships", file, notes)
    return ChildRelationship(
        wire.child_s_object,
        wire.field,
        wire.relationship_name,
        wire.cascade_delete,
        wire.restricted_delete,
    )


def _record_types(
    found: list[WireRecordType], owner: str, file: str, notes: Notes
) -> Iterator[RecordTypeDefinition]:
    for wire in found:
        _note_unread(wire, (), "describe: recordTypeInfos", file, notes)
        if wire.master or wire.name == "Master":
            continue
        if wire.developer_name is None:
            notes.behaviour(
                file,
                f"{owner}: record type {wire.name}",
                "its developerName is not told (describe with version 43.0 or later)",
            )
            continue
        yield RecordTypeDefinition(
            name=wire.developer_name,
            label=wire.name,
            file=file,
            active=wire.active,
            record_type_id=wire.record_type_id,
            default=wire.default_record_type_mapping,
        )


def _given(wire: WireField | WireSObject, names: tuple[str, ...]) -> Attributes:
    """The values of the keys that the describe has."""
    values: Mapping[str, object] = wire.__dict__
    present = wire.model_fields_set
    if present.issuperset(names):
        return dict(zip(names, _getter(names)(values), strict=True))
    return {name: values[name] for name in names if name in present}


@lru_cache(maxsize=4)
def _getter(names: tuple[str, ...]) -> Callable[[Mapping[str, object]], tuple[object, ...]]:
    return itemgetter(*names)


def _note_unread(
    wire: WireField | WireSObject | WireChild | WireRecordType,
    names: tuple[str, ...],
    place: str,
    file: str,
    notes: Notes,
) -> None:
    for name in names:
        if wire.__dict__[name]:
            key = type(wire).model_fields[name].alias
            notes.effectless(file, f"{place}: {key}", _UNKNOWN)
    for key in wire.model_extra or ():
        notes.effectless(file, f"{place}: {key}", "no describe known to this version has it")


def _version(urls: Any) -> str | None:
    """The API version with which the describe was made, where its `urls` tell."""
    found = _VERSION.search(json.dumps(urls)) if isinstance(urls, dict) else None
    return None if found is None else found[1]

"""Describe results, recorded from an org of the user's (`GET /sobjects/X/describe`), as definitions.

Read are one describe, a list of them, `{"sobjects": […]}` and what `sf sobject describe --json` prints; the keys of any
version, in any order. pydantic is loaded with the first file that is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sfmock.schema.implied import SCOPE_LABELS
from sfmock.schema.load.definitions import Described, RecordTypeDefinition
from sfmock.schema.load.describe_fields import FieldReader, given_of, note_unread
from sfmock.schema.load.report import Notes
from sfmock.schema.model import ChildRelationship

if TYPE_CHECKING:
    from sfmock.schema.load.wire_describes import WireChild, WireField, WireRecordType, WireSObject

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
_UNKNOWN = "the fake's describes do not know it"
_VERSION = re.compile(r"/services/data/v(\d\d?\.0)/")


class DescribeReader:
    """Reads the describes of one load."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._fields = FieldReader(notes)

    def read(self, data: bytes, file: str) -> Iterator[Described]:
        """The describes of one JSON file; what cannot be read is noted."""
        for each in _documents(data, file, self._notes):
            if each.fields is None:
                reason = "a row of a global describe: it has no fields"
                self._notes.behaviour(file, each.name, reason)
            else:
                yield _described(each, each.fields, file, self._notes, self._fields)


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


def _described(
    wire: WireSObject, fields: list[WireField], file: str, notes: Notes, reader: FieldReader
) -> Described:
    given = given_of(wire, _OBJECT)
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
    note_unread(wire, _OBJECT_UNREAD, "describe", file, notes)
    return Described(
        name=wire.name,
        file=file,
        version=_version(wire.urls),
        given=given,
        fields=tuple(reader.read(each, wire.name, file) for each in fields),
        children=tuple(_child(each, file, notes) for each in wire.child_relationships)
        if "child_relationships" in wire.model_fields_set
        else None,
        record_types=tuple(_record_types(wire.record_type_infos, wire.name, file, notes)),
    )


def _child(wire: WireChild, file: str, notes: Notes) -> ChildRelationship:
    unread = ("deprecated_and_hidden", "junction_id_list_names", "junction_reference_to")
    note_unread(wire, unread, "describe: childRelationships", file, notes)
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
        note_unread(wire, (), "describe: recordTypeInfos", file, notes)
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


def _version(urls: Any) -> str | None:
    """The API version with which the describe was made, where its `urls` tell."""
    found = _VERSION.search(json.dumps(urls)) if isinstance(urls, dict) else None
    return None if found is None else found[1]

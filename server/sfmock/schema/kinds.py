"""Custom metadata types, platform events and external objects: sobjects that are no custom objects (metadata.md 6.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sfmock.schema import system_fields
from sfmock.schema.custom_object import ObjectOptions
from sfmock.schema.model import Field, PicklistValue, SObject
from sfmock.schema.names import label_of

EVENT_FIELD_TYPES = frozenset({"boolean", "date", "datetime", "double", "string", "textarea"})
"""What the fields of a platform event may be (Platform Events Developer Guide)."""


def metadata_type(name: str, options: ObjectOptions, key_prefix: str) -> SObject:
    """`Rate__mdt`: read by queries, written by deployments alone."""
    return replace(
        _read_only(name, options, key_prefix),
        fields=(
            system_fields.record_id(),
            _text("DeveloperName", 40, "Custom Metadata Record Name", nillable=False),
            _text("MasterLabel", 40, "Label", nillable=False),
            _language(),
            _text("NamespacePrefix", 15, "Namespace Prefix"),
            _text("Label", 40, "Label", nillable=False),
            _text("QualifiedApiName", 70, "Qualified API Name", nillable=False),
            system_fields.moment("SystemModstamp", "System Modstamp"),
        ),
    )


def platform_event(name: str, options: ObjectOptions, key_prefix: str) -> SObject:
    """`Low_Ink__e`: published by a create, read by subscribers alone; it has no `Id` and no `Name`."""
    return replace(
        _read_only(name, options, key_prefix),
        fields=(
            _opaque(_text("ReplayId", 1000, "Replay ID")),
            *system_fields.created(),
            _opaque(_text("EventUuid", 36, "Event UUID")),
        ),
        createable=True,
        queryable=False,
        retrieveable=False,
        replicateable=False,
        triggerable=True,
        layoutable=False,
    )


def external_object(name: str, options: ObjectOptions, key_prefix: str) -> SObject:
    """`Customer__x`: rows of another system; recorded: no system fields, nothing can be aggregated."""
    return replace(
        _read_only(name, options, key_prefix),
        fields=(
            replace(system_fields.record_id(), aggregatable=False),
            replace(
                _text("ExternalId", 1000, "External ID", nillable=False),
                name_field=True,
                aggregatable=False,
            ),
            replace(_text("DisplayUrl", 1000, "Display URL"), type="url", aggregatable=False),
        ),
        searchable=True,
    )


KINDS: Mapping[str, tuple[str, Callable[[str, ObjectOptions, str], SObject]]] = {
    "mdt": ("m", metadata_type),
    "e": ("e", platform_event),
    "x": ("x", external_object),
}
"""The first letter of key prefixes, and what makes the sobject, by the suffix of names."""


def kind_of(name: str) -> str:
    """The suffix of an added sobject's name: `c`, `mdt`, `e` or `x`."""
    return name.rpartition("__")[2]


def _read_only(name: str, options: ObjectOptions, key_prefix: str) -> SObject:
    stray = options.given()
    if stray:
        raise TypeError(f"{name}: {stray[0]} is for custom objects, whose names end in __c")
    label = options.label or label_of(name)
    return SObject(
        name=name,
        label=label,
        label_plural=options.label_plural or f"{label}s",
        key_prefix=key_prefix,
        fields=(),
        custom=True,
        createable=False,
        updateable=False,
        deletable=False,
        undeletable=False,
        searchable=False,
        triggerable=False,
        compact_layoutable=False,
        search_layoutable=False,
    )


def _text(name: str, length: int, label: str, *, nillable: bool = True) -> Field:
    return Field(
        name=name,
        label=label,
        type="string",
        length=length,
        nillable=nillable,
        createable=False,
        updateable=False,
    )


def _opaque(field: Field) -> Field:
    return replace(field, filterable=False, sortable=False, groupable=False, aggregatable=False)


def _language() -> Field:
    return Field(
        name="Language",
        label="Master Language",
        type="picklist",
        length=40,
        nillable=False,
        createable=False,
        updateable=False,
        defaulted_on_create=True,
        restricted_picklist=True,
        picklist=(PicklistValue("en_US", "English"),),
    )

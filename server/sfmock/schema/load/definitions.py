"""What the sources define, before it meets an org: neutral values that every format is read into.

    describe results ─ describes ─┐
    sfdx source ────── sfdx ──────┼─→ Definitions ─ merge → sobjects of a new package, record types, rows
    mdapi files ────── mdapi ─────┘

Properties stand in the words of `OrgSchema.add_object` and `add_field`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sfmock.schema.model import ChildRelationship, PicklistValue


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """One field: a custom one, or a standard one with what the org changed of it."""

    name: str
    type: str
    """As in describe; empty for a standard field whose file does not say it."""
    properties: Mapping[str, object]
    file: str
    value_set: str | None = None
    """The global value set from which its values come."""


@dataclass(frozen=True, slots=True)
class RecordTypeDefinition:
    """One record type; `picklists` are the values of each field that it allows, in order."""

    name: str
    label: str
    file: str
    active: bool = True
    record_type_id: str | None = None
    default: bool = False
    picklists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    process: str | None = None
    """The business process, which allows the values of a status or stage."""


@dataclass(frozen=True, slots=True)
class ObjectDefinition:
    """One object of metadata files; standard ones and those defined elsewhere have only `fields` and the like."""

    name: str
    file: str
    defined: bool = False
    """The object itself is defined here, not only parts of it."""
    properties: Mapping[str, object] = field(default_factory=dict)
    fields: tuple[FieldDefinition, ...] = ()
    record_types: tuple[RecordTypeDefinition, ...] = ()
    processes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DescribedField:
    """One field of a describe; `given` and `own` are the attributes of `model.Field` that the describe tells."""

    name: str
    given: Mapping[str, object]
    """The same value for fields that are alike."""
    own: Mapping[str, object]
    """Label, picklist and relationship."""


@dataclass(frozen=True, slots=True)
class Described:
    """One describe result; `given` are the attributes of `model.SObject` that it tells."""

    name: str
    file: str
    version: str | None
    given: Mapping[str, object]
    fields: tuple[DescribedField, ...]
    children: tuple[ChildRelationship, ...] | None = None
    """None where the describe does not have them."""
    record_types: tuple[RecordTypeDefinition, ...] = ()


@dataclass(frozen=True, slots=True)
class StandardValue:
    """One value of a standard value set, with what status and stage tables say of it."""

    entry: PicklistValue
    closed: bool = False
    won: bool = False
    converted: bool = False
    probability: float | None = None
    forecast_category: str | None = None
    high_priority: bool = False


@dataclass(frozen=True, slots=True)
class MetadataRecord:
    """One record of a custom metadata type."""

    type: str
    name: str
    label: str
    protected: bool
    values: Mapping[str, object]
    file: str


@dataclass(frozen=True, slots=True)
class Definitions:
    """All that was found in the sources."""

    described: tuple[Described, ...] = ()
    objects: tuple[ObjectDefinition, ...] = ()
    value_sets: Mapping[str, tuple[PicklistValue, ...]] = field(default_factory=dict)
    standard_value_sets: Mapping[str, tuple[StandardValue, ...]] = field(default_factory=dict)
    value_set_files: Mapping[str, str] = field(default_factory=dict)
    """Where each standard value set stands."""
    records: tuple[MetadataRecord, ...] = ()

"""What an sobject and its fields are: frozen values in the words of `describe` (metadata.md 2.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from operator import attrgetter

TEXT_TYPES = frozenset(
    {
        "string",
        "textarea",
        "picklist",
        "multipicklist",
        "combobox",
        "email",
        "phone",
        "url",
        "encryptedstring",
    }
)
"""Types that are stored as text and compared without regard to case."""
ID_TYPES = frozenset({"id", "reference"})
REAL_TYPES = frozenset({"double", "currency", "percent"})
VIEW_DATES = frozenset({"LastViewedDate", "LastReferencedDate"})
"""Fields whose values differ from user to user; equal in every recorded row, for an access by id is both."""
COMPOUND_TYPES = frozenset({"address", "location"})
"""Types that have no column of their own: they are built from their parts on reading."""


_SHARED_PREFIXES = {
    "History": "017",
    "Share": "02c",
    "Feed": "0D5",
    "Status": "01J",
    "PartnerRole": "01J",
    "TaskPriority": "01J",
}
"""Ends of sobject names whose rows have ids under a prefix that describe does not tell (metadata.md 1.1)."""


def id_prefix(name: str, key_prefix: str | None) -> str | None:
    """The first three characters of the ids of an sobject's rows, None where they are not known."""
    if key_prefix is not None:
        return key_prefix
    return next((prefix for end, prefix in _SHARED_PREFIXES.items() if name.endswith(end)), None)


@dataclass(frozen=True, slots=True)
class PicklistValue:
    """One entry of a picklist: `value` is the API value."""

    value: str
    label: str
    active: bool = True
    default: bool = False
    valid_for: str | None = None
    """The base64 bitmap of the controlling values that it goes with, in a dependent picklist."""


@dataclass(frozen=True, slots=True)
class FilteredLookup:
    """Describe's `filteredLookupInfo`: what the lookup filter of a reference depends on."""

    controlling_fields: tuple[str, ...] = ()
    dependent: bool = False
    optional: bool = False
    """A row that does not fit is only warned about (`optionalFilter`)."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a roll-up summary field adds up: the live rows of a detail that meet all filters (metadata.md 6.2)."""

    operation: str
    """`count`, `sum`, `min` or `max`."""
    child: str
    foreign_key: str
    """The child's reference to the master."""
    field: str | None = None
    """The child's summarized field; None for `count`."""
    filters: tuple[tuple[str, str, str], ...] = ()
    """Field, operation and value as metadata writes them: `("Status__c", "equals", "Open")`."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field, named as in describe (snake case for the keys)."""

    name: str
    label: str
    type: str
    length: int = 0
    precision: int = 0
    scale: int = 0
    digits: int = 0
    nillable: bool = True
    createable: bool = True
    updateable: bool = True
    defaulted_on_create: bool = False
    filterable: bool = True
    sortable: bool = True
    groupable: bool = True
    aggregatable: bool = True
    unique: bool = False
    external_id: bool = False
    id_lookup: bool = False
    case_sensitive: bool = False
    name_field: bool = False
    calculated: bool = False
    auto_number: bool = False
    permissionable: bool = False
    restricted_picklist: bool = False
    dependent_picklist: bool = False
    html_formatted: bool = False
    encrypted: bool = False
    query_by_distance: bool = False
    cascade_delete: bool = False
    restricted_delete: bool = False
    write_requires_master_read: bool = False
    search_prefilterable: bool = False
    ai_prediction_field: bool = False
    reference_to: tuple[str, ...] = ()
    relationship_name: str | None = None
    relationship_order: int | None = None
    compound: str | None = None
    """The compound field this one is a part of (`compoundFieldName`)."""
    extra_type_info: str | None = None
    controller_name: str | None = None
    inline_help_text: str | None = None
    default: bool | int | float | str | None = None
    """The default on create: describe's `defaultValue`."""
    default_formula: str | None = None
    picklist: tuple[PicklistValue, ...] = ()
    soap_type: str | None = None
    """Only where it is not the one that the type implies."""
    byte_length: int | None = None
    """Only where it is not the one that type and length imply."""
    custom: bool = False
    mask: str | None = None
    """The character that hides an encrypted text, `*` or `X`."""
    mask_type: str | None = None
    filtered_lookup: FilteredLookup | None = None
    reference_target_field: str | None = None
    """The parent's external id that an indirect lookup holds."""
    formula: int | None = None
    """The number of the Python function that computes it: the org's schema keeps the functions."""
    calculated_formula: str | None = None
    """The text of the formula, for describe alone: nothing reads it."""
    formula_treat_null_as_zero: bool = False
    high_scale_number: bool = False
    display_format: str | None = None
    """How an auto-number is written: `A-{0000}`."""
    starting_number: int = 1
    summary: Summary | None = None
    track_history: bool = False

    @property
    def polymorphic(self) -> bool:
        """A reference to rows of several sobjects."""
        return len(self.reference_to) > 1

    @property
    def is_text(self) -> bool:
        """Stored as text; compared folded unless `case_sensitive`."""
        return self.type in TEXT_TYPES

    @property
    def is_id(self) -> bool:
        """Holds a record id."""
        return self.type in ID_TYPES

    @property
    def is_compound(self) -> bool:
        """Built on reading from parts that have columns."""
        return self.type in COMPOUND_TYPES

    @property
    def stored(self) -> bool:
        """Has a column of its own: compound values come from their parts, formulas are computed."""
        return self.type not in COMPOUND_TYPES and self.formula is None

    @property
    def required_on_create(self) -> bool:
        """A create without it is refused (metadata.md 3); old describes tell of checkboxes that they have no default."""
        return (
            self.createable
            and not self.nillable
            and not self.defaulted_on_create
            and self.type != "boolean"
        )


_PLACES = {name: place for place, name in enumerate(Field.__dataclass_fields__)}
_field_values = attrgetter(*_PLACES)
_REQUIRED = {"name", "label", "type"}
_DEFAULTS: dict[str, object] = {
    each.name: None if each.name in _REQUIRED else each.default for each in fields(Field)
}
_field_setters = tuple(getattr(Field, name).__set__ for name in _PLACES)


def revised(field: Field, **changes: object) -> Field:
    """The field with some properties changed.

    `dataclasses.replace` takes three times as long, and a schema of 300 objects has 30,000 fields.
    """
    return Mold(field).field(**changes)


class Mold:
    """Makes fields of one: such as differ from it in few properties."""

    def __init__(self, field: Field) -> None:
        self._values = _field_values(field)

    def field(self, **changes: object) -> Field:
        """The field with some properties changed."""
        values = list(self._values)
        for name, value in changes.items():
            values[_PLACES[name]] = value
        return _field(values)


def field_of(properties: Mapping[str, object]) -> Field:
    """The field with these properties, `Field(**properties)` in half of its time."""
    if not properties.keys() >= _REQUIRED:
        raise TypeError(f"a field has {', '.join(sorted(_REQUIRED - properties.keys()))}")
    return _field({**_DEFAULTS, **properties}.values())


def _field(values: Iterable[object]) -> Field:
    made = object.__new__(Field)
    for put, value in zip(_field_setters, values, strict=True):
        put(made, value)
    return made


@dataclass(frozen=True, slots=True)
class ChildRelationship:
    """The parent's end of a reference: what a sub-query names, and what a delete does."""

    child: str
    field: str
    name: str | None = None
    cascade_delete: bool = False
    restricted_delete: bool = False


@dataclass(frozen=True, slots=True)
class RecordTypePicklist:
    """The values of one picklist that records of a record type choose from."""

    field: str
    values: tuple[str, ...]
    default: str | None = None


@dataclass(frozen=True, slots=True)
class RecordType:
    """A record type of an sobject, as its describe and its writes need it; the row in RecordType says the rest."""

    id: str
    developer_name: str
    label: str
    active: bool = True
    default: bool = False
    """The one that the user's profile gives new records."""
    picklists: tuple[RecordTypePicklist, ...] = ()


@dataclass(frozen=True)
class SObject:
    """One sobject: flags, fields in describe order, child relationships."""

    name: str
    label: str
    label_plural: str
    key_prefix: str | None
    fields: tuple[Field, ...]
    children: tuple[ChildRelationship, ...] = ()
    custom: bool = False
    createable: bool = True
    updateable: bool = True
    deletable: bool = True
    undeletable: bool = True
    queryable: bool = True
    searchable: bool = True
    triggerable: bool = True
    mergeable: bool = False
    replicateable: bool = True
    retrieveable: bool = True
    layoutable: bool = True
    feed_enabled: bool = False
    mru_enabled: bool = False
    deep_cloneable: bool = False
    compact_layoutable: bool = True
    search_layoutable: bool = True
    custom_setting: bool = False
    described: bool = False
    """A standard sobject that only a describe told of: no rule of its writes is known."""
    supported_scopes: tuple[str, ...] = ()
    sharing: str | None = None
    """The organization-wide default of a custom object, in metadata's words: `ReadWrite`, `Private` …"""
    associate: tuple[str, str] | None = None
    """What a companion is, and of which sobject: `("History", "Invoice__c")` (describe's `associateEntityType`, `…Parent…`)."""
    record_types: tuple[RecordType, ...] = ()
    """By name, without the master record type."""
    veiled: bool = False
    """Its rows tell of fields that this user may not see: a history of such fields."""
    whole: SObject | None = None
    """The sobject with all its fields and rights, where this is what a user meets of it."""
    hidden: tuple[Field, ...] = ()
    """Standard fields that the org does not show: no caller sees them, the rules of the platform still do."""

    def find(self, name: str) -> Field | None:
        """The field of this name, in any case, or None."""
        return self.by_name.get(name.lower())

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        """All fields that rows have, shown or not."""
        return (*self.fields, *self.hidden)

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Fields by lower-case name."""
        return {each.name.lower(): each for each in self.fields}

    @cached_property
    def by_relationship(self) -> dict[str, Field]:
        """Reference fields by lower-case relationship name."""
        return {
            each.relationship_name.lower(): each
            for each in self.fields
            if each.relationship_name and each.is_id
        }

    @cached_property
    def name_field(self) -> Field | None:
        """The field that names a row, if the sobject has one."""
        return next((each for each in self.fields if each.name_field), None)

    @cached_property
    def id_prefix(self) -> str | None:
        """The first three characters of its rows' ids: several sobjects may share them."""
        return id_prefix(self.name, self.key_prefix)

    @cached_property
    def companions(self) -> dict[str, ChildRelationship]:
        """The companions that its rows are written to as they change: `History` while something is tracked, `Share`."""
        ends = {each.name: each for each in self.children if each.name in ("Histories", "Shares")}
        found: dict[str, ChildRelationship] = {}
        if "Histories" in ends and (self.custom or any(each.track_history for each in self.fields)):
            found["History"] = ends["Histories"]
        if "Shares" in ends and self.custom:
            found["Share"] = ends["Shares"]
        return found

    @cached_property
    def soft_delete(self) -> bool:
        """Deleted rows stay in the recycle bin: the sobject has `IsDeleted`."""
        return "isdeleted" in self.by_name

    @cached_property
    def formulas(self) -> tuple[Field, ...]:
        """The fields that Python functions compute."""
        return tuple(each for each in self.fields if each.formula is not None)

    @cached_property
    def summaries(self) -> tuple[Field, ...]:
        """The roll-up summaries."""
        return tuple(each for each in self.fields if each.summary is not None)

    @cached_property
    def parts(self) -> dict[str, tuple[Field, ...]]:
        """The parts of each compound field, by the compound's name."""
        found: dict[str, list[Field]] = {}
        for each in self.fields:
            if each.compound and each.compound != each.name:
                found.setdefault(each.compound, []).append(each)
        return {name: tuple(parts) for name, parts in found.items()}

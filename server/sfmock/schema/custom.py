"""Custom fields: the shape that Salesforce gives them (metadata.md 2.1, 6.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from sfmock.errors import refuse
from sfmock.schema.model import (
    REAL_TYPES,
    ChildRelationship,
    Field,
    PicklistValue,
    SObject,
)

_COMMON = ("label", "nillable")
_KEYS = ("unique", "external_id")
_ENTRIES = ("values", "restricted", "default")
PROPERTIES: Mapping[str, tuple[str, ...]] = {
    "string": (*_COMMON, "length", *_KEYS, "case_sensitive", "default"),
    "textarea": (*_COMMON, "length", "default"),
    "email": (*_COMMON, *_KEYS, "default"),
    "phone": (*_COMMON, "default"),
    "url": (*_COMMON, "default"),
    "picklist": (*_COMMON, *_ENTRIES),
    "multipicklist": (*_COMMON, *_ENTRIES),
    "boolean": ("label", "default"),
    "double": (*_COMMON, "precision", "scale", *_KEYS, "default"),
    "currency": (*_COMMON, "precision", "scale", "default"),
    "percent": (*_COMMON, "precision", "scale", "default"),
    "date": _COMMON,
    "datetime": _COMMON,
    "time": _COMMON,
    "reference": (*_COMMON, "reference_to", "relationship_name", "child_relationship_name"),
    "location": (*_COMMON, "scale"),
}
"""The types of custom fields, each with the properties that it takes."""

_LENGTHS = {"string": 255, "textarea": 255, "email": 80, "phone": 40, "url": 255, "picklist": 255, "multipicklist": 4099}  # fmt: skip
_LONGEST = {"string": 255, "textarea": 131_072}
_NOT_GROUPABLE = frozenset(
    {"double", "currency", "percent", "datetime", "time", "multipicklist", "location"}
)
_NAME = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9])*__c")


def custom_fields(name: str, type_: str, properties: Mapping[str, object]) -> tuple[Field, ...]:
    """The fields that adding one field makes: the parts of a location come before it."""
    check_name(name)
    _check_properties(name, type_, properties)
    given = _Properties(f"{name} ({type_})", properties)
    field = _plain(name, type_, given)
    if type_ in _LENGTHS:
        return (_text(field, given),)
    if type_ in REAL_TYPES:
        return (_number(field, given),)
    if type_ == "boolean":
        return (_boolean(field, given),)
    if type_ == "reference":
        return (_reference(field, given),)
    return _location(field, given) if type_ == "location" else (field,)


def parent_end(child: SObject, field: Field, properties: Mapping[str, object]) -> ChildRelationship:
    """The child relationship that a custom reference gives its parent; without a name no sub-query reaches it."""
    name = _Properties(field.name, properties).text("child_relationship_name")
    return ChildRelationship(
        child.name,
        field.name,
        None if name is None else _relationship(name),
        restricted_delete=field.restricted_delete,
    )


class _Properties:
    """The properties given for one field, read by kind; a wrong kind is a TypeError that names it."""

    def __init__(self, owner: str, given: Mapping[str, object]) -> None:
        self._owner = owner
        self._given = given

    def text(self, key: str) -> str | None:
        value = self._given.get(key)
        if value is not None and not isinstance(value, str):
            raise self._wrong(key, "text")
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self._given.get(key, default)
        if not isinstance(value, bool):
            raise self._wrong(key, "True or False")
        return value

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        value = self._given.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(key, "a whole number")
        if not low <= value <= high:
            raise ValueError(f"{self._owner}: {key} is {low} to {high}, not {value}")
        return value

    def number(self, key: str) -> float | None:
        value = self._given.get(key)
        if value is None:
            return None
        if not isinstance(value, int | float | Decimal) or isinstance(value, bool):
            raise self._wrong(key, "a number")
        return float(value)

    def one(self, key: str) -> str:
        value = self._given.get(key)
        if isinstance(value, list | tuple) and len(value) == 1:
            value = value[0]
        if not isinstance(value, str):
            raise self._wrong(key, "the name of one sobject")
        return value

    def entries(self) -> tuple[PicklistValue, ...]:
        value = self._given.get("values", ())
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise self._wrong("values", "a list")
        return tuple(self._entry(each) for each in value)

    def _entry(self, value: object) -> PicklistValue:
        if isinstance(value, PicklistValue):
            return value
        if isinstance(value, str) and value:
            return PicklistValue(value, value)
        raise self._wrong("values", "a list of texts or PicklistValue")

    def _wrong(self, key: str, wanted: str) -> TypeError:
        return TypeError(f"{self._owner}: {key} is {wanted}, not {self._given.get(key)!r}")


def _plain(name: str, type_: str, given: _Properties) -> Field:
    nillable = given.flag("nillable", True)
    return Field(
        name=name,
        label=given.text("label") or label_of(name),
        type=type_,
        nillable=nillable,
        groupable=type_ not in _NOT_GROUPABLE,
        sortable=type_ not in ("multipicklist", "location"),
        aggregatable=type_ not in ("boolean", "time", "multipicklist", "location"),
        permissionable=nillable,  # no field-level security row can exist for a required field
        custom=True,
    )


def _text(field: Field, given: _Properties) -> Field:
    unique, external = given.flag("unique", False), given.flag("external_id", False)
    default = given.text("default")
    length = _LENGTHS[field.type]
    if field.type in _LONGEST:
        length = given.whole("length", length, 1, _LONGEST[field.type])
    long = field.type == "textarea" and length > 255
    field = replace(
        field,
        length=length,
        unique=unique,
        external_id=external,
        id_lookup=unique or external,
        case_sensitive=given.flag("case_sensitive", False),
        extra_type_info="plaintextarea" if field.type == "textarea" else None,
        filterable=not long,
        sortable=field.sortable and not long,
        groupable=field.groupable and not long,
        aggregatable=field.aggregatable and not long,
        default=default,
        defaulted_on_create=default is not None,
    )
    return _picklist(field, given) if "picklist" in field.type else field


def _picklist(field: Field, given: _Properties) -> Field:
    entries = given.entries()
    preset = next((each.value for each in entries if each.default), None)
    default = given.text("default") or preset
    if default is not None and default not in [each.value for each in entries]:
        raise ValueError(f"{field.name}: default {default!r} is not among its values")
    return replace(
        field,
        picklist=tuple(replace(each, default=each.value == default) for each in entries),
        restricted_picklist=given.flag("restricted", False),
        precision=4 if field.type == "multipicklist" else 0,  # the visible lines
        default=default,
        defaulted_on_create=default is not None,
    )


def _number(field: Field, given: _Properties) -> Field:
    precision = given.whole("precision", 18, 1, 18)
    unique, external = given.flag("unique", False), given.flag("external_id", False)
    default = given.number("default")
    return replace(
        field,
        precision=precision,
        scale=given.whole(
            "scale", 2 if field.type == "currency" and precision > 1 else 0, 0, precision
        ),
        unique=unique,
        external_id=external,
        id_lookup=unique or external,
        default=default,
        defaulted_on_create=default is not None,
    )


def _boolean(field: Field, given: _Properties) -> Field:
    return replace(
        field, nillable=False, defaulted_on_create=True, default=given.flag("default", False)
    )


def _reference(field: Field, given: _Properties) -> Field:
    return replace(
        field,
        length=18,
        reference_to=(given.one("reference_to"),),
        relationship_name=_relationship(given.text("relationship_name") or field.name),
        restricted_delete=not field.nillable,  # Salesforce cannot clear a required lookup
    )


def _location(field: Field, given: _Properties) -> tuple[Field, ...]:
    scale = given.whole("scale", 6, 0, 15)
    stem = field.name.removesuffix("__c")
    parts = tuple(
        replace(
            field,
            name=f"{stem}__{part}__s",
            label=f"{field.label} ({part})",
            type="double",
            precision=scale + 3,  # three digits before the point
            scale=scale,
            sortable=True,
            aggregatable=True,
            compound=field.name,
        )
        for part in ("Latitude", "Longitude")
    )
    whole = replace(field, createable=False, updateable=False, query_by_distance=True)
    return *parts, replace(whole, nillable=True)


def check_name(name: str) -> None:
    """Raise ValueError for what cannot be the API name of a custom object or field."""
    if not _NAME.fullmatch(name) or len(name) > 43:
        raise ValueError(
            f"{name!r} is no name of a custom object or field: letters, digits and single underscores,"
            " at most 40 characters, and then __c"
        )
    if name.lower().startswith("f_"):
        raise refuse(f"a name that starts with f_: {name}")  # folded text has columns of that name


def _check_properties(name: str, type_: str, properties: Mapping[str, object]) -> None:
    if type_ == "encryptedstring":
        raise refuse("custom fields of type encryptedstring")
    allowed = PROPERTIES.get(type_)
    if allowed is None:
        raise TypeError(
            f"{name}: no custom field has the type {type_!r}; the types are {', '.join(PROPERTIES)}"
        )
    unknown = sorted(properties.keys() - set(allowed))
    if unknown:
        raise TypeError(
            f"{name}: a field of type {type_} has no {' and no '.join(unknown)};"
            f" its properties are {', '.join(allowed)}"
        )
    if type_ == "reference" and "reference_to" not in properties:
        raise TypeError(f"{name}: a field of type reference needs reference_to")


def label_of(name: str) -> str:
    """The label of a custom object or field that was given none."""
    return name.removesuffix("__c").replace("_", " ")


def _relationship(name: str) -> str:
    return f"{name.removesuffix('__r').removesuffix('__c')}__r"

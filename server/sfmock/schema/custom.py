"""Custom fields: which types there are, what each takes, and the shape that Salesforce gives them (metadata.md 2.1, 6.2)."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock.errors import refuse
from sfmock.schema.custom_choice import CHOICE_LENGTHS, choice_field
from sfmock.schema.custom_computed import Find, auto_number_field, formula_field, summary_field
from sfmock.schema.custom_number import (
    checkbox_field,
    location_fields,
    moment_field,
    number_field,
)
from sfmock.schema.custom_reference import reference_field
from sfmock.schema.custom_text import LENGTHS, text_field
from sfmock.schema.model import REAL_TYPES, Field, SObject
from sfmock.schema.names import check_field_name, label_of
from sfmock.schema.properties import Properties

_COMMON = ("label", "nillable")
_ABOUT = ("inline_help_text", "track_history")
_KEYS = ("unique", "external_id")
_ENTRIES = ("values", "restricted", "default", "controller", "valid_for")
_DIGITS = ("precision", "scale")
PROPERTIES: Mapping[str, tuple[str, ...]] = {
    "string": (*_COMMON, "length", *_KEYS, "case_sensitive", "default", *_ABOUT),
    "textarea": (*_COMMON, "length", "html", "default", *_ABOUT),
    "email": (*_COMMON, *_KEYS, "default", *_ABOUT),
    "phone": (*_COMMON, "default", *_ABOUT),
    "url": (*_COMMON, "default", *_ABOUT),
    "encryptedstring": (*_COMMON, "length", "mask_type", "mask_char", *_ABOUT),
    "picklist": (*_COMMON, *_ENTRIES, *_ABOUT),
    "multipicklist": (*_COMMON, *_ENTRIES, "visible_lines", *_ABOUT),
    "boolean": ("label", "default", *_ABOUT),
    "double": (*_COMMON, *_DIGITS, *_KEYS, "default", *_ABOUT),
    "currency": (*_COMMON, *_DIGITS, "default", *_ABOUT),
    "percent": (*_COMMON, *_DIGITS, "default", *_ABOUT),
    "date": (*_COMMON, "default", *_ABOUT),
    "datetime": (*_COMMON, "default", *_ABOUT),
    "time": (*_COMMON, "default", *_ABOUT),
    "reference": (
        *_COMMON, "reference_to", "relationship_name", "child_relationship_name", "delete_constraint", "master_detail",
        "relationship_order", "reparentable", "write_requires_master_read", *_ABOUT,
    ),
    "location": (*_COMMON, "scale", *_ABOUT),
    "summary": (
        "label", "operation", "summarized_field", "foreign_key", "filters", "inline_help_text",
    ),
}  # fmt: skip
"""The types of custom fields, each with the properties that it takes."""

AUTO_NUMBER = (
    "label", "display_format", "starting_number", "external_id", "inline_help_text", "track_history",
)  # fmt: skip
"""The properties of a string that has a `display_format`."""

_FORMULA = ("label", "formula", "formula_text", "formula_treat_null_as_zero", "inline_help_text")
FORMULAS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("string", "date", "datetime", "time", "boolean"), _FORMULA),
    **dict.fromkeys(("double", "currency", "percent"), (*_FORMULA, *_DIGITS)),
}
"""The types of result of a `formula`, each with the properties of such a field."""

_NEEDED: Mapping[str, tuple[str, ...]] = {
    "reference": ("reference_to",),
    "summary": ("operation", "foreign_key"),
}
_NOT_GROUPABLE = REAL_TYPES | {"datetime", "time", "multipicklist", "location"}


def custom_fields(
    owner: SObject,
    find: Find,
    name: str,
    type_: str,
    properties: Mapping[str, object],
    *,
    formula: int = 0,
) -> tuple[Field, ...]:
    """The fields that adding one field makes: the parts of a location come before it.

    `find` leads to the sobjects of the org by their names. `formula` is the number that the org's schema keeps the function of a formula field under.
    """
    check_field_name(name)
    _check_properties(name, type_, properties)
    given = Properties(f"{name} ({type_})", properties)
    field = _plain(name, type_, given)
    if "formula" in properties:
        return (formula_field(field, given, formula),)
    if "display_format" in properties:
        return (auto_number_field(field, given),)
    return _of_type(field, given, owner, find)


def _of_type(field: Field, given: Properties, owner: SObject, find: Find) -> tuple[Field, ...]:
    if field.type in LENGTHS:
        return (text_field(field, given),)
    if field.type in CHOICE_LENGTHS:
        return (choice_field(field, given, owner),)
    if field.type in REAL_TYPES:
        return (number_field(field, given),)
    match field.type:
        case "boolean":
            return (checkbox_field(field, given),)
        case "reference":
            return (reference_field(field, given, owner),)
        case "location":
            return location_fields(field, given)
        case "summary":
            return (summary_field(field, given, owner, find),)
        case _:
            return (moment_field(field, given),)


def _plain(name: str, type_: str, given: Properties) -> Field:
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
        inline_help_text=given.text("inline_help_text"),
        track_history=given.flag("track_history", False),
        custom=True,
    )


def _check_properties(name: str, type_: str, properties: Mapping[str, object]) -> None:
    if type_ == "address":
        raise refuse("custom fields of type address (API version 56.0 and later)")
    if "default_formula" in properties or callable(properties.get("default")):
        raise refuse(f"formulas as defaults ({name})")
    allowed, kind = _allowed(type_, properties)
    if allowed is None:
        raise TypeError(
            f"{name}: no custom field has the type {type_!r}; the types are {', '.join(PROPERTIES)}"
        )
    unknown = sorted(properties.keys() - set(allowed))
    if unknown:
        raise TypeError(
            f"{name}: {kind} has no {' and no '.join(unknown)}; its properties are {', '.join(allowed)}"
        )
    for each in _NEEDED.get(type_, ()):
        if each not in properties:
            raise TypeError(f"{name}: a field of type {type_} needs {each}")


def _allowed(type_: str, properties: Mapping[str, object]) -> tuple[tuple[str, ...] | None, str]:
    """The properties that such a field may have, and what to call it."""
    if "formula" in properties and type_ in FORMULAS:
        return FORMULAS[type_], f"a formula of type {type_}"
    if "display_format" in properties and type_ == "string":
        return AUTO_NUMBER, "an auto-number"
    return PROPERTIES.get(type_), f"a field of type {type_}"

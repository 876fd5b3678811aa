"""Custom objects: the shape that Salesforce gives a new one (metadata.md 6.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sfmock.ids import ALPHABET
from sfmock.schema.custom import check_name, label_of
from sfmock.schema.custom_computed import numbered
from sfmock.schema.model import ID_TYPES, Field, SObject
from sfmock.schema.properties import Properties

NAME_PROPERTIES = ("label", "display_format", "starting_number", "track_history")
"""What `name_field` of `add_object` takes: with a display format the names are auto-numbers."""


def custom_object(
    name: str,
    label: str | None,
    plural: str | None,
    number: int,
    name_field: Mapping[str, object],
) -> SObject:
    """A new custom object, the n-th of its org, without custom fields."""
    check_name(name)
    label = label or label_of(name)
    naming = _name_field(name, label, name_field)
    return SObject(
        name=name,
        label=label,
        label_plural=plural or f"{label}s",
        key_prefix=f"a{ALPHABET[number // 62]}{ALPHABET[number % 62]}",
        fields=_system_fields(naming),
        custom=True,
        supported_scopes=("everything", "mine"),
    )


def _name_field(sobject: str, label: str, properties: Mapping[str, object]) -> Field:
    """A text that may be left out, or an auto-number."""
    unknown = sorted(properties.keys() - set(NAME_PROPERTIES))
    if unknown:
        raise TypeError(
            f"{sobject}: name_field has no {' and no '.join(unknown)};"
            f" its properties are {', '.join(NAME_PROPERTIES)}"
        )
    given = Properties(f"{sobject} (name_field)", properties)
    name = replace(
        _system("Name", given.text("label") or f"{label} Name", "string"),
        length=80,
        id_lookup=True,
        name_field=True,
        track_history=given.flag("track_history", False),
    )
    if "display_format" in given:
        return numbered(name, given)
    if "starting_number" in given:
        raise TypeError(f"{sobject}: starting_number of name_field needs display_format")
    # Left out, the record id becomes the name.
    return replace(name, nillable=True, createable=True, updateable=True)


def _system_fields(name: Field) -> tuple[Field, ...]:
    owner = replace(
        _system("OwnerId", "Owner ID", "reference"),
        createable=True,
        updateable=True,
        reference_to=("Group", "User"),
        relationship_name="Owner",
    )
    return (
        replace(_system("Id", "Record ID", "id"), id_lookup=True),
        owner,
        replace(_system("IsDeleted", "Deleted", "boolean"), default=False),
        name,
        _system("CreatedDate", "Created Date", "datetime"),
        _user("CreatedById", "Created By ID", "CreatedBy"),
        _system("LastModifiedDate", "Last Modified Date", "datetime"),
        _user("LastModifiedById", "Last Modified By ID", "LastModifiedBy"),
        _system("SystemModstamp", "System Modstamp", "datetime"),
    )


def _system(name: str, label: str, type_: str) -> Field:
    return Field(
        name=name,
        label=label,
        type=type_,
        length=18 if type_ in ID_TYPES else 0,
        nillable=False,
        createable=False,
        updateable=False,
        defaulted_on_create=True,
        groupable=type_ != "datetime",
        aggregatable=type_ != "boolean",
    )


def _user(name: str, label: str, relationship: str) -> Field:
    return replace(
        _system(name, label, "reference"), reference_to=("User",), relationship_name=relationship
    )

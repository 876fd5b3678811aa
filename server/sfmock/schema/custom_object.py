"""Custom objects: the shape that Salesforce gives a new one (metadata.md 6.1)."""

from __future__ import annotations

from dataclasses import replace

from sfmock.ids import ALPHABET
from sfmock.schema.custom import check_name, label_of
from sfmock.schema.model import ID_TYPES, Field, SObject


def custom_object(name: str, label: str | None, plural: str | None, number: int) -> SObject:
    """A new custom object, the n-th of its org, without custom fields."""
    check_name(name)
    label = label or label_of(name)
    return SObject(
        name=name,
        label=label,
        label_plural=plural or f"{label}s",
        key_prefix=f"a{ALPHABET[number // 62]}{ALPHABET[number % 62]}",
        fields=_system_fields(label),
        custom=True,
        supported_scopes=("everything", "mine"),
    )


def _system_fields(label: str) -> tuple[Field, ...]:
    owner = replace(
        _system("OwnerId", "Owner ID", "reference"),
        createable=True,
        updateable=True,
        reference_to=("Group", "User"),
        relationship_name="Owner",
    )
    name = replace(
        _system("Name", f"{label} Name", "string"),
        length=80,
        nillable=True,  # left out, the record id becomes the name
        createable=True,
        updateable=True,
        id_lookup=True,
        name_field=True,
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

"""The fields that the platform gives custom sobjects and fills itself, as recorded (metadata.md 3, 6.1)."""

from __future__ import annotations

from dataclasses import replace

from sfmock.schema.model import ID_TYPES, Field


def system(name: str, label: str, type_: str) -> Field:
    """A field that no caller writes and that always has a value."""
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


def record_id(label: str = "Record ID") -> Field:
    """`Id`."""
    return replace(system("Id", label, "id"), id_lookup=True)


def deleted() -> Field:
    """`IsDeleted`."""
    return replace(system("IsDeleted", "Deleted", "boolean"), default=False)


def user(name: str, label: str) -> Field:
    """A reference to the user who did it: `CreatedById`."""
    return replace(
        system(name, label, "reference"),
        reference_to=("User",),
        relationship_name=name.removesuffix("Id"),
    )


def moment(name: str, label: str) -> Field:
    """A stamp."""
    return system(name, label, "datetime")


def created() -> tuple[Field, ...]:
    """When it was created, and by whom."""
    return moment("CreatedDate", "Created Date"), user("CreatedById", "Created By ID")


def modified() -> tuple[Field, ...]:
    """When it was changed last, and by whom."""
    return (
        moment("LastModifiedDate", "Last Modified Date"),
        user("LastModifiedById", "Last Modified By ID"),
        moment("SystemModstamp", "System Modstamp"),
    )

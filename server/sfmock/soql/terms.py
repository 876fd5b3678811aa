"""What is read of a row: a field, a field of whatever a polymorphic reference points to, a part of a date, a distance.

Each term has a `field`: its own, or one that says which values it takes and how they are written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from sfmock.schema.model import Field, SObject


@dataclass(frozen=True, slots=True)
class Join:
    """A parent reached by a reference: table `number` from table `child` (0 is the object of FROM)."""

    number: int
    child: int
    reference: Field
    sobject: SObject


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a table."""

    table: int
    field: Field


@dataclass(frozen=True, slots=True)
class NameField:
    """A field of the pseudo-object `Name`, which is any of `targets`, behind a polymorphic reference (soql.md 3)."""

    table: int
    reference: Field
    targets: tuple[SObject, ...]
    field: Field


@dataclass(frozen=True, slots=True)
class DatePart:
    """What a date function makes of a date or date-time; `local`: of the date-time in the caller's time zone."""

    function: str
    column: Column
    local: bool
    field: Field


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a geolocation is from a place, in miles or kilometres."""

    latitude: Column
    longitude: Column
    origin: tuple[float, float]
    unit: str
    field: Field


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What the values of a group come to; COUNT counts those that are there."""

    function: str
    argument: Column | NameField
    field: Field


@dataclass(frozen=True, slots=True)
class Grouping:
    """1 where a row of subtotals adds up all values of this entry of GROUP BY, else 0."""

    place: int
    field: Field


Term: TypeAlias = Column | NameField | DatePart | Distance | Aggregate | Grouping

NAME_FIELDS: Final = {
    each.name.lower(): each
    for each in (
        Field("Id", "Name ID", "id"),
        Field("Name", "Name", "string"),
        Field("LastName", "Last Name", "string"),
        Field("FirstName", "First Name", "string"),
        Field("Type", "Type", "string"),
        Field("Alias", "Alias", "string"),
        Field("UserRoleId", "User Role ID", "reference"),
        Field("IsActive", "Active", "boolean"),
        Field("ProfileId", "Profile ID", "reference"),
        Field("Title", "Title", "string"),
        Field("Email", "Email", "email"),
        Field("Phone", "Phone", "phone"),
        Field("Username", "Username", "string"),
    )
}
"""The fields of `Name` by lower-case name."""


def name_source(field: Field, target: SObject) -> Field | None:
    """The field of a target that a field of `Name` shows; its name is whatever field names its rows."""
    if field.name == "Name":
        return target.name_field or target.find("Name")
    return target.find(field.name)


def same(one: Term, other: Term) -> bool:
    """Whether two terms read the same."""
    match one, other:
        case Column(), Column():
            return key(one) == key(other)
        case NameField(), NameField():
            return key(one) == key(other)
        case DatePart(), DatePart():
            return (one.function, one.local) == (other.function, other.local) and same(
                one.column, other.column
            )
        case Aggregate(), Aggregate():
            return one.function == other.function and same(one.argument, other.argument)
        case Grouping(), Grouping():
            return one.place == other.place
    return one == other


def key(term: Column | NameField) -> tuple[int, str, str]:
    """What tells two fields apart, without comparing all that describe says of them."""
    if isinstance(term, Column):
        return term.table, "", term.field.name
    return term.table, term.reference.name, term.field.name

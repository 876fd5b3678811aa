"""What a query means: names are fields now, values have their field's type, every path is a join."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from sfmock.schema.model import Field, SObject
from sfmock.soql.nodes import DateLiteral, Operator
from sfmock.store.database import Value


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
class Equals:
    """The field has this value, or (`negated`) another one or none."""

    column: Column
    value: Value
    negated: bool


@dataclass(frozen=True, slots=True)
class IsNull:
    """The field is empty, or (`negated`) is not."""

    column: Column
    negated: bool


@dataclass(frozen=True, slots=True)
class Compares:
    """The field lies on one side of a value; empty fields never do."""

    column: Column
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class Within:
    """The field stands so to a named range of days; the range is known when the query runs."""

    column: Column
    operator: Operator
    literal: DateLiteral


@dataclass(frozen=True, slots=True)
class OneOf:
    """The field has one of the values; `null` says that the list holds null too."""

    column: Column
    values: tuple[Value, ...]
    null: bool
    negated: bool


@dataclass(frozen=True, slots=True)
class Like:
    """The field matches a pattern with `%`, `_` and backslash escapes."""

    column: Column
    pattern: str


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold: whatever is not true, for Salesforce has two truth values."""

    item: Condition


@dataclass(frozen=True, slots=True)
class All:
    """All conditions hold."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one condition holds."""

    items: tuple[Condition, ...]


Condition: TypeAlias = Equals | IsNull | Compares | Within | OneOf | Like | Not | All | Any


@dataclass(frozen=True, slots=True)
class Order:
    """One sort key."""

    column: Column
    descending: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True)
class Leaf:
    """A field in the result: its key, and where its value stands in the fetched row."""

    key: str
    field: Field
    index: int


@dataclass(frozen=True, slots=True)
class Compound:
    """An address or a location in the result, made of its parts."""

    key: str
    parts: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A record in the result: its sobject, where its id stands in the fetched row, its items in select order."""

    key: str
    sobject: SObject
    id_index: int
    items: tuple[Item, ...]


Item: TypeAlias = Leaf | Compound | Branch


@dataclass(frozen=True, slots=True)
class Plan:
    """A bound query. `tree` is None for COUNT()."""

    sobject: SObject
    joins: tuple[Join, ...]
    columns: tuple[Column, ...]
    tree: Branch | None
    where: Condition | None
    order: tuple[Order, ...]
    limit: int | None
    offset: int | None

    @property
    def sobjects(self) -> tuple[SObject, ...]:
        """All sobjects whose tables the query reads."""
        return (self.sobject, *(each.sobject for each in self.joins))

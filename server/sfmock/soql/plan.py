"""What a query means: names are fields now, values have their field's type, every path is a join."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Literal, TypeAlias

from sfmock.schema.model import Field, SObject
from sfmock.soql.nodes import DateLiteral, Operator
from sfmock.soql.terms import Column as Column
from sfmock.soql.terms import Join as Join
from sfmock.soql.terms import Term as Term
from sfmock.store.database import Value


@dataclass(frozen=True, slots=True)
class Equals:
    """The field has this value, or (`negated`) another one or none."""

    column: Term
    value: Value
    negated: bool


@dataclass(frozen=True, slots=True)
class IsNull:
    """The field is empty, or (`negated`) is not."""

    column: Term
    negated: bool


@dataclass(frozen=True, slots=True)
class Compares:
    """The field lies on one side of a value; empty fields never do."""

    column: Term
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class Within:
    """The field stands so to a named range of days; the range is known when the query runs."""

    column: Term
    operator: Operator
    literal: DateLiteral


@dataclass(frozen=True, slots=True)
class OneOf:
    """The field has one of the values; `null` says that the list holds null too."""

    column: Term
    values: tuple[Value, ...]
    null: bool
    negated: bool


@dataclass(frozen=True, slots=True)
class Like:
    """The field matches a pattern with `%`, `_` and backslash escapes."""

    column: Term
    pattern: str


@dataclass(frozen=True, slots=True)
class Includes:
    """A multi-select picklist holds all values of one of the sets, or (`negated`) of none."""

    column: Column
    sets: tuple[tuple[str, ...], ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class SemiJoin:
    """The reference is among those that another query finds."""

    column: Column
    inner: Inner
    negated: bool


@dataclass(frozen=True, slots=True)
class Inner:
    """The query of a semi-join: the rows of table `number` and their one field."""

    number: int
    sobject: SObject
    column: Column
    joins: tuple[Join, ...]
    where: Condition | None

    @property
    def sobjects(self) -> tuple[SObject, ...]:
        """All sobjects whose tables it reads."""
        return (self.sobject, *(each.sobject for each in self.joins))


@dataclass(frozen=True, slots=True)
class Owned:
    """The reference holds the id of the user who asks."""

    column: Column


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


Condition: TypeAlias = (
    Equals
    | IsNull
    | Compares
    | Within
    | OneOf
    | Like
    | Includes
    | SemiJoin
    | Owned
    | Not
    | All
    | Any
)


@dataclass(frozen=True, slots=True)
class Order:
    """One sort key."""

    column: Term
    descending: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True)
class Leaf:
    """A field in the result: its key, where its value stands in the fetched row, and the function that shows it."""

    key: str
    field: Field
    index: int
    shown: Literal["", "label", "format"] = ""


@dataclass(frozen=True, slots=True)
class ChildRecords:
    """The children of a record in the result, by the place of their query in the plan."""

    key: str
    number: int


@dataclass(frozen=True, slots=True)
class Children:
    """A query of children: its plan, and the reference of the child that points to the parent."""

    reference: Field
    plan: Plan
    text: str
    """A query of the same fields that stands alone, for the pages behind the first."""


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


@dataclass(frozen=True, slots=True)
class NameBranch:
    """What a polymorphic reference points to, as `Name`: the row's sobject and id stand in the fetched row."""

    key: str
    type_index: int
    id_index: int
    items: tuple[Item, ...]
    """Its fields, and the parents of a user."""
    concrete: bool
    """Whether `attributes.type` is the row's sobject, as behind TYPEOF, and not `Name`."""


@dataclass(frozen=True, slots=True)
class Choice:
    """TYPEOF: the first of these records that is there, or null."""

    key: str
    branches: tuple[Branch | NameBranch, ...]


@dataclass(frozen=True, slots=True)
class GroupRecord:
    """A group in the result: an `AggregateResult`, which has no id."""

    items: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """GROUP BY: its entries, whether subtotals come with them, and HAVING; no entries: all rows are one group."""

    items: tuple[Term, ...]
    totals: str | None
    having: Condition | None

    @property
    def sets(self) -> tuple[tuple[bool, ...], ...]:
        """Which entries each kind of row adds up over: none of them, and with subtotals some or all."""
        count = len(self.items)
        if self.totals == "ROLLUP":
            return tuple(
                tuple(place >= kept for place in range(count)) for kept in range(count, -1, -1)
            )
        if self.totals == "CUBE":
            return tuple(sorted(product((False, True), repeat=count), key=sum))
        return ((False,) * count,)


Item: TypeAlias = Leaf | Compound | Branch | NameBranch | Choice | ChildRecords


@dataclass(frozen=True, slots=True)
class Plan:
    """A bound query. `tree` is None for COUNT()."""

    sobject: SObject
    joins: tuple[Join, ...]
    columns: tuple[Term, ...]
    tree: Branch | GroupRecord | None
    where: Condition | None
    order: tuple[Order, ...]
    limit: int | None
    offset: int | None
    groups: Groups | None = None
    children: tuple[Children, ...] = ()
    viewed: bool = False
    """Whether its rows become the caller's most recent ones: FOR VIEW, FOR REFERENCE."""
    inner: tuple[SObject, ...] = ()
    """The sobjects that semi-joins read."""
    named: tuple[SObject, ...] = ()
    """The sobjects that polymorphic references may point to; those without a table have no rows."""

    @property
    def sobjects(self) -> tuple[SObject, ...]:
        """All sobjects whose tables the query reads."""
        return (self.sobject, *(each.sobject for each in self.joins), *self.inner)

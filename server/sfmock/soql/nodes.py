"""What a query says, before names mean anything: frozen nodes with the offsets that errors point at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Operator: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">=", "LIKE"]


@dataclass(frozen=True, slots=True)
class Path:
    """Identifiers joined by dots, as written."""

    parts: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Function:
    """A function of fields; `arguments` are those that are fields or functions themselves."""

    name: str
    arguments: tuple[Operand, ...]
    at: int


Operand: TypeAlias = Path | Function


@dataclass(frozen=True, slots=True)
class Text:
    """A string; behind LIKE it is a pattern in which a backslash escapes `%`, `_` and itself."""

    value: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written, with its sign."""

    text: str


@dataclass(frozen=True, slots=True)
class Boolean:
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Null:
    """`null`."""


@dataclass(frozen=True, slots=True)
class Date:
    """`2026-11-23`, perhaps a day that does not exist."""

    text: str


@dataclass(frozen=True, slots=True)
class DateTime:
    """`2026-11-23T12:00:00Z` or with an offset."""

    text: str


@dataclass(frozen=True, slots=True)
class Time:
    """`12:00:00Z`."""

    text: str


@dataclass(frozen=True, slots=True)
class DateLiteral:
    """A named range of days such as `LAST_N_DAYS:3`; the name in upper case."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Currency:
    """`USD5000`: only for organizations with several currencies."""

    text: str


@dataclass(frozen=True, slots=True)
class Bind:
    """An Apex variable, or any bare word where a value should stand."""


Constant: TypeAlias = (
    Text | Number | Boolean | Null | Date | DateTime | Time | DateLiteral | Currency | Bind
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`field operator value`."""

    operand: Operand
    operator: Operator
    value: Constant


@dataclass(frozen=True, slots=True)
class Membership:
    """`field [NOT] IN (values)`."""

    operand: Operand
    values: tuple[Constant, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class SemiJoin:
    """`field [NOT] IN (SELECT field FROM object WHERE ...)`."""

    operand: Operand
    query: Query
    negated: bool


@dataclass(frozen=True, slots=True)
class Includes:
    """`field INCLUDES|EXCLUDES ('A;B', ...)`."""

    operand: Operand
    values: tuple[Constant, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Not:
    """`NOT condition`."""

    item: Condition


@dataclass(frozen=True, slots=True)
class And:
    """Conditions joined by AND."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Conditions joined by OR."""

    items: tuple[Condition, ...]


Condition: TypeAlias = Comparison | Membership | SemiJoin | Includes | Not | And | Or


@dataclass(frozen=True, slots=True)
class Selected:
    """A field or a function in the select list."""

    operand: Operand
    alias: str | None


@dataclass(frozen=True, slots=True)
class SubQuery:
    """A query of children in the select list."""

    query: Query


@dataclass(frozen=True, slots=True)
class TypeOf:
    """`TYPEOF relationship WHEN ... END`."""

    path: Path


@dataclass(frozen=True, slots=True)
class Fields:
    """`FIELDS(ALL|STANDARD|CUSTOM)`."""

    group: str


@dataclass(frozen=True, slots=True)
class Count:
    """`COUNT()`: the number of rows in `totalSize`, no rows."""


Item: TypeAlias = Selected | SubQuery | TypeOf | Fields


@dataclass(frozen=True, slots=True)
class Source:
    """An entry of FROM."""

    path: Path
    alias: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """An entry of ORDER BY; `nulls_last` only where the query says so."""

    operand: Operand
    descending: bool = False
    nulls_last: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query; `clauses` names those clauses that are only recognised."""

    select: Count | tuple[Item, ...]
    sources: tuple[Source, ...]
    where: Condition | None = None
    grouped: bool = False
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int | None = None
    clauses: tuple[str, ...] = ()

"""What a query says, before names mean anything: frozen nodes with the offsets that errors point at.

Two nodes are equal if they say the same, wherever it stands: `at` is no part of a comparison.
"""

from __future__ import annotations

from dataclasses import field
from typing import Literal, TypeAlias

from sfmock.soql.constants import Boolean as Boolean
from sfmock.soql.constants import Constant as Constant
from sfmock.soql.constants import Currency as Currency
from sfmock.soql.constants import Date as Date
from sfmock.soql.constants import DateLiteral as DateLiteral
from sfmock.soql.constants import DateTime as DateTime
from sfmock.soql.constants import Null as Null
from sfmock.soql.constants import Number as Number
from sfmock.soql.constants import Text as Text
from sfmock.soql.constants import Time as Time
from sfmock.soql.frozen import node
from sfmock.soql.operands import Distance as Distance
from sfmock.soql.operands import Function as Function
from sfmock.soql.operands import Geolocation as Geolocation
from sfmock.soql.operands import Operand as Operand
from sfmock.soql.operands import Path as Path

Operator: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">=", "LIKE"]


@node
class Comparison:
    """`field operator value`."""

    operand: Operand
    operator: Operator
    value: Constant


@node
class Membership:
    """`field [NOT] IN (values)`."""

    operand: Operand
    values: tuple[Constant, ...]
    negated: bool


@node
class SemiJoin:
    """`field [NOT] IN (SELECT field FROM object WHERE ...)`."""

    operand: Operand
    query: Query
    negated: bool


@node
class Includes:
    """`field INCLUDES|EXCLUDES ('A;B', ...)`."""

    operand: Operand
    values: tuple[Constant, ...]
    negated: bool


@node
class Not:
    """`NOT condition`."""

    item: Condition
    at: int = field(default=0, compare=False)


@node
class And:
    """Conditions joined by AND: at least two."""

    items: tuple[Condition, ...]


@node
class Or:
    """Conditions joined by OR: at least two."""

    items: tuple[Condition, ...]


Condition: TypeAlias = Comparison | Membership | SemiJoin | Includes | Not | And | Or


@node
class Selected:
    """A field or a function in the select list."""

    operand: Operand
    alias: str | None = None


@node
class SubQuery:
    """A query of children in the select list."""

    query: Query
    alias: str | None = None


@node
class When:
    """`WHEN object THEN fields`."""

    sobject: Path
    fields: tuple[Path, ...]


@node
class TypeOf:
    """`TYPEOF relationship WHEN ... [ELSE fields] END`; `otherwise` is empty where there is no ELSE."""

    path: Path
    whens: tuple[When, ...]
    otherwise: tuple[Path, ...] = ()
    alias: str | None = None
    at: int = field(default=0, compare=False)


@node
class Fields:
    """`FIELDS(ALL|STANDARD|CUSTOM)`, perhaps with a word that is none of the three."""

    group: str
    alias: str | None = None
    at: int = field(default=0, compare=False)


@node
class Count:
    """`COUNT()`: the number of rows in `totalSize`, no rows."""

    at: int = field(default=0, compare=False)


Item: TypeAlias = Selected | SubQuery | TypeOf | Fields


@node
class Source:
    """An entry of FROM: an object, or a relationship; several only in the old form with commas."""

    path: Path
    alias: str | None = None


@node
class Using:
    """An entry of USING: `SCOPE mine` or `LOOKUP …`."""

    kind: Literal["SCOPE", "LOOKUP"]
    name: Path


@node
class Mode:
    """`WITH SECURITY_ENFORCED`, `USER_MODE`, `SYSTEM_MODE`, or any other word."""

    name: Path


@node
class Category:
    """`group AT category` or several categories in parentheses."""

    group: Path
    operator: Literal["AT", "ABOVE", "BELOW", "ABOVE_OR_BELOW"]
    names: tuple[Path, ...]


@node
class DataCategories:
    """`WITH DATA CATEGORY … AND …`."""

    categories: tuple[Category, ...]


@node
class Setting:
    """`name = value`, behind WITH, in `WITH name (…)` and behind BIND."""

    name: Path
    value: Constant


@node
class Context:
    """`WITH RecordVisibilityContext (name = value, …)`."""

    name: Path
    settings: tuple[Setting, ...]


With: TypeAlias = Mode | DataCategories | Setting | Context


@node
class Group:
    """GROUP BY: plain, or with subtotals by ROLLUP or CUBE."""

    items: tuple[Operand, ...]
    kind: Literal["ROLLUP", "CUBE"] | None = None


@node
class Order:
    """An entry of ORDER BY; `nulls` only where the query says where they go."""

    operand: Operand
    descending: bool = False
    nulls: Literal["FIRST", "LAST"] | None = None

    @property
    def nulls_last(self) -> bool:
        """Whether the query puts them last."""
        return self.nulls == "LAST"


@node
class Query:
    """A whole query, or one of children, or the inner one of a semi-join; empty is what it does not say."""

    select: Count | tuple[Item, ...]
    sources: tuple[Source, ...]
    using: tuple[Using, ...] = ()
    where: Condition | None = None
    withs: tuple[With, ...] = ()
    group: Group | None = None
    having: Condition | None = None
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int | None = None
    binds: tuple[Setting, ...] = ()
    viewing: Literal["VIEW", "REFERENCE"] | None = None
    update: tuple[str, ...] = ()
    at: int = field(default=0, compare=False)

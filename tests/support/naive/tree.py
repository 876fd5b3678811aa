"""A query as the naive evaluator reads it; `text` writes it as SOQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True)
class Path:
    """Relationship names, then a field."""

    steps: tuple[str, ...]
    name: str

    def __str__(self) -> str:
        return ".".join((*self.steps, self.name))


@dataclass(frozen=True)
class Call:
    """A function of one argument; `COUNT()` has none."""

    name: str
    argument: Path | Call | None

    def __str__(self) -> str:
        return f"{self.name}({'' if self.argument is None else self.argument})"


@dataclass(frozen=True)
class Distance:
    """How far a geolocation is from a fixed place."""

    path: Path
    latitude: float
    longitude: float
    unit: str

    def __str__(self) -> str:
        return (
            f"DISTANCE({self.path}, GEOLOCATION({self.latitude}, {self.longitude}), '{self.unit}')"
        )


Operand: TypeAlias = Path | Call | Distance


@dataclass(frozen=True)
class Value:
    """A literal: how it is written, and what it is as a stored value."""

    text: str
    stored: str | float | bool | None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Days:
    """A date literal such as `LAST_N_DAYS:3`."""

    name: str
    count: int | None = None

    def __str__(self) -> str:
        return self.name if self.count is None else f"{self.name}:{self.count}"


Literal: TypeAlias = Value | Days


@dataclass(frozen=True)
class Compare:
    """A comparison; the operator may be LIKE."""

    left: Operand
    operator: str
    right: Literal

    def __str__(self) -> str:
        return f"{self.left} {self.operator} {self.right}"


@dataclass(frozen=True)
class In:
    """Membership in a list."""

    left: Operand
    values: tuple[Literal, ...]
    negated: bool = False

    def __str__(self) -> str:
        return f"{self.left} {'NOT ' * self.negated}IN ({', '.join(map(str, self.values))})"


@dataclass(frozen=True)
class Semi:
    """Membership in what another query finds."""

    left: Path
    field: Path
    sobject: str
    where: Condition | None
    negated: bool = False

    def __str__(self) -> str:
        where = "" if self.where is None else f" WHERE {self.where}"
        inner = f"SELECT {self.field} FROM {self.sobject}{where}"
        return f"{self.left} {'NOT ' * self.negated}IN ({inner})"


@dataclass(frozen=True)
class Includes:
    """What a multi-select picklist holds; each text is a list of values that must all be there."""

    left: Path
    texts: tuple[Value, ...]
    negated: bool = False

    def __str__(self) -> str:
        word = "EXCLUDES" if self.negated else "INCLUDES"
        return f"{self.left} {word} ({', '.join(map(str, self.texts))})"


@dataclass(frozen=True)
class Not:
    """Whatever is not true."""

    item: Condition

    def __str__(self) -> str:
        return f"NOT ({self.item})"


@dataclass(frozen=True)
class Joined:
    """Conditions joined by AND or by OR."""

    word: str
    items: tuple[Condition, ...]

    def __str__(self) -> str:
        return f" {self.word} ".join(
            f"({each})" if isinstance(each, Joined | Not) else str(each) for each in self.items
        )


Condition: TypeAlias = Compare | In | Semi | Includes | Not | Joined


@dataclass(frozen=True)
class Item:
    """A field or a function in the select list."""

    operand: Operand
    alias: str | None = None

    def __str__(self) -> str:
        return f"{self.operand} {self.alias}" if self.alias else str(self.operand)


@dataclass(frozen=True)
class TypeOf:
    """Fields by what a polymorphic parent is."""

    relationship: str
    cases: tuple[tuple[str, tuple[Path, ...]], ...]
    otherwise: tuple[Path, ...] = ()

    def __str__(self) -> str:
        whens = " ".join(
            f"WHEN {name} THEN {', '.join(map(str, each))}" for name, each in self.cases
        )
        tail = f" ELSE {', '.join(map(str, self.otherwise))}" if self.otherwise else ""
        return f"TYPEOF {self.relationship} {whens}{tail} END"


@dataclass(frozen=True)
class Order:
    """A sort key; `nulls` is FIRST, LAST or nothing."""

    operand: Operand
    descending: bool = False
    nulls: str | None = None

    def __str__(self) -> str:
        nulls = f" NULLS {self.nulls}" if self.nulls else ""
        return f"{self.operand}{' DESC' * self.descending}{nulls}"


@dataclass(frozen=True)
class Query:
    """A query; `source` is an sobject, or in a sub-query a child relationship."""

    select: tuple[Item | TypeOf | Query, ...]
    source: str
    where: Condition | None = None
    group: tuple[Path | Call, ...] = ()
    totals: str | None = None
    """ROLLUP or CUBE."""
    having: Condition | None = None
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int | None = None
    scope: str | None = None
    counts: bool = field(default=False, kw_only=True)
    """`SELECT COUNT()`."""

    def __str__(self) -> str:
        items = ", ".join(
            f"({each})" if isinstance(each, Query) else str(each) for each in self.select
        )
        parts = [f"SELECT {'COUNT()' if self.counts else items} FROM {self.source}"]
        if self.scope:
            parts.append(f"USING SCOPE {self.scope}")
        if self.where is not None:
            parts.append(f"WHERE {self.where}")
        if self.group:
            groups = ", ".join(map(str, self.group))
            parts.append(f"GROUP BY {f'{self.totals}({groups})' if self.totals else groups}")
        if self.having is not None:
            parts.append(f"HAVING {self.having}")
        if self.order:
            parts.append(f"ORDER BY {', '.join(map(str, self.order))}")
        if self.limit is not None:
            parts.append(f"LIMIT {self.limit}")
        if self.offset is not None:
            parts.append(f"OFFSET {self.offset}")
        return " ".join(parts)

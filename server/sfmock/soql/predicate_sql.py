"""Conditions as SQL: two-valued logic, folded text, balanced trees (engine.md 0, 4, 5)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sfmock.schema.model import REAL_TYPES, VIEW_DATES, Field
from sfmock.soql import plan
from sfmock.soql.nodes import DateLiteral
from sfmock.store.database import Value
from sfmock.store.fold import fold
from sfmock.store.tables import quote, shadow

_BEHIND = "CAST(x'F5' AS TEXT)"
"""Sorts behind every character: no text in UTF-8 has this byte."""
_FIXED = re.compile(r"(?:[^\\%_]|\\.)*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Edge:
    """A parameter that depends on the clock: the start or the end of a named range of days."""

    literal: DateLiteral
    last: bool
    datetimes: bool


@dataclass(frozen=True, slots=True)
class Caller:
    """A parameter that is the id of the user who asks."""


Parameter: TypeAlias = "Value | Edge | Caller"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of SQL with its parameters, how deep it nests, and the word that joins it if it is a chain."""

    sql: str
    parameters: tuple[Parameter, ...] = ()
    depth: int = 0
    word: str = ""

    @property
    def weeks(self) -> bool:
        """Whether any range of days counts in weeks: which day they begin on is a matter of locale."""
        return any(
            isinstance(each, Edge) and "WEEK" in each.literal.name for each in self.parameters
        )

    def inside(self, word: str, *, first: bool) -> str:
        """The SQL as an operand of AND or OR, in parentheses only where SQLite would read it otherwise."""
        binds_less = word == "AND" and self.word == "OR"
        would_unbalance = self.word == word and not first
        return f"({self.sql})" if binds_less or would_unbalance else self.sql


def raw(column: plan.Column) -> str:
    """The column as it was written; a formula is computed by the org (`sfmock.org.formulas`).

    For dates of views it is what the caller's own view says, if there is one.
    """
    if column.field.formula is not None:
        return f'sf_formula({column.field.formula}, t{column.table}."Id")'
    name = f"t{column.table}.{quote(column.field.name)}"
    if column.field.name in VIEW_DATES:
        return f"COALESCE({views(column.table)}.Viewed, {name})"
    return name


def views(table: int) -> str:
    """The alias under which the caller's view of a table's row is joined, where a query needs it."""
    return f"v{table}"


def comparable(column: plan.Column) -> str:
    """The column as it is compared and sorted: folded text, booleans without null."""
    folded = shadow(column.field)
    if folded is not None and column.field.formula is not None:
        return f"sf_fold({raw(column)})"
    if folded is not None:
        return f"t{column.table}.{quote(folded)}"
    return f"COALESCE({raw(column)}, 0)" if column.field.type == "boolean" else raw(column)


def condition_sql(condition: plan.Condition) -> Part:
    """A condition as SQL that is true where Salesforce's is; false and NULL are the same."""
    match condition:
        case plan.All(items):
            return _balanced([condition_sql(each) for each in items], "AND")
        case plan.Any(items):
            return _balanced([condition_sql(each) for each in items], "OR")
        case plan.Not(item):
            inner = condition_sql(item)
            return Part(f"({inner.sql}) IS NOT TRUE", inner.parameters, inner.depth + 1)
        case plan.Equals(column, value, negated):
            sql = f"{_exact(column)} {'IS NOT' if negated else '='} ?"
            return Part(sql, (_exact_value(column.field, value),))
        case plan.IsNull(column, negated):
            return Part(f"{raw(column)} IS {'NOT ' if negated else ''}NULL")
        case plan.Compares(column, operator, value):
            return Part(f"{comparable(column)} {operator} ?", (_folded(column.field, value),))
        case plan.Within():
            return _within(condition)
        case plan.OneOf():
            return _one_of(condition)
        case plan.Like(column, pattern):
            return _like(column, fold(pattern))


def _balanced(parts: Sequence[Part], word: str) -> Part:
    """A tree of pairs, the deepest part first: SQLite bounds both its depth and the open parentheses."""
    level = sorted(parts, key=lambda part: -part.depth)
    while len(level) > 1:
        pairs = [
            _pair(level[index], level[index + 1], word) for index in range(0, len(level) - 1, 2)
        ]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def _pair(left: Part, right: Part, word: str) -> Part:
    return Part(
        f"{left.inside(word, first=True)} {word} {right.inside(word, first=False)}",
        left.parameters + right.parameters,
        max(left.depth, right.depth) + 1,
        word,
    )


def _exact(column: plan.Column) -> str:
    """The side of `=` and IN: fields marked case-sensitive compare as written."""
    return raw(column) if _is_exact(column.field) else comparable(column)


def _exact_value(field: Field, value: Value) -> Value:
    return value if _is_exact(field) else _folded(field, value)


def _is_exact(field: Field) -> bool:
    return field.is_text and field.case_sensitive


def _folded(field: Field, value: Value) -> Value:
    return fold(value) if isinstance(value, str) and shadow(field) is not None else value


def _within(condition: plan.Within) -> Part:
    column = raw(condition.column)
    datetimes = condition.column.field.type == "datetime"
    start = Edge(condition.literal, last=False, datetimes=datetimes)
    end = Edge(condition.literal, last=True, datetimes=datetimes)
    match condition.operator:
        case "=":
            return Part(f"({column} >= ? AND {column} < ?)", (start, end), 1)
        case "!=":
            return Part(f"(({column} >= ? AND {column} < ?) IS NOT TRUE)", (start, end), 2)
        case "<" | ">=":
            return Part(f"{column} {condition.operator} ?", (start,))
        case _:  # `<=` is before the end, `>` at or after it
            return Part(f"{column} {'<' if condition.operator == '<=' else '>='} ?", (end,))


def _one_of(condition: plan.OneOf) -> Part:
    column = _exact(condition.column)
    empty = f"{raw(condition.column)} IS {'NOT ' if condition.negated else ''}NULL"
    if not condition.values:
        return Part(empty)
    listed = _list(condition.column.field, condition.values)
    sql = f"{column} {'NOT ' if condition.negated else ''}IN ({listed.sql})"
    if condition.null:
        return Part(f"({empty} {'AND' if condition.negated else 'OR'} {sql})", listed.parameters, 2)
    if condition.negated and condition.column.field.type != "boolean":
        # Null is none of the values: in SQL it would be unknown. Booleans are never null.
        return Part(f"({raw(condition.column)} IS NULL OR {sql})", listed.parameters, 2)
    return Part(sql, listed.parameters, 1)


def _list(field: Field, values: tuple[Value, ...]) -> Part:
    if field.type in REAL_TYPES or field.type in (
        "int",
        "long",
    ):  # JSON would not keep every double exactly
        return Part(", ".join("?" * len(values)), values)
    exact = [_exact_value(field, each) for each in values]
    return Part("SELECT value FROM json_each(?)", (json.dumps(exact, ensure_ascii=False),))


def _like(column: plan.Column, pattern: str) -> Part:
    name = comparable(column)
    found = _FIXED.match(pattern)
    prefix = re.sub(r"\\(.)", r"\1", found[0] if found else "")
    sql = f"{name} LIKE ? ESCAPE '\\'"
    if not prefix:
        return Part(sql, (pattern,))
    bounds = f"{name} >= ? AND {name} < ? || {_BEHIND}"  # an index can find the prefix
    return Part(f"({bounds} AND {sql})", (prefix, prefix, pattern), 1)

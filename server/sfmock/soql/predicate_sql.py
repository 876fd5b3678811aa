"""Conditions as SQL: two-valued logic, folded text, balanced trees (engine.md 0, 4, 5)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from sfmock.schema.model import REAL_TYPES, Field
from sfmock.soql import plan
from sfmock.soql.term_sql import Caller, Edge, Part, Terms, bound, compose, is_exact, joined
from sfmock.store.database import Value
from sfmock.store.fold import fold
from sfmock.store.tables import shadow

_BEHIND = "CAST(x'F5' AS TEXT)"
"""Sorts behind every character: no text in UTF-8 has this byte."""
_FIXED = re.compile(r"(?:[^\\%_]|\\.)*", re.DOTALL)


class Predicates:
    """Writes conditions that are true where Salesforce's are; false and NULL are the same."""

    def __init__(self, terms: Terms, inner: Callable[[plan.Inner], Part]) -> None:
        self._terms = terms
        self._inner = inner
        """Writes the query of a semi-join."""

    def write(self, condition: plan.Condition) -> Part:
        """A condition of WHERE or HAVING."""
        terms = self._terms
        match condition:
            case plan.All(items):
                return _balanced([self.write(each) for each in items], "AND")
            case plan.Any(items):
                return _balanced([self.write(each) for each in items], "OR")
            case plan.Not(item):
                inner = self.write(item)
                return Part(f"({inner.sql}) IS NOT TRUE", inner.parameters, inner.depth + 1)
            case plan.Equals(term, value, negated):
                wanted = bound(_exact_value(term.field, value))
                return compose("{} IS NOT {}" if negated else "{} = {}", terms.exact(term), wanted)
            case plan.IsNull(term, negated):
                return compose("{} IS NOT NULL" if negated else "{} IS NULL", terms.raw(term))
            case plan.Compares(term, operator, value):
                wanted = bound(_folded(term.field, value))
                return compose(f"{{}} {operator} {{}}", terms.comparable(term), wanted)
            case plan.Within():
                return self._within(condition)
            case plan.OneOf():
                return self._one_of(condition)
            case plan.Like(term, pattern):
                return self._like(term, fold(pattern))
            case plan.Includes():
                return self._includes(condition)
            case plan.Owned(column):
                return compose("{} = {}", terms.raw(column), bound(Caller()))
            case plan.SemiJoin(column, query, negated):
                name, found = terms.raw(column), self._inner(query)
                if negated:  # a reference that is empty is none of them
                    return compose("({} IS NULL OR {} NOT IN ({}))", name, name, found, depth=2)
                return compose("{} IN ({})", name, found, depth=1)

    def _within(self, condition: plan.Within) -> Part:
        term = self._terms.raw(condition.column)
        datetimes = condition.column.field.type == "datetime"
        start = bound(Edge(condition.literal, last=False, datetimes=datetimes))
        end = bound(Edge(condition.literal, last=True, datetimes=datetimes))
        match condition.operator:
            case "=":
                return compose("({} >= {} AND {} < {})", term, start, term, end, depth=1)
            case "!=":
                within = "(({} >= {} AND {} < {}) IS NOT TRUE)"
                return compose(within, term, start, term, end, depth=2)
            case "<" | ">=":
                return compose(f"{{}} {condition.operator} {{}}", term, start)
            case _:  # `<=` is before the end, `>` at or after it
                return compose(
                    f"{{}} {'<' if condition.operator == '<=' else '>='} {{}}", term, end
                )

    def _one_of(self, condition: plan.OneOf) -> Part:
        field, negated = condition.column.field, condition.negated
        value = self._terms.raw(condition.column)
        empty = compose("{} IS NOT NULL" if negated else "{} IS NULL", value)
        if not condition.values:
            return empty
        listed = _list(field, condition.values)
        among = compose(
            "{} NOT IN ({})" if negated else "{} IN ({})",
            self._terms.exact(condition.column),
            listed,
            depth=1,
        )
        if condition.null:
            return compose("({} AND {})" if negated else "({} OR {})", empty, among, depth=2)
        if negated and field.type != "boolean":
            # Null is none of the values: in SQL it would be unknown. Booleans are never null.
            return compose("({} IS NULL OR {})", value, among, depth=2)
        return among

    def _like(self, term: plan.Term, pattern: str) -> Part:
        name = self._terms.comparable(term)
        found = _FIXED.match(pattern)
        prefix = re.sub(r"\\(.)", r"\1", found[0] if found else "")
        like = compose("{} LIKE {} ESCAPE '\\'", name, bound(pattern))
        if not prefix:
            return like
        start = bound(prefix)  # an index can find the prefix
        return compose(
            f"({{}} >= {{}} AND {{}} < {{}} || {_BEHIND} AND {{}})",
            name,
            start,
            name,
            start,
            like,
            depth=1,
        )

    def _includes(self, condition: plan.Includes) -> Part:
        """Values stand between semicolons; a set holds if each of its values stands there."""
        value = self._terms.comparable(condition.column)
        sets = [
            _balanced(
                [
                    compose("instr(';' || {} || ';', {}) > 0", value, bound(f";{fold(each)};"))
                    for each in values
                ],
                "AND",
            )
            for values in condition.sets
        ]
        found = _balanced(sets, "OR")
        return compose("({}) IS NOT TRUE" if condition.negated else "({})", found, depth=1)


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


def _exact_value(field: Field, value: Value) -> Value:
    return value if is_exact(field) else _folded(field, value)


def _folded(field: Field, value: Value) -> Value:
    return fold(value) if isinstance(value, str) and shadow(field) is not None else value


def _list(field: Field, values: tuple[Value, ...]) -> Part:
    if field.type in REAL_TYPES or field.type in (
        "int",
        "long",
    ):  # JSON would not keep every double exactly
        return joined([bound(each) for each in values])
    exact = [_exact_value(field, each) for each in values]
    return Part("SELECT value FROM json_each(?)", (json.dumps(exact, ensure_ascii=False),))

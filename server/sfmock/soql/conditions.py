"""Conditions of WHERE and HAVING: comparisons, and how AND, OR and NOT join them (soql.md 2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sfmock.soql import nodes
from sfmock.soql.calls import parse_any_operand, parse_operand
from sfmock.soql.cursor import MAX_DEPTH, Cursor
from sfmock.soql.literals import parse_literal
from sfmock.soql.sources import parse_sources, parse_using
from sfmock.soql.withs import parse_filter_with

_OPERATORS: Final[dict[str, nodes.Operator]] = {
    "=": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
}  # fmt: skip


@dataclass(slots=True)
class _Level:
    """Conditions side by side, between two parentheses, while they come in."""

    not_at: int | None
    word: str | None = None
    items: list[nodes.Condition] = field(default_factory=list)
    depth: int = 0

    def closed(self) -> tuple[nodes.Condition, int]:
        """The level as one condition, and how many of them stand inside one another in it."""
        if self.not_at is not None:
            return nodes.Not(self.items[0], self.not_at), self.depth + 1
        if self.word is None:
            return self.items[0], self.depth
        items = tuple(self.items)
        return nodes.And(items) if self.word == "AND" else nodes.Or(items), self.depth + 1


def parse_condition(cursor: Cursor) -> nodes.Condition:
    """One condition with all its parentheses, by a stack of levels: however many, they are no recursion.

    AND and OR do not mix on a level and NOT stands alone: the caller, or a parenthesis, meets what is left.
    """
    level = _opened(cursor)
    outer: list[_Level] = []
    while True:
        if cursor.accept_mark("("):
            outer.append(level)
            level = _opened(cursor)
            continue
        condition, depth = _comparison(cursor), 0
        while not _goes_on(cursor, level, condition, depth):
            condition, depth = level.closed()
            if depth > MAX_DEPTH:
                cursor.too_deep = True
                condition, depth = level.items[0], 0
            if not outer:
                return condition
            cursor.expect_mark(")")
            level = outer.pop()


def _opened(cursor: Cursor) -> _Level:
    at = cursor.here.at
    return _Level(at if cursor.accept("NOT") else None)


def _goes_on(cursor: Cursor, level: _Level, condition: nodes.Condition, depth: int) -> bool:
    """Put a condition into its level; answers whether another one follows on that level."""
    level.items.append(condition)
    level.depth = max(level.depth, depth)
    if level.not_at is not None:
        return False
    if level.word is not None:
        return cursor.accept(level.word) is not None
    level.word = cursor.accept("AND", "OR")
    return level.word is not None


def _comparison(cursor: Cursor) -> nodes.Condition:
    start = cursor.here.at
    operand = parse_any_operand(cursor)
    if cursor.here.kind == "operator":
        operator = _OPERATORS["".join(cursor.take().text.split())]
        return nodes.Comparison(operand, operator, parse_literal(cursor))
    if isinstance(operand, nodes.Distance):
        raise cursor.unexpected()
    if cursor.accept("LIKE"):
        return nodes.Comparison(operand, "LIKE", parse_literal(cursor, pattern=True))
    word = cursor.accept("INCLUDES", "EXCLUDES")
    if word:
        cursor.expect_mark("(")
        return nodes.Includes(operand, _values(cursor), word == "EXCLUDES")
    negated = cursor.accept("NOT") is not None
    if not cursor.accept("IN"):
        raise cursor.no_alternative(start)
    return _membership(cursor, operand, negated, start)


def _membership(
    cursor: Cursor, operand: nodes.Operand, negated: bool, start: int
) -> nodes.Condition:
    if cursor.at_mark(":"):
        return nodes.Membership(operand, (parse_literal(cursor),), negated)
    if not cursor.accept_mark("(") or cursor.at_mark(")"):
        raise cursor.no_alternative(start)
    if cursor.word == "SELECT":
        return nodes.SemiJoin(operand, _inner_query(cursor), negated)
    return nodes.Membership(operand, _values(cursor), negated)


def _values(cursor: Cursor) -> tuple[nodes.Constant, ...]:
    values = [parse_literal(cursor)]
    while cursor.accept_mark(","):
        values.append(parse_literal(cursor))
    cursor.expect_mark(")")
    return tuple(values)


def _inner_query(cursor: Cursor) -> nodes.Query:
    """The query of a semi-join: one field, FROM, WHERE, and those forms of WITH that filter; nothing else."""
    at = cursor.take().at
    with cursor.deeper():
        selected = nodes.Selected(parse_operand(cursor))
        cursor.expect("FROM")
        sources = parse_sources(cursor)
        using = parse_using(cursor)
        where = parse_condition(cursor) if cursor.accept("WHERE") else None
        withs = parse_filter_with(cursor)
    cursor.expect_mark(")")
    return nodes.Query((selected,), sources, using, where, withs, at=at)

"""Conditions of WHERE and HAVING: comparisons, and how AND, OR and NOT join them (soql.md 2)."""

from __future__ import annotations

from typing import Final, TypeAlias

from sfmock.soql import nodes
from sfmock.soql.calls import parse_any_operand, parse_operand
from sfmock.soql.cursor import MAX_DEPTH, Cursor
from sfmock.soql.literals import parse_literal
from sfmock.soql.sources import parse_from
from sfmock.soql.withs import parse_filter_with

_OPERATORS: Final[dict[str, nodes.Operator]] = {
    "=": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
}  # fmt: skip
_JOINS: Final = ("AND", "OR")
_SETS: Final = ("INCLUDES", "EXCLUDES")
_LITERAL: Final = frozenset(
    ["text", "number", "date", "datetime", "time", "path", "+", "-", ":", "TRUE", "FALSE", "NULL"]
)
_BEHIND: Final = frozenset(
    ["AND", "OR", ")", "WITH", "GROUP", "ORDER", "LIMIT", "OFFSET", "BIND", "FOR", "UPDATE", "end"]
)
"""What may stand behind the parentheses of a condition."""


def parse_condition(cursor: Cursor) -> nodes.Condition:
    """One condition with all its parentheses: the levels that are open lie on a stack, so no number of them overflows.

    AND and OR do not mix on a level and NOT stands alone: the caller, or a parenthesis, meets what is left.
    """
    first = _comparison(cursor) if cursor.here.kind == "path" else None
    if first is not None and cursor.word not in _JOINS:
        return first  # what many of them are
    outer: list[_Level | None] = []
    not_at, word, items, depth = _opened(cursor)
    while True:
        if first is None and cursor.accept("("):
            empty = not_at is None and not items
            outer.append(None if empty else (not_at, word, items, depth))
            if not empty or cursor.word == "NOT":
                not_at, word, items, depth = _opened(cursor)
            continue
        condition, inside = first or _comparison(cursor), 0
        first = None
        while True:
            items.append(condition)
            depth = max(depth, inside)
            if not_at is None:
                if word is None:
                    word = cursor.accept_any(_JOINS)
                    if word is not None:
                        break
                elif cursor.accept(word):
                    break
            condition, inside = _closed(cursor, not_at, word, items, depth)
            if not outer:
                return condition
            cursor.expect(")", _BEHIND)
            not_at, word, items, depth = outer.pop() or (None, None, [], 0)


_Level: TypeAlias = tuple[int | None, str | None, list[nodes.Condition], int]
"""Where its NOT stands, what joins its conditions, these, and how many of them stand inside one another."""


def _opened(cursor: Cursor) -> _Level:
    return cursor.take().at if cursor.word == "NOT" else None, None, [], 0


def _closed(
    cursor: Cursor, not_at: int | None, word: str | None, items: list[nodes.Condition], depth: int
) -> tuple[nodes.Condition, int]:
    """A level as one condition, and its depth; what is too deep is left out, for nothing comes of the query."""
    if not_at is None and word is None:
        return items[0], depth
    if depth >= MAX_DEPTH:
        cursor.too_deep = True
        return items[0], depth
    if not_at is not None:
        return nodes.Not(items[0], not_at), depth + 1
    joined = tuple(items)
    return nodes.And(joined) if word == "AND" else nodes.Or(joined), depth + 1


def _comparison(cursor: Cursor) -> nodes.Condition:
    start = cursor.here.at
    operand = parse_any_operand(cursor)
    if cursor.here.kind == "operator":
        written = cursor.take().word
        operator = _OPERATORS.get(written) or _OPERATORS["".join(written.split())]
        return nodes.Comparison(operand, operator, parse_literal(cursor))
    if isinstance(operand, nodes.Distance):
        raise cursor.unexpected()
    if cursor.accept("LIKE"):
        return nodes.Comparison(operand, "LIKE", parse_literal(cursor, pattern=True))
    word = cursor.accept_any(_SETS)
    if word is not None:
        cursor.expect("(", _LITERAL)
        return nodes.Includes(operand, _values(cursor), word == "EXCLUDES")
    negated = cursor.accept("NOT")
    if not cursor.accept("IN"):
        raise cursor.no_alternative(start)
    return _membership(cursor, operand, negated, start)


def _membership(
    cursor: Cursor, operand: nodes.Operand, negated: bool, start: int
) -> nodes.Condition:
    if cursor.word == ":":
        return nodes.Membership(operand, (parse_literal(cursor),), negated)
    if not cursor.accept("("):
        raise cursor.no_alternative(start)
    if cursor.word == "SELECT":
        return nodes.SemiJoin(operand, _inner_query(cursor), negated)
    if cursor.word not in _LITERAL and cursor.here.kind not in _LITERAL:
        raise cursor.no_alternative(start)
    return nodes.Membership(operand, _values(cursor), negated)


def _values(cursor: Cursor) -> tuple[nodes.Constant, ...]:
    values = [parse_literal(cursor)]
    while cursor.accept(","):
        values.append(parse_literal(cursor))
    cursor.expect(")", _BEHIND)
    return tuple(values)


def _inner_query(cursor: Cursor) -> nodes.Query:
    """The query of a semi-join: one field, FROM, WHERE, and those forms of WITH that filter; nothing else."""
    at = cursor.take().at
    cursor.enter()
    selected = nodes.Selected(parse_operand(cursor, ("FROM",)))
    cursor.expect("FROM", ("path",))
    sources, using = parse_from(cursor)
    where = parse_condition(cursor) if cursor.accept("WHERE") else None
    withs = parse_filter_with(cursor) if cursor.accept("WITH") else ()
    cursor.leave()
    cursor.expect(")", _BEHIND)
    return nodes.Query((selected,), sources, using, where, withs, at=at)

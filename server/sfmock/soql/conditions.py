"""Conditions of WHERE and HAVING: comparisons, and how AND, OR and NOT join them (soql.md 2)."""

from __future__ import annotations

from typing import Final

from sfmock import errors
from sfmock.soql import nodes
from sfmock.soql.cursor import Cursor
from sfmock.soql.lexer import Token
from sfmock.soql.literals import parse_literal

DATE_FUNCTIONS: Final = frozenset(
    [
        "CALENDAR_MONTH",
        "CALENDAR_QUARTER",
        "CALENDAR_YEAR",
        "DAY_IN_MONTH",
        "DAY_IN_WEEK",
        "DAY_IN_YEAR",
        "DAY_ONLY",
        "FISCAL_MONTH",
        "FISCAL_QUARTER",
        "FISCAL_YEAR",
        "HOUR_IN_DAY",
        "WEEK_IN_MONTH",
        "WEEK_IN_YEAR",
    ]
)
AGGREGATES: Final = frozenset(["AVG", "MIN", "MAX", "SUM", "COUNT", "COUNT_DISTINCT"])
FUNCTIONS: Final = (
    DATE_FUNCTIONS
    | AGGREGATES
    | frozenset(["TOLABEL", "FORMAT", "CONVERTCURRENCY", "CONVERTTIMEZONE", "GROUPING", "DISTANCE"])
)

_OPERATORS: Final[dict[str, nodes.Operator]] = {
    "=": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
}  # fmt: skip


def at_function(cursor: Cursor) -> bool:
    """Whether a function call starts here."""
    following = cursor.peek()
    return cursor.word in FUNCTIONS and following.kind == "mark" and following.text == "("


def parse_operand(cursor: Cursor) -> nodes.Operand:
    """A path or a function."""
    if at_function(cursor):
        return parse_function(cursor)
    return path_node(cursor.expect_name())


def path_node(token: Token) -> nodes.Path:
    """The path that a token spells."""
    return nodes.Path(tuple(token.text.split(".")), token.at)


def parse_function(cursor: Cursor) -> nodes.Function:
    """A function call; what does not fit inside is reported from the function's name on."""
    token = cursor.take()
    name = token.text.upper()
    cursor.take()
    if name == "DISTANCE":
        raise errors.refuse("SOQL function DISTANCE")
    with cursor.deeper():
        if not (at_function(cursor) or cursor.here.name):
            raise cursor.no_alternative(token.at)
        argument = parse_operand(cursor)
    if not cursor.accept_mark(")"):
        raise cursor.no_alternative(token.at)
    return nodes.Function(name, (argument,), token.at)


def parse_condition(cursor: Cursor) -> nodes.Condition:
    """One level of conditions. AND and OR do not mix on it and NOT stands alone: the caller meets what is left."""
    if cursor.accept("NOT"):
        return nodes.Not(_term(cursor))
    first = _term(cursor)
    word = cursor.accept("AND", "OR")
    if word is None:
        return first
    items = [first, _term(cursor)]
    while cursor.accept(word):
        items.append(_term(cursor))
    return nodes.And(tuple(items)) if word == "AND" else nodes.Or(tuple(items))


def _term(cursor: Cursor) -> nodes.Condition:
    if not cursor.accept_mark("("):
        return _comparison(cursor)
    with cursor.deeper():
        condition = parse_condition(cursor)
    cursor.expect_mark(")")
    return condition


def _comparison(cursor: Cursor) -> nodes.Condition:
    start = cursor.here.at
    operand = parse_operand(cursor)
    if cursor.here.kind == "operator":
        operator = _OPERATORS["".join(cursor.take().text.split())]
        return nodes.Comparison(operand, operator, parse_literal(cursor))
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
    """The query of a semi-join: one field, one object, WHERE, nothing else."""
    cursor.take()
    with cursor.deeper():
        selected = nodes.Selected(parse_operand(cursor), None)
        cursor.expect("FROM")
        name = cursor.expect_name()
        alias = cursor.take().text if cursor.here.name and not cursor.clause_goes_on else None
        source = nodes.Source(path_node(name), alias)
        where = parse_condition(cursor) if cursor.accept("WHERE") else None
        cursor.expect_mark(")")
    return nodes.Query((selected,), (source,), where)

"""The parser: from the text of a query to its nodes, or Salesforce's first syntax error (soql.md 2)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Literal

from sfmock import errors
from sfmock.soql import nodes
from sfmock.soql.calls import parse_any_operand, parse_operand
from sfmock.soql.conditions import parse_condition
from sfmock.soql.cursor import Cursor
from sfmock.soql.errors import TOO_COMPLICATED, TOO_LONG
from sfmock.soql.literals import parse_integer
from sfmock.soql.select_list import parse_select
from sfmock.soql.sources import parse_from, refuse_all_rows
from sfmock.soql.withs import parse_binds, parse_withs

_LONGEST = 100_000
_VIEWING: Final[dict[str, Literal["VIEW", "REFERENCE"]]] = {
    "VIEW": "VIEW", "REFERENCE": "REFERENCE",
}  # fmt: skip
_SUBTOTALS: Final[dict[str, Literal["ROLLUP", "CUBE"]]] = {"ROLLUP": "ROLLUP", "CUBE": "CUBE"}
_DIRECTIONS: Final = ("ASC", "DESC")
_ENDS: Final[dict[str, Literal["FIRST", "LAST"]]] = {"FIRST": "FIRST", "LAST": "LAST"}

_BEHIND_ORDER: Final = (",", ")", "LIMIT", "OFFSET", "BIND", "FOR", "UPDATE", "end")
_BEHIND_KEY: Final = (*_DIRECTIONS, "NULLS", *_BEHIND_ORDER)
_BEHIND_GROUP: Final = ("HAVING", "ORDER", *_BEHIND_ORDER)
"""What may stand behind an entry of ORDER BY, behind what it sorts by, and behind an entry of GROUP BY."""


def parse(text: str) -> nodes.Query:
    """The query as nodes; raises the first syntax error of the whole text."""
    if len(text) > _LONGEST:
        raise TOO_LONG()
    cursor = Cursor(text)
    query = _query(cursor)
    if cursor.here.kind != "end":
        raise cursor.unexpected()
    if cursor.binds:
        raise errors.BIND_VARIABLE()
    if cursor.too_deep:
        raise TOO_COMPLICATED()
    return query


def _query(cursor: Cursor) -> nodes.Query:
    """A query, or one of children; the order of its clauses is fixed."""
    at = cursor.here.at
    select = parse_select(cursor, _query)
    cursor.expect("FROM", ("path",))
    sources, using = parse_from(cursor)
    if cursor.here.kind == "end":
        return nodes.Query(select, sources, using, at=at)
    where = parse_condition(cursor) if cursor.accept("WHERE") else None
    withs = parse_withs(cursor) if cursor.word == "WITH" else ()
    group = _group_by(cursor) if cursor.accept("GROUP") else None
    having = parse_condition(cursor) if group is not None and cursor.accept("HAVING") else None
    order = parse_order(cursor) if cursor.accept("ORDER") else ()
    limit = parse_integer(cursor) if cursor.accept("LIMIT") else None
    offset = parse_integer(cursor) if cursor.accept("OFFSET") else None
    binds = parse_binds(cursor) if cursor.word == "BIND" else ()
    refuse_all_rows(cursor)
    viewing = _viewing(cursor) if cursor.word == "FOR" else None
    update = _update(cursor) if cursor.accept("UPDATE") else ()
    return nodes.Query(
        select, sources, using, where, withs, group, having, order, limit, offset, binds, viewing, update, at
    )  # fmt: skip


def _group_by(cursor: Cursor) -> nodes.Group:
    cursor.expect("BY", ("path", *_SUBTOTALS))
    word = cursor.accept_any(_SUBTOTALS)
    if word is None:
        return nodes.Group(_operands(cursor, _BEHIND_GROUP))
    cursor.expect("(", ("path",))
    items = _operands(cursor, (",", ")"))
    cursor.expect(")", _BEHIND_GROUP)
    return nodes.Group(items, _SUBTOTALS[word])


def _operands(cursor: Cursor, follow: Collection[str]) -> tuple[nodes.Operand, ...]:
    operands: list[nodes.Operand] = [parse_operand(cursor, follow)]
    while cursor.accept(","):
        operands.append(parse_operand(cursor, follow))
    return tuple(operands)


def parse_order(cursor: Cursor) -> tuple[nodes.Order, ...]:
    """What stands behind ORDER: BY and the sort keys."""
    cursor.expect("BY", ("path",))
    order = [_order(cursor)]
    while cursor.accept(","):
        order.append(_order(cursor))
    return tuple(order)


def _order(cursor: Cursor) -> nodes.Order:
    operand = parse_any_operand(cursor, _BEHIND_KEY)
    descending = cursor.accept_any(_DIRECTIONS) == "DESC"
    if not cursor.accept("NULLS"):
        return nodes.Order(operand, descending)
    end = cursor.expect_any(_ENDS, _BEHIND_ORDER)
    return nodes.Order(operand, descending, _ENDS[end])


def _viewing(cursor: Cursor) -> Literal["VIEW", "REFERENCE"]:
    start = cursor.take().at
    word = cursor.accept_any(_VIEWING)
    if word is None:
        raise cursor.no_alternative(start)
    return _VIEWING[word]


def _update(cursor: Cursor) -> tuple[str, ...]:
    """UPDATE and its words, in upper case: TRACKING, VIEWSTAT or any other."""
    words = [cursor.expect_plain_name((",", ")", "end")).word]
    while cursor.accept(","):
        words.append(cursor.expect_plain_name((",", ")", "end")).word)
    return tuple(words)

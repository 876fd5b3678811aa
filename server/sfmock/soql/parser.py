"""The parser: from the text of a query to its nodes, or Salesforce's first syntax error (soql.md 2)."""

from __future__ import annotations

from sfmock import errors
from sfmock.soql import nodes
from sfmock.soql.conditions import (
    at_function,
    parse_condition,
    parse_function,
    parse_operand,
    path_node,
)
from sfmock.soql.cursor import Cursor
from sfmock.soql.errors import ALL_ROWS, TOO_LONG
from sfmock.soql.literals import parse_integer

_LONGEST = 100_000
_PERMISSION_MODES = ("SECURITY_ENFORCED", "USER_MODE", "SYSTEM_MODE")


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
    return query


def _query(cursor: Cursor) -> nodes.Query:
    start = cursor.here.at
    cursor.expect("SELECT")
    select = _select_list(cursor, start)
    cursor.expect("FROM")
    sources = [_source(cursor)]
    while cursor.accept_mark(","):
        sources.append(_source(cursor))
    clauses: list[str] = []
    if cursor.accept("USING"):
        cursor.expect("SCOPE")
        cursor.expect_name()
        clauses.append("USING SCOPE")
    where = parse_condition(cursor) if cursor.accept("WHERE") else None
    _permissions(cursor, clauses)
    grouped = _group_by(cursor)
    order = _order_by(cursor)
    limit = parse_integer(cursor) if cursor.accept("LIMIT") else None
    offset = parse_integer(cursor) if cursor.accept("OFFSET") else None
    _trailing(cursor, clauses)
    return nodes.Query(select, tuple(sources), where, grouped, order, limit, offset, tuple(clauses))


def _select_list(cursor: Cursor, start: int) -> nodes.Count | tuple[nodes.Item, ...]:
    """The items. What cannot be a first item is reported from SELECT on, for COUNT() is a rule of its own."""
    if cursor.word == "COUNT" and cursor.peek().text == "(":
        argument = cursor.peek(2)
        if argument.text == ")":
            for _ in range(3):
                cursor.take()
            return nodes.Count()
        if not argument.name:
            cursor.take()
            cursor.take()
            raise cursor.no_alternative(start)
    if not (cursor.here.name or cursor.at_mark("(")):
        raise cursor.no_alternative(start)
    items = [_item(cursor)]
    while cursor.accept_mark(","):
        items.append(_item(cursor))
    return tuple(items)


def _item(cursor: Cursor) -> nodes.Item:
    if cursor.accept_mark("("):
        with cursor.deeper():
            query = _query(cursor)
        cursor.expect_mark(")")
        return nodes.SubQuery(query)
    if cursor.word == "TYPEOF" and cursor.peek().name:
        return _type_of(cursor)
    if cursor.word == "FIELDS" and cursor.peek().text == "(":
        return _fields(cursor)
    operand = parse_function(cursor) if at_function(cursor) else parse_operand(cursor)
    return nodes.Selected(operand, cursor.take().text if _is_alias(cursor) else None)


def _is_alias(cursor: Cursor) -> bool:
    return cursor.here.name and cursor.word != ""


def _fields(cursor: Cursor) -> nodes.Fields:
    start = cursor.take().at
    cursor.take()
    if not cursor.here.name:
        raise cursor.no_alternative(start)
    group = cursor.take().text
    cursor.expect_mark(")")
    return nodes.Fields(group)


def _type_of(cursor: Cursor) -> nodes.TypeOf:
    cursor.take()
    token = cursor.take()
    cursor.expect("WHEN")
    cursor.expect_name()
    cursor.expect("THEN")
    _paths(cursor)
    while cursor.expect("WHEN", "ELSE", "END") != "END":
        if cursor.peek().word == "THEN":
            cursor.take()
            cursor.take()
        _paths(cursor)
    return nodes.TypeOf(path_node(token))


def _paths(cursor: Cursor) -> None:
    cursor.expect_name()
    while cursor.accept_mark(","):
        cursor.expect_name()


def _source(cursor: Cursor) -> nodes.Source:
    token = cursor.expect_name()
    alias: str | None = None
    if cursor.accept("AS"):
        if not _is_alias(cursor):
            raise cursor.unexpected()
        alias = cursor.take().text
    elif _is_alias(cursor) and not _clause_starts(cursor):
        alias = cursor.take().text
    _all_rows(cursor)
    return nodes.Source(path_node(token), alias)


def _clause_starts(cursor: Cursor) -> bool:
    """Whether ORDER, GROUP, OFFSET or ALL begins a clause here; alone each of them is an alias."""
    following = cursor.peek()
    if cursor.word in ("ORDER", "GROUP"):
        return following.word == "BY"
    if cursor.word == "OFFSET":
        return following.kind == "number" or following.text in ("+", "-", ":")
    return cursor.word == "ALL" and following.word == "ROWS"


def _all_rows(cursor: Cursor) -> None:
    if cursor.word == "ALL" and cursor.peek().word == "ROWS":
        raise ALL_ROWS()


def _permissions(cursor: Cursor, clauses: list[str]) -> None:
    if not cursor.accept("WITH"):
        return
    if not cursor.here.name:
        raise cursor.unexpected()
    if not cursor.accept(*_PERMISSION_MODES):
        raise errors.refuse("SOQL WITH clause")
    clauses.append("WITH clause")


def _group_by(cursor: Cursor) -> bool:
    if not cursor.accept("GROUP"):
        return False
    cursor.expect("BY")
    if cursor.accept("ROLLUP", "CUBE"):
        cursor.expect_mark("(")
        _operands(cursor)
        cursor.expect_mark(")")
    else:
        _operands(cursor)
    if cursor.accept("HAVING"):
        parse_condition(cursor)
    return True


def _operands(cursor: Cursor) -> None:
    parse_operand(cursor)
    while cursor.accept_mark(","):
        parse_operand(cursor)


def _order_by(cursor: Cursor) -> tuple[nodes.Order, ...]:
    if not cursor.accept("ORDER"):
        return ()
    cursor.expect("BY")
    order = [_order(cursor)]
    while cursor.accept_mark(","):
        order.append(_order(cursor))
    return tuple(order)


def _order(cursor: Cursor) -> nodes.Order:
    operand = parse_operand(cursor)
    descending = cursor.accept("ASC", "DESC") == "DESC"
    nulls_last = False
    if cursor.accept("NULLS"):
        side = cursor.accept("FIRST", "LAST")
        if side is None:
            raise cursor.missing() if cursor.clause_goes_on else cursor.unexpected()
        nulls_last = side == "LAST"
    return nodes.Order(operand, descending, nulls_last)


def _trailing(cursor: Cursor, clauses: list[str]) -> None:
    """`FOR VIEW`, `UPDATE TRACKING`: recognised; `ALL ROWS` belongs to Apex."""
    _all_rows(cursor)
    start = cursor.here.at
    if cursor.accept("FOR"):
        word = cursor.accept("VIEW", "REFERENCE")
        if word is None:
            raise cursor.no_alternative(start)
        clauses.append(f"FOR {word}")
    if cursor.accept("UPDATE"):
        cursor.expect("TRACKING", "VIEWSTAT")
        if cursor.accept_mark(","):
            cursor.expect("TRACKING", "VIEWSTAT")
        clauses.append("UPDATE TRACKING")

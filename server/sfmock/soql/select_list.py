"""The select list: fields, functions, sub-queries, TYPEOF and FIELDS (soql.md 3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sfmock.soql import nodes
from sfmock.soql.calls import parse_any_operand, parse_path, parse_paths, path_node
from sfmock.soql.cursor import Cursor

_BEHIND: Final = ("path", ",", "FROM")
"""What may stand behind an item."""


def parse_select(
    cursor: Cursor, query: Callable[[Cursor], nodes.Query]
) -> nodes.Count | tuple[nodes.Item, ...]:
    """What SELECT asks for; `query` parses a sub-query.

    What cannot be a first item is reported from SELECT on, for COUNT() is a rule of its own.
    """
    start = cursor.here.at
    cursor.expect("SELECT")
    if cursor.word == "COUNT" and cursor.peek().word == "(":
        argument = cursor.peek(2)
        if argument.word == ")":
            at = cursor.take().at
            cursor.take()
            cursor.take()
            return nodes.Count(at)
        if argument.kind != "path":
            cursor.take()
            cursor.take()
            raise cursor.no_alternative(start)
    if cursor.here.kind != "path" and cursor.word != "(":
        raise cursor.no_alternative(start)
    items: list[nodes.Item] = []
    while True:
        token = cursor.here
        if token.kind == "path" and cursor.coming[-1].word in _BEHIND:  # what nearly all are
            cursor.take()
            items.append(nodes.Selected(path_node(token)))
        else:
            items.append(_item(cursor, query))
        if cursor.word != ",":
            return tuple(items)
        cursor.take()


def _item(cursor: Cursor, query: Callable[[Cursor], nodes.Query]) -> nodes.Item:
    if cursor.accept("("):
        cursor.enter()
        children = query(cursor)
        cursor.leave()
        cursor.expect(")", _BEHIND)
        return nodes.SubQuery(children, cursor.alias())
    if cursor.word == "TYPEOF" and cursor.peek().kind == "path" and cursor.peek(2).word == "WHEN":
        return _type_of(cursor)
    operand = parse_any_operand(cursor, _BEHIND)
    alias = cursor.alias()
    match operand:
        case nodes.Function("FIELDS", nodes.Path(parts), at):
            return nodes.Fields(".".join(parts), alias, at)
        case _:
            return nodes.Selected(operand, alias)


def _type_of(cursor: Cursor) -> nodes.TypeOf:
    at = cursor.take().at
    path = parse_path(cursor)
    whens: list[nodes.When] = []
    otherwise: tuple[nodes.Path, ...] = ()
    cursor.expect("WHEN")
    word = "WHEN"
    while word == "WHEN":
        sobject = parse_path(cursor)
        cursor.expect("THEN", ("path",))
        whens.append(nodes.When(sobject, parse_paths(cursor)))
        word = cursor.expect_any(("WHEN", "ELSE", "END"))
    if word == "ELSE":
        otherwise = parse_paths(cursor)
        cursor.expect("END", _BEHIND)
    return nodes.TypeOf(path, tuple(whens), otherwise, cursor.alias(), at)

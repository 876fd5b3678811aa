"""Paths, function calls and distances (soql.md 2)."""

from __future__ import annotations

from sfmock.soql import nodes
from sfmock.soql.cursor import Cursor
from sfmock.soql.functions import spelled
from sfmock.soql.lexer import Token
from sfmock.soql.literals import parse_number, parse_text


def parse_operand(cursor: Cursor) -> nodes.Path | nodes.Function:
    """A path or a function: what may stand in GROUP BY and behind the SELECT of a semi-join."""
    token = cursor.expect_name()
    return _call(cursor, token) if cursor.at_mark("(") else path_node(token)


def parse_any_operand(cursor: Cursor) -> nodes.Operand:
    """A path, a function or a distance."""
    if cursor.word == "DISTANCE" and cursor.peek(3).text == ",":
        return _distance(cursor)
    return parse_operand(cursor)


def parse_path(cursor: Cursor) -> nodes.Path:
    """A path, or a name alone."""
    return path_node(cursor.expect_name())


def parse_paths(cursor: Cursor) -> tuple[nodes.Path, ...]:
    """Paths with commas between them."""
    paths = [parse_path(cursor)]
    while cursor.accept_mark(","):
        paths.append(parse_path(cursor))
    return tuple(paths)


def path_node(token: Token) -> nodes.Path:
    """The path that a token spells."""
    return nodes.Path(tuple(token.text.split(".")), token.at)


def _call(cursor: Cursor, token: Token, *, inner: bool = False) -> nodes.Function:
    """A function of a path, or of a function of a path: what does not fit is reported from the name on."""
    cursor.take()
    if not cursor.here.name:
        raise cursor.no_alternative(token.at)
    name = cursor.take()
    argument: nodes.Path | nodes.Function = path_node(name)
    if cursor.at_mark("("):
        if inner:
            raise cursor.unexpected()
        argument = _call(cursor, name, inner=True)
    if not cursor.accept_mark(")"):
        raise cursor.no_alternative(token.at)
    return nodes.Function(spelled(token.text), argument, token.at)


def _distance(cursor: Cursor) -> nodes.Distance:
    at = cursor.take().at
    cursor.expect_mark("(")
    location = parse_path(cursor)
    cursor.expect_mark(",")
    start = cursor.here.at
    cursor.expect("GEOLOCATION")
    cursor.expect_mark("(")
    latitude = parse_number(cursor)
    cursor.expect_mark(",")
    longitude = parse_number(cursor)
    cursor.expect_mark(")")
    cursor.expect_mark(",")
    unit = parse_text(cursor)
    cursor.expect_mark(")")
    return nodes.Distance(location, nodes.Geolocation(latitude, longitude, start), unit.value, at)

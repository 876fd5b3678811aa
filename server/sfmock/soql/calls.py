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
    return _call(cursor, token) if cursor.word == "(" else path_node(token)


def parse_any_operand(cursor: Cursor) -> nodes.Operand:
    """A path, a function or a distance."""
    token = cursor.here
    if token.kind != "path":
        raise cursor.unexpected()
    cursor.take()
    if cursor.word != "(":
        return path_node(token)  # what nearly all of them are
    far = token.word == "DISTANCE" and cursor.peek(2).word == ","
    return _distance(cursor, token.at) if far else _call(cursor, token)


def parse_path(cursor: Cursor) -> nodes.Path:
    """A path, or a name alone."""
    return path_node(cursor.expect_name())


def parse_paths(cursor: Cursor) -> tuple[nodes.Path, ...]:
    """Paths with commas between them."""
    paths = [parse_path(cursor)]
    while cursor.accept(","):
        paths.append(parse_path(cursor))
    return tuple(paths)


def path_node(token: Token) -> nodes.Path:
    """The path that a token spells."""
    text = token.text
    return nodes.Path(tuple(text.split(".")) if "." in text else (text,), token.at)


def _call(cursor: Cursor, token: Token, *, inner: bool = False) -> nodes.Function:
    """A function of a path, or of a function of a path: what does not fit is reported from the name on."""
    cursor.take()
    if cursor.here.kind != "path":
        raise cursor.no_alternative(token.at)
    name = cursor.take()
    argument: nodes.Path | nodes.Function = path_node(name)
    if cursor.word == "(":
        if inner:
            raise cursor.unexpected()
        argument = _call(cursor, name, inner=True)
    if not cursor.accept(")"):
        raise cursor.no_alternative(token.at)
    return nodes.Function(spelled(token.text), argument, token.at)


def _distance(cursor: Cursor, at: int) -> nodes.Distance:
    cursor.take()
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

"""Paths, function calls and distances (soql.md 2)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sfmock.soql import nodes
from sfmock.soql.cursor import Cursor
from sfmock.soql.functions import spelled
from sfmock.soql.lexer import Token
from sfmock.soql.literals import parse_number, parse_text

_NUMBER: Final = ("number", "+", "-")


def parse_operand(cursor: Cursor, follow: Collection[str]) -> nodes.Path | nodes.Function:
    """A path or a function: what may stand in GROUP BY and behind the SELECT of a semi-join."""
    token = cursor.expect_name()
    return _call(cursor, token, follow) if cursor.word == "(" else path_node(token)


def parse_any_operand(cursor: Cursor, follow: Collection[str] = ()) -> nodes.Operand:
    """A path, a function or a distance; `follow` is what may stand behind it, nothing where it begins a comparison."""
    token = cursor.here
    if token.kind != "path":
        raise cursor.unexpected()
    cursor.take()
    if cursor.word != "(":
        return path_node(token)  # what nearly all of them are
    far = token.word == "DISTANCE" and cursor.peek(2).word == ","
    return _distance(cursor, token.at, follow) if far else _call(cursor, token, follow)


def parse_path(cursor: Cursor) -> nodes.Path:
    """A path, or a name alone."""
    if cursor.here.kind != "path":
        raise cursor.unexpected()
    return path_node(cursor.take())


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


def _call(cursor: Cursor, token: Token, follow: Collection[str]) -> nodes.Function:
    """A function of a path, or of a function of a path.

    What does not fit into the outer call is reported from its name on, and of comparisons all that does not fit.
    """
    cursor.take()
    if cursor.here.kind != "path":
        raise cursor.no_alternative(token.at)
    name = cursor.take()
    argument: nodes.Path | nodes.Function = path_node(name)
    if cursor.word != "(":
        if not cursor.accept(")"):
            raise cursor.no_alternative(token.at)
        return nodes.Function(spelled(token.text), argument, token.at)
    cursor.take()
    argument = nodes.Function(spelled(name.text), path_node(_inner(cursor, token, follow)), name.at)
    if not cursor.accept(")"):
        raise cursor.absent((")",), follow) if follow else cursor.no_alternative(token.at)
    return nodes.Function(spelled(token.text), argument, token.at)


def _inner(cursor: Cursor, token: Token, follow: Collection[str]) -> Token:
    """The path inside of an inner call, and its closing parenthesis."""
    if cursor.here.kind == "path":
        path = cursor.take()
        if cursor.accept(")"):
            return path
    raise cursor.unexpected() if follow else cursor.no_alternative(token.at)


def _distance(cursor: Cursor, at: int, follow: Collection[str]) -> nodes.Distance:
    cursor.take()
    location = parse_path(cursor)
    cursor.expect(",")
    start = cursor.here.at
    cursor.expect("GEOLOCATION")
    cursor.expect("(", _NUMBER)
    latitude = parse_number(cursor)
    cursor.expect(",", _NUMBER)
    longitude = parse_number(cursor)
    cursor.expect(")", (",",))
    cursor.expect(",", ("text",))
    unit = parse_text(cursor)
    cursor.expect(")", follow or ("operator",))
    return nodes.Distance(location, nodes.Geolocation(latitude, longitude, start), unit.value, at)

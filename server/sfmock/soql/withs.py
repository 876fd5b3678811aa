"""WITH in its five forms (soql.md 6)."""

from __future__ import annotations

from typing import Final, Literal

from sfmock.soql import nodes
from sfmock.soql.calls import parse_path, parse_paths
from sfmock.soql.cursor import Cursor
from sfmock.soql.literals import parse_literal, parse_text

_OPERATORS: Final[dict[str, Literal["AT", "ABOVE", "BELOW", "ABOVE_OR_BELOW"]]] = {
    "AT": "AT", "ABOVE": "ABOVE", "BELOW": "BELOW", "ABOVE_OR_BELOW": "ABOVE_OR_BELOW",
}  # fmt: skip
_LITERAL: Final = frozenset(
    ["text", "number", "date", "datetime", "time", "path", "+", "-", "TRUE", "FALSE", "NULL"]
)


def parse_withs(cursor: Cursor) -> tuple[nodes.With, ...]:
    """All WITH clauses of a query: one that filters at the most, then words and settings."""
    withs: list[nodes.With] = []
    while cursor.word == "WITH":
        start = cursor.take().at
        if cursor.here.kind != "path":
            raise cursor.no_alternative(start)
        withs.append(_with(cursor, first=not withs))
    return tuple(withs)


def parse_filter_with(cursor: Cursor) -> tuple[nodes.With, ...]:
    """What stands behind the WITH of a semi-join: a clause that filters."""
    if _categories_start(cursor):
        return (_categories(cursor),)
    name = parse_path(cursor)
    cursor.expect("=", ("text", ":"))
    return (nodes.Setting(name, _value(cursor)),)


def parse_binds(cursor: Cursor) -> tuple[nodes.Setting, ...]:
    """The entries of BIND, which is here."""
    cursor.take()
    settings: list[nodes.Setting] = []
    while not settings or cursor.accept(","):
        name = parse_path(cursor)
        cursor.expect("=", _LITERAL)
        settings.append(nodes.Setting(name, parse_literal(cursor)))
    return tuple(settings)


def _with(cursor: Cursor, *, first: bool) -> nodes.With:
    if first and _categories_start(cursor):
        return _categories(cursor)
    name = parse_path(cursor)
    if first and cursor.word == "=":
        cursor.take()
        return nodes.Setting(name, _value(cursor))
    return nodes.Context(name, _settings(cursor)) if cursor.accept("(") else nodes.Mode(name)


def _value(cursor: Cursor) -> nodes.Constant:
    """The text behind `name =`; a bind variable is a mistake of its own."""
    return parse_literal(cursor) if cursor.word == ":" else parse_text(cursor)


def _categories_start(cursor: Cursor) -> bool:
    return cursor.word == "DATA" and cursor.peek().word == "CATEGORY"


def _categories(cursor: Cursor) -> nodes.DataCategories:
    cursor.take()
    cursor.take()
    categories = [_category(cursor)]
    while cursor.accept("AND"):
        categories.append(_category(cursor))
    return nodes.DataCategories(tuple(categories))


def _category(cursor: Cursor) -> nodes.Category:
    group = parse_path(cursor)
    operator = _OPERATORS[cursor.expect_any(_OPERATORS, ("path", "("))]
    if not cursor.accept("("):
        return nodes.Category(group, operator, (parse_path(cursor),))
    names = parse_paths(cursor)
    cursor.expect(")")
    return nodes.Category(group, operator, names)


def _settings(cursor: Cursor) -> tuple[nodes.Setting, ...]:
    settings: list[nodes.Setting] = []
    while not settings or cursor.accept(","):
        name = parse_path(cursor)
        cursor.expect("=", ("text", "number", "TRUE", "FALSE"))
        if not (
            cursor.here.kind == "text"
            or cursor.word in ("TRUE", "FALSE")
            or (cursor.here.kind == "number" and cursor.here.text.isdigit())
        ):
            raise cursor.unexpected()
        settings.append(nodes.Setting(name, parse_literal(cursor)))
    cursor.expect(")")
    return tuple(settings)

"""FROM and USING: objects, relationships and their aliases (soql.md 4)."""

from __future__ import annotations

from typing import Final, Literal

from sfmock.soql import nodes
from sfmock.soql.calls import path_node
from sfmock.soql.cursor import Cursor
from sfmock.soql.errors import ALL_ROWS
from sfmock.soql.lexer import USED

_BEHIND: Final = frozenset(
    [",", ")", "WHERE", "WITH", "GROUP", "ORDER", "LIMIT", "OFFSET", "BIND", "FOR", "UPDATE", "end"]
)
"""What may stand behind a scope."""
_GOES_ON: Final = (",", "USING")
_KINDS: Final[dict[str, Literal["SCOPE", "LOOKUP"]]] = {"SCOPE": "SCOPE", "LOOKUP": "LOOKUP"}


def parse_from(cursor: Cursor) -> tuple[tuple[nodes.Source, ...], tuple[nodes.Using, ...]]:
    """What stands behind FROM: objects, and USING, which may stand behind each of them."""
    first = _source(cursor)
    if cursor.word not in _GOES_ON:
        return (first,), ()  # what nearly all queries have
    sources = [first]
    using: list[nodes.Using] = []
    while cursor.word in _GOES_ON:
        if cursor.take().word == "USING":
            using += _usings(cursor)
        else:
            sources.append(_source(cursor))
    return tuple(sources), tuple(using)


def refuse_all_rows(cursor: Cursor) -> None:
    """Raise the error of ALL ROWS, which belongs to Apex, if it is here."""
    if cursor.word == "ALL" and cursor.peek().word == "ROWS":
        raise ALL_ROWS()


def _source(cursor: Cursor) -> nodes.Source:
    token = cursor.here
    if token.kind != "path":
        raise cursor.unexpected()
    cursor.take()
    path = path_node(token)
    if cursor.here.kind != "path" and cursor.word != "AS":
        return nodes.Source(path)
    refuse_all_rows(cursor)
    explicit = cursor.here if cursor.accept("AS") else None
    alias = None if _clause_starts(cursor) else cursor.alias()
    if alias is None and explicit is not None:
        alias = explicit.text  # Salesforce's own grammar takes the word for the alias
    return nodes.Source(path, alias)


def _clause_starts(cursor: Cursor) -> bool:
    """Whether ORDER, GROUP or OFFSET begins a clause here; alone each of them is an alias."""
    following = cursor.peek()
    if cursor.word in ("ORDER", "GROUP"):
        return following.word == "BY"
    return cursor.word == "OFFSET" and (
        following.kind == "number" or following.text in ("+", "-", ":")
    )


def _usings(cursor: Cursor) -> list[nodes.Using]:
    if cursor.word == "SCOPE":
        start = cursor.take().at
        if cursor.here.kind != "path" or cursor.word in USED:
            raise cursor.no_alternative(start)
        found = [nodes.Using("SCOPE", path_node(cursor.take()))]
    else:
        found = [_using(cursor)]
    while cursor.word == "," and _using_goes_on(cursor):
        cursor.take()
        found.append(_using(cursor))
    if cursor.word == "USING":
        raise cursor.unexpected()
    return found


def _using_goes_on(cursor: Cursor) -> bool:
    """Whether the comma is followed by another scope, not by another object."""
    following, name = cursor.peek(), cursor.peek(2)
    scope = following.word == "SCOPE" and name.kind == "path" and name.word not in USED
    return scope or following.word == "LOOKUP"


def _using(cursor: Cursor) -> nodes.Using:
    kind = cursor.expect_any(_KINDS)
    return nodes.Using(_KINDS[kind], path_node(cursor.expect_plain_name(_BEHIND)))

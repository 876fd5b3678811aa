"""FROM and USING: objects, relationships and their aliases (soql.md 4)."""

from __future__ import annotations

from sfmock.soql import nodes
from sfmock.soql.calls import parse_path
from sfmock.soql.cursor import Cursor
from sfmock.soql.errors import ALL_ROWS


def parse_sources(cursor: Cursor) -> tuple[nodes.Source, ...]:
    """The entries of FROM."""
    sources = [_source(cursor)]
    while cursor.accept(","):
        sources.append(_source(cursor))
    return tuple(sources)


def parse_using(cursor: Cursor) -> tuple[nodes.Using, ...]:
    """The entries of USING, which is here."""
    cursor.take()
    using = [_using(cursor)]
    while cursor.accept(","):
        using.append(_using(cursor))
    return tuple(using)


def refuse_all_rows(cursor: Cursor) -> None:
    """Raise the error of ALL ROWS, which belongs to Apex, if it is here."""
    if cursor.word == "ALL" and cursor.peek().word == "ROWS":
        raise ALL_ROWS()


def _source(cursor: Cursor) -> nodes.Source:
    path = parse_path(cursor)
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


def _using(cursor: Cursor) -> nodes.Using:
    if cursor.accept("LOOKUP"):
        return nodes.Using("LOOKUP", parse_path(cursor))
    cursor.expect("SCOPE")
    return nodes.Using("SCOPE", parse_path(cursor))

"""The parser of searches: the term by itself, the rest by SOQL's own rules (sosl.md 2)."""

from __future__ import annotations

from typing import Final, cast

from sfmock import errors
from sfmock.errors import SalesforceError
from sfmock.soql import nodes as soql
from sfmock.soql.calls import parse_any_operand
from sfmock.soql.conditions import parse_condition
from sfmock.soql.cursor import Cursor
from sfmock.soql.errors import at_token
from sfmock.soql.literals import parse_integer
from sfmock.soql.parser import parse_order
from sfmock.sosl.errors import BAD_UPDATE, MALFORMED, NO_TERM, as_search_error
from sfmock.sosl.nodes import Group, Search, Term
from sfmock.sosl.terms import parse_term

_LONGEST: Final = 100_000
_ERRORS: Final = frozenset("&|+-")
"""Characters that a term has only behind a backslash: these are syntax errors, others operators."""
_GROUPS: Final = frozenset({"ALL", "NAME", "EMAIL", "PHONE", "SIDEBAR"})
_CLAUSES: Final = ("WHERE", "USING", "ORDER", "LIMIT", "OFFSET")
_UPDATES: Final = frozenset({"TRACKING", "VIEWSTAT"})


def parse(text: str) -> Search:
    """The search as nodes; raises Salesforce's first error in it."""
    if len(text) > _LONGEST:
        raise MALFORMED(text="SOSL statements can not be longer than 100000 characters")
    if not text.isascii() and any("\ud800" <= each <= "\udfff" for each in text):
        raise errors.refuse("half of a surrogate pair in a search")
    start, end = _term(text)
    term = parse_term(text[start:end])
    # The term may hold any character: for the lexer there are blanks in its place, so that columns stay.
    cursor = Cursor(f"{' ' * (end + 1)}{text[end + 1 :]}")
    cursor.text = text
    try:
        return _rest(cursor, term)
    except SalesforceError as error:
        raise as_search_error(error) from None


def _term(text: str) -> tuple[int, int]:
    """Where the term begins and ends."""
    head = text.lstrip()
    if head[:4].upper() != "FIND" or not head[4:].lstrip().startswith("{"):
        raise NO_TERM()
    start = text.index("{") + 1
    place, quoted = start, False
    while place < len(text):
        char = text[place]
        if char == "\\":
            place += 1
        elif char == '"':
            quoted = not quoted
        elif char == "}" and not quoted:
            return start, place
        elif char in _ERRORS:
            row, column = text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place) - 1
            message = f"line {row}:{column} mismatched character '{char}' expecting '}}'"
            raise at_token(text, place, MALFORMED(text=message))
        place += 1
    raise NO_TERM()


def _rest(cursor: Cursor, term: Term | None) -> Search:
    group = _group(cursor)
    returning: list[soql.Query] = []
    if cursor.accept("RETURNING"):
        returning.append(_returned(cursor))
        while cursor.accept(","):
            returning.append(_returned(cursor))
    withs: set[str] = set()
    while cursor.accept("WITH"):
        withs.add(_with(cursor))
    limit = parse_integer(cursor) if cursor.accept("LIMIT") else None
    if cursor.accept("UPDATE"):
        _update(cursor)
    if cursor.here.kind != "end":
        raise _malformed(cursor)
    if cursor.binds:
        raise errors.BIND_VARIABLE()
    if "HIGHLIGHT" in withs and group != "ALL":
        raise errors.refuse("SOSL WITH HIGHLIGHT of some fields only")
    labels, highlight = "METADATA" in withs, "HIGHLIGHT" in withs
    return Search(term, group, tuple(returning), limit, labels=labels, highlight=highlight)


def _group(cursor: Cursor) -> Group:
    if not cursor.accept("IN"):
        return "ALL"
    word = cursor.accept_any(_GROUPS)
    if word is None or not cursor.accept("FIELDS"):
        raise _malformed(cursor)
    if word == "SIDEBAR":
        raise errors.refuse("SOSL IN SIDEBAR FIELDS")
    return cast("Group", word)


def _malformed(cursor: Cursor) -> SalesforceError:
    token = cursor.here
    if token.kind in ("path", "keyword"):
        return at_token(
            cursor.text, token.at, MALFORMED(text=f"Malformed search token: {token.text}")
        )
    return cursor.unexpected()


def _returned(cursor: Cursor) -> soql.Query:
    """An object with its fields and clauses, as the query that it is."""
    at = cursor.here.at
    name = cursor.expect_name()
    source = soql.Source(soql.Path(tuple(name.text.split(".")), name.at))
    plain = (soql.Selected(soql.Path(("Id",), name.at)),)
    if not cursor.accept("("):
        return soql.Query(plain, (source,), at=at)
    if cursor.here.kind != "path":
        raise cursor.unexpected()
    select = [_selected(cursor)]
    while cursor.accept(","):
        select.append(_selected(cursor))
    where = parse_condition(cursor) if cursor.accept("WHERE") else None
    if cursor.word == "USING":
        raise errors.refuse("SOSL USING ListView")
    order = parse_order(cursor) if cursor.accept("ORDER") else ()
    limit = parse_integer(cursor) if cursor.accept("LIMIT") else None
    offset = parse_integer(cursor) if cursor.accept("OFFSET") else None
    if not cursor.accept(")"):
        raise cursor.unexpected()
    return soql.Query(
        tuple(select), (source,), where=where, order=order, limit=limit, offset=offset, at=at
    )


def _selected(cursor: Cursor) -> soql.Item:
    """A field or a function; the word behind it is an alias unless a clause begins with it."""
    operand = parse_any_operand(cursor, (",", ")", *_CLAUSES))
    alias = None if cursor.word in _CLAUSES else cursor.alias()
    return soql.Selected(operand, alias)


def _with(cursor: Cursor) -> str:
    """One WITH clause: its word; spell correction changes nothing here, there is none."""
    name = cursor.expect_name()
    word = name.text.upper()
    if word == "HIGHLIGHT":
        return word
    if word not in ("METADATA", "SPELL_CORRECTION"):
        raise errors.refuse(f"SOSL WITH {name.text}")
    if cursor.here.kind != "operator" or cursor.take().text != "=":
        raise cursor.unexpected()
    value = cursor.take()
    if word == "METADATA" and value.text.upper() != "'LABELS'":
        raise errors.refuse(f"SOSL WITH METADATA = {value.text}")
    if word == "SPELL_CORRECTION" and value.word not in ("TRUE", "FALSE"):
        raise errors.refuse(f"SOSL WITH SPELL_CORRECTION = {value.text}")
    return word


def _update(cursor: Cursor) -> None:
    while True:
        if cursor.take().text.upper() not in _UPDATES:
            raise BAD_UPDATE()
        if not cursor.accept(","):
            return

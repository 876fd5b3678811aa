"""How the fake understood a SOQL query: its bound plan, the SQL it became, and the values in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from sfmock import versions
from sfmock.errors import SalesforceError
from sfmock.org.journal import Exchange
from sfmock.org.org import Org
from sfmock.org.paging import DEFAULT_BATCH
from sfmock.org.prepared import Prepared
from sfmock.schema.model import Field, SObject
from sfmock.soql.compiler import Statement
from sfmock.soql.plan import Column

_IN_SQL = ("columns", "tree")
"""Parts of a plan that say no more than the list of the SQL's columns."""


def explained(org: Org, exchange: Exchange) -> list[tuple[str, str]]:
    """Kind and text of each line, by the schema of this moment; nothing for what is no query, or a wrong one."""
    version = _version(exchange.path)
    if exchange.soql is None or exchange.user is None or version is None:
        return []
    try:
        with org.db.lock, org.views.acting(exchange.user):
            query = org.queries.prepared(
                exchange.soql,
                user_id=exchange.user,
                version=version,
                all_rows=exchange.name == "query_all",
            )
    except (SalesforceError, sqlite3.ProgrammingError):  # the latter of an org that was closed
        return []
    found = [
        f"{name}: {_written(part)}" for name, part in _parts(query.plan) if name not in _IN_SQL
    ]
    shown = [*zip(["plan", *[""] * (len(found) - 1)], found, strict=True)]
    for statement in _statements(query):
        shown.append(("sql", statement.sql))
        values = statement.values(org.clock.now, query.zone, exchange.user)
        shown.append(("with", ", ".join(map(repr, values))))
    return shown


def _statements(query: Prepared) -> Iterator[Statement]:
    """What is asked of the database: groups, a number, or rows and then the children of all of them."""
    if query.groups is not None:
        yield query.groups.rows(DEFAULT_BATCH + 1)
    elif query.plan.tree is None:
        yield query.compiled.count()
    else:
        yield query.compiled.rows()
    yield from _of_children(query)


def _of_children(query: Prepared) -> Iterator[Statement]:
    """A statement for each sub-query, and for those inside of it."""
    for children, prepared in zip(query.plan.children, query.children, strict=True):
        yield prepared.compiled.of_parents(children.reference, "[ids of the rows above]")
        yield from _of_children(prepared)


def _version(path: str) -> versions.Version | None:
    parts = path.split("/")
    return versions.parse(parts[3].removeprefix("v")) if len(parts) > 3 else None


def _written(value: object) -> str:
    """A plan or a part of it: a field by its name, what is absent not at all."""
    match value:
        case Field() | SObject():
            return value.name
        case tuple() | list() | frozenset():
            return f"[{', '.join(map(_written, value))}]"
        case Mapping():
            pairs = (f"{_written(key)}: {_written(item)}" for key, item in value.items())
            return f"{{{', '.join(pairs)}}}"
        case Column():
            return f"t{value.table}.{value.field.name}"
        case _ if is_dataclass(value):
            shown = (f"{name}={_written(part)}" for name, part in _parts(value))
            return f"{type(value).__name__}({', '.join(shown)})"
        case _:
            return repr(value)


def _parts(value: object) -> list[tuple[str, object]]:
    """The fields of a dataclass that hold something."""
    names = [each.name for each in fields(value)] if is_dataclass(value) else []
    found = [(name, getattr(value, name)) for name in names]
    return [(name, part) for name, part in found if not _is_absent(part)]


def _is_absent(value: object) -> bool:
    return value is None or value is False or value == ()  # but 0 is something

"""FIELDS(ALL), FIELDS(STANDARD) and FIELDS(CUSTOM): which fields, and what bounds the rows (soql.md 3)."""

from __future__ import annotations

from typing import Final

from sfmock import errors
from sfmock.soql import nodes
from sfmock.soql.errors import FIELDS_NEED_LIMIT, NO_FIELD_ALIAS, NO_FIELDS
from sfmock.soql.scope import Scope

_MOST: Final = 200
_GROUPS: Final = frozenset({"ALL", "STANDARD", "CUSTOM"})


def expand_fields(scope: Scope, query: nodes.Query, item: nodes.Fields) -> list[str]:
    """The names of the fields in the order of the schema."""
    group = item.group.upper()
    if group not in _GROUPS:
        raise errors.refuse(f"SOQL FIELDS({item.group})")
    if item.alias is not None:
        raise NO_FIELD_ALIAS()
    if group != "STANDARD" and not _is_bounded(scope, query):
        raise FIELDS_NEED_LIMIT()
    names = [
        each.name
        for each in scope.root.fields
        if group == "ALL" or each.custom == (group == "CUSTOM")
    ]
    if not names:
        raise NO_FIELDS()
    return names


def _is_bounded(scope: Scope, query: nodes.Query) -> bool:
    """Whether there are at most 200 rows: by LIMIT, or by that many ids."""
    if query.limit is not None and query.limit <= _MOST:
        return True
    match query.where:
        case nodes.Membership(nodes.Path() as path, values, False):
            return _is_id(scope, path) and len(values) <= _MOST
        case nodes.Or(items):
            return len(items) <= _MOST and all(_names_id(scope, each) for each in items)
        case None:
            return False
        case condition:
            return _names_id(scope, condition)


def _names_id(scope: Scope, condition: nodes.Condition) -> bool:
    match condition:
        case nodes.Comparison(nodes.Path() as path, "=", _):
            return _is_id(scope, path)
    return False


def _is_id(scope: Scope, path: nodes.Path) -> bool:
    return [each.lower() for each in scope.steps(path)] == ["id"]

"""Queries of custom metadata types can say less than others (soql.md 12); their errors are not known."""

from __future__ import annotations

from collections.abc import Iterator

from sfmock.errors import refuse
from sfmock.schema.model import SObject
from sfmock.soql import plan


def check_metadata_type(query: plan.Plan) -> None:
    """Refuse what Salesforce does not allow in a query of a custom metadata type."""
    if any(_is_metadata_type(each) for each in query.inner):
        raise refuse("SOQL semi-joins over a custom metadata type")
    if not _is_metadata_type(query.sobject):
        return
    if query.groups is not None and query.groups.items:
        raise refuse("SOQL GROUP BY on a custom metadata type")
    if query.joins or query.inner or query.children:
        raise refuse("SOQL on a custom metadata type and another object")
    if query.where is not None and any(len(each) > 1 for each in _choices(query.where)):
        raise refuse("SOQL OR over several fields of a custom metadata type")


def _is_metadata_type(sobject: SObject) -> bool:
    return sobject.name.endswith("__mdt")


def _choices(condition: plan.Condition) -> Iterator[set[str]]:
    """The fields of each OR."""
    match condition:
        case plan.Any(items):
            yield {name for each in items for name in _fields(each)}
        case plan.All(items):
            for each in items:
                yield from _choices(each)
        case plan.Not(item):
            yield from _choices(item)
        case _:
            return


def _fields(condition: plan.Condition) -> Iterator[str]:
    match condition:
        case plan.Any(items) | plan.All(items):
            for each in items:
                yield from _fields(each)
        case plan.Not(item):
            yield from _fields(item)
        case _:
            yield condition.column.field.name

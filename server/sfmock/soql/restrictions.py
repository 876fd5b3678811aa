"""Sobjects that are only queried by certain ids: Salesforce's "Implementation restriction" (metadata.md 4.10, 7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sfmock.errors import Kind
from sfmock.schema.model import ID_TYPES, SObject
from sfmock.soql import plan

_BY_ID: Mapping[str, tuple[str, str]] = {
    "ContentDocumentLink": ("ContentDocumentId", "LinkedEntityId"),
}
"""The references of which one must be filtered by; the second one, by one id, allows every other filter, too."""
NEEDS_IDS = Kind(
    "MALFORMED_QUERY",
    "Implementation restriction: {sobject} requires a filter by a single Id on {first} or {second} using the equals"
    " operator or multiple Id's using the IN operator.",
)
ONLY_IDS = Kind(
    "MALFORMED_QUERY",
    "Implementation restriction: filtering on non-id fields is only permitted when filtering by {sobject}.{second}"
    " using the equals operator.",
    unverified=True,
)
"""Quoted in code of others, with no code beside the text."""


def check(query: plan.Plan) -> None:
    """Raise MALFORMED_QUERY for a query, or one in a semi-join, that does not name the ids which it must."""
    _check(query.sobject, 0, query.where)
    for each in _conditions(query.where):
        if isinstance(each, plan.SemiJoin):
            _check(each.inner.sobject, each.inner.number, each.inner.where)


def _check(sobject: SObject, table: int, where: plan.Condition | None) -> None:
    needed = _BY_ID.get(sobject.name)
    if needed is None:
        return
    first, second = needed
    conditions = _conditions(where)
    ids = [name for each in conditions if (name := _named(each, table)) in needed]
    if not ids:
        raise NEEDS_IDS(sobject=sobject.name, first=first, second=second)
    single = any(
        isinstance(each, plan.Equals) and _named(each, table) == second for each in conditions
    )
    columns = (column for each in conditions for column in _columns(each))
    if not single and any(column.field.type not in ID_TYPES for column in columns):
        raise ONLY_IDS(sobject=sobject.name, second=second)


def _conditions(where: plan.Condition | None) -> tuple[plan.Condition, ...]:
    """What holds of every row."""
    if isinstance(where, plan.All):
        return tuple(part for each in where.items for part in _conditions(each))
    return () if where is None else (where,)


def _named(condition: plan.Condition, table: int) -> str | None:
    """The reference of the object itself that a condition ties to one id or several."""
    match condition:
        case plan.Equals(plan.Column(number, field), str(), negated=False) if number == table:
            return field.name
        case plan.OneOf(plan.Column(number, field), _, null=False, negated=False) if (
            number == table
        ):
            return field.name
    return None


def _columns(condition: plan.Condition) -> Iterator[plan.Term]:
    match condition:
        case plan.All(items) | plan.Any(items):
            for each in items:
                yield from _columns(each)
        case plan.Not(item):
            yield from _columns(item)
        case _:
            yield condition.column

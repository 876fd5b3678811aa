"""Required fields: named, and not null (metadata.md 3)."""

from __future__ import annotations

from sfmock import errors
from sfmock.org.dml.plan import Plan, Row


def check_required(plan: Plan, values: Row, old: Row | None) -> None:
    """Raise one error for all missing fields, in describe order; `old` is the row before an update."""
    if any(values.get(name) is not None for name in plan.personal):
        raise errors.refuse("person accounts")
    missing = (
        _missing_on_create(plan, values) if old is None else _missing_on_update(plan, values, old)
    )
    if missing:
        raise errors.REQUIRED_FIELD_MISSING(names=", ".join(missing), fields=missing)


def _missing_on_create(plan: Plan, values: Row) -> list[str]:
    return [each.name for each in plan.required if values.get(each.name) is None]


def _missing_on_update(plan: Plan, values: Row, old: Row) -> list[str]:
    """Fields set to null, and custom fields that became required after the row was made."""
    nulled = {name for name, value in values.items() if value is None}
    if not nulled and not plan.requires_custom:
        return []
    late = {name for name in plan.requires_custom if name not in values and old.get(name) is None}
    return [
        each.name
        for each in plan.sobject.fields
        if each.name in late or (each.name in nulled and each.name in plan.never_null)
    ]

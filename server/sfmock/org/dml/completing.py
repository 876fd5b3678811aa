"""From the values of a request to the row that is written: defaults before the rules, stamps after them."""

from __future__ import annotations

from sfmock import errors
from sfmock.org.behaviour.draft import Draft
from sfmock.org.dml.plan import Plan, Row


def give_defaults(plan: Plan, values: Row, user_id: str) -> None:
    """Defaults of fields that were not named; null counts as not named where a field cannot be null."""
    for name, default in plan.defaults.items():
        if name not in values or (values[name] is None and not plan.column(name).field.nillable):
            values[name] = default
    for name in plan.formula_defaults:
        if name not in values:
            raise errors.refuse(f"the default value formula of {plan.sobject.name}.{name}")
    if plan.owned and values.get("OwnerId") is None:
        values["OwnerId"] = user_id


def new_row(draft: Draft) -> Row:
    """The row of a create, without nulls."""
    plan, values = draft.plan, draft.values
    row: Row = {"Id": draft.record_id, **plan.creation(draft.user_id, draft.now)}
    for name, value in values.items():
        if value is not None:
            row[name] = value
    if plan.id_is_name and "Name" not in row:
        row["Name"] = draft.record_id[:15]  # recorded: the 15-character form
    return row


def changes_of(draft: Draft, old: Row) -> Row:
    """What an update writes: what differs from the row before, and its stamps."""
    changes = {name: value for name, value in draft.values.items() if old.get(name) != value}
    return changes | draft.plan.modification(draft.user_id, draft.now)

"""Dependent picklists: no source says what the API makes of a value that does not go with its controlling value."""

from __future__ import annotations

from sfmock.errors import refuse
from sfmock.org.dml.plan import Plan, Row
from sfmock.schema.custom_choice import controlling_values, is_valid_for
from sfmock.schema.model import Field
from sfmock.store.database import Value


def valid_values(field: Field, controller: Field, value: Value) -> list[str]:
    """The active values of a dependent picklist that go with a controlling value."""
    place = _place(controller, value)
    return [
        each.value
        for each in field.picklist
        if each.active and place is not None and is_valid_for(each, place)
    ]


def check_dependents(plan: Plan, values: Row, old: Row | None) -> None:
    """Refuse a write that leaves a value beside a controlling value that it is not valid for."""
    for field, controller in plan.dependents:
        if field.name not in values and controller.name not in values:
            continue
        row = values if old is None else {**old, **values}
        chosen = str(row.get(field.name) or "").split(";")
        place = _place(controller, row.get(controller.name))
        for entry in field.picklist:
            if entry.value in chosen and not (place is not None and is_valid_for(entry, place)):
                raise refuse(
                    f"{plan.sobject.name}.{field.name} with a value that is not valid for"
                    f" that of {controller.name}"
                )


def _place(controller: Field, value: Value) -> int | None:
    if controller.type == "boolean":
        return int(value in (1, True))
    values = controlling_values(controller)
    return values.index(value) if value in values else None

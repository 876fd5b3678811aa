"""Picklists of generated rows that hang on one another, or on the row's record type."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock.org.dml.dependents import valid_values
from sfmock.org.generate.values import Made, Values
from sfmock.schema.model import Field, SObject

_TRIES = 50


def preset(field: Field) -> str | None:
    """The default that a row gets for a picklist it does not name, if its record type has that value."""
    if not field.defaulted_on_create:
        return None
    values = [each.value for each in field.picklist if each.active]
    if field.default in values:
        return str(field.default)
    return next((each.value for each in field.picklist if each.default and each.active), None)


def fit(
    sobject: SObject,
    fields: Mapping[str, Field],
    given: Mapping[str, object],
    made: dict[str, Made],
    draws: Values,
) -> None:
    """Give dependent picklists values that go with those of the fields that control them.

    Where a required one has none, the controlling value is drawn again. What the test gives stays; if nothing goes with
    that, the rules will say so.
    """
    dependents = [each for each in fields.values() if each.dependent_picklist]
    for _ in range(_TRIES):
        lacking = [
            each for each in dependents if not _choose(sobject, each, fields, given, made, draws)
        ]
        controllers = {str(each.controller_name) for each in lacking} - given.keys()
        if not controllers:
            return
        for name in controllers:
            made[name] = draws.draw(sobject, fields.get(name) or sobject.by_name[name.lower()])


def _choose(
    sobject: SObject,
    field: Field,
    fields: Mapping[str, Field],
    given: Mapping[str, object],
    made: dict[str, Made],
    draws: Values,
) -> bool:
    """Choose the value of one dependent picklist; False where it must have one and none goes with the controlling value."""
    controller = sobject.by_name[str(field.controller_name).lower()]
    row: dict[str, object] = {**made, **given}
    held = row.get(controller.name, preset(fields.get(controller.name, controller)))
    fitting = valid_values(field, controller, held if isinstance(held, str | int) else None)
    if preset(field) in fitting:
        made.pop(field.name, None)
    else:
        made[field.name] = draws.choose(fitting) if fitting else None
    return bool(fitting) or field.nillable

"""`toLabel(field)` in a condition: the labels are known, so it is a condition about the values that have them (soql.md 3)."""

from __future__ import annotations

from sfmock import errors
from sfmock.soql import nodes, plan
from sfmock.soql.scope import Scope
from sfmock.store.fold import fold


def bind_label(
    scope: Scope,
    function: nodes.Function,
    operator: nodes.Operator,
    literals: tuple[nodes.Constant, ...],
    *,
    negated: bool,
) -> plan.Condition:
    """The values of a picklist whose label is one of these; a value that is not defined is its own label."""
    if not isinstance(function.argument, nodes.Path):
        raise errors.refuse(f"SOQL function {function.name} of a function")
    if scope.reads is not None:
        raise errors.refuse("SOQL toLabel in HAVING")
    column = scope.own(function.argument)
    field = column.field
    if field.type != "picklist" or not field.filterable:
        raise errors.refuse(f"SOQL conditions over toLabel of a field of type {field.type}")
    if operator not in ("=", "!="):
        raise errors.refuse(f"SOQL toLabel with {operator}")
    texts = [each.value for each in literals if isinstance(each, nodes.Text)]
    if len(texts) != len(literals) or not all(texts):
        raise errors.refuse("SOQL toLabel beside a value that is no text")
    wanted = {fold(each) for each in texts}
    defined = {fold(each.value) for each in field.picklist}
    values = [each.value for each in field.picklist if fold(each.label) in wanted]
    values += [each for each in texts if fold(each) not in defined]
    if not values:  # no value is empty text: none has this label
        values = [""]
    return plan.OneOf(column, tuple(values), null=False, negated=negated)

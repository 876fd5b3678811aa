"""Conditions meet fields: each comparison is checked against its field's type and becomes part of the plan."""

from __future__ import annotations

from typing import Final

from sfmock import errors
from sfmock.errors import Refused, SalesforceError
from sfmock.schema.model import Field
from sfmock.soql import nodes, plan
from sfmock.soql.errors import ADDRESS_FILTER, INVALID_LIKE_VALUE
from sfmock.soql.scope import Scope
from sfmock.soql.values import stored_value
from sfmock.store.database import Value

_ORDERED: Final = frozenset({"<", "<=", ">", ">="})
_NO_ORDER: Final = frozenset({"reference", "boolean", "multipicklist"})
_LIKE: Final = frozenset({"string", "textarea", "picklist", "combobox", "email", "phone", "url"})
_PLACED: Final = frozenset({"INVALID_FIELD", "INVALID_QUERY_FILTER_OPERATOR"})
"""Codes of value errors that point at the field (soql.md 13.2)."""


def bind_condition(scope: Scope, condition: nodes.Condition) -> plan.Condition:
    """A condition of WHERE over fields; raises Salesforce's first error in it."""
    match condition:
        case nodes.And(items):
            return plan.All(tuple([bind_condition(scope, each) for each in items]))
        case nodes.Or(items):
            return plan.Any(tuple([bind_condition(scope, each) for each in items]))
        case nodes.Not(item):
            return plan.Not(bind_condition(scope, item))
        case nodes.Comparison(operand, operator, value):
            return _comparison(scope, _path(operand), operator, value)
        case nodes.Membership(operand, values, negated):
            return _membership(scope, _path(operand), values, negated)
        case nodes.SemiJoin():
            raise errors.refuse("SOQL semi-joins")
        case nodes.Includes(_, _, negated):
            raise errors.refuse(f"SOQL {'EXCLUDES' if negated else 'INCLUDES'}")


def refuse_function(function: nodes.Function | nodes.Distance) -> Refused:
    """The refusal of a function, whatever stands inside it."""
    name = "DISTANCE" if isinstance(function, nodes.Distance) else function.name
    return errors.refuse(f"SOQL function {name}")


def _path(operand: nodes.Operand) -> nodes.Path:
    if isinstance(operand, nodes.Path):
        return operand
    raise refuse_function(operand)


def _comparison(
    scope: Scope, path: nodes.Path, operator: nodes.Operator, literal: nodes.Constant
) -> plan.Condition:
    column = _filterable(scope, path)
    field = column.field
    if operator == "LIKE":
        return _like(scope, path, column, literal)
    if operator in _ORDERED and field.type in _NO_ORDER:
        raise errors.refuse(f"SOQL {operator} on a field of type {field.type}")
    value = _value(scope, path, field, literal)
    if isinstance(value, nodes.DateLiteral):
        return plan.Within(column, operator, value)
    if operator in _ORDERED:
        if value is None:
            raise errors.refuse(f"SOQL {operator} null")
        return plan.Compares(column, operator, value)
    negated = operator == "!="
    return plan.IsNull(column, negated) if value is None else plan.Equals(column, value, negated)


def _like(
    scope: Scope, path: nodes.Path, column: plan.Column, literal: nodes.Constant
) -> plan.Condition:
    field = column.field
    if field.is_id:
        raise errors.INVALID_ID_OPERATOR()
    if field.type not in _LIKE:
        raise errors.refuse(f"SOQL LIKE on a field of type {field.type}")
    if isinstance(literal, nodes.Null):
        raise errors.refuse("SOQL LIKE null")
    pattern = _value(scope, path, field, literal)
    if pattern is None:
        raise INVALID_LIKE_VALUE()
    return plan.Like(column, str(pattern))


def _membership(
    scope: Scope, path: nodes.Path, literals: tuple[nodes.Constant, ...], negated: bool
) -> plan.Condition:
    column = _filterable(scope, path)
    if column.field.type == "multipicklist":
        raise errors.refuse("SOQL IN on a field of type multipicklist")
    values = list(dict.fromkeys([_value(scope, path, column.field, each) for each in literals]))
    ranges = [each for each in values if isinstance(each, nodes.DateLiteral)]
    plain = [each for each in values if not isinstance(each, nodes.DateLiteral)]
    chosen = plan.OneOf(
        column,
        tuple([each for each in plain if each is not None]),
        None in plain,
        negated and not ranges,
    )
    if not ranges:
        return chosen
    within = [plan.Within(column, "=", each) for each in ranges]
    either = plan.Any((*within, chosen) if plain else tuple(within))
    return plan.Not(either) if negated else either


def _filterable(scope: Scope, path: nodes.Path) -> plan.Column:
    column = scope.column(path)
    if column.field.type == "address":
        raise ADDRESS_FILTER()
    if not column.field.filterable:
        raise scope.error(path, errors.CANNOT_FILTER(name=column.field.name))
    if column.field.is_compound:
        raise errors.refuse(f"SOQL filters on fields of type {column.field.type}")
    return column


def _value(
    scope: Scope, path: nodes.Path, field: Field, literal: nodes.Constant
) -> Value | nodes.DateLiteral:
    try:
        return stored_value(field, literal)
    except Refused:
        raise
    except SalesforceError as error:
        raise scope.error(path, error) if error.code in _PLACED else error from None

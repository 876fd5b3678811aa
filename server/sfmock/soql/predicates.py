"""Conditions meet fields: each comparison is checked against its field's type and becomes part of the plan."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from sfmock import errors
from sfmock.errors import Refused, SalesforceError
from sfmock.schema.model import Field
from sfmock.soql import nodes, plan
from sfmock.soql.binding_operands import bind_operand, place
from sfmock.soql.clauses import check_modes
from sfmock.soql.errors import ADDRESS_FILTER, INVALID_LIKE_VALUE
from sfmock.soql.functions import Family
from sfmock.soql.labels import bind_label
from sfmock.soql.operators import OPERATORS, takes
from sfmock.soql.scope import Scope
from sfmock.soql.semi_joins import bind_inner, check_semi_joins
from sfmock.soql.terms import DatePart, Distance
from sfmock.soql.using import bind_scope
from sfmock.soql.values import stored_value
from sfmock.store.database import Value

_ORDERED: Final = frozenset({"<", "<=", ">", ">="})
_PLACED: Final = frozenset({"INVALID_FIELD", "INVALID_QUERY_FILTER_OPERATOR"})
"""Codes of value errors that point at the field (soql.md 13.2)."""


def bind_where(scope: Scope, where: nodes.Condition | None) -> plan.Condition | None:
    """The condition of WHERE; raises Salesforce's first error in it."""
    check_semi_joins(scope, where)
    return None if where is None else bind_condition(scope, where)


def bind_condition(scope: Scope, condition: nodes.Condition) -> plan.Condition:
    """A condition over what rows hold; raises Salesforce's first error in it."""
    match condition:
        case nodes.And(items):
            return plan.All(tuple([bind_condition(scope, each) for each in items]))
        case nodes.Or(items):
            return plan.Any(tuple([bind_condition(scope, each) for each in items]))
        case nodes.Not(item):
            return plan.Not(bind_condition(scope, item))
        case nodes.Comparison(nodes.Function() as function, operator, value) if (
            function.family is Family.LABEL
        ):
            return bind_label(scope, function, operator, (value,), negated=operator == "!=")
        case nodes.Membership(nodes.Function() as function, values, negated) if (
            function.family is Family.LABEL
        ):
            return bind_label(scope, function, "=", values, negated=negated)
        case nodes.Comparison(operand, operator, value):
            return _comparison(scope, operand, operator, value)
        case nodes.Membership(operand, values, negated):
            return _membership(scope, operand, values, negated)
        case nodes.SemiJoin():
            return _semi_join(scope, condition)
        case nodes.Includes():
            return _includes(scope, condition)


def bind_having(
    scope: Scope, having: nodes.Condition | None, reads: Callable[[nodes.Operand], plan.Term]
) -> plan.Condition | None:
    """The condition of HAVING, whose operands `reads` binds."""
    if having is None:
        return None
    scope.reads = reads
    try:
        return bind_condition(scope, having)
    finally:
        scope.reads = None


def _semi_join(scope: Scope, join: nodes.SemiJoin) -> plan.SemiJoin:
    if scope.reads is not None:
        raise errors.refuse("SOQL semi-joins in HAVING")
    left, within, path = bind_inner(scope, join)
    inner_where = join.query.where
    where = None if inner_where is None else bind_condition(within, inner_where)
    where = bind_scope(within, join.query.using, where)
    check_modes(join.query)
    column = within.own(path)
    scope.shared.inner.extend(each.sobject for each in within.joins)
    inner = plan.Inner(within.number, within.root, column, tuple(within.joins), where)
    return plan.SemiJoin(left, inner, join.negated)


def _includes(scope: Scope, condition: nodes.Includes) -> plan.Includes:
    word = "EXCLUDES" if condition.negated else "INCLUDES"
    term = _filterable(scope, condition.operand)
    if not takes(term.field.type, word) or not isinstance(term, plan.Column):
        raise errors.refuse(f"SOQL {word} on a field of type {term.field.type}")
    sets: list[tuple[str, ...]] = []
    for each in condition.values:
        if not isinstance(each, nodes.Text) or not each.value:
            raise errors.refuse(f"SOQL {word} of a value that is no text")
        sets.append(tuple(dict.fromkeys(each.value.split(";"))))
    return plan.Includes(term, tuple(sets), condition.negated)


def _comparison(
    scope: Scope, operand: nodes.Operand, operator: nodes.Operator, literal: nodes.Constant
) -> plan.Condition:
    column = _filterable(scope, operand)
    path, field = place(operand), column.field
    if isinstance(column, Distance) and operator not in ("<", ">"):
        raise errors.refuse(f"SOQL DISTANCE with {operator}")
    if operator == "LIKE":
        return _like(scope, path, column, literal)
    if operator in _ORDERED and field.type in OPERATORS and not takes(field.type, operator):
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
    scope: Scope, path: nodes.Path, column: plan.Term, literal: nodes.Constant
) -> plan.Condition:
    field = column.field
    if field.is_id:
        raise errors.INVALID_ID_OPERATOR()
    if not takes(field.type, "LIKE"):
        raise errors.refuse(f"SOQL LIKE on a field of type {field.type}")
    if isinstance(literal, nodes.Null):
        raise errors.refuse("SOQL LIKE null")
    pattern = _value(scope, path, field, literal)
    if pattern is None:
        raise INVALID_LIKE_VALUE()
    return plan.Like(column, str(pattern))


def _membership(
    scope: Scope, operand: nodes.Operand, literals: tuple[nodes.Constant, ...], negated: bool
) -> plan.Condition:
    column = _filterable(scope, operand)
    path = place(operand)
    if isinstance(column, Distance):
        raise errors.refuse("SOQL DISTANCE with IN")
    if column.field.type in OPERATORS and not takes(column.field.type, "IN"):
        raise errors.refuse(f"SOQL IN on a field of type {column.field.type}")
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


def _filterable(scope: Scope, operand: nodes.Operand) -> plan.Term:
    read_by = scope.reads or partial(bind_operand, scope)
    term = read_by(operand)
    read = term.column if isinstance(term, DatePart) else term
    if read.field.type == "address":
        raise ADDRESS_FILTER()
    if not read.field.filterable:
        raise scope.error(place(operand), errors.CANNOT_FILTER(name=read.field.name))
    if read.field.is_compound:
        raise errors.refuse(f"SOQL filters on fields of type {read.field.type}")
    return term


def _value(
    scope: Scope, path: nodes.Path, field: Field, literal: nodes.Constant
) -> Value | nodes.DateLiteral:
    try:
        return stored_value(field, literal)
    except Refused:
        raise
    except SalesforceError as error:
        raise scope.error(path, error) if error.code in _PLACED else error from None

"""Semi-joins and anti-joins: which are allowed, and the query inside (soql.md 5.4)."""

from __future__ import annotations

from typing import Final

from sfmock import errors
from sfmock.errors import SalesforceError
from sfmock.schema.model import SObject
from sfmock.soql import nodes, plan
from sfmock.soql.errors import (
    INNER_PATH,
    NESTED,
    NOT_ON_TOP,
    OTHER_TYPE,
    SAME_OBJECT,
    TOO_MANY,
    WITH_OR,
)
from sfmock.soql.roots import root_of
from sfmock.soql.scope import Scope

_MOST: Final = 2
_NEVER_INSIDE: Final = frozenset(
    {"ActivityHistory", "Attachment", "Event", "Note", "OpenActivity", "Task"}
)


def check_semi_joins(scope: Scope, where: nodes.Condition | None) -> None:
    """Raise for semi-joins that stand where none may, and for the third one."""
    found = [each for each in _above(where, ()) if isinstance(each[0], nodes.SemiJoin)]
    for condition, above in found:
        assert isinstance(condition, nodes.SemiJoin)
        if above == ("OR",):
            raise _at(scope, condition, WITH_OR())
        if above not in ((), ("AND",)):  # nor in parentheses, even where all is joined by AND
            raise _at(scope, condition, NOT_ON_TOP())
    if len(found) > _MOST:
        raise _at(scope, found[_MOST][0], TOO_MANY())


def has_semi_join(where: nodes.Condition | None) -> bool:
    """Whether a condition has a semi-join anywhere."""
    return any(isinstance(each, nodes.SemiJoin) for each, _ in _above(where, ()))


def bind_inner(scope: Scope, join: nodes.SemiJoin) -> tuple[plan.Column, Scope, nodes.Path]:
    """The left field, the scope of the inner query, and the inner field as written."""
    if not isinstance(join.operand, nodes.Path):
        raise errors.refuse("SOQL semi-joins of functions")
    left = scope.own(join.operand)
    if len(scope.steps(join.operand)) > 1:
        raise errors.refuse("SOQL semi-joins of a parent's field")
    if not left.field.is_id:
        raise errors.refuse(f"SOQL semi-joins of a field of type {left.field.type}")
    source, *others = join.query.sources
    if others:
        raise errors.refuse("SOQL semi-joins with several objects")
    inner = root_of(scope.shared.text, join.query, scope.shared.catalogue)
    if inner.name == scope.root.name:
        raise _at(scope, join, SAME_OBJECT())
    if inner.name in _NEVER_INSIDE:
        raise errors.refuse(f"SOQL semi-joins over {inner.name}")
    if has_semi_join(join.query.where):
        raise _at(scope, join, NESTED())
    match join.query.select:
        case (nodes.Selected(nodes.Path() as path, None),):
            within = Scope(scope.shared, inner, source.alias)
        case _:
            raise errors.refuse("SOQL semi-joins that select something else than a field")
    if len(within.steps(path)) > 1:
        raise _at(scope, join, INNER_PATH(name=".".join(path.parts)))
    column = within.own(path)
    if not column.field.is_id or not _meet(left, scope.root, column, inner):
        names = {"inner": ".".join(path.parts), "outer": ".".join(join.operand.parts)}
        raise _at(scope, join, OTHER_TYPE(**names))
    scope.shared.inner.append(inner)
    return left, within, path


def _meet(left: plan.Column, outer: SObject, right: plan.Column, inner: SObject) -> bool:
    """Whether both fields can point to rows of one sobject."""
    sides = ((left, outer), (right, inner))
    wanted, found = (
        {owner.name} if column.field.type == "id" else set(column.field.reference_to)
        for column, owner in sides
    )
    return bool(wanted & found)


def _above(
    condition: nodes.Condition | None, words: tuple[str, ...]
) -> list[tuple[nodes.Condition, tuple[str, ...]]]:
    """All comparisons with the words that join them to others, from the outermost on."""
    match condition:
        case None:
            return []
        case nodes.And(items) | nodes.Or(items):
            word = "AND" if isinstance(condition, nodes.And) else "OR"
            return [found for each in items for found in _above(each, (*words, word))]
        case nodes.Not(item):
            return _above(item, (*words, "NOT"))
        case _:
            return [(condition, words)]


def _at(scope: Scope, join: nodes.Condition, error: SalesforceError) -> SalesforceError:
    """These errors have their place in the 0-based form, at the left field (recorded, soql.md 13.1)."""
    assert isinstance(join, nodes.SemiJoin)
    return scope.token_error(join.operand.at, error)

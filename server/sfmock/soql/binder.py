"""The binder: from nodes to a plan, with Salesforce's first semantic error in Salesforce's order (soql.md 13.2)."""

from __future__ import annotations

from sfmock import errors
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import SObject
from sfmock.soql import nodes, plan
from sfmock.soql.errors import CANNOT_QUERY, NEGATIVE_OFFSET, at_name
from sfmock.soql.metadata_types import check_metadata_type
from sfmock.soql.predicates import bind_condition, refuse_function
from sfmock.soql.projection import Projection
from sfmock.soql.scope import Scope

_MAX_OFFSET = 2000
_MAX_LIMIT = 2**31 - 1


def bind(text: str, query: nodes.Query, catalogue: Catalogue) -> plan.Plan:
    """What the query means in this catalogue: the object first, then its clauses from left to right."""
    scope = Scope(text, catalogue, _root(text, query, catalogue), query.sources[0].alias)
    projection = _select(scope, query)
    where = None if query.where is None else bind_condition(scope, query.where)
    if query.group is not None:
        raise errors.refuse("SOQL GROUP BY")
    counts = projection is None
    if counts and query.order:
        raise errors.refuse("SOQL COUNT() with ORDER BY")
    order: dict[plan.Column, plan.Order] = {}
    for key in query.order:
        found = _order(scope, key)
        order.setdefault(found.column, found)  # a field that comes again decides nothing
    _refuse_clauses(query)
    bound = plan.Plan(
        sobject=scope.root,
        columns=() if projection is None else projection.columns,
        tree=None if projection is None else projection.tree(),
        joins=tuple(scope.joins),
        where=where,
        order=tuple(order.values()),
        limit=_limit(query.limit),
        offset=_offset(query.offset, scope.root, counts=counts),
    )
    check_metadata_type(bound)
    return bound


def _root(text: str, query: nodes.Query, catalogue: Catalogue) -> SObject:
    source = query.sources[0]
    name = source.path.parts[0]
    found = catalogue.find(name)
    if found is None:
        known = catalogue.absent(name)
        if known:
            raise errors.refuse(f"SOQL on {known}")
        raise at_name(
            text, source.path.at, errors.NO_SUCH_SOBJECT(name=".".join(source.path.parts))
        )
    if len(source.path.parts) > 1:
        raise errors.refuse("SOQL FROM with a path")
    if len(query.sources) > 1:
        raise errors.refuse("SOQL FROM with several objects")
    if not found.queryable:
        raise CANNOT_QUERY(name=found.name)
    return found


def _select(scope: Scope, query: nodes.Query) -> Projection | None:
    if isinstance(query.select, nodes.Count):
        return None
    projection = Projection(scope)
    for item in query.select:
        match item:
            case nodes.Selected(nodes.Path() as path, alias):
                if alias is not None and query.group is not None:
                    raise errors.refuse("SOQL GROUP BY")
                projection.add(path, alias)
            case nodes.Selected((nodes.Function() | nodes.Distance()) as function, _):
                raise refuse_function(function)
            case nodes.SubQuery():
                raise errors.refuse("SOQL sub-queries of children")
            case nodes.TypeOf():
                raise errors.refuse("SOQL TYPEOF")
            case nodes.Fields():
                raise errors.refuse("SOQL function FIELDS")
    return projection


def _order(scope: Scope, order: nodes.Order) -> plan.Order:
    if not isinstance(order.operand, nodes.Path):
        raise refuse_function(order.operand)
    column = scope.column(order.operand)
    if not column.field.sortable:
        raise errors.CANNOT_SORT(name=column.field.name)
    if column.field.is_compound:
        raise errors.refuse(f"SOQL ORDER BY a field of type {column.field.type}")
    # On references the NULLS option is ignored: nulls stay on top (soql.md 8).
    nulls_last = order.nulls_last and column.field.type != "reference"
    return plan.Order(column, order.descending, nulls_last)


def _refuse_clauses(query: nodes.Query) -> None:
    """Raise for the first clause that is parsed but not done."""
    words = {
        "USING": query.using,
        "WITH": query.withs,
        "BIND": query.binds,
        f"FOR {query.viewing}": query.viewing,
        "UPDATE": query.update,
    }
    for word, found in words.items():
        if found:
            raise errors.refuse(f"SOQL {word}")


def _limit(limit: int | None) -> int | None:
    if limit is not None and not 0 <= limit <= _MAX_LIMIT:
        raise errors.refuse(f"SOQL LIMIT outside of 0 to {_MAX_LIMIT}")
    return limit


def _offset(offset: int | None, root: SObject, *, counts: bool) -> int | None:
    if offset is None:
        return None
    if offset < 0:
        raise NEGATIVE_OFFSET()
    if offset > _MAX_OFFSET:
        raise errors.OFFSET_TOO_LARGE(sobject=root.name)
    if counts:
        raise errors.refuse("SOQL COUNT() with OFFSET")
    return offset

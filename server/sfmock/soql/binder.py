"""The binder: from nodes to a plan, with Salesforce's first semantic error in Salesforce's order (soql.md 13.2)."""

from __future__ import annotations

from sfmock import errors
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import SObject
from sfmock.soql import nodes, plan
from sfmock.soql.binding_operands import bind_operand, refuse_function, same
from sfmock.soql.errors import NEGATIVE_OFFSET
from sfmock.soql.metadata_types import check_metadata_type
from sfmock.soql.predicates import bind_where
from sfmock.soql.projection import Columns, Projection
from sfmock.soql.roots import root_of
from sfmock.soql.scope import Scope, Shared
from sfmock.soql.using import bind_scope

_MAX_OFFSET = 2000
_MAX_LIMIT = 2**31 - 1


def bind(text: str, query: nodes.Query, catalogue: Catalogue) -> plan.Plan:
    """What the query means in this catalogue: the object first, then its clauses from left to right."""
    scope = Scope(Shared(text, catalogue), root_of(text, query, catalogue), query.sources[0].alias)
    columns = Columns()
    tree = _select(scope, query, columns)
    where = bind_scope(scope, query.using, bind_where(scope, query.where))
    if query.group is not None:
        raise errors.refuse("SOQL GROUP BY")
    counts = tree is None
    if counts and query.order:
        raise errors.refuse("SOQL COUNT() with ORDER BY")
    order: list[plan.Order] = []
    for key in query.order:
        found = _order(scope, key)
        if not any(same(found.column, each.column) for each in order):
            order.append(found)  # a field that comes again decides nothing
    _refuse_clauses(query)
    bound = plan.Plan(
        sobject=scope.root,
        columns=tuple(columns.found),
        tree=tree,
        joins=tuple(scope.joins),
        where=where,
        order=tuple(order),
        limit=_limit(query.limit),
        offset=_offset(query.offset, scope.root, counts=counts),
        inner=tuple(scope.shared.inner),
        named=tuple(scope.shared.named.values()),
    )
    check_metadata_type(bound)
    return bound


def _select(scope: Scope, query: nodes.Query, columns: Columns) -> plan.Branch | None:
    if isinstance(query.select, nodes.Count):
        return None
    projection = Projection(scope, columns)
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
                projection.add_typeof(item)
            case nodes.Fields():
                raise errors.refuse("SOQL function FIELDS")
    return projection.tree()


def _order(scope: Scope, order: nodes.Order) -> plan.Order:
    column = bind_operand(scope, order.operand)
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

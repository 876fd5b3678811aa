"""The binder: from nodes to a plan, with Salesforce's first semantic error in Salesforce's order (soql.md 13.2)."""

from __future__ import annotations

from collections.abc import Iterable

from sfmock import errors
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import SObject
from sfmock.soql import nodes, plan
from sfmock.soql.binding_operands import (
    bind_distance,
    bind_operand,
    refuse_function,
    unconverted,
)
from sfmock.soql.children import MOST as MOST_CHILDREN
from sfmock.soql.children import child_of, standing_alone
from sfmock.soql.clauses import check_modes
from sfmock.soql.errors import COUNTED_IN_ORDER, NEGATIVE_OFFSET
from sfmock.soql.field_sets import expand_fields
from sfmock.soql.formatter import format_query
from sfmock.soql.functions import Family
from sfmock.soql.grouping import GroupBinder, check_clauses, is_aggregate
from sfmock.soql.metadata_types import check_metadata_type
from sfmock.soql.predicates import bind_where
from sfmock.soql.projection import Columns, Projection
from sfmock.soql.roots import root_of
from sfmock.soql.scope import Scope, Shared
from sfmock.soql.semi_joins import has_semi_join
from sfmock.soql.terms import same
from sfmock.soql.using import bind_scope

_MAX_OFFSET = 2000
_MAX_LIMIT = 2**31 - 1
MOST_LEVELS = 5
"""Of queries inside queries, the outermost counted (soql.md 12)."""


def bind(
    text: str,
    query: nodes.Query,
    catalogue: Catalogue,
    *,
    levels: int = MOST_LEVELS,
    searching: bool = False,
) -> plan.Plan:
    """What the query means in this catalogue: the object first, then its clauses from left to right.

    `levels` is how deep sub-queries may go, the outermost query counted. `searching`: the query is part of a search.
    """
    root = root_of(text, query, catalogue, searching=searching)
    scope = Scope(Shared(text, catalogue, searching), root, query.sources[0].alias)
    for source in query.sources[1:]:
        scope.add_parent(source)
    bound = _grouped(scope, query) if is_aggregate(query) else _rows(scope, query, levels)
    check_metadata_type(bound)
    return bound


def _rows(scope: Scope, query: nodes.Query, levels: int) -> plan.Plan:
    columns = Columns()
    children: list[plan.Children] = []
    tree = _select(scope, query, columns, children, levels)
    where = bind_scope(scope, query.using, bind_where(scope, query.where))
    counts = tree is None
    if counts and query.order:
        raise COUNTED_IN_ORDER()
    order = _sorted(_order(scope, each) for each in query.order)
    check_modes(query)
    return plan.Plan(
        sobject=scope.root,
        columns=tuple(columns.found),
        tree=tree,
        joins=tuple(scope.joins),
        where=where,
        order=order,
        limit=_limit(query.limit),
        offset=_offset(query.offset, scope.root, counts=counts),
        children=tuple(children),
        viewed=query.viewing is not None,
        inner=tuple(scope.shared.inner),
        named=tuple(scope.shared.named.values()),
    )


def _children(
    scope: Scope, query: nodes.Query, limit: int | None, levels: int
) -> tuple[str, plan.Children]:
    child, relationship = child_of(scope, query)
    if levels < 2:
        raise errors.refuse("SOQL sub-queries of that many levels")
    if query.offset is not None and limit != 1:
        raise errors.refuse("SOQL OFFSET in a sub-query whose parent has no LIMIT 1")
    if query.using or query.viewing:
        raise errors.refuse("SOQL USING and FOR in a sub-query")
    if has_semi_join(query.where):
        raise errors.refuse("SOQL semi-joins in a sub-query")
    name = str(relationship.name)
    shared = Shared(scope.shared.text, scope.shared.catalogue)
    within = Scope(shared, child, query.sources[0].alias or name)
    bound = _rows(within, query, levels - 1)
    reference = child.by_name[relationship.field.lower()]
    return name, plan.Children(reference, bound, format_query(standing_alone(query, child, name)))


def _grouped(scope: Scope, query: nodes.Query) -> plan.Plan:
    """An aggregate query: entries of GROUP BY come first, for the select list is about them."""
    check_clauses(query)
    binder = GroupBinder(scope, query.group)
    binder.bind_items()
    columns, leaves = binder.select(query)
    where = bind_scope(scope, query.using, bind_where(scope, query.where))
    having = binder.having(query.having)
    order = _sorted(binder.order(each) for each in query.order)
    check_modes(query)
    kind = None if query.group is None else query.group.kind
    return plan.Plan(
        sobject=scope.root,
        columns=tuple(columns),
        tree=plan.GroupRecord(leaves),
        joins=tuple(scope.joins),
        where=where,
        order=order,
        limit=_limit(query.limit),
        offset=_offset(query.offset, scope.root, counts=False),
        groups=plan.Groups(tuple(binder.items), kind, having),
        inner=tuple(scope.shared.inner),
        named=tuple(scope.shared.named.values()),
    )


def _sorted(keys: Iterable[plan.Order]) -> tuple[plan.Order, ...]:
    """The sort keys; a field that comes again decides nothing."""
    order: list[plan.Order] = []
    for key in keys:
        if not any(same(key.column, each.column) for each in order):
            order.append(key)
    return tuple(order)


def _select(
    scope: Scope,
    query: nodes.Query,
    columns: Columns,
    children: list[plan.Children],
    levels: int,
) -> plan.Branch | None:
    if isinstance(query.select, nodes.Count):
        return None
    projection = Projection(scope, columns)
    for item in query.select:
        match item:
            case nodes.Selected(nodes.Path() as path, alias):
                projection.add(path, alias)
            case nodes.Selected(nodes.Function() as function, alias):
                _shown(projection, function, alias)
            case nodes.Selected(nodes.Distance() as distance, alias):
                projection.add_distance(bind_distance(scope, distance), alias)
            case nodes.SubQuery(inner, alias):
                if alias is not None or len(children) == MOST_CHILDREN:
                    raise errors.refuse(
                        f"SOQL with more than {MOST_CHILDREN} sub-queries, or aliases of them"
                    )
                name, found = _children(scope, inner, query.limit, levels)
                projection.add_children(name, len(children))
                children.append(found)
            case nodes.TypeOf():
                projection.add_typeof(item)
            case nodes.Fields():
                projection.add_fields(expand_fields(scope, query, item))
    return projection.tree()


def _shown(projection: Projection, function: nodes.Function, alias: str | None) -> None:
    """A function that shows a field in another way."""
    path = unconverted(function.argument)
    if function.family is Family.CURRENCY and isinstance(path, nodes.Path):
        projection.add_converted(path, alias)
    elif function.family is Family.LABEL and isinstance(path, nodes.Path):
        projection.add_shown(path, alias, "label")
    elif function.family is Family.FORMAT and isinstance(path, nodes.Path):
        projection.add_shown(path, alias, "format")
    else:
        raise refuse_function(function)


def _order(scope: Scope, order: nodes.Order) -> plan.Order:
    column = bind_operand(scope, order.operand)
    if not column.field.sortable:
        raise errors.CANNOT_SORT(name=column.field.name)
    if column.field.is_compound:
        raise errors.refuse(f"SOQL ORDER BY a field of type {column.field.type}")
    # On references the NULLS option is ignored: nulls stay on top (soql.md 8).
    nulls_last = order.nulls_last and column.field.type != "reference"
    return plan.Order(column, order.descending, nulls_last)


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

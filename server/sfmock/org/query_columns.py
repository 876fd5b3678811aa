"""`columns=true`: what the columns of a query are, which the sf command asks for after each one.

The guides do not have it. Columns of fields, parents, children and aggregates are as the tests of that command quote them
(salesforcecli/plugin-data, queryFields); Apex's names of other types than Id and String are unverified, and so are the keys
beside `columnMetadata`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sfmock.errors import refuse
from sfmock.org.queries import Queries
from sfmock.schema.model import Field, SObject
from sfmock.soql import plan
from sfmock.soql.terms import Aggregate, Column
from sfmock.versions import Version
from sfmock.wire import JSON

_APEX = {
    "id": "Id", "reference": "Id", "boolean": "Boolean", "int": "Integer", "double": "Decimal",
    "currency": "Decimal", "percent": "Decimal", "date": "Date", "datetime": "Datetime", "time": "Time",
}  # fmt: skip
_TEXTS = frozenset(
    {"string", "textarea", "picklist", "multipicklist", "combobox", "phone", "url", "email"}
)
_NUMBERS = frozenset({"int", "double", "currency", "percent"})


def query_columns(queries: Queries, text: str, *, user_id: str, version: Version) -> JSON:
    """The reply to `columns=true`: the columns in select order, no rows."""
    bound = queries.prepared(text, user_id=user_id, version=version).plan
    if isinstance(bound.tree, plan.GroupRecord):
        columns = [_grouped(bound, leaf) for leaf in bound.tree.items]
        has_id = False
    elif bound.tree is not None:
        columns = [*_columns(bound, bound.sobject, bound.tree.items)]
        has_id = any(each.key == "Id" for each in bound.tree.items)
    else:
        raise refuse("column metadata of COUNT()")
    return {
        "columnMetadata": columns,
        "entityName": bound.sobject.name,
        "groupBy": bound.groups is not None and bool(bound.groups.items),
        "idSelected": has_id,
        "keyPrefix": bound.sobject.key_prefix,
    }


def _columns(bound: plan.Plan, sobject: SObject, items: Iterable[plan.Item]) -> Iterator[JSON]:
    for item in items:
        match item:
            case plan.Leaf(shown=""):
                yield _field(item.key, item.field)
            case plan.Branch():
                yield _column(
                    item.key,
                    foreign_key=_reference(sobject, item.key),
                    joined=_columns(bound, item.sobject, item.items),
                )
            case plan.ChildRecords():
                inner = bound.children[item.number].plan
                if not isinstance(inner.tree, plan.Branch):
                    raise refuse("column metadata of grouped children")
                joined = _columns(inner, inner.sobject, inner.tree.items)
                yield _column(item.key, aggregate=True, joined=joined)
            case _:
                raise refuse(f"column metadata of {item.key}, which is neither field nor record")


def _grouped(bound: plan.Plan, leaf: plan.Leaf) -> JSON:
    term = bound.columns[leaf.index]
    if isinstance(term, Column) and term.table == 0 and leaf.key == term.field.name:
        return _field(leaf.key, term.field)
    if isinstance(term, Aggregate) and term.field.type in _NUMBERS:
        shown = f"{term.function.lower()}({term.argument.field.name})"
        return _column(leaf.key, shown=shown, aggregate=True, kind=term.field.type)
    raise refuse(f"column metadata of {leaf.key} in a grouped query")


def _field(name: str, field: Field) -> JSON:
    apex = "String" if field.type in _TEXTS else _APEX.get(field.type)
    if apex is None:
        raise refuse(f"column metadata of fields of the type {field.type}")
    return _column(name, apex=apex, field=field, kind=field.type)


def _reference(sobject: SObject, relationship: str) -> str | None:
    return next(
        (each.name for each in sobject.fields if each.relationship_name == relationship), None
    )


def _column(
    name: str,
    *,
    shown: str | None = None,
    apex: str | None = None,
    kind: str = "",
    aggregate: bool = False,
    field: Field | None = None,
    foreign_key: str | None = None,
    joined: Iterable[JSON] = (),
) -> JSON:
    return {
        "aggregate": aggregate,
        "apexType": apex,
        "booleanType": kind == "boolean",
        "columnName": name,
        "custom": field is not None and field.custom,
        "displayName": shown or name,
        "foreignKeyName": foreign_key,
        "insertable": field is not None and field.createable,
        "joinColumns": [*joined],
        "numberType": kind in _NUMBERS,
        "textType": kind in _TEXTS,
        "updatable": field is not None and field.updateable,
    }

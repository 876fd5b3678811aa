"""`explain=`: the plans that a query optimizer would choose from, in Salesforce's cost form (rest.md 3.1).

Salesforce keeps its statistics to itself; here the rows are counted. Thresholds are those of its guide to selective queries:
an index is worth it below 30 % of the first million rows and 15 % of the others where it is a standard one, below 10 % and 5 % where
it is custom.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sfmock.errors import refuse
from sfmock.org.field_rows import is_indexed
from sfmock.org.queries import Queries
from sfmock.schema.model import Field
from sfmock.soql import plan
from sfmock.soql.terms import Column
from sfmock.soql.virtual import is_virtual
from sfmock.versions import Version
from sfmock.wire import JSON

_MILLION = 1_000_000
_SCAN, _SCAN_SHARE = 0.65, 2.18
"""What a scan costs of itself, and for the share of rows that are found: it fits the costs in known answers."""
_UNINDEXED = "Not considering filter for optimization because unindexed"


@dataclass(frozen=True, slots=True)
class _Plan:
    """One way to the rows: by the index of a field, or without any."""

    field: str | None
    cardinality: int
    cost: float


def query_plans(queries: Queries, text: str, *, user_id: str, version: Version) -> JSON:
    """The reply to `explain=`: the best plan first, then the query itself."""
    query = queries.prepared(text, user_id=user_id, version=version, all_rows=False)
    bound = query.plan
    if is_virtual(bound):
        raise refuse(f"query plans of {bound.sobject.name}")
    rows = queries.estimate(query, None, user_id)
    found = queries.estimate(query, bound.where, user_id)
    plans = [_Plan(None, found, _SCAN + _SCAN_SHARE * found / max(rows, 1))]
    unindexed: list[str] = ["IsDeleted"] if bound.sobject.soft_delete else []
    for condition in _filters(bound.where):
        field = _own_field(condition)
        if field is None:
            continue
        if not is_indexed(bound.sobject, field):
            unindexed.append(field.name)
        elif _uses_index(condition):
            count = queries.estimate(query, condition, user_id)
            limit = _threshold(rows, custom=field.custom)
            if count <= limit:
                plans.append(_Plan(field.name, count, count / max(limit, 1)))
    notes: list[JSON] = [
        {"description": _UNINDEXED, "fields": [name], "tableEnumOrId": bound.sobject.name}
        for name in dict.fromkeys(unindexed)
    ]
    plans.sort(key=lambda each: (each.cost, each.field or ""))
    written: list[JSON] = [
        {
            "cardinality": each.cardinality,
            "fields": [] if each.field is None else [each.field],
            "leadingOperationType": "TableScan" if each.field is None else "Index",
            "notes": notes,
            "relativeCost": each.cost,
            "sobjectCardinality": rows,
            "sobjectType": bound.sobject.name,
        }
        for each in plans
    ]
    return {"plans": written, "sourceQuery": text}


def _threshold(rows: int, *, custom: bool) -> int:
    """How many rows an index may find and still be worth it."""
    first, further, most = (0.10, 0.05, 333_333) if custom else (0.30, 0.15, _MILLION)
    return min(int(min(rows, _MILLION) * first + max(rows - _MILLION, 0) * further), most)


def _filters(where: plan.Condition | None) -> Iterator[plan.Condition]:
    """The conditions that hold together."""
    if isinstance(where, plan.All):
        for each in where.items:
            yield from _filters(each)
    elif where is not None:
        yield where


def _own_field(condition: plan.Condition) -> Field | None:
    """The field of the object itself that a condition is about."""
    if isinstance(condition, plan.Any | plan.All | plan.Not):
        return None
    term = condition.column
    return term.field if isinstance(term, Column) and term.table == 0 else None


def _uses_index(condition: plan.Condition) -> bool:
    """Whether an index finds the rows: not those without a value, nor what differs, nor a pattern with an open beginning."""
    match condition:
        case plan.Equals(_, _, negated) | plan.OneOf(_, _, _, negated):
            return not negated
        case plan.Compares() | plan.Owned():
            return True
        case plan.Within(_, operator, _):
            return operator != "!="
        case plan.Like(_, pattern):
            return pattern[:1] not in ("%", "_")
        case plan.SemiJoin(_, _, negated):
            return not negated
        case _:
            return False

"""The compiler: from a plan to SQL with parameters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sfmock.schema.model import Field
from sfmock.soql import plan
from sfmock.soql.dates import edge
from sfmock.soql.predicate_sql import (
    Caller,
    Edge,
    Parameter,
    Part,
    comparable,
    condition_sql,
    raw,
    views,
)
from sfmock.store.database import Value
from sfmock.store.fold import fold
from sfmock.store.tables import quote

_NO_LIMIT = -1


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL and its parameters; some of them wait for the clock."""

    sql: str
    parameters: tuple[Parameter, ...]

    def values(self, now: datetime, zone: tzinfo, user_id: str) -> list[Value]:
        """The parameters at this moment, for this user."""
        return [_value(each, now, zone, user_id) for each in self.parameters]


def _value(parameter: Parameter, now: datetime, zone: tzinfo, user_id: str) -> Value:
    if isinstance(parameter, Edge):
        days = parameter.literal
        return edge(days, now, zone, last=parameter.last, datetimes=parameter.datetimes)
    return user_id if isinstance(parameter, Caller) else parameter


@dataclass(frozen=True, slots=True)
class Compiled:
    """The statements of one plan."""

    columns: str
    source: Part
    where: Part
    order: Part
    limit: int | None
    offset: int

    def rows(self, most: int | None = None) -> Statement:
        """The rows in order, at most so many of them."""
        return self._ordered(self.columns, most)

    def ids(self) -> Statement:
        """The ids of all rows in order."""
        return self._ordered('t0."Id"', None)

    def count(self) -> Statement:
        """How many rows there are, up to LIMIT."""
        sql = f"SELECT COUNT(*) FROM (SELECT 1 FROM {self.source.sql}{self.where.sql} LIMIT ?)"
        parameters = (*self.source.parameters, *self.where.parameters, self._most(None))
        return Statement(sql, parameters)

    def page(self, ids: str) -> Statement:
        """The rows of these ids (a JSON list), whatever has become of them, in no order; the id comes first."""
        sql = (
            f'SELECT t0."Id", {self.columns} FROM {self.source.sql}'
            ' WHERE t0."Id" IN (SELECT value FROM json_each(?))'
        )
        return Statement(sql, (*self.source.parameters, ids))

    def _ordered(self, columns: str, most: int | None) -> Statement:
        sql = (
            f"SELECT {columns} FROM {self.source.sql}{self.where.sql}"
            f" ORDER BY {self.order.sql} LIMIT ? OFFSET ?"
        )
        found = (*self.source.parameters, *self.where.parameters, *self.order.parameters)
        return Statement(sql, (*found, self._most(most), self.offset))

    def _most(self, most: int | None) -> int:
        return min((each for each in (self.limit, most) if each is not None), default=_NO_LIMIT)


def compile_plan(bound: plan.Plan, *, all_rows: bool) -> Compiled:
    """The plan as SQL; deleted rows are hidden unless `all_rows`, as parents too: their path is null."""
    tests = [] if bound.where is None else [condition_sql(bound.where)]
    if bound.sobject.soft_delete and not all_rows:
        tests.append(Part('t0."IsDeleted" IS NOT 1'))
    where = " AND ".join(each.inside("AND", first=True) for each in tests)
    columns, order = ", ".join(map(raw, bound.columns)), _order(bound.order)
    return Compiled(
        columns=columns,
        source=_source(bound, f"{columns} {where} {order.sql}", all_rows=all_rows),
        where=Part(
            f" WHERE {where}" if where else "",
            tuple(value for each in tests for value in each.parameters),
        ),
        order=order,
        limit=bound.limit,
        offset=bound.offset or 0,
    )


def _source(bound: plan.Plan, used: str, *, all_rows: bool) -> Part:
    """The tables, and the caller's views of those rows whose dates the SQL in `used` reads."""
    tables = [f"{quote(bound.sobject.name)} t0"]
    for join in bound.joins:
        alive = join.sobject.soft_delete and not all_rows
        tables.append(
            f'LEFT JOIN {quote(join.sobject.name)} t{join.number} ON t{join.number}."Id"'
            f" = t{join.child}.{quote(join.reference.name)}"
            + (f' AND t{join.number}."IsDeleted" IS NOT 1' if alive else "")
        )
    viewed = [n for n in range(len(bound.joins) + 1) if f"{views(n)}.Viewed" in used]
    tables += [
        f'LEFT JOIN sf_recent {views(n)} ON {views(n)}.RecordId = t{n}."Id" AND {views(n)}.UserId = ?'
        for n in viewed
    ]
    return Part(" ".join(tables), (Caller(),) * len(viewed))


def _order(keys: Iterable[plan.Order]) -> Part:
    """The sort keys, ending with the id: Salesforce leaves equal keys open, we do not."""
    parts: list[Part] = []
    for key in keys:
        side = (
            f"{'DESC' if key.descending else 'ASC'} NULLS {'LAST' if key.nulls_last else 'FIRST'}"
        )
        parts.extend(Part(f"{each.sql} {side}", each.parameters) for each in _sort_keys(key.column))
    parts.append(Part('t0."Id"'))
    return Part(
        ", ".join(each.sql for each in parts),
        tuple(value for each in parts for value in each.parameters),
    )


def _sort_keys(column: plan.Column) -> list[Part]:
    text = comparable(column)
    positions = _positions(column.field)
    if not positions:
        return [Part(text)]
    cases = " ".join(f"WHEN ? THEN {position}" for position in range(len(positions)))
    unknown = f"CASE WHEN {text} IS NOT NULL THEN {len(positions)} END"
    return [Part(f"CASE {text} {cases} ELSE {unknown} END", positions), Part(text)]


def _positions(field: Field) -> tuple[str, ...]:
    """Picklist values in sort order, folded: as defined, inactive ones behind."""
    if field.type != "picklist":
        return ()
    ordered = sorted(field.picklist, key=lambda each: not each.active)
    return tuple(dict.fromkeys([fold(each.value) for each in ordered]))

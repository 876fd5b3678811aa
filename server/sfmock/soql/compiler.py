"""The compiler: from a plan to SQL with parameters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sfmock.schema.model import Field
from sfmock.soql import plan
from sfmock.soql.dates import edge
from sfmock.soql.predicate_sql import Edge, Parameter, Part, comparable, condition_sql, raw
from sfmock.store.database import Value
from sfmock.store.fold import fold
from sfmock.store.tables import quote

_NO_LIMIT = -1


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL and its parameters; some of them wait for the clock."""

    sql: str
    parameters: tuple[Parameter, ...]

    def values(self, now: datetime, zone: tzinfo) -> list[Value]:
        """The parameters at this moment, in this user's time zone."""
        return [
            edge(each.literal, now, zone, last=each.last, datetimes=each.datetimes)
            if isinstance(each, Edge)
            else each
            for each in self.parameters
        ]


@dataclass(frozen=True, slots=True)
class Compiled:
    """The statements of one plan."""

    columns: str
    source: str
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
        sql = f"SELECT COUNT(*) FROM (SELECT 1 FROM {self.source}{self.where.sql} LIMIT ?)"
        return Statement(sql, (*self.where.parameters, self._most(None)))

    def page(self, ids: str) -> Statement:
        """The rows of these ids (a JSON list), whatever has become of them, in no order; the id comes first."""
        sql = (
            f'SELECT t0."Id", {self.columns} FROM {self.source}'
            ' WHERE t0."Id" IN (SELECT value FROM json_each(?))'
        )
        return Statement(sql, (ids,))

    def _ordered(self, columns: str, most: int | None) -> Statement:
        sql = (
            f"SELECT {columns} FROM {self.source}{self.where.sql}"
            f" ORDER BY {self.order.sql} LIMIT ? OFFSET ?"
        )
        parameters = (*self.where.parameters, *self.order.parameters, self._most(most), self.offset)
        return Statement(sql, parameters)

    def _most(self, most: int | None) -> int:
        return min((each for each in (self.limit, most) if each is not None), default=_NO_LIMIT)


def compile_plan(bound: plan.Plan, *, all_rows: bool) -> Compiled:
    """The plan as SQL; deleted rows are hidden unless `all_rows`, as parents too: their path is null."""
    tests = [] if bound.where is None else [condition_sql(bound.where)]
    if bound.sobject.soft_delete and not all_rows:
        tests.append(Part('t0."IsDeleted" IS NOT 1'))
    where = " AND ".join(each.inside("AND", first=True) for each in tests)
    return Compiled(
        columns=", ".join(map(raw, bound.columns)),
        source=_source(bound, all_rows=all_rows),
        where=Part(
            f" WHERE {where}" if where else "",
            tuple(value for each in tests for value in each.parameters),
        ),
        order=_order(bound.order),
        limit=bound.limit,
        offset=bound.offset or 0,
    )


def _source(bound: plan.Plan, *, all_rows: bool) -> str:
    tables = [f"{quote(bound.sobject.name)} t0"]
    for join in bound.joins:
        alive = join.sobject.soft_delete and not all_rows
        tables.append(
            f'LEFT JOIN {quote(join.sobject.name)} t{join.number} ON t{join.number}."Id"'
            f" = t{join.child}.{quote(join.reference.name)}"
            + (f' AND t{join.number}."IsDeleted" IS NOT 1' if alive else "")
        )
    return " ".join(tables)


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

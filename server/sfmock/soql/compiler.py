"""The compiler: from a plan to SQL with parameters."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sfmock.schema.model import Field, SObject
from sfmock.soql import plan
from sfmock.soql.dates import edge
from sfmock.soql.predicate_sql import Predicates
from sfmock.soql.term_sql import (
    Caller,
    Edge,
    Parameter,
    Part,
    Terms,
    Zone,
    bound,
    compose,
    joined,
    views,
)
from sfmock.soql.terms import same
from sfmock.store.database import Value
from sfmock.store.tables import quote, shadow

_NO_LIMIT = -1
_FOREVER = 2**62


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
    if isinstance(parameter, Zone):
        return str(zone)
    return user_id if isinstance(parameter, Caller) else parameter


@dataclass(frozen=True, slots=True)
class Compiled:
    """The statements of one plan."""

    columns: tuple[Part, ...]
    source: Part
    where: Part
    order: Part
    ordered: Part
    """All rows with their columns, in order."""
    limit: int | None
    offset: int

    def rows(self, most: int | None = None) -> Statement:
        """The rows in order, at most so many of them."""
        return self._limited(self.ordered, most)

    def ids(self) -> Statement:
        """The ids of all rows in order."""
        return self._limited(_ordered(Part('t0."Id"'), self.source, self.where, self.order), None)

    def count(self) -> Statement:
        """How many rows there are, up to LIMIT."""
        sql = f"SELECT COUNT(*) FROM (SELECT 1 FROM {self.source.sql}{self.where.sql} LIMIT ?)"
        parameters = (*self.source.parameters, *self.where.parameters, self._most(None))
        return Statement(sql, parameters)

    def page(self, ids: str) -> Statement:
        """The rows of these ids (a JSON list), whatever has become of them, in no order."""
        return _statement(
            compose(
                'SELECT {} FROM {} WHERE t0."Id" IN (SELECT value FROM json_each({}))',
                joined(self.columns), self.source, bound(ids),
            )
        )  # fmt: skip

    def of_parents(self, reference: Field, parents: str) -> Statement:
        """The rows that point to these parents (a JSON list), each parent's in order; behind its columns stands the parent's place."""
        own = Part(f"t0.{quote(reference.name)} = j.value")
        where = compose("{} AND {}" if self.where.sql else "{} WHERE {}", self.where, own)
        source = compose("json_each({}) j CROSS JOIN {}", bound(parents), self.source)
        if self.limit is None and not self.offset:
            return _statement(
                _ordered(joined((*self.columns, Part("j.key"))), source, where, self.order)
            )
        named = [compose(f"{{}} AS c{place}", each) for place, each in enumerate(self.columns)]
        numbered = compose("ROW_NUMBER() OVER (PARTITION BY j.key ORDER BY {}) AS n", self.order)
        columns = joined((*named, Part("j.key AS p"), numbered))
        inner = compose("SELECT {} FROM {}{}", columns, source, where)
        names = ", ".join(f"c{place}" for place in range(len(named)))
        last = bound(_FOREVER if self.limit is None else self.offset + self.limit)
        return _statement(
            compose(
                f"SELECT {names}, p FROM ({{}}) WHERE n > {{}} AND n <= {{}} ORDER BY n",
                inner, bound(self.offset), last,
            )
        )  # fmt: skip

    def _limited(self, ordered: Part, most: int | None) -> Statement:
        parameters = (*ordered.parameters, self._most(most), self.offset)
        return Statement(f"{ordered.sql} LIMIT ? OFFSET ?", parameters)

    def _most(self, most: int | None) -> int:
        return min((each for each in (self.limit, most) if each is not None), default=_NO_LIMIT)


def _ordered(columns: Part, source: Part, where: Part, order: Part) -> Part:
    return compose("SELECT {} FROM {}{} ORDER BY {}", columns, source, where, order)


def _statement(part: Part) -> Statement:
    return Statement(part.sql, part.parameters)


@dataclass(frozen=True, slots=True)
class CompiledGroups:
    """The statement of an aggregate query, without its LIMIT and OFFSET."""

    statement: Part
    some: Part
    """Whether there is any row to group."""
    limit: int | None
    offset: int
    weeks: bool

    def rows(self, most: int) -> Statement:
        """The groups in order, at most so many of them."""
        limit = most if self.limit is None else min(self.limit, most)
        parameters = (*self.statement.parameters, limit, self.offset)
        return Statement(f"{self.statement.sql} LIMIT ? OFFSET ?", parameters)

    def any_row(self) -> Statement:
        """One row where there is any."""
        return _statement(self.some)


def compile_plan(query: plan.Plan, *, all_rows: bool, present: Container[str] = ()) -> Compiled:
    """The plan as SQL; deleted rows are hidden unless `all_rows`, as parents too: their path is null.

    `present` names the sobjects that have a table, of those that a polymorphic reference may point to.
    """
    return _Compiler(Terms(all_rows=all_rows, present=present)).write(query)


def compile_groups(
    query: plan.Plan, groups: plan.Groups, *, all_rows: bool, present: Container[str] = ()
) -> CompiledGroups:
    """An aggregate query as SQL, one SELECT for each kind of total."""
    return _Compiler(Terms(all_rows=all_rows, present=present)).groups(query, groups)


class _Compiler:
    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._predicates = Predicates(terms, self._inner)

    def write(self, query: plan.Plan) -> Compiled:
        where = self._where(query.where, query.sobject, 0)
        columns = tuple(self._terms.raw(each) for each in query.columns)
        listed, order = joined(columns), self._order(query.order)
        used = f"{listed.sql} {where.sql} {order.sql}"
        source = self._source(query.sobject, 0, query.joins, used)
        return Compiled(
            columns=columns,
            source=source,
            where=where,
            order=order,
            ordered=_ordered(listed, source, where, order),
            limit=query.limit,
            offset=query.offset or 0,
        )

    def groups(self, query: plan.Plan, groups: plan.Groups) -> CompiledGroups:
        """All kinds of totals together, in order: by the sort keys, then by what is grouped, then details before totals."""
        where = self._where(query.where, query.sobject, 0)
        sides = [*map(_side, query.order)]
        totals: list[Part] = []
        for number, rolled in enumerate(groups.sets):
            terms = self._terms.rolling(groups.items, rolled)
            keys: list[tuple[Part, str]] = []
            for key in (*query.order, *(plan.Order(each, False, False) for each in groups.items)):
                keys += [(each, _side(key)) for each in self._sort_keys(terms, key.column)]
            sides = [side for _, side in keys]
            shown = [self._shown(terms, groups, each) for each in query.columns]
            columns = [compose(f"{{}} AS c{place}", each) for place, each in enumerate(shown)]
            columns += [compose(f"{{}} AS s{place}", each) for place, (each, _) in enumerate(keys)]
            grouped = self._group_by(terms, groups, rolled)
            columns_sql = joined([*columns, Part(f"{number} AS n")])
            source = self._source(
                query.sobject, 0, query.joins, f"{columns_sql.sql} {where.sql} {grouped.sql}"
            )
            totals.append(compose("SELECT {} FROM {}{}{}", columns_sql, source, where, grouped))
        order = ", ".join([*(f"s{place} {side}" for place, side in enumerate(sides)), "n"])
        names = ", ".join(f"c{place}" for place in range(len(query.columns)))
        union = compose(" UNION ALL ".join("{}" for _ in totals), *totals)
        source = self._source(query.sobject, 0, query.joins, where.sql)
        return CompiledGroups(
            compose(f"SELECT {names} FROM ({{}}) ORDER BY {order}", union),
            compose("SELECT 1 FROM {}{} LIMIT 1", source, where),
            query.limit,
            query.offset or 0,
            union.weeks,
        )

    def _shown(self, terms: Terms, groups: plan.Groups, term: plan.Term) -> Part:
        """A column of a group; of texts that differ only in case one is shown, always the same."""
        if not any(same(term, each) for each in groups.items):
            return terms.raw(term)
        if term.field.type == "boolean":  # without a parent it counts as false
            return terms.comparable(term)
        return compose("MIN({})" if shadow(term.field) else "{}", terms.raw(term))

    def _group_by(self, terms: Terms, groups: plan.Groups, rolled: tuple[bool, ...]) -> Part:
        kept = [each for each, rolls in zip(groups.items, rolled, strict=True) if not rolls]
        keys = joined([self._terms.exact(each) for each in kept])
        if groups.items and not kept:
            keys = Part("'all'")  # one group, and none where there are no rows
        tests: list[Part] = []
        if groups.having is not None:
            tests.append(Predicates(terms, self._inner).write(groups.having))
        having = " AND ".join(each.inside("AND", first=True) for each in tests)
        parameters = tuple(value for each in tests for value in each.parameters)
        written = Part(f" HAVING {having}" if having else "", parameters)
        return compose(" GROUP BY {}{}" if groups.items else "{}{}", keys, written)

    def _inner(self, inner: plan.Inner) -> Part:
        """The query of a semi-join; what it finds has no null, which would make NOT IN unknown."""
        column = self._terms.raw(inner.column)
        where = self._where(inner.where, inner.sobject, inner.number)
        some = compose("{} IS NOT NULL", column)
        where = compose("{} AND {}", where, some) if where.sql else compose(" WHERE {}", some)
        source = self._source(inner.sobject, inner.number, inner.joins, f"{column.sql} {where.sql}")
        return compose("SELECT {} FROM {}{}", column, source, where)

    def _where(self, where: plan.Condition | None, sobject: SObject, number: int) -> Part:
        tests = [] if where is None else [self._predicates.write(where)]
        alive = self._terms.alive(sobject, f"t{number}")
        if alive:
            tests.append(Part(alive))
        written = " AND ".join(each.inside("AND", first=True) for each in tests)
        parameters = tuple(value for each in tests for value in each.parameters)
        return Part(f" WHERE {written}" if written else "", parameters)

    def _source(self, sobject: SObject, number: int, joins: Iterable[plan.Join], used: str) -> Part:
        """The tables, and the caller's views of those rows whose dates the SQL in `used` reads."""
        tables = [f"{quote(sobject.name)} t{number}"]
        numbers = [number]
        for join in joins:
            alive = self._terms.alive(join.sobject, f"t{join.number}")
            numbers.append(join.number)
            tables.append(
                f'LEFT JOIN {quote(join.sobject.name)} t{join.number} ON t{join.number}."Id"'
                f" = t{join.child}.{quote(join.reference.name)}"
                + (f" AND {alive}" if alive else "")
            )
        viewed = [each for each in numbers if f"{views(each)}.Viewed" in used]
        tables += [
            f'LEFT JOIN sf_recent {views(n)} ON {views(n)}.RecordId = t{n}."Id" AND {views(n)}.UserId = ?'
            for n in viewed
        ]
        return Part(" ".join(tables), (Caller(),) * len(viewed))

    def _order(self, keys: Iterable[plan.Order]) -> Part:
        """The sort keys, ending with the id: Salesforce leaves equal keys open, we do not."""
        parts: list[Part] = []
        for key in keys:
            found = self._sort_keys(self._terms, key.column)
            parts.extend(compose(f"{{}} {_side(key)}", each) for each in found)
        parts.append(Part('t0."Id"'))
        return joined(parts)

    def _sort_keys(self, terms: Terms, term: plan.Term) -> list[Part]:
        text = terms.comparable(term)
        ranked = terms.positions(term.field, text)
        return [text] if ranked is None else [ranked, text]


def _side(key: plan.Order) -> str:
    return f"{'DESC' if key.descending else 'ASC'} NULLS {'LAST' if key.nulls_last else 'FIRST'}"

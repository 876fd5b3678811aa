"""Queries: plans by their text, results as pages of JSON or as records."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sfmock import errors
from sfmock.clock import Clock
from sfmock.org import locators, recent
from sfmock.org.fieldlist import FieldList
from sfmock.org.locators import Locators
from sfmock.org.prepared import Call, Prepared
from sfmock.org.preparing import Preparing
from sfmock.org.query_records import record
from sfmock.org.record import Record
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import Field, SObject
from sfmock.soql import geography, nodes
from sfmock.soql.binder import bind
from sfmock.soql.compiler import CompiledGroups, Statement
from sfmock.soql.errors import TOO_COMPLICATED, TOO_MANY_GROUPS
from sfmock.soql.plan import All, Column, Condition, OneOf, Plan
from sfmock.soql.shape import Nested, Reader, Row, RowFunction
from sfmock.soql.virtual import is_virtual
from sfmock.store.database import Database, Value
from sfmock.store.fold import fold
from sfmock.store.tables import Tables
from sfmock.versions import NEWEST, Version

DDL = (*locators.DDL, *recent.DDL)

DEFAULT_BATCH = 2000
SMALLEST_BATCH = 200
_BUDGET = 200_000_000
"""Steps of SQLite's machine: several seconds, the fake's 120 s."""
_TOO_COMPLICATED = (
    "parser stack overflow",
    "Expression tree is too large",
    "too many SQL variables",
    "too many columns",
    "too many terms",
    "query string is too large",
)
"""What SQLite says where one of its bounds is met."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of results: `records` is the JSON list, `next_locator` what comes after `/query/` in nextRecordsUrl."""

    total: int
    done: bool
    next_locator: str | None
    records: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows of one object in a search."""

    prepared: Prepared
    rows: Sequence[Row]
    user_id: str


class Queries:
    """SOQL over one org's database, as a user."""

    def __init__(
        self,
        db: Database,
        tables: Tables,
        *,
        clock: Clock,
        catalogue: Callable[[], Catalogue],
        pod: str,
        budget: int = _BUDGET,
        viewed: Callable[[SObject, str, str], None] | None = None,
    ) -> None:
        self._db = db
        self._clock = clock
        self._catalogue = catalogue
        self._budget = budget
        self._viewed = viewed or _forget
        """Makes a row a user's most recent one."""
        self._preparing = Preparing(db, tables, catalogue, pod)
        self._locators = Locators(db, clock=clock, pod=pod)
        db.function("sf_distance", 5, geography.distance)
        db.function("sf_local", 2, geography.local)
        db.function("sf_fold", 1, lambda text: None if text is None else fold(str(text)))

    def page(
        self,
        text: str,
        *,
        user_id: str,
        version: Version,
        batch_size: int = DEFAULT_BATCH,
        all_rows: bool = False,
        exactly: int | None = None,
    ) -> Page:
        """The first page of a query; further ones wait under `next_locator`. `exactly`: its size, where a fault says so."""
        with self._db.lock:
            query = self._preparing.text(text, user_id, version, all_rows=all_rows)
            write = self._preparing.writer(query, user_id)
            if write is None:
                return Page(self._count(query, user_id), True, None, "[]")
            if query.groups is not None:
                found = self._groups(query, query.groups, user_id)
                records = f"[{','.join(map(write, found))}]"
                return Page(len(found), True, None, records)
            usual = _batch_size(batch_size, query.plan)
            size = usual if exactly is None or query.plan.offset is not None else exactly
            now = self._clock.now  # for both statements: midnight may lie between them
            rows = self._rows(query, query.compiled.rows(size + 1), user_id, now)
            call = Call(user_id, now, version, size, all_rows=all_rows)
            records = self._json(query, write, rows[:size], call)
            if len(rows) <= size:
                return Page(len(rows), True, None, records)
            if is_virtual(query.plan):
                raise errors.refuse(f"more than {size} rows of {query.plan.sobject.name}")
            if query.plan.offset is not None:
                # Only the first batch is returned where OFFSET is used (soql.md 9): it is the whole result.
                return Page(size, True, None, records)
            locator = self._locators.add(
                text,
                [str(row[0]) for row in self._rows(query, query.compiled.ids(), user_id, now)],
                user_id=user_id,
                all_rows=all_rows,
                batch_size=usual,
            )
            return Page(locator.total, False, self._locators.write(locator, size), records)

    def more(
        self,
        locator: str,
        *,
        user_id: str,
        version: Version,
        batch_size: int | None = None,
        exactly: int | None = None,
    ) -> Page:
        """The page that a locator stands for; raises INVALID_QUERY_LOCATOR for one that is not this user's."""
        with self._db.lock:
            found, start = self._locators.find(locator, user_id)
            query = self._preparing.text(
                found.text, user_id, version, all_rows=found.all_rows, known=True
            )
            write = self._preparing.writer(query, user_id)
            if write is None:
                raise errors.INVALID_QUERY_LOCATOR()
            size = found.batch_size
            if batch_size is not None:
                size = _batch_size(batch_size, query.plan)
            size = size if exactly is None else exactly
            wanted = found.page(start, size)
            statement = query.compiled.page(json.dumps(wanted))
            present = {row[0]: row[1:] for row in self._rows(query, statement, user_id)}
            rows = [present[each] for each in wanted if each in present]  # purged rows are skipped
            end = start + size
            following = None if end >= found.total else self._locators.write(found, end)
            call = Call(user_id, self._clock.now, version, size, all_rows=found.all_rows)
            records = self._json(query, write, rows, call)
            return Page(found.total, following is None, following, records)

    def estimate(self, query: Prepared, where: Condition | None, user_id: str) -> int:
        """How many rows of a query's object meet a condition of it."""
        bound = replace(
            query.plan, where=where, columns=(), tree=None, groups=None,
            order=(), children=(), limit=None, offset=None,
        )  # fmt: skip
        with self._db.lock:
            return self._count(self._preparing.plan(bound, user_id, Version(NEWEST)), user_id)

    def forget(self, locator: str) -> None:
        """Lose a locator: no page behind it can be read any more."""
        self._locators.forget(locator)

    def fetch(self, text: str, *, user_id: str, all_rows: bool = False) -> int | list[Record]:
        """All records of a query at once, or the number for `SELECT COUNT()`."""
        with self._db.lock:
            query = self._preparing.text(text, user_id, Version(NEWEST), all_rows=all_rows)
            tree = query.plan.tree
            if tree is None:
                return self._count(query, user_id)
            if query.groups is not None:
                rows = self._groups(query, query.groups, user_id)
            else:
                rows = self._rows(query, query.compiled.rows(), user_id)
                self._view(query, rows, user_id)
            call = Call(user_id, self._clock.now, Version(NEWEST), DEFAULT_BATCH, all_rows=all_rows)
            return [record(self._db, each) for each in self._nested(query, rows, call)]

    def prepared(
        self, text: str, *, user_id: str, version: Version, all_rows: bool = False
    ) -> Prepared:
        """A query as it would be run."""
        return self._preparing.text(text, user_id, version, all_rows=all_rows)

    def row(
        self, sobject: SObject, record_id: str, fields: FieldList, *, user_id: str, version: Version
    ) -> str:
        """Some fields of one live row and of its parents, as the JSON text that a query has for it."""
        with self._db.lock:
            catalogue = self._catalogue()
            plan = bind(fields.text, _select(sobject, record_id, fields), catalogue)
            query = self._preparing.plan(plan, user_id, version)
            rows = self._rows(query, query.compiled.rows(), user_id)
            write = self._preparing.writer(query, user_id)
            if write is None or not rows:
                raise errors.NOT_FOUND()
            return write(rows[0])

    def children(
        self,
        child: SObject,
        reference: Field,
        parent_id: str,
        fields: FieldList | None,
        *,
        user_id: str,
        version: Version,
        batch_size: int | None,
    ) -> Page:
        """The first page of the rows whose reference holds an id: all their fields, or the listed ones."""
        if fields is not None:
            # An unknown name is wrong at its place in the list, not in our query.
            bind(fields.text, _select(child, parent_id, fields), self._catalogue())
            names = [".".join(each.parts) for each in fields.paths]
        else:
            names = [each.name for each in child.fields]
        text = f"SELECT {', '.join(names)} FROM {child.name} WHERE {reference.name} = '{parent_id}'"
        return self.page(
            text,
            user_id=user_id,
            version=version,
            batch_size=DEFAULT_BATCH if batch_size is None else batch_size,
        )

    def chosen(
        self, text: str, query: nodes.Query, found: list[str], *, user_id: str, version: Version
    ) -> Chosen:
        """The rows of a query among the ones that a search found (their ids)."""
        plan = bind(text, query, self._catalogue(), levels=1, searching=True)
        own = plan.sobject.find("Id")
        assert own is not None, "every sobject that is queried has an Id"
        among = OneOf(Column(0, own), tuple(found), null=False, negated=False)
        where: Condition = among if plan.where is None else All((among, plan.where))
        prepared = self._preparing.plan(replace(plan, where=where), user_id, version)
        rows = self._rows(prepared, prepared.compiled.rows(), user_id) if found else []
        return Chosen(prepared, rows, user_id)

    def written(self, chosen: Chosen, count: int) -> list[str]:
        """The first rows of a search's part as JSON texts."""
        write = self._preparing.writer(chosen.prepared, chosen.user_id)
        assert write is not None, "COUNT() is no part of a search"
        return [write(row) for row in chosen.rows[:count]]

    def read(self, chosen: Chosen, count: int) -> list[Record]:
        """The same for Python code."""
        tree, reader = chosen.prepared.plan.tree, Reader(chosen.prepared.zone)
        assert tree is not None, "COUNT() is no part of a search"
        return [record(self._db, reader.record(tree, row)) for row in chosen.rows[:count]]

    def _rows(
        self, query: Prepared, statement: Statement, user_id: str, now: datetime | None = None
    ) -> list[tuple[Value, ...]]:
        values = statement.values(now or self._clock.now, query.zone, user_id)
        try:
            return self._db.bounded_rows(statement.sql, values, self._budget)
        except TimeoutError:
            raise errors.QUERY_TIMEOUT() from None
        except (sqlite3.OperationalError, sqlite3.DataError) as error:
            if any(each in str(error) for each in _TOO_COMPLICATED):
                raise TOO_COMPLICATED() from error
            raise

    def _groups(
        self, query: Prepared, groups: CompiledGroups, user_id: str
    ) -> list[tuple[Value, ...]]:
        """The groups of an aggregate query, which has no second page."""
        rows = self._rows(query, groups.rows(DEFAULT_BATCH + 1), user_id)
        if len(rows) > DEFAULT_BATCH:
            raise TOO_MANY_GROUPS()
        totals = query.plan.groups is not None and query.plan.groups.totals
        if totals and not rows and not self._rows(query, groups.any_row(), user_id):
            raise errors.refuse(f"SOQL GROUP BY {totals} where there are no rows")
        return rows

    def _json(self, query: Prepared, write: RowFunction, rows: Sequence[Row], call: Call) -> str:
        """The JSON list of some rows, each with its children; FOR VIEW makes them the caller's most recent ones."""
        self._view(query, rows, call.user_id)
        if not query.children or not rows:
            return f"[{','.join(map(write, rows))}]"
        kin = [
            self._child_texts(query, number, rows, call) for number in range(len(query.children))
        ]
        records = (write(row, tuple(each.get(row[0], "null") for each in kin)) for row in rows)
        return f"[{','.join(records)}]"

    def _view(self, query: Prepared, rows: Sequence[Row], user_id: str) -> None:
        if query.plan.viewed:
            for row in rows:
                self._viewed(query.plan.sobject, str(row[0]), user_id)

    def _child_texts(
        self, query: Prepared, number: int, rows: Sequence[Row], call: Call
    ) -> dict[Value, str]:
        """One sub-query's results for all of these parents, as JSON by the parents' ids."""
        prepared, text = query.children[number], query.plan.children[number].text
        write = self._preparing.writer(prepared, call.user_id)
        assert write is not None, "COUNT() is no sub-query"
        texts: dict[Value, str] = {}
        for parent, found in self._families(query, number, rows, call).items():
            more = ""
            if len(found) > call.size:
                ids = [str(row[0]) for row in found]
                locator = self._locators.add(
                    text, ids, user_id=call.user_id, all_rows=call.all_rows, batch_size=call.size
                )
                after = self._locators.write(locator, call.size)
                more = f'"nextRecordsUrl":"{call.version.root}/query/{after}",'
            records = self._json(prepared, write, found[: call.size], call)
            done = "false" if more else "true"
            texts[parent] = f'{{"totalSize":{len(found)},"done":{done},{more}"records":{records}}}'
        return texts

    def _families(
        self, query: Prepared, number: int, rows: Sequence[Row], call: Call
    ) -> dict[Value, list[Row]]:
        """The rows that one sub-query finds for these parents, by the parents' ids."""
        prepared, children = query.children[number], query.plan.children[number]
        parents = json.dumps([row[0] for row in rows])
        statement = prepared.compiled.of_parents(children.reference, parents)
        found: dict[Value, list[Row]] = {}
        for row in self._rows(prepared, statement, call.user_id, call.now):
            found.setdefault(row[0], []).append(row[1:])
        return found

    def _nested(self, query: Prepared, rows: Sequence[Row], call: Call) -> list[Nested]:
        """The same rows for Python code."""
        tree = query.plan.tree
        assert tree is not None, "COUNT() has no rows"
        reader = Reader(query.zone)
        kin: list[dict[Value, list[Nested]]] = []
        for number, prepared in enumerate(query.children if rows else ()):
            families = self._families(query, number, rows, call)
            kin.append(
                {key: self._nested(prepared, found, call) for key, found in families.items()}
            )
        return [reader.record(tree, row, [each.get(row[0], []) for each in kin]) for row in rows]

    def _count(self, query: Prepared, user_id: str) -> int:
        count = self._rows(query, query.compiled.count(), user_id)[0][0]
        return count if isinstance(count, int) else 0


def _select(sobject: SObject, record_id: str, fields: FieldList) -> nodes.Query:
    """The query for some fields of one row; its places are those of the field list."""
    return nodes.Query(
        select=tuple(nodes.Selected(each, None) for each in fields.paths),
        sources=(nodes.Source(nodes.Path((sobject.name,), 0), None),),
        where=nodes.Comparison(nodes.Path(("Id",), 0), "=", nodes.Text(record_id)),
    )


def _forget(sobject: SObject, record_id: str, user_id: str) -> None:
    """Where nobody keeps what users view."""


def _batch_size(asked: int, plan: Plan) -> int:
    """The page size: 200 to 2,000, and 200 where two custom long texts are selected (soql.md 12)."""
    long_texts = sum(
        1
        for column in plan.columns
        if column.field.custom and column.field.type == "textarea" and column.field.length > 255
    )
    if long_texts > 1:
        return SMALLEST_BATCH
    return min(max(asked, SMALLEST_BATCH), DEFAULT_BATCH)

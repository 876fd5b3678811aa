"""Queries: plans by their text, results as pages of JSON or as records."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TypeAlias, TypeVar

from sfmock import errors
from sfmock.clock import Clock
from sfmock.org import locators, recent
from sfmock.org.fieldlist import FieldList
from sfmock.org.locators import Locators
from sfmock.org.paging import DEFAULT_BATCH, Page, Paging, size_of
from sfmock.org.prepared import Call, Prepared
from sfmock.org.preparing import Preparing
from sfmock.org.query_records import record
from sfmock.org.query_rows import QueryRows
from sfmock.org.record import Record
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import Field, SObject
from sfmock.soql import geography, nodes
from sfmock.soql.binder import bind
from sfmock.soql.errors import NO_MORE_ROWS
from sfmock.soql.plan import All, Column, Condition, OneOf
from sfmock.soql.shape import ChildPage, Nested, Reader, Row
from sfmock.soql.virtual import is_virtual
from sfmock.store.database import Database
from sfmock.store.fold import fold
from sfmock.store.tables import Tables
from sfmock.versions import NEWEST, Version

DDL = (*locators.DDL, *recent.DDL)

_BUDGET = 200_000_000
"""Steps of SQLite's machine: several seconds, the fake's 120 s."""

_T = TypeVar("_T")
Form: TypeAlias = Callable[[Prepared, Sequence[Row], Call], _T]
"""Makes the rows of one page what its reply holds."""
Records: TypeAlias = Sequence[Nested]


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
        self._rows = QueryRows(db, clock, budget)
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
    ) -> Page[str]:
        """The first page of a query as JSON; further ones wait under `next_locator`."""
        paging = Paging(user_id, version, batch_size, exactly)
        return self._first(text, paging, self._json, "[]", all_rows=all_rows)

    def more(
        self,
        locator: str,
        *,
        user_id: str,
        version: Version,
        batch_size: int | None = None,
        exactly: int | None = None,
    ) -> Page[str]:
        """The page that a locator stands for; raises INVALID_QUERY_LOCATOR for one that is not this user's."""
        return self._next(locator, Paging(user_id, version, batch_size, exactly), self._json)

    def record_page(self, text: str, paging: Paging, *, all_rows: bool = False) -> Page[Records]:
        """The first page of a query as records, the children of each as pages of their own."""
        return self._first(text, paging, self._records, (), all_rows=all_rows)

    def more_records(self, locator: str, paging: Paging) -> Page[Records]:
        """The page that a locator stands for, as records."""
        return self._next(locator, paging, self._records)

    def estimate(self, query: Prepared, where: Condition | None, user_id: str) -> int:
        """How many rows of a query's object meet a condition of it."""
        bound = replace(
            query.plan, where=where, columns=(), tree=None, groups=None,
            order=(), children=(), limit=None, offset=None,
        )  # fmt: skip
        with self._db.lock:
            return self._rows.count(self._preparing.plan(bound, user_id, Version(NEWEST)), user_id)

    def forget(self, locator: str) -> None:
        """Lose a locator: no page behind it can be read any more."""
        self._locators.forget(locator)

    def fetch(self, text: str, *, user_id: str, all_rows: bool = False) -> int | list[Record]:
        """All records of a query at once, or the number for `SELECT COUNT()`."""
        with self._db.lock:
            query = self._preparing.text(text, user_id, Version(NEWEST), all_rows=all_rows)
            if query.plan.tree is None:
                return self._rows.count(query, user_id)
            if query.groups is not None:
                rows = self._rows.groups(query, query.groups, user_id, DEFAULT_BATCH)
            else:
                rows = self._rows.find(query, query.compiled.rows(), user_id)
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
            rows = self._rows.find(query, query.compiled.rows(), user_id)
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
    ) -> Page[str]:
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
        rows = self._rows.find(prepared, prepared.compiled.rows(), user_id) if found else []
        return Chosen(prepared, rows, user_id)

    def written(self, chosen: Chosen, beside: Sequence[Mapping[str, str]]) -> list[str]:
        """The first rows of a search's part as JSON texts, each with what is shown beside its fields."""
        write = self._preparing.writer(chosen.prepared, chosen.user_id)
        assert write is not None, "COUNT() is no part of a search"
        pairs = zip(map(write, chosen.rows), beside, strict=False)
        return [f"{text[:-1]},{_json(more)[1:]}" if more else text for text, more in pairs]

    def read(self, chosen: Chosen, beside: Sequence[Mapping[str, str]]) -> list[Record]:
        """The same for Python code."""
        tree, reader = chosen.prepared.plan.tree, Reader(chosen.prepared.zone)
        assert tree is not None, "COUNT() is no part of a search"
        pairs = zip(chosen.rows, beside, strict=False)
        rows = [(reader.record(tree, row), more) for row, more in pairs]
        return [
            record(self._db, replace(each, items={**each.items, **more})) for each, more in rows
        ]

    def _first(
        self, text: str, paging: Paging, form: Form[_T], none: _T, *, all_rows: bool
    ) -> Page[_T]:
        user_id, exactly = paging.user_id, paging.exactly
        with self._db.lock:
            query = self._preparing.text(text, user_id, paging.version, all_rows=all_rows)
            now = self._clock.now  # for both statements: midnight may lie between them
            if query.plan.tree is None:
                return Page(self._rows.count(query, user_id), None, none)
            if query.groups is not None:
                found = self._rows.groups(query, query.groups, user_id, DEFAULT_BATCH)
                call = Call(user_id, now, paging.version, DEFAULT_BATCH, all_rows)
                return Page(len(found), None, form(query, found, call))
            usual = size_of(paging.batch_size, query.plan)
            size = usual if exactly is None or query.plan.offset is not None else exactly
            rows = self._rows.find(query, query.compiled.rows(size + 1), user_id, now)
            call = Call(user_id, now, paging.version, size, all_rows)
            self._view(query, rows[:size], user_id)
            records = form(query, rows[:size], call)
            if len(rows) <= size:
                return Page(len(rows), None, records)
            if is_virtual(query.plan):
                raise NO_MORE_ROWS(sobject=query.plan.sobject.name)
            if query.plan.offset is not None:
                # Only the first batch is returned where OFFSET is used (soql.md 9): it is the whole result.
                return Page(size, None, records)
            locator = self._locators.add(
                text,
                [str(row[0]) for row in self._rows.find(query, query.compiled.ids(), user_id, now)],
                user_id=user_id,
                all_rows=all_rows,
                batch_size=usual,
            )
            return Page(locator.total, self._locators.write(locator, size), records)

    def _next(self, text: str, paging: Paging, form: Form[_T]) -> Page[_T]:
        user_id, version = paging.user_id, paging.version
        with self._db.lock:
            found, start = self._locators.find(text, user_id)
            query = self._preparing.text(
                found.text, user_id, version, all_rows=found.all_rows, known=True
            )
            if query.plan.tree is None:
                raise errors.INVALID_QUERY_LOCATOR()
            size = found.batch_size
            if paging.batch_size is not None:
                size = size_of(paging.batch_size, query.plan)
            size = size if paging.exactly is None else paging.exactly
            wanted = found.page(start, size)
            statement = query.compiled.page(json.dumps(wanted))
            present = {row[0]: row for row in self._rows.find(query, statement, user_id)}
            rows = [present[each] for each in wanted if each in present]  # purged rows are skipped
            end = start + size
            following = None if end >= found.total else self._locators.write(found, end)
            call = Call(user_id, self._clock.now, version, size, found.all_rows)
            self._view(query, rows, user_id)
            return Page(found.total, following, form(query, rows, call))

    def _view(self, query: Prepared, rows: Sequence[Row], user_id: str) -> None:
        """FOR VIEW makes rows the caller's most recent ones."""
        if query.plan.viewed:
            for row in rows:
                self._viewed(query.plan.sobject, str(row[0]), user_id)

    def _json(self, query: Prepared, rows: Sequence[Row], call: Call) -> str:
        """The JSON list of some rows, each with its children."""
        return f"[{','.join(self._texts(query, rows, call))}]"

    def _texts(self, query: Prepared, rows: Sequence[Row], call: Call) -> Iterable[str]:
        """Some rows as JSON, each with its children."""
        write = self._preparing.writer(query, call.user_id)
        assert write is not None, "COUNT() has no rows"
        if not query.children or not rows:
            return map(write, rows)
        kin = [
            self._child_texts(query, number, rows, call) for number in range(len(query.children))
        ]
        return map(write, rows, zip(*kin, strict=True))

    def _child_texts(
        self, query: Prepared, number: int, rows: Sequence[Row], call: Call
    ) -> list[str]:
        """One sub-query's results for each of these parents, as JSON; their rows are read and written at once."""
        size, texts = call.size, list[str]()
        families = self._rows.families(query, number, rows, call)
        shown = [row for found in families for row in found[:size]]
        written = iter(self._texts(query.children[number], shown, call))
        for found in families:
            if not found:
                texts.append("null")
                continue
            count, done = len(found), "true"
            if count > size:
                after = self._locator(query.plan.children[number].text, found, call)
                done = f'false,"nextRecordsUrl":"{call.version.root}/query/{after}"'
            records = ",".join(islice(written, min(count, size)))
            texts.append(f'{{"totalSize":{count},"done":{done},"records":[{records}]}}')
        return texts

    def _records(self, query: Prepared, rows: Sequence[Row], call: Call) -> Records:
        """The records of some rows, each with its children."""
        tree = query.plan.tree
        assert tree is not None, "COUNT() has no rows"
        clear = not query.masks or self._preparing.sees_encrypted(call.user_id)
        reader = Reader(query.zone, clear=clear)
        kin = [
            self._child_records(query, number, rows, call)
            for number in range(len(query.children) if rows else 0)
        ]
        return [
            reader.record(tree, row, [each[place] for each in kin])
            for place, row in enumerate(rows)
        ]

    def _child_records(
        self, query: Prepared, number: int, rows: Sequence[Row], call: Call
    ) -> list[ChildPage | None]:
        """The same as records."""
        families = self._rows.families(query, number, rows, call)
        shown = [row for found in families for row in found[: call.size]]
        read = iter(self._records(query.children[number], shown, call))
        pages: list[ChildPage | None] = []
        for found in families:
            after = None
            if len(found) > call.size:
                after = self._locator(query.plan.children[number].text, found, call)
            records = [*islice(read, min(len(found), call.size))]
            pages.append(ChildPage(len(found), after, records) if found else None)
        return pages

    def _locator(self, text: str, found: Sequence[Row], call: Call) -> str:
        """What leads to the children behind the first page."""
        locator = self._locators.add(
            text,
            [str(row[0]) for row in found],
            user_id=call.user_id,
            all_rows=call.all_rows,
            batch_size=call.size,
        )
        return self._locators.write(locator, call.size)

    def _nested(self, query: Prepared, rows: Sequence[Row], call: Call) -> list[Nested]:
        """The same rows for Python code."""
        tree = query.plan.tree
        assert tree is not None, "COUNT() has no rows"
        reader = Reader(query.zone)
        kin: list[list[list[Nested]]] = []
        for number, prepared in enumerate(query.children if rows else ()):
            families = self._rows.families(query, number, rows, call)
            read = iter(self._nested(prepared, [*chain.from_iterable(families)], call))
            kin.append([[*islice(read, len(found))] for found in families])
        return [
            reader.record(tree, row, [each[place] for each in kin])
            for place, row in enumerate(rows)
        ]


def _json(texts: Mapping[str, str]) -> str:
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":"))


def _select(sobject: SObject, record_id: str, fields: FieldList) -> nodes.Query:
    """The query for some fields of one row; its places are those of the field list."""
    return nodes.Query(
        select=tuple(nodes.Selected(each, None) for each in fields.paths),
        sources=(nodes.Source(nodes.Path((sobject.name,), 0), None),),
        where=nodes.Comparison(nodes.Path(("Id",), 0), "=", nodes.Text(record_id)),
    )


def _forget(sobject: SObject, record_id: str, user_id: str) -> None:
    """Where nobody keeps what users view."""

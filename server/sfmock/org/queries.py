"""Queries: plans by text, pages of JSON, and the locators under which the next pages wait (wire-facts.md 5)."""

from __future__ import annotations

import json
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sfmock import errors, ids
from sfmock.clock import Clock, system_datetime
from sfmock.org.record import Python, Record, python_value
from sfmock.schema.catalogue import Catalogue
from sfmock.soql.binder import bind
from sfmock.soql.compiler import Compiled, Statement, compile_plan
from sfmock.soql.errors import TOO_COMPLICATED
from sfmock.soql.parser import parse
from sfmock.soql.plan import Plan
from sfmock.soql.shape import Cell, Nested, NestedItem, Row, RowFunction, nested, row_function
from sfmock.store.database import Database, Value
from sfmock.store.tables import Tables
from sfmock.versions import DEFAULT, Version
from sfmock.versions import parse as parse_version

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_locator (Number INTEGER PRIMARY KEY, OwnerId TEXT, Expires TEXT, Query TEXT,"
    " AllRows INTEGER, BatchSize INTEGER, Ids TEXT)",
)
"""`Ids` is one text of 18 characters a row: membership and order are frozen, values are read with their page."""

DEFAULT_BATCH = 2000
SMALLEST_BATCH = 200
_LIFETIME = timedelta(days=2)
_BUDGET = 200_000_000
"""Steps of SQLite's machine: several seconds, the fake's 120 s."""
_PLANS = 256
_ID = 18
_TOO_COMPLICATED = (
    "parser stack overflow",
    "Expression tree is too large",
    "too many SQL variables",
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of results: `records` is the JSON list, `next_locator` what comes after `/query/` in nextRecordsUrl."""

    total: int
    done: bool
    next_locator: str | None
    records: str


@dataclass(frozen=True, slots=True)
class _Prepared:
    plan: Plan
    compiled: Compiled
    write: RowFunction | None
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class _Locator:
    number: int
    text: str
    all_rows: bool
    batch_size: int
    ids: str

    @property
    def total(self) -> int:
        return len(self.ids) // _ID


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
    ) -> None:
        self._db = db
        self._tables = tables
        self._clock = clock
        self._catalogue = catalogue
        self._pod = pod
        self._budget = budget
        self._plans: OrderedDict[tuple[str, int, str, int, bool], _Prepared] = OrderedDict()

    def page(
        self,
        text: str,
        *,
        user_id: str,
        version: Version,
        batch_size: int = DEFAULT_BATCH,
        all_rows: bool = False,
    ) -> Page:
        """The first page of a query; further ones wait under `next_locator`."""
        with self._db.lock:
            found = self._prepare(text, user_id, version, all_rows=all_rows)
            if found.write is None:
                return Page(self._count(found), True, None, "[]")
            size = _batch_size(batch_size, found.plan)
            rows = self._rows(found, found.compiled.rows(size + 1))
            if len(rows) <= size:
                return Page(len(rows), True, None, _json(found.write, rows))
            if found.plan.offset is not None:
                # Only the first batch is returned where OFFSET is used (soql.md 9): it is the whole result.
                return Page(size, True, None, _json(found.write, rows[:size]))
            all_ids = "".join(str(row[0]) for row in self._rows(found, found.compiled.ids()))
            number = self._remember(text, user_id, all_ids, size, all_rows=all_rows)
            locator = self._locator(number, size)
            return Page(len(all_ids) // _ID, False, locator, _json(found.write, rows[:size]))

    def more(
        self, locator: str, *, user_id: str, version: Version, batch_size: int | None = None
    ) -> Page:
        """The page that a locator stands for; raises INVALID_QUERY_LOCATOR for one that is not this user's."""
        with self._db.lock:
            cursor, start = self._find(locator, user_id)
            found = self._prepare(cursor.text, user_id, version, all_rows=cursor.all_rows)
            if found.write is None:
                raise errors.INVALID_QUERY_LOCATOR()
            size = cursor.batch_size if batch_size is None else _batch_size(batch_size, found.plan)
            wanted = _split(cursor.ids[start * _ID : (start + size) * _ID])
            present = {
                row[0]: row[1:]
                for row in self._rows(found, found.compiled.page(json.dumps(wanted)))
            }
            rows = [present[each] for each in wanted if each in present]  # purged rows are skipped
            end = start + size
            done = end >= cursor.total
            following = None if done else self._locator(cursor.number, end)
            return Page(cursor.total, done, following, _json(found.write, rows))

    def fetch(self, text: str, *, user_id: str, all_rows: bool = False) -> int | list[Record]:
        """All records of a query at once, or the number for `SELECT COUNT()`."""
        with self._db.lock:
            found = self._prepare(text, user_id, _DEFAULT_VERSION, all_rows=all_rows)
            tree = found.plan.tree
            if tree is None:
                return self._count(found)
            return [record(nested(tree, row)) for row in self._rows(found, found.compiled.rows())]

    def _prepare(self, text: str, user_id: str, version: Version, *, all_rows: bool) -> _Prepared:
        catalogue = self._catalogue()
        zone_name = self._zone_name(user_id)
        key = (text, catalogue.token, zone_name, version.major, all_rows)
        found = self._plans.get(key)
        if found is None:
            plan = bind(text, parse(text), catalogue)
            found = self._plans[key] = _Prepared(
                plan,
                compile_plan(plan, all_rows=all_rows),
                None if plan.tree is None else row_function(plan.tree, version.root),
                _zone(zone_name),
            )
            if len(self._plans) > _PLANS:
                self._plans.popitem(last=False)
        else:
            self._plans.move_to_end(key)
        for sobject in found.plan.sobjects:
            self._tables.ensure(sobject)
        return found

    def _zone_name(self, user_id: str) -> str:
        """The user's time zone: the days of date literals are theirs."""
        user = self._catalogue().find("User")
        if user is None or user.find("TimeZoneSidKey") is None:
            return "UTC"
        self._tables.ensure(user)
        return str(
            self._db.value('SELECT "TimeZoneSidKey" FROM "User" WHERE "Id" = ?', (user_id,))
            or "UTC"
        )

    def _rows(self, found: _Prepared, statement: Statement) -> list[tuple[Value, ...]]:
        values = statement.values(self._clock.now, found.zone)
        try:
            return self._db.bounded_rows(statement.sql, values, self._budget)
        except TimeoutError:
            raise errors.QUERY_TIMEOUT() from None
        except sqlite3.OperationalError as error:
            if any(each in str(error) for each in _TOO_COMPLICATED):
                raise TOO_COMPLICATED() from error
            raise

    def _count(self, found: _Prepared) -> int:
        count = self._rows(found, found.compiled.count())[0][0]
        return count if isinstance(count, int) else 0

    def _remember(self, text: str, user_id: str, all_ids: str, size: int, *, all_rows: bool) -> int:
        now = self._clock.now
        self._db.execute("DELETE FROM sf_locator WHERE Expires <= ?", (_sortable(now),))
        last = self._db.value("SELECT MAX(Number) FROM sf_locator")
        number = last + 1 if isinstance(last, int) else 1
        self._db.execute(
            "INSERT INTO sf_locator (Number, OwnerId, Expires, Query, AllRows, BatchSize, Ids)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, user_id, _sortable(now + _LIFETIME), text, int(all_rows), size, all_ids),
        )
        return number

    def _locator(self, number: int, sent: int) -> str:
        return f"{ids.make('0r8', self._pod, number)}-{sent}"

    def _find(self, locator: str, user_id: str) -> tuple[_Locator, int]:
        head, _, offset = locator.partition("-")
        number = _number(head, self._pod)
        row = (
            None
            if number is None
            else self._db.row(_FIND, (number, user_id, _sortable(self._clock.now)))
        )
        if row is None or not (offset.isascii() and offset.isdigit()) or len(offset) > _ID:
            raise errors.INVALID_QUERY_LOCATOR()
        text, all_rows, batch_size, all_ids = row
        found = _Locator(number or 0, str(text), bool(all_rows), int(batch_size or 0), str(all_ids))
        if int(offset) >= found.total:
            raise errors.INVALID_QUERY_LOCATOR()
        return found, int(offset)


_FIND = "SELECT Query, AllRows, BatchSize, Ids FROM sf_locator WHERE Number = ? AND OwnerId = ? AND Expires > ?"
_DEFAULT_VERSION = parse_version(DEFAULT) or Version(60)


def record(found: Nested) -> Record:
    """A result's record as Python code meets it."""
    values = {key: _python(item) for key, item in found.items.items()}
    return Record(found.sobject.name, found.id, values)


def _python(item: NestedItem) -> Python:
    if item is None:
        return None
    if isinstance(item, Cell):
        return python_value(item.field, item.value)
    if isinstance(item, Nested):
        return record(item)
    return {key: python_value(cell.field, cell.value) for key, cell in item.items()}


def _json(write: RowFunction, rows: Sequence[Row]) -> str:
    return f"[{','.join(map(write, rows))}]"


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


def _zone(name: str) -> tzinfo:
    if name in ("UTC", "GMT"):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise errors.refuse(f"SOQL for a user in the time zone {name}") from None


def _sortable(moment: datetime) -> str:
    return system_datetime(moment)


def _split(text: str) -> list[str]:
    return [text[start : start + _ID] for start in range(0, len(text), _ID)]


def _number(head: str, pod: str) -> int | None:
    """The row behind a locator's id, or None for what is no such id."""
    if ids.canonical(head) != head or not head.startswith(f"0r8{pod}"):
        return None
    number = 0
    for char in head[6:15]:
        number = number * 62 + ids.ALPHABET.index(char)
    return number if number < 2**62 else None

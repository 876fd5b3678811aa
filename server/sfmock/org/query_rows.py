"""Prepared queries run: their rows, groups, counts and the children of rows, within the service's bounds."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sfmock import errors
from sfmock.clock import Clock
from sfmock.org.prepared import Call, Prepared
from sfmock.soql.compiler import CompiledGroups, Statement
from sfmock.soql.errors import TOO_COMPLICATED, TOO_MANY_GROUPS
from sfmock.soql.shape import Row
from sfmock.store.database import Database, Value

_TOO_COMPLICATED = (
    "parser stack overflow",
    "Expression tree is too large",
    "too many SQL variables",
    "too many columns",
    "too many terms",
    "query string is too large",
)
"""What SQLite says where one of its bounds is met."""


class QueryRows:
    """What prepared queries find in one org's database."""

    def __init__(self, db: Database, clock: Clock, budget: int) -> None:
        self._db = db
        self._clock = clock
        self._budget = budget

    def find(
        self, query: Prepared, statement: Statement, user_id: str, now: datetime | None = None
    ) -> list[tuple[Value, ...]]:
        """The rows of one statement of a query; raises QUERY_TIMEOUT or QUERY_TOO_COMPLICATED."""
        values = statement.values(now or self._clock.now, query.zone, user_id)
        try:
            return self._db.bounded_rows(statement.sql, values, self._budget)
        except TimeoutError:
            raise errors.QUERY_TIMEOUT() from None
        except (sqlite3.OperationalError, sqlite3.DataError) as error:
            if any(each in str(error) for each in _TOO_COMPLICATED):
                raise TOO_COMPLICATED() from error
            raise

    def groups(
        self, query: Prepared, groups: CompiledGroups, user_id: str, most: int
    ) -> list[tuple[Value, ...]]:
        """The groups of an aggregate query, which has no second page."""
        rows = self.find(query, groups.rows(most + 1), user_id)
        if len(rows) > most:
            raise TOO_MANY_GROUPS()
        totals = query.plan.groups is not None and query.plan.groups.totals
        if totals and not rows and not self.find(query, groups.any_row(), user_id):
            raise errors.refuse(f"SOQL GROUP BY {totals} where there are no rows")
        return rows

    def count(self, query: Prepared, user_id: str) -> int:
        """What `SELECT COUNT()` answers."""
        count = self.find(query, query.compiled.count(), user_id)[0][0]
        return count if isinstance(count, int) else 0

    def families(
        self, query: Prepared, number: int, rows: Sequence[Row], call: Call
    ) -> list[list[Row]]:
        """The rows that one sub-query finds, for each of these parents."""
        prepared, children = query.children[number], query.plan.children[number]
        parents = json.dumps([row[0] for row in rows])
        statement = prepared.compiled.of_parents(children.reference, parents)
        found: list[list[Row]] = [[] for _ in rows]
        for row in self.find(prepared, statement, call.user_id, call.now):
            found[cast("int", row[-1])].append(row)
        return found

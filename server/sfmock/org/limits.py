"""The org's limits: the keys of `/limits`, and the counter of API calls over a rolling 24 hours (rest.md 5).

Calls are counted in buckets of a minute, so capacity comes back gradually as the window rolls on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from sfmock.clock import Clock
from sfmock.org import app_limits
from sfmock.org.app_limits import AppLimits
from sfmock.org.limit_table import MAXIMA
from sfmock.org.long_running import LongRunning
from sfmock.org.stale_counter import StaleCounter
from sfmock.store.database import Database, Value
from sfmock.versions import Version
from sfmock.wire import JSON

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_limit (name TEXT PRIMARY KEY, max INTEGER NOT NULL, used INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sf_api_call (minute INTEGER PRIMARY KEY, calls INTEGER NOT NULL)",
    *app_limits.DDL,
)
Rows: TypeAlias = "Mapping[str, list[tuple[Value, ...]]]"
"""What is stored, by table."""
DAILY = "DailyApiRequests"
HISTORY_KEPT = 10_000
"""Used values that are kept; of more, the oldest go."""
_WINDOW = 24 * 60
_CONCURRENT = "ConcurrentRequests"
_STALE = "StaleCounter"
"""Rows of sf_limit that are no keys of `/limits`."""
_EMPTY = (
    "DELETE FROM sf_limit",
    "DELETE FROM sf_api_call",
    "DELETE FROM sf_app_limit",
    "DELETE FROM sf_app_call",
)
_REFILL = {
    "sf_limit": "INSERT INTO sf_limit VALUES (?, ?, ?)",
    "sf_api_call": "INSERT INTO sf_api_call VALUES (?, ?)",
    "sf_app_limit": "INSERT INTO sf_app_limit VALUES (?, ?)",
    "sf_app_call": "INSERT INTO sf_app_call VALUES (?, ?, ?)",
}
_NOW = (
    "SELECT (SELECT SUM(calls) FROM sf_api_call WHERE minute > ?),"
    f" (SELECT max FROM sf_limit WHERE name = '{DAILY}'), (SELECT max FROM sf_limit WHERE name = '{_STALE}'),"
    " EXISTS (SELECT 1 FROM sf_app_limit)"
)


@dataclass(slots=True)
class _Now:
    """What every request asks for: the daily limit, and which of the rarer things are in use."""

    used: int
    maximum: int
    stale: bool
    apps: bool


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of a limit was spent at a moment."""

    at: datetime
    limit: str
    used: int

    def __repr__(self) -> str:
        return f"<Usage {self.at:%FT%TZ} {self.limit} {self.used}>"


class Limit:
    """One limit; `max`, `used` and `remaining` may each be set."""

    def __init__(self, limits: Limits, name: str) -> None:
        self._limits = limits
        self.name = name

    def __repr__(self) -> str:
        return f"<Limit {self.name} {self.used}/{self.max}>"

    @property
    def max(self) -> int:
        """How much there is in all."""
        return self._limits.maximum(self.name)

    @max.setter
    def max(self, value: int) -> None:
        self._limits.set_maximum(self.name, _natural(value))

    @property
    def used(self) -> int:
        """How much is spent."""
        return self._limits.used(self.name)

    @used.setter
    def used(self, value: int) -> None:
        self._limits.set_used(self.name, _natural(value))

    @property
    def remaining(self) -> int:
        """How much is left, never below zero."""
        return max(0, self.max - self.used)

    @remaining.setter
    def remaining(self, value: int) -> None:
        self.used = self.max - _natural(value)


class Limits(Mapping[str, Limit]):
    """All limits by Salesforce's names."""

    def __init__(self, db: Database, clock: Clock, *, few_at_once: Callable[[], bool]) -> None:
        self._db = db
        self._clock = clock
        self._few_at_once = few_at_once
        self.apps = AppLimits(db, clock, self._changed)
        """The quotas of connected apps."""
        self.running = LongRunning(clock)
        """The requests that take long."""
        # Beside the database, as the journal is: a restore of the data keeps both.
        self._history: deque[tuple[float, str, int]] = deque(maxlen=HISTORY_KEPT)
        self._stale = StaleCounter()
        self._known: _Now | None = None
        self._known_at = (-1, -1)

    @property
    def concurrent_requests(self) -> int:
        """How many requests of 20 s and more may be under way: 25, or 5 in Developer Edition and trial orgs (rest.md 5.2)."""
        found = self._db.value("SELECT max FROM sf_limit WHERE name = ?", (_CONCURRENT,))
        return found if isinstance(found, int) else 5 if self._few_at_once() else 25

    @concurrent_requests.setter
    def concurrent_requests(self, value: int) -> None:
        if _natural(value) == 0:
            raise ValueError("concurrent_requests is a whole number of 1 or more, not 0")
        self._store(_CONCURRENT, value, 0)

    @property
    def stale_counter(self) -> bool:
        """Whether the usage header repeats, jumps and falls as the service's does; exact unless set."""
        return self._now().stale

    @stale_counter.setter
    def stale_counter(self, value: bool) -> None:
        if value not in (True, False):
            raise ValueError(f"stale_counter is True or False, not {value!r}")
        self._store(_STALE, int(value), 0)

    @property
    def history(self) -> tuple[Usage, ...]:
        """Used values as they came, oldest first; the last ones of a long run."""
        return tuple(
            Usage(datetime.fromtimestamp(at, UTC), name, used) for at, name, used in self._history
        )

    def rewind(self, history: Iterable[Usage] = ()) -> None:
        """Let the time line be this one: a test begins anew."""
        self._history.clear()
        self._history.extend((each.at.timestamp(), each.limit, each.used) for each in history)
        self._stale.rewind()
        self.running.clear()

    def __getitem__(self, name: str) -> Limit:
        """The limit of this name; raises KeyError that lists all for another."""
        if name not in MAXIMA:
            raise KeyError(f"unknown limit {name!r}: use one of {', '.join(sorted(MAXIMA))}")
        return Limit(self, name)

    def __iter__(self) -> Iterator[str]:
        return iter(MAXIMA)

    def __len__(self) -> int:
        return len(MAXIMA)

    def __repr__(self) -> str:
        now = self._now()
        return f"<Limits {DAILY} {now.used}/{now.maximum}>"

    def too_many_at_once(self) -> bool:
        """Whether so many long requests are under way that no other may begin."""
        long = len(self.running)
        return long > 0 and long >= self.concurrent_requests

    def count(self, app: Callable[[], str | None]) -> bool:
        """Count one API call, of an app; False, and nothing counted, once the cap is spent."""
        now = self._now()
        if now.used >= now.maximum:
            return False
        name = app() if now.apps else None
        if name is not None:
            self.apps.count(name)
        used = now.used + 1
        self._add(1)
        self._note(DAILY, used)
        return True

    def spend(self, calls: int) -> None:
        """Count calls that somebody else makes, also beyond the cap."""
        self._add(calls)
        self._note(DAILY, self._now().used)

    def usage(self, app: Callable[[], str | None]) -> str:
        """The value of `Sforce-Limit-Info`, exactly as recorded; with the part of an app that has a quota, as documented."""
        used, maximum = self.seen()
        name = app() if self._now().apps else None
        return f"api-usage={used}/{maximum}" + ("" if name is None else self.apps.usage(name))

    def seen(self) -> tuple[int, int]:
        """How many calls the server that answers believes to be used, and how many there are."""
        now = self._now()
        return (self._stale.view(now.used) if now.stale else now.used), now.maximum

    def maximum(self, name: str) -> int:
        """A limit's maximum."""
        found = self._db.value("SELECT max FROM sf_limit WHERE name = ?", (name,))
        return MAXIMA[name].maximum if not isinstance(found, int) else found

    def used(self, name: str) -> int:
        """How much of a limit is spent; the daily one only counts the last 24 hours."""
        if name == DAILY:
            return self._now().used
        found = self._db.value("SELECT used FROM sf_limit WHERE name = ?", (name,))
        return found if isinstance(found, int) else 0

    def set_maximum(self, name: str, value: int) -> None:
        """Change a maximum."""
        self._store(name, value, self.used(name) if name != DAILY else 0)

    def set_used(self, name: str, value: int) -> None:
        """Change how much is spent; for the daily limit as if just now."""
        if name == DAILY:
            self._forget_calls()
            if value:
                self._add(value)
        else:
            self._store(name, self.maximum(name), value)
        self._note(name, value)

    def body(self, version: Version) -> dict[str, JSON]:
        """The body of `/limits` at a version: alphabetical, `{"Max":n,"Remaining":n}` each."""
        result: dict[str, JSON] = {}
        for name, entry in MAXIMA.items():
            if entry.present(version):
                result[name] = self._shown(name)
        return result

    def rows(self) -> Rows:
        """What is stored, for `put_back` after a restore."""
        return {table: list(self._db.rows(f"SELECT * FROM {table}")) for table in _REFILL}

    def put_back(self, rows: Rows) -> None:
        """Store again what `rows` read: a restore of the data keeps the limits."""
        for statement in _EMPTY:
            self._db.execute(statement)
        for table, statement in _REFILL.items():
            for row in rows[table]:
                self._db.execute(statement, row)
        self._known = None

    def _shown(self, name: str) -> dict[str, JSON]:
        """One key of the body; two of them nest others."""
        limit = self[name]
        one: dict[str, JSON] = {"Max": limit.max, "Remaining": limit.remaining}
        if name == "PermissionSets":  # recorded: what is taken is taken of both
            one["CreateCustom"] = {"Max": 1000, "Remaining": max(0, 1000 - limit.used)}
        if name == DAILY:
            now = self._now()
            if now.stale:
                one["Remaining"] = max(0, now.maximum - self._stale.view(now.used))
            for app, quota in self.apps.items() if now.apps else ():
                one[app] = {"Max": quota.max, "Remaining": quota.remaining}
        return one

    def _changed(self) -> None:
        self._known = None

    def _note(self, name: str, used: int) -> None:
        self._history.append((self._clock.timestamp(), name, used))

    def _store(self, name: str, maximum: int, used: int) -> None:
        with self._db.lock:
            self._known = None
            self._db.execute(
                "INSERT INTO sf_limit VALUES (?, ?, ?)"
                " ON CONFLICT (name) DO UPDATE SET max = excluded.max, used = excluded.used",
                (name, maximum, used),
            )

    def _forget_calls(self) -> None:
        with self._db.lock:
            self._known = None
            self._db.execute("DELETE FROM sf_api_call")

    def _add(self, calls: int) -> None:
        with self._db.lock:
            self._db.tally(
                "INSERT INTO sf_api_call VALUES (?, ?)"
                " ON CONFLICT (minute) DO UPDATE SET calls = calls + excluded.calls",
                (self._minute(), calls),
            )
            if self._known is not None:
                self._known.used += calls

    def _now(self) -> _Now:
        """The present state: read again after a rollback and each minute, for every request asks twice."""
        with self._db.lock:
            at = (self._db.undone, self._minute())
            if self._known is None or at != self._known_at:
                used, maximum, stale, apps = self._db.row(_NOW, (at[1] - _WINDOW,)) or (None,) * 4
                self._known_at = at
                self._known = _Now(
                    used if isinstance(used, int) else 0,
                    maximum if isinstance(maximum, int) else MAXIMA[DAILY].maximum,
                    bool(stale),
                    bool(apps),
                )
            return self._known

    def _minute(self) -> int:
        return int(self._clock.timestamp() // 60)


def _natural(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"a limit is a whole number of 0 or more, not {value!r}")
    return value

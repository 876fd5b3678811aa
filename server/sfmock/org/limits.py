"""The org's limits: the keys of `/limits`, and the counter of API calls over a rolling 24 hours (rest.md 5).

Calls are counted in buckets of a minute, so capacity comes back gradually as the window rolls on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sfmock.clock import Clock
from sfmock.org.limit_table import MAXIMA
from sfmock.org.long_running import LongRunning
from sfmock.store.database import Database
from sfmock.versions import Version
from sfmock.wire import JSON

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_limit (name TEXT PRIMARY KEY, max INTEGER NOT NULL, used INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sf_api_call (minute INTEGER PRIMARY KEY, calls INTEGER NOT NULL)",
)
DAILY = "DailyApiRequests"
HISTORY_KEPT = 10_000
"""Used values that are kept; of more, the oldest go."""
_WINDOW = 24 * 60
_SPENT_AND_MAXIMUM = (
    "SELECT (SELECT SUM(calls) FROM sf_api_call WHERE minute > ?),"
    " (SELECT max FROM sf_limit WHERE name = ?)"
)


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

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self.running = LongRunning(clock)
        """The requests that take long."""
        # Beside the database, as the journal is: a restore of the data keeps both.
        self._history: deque[tuple[float, str, int]] = deque(maxlen=HISTORY_KEPT)
        self._known: tuple[int, int] | None = None
        self._known_at = (-1, -1)

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
        return f"<Limits {DAILY} {self.usage().removeprefix('api-usage=')}>"

    def count(self) -> bool:
        """Count one API call; False, and nothing counted, once the cap is spent."""
        used, maximum = self._daily()
        if used >= maximum:
            return False
        self._add(1)
        self._note(DAILY, used + 1)
        return True

    def spend(self, calls: int) -> None:
        """Count calls that somebody else makes, also beyond the cap."""
        self._add(calls)
        self._note(DAILY, self._daily()[0])

    def usage(self) -> str:
        """The value of `Sforce-Limit-Info`, exactly as recorded."""
        used, maximum = self._daily()
        return f"api-usage={used}/{maximum}"

    def maximum(self, name: str) -> int:
        """A limit's maximum."""
        found = self._db.value("SELECT max FROM sf_limit WHERE name = ?", (name,))
        return MAXIMA[name].maximum if not isinstance(found, int) else found

    def used(self, name: str) -> int:
        """How much of a limit is spent; the daily one only counts the last 24 hours."""
        if name == DAILY:
            return self._daily()[0]
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
                limit = self[name]
                one: dict[str, JSON] = {"Max": limit.max, "Remaining": limit.remaining}
                if name == "PermissionSets":  # the one recorded key that nests another
                    one["CreateCustom"] = {"Max": 1000, "Remaining": 1000}
                result[name] = one
        return result

    def rows(self) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
        """What is stored, for `put_back` after a restore."""
        return (
            list(self._db.rows("SELECT name, max, used FROM sf_limit")),
            list(self._db.rows("SELECT minute, calls FROM sf_api_call")),
        )

    def put_back(self, rows: tuple[list[tuple[object, ...]], list[tuple[object, ...]]]) -> None:
        """Store again what `rows` read: a restore of the data keeps the limits."""
        self._db.execute("DELETE FROM sf_limit")
        self._forget_calls()
        for name, maximum, used in rows[0]:
            self._store(str(name), int(str(maximum)), int(str(used)))
        for minute, calls in rows[1]:
            self._db.execute(
                "INSERT INTO sf_api_call VALUES (?, ?)", (int(str(minute)), int(str(calls)))
            )

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
            self._db.execute(
                "INSERT INTO sf_api_call VALUES (?, ?)"
                " ON CONFLICT (minute) DO UPDATE SET calls = calls + excluded.calls",
                (self._minute(), calls),
            )
            if self._known is not None:
                used, maximum = self._known
                self._known = (used + calls, maximum)

    def _daily(self) -> tuple[int, int]:
        """Spent and maximum of the daily limit: read again after a rollback and each minute, for every request asks twice."""
        with self._db.lock:
            at = (self._db.undone, self._minute())
            if self._known is None or at != self._known_at:
                found = self._db.row(_SPENT_AND_MAXIMUM, (at[1] - _WINDOW, DAILY))
                used, maximum = (None, None) if found is None else found
                self._known_at = at
                self._known = (
                    used if isinstance(used, int) else 0,
                    maximum if isinstance(maximum, int) else MAXIMA[DAILY].maximum,
                )
            return self._known

    def _minute(self) -> int:
        return int(self._clock.timestamp() // 60)


def _natural(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"a limit is a whole number of 0 or more, not {value!r}")
    return value

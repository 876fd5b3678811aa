"""Quotas of connected apps: a part of the daily calls that an app has to itself (rest.md 1.9, 5.1).

Only an app that was given a quota is counted, over the same rolling 24 hours. What the service answers beyond one is not
documented, so it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sfmock import errors
from sfmock.clock import Clock
from sfmock.store.database import Database

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_app_limit (name TEXT PRIMARY KEY, max INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sf_app_call (name TEXT, minute INTEGER, calls INTEGER NOT NULL,"
    " PRIMARY KEY (name, minute))",
)
_WINDOW = 24 * 60


class AppLimit:
    """The quota of one app; `max`, `used` and `remaining` may each be set."""

    def __init__(self, limits: AppLimits, name: str) -> None:
        self._limits = limits
        self.name = name

    def __repr__(self) -> str:
        return f"<AppLimit {self.name!r} {self.used}/{self.max}>"

    @property
    def max(self) -> int:
        """How many calls a day the app has."""
        return self._limits.maximum(self.name)

    @max.setter
    def max(self, value: int) -> None:
        self._limits.allot(self.name, value)

    @property
    def used(self) -> int:
        """How many of them were made within the last 24 hours."""
        return self._limits.used(self.name)

    @used.setter
    def used(self, value: int) -> None:
        self._limits.set_used(self.name, value)

    @property
    def remaining(self) -> int:
        """How many are left, never below zero."""
        return max(0, self.max - self.used)

    @remaining.setter
    def remaining(self, value: int) -> None:
        self.used = self.max - value


class AppLimits(Mapping[str, AppLimit]):
    """The quotas by the names of connected apps; `allot` gives one."""

    def __init__(self, db: Database, clock: Clock, changed: Callable[[], None]) -> None:
        self._db = db
        self._clock = clock
        self._changed = changed

    def __getitem__(self, name: str) -> AppLimit:
        """The quota of an app; raises KeyError where it has none."""
        if self._db.row("SELECT 1 FROM sf_app_limit WHERE name = ?", (name,)) is None:
            raise KeyError(f"the app {name!r} has no quota: give it one by limits.apps.allot()")
        return AppLimit(self, name)

    def __iter__(self) -> Iterator[str]:
        rows = self._db.rows("SELECT name FROM sf_app_limit ORDER BY name")
        return iter([str(name) for (name,) in rows])

    def __len__(self) -> int:
        return int(self._db.value("SELECT COUNT(*) FROM sf_app_limit") or 0)

    def __repr__(self) -> str:
        return f"<AppLimits {', '.join(self) or 'none'}>"

    def allot(self, name: str, calls: int) -> AppLimit:
        """Give the app of this name so many calls a day."""
        if isinstance(calls, bool) or calls < 0:
            raise ValueError(f"a quota is a whole number of 0 or more, not {calls!r}")
        self._db.execute(
            "INSERT INTO sf_app_limit VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET max = excluded.max",
            (name, calls),
        )
        self._changed()
        return AppLimit(self, name)

    def maximum(self, name: str) -> int:
        """The size of a quota."""
        return int(self._db.value("SELECT max FROM sf_app_limit WHERE name = ?", (name,)) or 0)

    def used(self, name: str) -> int:
        """How much of it is spent."""
        found = self._db.value(
            "SELECT SUM(calls) FROM sf_app_call WHERE name = ? AND minute > ?",
            (name, self._minute() - _WINDOW),
        )
        return int(found or 0)

    def set_used(self, name: str, calls: int) -> None:
        """Change how much is spent, as if just now."""
        with self._db.transaction():
            self._db.execute("DELETE FROM sf_app_call WHERE name = ?", (name,))
            self._add(name, calls)

    def count(self, name: str) -> None:
        """Count a call of an app that has a quota."""
        if name not in self:
            return
        if self.used(name) >= self.maximum(name):
            raise errors.refuse(f"a call of the connected app {name!r} beyond its own quota")
        self._add(name, 1)

    def usage(self, name: str) -> str:
        """What `Sforce-Limit-Info` adds for an app with a quota; empty for any other."""
        if name not in self:
            return ""
        return f"; per-app-api-usage={self.used(name)}/{self.maximum(name)}(appName={name})"

    def _add(self, name: str, calls: int) -> None:
        self._db.execute(
            "INSERT INTO sf_app_call VALUES (?, ?, ?)"
            " ON CONFLICT (name, minute) DO UPDATE SET calls = calls + excluded.calls",
            (name, self._minute(), calls),
        )

    def _minute(self) -> int:
        return int(self._clock.timestamp() // 60)

"""Locked rows: what the platform answers while another transaction holds a row (rest.md 6.1, error-catalogue.md 9).

Requests are carried out one after another, so no row is ever locked by chance. The platform waits ten seconds for a lock
and then gives up; the fake answers that at once, and a lock of some seconds ends by the org's clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from types import TracebackType

from sfmock import errors
from sfmock.clock import Clock
from sfmock.store.database import Database, Value

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_lock (id TEXT NOT NULL, holder INTEGER NOT NULL, until REAL)",
)
"""`until` is null for a lock that lasts until it is released."""
_NAMED = 10


class Lock(AbstractContextManager["Lock"]):
    """Some locked rows; the end of a `with` block releases them."""

    def __init__(self, locks: Locks, holder: int, ids: tuple[str, ...]) -> None:
        self.ids = ids
        self._locks = locks
        self._holder = holder

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def __repr__(self) -> str:
        return f"<Lock {', '.join(self.ids)}>"

    def release(self) -> None:
        """Let the rows go; a second call does nothing."""
        self._locks.release(self._holder)


class Locks:
    """The locked rows of one org."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._holders = 0  # not a row: a lock that a restore took away must not release another
        self._any = False
        self._undone = -1

    @property
    def any(self) -> bool:
        """Whether a row may be locked; costs next to nothing while none is."""
        if self._undone != self._db.undone:  # a rollback may have brought locks or taken them
            self._look()
        return self._any

    @property
    def ids(self) -> tuple[str, ...]:
        """The rows that are locked now."""
        rows = self._db.rows(
            "SELECT DISTINCT id FROM sf_lock WHERE until IS NULL OR until > ? ORDER BY id",
            (self._clock.timestamp(),),
        )
        return tuple(str(each) for (each,) in rows)

    def hold(self, ids: Iterable[str], seconds: float | None) -> Lock:
        """Lock rows for as long, or until they are released."""
        if seconds is not None and seconds <= 0:
            raise ValueError(f"a lock lasts longer than {seconds} seconds")
        until = None if seconds is None else self._clock.timestamp() + seconds
        with self._db.transaction():
            self._holders += 1
            lock = Lock(self, self._holders, tuple(ids))
            for each in lock.ids:
                self._db.execute(
                    "INSERT INTO sf_lock VALUES (?, ?, ?)", (each, self._holders, until)
                )
            self._look()
        return lock

    def release(self, holder: int) -> None:
        """Let the rows of one lock go."""
        self._db.execute("DELETE FROM sf_lock WHERE holder = ?", (holder,))
        self._look()

    def check(self, ids: Iterable[Value]) -> None:
        """Raise UNABLE_TO_LOCK_ROW if one of these rows is locked now."""
        now = self._clock.timestamp()
        found = [
            str(each)
            for each in dict.fromkeys(ids)
            if self._db.row(
                "SELECT 1 FROM sf_lock WHERE id = ? AND (until IS NULL OR until > ?) LIMIT 1",
                (each, now),
            )
        ]
        if found:
            raise errors.UNABLE_TO_LOCK_ROW(count=len(found), ids=_listed(found))

    def _look(self) -> None:
        self._any = self._db.row("SELECT 1 FROM sf_lock LIMIT 1") is not None
        self._undone = self._db.undone


def _listed(found: Sequence[str]) -> str:
    """The ids; of many the first ten (rest.md 6.1)."""
    more = len(found) - _NAMED
    return ",".join(found[:_NAMED]) + (f", ... ({more} more)" if more > 0 else "")

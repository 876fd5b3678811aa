"""One SQLite database an org: one connection, one lock, savepoints inside one outer transaction.

The outer transaction is never committed: reset is ROLLBACK and BEGIN, whatever the org holds. `with connection`,
`commit()` and `executescript()` would end it silently and are not used anywhere. `store.durable` is the other kind.
"""

from __future__ import annotations

import itertools
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias

from sfmock.store import files

Value: TypeAlias = str | int | float | None
"""What a column holds."""
_STEPS_A_CALL = 10_000


class Database:
    """A connection, its lock, and the transaction that every request runs in; in memory unless one is given."""

    durable = False
    """Whether each outermost transaction is committed to a file."""
    _begin = "SAVEPOINT d"
    """Begins an outermost transaction; inner ones have the same name, and the innermost is the one that is meant."""

    def __init__(
        self,
        connection: sqlite3.Connection | None = None,
        close: Callable[[], None] | None = None,
    ) -> None:
        self.lock = threading.RLock()
        self._db = files.connect(":memory:") if connection is None else connection
        self._db.execute("PRAGMA foreign_keys = OFF")
        # An org that a test just lets go of must not warn: Python 3.13 does for a connection that nobody closed.
        self._finalizer = weakref.finalize(self, close or self._db.close)
        self._depth = 0
        self._pending = 0
        """How many of the open transactions, the innermost ones, SQLite has not been told of: nothing was written there."""
        self._numbers = itertools.count(1)  # of snapshots; none comes twice
        self._snapshots: list[int] = []
        self._snapshot_marks: list[int] = []
        self.notes: list[Any] = []
        """What is noted beside the rows; whatever takes rows back takes back the notes that came with them."""
        self.undone = 0
        """How often anything was rolled back: caches of what the database holds compare it."""
        self._beside = 0
        self.memo: dict[object, Any] | None = None
        """What functions read and computed for the SELECT that is running; gone when it has ended."""
        self._raised: BaseException | None = None
        self._bound: Callable[[], bool] | None = None
        self.floor = 0
        """Snapshots with lower numbers are older than the running test, which goes back to its start by itself."""

    def begin(self) -> None:
        """Make the present state the baseline that `reset()` returns to."""
        with self.lock:
            if self._db.in_transaction:
                self._db.execute("COMMIT")
            self._db.execute("BEGIN")

    def close(self) -> None:
        """Close the connection, once the request that is being answered is done; a second call does nothing."""
        with self.lock:
            self._finalizer()

    def transaction(self) -> Savepoint:
        """All or nothing, nested at will: a savepoint that an exception rolls back."""
        return Savepoint(self)

    @property
    def depth(self) -> int:
        """How many transactions are open, one in the other."""
        return self._depth

    def _end(self, notes: int, changes: int, *, undo: bool) -> None:
        """End the outermost transaction, which began with so many notes and changes."""
        self._end_inner(notes, changes, undo=undo)

    def _end_inner(self, notes: int, changes: int, *, undo: bool) -> None:
        # Most refused writes have written nothing. To go back would cost the caches, and SQLite its own schema wherever
        # a table was made since the baseline; one that is made by a refused write may stay, for it has no rows.
        if undo and self._db.total_changes != changes:
            self.undone += 1
            del self.notes[notes:]
            self._db.execute("ROLLBACK TO d")
        self._db.execute("RELEASE d")

    @property
    def mark(self) -> tuple[int, int]:
        """Equal to a former one only where no row was written or taken back since, but for what `tally` writes."""
        return self._db.total_changes - self._beside, self.undone

    def _begin_pending(self) -> None:
        """Tell SQLite of the inner transactions: what is written now may have to be taken back."""
        while self._pending:
            self._db.execute("SAVEPOINT d")
            self._pending -= 1

    def function(self, name: str, arity: int, call: Callable[..., Value]) -> None:
        """Let SQL call a Python function; what it raises comes out of the statement as it is."""

        def guarded(*values: Value) -> Value:
            with _Caught(self):
                return call(*values)

        self._db.create_function(name, arity, guarded)

    def execute(self, sql: str, values: Sequence[Value | bytes] = ()) -> int:
        """Run one statement; answers how many rows it changed."""
        with self.lock:
            if self._pending:
                self._begin_pending()
            return self._db.execute(sql, values).rowcount

    def tally(self, sql: str, values: Sequence[Value] = ()) -> None:
        """Run a statement that counts what happens: `mark` stays, for nothing that is made ready depends on it."""
        with self.lock:
            if self._pending:
                self._begin_pending()
            before = self._db.total_changes
            self._db.execute(sql, values)
            self._beside += self._db.total_changes - before

    def execute_many(self, sql: str, values: Iterable[Sequence[Value]]) -> None:
        """Run one statement for each of these lists of values."""
        with self.lock:
            if self._pending:
                self._begin_pending()
            self._db.executemany(sql, values)

    def rows(self, sql: str, values: Sequence[Value] = ()) -> list[tuple[Value, ...]]:
        """All rows of a statement."""
        with self.lock:
            return self._db.execute(sql, values).fetchall()

    def bounded_rows(
        self, sql: str, values: Sequence[Value], steps: int
    ) -> list[tuple[Value, ...]]:
        """All rows of a SELECT that may take so many steps of SQLite's machine; raises TimeoutError beyond.

        Only for SELECT: interrupting a write would roll the outer transaction back.
        """
        with self.lock:
            calls = iter(range(steps // _STEPS_A_CALL))
            outer, self.memo = (self._bound, self.memo), {}
            self._bound = lambda: next(calls, None) is None
            self._db.set_progress_handler(self._bound, _STEPS_A_CALL)
            try:
                return self._db.execute(sql, values).fetchall()
            except sqlite3.OperationalError as error:
                if self._raised is not None:
                    raised, self._raised = self._raised, None
                    raise raised from None
                if str(error) == "interrupted":
                    raise TimeoutError("the query took too many steps") from None
                raise
            finally:
                self._bound, self.memo = outer
                self._db.set_progress_handler(self._bound, _STEPS_A_CALL)

    def unbounded(self, work: Callable[[], None]) -> None:
        """Write from inside a function that a bounded SELECT calls: interrupted, it would undo the outer transaction."""
        self._db.set_progress_handler(None, 0)
        try:
            work()
        finally:
            self._db.set_progress_handler(self._bound, _STEPS_A_CALL)

    def row(self, sql: str, values: Sequence[Value] = ()) -> tuple[Value, ...] | None:
        """The first row of a statement, or None."""
        with self.lock:
            found: tuple[Value, ...] | None = self._db.execute(sql, values).fetchone()
            return found

    def value(self, sql: str, values: Sequence[Value] = ()) -> Value:
        """The first column of the first row, or None."""
        found = self.row(sql, values)
        return None if found is None else found[0]

    def blob(self, sql: str, values: Sequence[Value] = ()) -> bytes | None:
        """The bytes in the first column of the first row, or None."""
        with self.lock:
            found: tuple[bytes] | None = self._db.execute(sql, values).fetchone()
            return None if found is None else found[0]

    def reset(self) -> None:
        """Back to the baseline, at the same cost for any number of rows."""
        with self.lock:
            self._alone("reset")
            self.undone += 1
            self._db.execute("ROLLBACK")
            self._db.execute("BEGIN")
            self._forget(0)
            self.notes.clear()

    def snapshot(self) -> int:
        """Remember the present state; the number is for `restore`."""
        with self.lock:
            self._alone("snapshot")
            number = next(self._numbers)
            self._db.execute(f"SAVEPOINT snap{number}")
            self._remember(number)
            return number

    def restore(self, number: int) -> None:
        """Back to a snapshot, which stays; later ones are gone. Raises ValueError for one that is gone."""
        with self.lock:
            self._alone("restore")
            place = self.place(number)
            self.undone += 1
            self._db.execute(f"ROLLBACK TO snap{number}")
            del self.notes[self._snapshot_marks[place] :]
            self._forget(place + 1)

    def drop(self, number: int) -> None:
        """Forget a snapshot and later ones; what was written since stays."""
        with self.lock:
            self._alone("forgetting a snapshot")
            place = self.place(number)
            self._db.execute(f"RELEASE snap{number}")
            self._forget(place)

    def place(self, number: int) -> int:
        """How many snapshots that are not gone are older; raises ValueError for one that is gone itself."""
        if number < self.floor:
            raise ValueError(
                "this snapshot is older than the running test: take another inside the test, or reset()"
            )
        if number not in self._snapshots:
            raise ValueError(
                "this snapshot is gone: restoring an earlier one or a reset discarded it"
            )
        return self._snapshots.index(number)

    @property
    def latest(self) -> int:
        """The number of the latest snapshot that is not gone, 0 without one; later ones have higher numbers."""
        return self._snapshots[-1] if self._snapshots else 0

    def _remember(self, number: int) -> None:
        self._snapshots.append(number)
        self._snapshot_marks.append(len(self.notes))

    def _forget(self, place: int) -> None:
        del self._snapshots[place:], self._snapshot_marks[place:]

    def owns(self, path: Path) -> bool:
        """Whether this is the file that it lives in."""
        return False

    def write_to(self, path: Path) -> None:
        """Write all of it to a new file, what is not committed included."""
        with self.lock:
            self._alone("saving")
            image = _image(self._db)
            if image is None:
                with closing(files.connect(str(path))) as target:
                    files.copy_rows(self._db, target)
                return
        path.write_bytes(image)

    @property
    def alive(self) -> bool:
        """Whether the outer transaction still stands; False means that a bug ended it."""
        return self._db.in_transaction

    def _alone(self, what: str) -> None:
        if self._depth:
            raise RuntimeError(f"{what} is not possible inside a transaction of the org")


class _Caught:
    """Keeps what a function raised, for SQLite only tells that it raised."""

    __slots__ = ("_db",)

    def __init__(self, db: Database) -> None:
        self._db = db

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._db._raised = error or self._db._raised


class Savepoint:
    """What `Database.transaction()` gives; a class, for a generator would take as long as the savepoint itself."""

    __slots__ = ("_changes", "_db", "_depth", "_notes")

    def __init__(self, db: Database) -> None:
        self._db = db

    def __enter__(self) -> None:
        db = self._db
        db.lock.acquire()
        self._depth = depth = db._depth
        if depth:
            db._pending += (
                1  # most requests only read, and each statement is a part of what they take
            )
        else:
            try:
                db._db.execute(db._begin)
            except BaseException:
                db.lock.release()
                raise
        db._depth = depth + 1
        self._notes, self._changes = len(db.notes), db._db.total_changes

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        db = self._db
        try:
            if db._pending:
                db._pending -= 1
                return
            end = db._end_inner if self._depth else db._end
            end(self._notes, self._changes, undo=kind is not None)
        finally:
            db._depth = self._depth
            db.lock.release()


def _image(connection: sqlite3.Connection) -> bytes | None:
    """The bytes of a database, or None where SQLite was built without this."""
    serialize: Callable[[], bytes] | None = getattr(connection, "serialize", None)
    return None if serialize is None else serialize()

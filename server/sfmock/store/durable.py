"""A database in a file of its own: the outermost transaction is committed before its reply, so a killed process loses none.

Between transactions none is open, as SQLite can back up only then; a snapshot is such a copy, in memory.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from sfmock.store import files
from sfmock.store.database import Database


class DurableDatabase(Database):
    """The file of an org, owned until `close()`; raises OrgFileError where another org owns it."""

    durable = True
    _begin = "BEGIN IMMEDIATE"

    def __init__(self, path: Path) -> None:
        files.require(path)
        self._path = path.resolve()
        held = files.claim(self._path)
        try:
            connection = files.open_owned(self._path)
        except BaseException:
            files.unclaim(self._path, held)
            raise
        self._copies: list[sqlite3.Connection] = []
        super().__init__(connection, partial(_close, self._path, connection, held, self._copies))
        self.before_commit: Callable[[], None] = _nothing
        """Called inside an outermost transaction that is about to be committed."""

    def begin(self) -> None:
        """Nothing: an org that owns its file has no baseline."""

    def reset(self) -> None:
        """Raise RuntimeError: what was committed stays."""
        raise RuntimeError(
            "an org that owns its file has no start to go back to: open a private copy by Org.open(path)"
        )

    def _end(self, notes: int, changes: int, *, undo: bool) -> None:
        try:
            if not undo:
                self.before_commit()
                self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:  # not committed, or COMMIT failed: the disk is full
                self.undone += 1
                del self.notes[notes:]
                self._db.execute("ROLLBACK")

    def snapshot(self) -> int:
        """Copy the present state into memory; the number is for `restore`."""
        with self.lock:
            self._alone("snapshot")
            copy = files.connect(":memory:")
            self._db.backup(copy)
            self._copies.append(copy)
            self._remember(next(self._numbers))
            return self.latest

    def restore(self, number: int) -> None:
        """Back to a snapshot, in the file too; later ones are gone. Raises ValueError for one that is gone."""
        with self.lock:
            self._alone("restore")
            place = self.place(number)
            self.undone += 1
            self._copies[place].backup(self._db)
            del self.notes[self._snapshot_marks[place] :]
            self._forget(place + 1)

    def drop(self, number: int) -> None:
        """Forget a snapshot and later ones; what was written since stays."""
        with self.lock:
            self._alone("forgetting a snapshot")
            self._forget(self.place(number))

    def _forget(self, place: int) -> None:
        super()._forget(place)
        while len(self._copies) > place:
            self._copies.pop().close()

    def write_to(self, path: Path) -> None:
        """Write all of it to a new file."""
        with self.lock:
            self._alone("saving")
            with closing(files.connect(str(path))) as target:
                self._db.backup(target)

    @property
    def alive(self) -> bool:
        """Whether a transaction stands exactly where one was begun; False means that a bug ended it."""
        return self._db.in_transaction == (self._depth > 0)

    def owns(self, path: Path) -> bool:
        """Whether this is the file that it lives in."""
        return path.resolve() == self._path


def _nothing() -> None:
    pass


def _close(
    path: Path,
    connection: sqlite3.Connection,
    held: sqlite3.Connection,
    copies: list[sqlite3.Connection],
) -> None:
    for each in copies:
        each.close()
    with suppress(sqlite3.OperationalError):  # a reader is at it: the last connection tidies up
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    files.unclaim(path, held)

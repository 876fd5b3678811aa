"""Rows whose changes a restore has undone: they are newer than their stamps say, for clients may have kept the undone ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sfmock.clock import system_datetime
from sfmock.store.database import Database, Value

DDL = ("CREATE TABLE IF NOT EXISTS sf_came_back (RecordId TEXT PRIMARY KEY, Moment TEXT NOT NULL)",)
_SECOND = timedelta(seconds=1)


class CameBack:
    """Moments by record, as system fields hold them."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._undone = -1
        self._moments: dict[str, str] = {}

    def moments(self) -> dict[str, str]:
        """All there are; they come and go with the ways back that the database takes."""
        with self._db.lock:
            if self._undone != self._db.undone:
                self._undone = self._db.undone
                found = self._db.rows("SELECT RecordId, Moment FROM sf_came_back")
                self._moments = {str(record_id): str(moment) for record_id, moment in found}
            return self._moments

    def modified(self, record_id: Value, stamp: Value) -> Value:
        """When a record was last modified, for whoever asks over HTTP: its stamp, or the later restore."""
        moment = self.moments().get(str(record_id))
        return stamp if moment is None or (isinstance(stamp, str) and stamp > moment) else moment

    def after(self, undone: Iterable[tuple[str, Value]], now: str) -> dict[str, str]:
        """The moments once a restore has undone these rows, given with their undone stamps."""
        found = {
            record_id: max(now, _next(stamp) if isinstance(stamp, str) else now)
            for record_id, stamp in undone
        }
        for record_id, moment in self.moments().items():
            found[record_id] = max(moment, found.get(record_id, moment))
        return found

    def put_back(self, moments: dict[str, str]) -> None:
        """Keep moments over a restore, whose snapshot may not have them."""
        for record_id, moment in moments.items():
            self._db.execute(
                "INSERT INTO sf_came_back (RecordId, Moment) VALUES (?, ?)"
                " ON CONFLICT (RecordId) DO UPDATE SET Moment = excluded.Moment",
                (record_id, moment),
            )
        self._undone = -1


def _next(stamp: str) -> str:
    """The second behind a stamp: dates of HTTP tell no parts of it."""
    return system_datetime(datetime.fromisoformat(f"{stamp[:19]}+00:00") + _SECOND)

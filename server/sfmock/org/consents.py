"""Which users have allowed which apps what on the approval page: nobody is asked twice for the same (oauth.md 3.3)."""

from __future__ import annotations

from collections.abc import Iterable

from sfmock.clock import Clock
from sfmock.store.database import Database

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_consent (user_id TEXT NOT NULL, app_id TEXT NOT NULL, scope TEXT NOT NULL,"
    " created REAL NOT NULL)",
)


class Consents:
    """What users have allowed."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def note(self, user_id: str, app_id: str, scopes: Iterable[str]) -> None:
        """A user allows an app these scopes."""
        self._db.execute(
            "INSERT INTO sf_consent (user_id, app_id, scope, created) VALUES (?, ?, ?, ?)",
            (user_id, app_id, " ".join(scopes), self._clock.timestamp()),
        )

    def cover(self, user_id: str, app_id: str, scopes: Iterable[str]) -> bool:
        """Whether a user has allowed an app all of these scopes."""
        rows = self._db.rows(
            "SELECT scope FROM sf_consent WHERE user_id = ? AND app_id = ?", (user_id, app_id)
        )
        allowed = {each for (scope,) in rows for each in str(scope).split()}
        return bool(rows) and allowed.issuperset(scopes)

    def forget(self, user_id: str, app_id: str) -> None:
        """A user or an administrator takes the consent for an app back."""
        self._db.execute(
            "DELETE FROM sf_consent WHERE user_id = ? AND app_id = ?", (user_id, app_id)
        )

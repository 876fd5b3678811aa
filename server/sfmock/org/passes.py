"""One-time passwords for a browser: what `singleaccess` puts into its URL (oauth.md 5.5)."""

from __future__ import annotations

from random import Random

from sfmock.clock import Clock
from sfmock.org import tokens
from sfmock.store.database import Database

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_pass (otp TEXT PRIMARY KEY, user_id TEXT NOT NULL, created REAL NOT NULL)",
)
LIFETIME = 60.0


class Passes:
    """The org's one-time passwords."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def issue(self, random: Random, org_id: str, user_id: str) -> str:
        """A new one; it looks like a session id."""
        otp = tokens.access_token(random, org_id)
        self._db.execute(
            "INSERT INTO sf_pass (otp, user_id, created) VALUES (?, ?, ?)",
            (otp, user_id, self._clock.timestamp()),
        )
        return otp

    def take(self, otp: str) -> str | None:
        """The id of the user whom it lets in, once and for a minute; None for any other text."""
        row = self._db.row("SELECT user_id, created FROM sf_pass WHERE otp = ?", (otp,))
        self._db.execute("DELETE FROM sf_pass WHERE otp = ?", (otp,))
        if row is None or self._clock.timestamp() >= float(row[1] or 0.0) + LIFETIME:
            return None
        return str(row[0])

    def knows(self, otp: str) -> bool:
        """Whether this org has given it."""
        return self._db.value("SELECT 1 FROM sf_pass WHERE otp = ?", (otp,)) is not None

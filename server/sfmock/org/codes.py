"""Authorization codes: good for 15 minutes and one use (oauth.md 3.3)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256
from random import Random

from sfmock import login_errors
from sfmock.clock import Clock
from sfmock.org import jws, tokens
from sfmock.org.authorize_requests import Asked
from sfmock.store.database import Database

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_code (code TEXT PRIMARY KEY, user_id TEXT NOT NULL, asked TEXT NOT NULL,"
    " authenticated REAL NOT NULL, created REAL NOT NULL, used REAL)",
)
LIFETIME = 900.0


@dataclass(frozen=True, slots=True)
class Code:
    """What a code stands for."""

    user_id: str
    asked: Asked
    authenticated: float
    """When the user logged in."""

    def fits(self, verifier: str) -> bool:
        """Whether this verifier is the one that the challenge was made of; without a challenge none is right."""
        if self.asked.challenge is None:
            return not verifier
        digest = jws.encoded(sha256(verifier.encode()).digest())
        return hmac.compare_digest(digest.encode(), self.asked.challenge.rstrip("=").encode())


class Codes:
    """The org's authorization codes."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def issue(self, random: Random, user_id: str, asked: Asked, *, authenticated: float) -> str:
        """A code for what a user has approved."""
        code = tokens.authorization_code(random)
        now = self._clock.timestamp()
        self._db.execute(
            "INSERT INTO sf_code (code, user_id, asked, authenticated, created) VALUES (?, ?, ?, ?, ?)",
            (code, user_id, asked.text(), authenticated, now),
        )
        return code

    def knows(self, code: str) -> bool:
        """Whether this org has given this code."""
        return self._db.value("SELECT 1 FROM sf_code WHERE code = ?", (code,)) is not None

    def take(self, code: str, app_id: str) -> Code:
        """What a code of this app stands for, once; raises INVALID_CODE or EXPIRED_CODE."""
        row = self._db.row(
            "SELECT user_id, asked, authenticated, created FROM sf_code WHERE code = ? AND used IS NULL",
            (code,),
        )
        if row is None:
            raise login_errors.INVALID_CODE()
        user_id, text, authenticated, created = row
        asked = Asked.from_text(str(text))
        if asked.app_id != app_id:
            raise login_errors.INVALID_CODE()
        now = self._clock.timestamp()
        if now >= float(created or 0.0) + LIFETIME:
            raise login_errors.EXPIRED_CODE()
        self._db.execute("UPDATE sf_code SET used = ? WHERE code = ?", (now, code))
        return Code(str(user_id), asked, float(authenticated or 0.0))

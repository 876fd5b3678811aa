"""How long sessions live, by app, profile or org, and whether log-ins share them (oauth.md 9)."""

from __future__ import annotations

from sfmock.org.users import Users
from sfmock.store.database import Database

DEFAULT_LIFETIME = 7200.0
LONGEST = 4_000_000_000
"""Seconds that a session may live, more than a hundred years: its end is a time that the org can tell."""

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_session_settings (id INTEGER PRIMARY KEY, lifetime REAL NOT NULL,"
    " shared INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sf_profile_session (profile_id TEXT PRIMARY KEY, lifetime REAL NOT NULL)",
)


class SessionSettings:
    """What an administrator sets about sessions."""

    def __init__(self, db: Database, users: Users) -> None:
        self._db = db
        self._users = users

    @property
    def lifetime(self) -> float:
        """Seconds that a session of this org lives without use: 2 h unless set."""
        found = self._db.value("SELECT lifetime FROM sf_session_settings WHERE id = 1")
        return float(found) if found is not None else DEFAULT_LIFETIME

    @property
    def shared(self) -> bool:
        """Whether further log-ins of a user through the same app, or by SOAP, answer the session that lives already."""
        return self._db.value("SELECT shared FROM sf_session_settings WHERE id = 1") == 1

    def set(self, *, lifetime: float | None = None, shared: bool | None = None) -> None:
        """Set one of them."""
        values = (
            positive(self.lifetime if lifetime is None else lifetime),
            self.shared if shared is None else shared,
        )
        self._db.execute(
            "INSERT OR REPLACE INTO sf_session_settings (id, lifetime, shared) VALUES (1, ?, ?)",
            values,
        )

    def set_profile(self, profile: str, lifetime: float | None) -> None:
        """Session Settings of a profile (name or id); None leaves them to the org."""
        profile_id = self._users.profile_id(profile)
        self._db.execute("DELETE FROM sf_profile_session WHERE profile_id = ?", (profile_id,))
        if lifetime is not None:
            self._db.execute(
                "INSERT INTO sf_profile_session (profile_id, lifetime) VALUES (?, ?)",
                (profile_id, positive(lifetime)),
            )

    def lifetime_of(self, user_id: str) -> float:
        """Seconds that the sessions of a user live, where their app does not say: profile before org."""
        found = self._db.value(
            'SELECT p.lifetime FROM sf_profile_session p JOIN "User" u ON u."ProfileId" = p.profile_id'
            ' WHERE u."Id" = ?',
            (user_id,),
        )
        return self.lifetime if found is None else float(found)


def positive(seconds: float) -> float:
    """A lifetime; raises ValueError for none, and for one that no clock here sees the end of."""
    if not 0 < seconds <= LONGEST:
        raise ValueError(f"a session lives 0 to {LONGEST} seconds, not {seconds}")
    return float(seconds)

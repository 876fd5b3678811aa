"""Refresh tokens: what they grant, when they end, and the chain that rotation makes of them (oauth.md 3.10, 9).

Each is an approval of an app by a user, of which five live at most. A family is a token with all that rotation put in its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from sfmock.clock import Clock
from sfmock.org import tokens
from sfmock.store.database import Database, Value

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_refresh (token TEXT PRIMARY KEY, user_id TEXT NOT NULL,"
    " app_id TEXT NOT NULL, scope TEXT NOT NULL, created REAL NOT NULL, used REAL NOT NULL,"
    " family TEXT NOT NULL, revoked REAL, replaced REAL)",
)

MOST_APPROVALS = 5
"""Live refresh tokens that a user may have of one app (oauth.md 9)."""
_COLUMNS = "token, user_id, app_id, scope, created, used, family"


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A refresh token with what it grants; when it ends, its app's policy says."""

    token: str
    user_id: str
    app_id: str
    scopes: tuple[str, ...]
    created: float
    used: float
    """When it was last used; at first, when it was issued."""
    family: str
    """The first token of its chain: what access tokens remember that came from one of them."""

    def __repr__(self) -> str:
        return f"<RefreshToken {tokens.masked(self.token)} user={self.user_id} app={self.app_id}>"


class RefreshTokens:
    """The org's refresh tokens; the rows of dead ones stay, so that none is ever given again."""

    def __init__(self, db: Database, clock: Clock, key: str) -> None:
        self._db = db
        self._clock = clock
        self._key = key

    def issue(
        self, user_id: str, app_id: str, scopes: Iterable[str], *, family: str | None = None
    ) -> RefreshToken:
        """A new one; after a reset of the org the same ones come again. More than five live: see `surplus`."""
        number = self._db.value(
            "SELECT COUNT(*) FROM sf_refresh WHERE user_id = ? AND app_id = ?", (user_id, app_id)
        )
        token = tokens.refresh_token(Random(f"{self._key}/{user_id}/{app_id}/{number}"))
        now = self._clock.timestamp()
        values = (token, user_id, app_id, " ".join(scopes), now, now, family or token)
        self._db.execute(
            f"INSERT INTO sf_refresh ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", values
        )
        return _refresh_token(values)

    def find(self, token: str) -> RefreshToken | None:
        """The live one of this text, or None."""
        return self._one("revoked IS NULL AND replaced IS NULL AND token = ?", token)

    def latest(self, user_id: str, app_id: str) -> RefreshToken | None:
        """The one that a user was given last for an app, or None."""
        where = "user_id = ? AND app_id = ? ORDER BY rowid DESC LIMIT 1"
        return self._one(f"revoked IS NULL AND replaced IS NULL AND {where}", user_id, app_id)

    def approved(self, user_id: str, app_id: str) -> tuple[str, ...]:
        """The scopes of all that a user has of an app, those of the latest first."""
        rows = self._db.rows(
            "SELECT scope FROM sf_refresh WHERE revoked IS NULL AND replaced IS NULL"
            " AND user_id = ? AND app_id = ? ORDER BY rowid DESC",
            (user_id, app_id),
        )
        return tuple(dict.fromkeys(each for (scope,) in rows for each in str(scope).split()))

    def replaced(self, token: str) -> RefreshToken | None:
        """The one of this text that rotation has put another in the place of, unless its family is revoked."""
        return self._one("revoked IS NULL AND replaced IS NOT NULL AND token = ?", token)

    def surplus(self, user_id: str, app_id: str) -> list[RefreshToken]:
        """The oldest of a user for an app beyond those that may live side by side."""
        rows = self._db.rows(
            f"SELECT {_COLUMNS} FROM sf_refresh WHERE revoked IS NULL AND replaced IS NULL"
            " AND user_id = ? AND app_id = ? ORDER BY rowid DESC LIMIT -1 OFFSET ?",
            (user_id, app_id, MOST_APPROVALS),
        )
        return [_refresh_token(each) for each in rows]

    def note_use(self, token: str) -> None:
        """It was used this moment."""
        self._db.execute(
            "UPDATE sf_refresh SET used = ? WHERE token = ?", (self._clock.timestamp(), token)
        )

    def rotate(self, old: RefreshToken) -> RefreshToken:
        """The token that takes the place of another, which is dead at once."""
        self._db.execute(
            "UPDATE sf_refresh SET replaced = ? WHERE token = ?",
            (self._clock.timestamp(), old.token),
        )
        return self.issue(old.user_id, old.app_id, old.scopes, family=old.family)

    def revoke(self, where: str, *values: str) -> tuple[list[str], set[tuple[str, str]]]:
        """End those of a condition with their families; answers the families that ended, and the users and apps."""
        rows = self._db.rows(
            f"SELECT DISTINCT family, user_id, app_id FROM sf_refresh WHERE revoked IS NULL AND {where}",
            values,
        )
        families = [str(family) for family, _, _ in rows]
        for each in families:
            self._db.execute(
                "UPDATE sf_refresh SET revoked = ? WHERE revoked IS NULL AND family = ?",
                (self._clock.timestamp(), each),
            )
        return families, {(str(user_id), str(app_id)) for _, user_id, app_id in rows}

    def _one(self, where: str, *values: str) -> RefreshToken | None:
        row = self._db.row(f"SELECT {_COLUMNS} FROM sf_refresh WHERE {where}", values)
        return None if row is None else _refresh_token(row)


def _refresh_token(row: tuple[Value, ...]) -> RefreshToken:
    token, user_id, app_id, scope, created, used, family = row
    return RefreshToken(
        token=str(token),
        user_id=str(user_id),
        app_id=str(app_id),
        scopes=tuple(str(scope).split()),
        created=float(created or 0.0),
        used=float(used or 0.0),
        family=str(family),
    )

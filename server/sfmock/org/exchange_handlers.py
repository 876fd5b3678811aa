"""Token exchange handlers: Python functions in the place of the Apex that validates a token and finds its user (oauth.md 3.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from sfmock.org.users import User
from sfmock.store.database import Database

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_token_exchange (name TEXT PRIMARY KEY, number INTEGER NOT NULL)",
)

Handler: TypeAlias = "Callable[[str, str], User | str | None]"
"""Takes the subject token and its type, the last word of the URN; answers a user or a username, or None to refuse it."""


class TokenExchanges:
    """The org's token exchange handlers; the rows say which are there, so that a reset takes them back."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._handlers: list[Handler] = []

    def __repr__(self) -> str:
        return f"<TokenExchanges {self.names}>"

    @property
    def names(self) -> list[str]:
        """The names of the handlers, oldest first."""
        rows = self._db.rows("SELECT name FROM sf_token_exchange ORDER BY number")
        return [str(name) for (name,) in rows]

    def add(self, handler: Handler, *, name: str = "Default") -> None:
        """Let a function handle exchanges: those that ask for it by `token_handler`, and the first one all that ask for none."""
        self._db.execute(
            "INSERT OR REPLACE INTO sf_token_exchange (name, number) VALUES (?, ?)",
            (name, len(self._handlers)),
        )
        self._handlers.append(handler)

    def find(self, name: str | None) -> Handler | None:
        """The handler of this name, or the first one."""
        where = "1 ORDER BY number LIMIT 1" if name is None else "name = ?"
        number = self._db.value(
            f"SELECT number FROM sf_token_exchange WHERE {where}", () if name is None else (name,)
        )
        known = isinstance(number, int) and number < len(self._handlers)
        return self._handlers[number] if known and isinstance(number, int) else None

    def described(self) -> Iterator[str]:
        """What each of them is, in words."""
        return (f"token exchange handler {each}" for each in self.names)

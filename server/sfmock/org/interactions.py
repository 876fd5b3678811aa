"""What goes on between the org and a browser: one interaction from the first page to the answer (oauth.md 3.3, 3.5).

A page's form carries the ticket of its interaction, which works in the browser alone that was shown the page: another site's form
has neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Literal, TypeAlias

from sfmock.clock import Clock
from sfmock.org import tokens
from sfmock.store.database import Database, Value

Purpose: TypeAlias = Literal["authorize", "device"]

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_interaction (ticket TEXT PRIMARY KEY, browser TEXT NOT NULL,"
    " purpose TEXT NOT NULL, subject TEXT NOT NULL, user_id TEXT, created REAL NOT NULL)",
)
LIFETIME = 1800.0
"""Seconds that a page may stay open."""


@dataclass(frozen=True, slots=True)
class Interaction:
    """One of them; `subject` is what is asked for: the text of an authorize request, or a user code."""

    ticket: str
    browser: str
    purpose: Purpose
    subject: str
    user_id: str | None = None
    """Who logged in on its page."""

    def __repr__(self) -> str:
        return f"<Interaction {tokens.masked(self.ticket)} {self.purpose} user={self.user_id}>"


class Interactions:
    """The org's open interactions."""

    def __init__(self, db: Database, clock: Clock, random: Random) -> None:
        self._db = db
        self._clock = clock
        self._random = random

    def new_browser(self) -> str:
        """What a browser without a cookie is known by from now on."""
        return tokens.ticket(self._random)

    def begin(
        self, purpose: Purpose, subject: str, browser: str, user_id: str | None
    ) -> Interaction:
        """A new one; those that were left open too long end."""
        now = self._clock.timestamp()
        self._db.execute("DELETE FROM sf_interaction WHERE created <= ?", (now - LIFETIME,))
        made = Interaction(tokens.ticket(self._random), browser, purpose, subject, user_id)
        self._db.execute(
            "INSERT INTO sf_interaction (ticket, browser, purpose, subject, user_id, created)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (made.ticket, browser, purpose, subject, user_id, now),
        )
        return made

    def find(self, ticket: str, browser: str | None) -> Interaction | None:
        """The one of a ticket, if it is this browser's and open."""
        now = self._clock.timestamp()
        row = self._db.row(
            "SELECT ticket, browser, purpose, subject, user_id FROM sf_interaction"
            " WHERE ticket = ? AND browser = ? AND created > ?",
            (ticket, browser or "", now - LIFETIME),
        )
        return None if row is None else _interaction(row)

    def knows(self, ticket: str) -> bool:
        """Whether this is the ticket of an interaction of this org."""
        sql = "SELECT 1 FROM sf_interaction WHERE ticket = ?"
        return self._db.value(sql, (ticket,)) is not None

    def log_in(self, interaction: Interaction, user_id: str | None) -> Interaction:
        """It goes on as this user, or for None as somebody who is to log in."""
        self._db.execute(
            "UPDATE sf_interaction SET user_id = ? WHERE ticket = ?",
            (user_id, interaction.ticket),
        )
        return Interaction(
            interaction.ticket,
            interaction.browser,
            interaction.purpose,
            interaction.subject,
            user_id,
        )

    def end(self, interaction: Interaction) -> None:
        """It was answered."""
        self._db.execute("DELETE FROM sf_interaction WHERE ticket = ?", (interaction.ticket,))


def _interaction(row: tuple[Value, ...]) -> Interaction:
    ticket, browser, purpose, subject, user_id = row
    return Interaction(
        str(ticket),
        str(browser),
        "device" if purpose == "device" else "authorize",
        str(subject),
        None if user_id is None else str(user_id),
    )

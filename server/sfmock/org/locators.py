"""Query locators: rows of the org's database under which the next pages of a query wait (wire-facts.md 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sfmock import errors, ids
from sfmock.clock import Clock, system_datetime
from sfmock.store.database import Database

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_locator (Number INTEGER PRIMARY KEY, OwnerId TEXT, Expires TEXT,"
    " Query TEXT, AllRows INTEGER, BatchSize INTEGER, Ids TEXT)",
)
"""`Ids` is one text of 18 characters a row: membership and order are frozen, values are read with their page."""

_PREFIX = "0r8"
_LIFETIME = timedelta(days=2)
_ID = 18
_FIND = (
    "SELECT Number, Query, AllRows, BatchSize, Ids FROM sf_locator"
    " WHERE Number = ? AND OwnerId = ? AND Expires > ?"
)


@dataclass(frozen=True, slots=True)
class Locator:
    """A query whose rows are known; it does not depend on the API version that asked."""

    number: int
    text: str
    all_rows: bool
    batch_size: int
    ids: str

    @property
    def total(self) -> int:
        """How many rows the query found."""
        return len(self.ids) // _ID

    def page(self, start: int, size: int) -> list[str]:
        """The ids of one page, in order."""
        part = self.ids[start * _ID : (start + size) * _ID]
        return [part[place : place + _ID] for place in range(0, len(part), _ID)]


class Locators:
    """The locators of one org."""

    def __init__(self, db: Database, *, clock: Clock, pod: str) -> None:
        self._db = db
        self._clock = clock
        self._pod = pod

    def add(
        self, text: str, found: list[str], *, user_id: str, all_rows: bool, batch_size: int
    ) -> Locator:
        """Keep the rows of a query for this user, two days by the org's clock; expired locators go."""
        now = self._clock.now
        last = self._db.value("SELECT MAX(Number) FROM sf_locator")
        number = last + 1 if isinstance(last, int) else 1
        expires = system_datetime(now + _LIFETIME)
        all_ids = "".join(found)
        self._db.execute(
            "INSERT INTO sf_locator (Number, OwnerId, Expires, Query, AllRows, BatchSize, Ids)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, user_id, expires, text, int(all_rows), batch_size, all_ids),
        )
        # Only now: a number that is free again would lead an expired locator to another query's rows.
        self._db.execute("DELETE FROM sf_locator WHERE Expires <= ?", (system_datetime(now),))
        return Locator(number, text, all_rows, batch_size, all_ids)

    def write(self, locator: Locator, sent: int) -> str:
        """The text for `nextRecordsUrl`: the locator's id and the number of rows already sent."""
        return f"{ids.make(_PREFIX, self._pod, locator.number)}-{sent}"

    def find(self, text: str, user_id: str) -> tuple[Locator, int]:
        """A locator of this user and the place to read on; raises INVALID_QUERY_LOCATOR for any other text."""
        head, _, offset = text.partition("-")
        now = system_datetime(self._clock.now)
        row = self._db.row(_FIND, (self._number(head), user_id, now))
        if row is None or not (offset.isascii() and offset.isdigit()) or len(offset) > _ID:
            raise errors.INVALID_QUERY_LOCATOR()
        number, query, all_rows, batch_size, all_ids = row
        found = Locator(
            int(number or 0), str(query), bool(all_rows), int(batch_size or 0), str(all_ids)
        )
        if int(offset) >= found.total:
            raise errors.INVALID_QUERY_LOCATOR()
        return found, int(offset)

    def forget(self, text: str) -> None:
        """Lose a locator, whoever owns it; the row stays, for its number must not be given again."""
        number = self._number(text.partition("-")[0])
        self._db.execute("UPDATE sf_locator SET Expires = '' WHERE Number = ?", (number,))

    def _number(self, head: str) -> int:
        """The row behind a locator's id; 0, which no row has, for what is no id of this org."""
        if ids.canonical(head) != head or not head.startswith(_PREFIX + self._pod):
            return 0
        number = 0
        for char in head[6:15]:
            number = number * 62 + ids.ALPHABET.index(char)
        return number

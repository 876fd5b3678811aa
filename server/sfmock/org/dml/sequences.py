"""The counters behind record ids and auto-numbers: rows of the database, so they roll back with the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sfmock import ids
from sfmock.store.database import Database, Value
from sfmock.store.tables import quote

DDL = ("CREATE TABLE IF NOT EXISTS sf_sequence (name TEXT PRIMARY KEY, value INTEGER NOT NULL)",)


class Sequences:
    """Numbers in increasing order, one series a name."""

    def __init__(self, db: Database, pod: str) -> None:
        self._db = db
        self.pod = pod
        self._last: dict[str, int] = {}
        self._undone = -1

    def record_id(self, prefix: str, table: str) -> str:
        """The next id under a key prefix; the table says where to go on if the series is new."""
        last = self._known(prefix)
        if last is None:
            last = self._start(prefix, self._highest(prefix, table))
        self._advance(prefix, last + 1)
        return ids.make(prefix, self.pod, last + 1)

    def record_ids(self, prefix: str, table: str, number: int) -> Iterator[str]:
        """The next ids under a key prefix, so many of them."""
        if number:
            last = self._known(prefix)
            if last is None:
                last = self._start(prefix, self._highest(prefix, table))
            self._advance(prefix, last + number)
            for each in range(last + 1, last + number + 1):
                yield ids.make(prefix, self.pod, each)

    def next(self, name: str, after: int) -> int:
        """The next number of a series that starts behind `after`."""
        last = self._known(name)
        if last is None:
            last = self._start(name, after)
        self._advance(name, last + 1)
        return last + 1

    def skip_ids(self, record_ids: Iterable[str]) -> None:
        """Take note of ids of one sobject that were given: they are not handed out again."""
        # All have nine digits, whose order is that of their characters' codes.
        last = max((each for each in record_ids if each[3:6] == self.pod), default=None)
        if last is not None:
            self._skip(last[:3], _number(last))

    def skip(self, name: str, number: int, after: int) -> None:
        """Take note of a number that was given."""
        self._skip(name, max(number, after))

    def _skip(self, name: str, number: int) -> None:
        last = self._known(name)
        if last is None:
            self._start(name, number)
        elif number > last:
            self._advance(name, number)

    def _known(self, name: str) -> int | None:
        if self._undone != self._db.undone:  # a rollback may have taken numbers back
            self._last.clear()
            self._undone = self._db.undone
        last = self._last.get(name)
        if last is None:
            stored = self._db.value("SELECT value FROM sf_sequence WHERE name = ?", (name,))
            last = self._last[name] = stored if isinstance(stored, int) else -1
        return None if last < 0 else last

    def _start(self, name: str, value: int) -> int:
        self._db.execute("INSERT INTO sf_sequence (name, value) VALUES (?, ?)", (name, value))
        self._last[name] = value
        return value

    def _advance(self, name: str, value: int) -> None:
        self._db.execute("UPDATE sf_sequence SET value = ? WHERE name = ?", (value, name))
        self._last[name] = value

    def _highest(self, prefix: str, table: str) -> int:
        """The highest number among the ids that the table holds already: those of the pack."""
        start = prefix + self.pod
        highest: Value = self._db.value(
            f'SELECT max("Id") FROM {quote(table)} WHERE "Id" >= ? AND "Id" < ?',
            (start, start + "{"),  # "{" comes behind "z"
        )
        return _number(highest) if isinstance(highest, str) else 0


def _number(record_id: str) -> int:
    number = 0
    for char in record_id[6:15]:
        number = number * 62 + ids.ALPHABET.index(char)
    return number

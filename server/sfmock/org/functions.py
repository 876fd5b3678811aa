"""The Python functions of formula fields: no database can hold them, but it says which of them count at this moment.

So a rollback, a restore or a reset takes a function away, or brings back the one before it, as it does with the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any

from sfmock.store.database import Database, Value

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_function (Number INTEGER PRIMARY KEY, Serial INTEGER NOT NULL)",
)
_COUNTER = 0
"""The number of no formula: its serial is the last one that was given."""


class FormulaFunctions:
    """The functions of one org by the numbers of their formulas."""

    def __init__(self, db: Database) -> None:
        self._db = db
        db.execute("DELETE FROM sf_function")  # those of the process that wrote the file
        self._by_serial: dict[int, Callable[..., Any]] = {}
        self._known: dict[int, Callable[..., Any]] = {}
        self._undone = db.undone

    def get(self, number: int) -> Callable[..., Any] | None:
        """The function of a formula, None where nobody gave one."""
        return self._current().get(number)

    def put(self, functions: Mapping[int, Callable[..., Any]]) -> None:
        """Give formulas their functions, in the place of any former ones."""
        with self._db.lock:
            known = self._current()
            serial = int(self._serial(_COUNTER) or 0)
            for number, function in functions.items():
                serial += 1
                self._by_serial[serial] = function
                self._write(number, serial)
                known[number] = function
            self._write(_COUNTER, serial)

    def forget_all_but(self, numbers: Container[int]) -> None:
        """Take away the functions of all other formulas of the package, whose numbers are below zero."""
        with self._db.lock:
            known = self._current()
            for number in [each for each in known if each < 0 and each not in numbers]:
                self._db.execute("DELETE FROM sf_function WHERE Number = ?", (number,))
                del known[number]

    def _current(self) -> dict[int, Callable[..., Any]]:
        if self._undone != self._db.undone:  # a rollback may have taken functions away
            rows = [
                (int(number or 0), int(serial or 0))
                for number, serial in self._db.rows("SELECT Number, Serial FROM sf_function")
            ]
            last = next((serial for number, serial in rows if number == _COUNTER), 0)
            for later in [each for each in self._by_serial if each > last]:
                del self._by_serial[later]  # no rollback leads forward
            self._known = {
                number: self._by_serial[serial] for number, serial in rows if number != _COUNTER
            }
            self._undone = self._db.undone
        return self._known

    def _write(self, number: int, serial: int) -> None:
        self._db.execute("INSERT OR REPLACE INTO sf_function VALUES (?, ?)", (number, serial))

    def _serial(self, number: int) -> Value:
        return self._db.value("SELECT Serial FROM sf_function WHERE Number = ?", (number,))

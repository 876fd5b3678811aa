"""Formula fields: Python functions of the record, computed whenever a value is read.

SQLite calls `sf_formula(number, Id)` for the rows of a query, so filters, sorting and the page see the same value, and
nothing is stored that could become untrue when another record, the clock or the function's own world changes.
"""

from __future__ import annotations

from types import TracebackType

from sfmock.errors import Refused, refuse
from sfmock.org.dml.values import Unfit, parser_of
from sfmock.org.live import Reader
from sfmock.org.schema import OrgSchema
from sfmock.schema.model import Field, SObject
from sfmock.store.database import Database, Value
from sfmock.store.tables import Tables

_LONGEST = 1300


class FormulaError(RuntimeError):
    """The function of a formula field raised, or answered what its field cannot hold: an error of the test's own code."""


class Formulas:
    """Computes the formula fields of one org."""

    def __init__(self, db: Database, tables: Tables, schema: OrgSchema) -> None:
        self._db = db
        self._schema = schema
        self._reader = Reader(db, tables, lambda: schema.catalogue, self._of_field)
        self._running: list[tuple[int, str]] = []
        db.function("sf_formula", 2, self._of_row)

    def values(self, sobject: SObject, record_id: str) -> dict[str, Value]:
        """The stored forms of the formula fields of a row, by field name; those without a function are left out."""
        return {
            field.name: self._of_field(field, record_id)
            for field in sobject.formulas
            if self._schema.function(field.formula or 0) is not None
        }

    def _of_row(self, number: Value, record_id: Value) -> Value:
        """What SQLite calls: once a row and statement, whatever the query does with the value."""
        if not isinstance(record_id, str):
            return None  # the path to this sobject is empty
        memo = {} if self._db.memo is None else self._db.memo
        key = (number, record_id)
        if key not in memo:
            memo[key] = self._compute(int(number or 0), record_id)
        value: Value = memo[key]
        return value

    def _of_field(self, field: Field, record_id: str) -> Value:
        return self._compute(field.formula or 0, record_id)

    def _compute(self, number: int, record_id: str) -> Value:
        sobject, field = self._schema.formula_field(number)
        name = f"{sobject.name}.{field.name}"
        function = self._schema.function(number)
        if function is None:
            raise refuse(f"the formula of {name}: no Python function computes it")
        record = self._reader.record(sobject, record_id, zero=field.formula_treat_null_as_zero)
        if record is None:
            return None
        with _Blame(self._running, number, record_id, name):
            return _stored(field, function(record))


class _Blame:
    """Says which formula failed on which record; formulas that ask for each other in a circle fail, too."""

    def __init__(
        self, running: list[tuple[int, str]], number: int, record_id: str, name: str
    ) -> None:
        self._running = running
        self._key = (number, record_id)
        self._place = f"the formula of {name} on {record_id}"

    def __enter__(self) -> None:
        if self._key in self._running:
            raise FormulaError(f"{self._place} refers to itself")
        self._running.append(self._key)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._running.pop()
        if isinstance(error, Exception) and not isinstance(error, FormulaError | Refused):
            raise FormulaError(f"{self._place}: {type(error).__name__}: {error}") from error


def _stored(field: Field, value: object) -> Value:
    """What a function answered, as a column would hold it; None is no value (False in a checkbox)."""
    if value is None:
        return 0 if field.type == "boolean" else None
    try:
        if field.type == "string" and not isinstance(value, str):
            raise Unfit
        found = parser_of(field)(value)
    except Unfit:
        raise TypeError(f"{value!r} is no value of type {field.type}") from None
    if not isinstance(value, str) or field.type != "string":
        return found
    if len(value) > _LONGEST:
        raise ValueError(f"its text has more than {_LONGEST} characters")
    return str(value) or None  # not trimmed: nobody saves it

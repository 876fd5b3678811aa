"""One typed table an sobject, made when the sobject is first touched.

Column names are API names. Text that may be filtered or sorted has a shadow column `f:<name>` that holds its folded
form, so comparing needs no function and any index works. Compound address and location fields have no column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sfmock.schema.model import REAL_TYPES, Field, SObject
from sfmock.store.database import Database, Value
from sfmock.store.fold import fold

_MOST_MADE = 1024
_made: dict[int, tuple[SObject, tuple[str, ...]]] = {}
# by identity; an entry holds its sobject, so an id is never reused


def quote(name: str) -> str:
    """A name as an SQL identifier; names come from the schema and hold letters, digits and `_`; folded columns have a `:` that none of them has."""
    return f'"{name}"'


def shadow(field: Field) -> str | None:
    """The folded column of a text field, or None where comparing needs no folding."""
    if not field.is_text or not (field.filterable or field.sortable):
        return None
    return f"f:{field.name}"


def column_type(field: Field) -> str:
    """The SQLite type of a field's column."""
    if field.type in REAL_TYPES:
        return "REAL"
    return "INTEGER" if field.type in ("int", "boolean", "long") else "TEXT"


class Tables:
    """Which tables the database has, and the statements that make the missing ones."""

    def __init__(
        self,
        db: Database,
        fill: Callable[[SObject], None] | None = None,
        filled: Iterable[str] = (),
        prepared: Iterable[str] = (),
    ) -> None:
        self._db = db
        self._fill = fill
        """Puts the first rows into a table that was made this moment."""
        self._filled = frozenset(filled)
        """The sobjects that have first rows."""
        self._prepared = set(prepared)
        """Those whose tables are there as they have to be, but for what this org puts into their first rows."""
        self._ready: dict[str, SObject] = {}
        self._settled: dict[str, SObject] = {}
        self._present: frozenset[str] | None = None
        self._undone = -1

    def settle(self) -> None:
        """The tables of this moment outlast every rollback: to be called where the baseline is made."""
        self._forget_undone()
        self._settled = dict(self._ready)

    def ready(self, sobject: SObject) -> bool:
        """Whether the sobject's table has been ensured and still is as then."""
        self._forget_undone()
        return self._ready.get(sobject.name) is sobject

    def ensure(self, sobject: SObject) -> None:
        """Make the sobject's table, or add the columns it lacks; costs nothing the second time."""
        self._forget_undone()
        sobject = sobject.whole or sobject
        if self._ready.get(sobject.name) is sobject:
            return
        with self._db.lock:
            if sobject.name in self._prepared:
                self._prepared.discard(sobject.name)
                self._put_first_rows(sobject)
            else:
                self._create_or_extend(sobject)
            self._ready[sobject.name] = sobject
            if self._present is not None and sobject.name not in self._present:
                self._present |= {sobject.name}

    def ensure_all(self, sobjects: Iterable[SObject]) -> None:
        """Make these sobjects' tables; they are whole, not what one user sees of them."""
        self._forget_undone()
        ready = self._ready
        for each in sobjects:
            if ready.get(each.name) is not each:
                self.ensure(each)

    def may_have_rows(self, sobject: SObject) -> bool:
        """Whether the sobject has a table, or would come with first rows; makes none."""
        return sobject.name in self.used()

    def is_empty(self, sobject: SObject) -> bool:
        """Whether there is not one row, deleted ones included."""
        if not self.may_have_rows(sobject):
            return True
        self.ensure(sobject)
        return self._db.row(f"SELECT 1 FROM {quote(sobject.name)} LIMIT 1") is None

    def used(self) -> frozenset[str]:
        """The names of all tables that may have rows: those that are there, and those that would come with first rows."""
        self._forget_undone()
        present = self._present
        if present is None:
            with self._db.lock:
                found = self._db.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
                present = self._present = self._filled.union(str(name) for (name,) in found)
        return present

    def _forget_undone(self) -> None:
        if self._undone != self._db.undone:  # a rollback may have taken tables away
            self._ready = dict(self._settled)
            self._present = None
            self._undone = self._db.undone

    def _create_or_extend(self, sobject: SObject) -> None:
        found = self._db.rows(f"PRAGMA table_info({quote(sobject.name)})")
        if found:
            self._add_columns(sobject, {str(name) for _, name, *_ in found})
            return
        for statement in statements(sobject):
            self._db.execute(statement)
        self._put_first_rows(sobject)

    def _put_first_rows(self, sobject: SObject) -> None:
        if self._fill is not None:
            self._fill(sobject)

    def _add_columns(self, sobject: SObject, present: set[str]) -> None:
        for field in sobject.columns:
            if field.name in present or not field.stored:
                continue
            for column in _columns(field):
                self._db.execute(f"ALTER TABLE {quote(sobject.name)} ADD COLUMN {column}")
            if _has_index(field):
                self._db.execute(_index(sobject, field))


def statements(sobject: SObject) -> tuple[str, ...]:
    """The statements that make the sobject's table and indexes, shared by all orgs of the process."""
    known = _made.get(id(sobject))
    if known is None:
        if len(_made) >= _MOST_MADE:
            _made.clear()
        columns = ['"Id" TEXT PRIMARY KEY']
        for field in sobject.columns:
            columns.extend(_columns(field))
        table = f"CREATE TABLE {quote(sobject.name)} ({', '.join(columns)})"
        indexes = [_index(sobject, each) for each in sobject.columns if _has_index(each)]
        known = _made[id(sobject)] = (sobject, (table, *indexes))
    return known[1]


def temporary_statements(sobject: SObject) -> tuple[str, ...]:
    """The statements that make the sobject's table anew outside of the org's own database, without indexes."""
    name = quote(sobject.name)
    columns = [
        '"Id" TEXT PRIMARY KEY',
        *(one for each in sobject.columns for one in _columns(each)),
    ]
    return f"DROP TABLE IF EXISTS temp.{name}", f"CREATE TEMP TABLE {name} ({', '.join(columns)})"


def put_temporary(db: Database, sobject: SObject, rows: Iterable[Mapping[str, Value]]) -> None:
    """Add rows to such a table; they have values for the same columns or fewer."""
    stored = [each for each in sobject.columns if each.stored]
    folded = [each for each in stored if shadow(each)]
    names = [*(each.name for each in stored), *(f"f:{each.name}" for each in folded)]
    places = ", ".join("?" for _ in names)
    db.execute_many(
        f"INSERT INTO temp.{quote(sobject.name)} ({', '.join(map(quote, names))}) VALUES ({places})",
        (
            [
                *(row.get(each.name) for each in stored),
                *(_folded(row.get(each.name)) for each in folded),
            ]
            for row in rows
        ),
    )


def _folded(value: Value) -> Value:
    return fold(value) if isinstance(value, str) else None


def _has_index(field: Field) -> bool:
    return field.unique or field.external_id or field.name_field or _is_parent_key(field)


def _index(sobject: SObject, field: Field) -> str:
    column = shadow(field) if shadow(field) and not field.case_sensitive else field.name
    return (
        f"CREATE INDEX {quote(f'i_{sobject.name}_{field.name}')} ON {quote(sobject.name)}"
        f" ({quote(str(column))}) WHERE {quote(str(column))} IS NOT NULL"
    )


def _is_parent_key(field: Field) -> bool:
    return field.type == "reference" and field.relationship_name is not None and field.createable


def _columns(field: Field) -> list[str]:
    if not field.stored or field.type == "id":
        return []
    columns = [f"{quote(field.name)} {column_type(field)}"]
    folded = shadow(field)
    if folded is not None:
        columns.append(f"{quote(folded)} TEXT")
    return columns

"""The tokens of all rows of the sobjects that were searched: an inverted index in the org's own database.

It is made when an sobject is searched for the first time. From then on triggers note which rows change, and the next
search reads these anew: what never searches pays nothing, and a rollback takes back index and notes with the rows. An
index of our own, and not FTS5, gives the same answers with every build of SQLite.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sfmock.schema.model import Field, SObject
from sfmock.sosl.nodes import Both, Either, Phrase, Term, Without, Word
from sfmock.sosl.tokens import is_word, tokens
from sfmock.store.database import Database, Value
from sfmock.store.tables import Tables, quote

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_search (SObject TEXT, Token TEXT, RecordId TEXT, Field TEXT,"
    " PRIMARY KEY (SObject, Token, RecordId, Field)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS sf_search_record ON sf_search (RecordId)",
    "CREATE TABLE IF NOT EXISTS sf_search_stale (RecordId TEXT PRIMARY KEY, SObject TEXT)",
    "CREATE TABLE IF NOT EXISTS sf_search_ready (SObject TEXT PRIMARY KEY)",
)
SEARCHED = frozenset({"string", "textarea", "email", "phone", "url", "combobox"})
"""The types whose text is searched; formulas and encrypted text never are (sosl.md 3)."""
_BEHIND = "CAST(x'F5' AS TEXT)"


def searched_fields(sobject: SObject) -> tuple[Field, ...]:
    """The fields of an sobject that a search looks into."""
    return tuple(
        each
        for each in sobject.fields
        if each.type in SEARCHED and each.stored and each.formula is None and not each.encrypted
    )


class SearchIndex:
    """Which records hold which tokens."""

    def __init__(self, db: Database, tables: Tables) -> None:
        self._db = db
        self._tables = tables

    def find(self, sobject: SObject, term: Term, fields: Sequence[Field]) -> set[str]:
        """The ids of the records in whose fields the term is found; deleted ones among them."""
        self._prepare(sobject)
        return self._of(sobject, term, [each.name for each in fields])

    def _of(self, sobject: SObject, term: Term, fields: list[str]) -> set[str]:
        match term:
            case Both(left, right):
                found = self._of(sobject, left, fields)
                return found & self._of(sobject, right, fields) if found else found
            case Either(left, right):
                return self._of(sobject, left, fields) | self._of(sobject, right, fields)
            case Without(left, right):
                found = self._of(sobject, left, fields)
                return found - self._of(sobject, right, fields) if found else found
            case Word(text, wild):
                return {record_id for record_id, _ in self._places(sobject, text, wild, fields)}
            case Phrase(wanted):
                return self._phrase(sobject, wanted, fields)

    def _places(
        self, sobject: SObject, text: str, wild: bool, fields: list[str]
    ) -> set[tuple[str, str]]:
        """The records and fields that hold a token."""
        test, values = "Token = ?", [text]
        if wild:
            prefix = text.replace("?", "*").partition("*")[0]
            test = f"Token >= ? AND Token < ? || {_BEHIND} AND Token LIKE ?"
            values = [prefix, prefix, text.replace("*", "%").replace("?", "_")]
        marks = ", ".join("?" * len(fields))
        rows = self._db.rows(
            f"SELECT RecordId, Field FROM sf_search WHERE SObject = ? AND {test} AND Field IN ({marks})",
            (sobject.name, *values, *fields),
        )
        return {(str(record_id), str(name)) for record_id, name in rows}

    def _phrase(self, sobject: SObject, wanted: Sequence[str], fields: list[str]) -> set[str]:
        words = [each for each in wanted if is_word(each)]
        candidates = self._places(sobject, words[0], False, fields)
        for each in words[1:]:
            candidates &= self._places(sobject, each, False, fields)
        found: set[str] = set()
        for record_id, name in candidates:
            value = self._db.value(
                f'SELECT {quote(name)} FROM {quote(sobject.name)} WHERE "Id" = ?', (record_id,)
            )
            if _holds(tokens(str(value)), list(wanted)):
                found.add(record_id)
        return found

    def _prepare(self, sobject: SObject) -> None:
        """The index as it must be now: made if it is not there, else with what has changed."""
        self._tables.ensure(sobject)
        name = sobject.name
        if self._db.value("SELECT 1 FROM sf_search_ready WHERE SObject = ?", (name,)) is None:
            with self._db.transaction():
                for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
                    self._db.execute(
                        f"CREATE TRIGGER {quote(f'search_{event}_{name}')} AFTER {event} ON {quote(name)} BEGIN"
                        f" INSERT OR IGNORE INTO sf_search_stale VALUES ({row}.Id, '{name}'); END"
                    )
                self._db.execute("INSERT INTO sf_search_ready VALUES (?)", (name,))
                self._read(sobject, "", ())
        elif self._db.value("SELECT 1 FROM sf_search_stale WHERE SObject = ? LIMIT 1", (name,)):
            with self._db.transaction():
                stale = "SELECT RecordId FROM sf_search_stale WHERE SObject = ?"
                self._db.execute(f"DELETE FROM sf_search WHERE RecordId IN ({stale})", (name,))
                self._read(sobject, f' WHERE "Id" IN ({stale})', (name,))
                self._db.execute("DELETE FROM sf_search_stale WHERE SObject = ?", (name,))

    def _read(self, sobject: SObject, where: str, values: Sequence[Value]) -> None:
        fields = searched_fields(sobject)
        if not fields:
            return
        names = ", ".join(quote(each.name) for each in fields)
        rows = self._db.rows(f'SELECT "Id", {names} FROM {quote(sobject.name)}{where}', values)
        entries = (
            (sobject.name, token, record_id, field.name)
            for record_id, *texts in rows
            for field, text in zip(fields, texts, strict=True)
            if text is not None
            for token in _words(str(text))
        )
        self._db.execute_many("INSERT INTO sf_search VALUES (?, ?, ?, ?)", entries)


def _words(text: str) -> Iterable[str]:
    return {each for each in tokens(text) if is_word(each)}


def _holds(found: list[str], wanted: list[str]) -> bool:
    """Whether the tokens stand next to each other in this order."""
    count = len(wanted)
    return any(found[at : at + count] == wanted for at in range(len(found) - count + 1))

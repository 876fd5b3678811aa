"""The tokens of all rows of the sobjects that were searched: an inverted index in the org's own database.

It is made when an sobject is searched for the first time. From then on triggers note which rows change, and the next
search reads these anew: what never searches pays nothing, and a rollback takes back index and notes with the rows. An
index of our own, and not FTS5, gives the same answers with every build of SQLite.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sfmock.schema.model import Field, SObject
from sfmock.sosl.nodes import Both, Either, Join, Phrase, Term, Without, Word, inside
from sfmock.sosl.tokens import is_word, plain, tokens
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
PARENT = "AccountId"
"""The reference of a contact to its account."""
_BEHIND = "CAST(x'F5' AS TEXT)"


def searched_fields(sobject: SObject) -> tuple[Field, ...]:
    """The fields of an sobject that a search looks into."""
    return tuple(
        each
        for each in sobject.fields
        if each.type in SEARCHED and each.stored and each.formula is None and not each.encrypted
    )


@dataclass(frozen=True, slots=True)
class _Looked:
    """Where a term is looked for: the fields of an sobject, and of contacts the name of their account."""

    sobject: SObject
    fields: list[str]
    account: SObject | None


class SearchIndex:
    """Which records hold which tokens."""

    def __init__(self, db: Database, tables: Tables) -> None:
        self._db = db
        self._tables = tables

    def find(
        self, sobject: SObject, term: Term, fields: Sequence[Field], account: SObject | None = None
    ) -> set[str]:
        """The ids of the records in whose fields the term is found, or in the name of their account; deleted ones, too."""
        self._prepare(sobject)
        if account is not None:
            self._prepare(account)
        looked = _Looked(sobject, [each.name for each in fields], account)
        found: list[set[str]] = []
        for part in reversed(inside(term)):
            match part:
                case Word():
                    found.append({record_id for record_id, _ in self._places(looked, part)})
                case Phrase(wanted):
                    found.append(self._phrase(looked, wanted))
                case _:
                    right, left = found.pop(), found.pop()
                    found.append(_joined(part, left, right))
        return found[0]

    def _places(self, looked: _Looked, word: Word) -> set[tuple[str, str]]:
        """The records and fields that hold a token."""
        test, values = "Token = ?", [word.text]
        if word.wild:
            prefix = word.text.replace("?", "*").partition("*")[0]
            test = f"Token >= ? AND Token < ? || {_BEHIND} AND Token LIKE ?"
            values = [prefix, prefix, word.text.replace("*", "%").replace("?", "_")]
        marks = ", ".join("?" * len(looked.fields))
        rows = self._db.rows(
            f"SELECT RecordId, Field FROM sf_search WHERE SObject = ? AND {test} AND Field IN ({marks})",
            (looked.sobject.name, *values, *looked.fields),
        )
        if looked.account is not None:
            rows += self._db.rows(
                f'SELECT c."Id", ? FROM sf_search s JOIN {quote(looked.sobject.name)} c ON c.{quote(PARENT)} = s.RecordId'
                f" WHERE s.SObject = ? AND {test} AND s.Field = 'Name'",
                (PARENT, looked.account.name, *values),
            )
        return {(str(record_id), str(name)) for record_id, name in rows}

    def _phrase(self, looked: _Looked, wanted: Sequence[str]) -> set[str]:
        words = [Word(each) for each in wanted if is_word(each)]
        candidates = self._places(looked, words[0])
        for each in words[1:]:
            candidates &= self._places(looked, each)
        found: set[str] = set()
        for record_id, name in candidates:
            if _holds(tokens(self._text(looked, record_id, name)), list(wanted)):
                found.add(record_id)
        return found

    def _text(self, looked: _Looked, record_id: str, name: str) -> str:
        own, field = looked.sobject, looked.sobject.find(name)
        value = self._db.value(
            f'SELECT {quote(name)} FROM {quote(own.name)} WHERE "Id" = ?', (record_id,)
        )
        if name == PARENT and looked.account is not None:
            account = quote(looked.account.name)
            value = self._db.value(f'SELECT "Name" FROM {account} WHERE "Id" = ?', (value,))
        return plain(str(value)) if field is not None and field.html_formatted else str(value)

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
            for token in _words(field, str(text))
        )
        self._db.execute_many("INSERT INTO sf_search VALUES (?, ?, ?, ?)", entries)


def _joined(join: Join, left: set[str], right: set[str]) -> set[str]:
    match join:
        case Both():
            return left & right
        case Either():
            return left | right
        case Without():
            return left - right


def _words(field: Field, text: str) -> Iterable[str]:
    """The words of a text; of a telephone number its digits are one, too."""
    text = plain(text) if field.html_formatted else text
    found = {each for each in tokens(text) if is_word(each)}
    digits = "".join(each for each in text if each.isdecimal())
    return found | {digits} if field.type == "phone" and digits else found


def _holds(found: list[str], wanted: list[str]) -> bool:
    """Whether the tokens stand next to each other in this order."""
    count = len(wanted)
    return any(found[at : at + count] == wanted for at in range(len(found) - count + 1))

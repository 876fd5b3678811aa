"""How the first rows come into a new org: the statements are planned once a process, each org fills in its ids and stamps.

Rows stand in the form of `Org.load()`; `"@ref": "acme"` names a row, and the value `"@acme"` points to it. Text may hold
`{org_id}` and `{domain}`, for usernames must be unique across all orgs, `{host}`, the My Domain, and `{id}`, the row's own. Where text itself begins
with `@` or has a `{`, these are written `@@` and `{{`. Rows that name no author were made by the user `@admin`, if there is one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sfmock import ids
from sfmock.org.behaviour.statuses import BUILT_IN
from sfmock.org.packs import Pack, Rows
from sfmock.schema.model import Field, SObject
from sfmock.store.database import Database, Value
from sfmock.store.fold import fold
from sfmock.store.tables import quote, shadow, statements
from sfmock.wire import JSON

PREPARED = ("Organization", "Profile", "User")
"""Sobjects that every session asks: their tables are part of the baseline, all others are made when they are touched."""
_MAKERS = ("CreatedById", "LastModifiedById")
_STAMPS = ("CreatedDate", "LastModifiedDate", "SystemModstamp")


@dataclass(frozen=True, slots=True)
class _Row:
    """Values in the order of the statement's columns, and what each org puts in their place."""

    ref: str | None
    record_id: str | None
    """The id that the pack gives; most rows leave it to the org."""
    values: Sequence[Value]
    fills: Sequence[tuple[int, str, bool]]
    """Position, text with references or placeholders, and whether the column holds it folded."""


@dataclass(frozen=True)
class _Batch:
    """All rows of one sobject."""

    sobject: SObject
    columns: Sequence[str]
    rows: Sequence[_Row]

    @cached_property
    def insert(self) -> str:
        """The statement that inserts a row."""
        columns = ", ".join(map(quote, self.columns))
        marks = ", ".join("?" * len(self.columns))
        return f"INSERT INTO {quote(self.sobject.name)} ({columns}) VALUES ({marks})"

    @cached_property
    def filled(self) -> Sequence[int]:
        """The positions of what an org puts in: the id, and what any of the rows leaves to it."""
        return sorted({0, *(position for row in self.rows for position, _, _ in row.fills)})

    @cached_property
    def complete(self) -> str:
        """The statement that puts these into a row that stands there without them."""
        columns = ", ".join(f"{quote(self.columns[each])} = ?" for each in self.filled)
        return f"UPDATE {quote(self.sobject.name)} SET {columns} WHERE rowid = ?"

    @property
    def prepared(self) -> str:
        """SQL that inserts the rows as far as all orgs have the same."""
        columns = ", ".join(map(quote, self.columns))
        rows = ", ".join(self._prepared(row, number) for number, row in enumerate(self.rows, 1))
        return f"INSERT INTO {quote(self.sobject.name)} ({columns}) VALUES {rows}"

    def _prepared(self, row: _Row, number: int) -> str:
        values = list(row.values)
        for each in self.filled:
            values[each] = None
        values[0] = str(number)  # an id has to be there
        return f"({', '.join(map(_literal, values))})"


class Seeds:
    """The first rows of one org: those of an sobject come with its table, for most tests touch few of them."""

    def __init__(
        self,
        pack: Pack,
        db: Database,
        *,
        pod: str,
        org_id: str,
        texts: Mapping[str, str],
        sandbox: bool = False,
    ) -> None:
        self._db = db
        self._sandbox = sandbox
        self._texts = {f"{{{name}}}": value for name, value in texts.items()}
        """The placeholders' values, `now` among them."""
        plan = _plan(pack)
        self._batches = {batch.sobject.name: batch for batch in plan}
        numbers: dict[str, Iterator[int]] = {}  # by prefix, for several sobjects may share one
        self._ids = {batch.sobject.name: _ids(batch, pod, org_id, numbers) for batch in plan}
        self._refs = {
            f"@{row.ref}": record_id
            for batch in plan
            for row, record_id in zip(batch.rows, self._ids[batch.sobject.name], strict=True)
            if row.ref is not None
        }

    @property
    def names(self) -> tuple[str, ...]:
        """The sobjects that have first rows."""
        return tuple(self._batches)

    @property
    def refs(self) -> dict[str, str]:
        """The names of rows by their ids."""
        return {record_id: name for name, record_id in self._refs.items()}

    def fill(self, sobject: SObject) -> None:
        """Insert the rows of an sobject whose table was made this moment, or complete those that are prepared."""
        batch = self._batches.get(sobject.name)
        if batch is None:
            return
        prepared = sobject.name in PREPARED
        for number, (row, record_id) in enumerate(
            zip(batch.rows, self._ids[sobject.name], strict=True), 1
        ):
            values = list(row.values)
            values[0] = record_id
            texts = {**self._texts, "{id}": record_id}
            for position, text, folded in row.fills:
                filled = _fill(text, self._refs, texts)
                values[position] = fold(filled) if folded else filled
            if prepared:
                self._db.execute(batch.complete, [*(values[each] for each in batch.filled), number])
            else:
                self._db.execute(batch.insert, values)
        if sobject.name == "Organization" and self._sandbox:
            self._db.execute('UPDATE "Organization" SET "IsSandbox" = 1')


@lru_cache(maxsize=16)
def prepared_tables(pack: Pack) -> tuple[str, ...]:
    """SQL that makes the tables of `PREPARED`, with their first rows as far as all orgs of the pack have the same."""
    batches = {batch.sobject.name: batch for batch in _plan(pack)}
    found: list[str] = []
    for name in PREPARED:
        sobject = pack.package.find(name)
        if sobject is not None:
            found.extend(statements(sobject))
        if name in batches and batches[name].rows:
            found.append(batches[name].prepared)
    return tuple(found)


def _literal(value: Value) -> str:
    """A value in SQL."""
    if value is None:
        return "NULL"
    return repr(value) if not isinstance(value, str) else "'" + value.replace("'", "''") + "'"


def _ids(batch: _Batch, pod: str, org_id: str, numbers: dict[str, Iterator[int]]) -> list[str]:
    if batch.sobject.name == "Organization":
        return [org_id]
    prefix = str(batch.sobject.id_prefix)
    counter = numbers.setdefault(prefix, itertools.count(1))
    return [row.record_id or ids.make(prefix, pod, next(counter)) for row in batch.rows]


def _fill(text: str, refs: Mapping[str, str], texts: Mapping[str, str]) -> str:
    if text.startswith("@") and not text.startswith("@@"):
        return refs[text]
    whole = texts.get(text)
    if whole is not None:
        return whole
    parts = text.removeprefix("@").split("{{") if text.startswith("@@") else text.split("{{")
    for name, value in texts.items():
        parts = [each.replace(name, value) for each in parts]
    return "{".join(parts)


def literal(value: object) -> object:
    """A value as the rows of a pack hold it: text that is neither a reference nor has placeholders."""
    if not isinstance(value, str):
        return value
    text = value.replace("{", "{{")
    return f"@{text}" if text.startswith("@") else text


@lru_cache(maxsize=16)
def _plan(pack: Pack) -> tuple[_Batch, ...]:
    batches = []
    has_admin = any(row.get("@ref") == "admin" for row in pack.records.get("User", ()))
    for name, rows in {**_status_rows(pack), **pack.records}.items():
        sobject = pack.package.find(name)
        if sobject is None:
            raise LookupError(f"org pack {pack.name}: its schema has no sobject {name}")
        makers = [each for each in _MAKERS if has_admin and sobject.find(each) is not None]
        by: dict[str, JSON] = dict.fromkeys(makers, "@admin")
        batches.append(_batch(sobject, [{**by, **row} for row in rows]))
    _check_references(batches)
    return tuple(batches)


def _check_references(batches: Sequence[_Batch]) -> None:
    known = {f"@{row.ref}" for batch in batches for row in batch.rows}
    for batch in batches:
        for row in batch.rows:
            for _, text, _ in row.fills:
                if text.startswith("@") and text[1:2] != "@" and text not in known:
                    raise LookupError(f'the org pack has no row with "@ref": "{text[1:]}"')


def _status_rows(pack: Pack) -> Rows:
    """The rows of the status tables that the pack's schema has."""
    return {name: rows for name, rows in BUILT_IN.items() if pack.package.find(name) is not None}


def _batch(sobject: SObject, rows: Sequence[Mapping[str, JSON]]) -> _Batch:
    named = _named_fields(sobject, rows)
    columns = ["Id"]
    for field in named:
        columns.append(field.name)
        folded = shadow(field)
        if folded is not None:
            columns.append(folded)
    return _Batch(sobject, columns, tuple(_row(sobject, named, row) for row in rows))


def _named_fields(sobject: SObject, rows: Sequence[Mapping[str, JSON]]) -> list[Field]:
    """The fields that some row gives, all booleans (they are never null) and the system stamps."""
    given = {key for row in rows for key in row} - {"@ref", "Id"}
    columns = {each.name for each in sobject.columns if each.stored}
    for key in given:
        if key not in columns:
            raise LookupError(f"an org pack gives {sobject.name}.{key}: there is no such column")
    return [
        field
        for field in sobject.columns
        if field.name in given or field.type == "boolean" or field.name in _STAMPS
    ]


def _row(sobject: SObject, named: Sequence[Field], row: Mapping[str, JSON]) -> _Row:
    values: list[Value] = [None]
    fills: list[tuple[int, str, bool]] = []

    def put(value: Value, folded: bool) -> None:
        if isinstance(value, str):
            if value.startswith("@") or "{" in value:
                fills.append((len(values), value, folded))
            elif folded:
                value = fold(value)
        values.append(value)

    for field in named:
        value = _stored(sobject, field, row.get(field.name))
        put(value, False)
        if shadow(field) is not None:
            put(value, True)
    ref = row.get("@ref")
    return _Row(
        ref if isinstance(ref, str) else None,
        ids.canonical(row.get("Id")),
        tuple(values),
        tuple(fills),
    )


def _stored(sobject: SObject, field: Field, value: JSON) -> Value:
    if field.type == "boolean":
        return int(bool(value))
    if value is None and field.name in _STAMPS:
        return "{now}"
    if isinstance(value, bool | list | dict) or (field.type == "base64" and value is not None):
        raise TypeError(f"an org pack gives {sobject.name}.{field.name} the value {value!r}")
    return value

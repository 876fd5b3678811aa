"""What was created, updated and deleted since a snapshot.

Writes are noted only while there is a snapshot to compare with, and a write that is rolled back leaves no note. A note
holds the old values of what is written; what a record holds now is read when somebody asks.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from sfmock.org.record import Python, ReadBlob, Record, python_value, record_of
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import SObject
from sfmock.store.database import Database, Value
from sfmock.store.tables import quote

Old: TypeAlias = Mapping[str, Value]
"""Stored values by field."""
Find: TypeAlias = Callable[[SObject, str], "Old | None"]
"""The stored row of an id, deleted or not."""
Item = TypeVar("Item")

Note: TypeAlias = "tuple[str, str, Old | None]"
"""Sobject, id, and the old values of what was written; None for a new row."""

READING = frozenset({"LastViewedDate", "LastReferencedDate", "LastLoginDate"})
"""Fields that reading or logging in moves."""
_STAMPS = frozenset({"LastModifiedDate", "LastModifiedById", "SystemModstamp", "IsDeleted"})
"""Fields that every write or delete moves."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A state of one org, for its `restore` and `changes`."""

    org: object
    number: int
    note: int
    """How many changes had been noted."""

    def __repr__(self) -> str:
        return f"<Snapshot {self.number} of {self.org!r}>"


@dataclass(frozen=True, slots=True)
class Update:
    """A record that was there and still is, and was written."""

    sobject: str
    id: str
    fields: Mapping[str, tuple[Python, Python]]
    """What differs, its stamps left out: the value then and the value now."""

    def __repr__(self) -> str:
        fields = ", ".join(
            f"{name}: {old!r} -> {new!r}" for name, (old, new) in self.fields.items()
        )
        return f"<Update {self.sobject} {self.id} {fields or 'as it was'}>"


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between a snapshot and now, by sobject; false where nothing does.

    A record that was created and deleted in between is in none of them.
    """

    created: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    updated: Mapping[str, tuple[Update, ...]] = field(default_factory=dict)
    deleted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Ids."""
    undeleted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Ids of what came back from the recycle bin."""

    def __bool__(self) -> bool:
        return any((self.created, self.updated, self.deleted, self.undeleted))

    def __repr__(self) -> str:
        parts = {
            "created": self.created,
            "updated": self.updated,
            "deleted": self.deleted,
            "undeleted": self.undeleted,
        }
        texts = [
            f"{verb} " + ", ".join(f"{len(each)} {name}" for name, each in found.items())
            for verb, found in parts.items()
            if found
        ]
        return f"<Changes {'; '.join(texts) or 'none'}>"


class ChangeLog:
    """The notes of one org; `recording` says whether any are wanted."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._first = sys.maxsize

    @property
    def recording(self) -> bool:
        """Whether the snapshot that notes are taken for, or a later one, still stands."""
        return self._db.latest >= self._first

    def watch(self, snapshot: int) -> int:
        """Take notes from this snapshot on; answers how many there are already."""
        if not self.recording:
            self._first = snapshot
        return len(self._db.notes)

    def note_new(self, sobject: str, record_id: Value) -> None:
        """Note a row that is new."""
        self._db.notes.append((sobject, str(record_id), None))

    def note_old(self, sobject: str, record_id: str, names: Iterable[str]) -> None:
        """Note what these fields of a row hold before they are written, or before the row goes."""
        columns = tuple(names)
        row = self._db.row(
            f'SELECT {", ".join(map(quote, columns))} FROM {quote(sobject)} WHERE "Id" = ?',
            (record_id,),
        )
        if row is not None:
            self._db.notes.append((sobject, record_id, dict(zip(columns, row, strict=True))))

    def since(self, number: int) -> dict[tuple[str, str], Old | None]:
        """Old values by sobject and id of the records noted after this many notes; None where there was no record."""
        found: dict[tuple[str, str], Old | None] = {}
        for sobject, record_id, values in self._db.notes[number:]:
            known = found.setdefault((sobject, record_id), values)
            if known is not None and values is not None:
                # Of each field the first note counts.
                found[sobject, record_id] = {**values, **known}
        return found


def compare(
    found: Mapping[tuple[str, str], Old | None], catalogue: Catalogue, find: Find, blob: ReadBlob
) -> Changes:
    """The notes and what the org holds now, put together."""
    created: dict[str, list[Record]] = {}
    updated: dict[str, list[Update]] = {}
    deleted: dict[str, list[str]] = {}
    undeleted: dict[str, list[str]] = {}
    for (name, record_id), old in found.items():
        sobject = catalogue.find(name)
        row = None if sobject is None else find(sobject, record_id)
        then, now = _was_live(old, row), row is not None and not row.get("IsDeleted")
        if sobject is None or row is None or not now:
            if then:
                deleted.setdefault(name, []).append(record_id)
        elif old is None:
            created.setdefault(name, []).append(record_of(sobject, row, blob))
        elif not then:
            undeleted.setdefault(name, []).append(record_id)
        elif not READING.issuperset(old):
            fields = _differing(sobject, old, row, blob)
            updated.setdefault(name, []).append(Update(name, record_id, fields))
    return Changes(_frozen(created), _frozen(updated), _frozen(deleted), _frozen(undeleted))


def _was_live(old: Old | None, row: Old | None) -> bool:
    """Whether the record was there, not in the recycle bin: as noted, else as it still is."""
    if old is None:
        return False
    return not (old if "IsDeleted" in old or row is None else row).get("IsDeleted")


def _differing(
    sobject: SObject, old: Old, row: Old, blob: ReadBlob
) -> dict[str, tuple[Python, Python]]:
    return {
        field.name: (
            python_value(field, old[field.name], blob),
            python_value(field, row[field.name], blob),
        )
        for field in sobject.fields
        if field.name in old
        and field.name not in _STAMPS | READING
        and old[field.name] != row[field.name]
    }


def _frozen(found: Mapping[str, list[Item]]) -> dict[str, tuple[Item, ...]]:
    return {name: tuple(items) for name, items in found.items()}

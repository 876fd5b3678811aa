"""The recycle bin and the delete log: when a row was deleted, what its deletion took along, which references it cleared.

Rows stay in their tables with `IsDeleted`; after 15 days by the org's clock they are gone (metadata.md 4.14), and the log still
tells their dates (rest.md 2.5). The bin's limit of 25 rows a megabyte of storage is not kept, for a Developer Edition never
reaches it in a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sfmock import errors
from sfmock.clock import system_datetime
from sfmock.org.dml.store import Store
from sfmock.schema.model import SObject
from sfmock.store.database import Database
from sfmock.store.tables import quote

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_deletion (RecordId TEXT PRIMARY KEY, SObject TEXT NOT NULL, Deleted TEXT NOT NULL,"
    " Root TEXT NOT NULL, Binned TEXT)",
    # Most rows go by themselves: a write less for them.
    "CREATE INDEX IF NOT EXISTS sf_deletion_root ON sf_deletion (Root) WHERE Root <> RecordId",
    "CREATE INDEX IF NOT EXISTS sf_deletion_binned ON sf_deletion (Binned) WHERE Binned IS NOT NULL",
    "CREATE TABLE IF NOT EXISTS sf_bin_reference"
    " (RecordId TEXT NOT NULL, SObject TEXT NOT NULL, Field TEXT NOT NULL, Parent TEXT NOT NULL,"
    " PRIMARY KEY (Parent, RecordId, Field))",
)
"""`Root` is the record whose deletion took the row along: they come back together. `Binned` is when the row came into the bin,
null for one that is not there: an sobject may have none, and the time in it ends."""

KEPT = timedelta(days=15)


@dataclass(frozen=True, slots=True)
class Cleared:
    """A reference that a deletion set to null: `field` of the row `record_id` named the deleted row."""

    sobject: str
    record_id: str
    field: str


def put(
    db: Database, sobject: SObject, record_id: str, root: str, deleted: str, binned: str | None
) -> None:
    """Take note of a deletion; a row that was deleted, came back and is deleted again has the later date."""
    db.execute(
        "INSERT OR REPLACE INTO sf_deletion VALUES (?, ?, ?, ?, ?)",
        (record_id, sobject.name, deleted, root, binned),
    )


def put_reference(
    db: Database, sobject: SObject, record_id: str, field: str, parent_id: str
) -> None:
    """Take note of a reference that a deletion cleared."""
    db.execute(
        "INSERT OR IGNORE INTO sf_bin_reference (RecordId, SObject, Field, Parent) VALUES (?, ?, ?, ?)",
        (record_id, sobject.name, field, parent_id),
    )


def root_of(db: Database, record_id: str) -> str | None:
    """The record whose deletion put this one into the bin; None for one that is not there."""
    found = db.value(
        "SELECT Root FROM sf_deletion WHERE RecordId = ? AND Binned IS NOT NULL", (record_id,)
    )
    return found if isinstance(found, str) else None


def taken_along(db: Database, root: str) -> list[tuple[str, str]]:
    """Names of sobjects and ids of all rows that one deletion took, in the order in which it did."""
    found = db.rows(
        "SELECT rowid, SObject, RecordId FROM sf_deletion WHERE RecordId = ? AND Root = ? AND Binned IS NOT NULL"
        " UNION ALL SELECT rowid, SObject, RecordId FROM sf_deletion"
        " WHERE Root = ? AND Root <> RecordId AND Binned IS NOT NULL ORDER BY rowid",
        (root, root, root),
    )
    return [(str(name), str(record_id)) for _, name, record_id in found]


def cleared(db: Database, parent_id: str) -> list[Cleared]:
    """The references that the deletion of a row cleared."""
    found = db.rows(
        "SELECT SObject, RecordId, Field FROM sf_bin_reference WHERE Parent = ?"
        " ORDER BY RecordId, Field",
        (parent_id,),
    )
    return [Cleared(*map(str, each)) for each in found]


def take(db: Database, record_id: str) -> None:
    """Forget the deletion of a row that came back."""
    db.execute("DELETE FROM sf_deletion WHERE RecordId = ?", (record_id,))
    db.execute("DELETE FROM sf_bin_reference WHERE Parent = ?", (record_id,))


def purge(store: Store, now: str) -> None:
    """Remove the rows whose time in the bin is over; the log keeps them."""
    limit = system_datetime(datetime.fromisoformat(f"{now[:19]}+00:00") - KEPT)
    db = store.db
    found = db.rows("SELECT SObject, RecordId FROM sf_deletion WHERE Binned < ?", (limit,))
    for name, record_id in found:
        _remove(store, str(name), str(record_id))


def empty(store: Store, record_id: str) -> None:
    """Remove a row before its time is over, and all that its deletion took along."""
    if root_of(store.db, record_id) != record_id:
        raise errors.refuse("the error for emptying the recycle bin of what is not in it by itself")
    for name, each in taken_along(store.db, record_id):
        _remove(store, name, each)


def _remove(store: Store, name: str, record_id: str) -> None:
    db, sobject = store.db, store.catalogue.find(name)
    if sobject is not None and store.tables.may_have_rows(sobject):
        db.execute(
            f'DELETE FROM {quote(sobject.name)} WHERE "Id" = ? AND "IsDeleted" = 1', (record_id,)
        )
    db.execute("UPDATE sf_deletion SET Binned = NULL WHERE RecordId = ?", (record_id,))
    db.execute("DELETE FROM sf_bin_reference WHERE Parent = ?", (record_id,))


def deleted_within(
    db: Database, sobject: SObject, start: str, end: str, most: int
) -> list[tuple[str, str]]:
    """Ids and dates of the rows that were deleted from `start` on and before `end`; the table must exist."""
    live = ' AND t."IsDeleted" = 0' if sobject.soft_delete else ""
    found = db.rows(
        "SELECT RecordId, Deleted FROM sf_deletion WHERE SObject = ? AND Deleted >= ? AND Deleted < ?"
        f' AND NOT EXISTS (SELECT 1 FROM {quote(sobject.name)} t WHERE t."Id" = RecordId{live})'
        " ORDER BY Deleted, RecordId LIMIT ?",
        (sobject.name, start, end, most),
    )
    return [(str(record_id), str(deleted)) for record_id, deleted in found]

"""The recycle bin: which deletion took a row along, and which references it cleared (metadata.md 4.14).

Rows stay in their tables with `IsDeleted`; after 15 days by the org's clock they are gone. Its limit of 25 rows a megabyte of
storage is not kept, for a Developer Edition never reaches it in a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sfmock.clock import system_datetime
from sfmock.org.dml.store import Store
from sfmock.schema.model import SObject
from sfmock.store.database import Database
from sfmock.store.tables import quote

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_bin"
    " (RecordId TEXT PRIMARY KEY, SObject TEXT NOT NULL, Root TEXT NOT NULL, Deleted TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS sf_bin_root ON sf_bin (Root)",
    "CREATE TABLE IF NOT EXISTS sf_bin_reference"
    " (RecordId TEXT NOT NULL, SObject TEXT NOT NULL, Field TEXT NOT NULL, Parent TEXT NOT NULL,"
    " PRIMARY KEY (Parent, RecordId, Field))",
)
"""`Root` is the record whose deletion took the row along: they come back together."""

KEPT = timedelta(days=15)


@dataclass(frozen=True, slots=True)
class Cleared:
    """A reference that a deletion set to null: `field` of the row `record_id` named the deleted row."""

    sobject: str
    record_id: str
    field: str


def put(db: Database, sobject: SObject, record_id: str, root: str, moment: str) -> None:
    """Take note of a row that a deletion put into the bin."""
    db.execute(
        "INSERT INTO sf_bin (RecordId, SObject, Root, Deleted) VALUES (?, ?, ?, ?) ON CONFLICT (RecordId)"
        " DO UPDATE SET Root = excluded.Root, Deleted = excluded.Deleted",
        (record_id, sobject.name, root, moment),
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
    found = db.value("SELECT Root FROM sf_bin WHERE RecordId = ?", (record_id,))
    return found if isinstance(found, str) else None


def taken_along(db: Database, root: str) -> list[tuple[str, str]]:
    """Names of sobjects and ids of all rows that one deletion took, in the order in which it did."""
    found = db.rows("SELECT SObject, RecordId FROM sf_bin WHERE Root = ? ORDER BY rowid", (root,))
    return [(str(name), str(record_id)) for name, record_id in found]


def cleared(db: Database, parent_id: str) -> list[Cleared]:
    """The references that the deletion of a row cleared."""
    found = db.rows(
        "SELECT SObject, RecordId, Field FROM sf_bin_reference WHERE Parent = ?"
        " ORDER BY RecordId, Field",
        (parent_id,),
    )
    return [Cleared(*map(str, each)) for each in found]


def take(db: Database, record_id: str) -> None:
    """Forget a row: it came back, or is gone for good."""
    db.execute("DELETE FROM sf_bin WHERE RecordId = ?", (record_id,))
    db.execute("DELETE FROM sf_bin_reference WHERE Parent = ?", (record_id,))


def purge(store: Store, now: str) -> None:
    """Remove the rows whose time in the bin is over."""
    limit = system_datetime(datetime.fromisoformat(f"{now[:19]}+00:00") - KEPT)
    db = store.db
    found = db.rows("SELECT SObject, RecordId FROM sf_bin WHERE Deleted < ?", (limit,))
    for name, record_id in found:
        sobject = store.catalogue.find(str(name))
        if sobject is not None and store.tables.may_have_rows(sobject):
            db.execute(
                f'DELETE FROM {quote(sobject.name)} WHERE "Id" = ? AND "IsDeleted" = 1',
                (record_id,),
            )
        take(db, str(record_id))

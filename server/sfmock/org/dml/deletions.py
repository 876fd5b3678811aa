"""The delete log: which rows were deleted and when, also after they have left the recycle bin (rest.md 2.5)."""

from __future__ import annotations

from sfmock.schema.model import SObject
from sfmock.store.database import Database
from sfmock.store.tables import quote

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_deletion (RecordId TEXT PRIMARY KEY, SObject TEXT, Deleted TEXT)",
    "CREATE INDEX IF NOT EXISTS sf_deletion_date ON sf_deletion (SObject, Deleted)",
)


def log(db: Database, sobject: SObject, record_id: str, moment: str) -> None:
    """Take note of a deletion; a row that was deleted, came back and is deleted again has the later date."""
    db.execute(
        "INSERT INTO sf_deletion (RecordId, SObject, Deleted) VALUES (?, ?, ?)"
        " ON CONFLICT (RecordId) DO UPDATE SET Deleted = excluded.Deleted",
        (record_id, sobject.name, moment),
    )


def within(
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

"""Platform events that were published: nobody subscribes here, so the org keeps them for the test to look at."""

from __future__ import annotations

import json
from functools import partial
from hashlib import sha256
from uuid import UUID

from sfmock.org.dml import blobs
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store
from sfmock.org.record import Record, record_of
from sfmock.schema.model import SObject
from sfmock.store.database import Database

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_event (Uuid TEXT PRIMARY KEY, SObject TEXT NOT NULL, Fields TEXT NOT NULL)",
)


def publish(store: Store, sobject: SObject, values: Row, *, user_id: str, now: str) -> str:
    """Keep an event; answers its uuid."""
    number = store.sequences.next("ReplayId", after=0)
    uuid = _uuid(f"{sobject.name}/{store.sequences.pod}/{number}")
    row: Row = {
        **values,
        "ReplayId": str(number),
        "EventUuid": uuid,
        "CreatedDate": now,
        "CreatedById": user_id,
    }
    store.db.execute("INSERT INTO sf_event VALUES (?, ?, ?)", (uuid, sobject.name, json.dumps(row)))
    return uuid


def published(db: Database, sobject: SObject) -> list[Record]:
    """The events of this kind, in the order in which they were published."""
    rows = db.rows("SELECT Fields FROM sf_event WHERE SObject = ? ORDER BY rowid", (sobject.name,))
    read = partial(blobs.read, db)
    return [record_of(sobject, json.loads(str(fields)), read) for (fields,) in rows]


def event_id(sobject: SObject) -> str:
    """The id in the answer to a publisher: the same for all events of a kind, as documented (rest.md 2.9)."""
    return f"{sobject.key_prefix}xx0000000001AAA"


def _uuid(text: str) -> str:
    return str(UUID(bytes=sha256(text.encode()).digest()[:16], version=4))

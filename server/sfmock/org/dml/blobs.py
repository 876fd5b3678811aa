"""Bytes of base64 fields: they lie apart from the rows, which hold a key made of their hash and their length.

So a row is read without its file, equal files are stored once, and the digest of an org covers them.
"""

from __future__ import annotations

from base64 import b64decode
from hashlib import sha256

from sfmock.org.dml.plan import Plan, Row
from sfmock.store.database import Database, Value

DDL = ("CREATE TABLE IF NOT EXISTS sf_blob (Key TEXT PRIMARY KEY, Bytes BLOB NOT NULL)",)


def keep_all(db: Database, plan: Plan, values: Row) -> None:
    """Put the files among the values away: their base64 text becomes their key."""
    for name in plan.blobs:
        text = values.get(name)
        if isinstance(text, str):
            values[name] = keep(db, b64decode(text))


def keep(db: Database, data: bytes) -> str:
    """Store bytes; answers their key."""
    key = f"{sha256(data).hexdigest()}.{len(data)}"
    db.execute("INSERT INTO sf_blob VALUES (?, ?) ON CONFLICT (Key) DO NOTHING", (key, data))
    return key


def read(db: Database, key: Value) -> bytes:
    """The bytes behind a key; raises LookupError for what is none."""
    data = db.blob("SELECT Bytes FROM sf_blob WHERE Key = ?", (key,))
    if data is None:
        raise LookupError(f"no bytes are stored as {key!r}")
    return data


def size(key: Value) -> int:
    """How many bytes a key stands for; 0 for an empty field."""
    return 0 if key is None else int(str(key).rpartition(".")[2])

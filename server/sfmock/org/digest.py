"""One hash of what an org holds, to prove that a call changed nothing."""

from __future__ import annotations

import json
from hashlib import sha256

from sfmock.org.behaviour.owned_sets import OWN
from sfmock.org.changes import READING
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import SObject
from sfmock.store.database import Database, Value
from sfmock.store.tables import quote

_SYSTEM = (
    "sf_schema",
    "sf_schema_package",
    "sf_app",
    "sf_app_old_keys",
    "sf_user_secret",
    "sf_password_reset",
    "sf_user_permission",
    "sf_event",
)


def digest(db: Database, catalogue: Catalogue) -> str:
    """The hash; tables without rows and columns without values do not count, for reading makes them."""
    whole = sha256()
    with db.lock:
        present = {
            str(name) for (name,) in db.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        for sobject in catalogue:
            if sobject.name in present:
                for row in _rows(db, sobject):
                    whole.update(f"{sobject.name} {json.dumps(row)}\n".encode())
        for table in _SYSTEM:
            for values in sorted(map(repr, db.rows(f"SELECT * FROM {table}"))):
                whole.update(f"{table} {values}\n".encode())
    return whole.hexdigest()


def _rows(db: Database, sobject: SObject) -> list[dict[str, Value]]:
    columns = {str(name) for _, name, *_ in db.rows(f"PRAGMA table_info({quote(sobject.name)})")}
    names = [
        field.name
        for field in sobject.fields
        if field.stored and field.name in columns and field.name not in READING
    ]
    rows = db.rows(
        f"SELECT {', '.join(map(quote, names))} FROM {quote(sobject.name)}"
        f' WHERE {OWN.get(sobject.name, "1")} ORDER BY "Id"'
    )
    return [
        {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for row in rows
    ]

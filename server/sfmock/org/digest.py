"""One hash of what an org holds, to prove that a call changed nothing."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from sfmock.org.behaviour.owned_sets import OWN
from sfmock.org.changes import READING
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import SObject
from sfmock.store.database import Database
from sfmock.store.tables import Tables, quote

_SYSTEM = (
    "sf_schema",
    "sf_schema_package",
    "sf_app",
    "sf_app_old_keys",
    "sf_user_secret",
    "sf_password_reset",
    "sf_user_permission",
    "sf_user_state",
    "sf_login_policy",
    "sf_profile_login",
    "sf_event",
    "sf_deletion",
    "sf_bin_reference",
)


_ROWS = 1_000
"""Rows that are hashed at once, column by column."""


def digest(db: Database, tables: Tables, catalogue: Catalogue) -> str:
    """The hash; tables without rows and columns without values do not count, for reading makes them."""
    whole = sha256()
    with db.lock:
        present = db.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        for (name,) in present:
            sobject = catalogue.find(str(name))
            if sobject is not None:
                for line in _columns(db, tables, sobject):
                    whole.update(f"{name} {line}\n".encode())
        for table in _SYSTEM:
            for values in sorted(map(repr, db.rows(f"SELECT * FROM {table}"))):
                whole.update(f"{table} {values}\n".encode())
    return whole.hexdigest()


def _columns(db: Database, tables: Tables, sobject: SObject) -> Iterator[str]:
    """The columns of a table that hold anything, each with all its values."""
    names = [each.name for each in sobject.fields if each.stored and each.name not in READING]
    if not tables.ready(sobject):  # it may lack fields that were added since
        info = db.rows(f"PRAGMA table_info({quote(sobject.name)})")
        columns = {str(name) for _, name, *_ in info}
        names = [name for name in names if name in columns]
    rows = db.rows(
        f"SELECT {', '.join(map(quote, names))} FROM {quote(sobject.name)}"
        f' WHERE {OWN.get(sobject.name, "1")} ORDER BY "Id"'
    )
    for start in range(0, len(rows), _ROWS):
        some = rows[start : start + _ROWS]
        nothing = (None,) * len(some)
        for name, values in zip(names, zip(*some, strict=True), strict=True):
            if values != nothing:
                yield f"{name} {values!r}"

"""The catalogues that an org goes through: rows of the database, so a rollback goes back to an earlier one.

Changes are made in batches: inside `changing()` they are gathered and written once at its end, or as soon as
somebody asks for the catalogue.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache

from sfmock.clock import Clock
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.lines import read_sobject, sobject_text
from sfmock.schema.model import SObject
from sfmock.schema.package import Package, pack_up
from sfmock.store.database import Database

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_schema (name TEXT PRIMARY KEY, definition TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sf_schema_token (token INTEGER NOT NULL, changed INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sf_schema_package (digest TEXT NOT NULL)",
)


@lru_cache(maxsize=16)
def _standard(package: Package) -> Catalogue:
    return Catalogue(package)  # immutable, so all orgs of a pack share it


@lru_cache(maxsize=16)
def _over(base: Package, data: bytes) -> Package:
    return Package(data, base)  # what a test reads of it is parsed once for all orgs


class Catalogues:
    """The current catalogue, the earlier ones that a rollback may bring back, and the changes that are under way."""

    def __init__(self, db: Database, package: Package, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        first = _stored(db, _standard(package))
        self._by_token = {first.token: first}
        self._current = first
        self._undone = db.undone
        self._changed: int | None = None
        self._changed_at = -1
        self._pending: dict[str, SObject] = {}
        self._dirty: set[str] = set()
        """Which of the pending ones were not written yet."""
        self._depths: list[int] = []
        """How deep in the database's transactions each `changing()` block stands; empty outside of them."""
        self._thread = 0
        # A saved org has a row already, whose token means nothing in this process.
        if not db.execute("UPDATE sf_schema_token SET token = ?", (first.token,)):
            db.execute("INSERT INTO sf_schema_token VALUES (?, ?)", (first.token, self._second()))

    @property
    def current(self) -> Catalogue:
        """All sobjects at this moment."""
        if self._pending and self._thread == threading.get_ident():
            self._write()
        return self._current if self._undone == self._db.undone else self._base()

    @property
    def changed(self) -> datetime:
        """When the schema was last changed, in whole seconds: `Last-Modified` of the describes."""
        with self._db.lock:
            if self._changed is None or self._changed_at != self._db.undone:
                self._changed_at = self._db.undone
                self._changed = int(self._db.value("SELECT changed FROM sf_schema_token") or 0)
            return datetime.fromtimestamp(self._changed, UTC)

    @property
    def package(self) -> Package:
        """What lies below all changes."""
        return self._base().package

    def find(self, name: str) -> SObject | None:
        """The sobject of this name with the changes that are under way, or None."""
        return self._pending.get(name.lower()) or self._base().find(name)

    def absent(self, name: str) -> str | None:
        """The spelling of a sobject that a real org has and this fake lacks."""
        return self._base().absent(name)

    def added(self) -> Iterator[SObject]:
        """The sobjects that were added or changed, those of the batch included."""
        yield from {**self._base().changed, **self._pending}.values()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """One batch of changes, all or nothing; blocks may be nested."""
        with self._db.transaction():
            if self._depths and self._db.depth != self._depths[-1] + 1:
                raise RuntimeError(
                    "a batch of schema changes cannot be inside a transaction of another"
                )
            before, outer = dict(self._pending), self._thread
            self._thread = threading.get_ident()
            self._depths.append(self._db.depth)
            try:
                yield
                if len(self._depths) == 1:
                    self._write()
                    self._pending = {}
            except BaseException:
                self._pending = before
                self._dirty &= before.keys()
                raise
            finally:
                self._depths.pop()
                self._thread = outer

    def put(self, *sobjects: SObject) -> None:
        """Add or replace sobjects, within `changing()`."""
        for each in sobjects:
            self._pending[each.name.lower()] = each
            self._dirty.add(each.name.lower())

    def lie_over(self, data: bytes) -> None:
        """Lay a package over all that is there; its sobjects are whole, with what was changed in them before."""
        with self.changing():
            base = self.current
            package = _over(base.package, data)
            changed = {key: each for key, each in base.changed.items() if not package.has_own(key)}
            self._pending = {
                key: each for key, each in self._pending.items() if not package.has_own(key)
            }
            for each in base.changed.values():
                if package.has_own(each.name):
                    self._db.execute("DELETE FROM sf_schema WHERE name = ?", (each.name,))
            self._db.execute("INSERT INTO sf_schema_package VALUES (?)", (package.digest,))
            if self._db.value("SELECT 1 FROM sqlite_master WHERE name = 'sf_package'"):
                # This org owns its file, which carries the package.
                self._db.execute("UPDATE sf_package SET content = ?", (pack_up(package),))
            self._become(Catalogue(package, changed))

    def _base(self) -> Catalogue:
        """The catalogue without what is pending."""
        if self._undone != self._db.undone:
            self._undone = self._db.undone
            token = int(self._db.value("SELECT token FROM sf_schema_token") or 0)
            self._current = self._by_token[token]
            for later in [each for each in self._by_token if each > token]:
                del self._by_token[later]  # no rollback leads forward
            self._dirty = set(self._pending)
        return self._current

    def _write(self) -> None:
        """Write what is pending. It stays so: a transaction inside the batch may undo what is written now."""
        base = self._base()
        if not self._dirty:
            return
        changed = [self._pending[name] for name in self._pending if name in self._dirty]
        for each in changed:
            definition = sobject_text(each)
            self._db.execute(
                "INSERT INTO sf_schema VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET definition = excluded.definition",
                (each.name, definition),
            )
        self._become(base.with_objects(*changed))
        self._dirty.clear()

    def _become(self, catalogue: Catalogue) -> None:
        self._changed = None
        self._db.execute(
            # Two changes never share a second, or `If-Modified-Since` would not see the later one.
            "UPDATE sf_schema_token SET token = ?, changed = max(changed + 1, ?)",
            (catalogue.token, self._second()),
        )
        self._by_token[catalogue.token] = catalogue
        self._current = catalogue

    def touch(self, known: int = 0) -> None:
        """Let describes count as changed from this second on: permissions change them, too (rest.md 1.7).

        `known` is the second of the last change that clients may have been told of, where a way back forgot it.
        """
        with self._db.lock:
            self._changed = None
            self._db.execute(
                "UPDATE sf_schema_token SET changed = max(changed + 1, ?, ?)",
                (known + 1, self._second()),
            )

    def _second(self) -> int:
        return int(self._clock.timestamp())


def _stored(db: Database, standard: Catalogue) -> Catalogue:
    """The catalogue of the definitions that the database holds."""
    rows = db.rows("SELECT definition FROM sf_schema ORDER BY rowid")
    found = [read_sobject(json.loads(str(definition))) for (definition,) in rows]
    return standard.with_objects(*found) if found else standard

"""What an org's file holds beside its rows: who the org is, the package of its standard schema, clock and generators.

The package goes into the file, so an org opens anywhere as it was: no pack is looked for, and none that has changed since
can change it. A private copy is asked for these once; an org that owns its file writes them with each commit.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from sfmock.clock import Clock
from sfmock.org.faultplans import FaultPlans
from sfmock.schema.package import Package, pack_up, unpack
from sfmock.store.database import Database

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_org (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sf_package (content TEXT NOT NULL)",
)


@dataclass(frozen=True, slots=True)
class Identity:
    """What an org is from beginning to end."""

    pack: str
    seed: int
    domain: str
    """The name of its My Domain: users' names end in it."""
    keys: tuple[int, int, int]
    """What secrets of users, of sessions and of apps are drawn from."""
    kind: str | None = None
    """The kind of org that its My Domain tells; None where nobody chose it."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a file says beside its rows."""

    identity: Identity
    package: Package
    moving: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Moving:
    """What moves beside an org's database: its clock and its generators."""

    clock: Clock
    random: Random
    tokens: Random
    """That of the sessions."""

    def state(self) -> tuple[object, ...]:
        """All of it, to be compared."""
        return self.clock.state(), self.random.getstate(), self.tokens.getstate()

    def texts(self) -> dict[str, str]:
        """All of it, to be written."""
        names = ("clock", "random", "tokens")
        return dict(zip(names, map(json.dumps, self.state()), strict=True))

    def resume(self, texts: Mapping[str, str], *, tokens: bool) -> None:
        """Go on as `texts` says; without `tokens`, sessions get others than the org of the file gives."""
        offset, frozen = json.loads(texts["clock"])
        self.clock.restore_state((offset, frozen))
        self.random.setstate(_random_state(texts["random"]))
        if tokens:
            self.tokens.setstate(_random_state(texts["tokens"]))


class Keeper:
    """Writes clock and generators into the file that an org owns: called with each commit, for a repeated token is no token."""

    def __init__(self, db: Database, moving: Moving) -> None:
        self._db = db
        self._moving = moving
        self._known: tuple[object, ...] = ()

    def __call__(self) -> None:
        """Write what has moved since the last call."""
        known = (self._db.undone, *self._moving.state())
        if known != self._known:
            for name, value in self._moving.texts().items():
                self._db.execute("UPDATE sf_org SET value = ? WHERE name = ?", (value, name))
            self._known = known


def write(
    file: sqlite3.Connection, identity: Identity, package: Package, texts: Mapping[str, str]
) -> None:
    """Complete the copy of an org's rows that is to be its file."""
    for statement in DDL:
        file.execute(statement)
    for table in ("sf_lock", "sf_token_exchange", "sf_org", "sf_package"):
        file.execute(f"DELETE FROM {table}")
    rows = {"identity": json.dumps(asdict(identity)), **texts}
    file.executemany("INSERT INTO sf_org VALUES (?, ?)", rows.items())
    file.execute("INSERT INTO sf_package VALUES (?)", (pack_up(package),))


def left_out(faults: FaultPlans, callables: Iterable[str], locked: Iterable[str]) -> Iterator[str]:
    """What of an org is in no file, in words."""
    for fault in faults:
        yield f"the planned fault {fault.kind!r} on {fault.on!r}"
    for record_id in locked:
        yield f"the lock on {record_id}"
    for each in callables:
        yield f"the Python function of the {each}"


def read(db: Database) -> Saved:
    """What `write` wrote."""
    rows = {str(name): str(value) for name, value in db.rows("SELECT name, value FROM sf_org")}
    identity: dict[str, Any] = json.loads(rows.pop("identity"))
    users, sessions, apps = identity["keys"]
    return Saved(
        Identity(**{**identity, "keys": (users, sessions, apps)}),
        unpack(str(db.value("SELECT content FROM sf_package"))),
        rows,
    )


def _random_state(text: str) -> tuple[Any, ...]:
    version, internal, gauss = json.loads(text)
    return version, tuple(internal), gauss

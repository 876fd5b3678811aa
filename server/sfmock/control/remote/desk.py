"""What calls of the control API work on: the handle, and what calls name that Python code would hold in a variable."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from sfmock.control.handle import Sfmock
from sfmock.org.changes import Snapshot
from sfmock.org.journal import Exchange
from sfmock.org.known_secrets import known_secrets
from sfmock.org.locks import Lock
from sfmock.org.masking import Mask
from sfmock.org.org import Org
from sfmock.org.planned import Plan


class WrongError(Exception):
    """A call that cannot be done: its status, an error code of ours and what to tell."""

    def __init__(
        self,
        status: int,
        error: str,
        message: str,
        *,
        field: str | None = None,
        fields: Sequence[str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.message = message
        self.field = field
        """The parameter that is wrong."""
        self.fields = fields
        """The fields of a record that an error of Salesforce's names."""


class Desk:
    """One served org with the snapshots, plans and locks that calls have names for."""

    def __init__(self, handle: Sfmock) -> None:
        self.handle = handle
        self._snapshots: dict[str, Snapshot] = {}
        self._plans: dict[str, Plan] = {}
        self._locks: dict[str, Lock] = {}
        self._numbers = itertools.count(1)
        self._mask = Mask()
        self._learned: Exchange | None = None
        """The last exchange whose secrets the mask knows."""

    def __repr__(self) -> str:
        return f"<Desk of {self.org!r}>"

    @property
    def org(self) -> Org:
        """The org."""
        return self.handle.org

    def mask(self, exchanges: Sequence[Exchange]) -> Mask:
        """What takes the secrets out of what is told of all that the journal holds; it learns what came since the last call."""
        known = known_secrets(self.org)
        last = self._learned
        new = next((at for at in range(len(exchanges), 0, -1) if exchanges[at - 1] is last), 0)
        if new == 0 or not self._mask.knows_names(known.names):
            self._mask, new = Mask(names=known.names), 0
        self._mask.know(known.secrets).learn(exchanges[new:])
        self._learned = exchanges[-1] if exchanges else None
        return self._mask

    def keep(self, snapshot: Snapshot) -> str:
        """Give a snapshot a name."""
        name = self._next()
        self._snapshots[name] = snapshot
        return name

    def snapshot(self, name: str) -> Snapshot:
        """The snapshot of this name; raises WrongError for one that was never made, or that is gone."""
        found = self._snapshots.get(name)
        if found is None:
            raise WrongError(404, "unknown_snapshot", f"there is no snapshot {name!r}")
        try:
            self.org.db.place(found.number)
        except ValueError:
            raise WrongError(
                409,
                "snapshot_gone",
                f"snapshot {name} is gone: a reset, or going back to an earlier one, took it away",
            ) from None
        return found

    def snapshots(self) -> list[str]:
        """The names of the snapshots that still stand."""
        return [name for name, each in self._snapshots.items() if self._stands(each)]

    def plans(self) -> Iterator[tuple[str, Plan]]:
        """The planned faults by name; one that nobody has asked for yet gets its name now."""
        planned = tuple(self.org.faults)
        self._plans = {name: each for name, each in self._plans.items() if each in planned}
        names = {id(each): name for name, each in self._plans.items()}
        for each in planned:
            name = names.get(id(each)) or self._next()
            self._plans[name] = each
            yield name, each

    def name_of(self, plan: Plan) -> str:
        """The name of a planned fault."""
        return next(name for name, each in self.plans() if each is plan)

    def plan(self, name: str) -> Plan:
        """The planned fault of this name; raises WrongError."""
        found = dict(self.plans()).get(name)
        if found is None:
            raise WrongError(404, "unknown_fault", f"there is no planned fault {name!r}")
        return found

    def hold(self, lock: Lock) -> str:
        """Give a lock a name."""
        name = self._next()
        self._locks[name] = lock
        return name

    def let_go(self, name: str) -> Lock:
        """The lock of this name, which is forgotten; raises WrongError."""
        found = self._locks.pop(name, None)
        if found is None:
            raise WrongError(404, "unknown_lock", f"there is no lock {name!r}")
        return found

    def _stands(self, snapshot: Snapshot) -> bool:
        try:
            self.org.db.place(snapshot.number)
        except ValueError:
            return False
        return True

    def _next(self) -> str:
        return str(next(self._numbers))

"""The state of an org at one moment, the start of a test say, and the way back to it."""

from __future__ import annotations

from sfmock.org.org import Org


class Baseline:
    """What an org holds when this is made: data, schema, limits, clock, generator, planned faults, journal.

    `opened`: the moment is that of its opening, to which the database goes back without a snapshot.
    """

    def __init__(self, org: Org, *, opened: bool = False) -> None:
        self._org = org
        self._snapshot = None if opened else org.db.snapshot()
        self._floor = org.db.floor
        self._clock = org.clock.state()
        self._random = org.random.getstate()
        self._changed = org.schema.changed
        self._history = org.limits.history
        self._journal = org.journal.state()
        self.faults = tuple(org.faults)

    def restore(self) -> None:
        """Put all of it back but the journal, which is empty; no planned fault has fired."""
        org = self._org
        changed = org.schema.changed
        if self._snapshot is None:
            org.db.reset()
        else:
            org.db.restore(self._snapshot)
        if changed != self._changed:
            # Else nothing is asked, for after a way back the first statement makes SQLite parse its own schema.
            org.schema.came_back_from(changed)
        org.clock.restore_state(self._clock)
        org.random.setstate(self._random)
        org.limits.rewind(self._history)
        org.faults.put_back(self.faults)
        org.journal.rewind()

    def hold(self) -> None:
        """Until `leave`, nobody goes back behind this moment: a snapshot that is older is refused."""
        if self._snapshot is not None:
            self._org.db.floor = self._snapshot

    def leave(self) -> None:
        """Put all of it back, the journal too; this baseline is used up."""
        self.restore()
        self._org.db.floor = self._floor
        self._org.journal.put_back(self._journal)
        if self._snapshot is not None:
            self._org.db.drop(self._snapshot)

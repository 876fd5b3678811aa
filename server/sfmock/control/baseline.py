"""The state of an org at one moment, the start of a test say, and the way back to it."""

from __future__ import annotations

from sfmock.org.org import Org


class Baseline:
    """What an org holds when this is made: data, schema, limits, clock, generator, planned faults.

    `opened`: the moment is that of its opening, to which the database goes back without a snapshot.
    """

    def __init__(self, org: Org, *, opened: bool = False) -> None:
        self._org = org
        self._snapshot = None if opened else org.db.snapshot()
        self._clock = org.clock.state()
        self._random = org.random.getstate()
        self.faults = tuple(org.faults)

    def restore(self) -> None:
        """Put all of it back; the journal is empty, and no planned fault has fired."""
        org = self._org
        if self._snapshot is None:
            org.db.reset()
        else:
            org.db.restore(self._snapshot)
        org.clock.restore_state(self._clock)
        org.random.setstate(self._random)
        org.faults.put_back(self.faults)
        org.journal.rewind()

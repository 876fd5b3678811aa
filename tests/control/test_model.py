"""Snapshot and restore over the API, next to those of a handle that is told the same: both orgs are always equal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from controlling import Remote
from sfmock.org.changes import Snapshot
from sfmock.org.org import Org

_NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
_ACCOUNTS = "SELECT Id, Name, Phone, IsDeleted FROM Account ORDER BY Id"
_TEXTS = st.sampled_from(["Acme", "Globex", "Ümlaut & Söhne"])


class Both(RuleBasedStateMachine):
    """Two orgs of the same seed: one behind the API, the other in Python's hands."""

    records = Bundle("records")
    snapshots = Bundle("snapshots")

    def __init__(self) -> None:
        super().__init__()
        self.theirs, self.ours = Org.new(), Org.new(my_domain=None)
        for each in (self.theirs, self.ours):
            each.clock.freeze(_NOON)
        self.remote = Remote(self.theirs)

    def teardown(self) -> None:
        self.theirs.close()
        self.ours.close()

    @rule(target=records, name=_TEXTS)
    def insert(self, name: str) -> str:
        told = self.remote("POST /sobjects/Account/insert", {"fields": {"Name": name}})
        made = self.ours.insert("Account", {"Name": name})
        assert told.json["records"][0]["Id"] == made.id
        return made.id

    @rule(record=records, phone=_TEXTS)
    def update(self, record: str, phone: str) -> None:
        told = self.remote(f"PATCH /records/{record}", {"fields": {"Phone": phone}})
        assert (told.status == 200) == self._done(lambda: self.ours.update(record, Phone=phone))

    @rule(record=consumes(records))
    def delete(self, record: str) -> None:
        told = self.remote(f"DELETE /records/{record}")
        assert (told.status == 200) == self._done(lambda: self.ours.delete(record))

    @rule(target=snapshots)
    def snapshot(self) -> tuple[str, Snapshot]:
        return self.remote("POST /snapshots").json["snapshot"], self.ours.snapshot()

    @rule(target=snapshots, pair=consumes(snapshots))
    def restore(self, pair: tuple[str, Snapshot]) -> Any:
        name, snapshot = pair
        told = self.remote(f"POST /snapshots/{name}/restore")
        done = self._done(lambda: self.ours.restore(snapshot))
        assert told.status == (200 if done else 409)
        return pair if done else multiple()

    @rule(pair=snapshots)
    def changes(self, pair: tuple[str, Snapshot]) -> None:
        name, snapshot = pair
        told = self.remote(f"GET /snapshots/{name}/changes")
        try:
            found = self.ours.changes(snapshot)
        except ValueError:
            assert told.status == 409
            return
        assert {
            name: [each["Id"] for each in rows] for name, rows in told.json["created"].items()
        } == {name: [each.id for each in rows] for name, rows in found.created.items()}
        assert told.json["deleted"] == {name: [*ids] for name, ids in found.deleted.items()}
        assert {
            name: {each["Id"]: {*each["fields"]} for each in rows}
            for name, rows in told.json["updated"].items()
        } == {
            name: {each.id: {*each.fields} for each in rows} for name, rows in found.updated.items()
        }

    @invariant()
    def both_hold_the_same(self) -> None:
        theirs = self.remote("POST /query", {"soql": _ACCOUNTS}).json["records"]
        ours = self.ours.query(_ACCOUNTS)
        assert not isinstance(ours, int)
        assert [{**each, "attributes": None} for each in theirs] == [
            {"attributes": None, **each} for each in ours
        ]

    @staticmethod
    def _done(do: Any) -> bool:
        from sfmock.errors import SalesforceError

        try:
            do()
        except (SalesforceError, ValueError):
            return False
        return True


def test_both_are_always_equal() -> None:
    run_state_machine_as_test(
        Both, settings=settings(max_examples=8, stateful_step_count=12, deadline=None)
    )

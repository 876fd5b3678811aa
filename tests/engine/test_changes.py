"""What changed since a snapshot, net, and at no cost where nobody asks."""

from __future__ import annotations

from decimal import Decimal

import pytest

from calling import Caller
from sfmock.errors import SalesforceError
from sfmock.org.changes import Changes, Update
from sfmock.org.org import Org


def test_created_updated_and_deleted_records_are_told_by_sobject(org: Org) -> None:
    acme, globex, initech = org.insert(
        "Account", [{"Name": "Acme"}, {"Name": "Globex", "AnnualRevenue": 5}, {"Name": "Initech"}]
    )
    before = org.snapshot()

    hooli = org.insert("Account", {"Name": "Hooli"})
    ray = org.insert("Contact", {"LastName": "Ray"})
    org.update(globex.id, AnnualRevenue="7.5", Industry="Energy")
    org.update(globex.id, Industry="Media")
    org.delete(initech.id)

    assert org.changes(since=before) == Changes(
        created={"Account": (hooli,), "Contact": (ray,)},
        updated={
            "Account": (
                Update("Account", globex.id, {"AnnualRevenue": (Decimal(5), Decimal("7.5")), "Industry": (None, "Media")}),
            )
        },
        deleted={"Account": (initech.id,)},
    )  # fmt: skip
    assert acme.id not in str(org.changes(before))


def test_changes_read_well_in_an_assertion(org: Org) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    before = org.snapshot()
    assert not org.changes(since=before)
    assert repr(org.changes(since=before)) == "<Changes none>"
    org.update(account.id, Name="Globex")
    org.insert("Account", [{"Name": "A"}, {"Name": "B"}])
    org.insert("Lead", {"LastName": "Ray", "Company": "Acme"})
    changes = org.changes(since=before)
    assert changes
    assert repr(changes) == "<Changes created 2 Account, 1 Lead; updated 1 Account>"
    (update,) = changes.updated["Account"]
    assert repr(update) == f"<Update Account {account.id} Name: 'Acme' -> 'Globex'>"
    org.update(account.id, Name="Acme")
    assert repr(org.changes(before).updated["Account"]) == (
        f"(<Update Account {account.id} as it was>,)"
    )
    assert repr(before) == f"<Snapshot {before.number} of {org!r}>"


def test_what_came_and_went_in_between_is_no_change(org: Org) -> None:
    kept = org.insert("Account", {"Name": "Acme"})
    before = org.snapshot()
    org.delete(org.insert("Account", {"Name": "Brief"}).id)
    org.delete(kept.id)
    org.undelete(kept.id)
    assert org.changes(before) == Changes(updated={"Account": (Update("Account", kept.id, {}),)})


def test_what_left_the_recycle_bin_is_told(org: Org) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    org.delete(account.id)
    before = org.snapshot()
    org.undelete(account.id)
    assert org.changes(before) == Changes(undeleted={"Account": (account.id,)})


def test_what_is_deleted_for_good_is_told(org: Org) -> None:
    group = org.insert("Group", {"Name": "Team", "Type": "Regular"})
    before = org.snapshot()
    org.update(group.id, Name="Other")
    org.delete(group.id)
    assert org.changes(before) == Changes(deleted={"Group": (group.id,)})


def test_a_failed_write_is_no_change(org: Org) -> None:
    before = org.snapshot()
    with pytest.raises(SalesforceError):
        org.insert("Account", [{"Name": "Acme"}, {"Name": "x" * 256}])
    Caller(org)("POST", "/sobjects/Account", {"Industry": "Energy"})
    assert not org.changes(before)


def test_each_snapshot_has_its_own_changes_and_a_restore_takes_them_back(org: Org) -> None:
    first = org.snapshot()
    acme = org.insert("Account", {"Name": "Acme"})
    second = org.snapshot()
    org.update(acme.id, Name="Globex")
    assert [each["Name"] for each in org.changes(first).created["Account"]] == ["Globex"]
    assert list(org.changes(second).updated) == ["Account"]
    org.restore(second)
    assert not org.changes(second)
    assert org.changes(first)
    org.restore(first)
    assert not org.changes(first)
    with pytest.raises(ValueError, match="gone"):
        org.changes(second)
    with Org.new() as other, pytest.raises(ValueError, match="another org"):
        other.changes(first)


def test_nothing_is_noted_while_nobody_asks(org: Org) -> None:
    org.insert("Account", {"Name": "Acme"})
    assert len(org.db.notes) == 0
    org.snapshot()
    org.insert("Account", {"Name": "Acme"})
    assert len(org.db.notes) == 1
    org.db.reset()
    org.insert("Account", {"Name": "Acme"})
    assert len(org.db.notes) == 0

"""The way back from the recycle bin: what went together comes back together (metadata.md 4.14)."""

from __future__ import annotations

import pytest

from sfmock import ids
from sfmock.errors import Refused, SalesforceError
from sfmock.org.org import Org


def test_a_record_comes_back_with_all_that_went_with_it(org: Org) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    contact = org.insert("Contact", {"LastName": "Ray", "AccountId": account})
    task = org.insert("Task", {"Subject": "Call", "WhoId": contact})
    org.delete(account.id)
    assert org.count("Contact") == org.count("Task") == 0

    back = org.undelete(account.id[:15])

    assert (back["Name"], back["IsDeleted"]) == ("Acme", False)
    assert org.get(contact.id)["AccountId"] == account.id
    assert org.get(task.id)["WhoId"] == contact.id


def test_what_was_deleted_earlier_by_itself_stays_deleted(org: Org) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    early, late = org.insert(
        "Contact", [{"LastName": name, "AccountId": account} for name in ("Early", "Late")]
    )
    org.delete(early.id)
    org.delete(account.id)

    org.undelete(account.id)

    assert org.get(late.id)["LastName"] == "Late"
    with pytest.raises(SalesforceError, match="NOT_FOUND"):
        org.get(early.id)
    assert org.undelete(early.id)["AccountId"] == account.id


def test_each_delete_stands_for_itself(org: Org) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    contact = org.insert("Contact", {"LastName": "Ray", "AccountId": account})
    org.delete(account.id)
    org.undelete(account.id)
    org.delete(contact.id)
    org.delete(account.id)
    org.undelete(account.id)
    assert org.count("Contact") == 0


def test_a_deleted_row_of_a_backup_comes_back(org: Org) -> None:
    record_id = ids.make("001", org.pod, 77)
    org.load({"Account": [{"Id": record_id, "Name": "Old", "IsDeleted": True}]})
    assert org.undelete(record_id)["Name"] == "Old"


def test_references_that_the_delete_cleared_stay_clear(org: Org) -> None:
    parent = org.insert("Account", {"Name": "Acme"})
    child = org.insert("Account", {"Name": "Acme Ltd", "ParentId": parent})
    org.delete(parent.id)
    org.undelete(parent.id)
    assert org.get(child.id)["ParentId"] is None


def test_an_undelete_moves_the_stamps_and_the_activity_of_others(org: Org) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    task = org.insert(
        "Task",
        {"Subject": "Call", "Status": "Completed", "ActivityDate": "2026-01-02", "WhatId": account},
    )
    org.delete(task.id)
    assert org.get(account.id)["LastActivityDate"] is None
    org.clock.advance(hours=1)
    back = org.undelete(task.id)
    assert str(org.get(account.id)["LastActivityDate"]) == "2026-01-02"
    assert (back["SystemModstamp"] - task["SystemModstamp"]).total_seconds() >= 3600
    assert back["CreatedDate"] == task["CreatedDate"]


def _deleted_twice(org: Org) -> str:
    account = org.create("Account")
    contact = org.insert("Contact", {"LastName": "Ray", "AccountId": account})
    org.delete(contact.id)
    org.delete(account.id)
    return contact.id


def _taken_along(org: Org) -> str:
    account = org.create("Account")
    contact = org.insert("Contact", {"LastName": "Ray", "AccountId": account})
    org.delete(account.id)
    return contact.id


def _no_longer_unique(org: Org) -> str:
    org.schema.add_field("Account", "Key__c", "string", unique=True)
    account = org.insert("Account", {"Name": "Acme", "Key__c": "a"})
    org.delete(account.id)
    org.insert("Account", {"Name": "Globex", "Key__c": "A"})
    return account.id


def _never_deleted(org: Org) -> str:
    return org.create("Account").id


def _gone(org: Org) -> str:
    group = org.insert("Group", {"Name": "Team", "Type": "Regular"})
    org.delete(group.id)
    return group.id


def _purged(org: Org) -> str:
    account = org.create("Account")
    org.delete(account.id)
    org.clock.advance(days=16)
    return account.id


@pytest.mark.parametrize(
    ("prepare", "feature"),
    [
        (_never_deleted, "undelete of a record that is not in the recycle bin"),
        (_gone, "undelete of a record that is not in the recycle bin"),
        (_purged, "undelete of a record that is not in the recycle bin"),
        (_taken_along, "undelete of a record that was deleted together with its parent"),
        (_deleted_twice, r"undelete of a record whose Contact\.AccountId is deleted"),
        (_no_longer_unique, "undelete of a record whose unique value another record has now"),
    ],
)
def test_an_undelete_whose_answer_is_unknown_is_refused(
    org: Org, prepare: object, feature: str
) -> None:
    assert callable(prepare)
    record_id = prepare(org)
    before = org.digest()
    with pytest.raises(Refused, match=feature):
        org.undelete(record_id)
    assert org.digest() == before


def test_an_id_of_no_sobject_is_not_found(org: Org) -> None:
    with pytest.raises(SalesforceError, match="NOT_FOUND"):
        org.undelete("nonsense")

"""What deletes take along, remember and forget (metadata.md 4.14)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sfmock.errors import Refused, SalesforceError
from sfmock.org.dml import recycle_bin
from sfmock.org.org import Org

_TO_ACCOUNT = {"type": "reference", "reference_to": "Account"}
_CONTRACT = {"ContractNumber": "00000100", "Status": "Activated"}


def _tables(org: Org) -> set[str]:
    found = org.db.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {str(name) for (name,) in found}


def test_a_delete_makes_no_tables_to_look_for_children(org: Org) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    before = _tables(org)

    org.delete(account.id)

    assert _tables(org) == before


def test_a_deleted_record_leaves_the_recycle_bin_after_fifteen_days(org: Org) -> None:
    org.clock.freeze()
    account = org.insert("Account", {"Name": "Acme"})
    contact = org.insert("Contact", {"LastName": "Doe", "AccountId": account.id})
    org.delete(account.id)
    sobject = org.schema["Contact"]

    org.clock.advance(days=15)
    assert org.records.find(sobject, contact.id, deleted=True) is not None
    org.clock.advance(minutes=1)

    assert org.records.find(sobject, contact.id, deleted=True) is None
    assert org.records.find(org.schema["Account"], account.id, deleted=True) is None
    assert recycle_bin.root_of(org.db, contact.id) is None


def test_the_bin_knows_what_one_deletion_took_along(org: Org) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    earlier = org.insert("Contact", {"LastName": "Early", "AccountId": account.id})
    org.delete(earlier.id)
    contact = org.insert("Contact", {"LastName": "Doe", "AccountId": account.id})
    child = org.insert("Account", {"Name": "Child", "ParentId": account.id})

    org.delete(account.id)

    assert recycle_bin.taken_along(org.db, account.id) == [
        ("Account", account.id),
        ("Contact", contact.id),
    ]
    assert recycle_bin.root_of(org.db, earlier.id) == earlier.id
    assert recycle_bin.cleared(org.db, account.id) == [
        recycle_bin.Cleared("Account", child.id, "ParentId")
    ]


def test_an_activated_contract_keeps_its_account(org: Org) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    activated = {**_CONTRACT, "AccountId": account.id, "StatusCode": "Activated"}
    org.load({"Contract": [activated]})
    before = org.digest()

    with pytest.raises(SalesforceError) as failed:
        org.delete(account.id)

    assert failed.value.code == "DELETE_FAILED"
    assert failed.value.message == (
        "Your attempt to delete Acme could not be completed because it is associated with the following"
        " contracts.: 00000100\n"
    )
    assert org.digest() == before


def test_a_draft_of_a_contract_goes_with_its_account(org: Org) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    draft = {**_CONTRACT, "AccountId": account.id, "Status": "Draft", "StatusCode": "Draft"}
    org.load({"Contract": [draft]})

    org.delete(account.id)

    assert org.count("Contract") == 0


def test_several_reasons_to_stay_are_refused(org: Org) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    org.insert("Case", {"AccountId": account.id})
    deal = {"Name": "O", "StageName": "Closed Won", "CloseDate": "2024-01-01"}
    org.insert("Opportunity", {**deal, "AccountId": account.id})

    with pytest.raises(Refused, match="deleting a Account for several reasons"):
        org.delete(account.id)


def test_a_loaded_deleted_record_leaves_the_bin_in_time(org: Org) -> None:
    org.clock.freeze()
    org.load({"Account": [{"Id": "001000000000001AAA", "Name": "Old", "IsDeleted": True}]})
    org.clock.advance(days=16)

    found = org.records.find(org.schema["Account"], "001000000000001AAA", deleted=True)

    assert found is None


def _lookup(org: Org, **properties: Any) -> None:
    org.schema.add_object("Box__c")
    org.schema.add_object("Item__c", label_plural="Items")
    org.schema.add_field("Item__c", "Box__c", "reference", reference_to="Box__c", **properties)


def test_a_restricting_custom_lookup_keeps_its_parent(org: Org) -> None:
    _lookup(org, delete_constraint="Restrict")
    box = org.insert("Box__c", {"Name": "Big"})
    for name in ("B", "A"):
        org.insert("Item__c", {"Name": name, "Box__c": box.id})

    with pytest.raises(SalesforceError) as failed:
        org.delete(box.id)

    assert failed.value.message == (
        "Your attempt to delete Big could not be completed because it is associated with the following"
        " items.: A, B\n"
    )
    org.delete(org.insert("Box__c", {"Name": "Empty"}).id)


@pytest.mark.parametrize("properties", [{"delete_constraint": "Cascade"}, {"master_detail": True}])
def test_details_go_with_their_master(org: Org, properties: dict[str, Any]) -> None:
    _lookup(org, **properties)
    box = org.insert("Box__c", {"Name": "Big"})
    item = org.insert("Item__c", {"Name": "A", "Box__c": box.id})

    org.delete(box.id)

    assert recycle_bin.root_of(org.db, item.id) == box.id
    row = org.records.find(org.schema["Item__c"], item.id, deleted=True)
    assert row is not None
    assert row["Box__c"] == box.id


def test_a_deletion_counts_a_child_once_that_two_ways_lead_to(org: Org) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    contact = org.insert("Contact", {"LastName": "Doe", "AccountId": account.id})
    task = org.insert("Task", {"WhatId": account.id, "WhoId": contact.id})

    org.delete(account.id)

    taken = [record_id for _, record_id in recycle_bin.taken_along(org.db, account.id)]
    assert sorted(taken) == sorted([account.id, contact.id, task.id])


def test_an_activated_order_that_was_loaded_without_its_category_keeps_its_account(
    org: Org,
) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    org.load(
        {"Order": [{"OrderNumber": "00000100", "Status": "Activated", "AccountId": account.id}]}
    )

    with pytest.raises(SalesforceError, match=r"following orders\.: 00000100"):
        org.delete(account.id)


def test_a_write_finds_no_row_whose_time_in_the_bin_is_over(org: Org) -> None:
    """Without a read in between that would have emptied the bin."""
    org.clock.freeze()
    account = org.create("Account")
    org.delete(account.id)
    org.clock.advance(days=16)
    with pytest.raises(SalesforceError, match="invalid cross reference id"):
        org.update(account.id, Name="A")
    with pytest.raises(SalesforceError, match="invalid cross reference id"):
        org.insert("Contact", {"LastName": "C", "AccountId": account.id})


def test_a_delete_looks_for_children_by_any_number_of_references(org: Org) -> None:
    names = [f"Account{number}__c" for number in range(40)]
    for name in ("Cup__c", "Item__c", "Plate__c"):
        org.schema.add_object(name, fields=dict.fromkeys(names, _TO_ACCOUNT))
    first, last, alone = org.insert("Account", [{"Name": each} for each in "ABC"])
    cup = org.insert("Cup__c", {names[0]: first.id})
    plate = org.insert("Plate__c", {names[-1]: last.id})
    org.insert("Item__c", {})

    for each in (first, last, alone):
        org.delete(each.id)

    assert (org.get(cup.id)[names[0]], org.get(plate.id)[names[-1]]) == (None, None)
    assert recycle_bin.cleared(org.db, alone.id) == []


@pytest.mark.parametrize("watched", [True, False])
def test_a_row_without_children_is_deleted_once(org: Org, watched: bool) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    snapshot = org.snapshot() if watched else None

    org.delete(account.id)

    with pytest.raises(SalesforceError) as failed:
        org.delete(account.id)
    assert failed.value.code == "ENTITY_IS_DELETED"
    assert recycle_bin.taken_along(org.db, account.id) == [("Account", account.id)]
    if snapshot is not None:
        assert org.changes(snapshot).deleted == {"Account": (account.id,)}


def test_the_digest_tells_what_went_along_from_what_went_before() -> None:
    digests = set()
    for first in ("Contact", "Account"):
        with Org.new() as org:
            org.clock.freeze(datetime(2024, 5, 31, tzinfo=UTC))
            account = org.insert("Account", {"Name": "Acme"})
            contact = org.insert("Contact", {"LastName": "Doe", "AccountId": account.id})
            org.delete(contact.id if first == "Contact" else account.id)
            if first == "Contact":
                org.delete(account.id)
            digests.add(org.digest())

    assert len(digests) == 2


def test_the_digest_tells_which_references_a_delete_cleared() -> None:
    digests = set()
    for cleared in (True, False):
        with Org.new() as org:
            org.clock.freeze(datetime(2024, 5, 31, tzinfo=UTC))
            parent = org.insert("Account", {"Name": "Acme"})
            child = org.insert("Account", {"Name": "Acme Inc.", "ParentId": parent.id})
            if not cleared:
                org.update(child.id, ParentId=None)
            org.delete(parent.id)
            digests.add(org.digest())

    assert len(digests) == 2

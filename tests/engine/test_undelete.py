"""The way back from the recycle bin: what went together comes back together (metadata.md 4.14)."""

from __future__ import annotations

from collections.abc import Callable

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


def test_hierarchies_and_custom_lookups_are_restored(org: Org) -> None:
    org.schema.add_object("Box__c")
    org.schema.add_field("Box__c", "Account__c", "reference", reference_to="Account")
    parent = org.insert("Account", {"Name": "Acme"})
    child = org.insert("Account", {"Name": "Acme Ltd", "ParentId": parent})
    box = org.insert("Box__c", {"Account__c": parent})
    org.delete(parent.id)
    assert org.get(child.id)["ParentId"] is None

    org.undelete(parent.id)

    assert org.get(child.id)["ParentId"] == parent.id
    assert org.get(box.id)["Account__c"] == parent.id


def test_a_reference_that_was_replaced_meanwhile_stays(org: Org) -> None:
    parent, other = (org.insert("Account", {"Name": name}) for name in ("Acme", "Ajax"))
    child = org.insert("Account", {"Name": "Acme Ltd", "ParentId": parent})
    org.delete(parent.id)
    org.update(child.id, ParentId=other.id)

    org.undelete(parent.id)

    assert org.get(child.id)["ParentId"] == other.id


def test_a_campaign_comes_back_with_members_and_totals_but_without_opportunities(org: Org) -> None:
    campaign = org.insert("Campaign", {"Name": "C"})
    lead = org.insert("Lead", {"LastName": "L", "Company": "C"})
    member = org.insert("CampaignMember", {"CampaignId": campaign, "LeadId": lead})
    deal = {"Name": "O", "StageName": "Prospecting", "CloseDate": "2024-01-01", "Amount": 5}
    org.insert("Opportunity", {**deal, "CampaignId": campaign})
    org.delete(campaign.id)

    back = org.undelete(campaign.id)

    assert (back["NumberOfLeads"], back["NumberOfOpportunities"]) == (1, 0)
    assert org.get(member.id)["CampaignId"] == campaign.id
    assert org.count("CampaignMemberStatus") == 2


def test_a_merged_record_comes_back_without_what_it_lost(org: Org) -> None:
    master, loser = (org.insert("Account", {"Name": name}) for name in "AB")
    contact = org.insert("Contact", {"LastName": "D", "AccountId": loser})
    org.merge(master.id, loser.id)

    back = org.undelete(loser.id)

    assert back["MasterRecordId"] is None
    assert org.get(contact.id)["AccountId"] == master.id


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


def _never_by_itself(org: Org) -> str:
    member = org.create("CampaignMember")
    org.delete(member.id)
    return member.id


def _below_its_child(org: Org) -> str:
    top, middle = (org.insert("Account", {"Name": name}) for name in "AB")
    org.update(middle.id, ParentId=top.id)
    low = org.insert("Account", {"Name": "C", "ParentId": middle})
    org.delete(middle.id)
    org.update(top.id, ParentId=low.id)
    return middle.id


@pytest.mark.parametrize(
    ("prepare", "feature"),
    [
        (_never_by_itself, "undelete of CampaignMember, which is not undeletable"),
        (_below_its_child, "undelete of a record below what stood below it"),
        (_never_deleted, "undelete of a record that is not in the recycle bin"),
        (_gone, "undelete of a record that is not in the recycle bin"),
        (_purged, "undelete of a record that is not in the recycle bin"),
        (_taken_along, "undelete of a record that was deleted together with its parent"),
        (_deleted_twice, r"undelete of a record whose Contact\.AccountId is deleted"),
        (_no_longer_unique, "undelete of a record whose unique value another record has now"),
    ],
)
def test_an_undelete_whose_answer_is_unknown_is_refused(
    org: Org, prepare: Callable[[Org], str], feature: str
) -> None:
    record_id = prepare(org)
    before = org.digest()
    with pytest.raises(Refused, match=feature):
        org.undelete(record_id)
    assert org.digest() == before


def test_an_id_of_no_sobject_is_not_found(org: Org) -> None:
    with pytest.raises(SalesforceError, match="NOT_FOUND"):
        org.undelete("nonsense")

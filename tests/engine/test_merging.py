"""Merging (metadata.md 4.14)."""

from __future__ import annotations

import pytest

from sfmock.errors import Refused, SalesforceError
from sfmock.org.org import Org
from sfmock.org.record import Record


def _values(record: Record, *names: str) -> dict[str, object]:
    return {name: record[name] for name in names}


def _deleted(org: Org, name: str, record_id: str) -> dict[str, object]:
    row = org.records.find(org.schema[name], record_id, deleted=True)
    assert row is not None
    return {"IsDeleted": bool(row["IsDeleted"]), "MasterRecordId": row["MasterRecordId"]}


def test_the_children_of_merged_accounts_go_to_the_master(org: Org) -> None:
    master, loser, other = (org.insert("Account", {"Name": name}) for name in "ABC")
    contact = org.insert("Contact", {"LastName": "D", "AccountId": loser.id})
    deal = {"Name": "O", "StageName": "Closed Won", "CloseDate": "2024-01-01"}
    won = org.insert("Opportunity", {**deal, "AccountId": loser.id})
    case = org.insert("Case", {"AccountId": other.id})
    child = org.insert("Account", {"Name": "Child", "ParentId": other.id})
    task = org.insert(
        "Task", {"WhatId": loser.id, "Status": "Completed", "ActivityDate": "2024-01-02"}
    )

    merged = org.merge(master.id, loser.id, other.id)

    assert merged.id == master.id
    assert merged.merged_record_ids == (loser.id, other.id)
    assert set(merged.updated_related_ids) == {
        each.id for each in (contact, won, case, child, task)
    }
    for each in (contact, won, case, task):
        assert org.get(each.id)["AccountId"] == master.id
    assert org.get(child.id)["ParentId"] == master.id
    assert org.get(task.id)["WhatId"] == master.id
    assert str(org.get(master.id)["LastActivityDate"]) == "2024-01-02"
    for each in (loser, other):
        wanted = {"IsDeleted": True, "MasterRecordId": master.id}
        assert _deleted(org, "Account", each.id) == wanted
    assert org.count("Account") == 2


def test_the_master_gets_the_fields_that_are_given(org: Org) -> None:
    master = org.insert("Account", {"Name": "A", "Phone": "1"})
    loser = org.insert("Account", {"Name": "B", "Phone": "2", "Fax": "3"})

    org.merge(master.id, loser.id, Name="AB")

    wanted = {"Name": "AB", "Phone": "1", "Fax": None}
    assert _values(org.get(master.id), *wanted) == wanted


def test_what_hangs_on_a_merged_contact_shows_the_master(org: Org) -> None:
    master = org.insert("Contact", {"LastName": "M", "Phone": "1"})
    loser = org.insert("Contact", {"LastName": "L", "Phone": "2"})
    case = org.insert("Case", {"ContactId": loser.id})
    campaign = org.insert("Campaign", {"Name": "C"})
    member = org.insert("CampaignMember", {"ContactId": loser.id, "CampaignId": campaign.id})

    org.merge(master.id, loser.id)

    wanted = {"ContactId": master.id, "ContactPhone": "1"}
    assert _values(org.get(case.id), *wanted) == wanted
    wanted = {"ContactId": master.id, "LeadOrContactId": master.id, "LastName": "M"}
    assert _values(org.get(member.id), *wanted) == wanted
    assert org.get(campaign.id)["NumberOfContacts"] == 1


def test_leads_are_merged_with_their_tasks(org: Org) -> None:
    master, loser = (org.insert("Lead", {"LastName": name, "Company": "C"}) for name in "AB")
    task = org.insert("Task", {"WhoId": loser.id})

    org.merge(master.id, loser.id)

    assert org.get(task.id)["WhoId"] == master.id
    wanted = {"IsDeleted": True, "MasterRecordId": master.id}
    assert _deleted(org, "Lead", loser.id) == wanted


def test_individuals_are_merged_with_their_contacts(org: Org) -> None:
    master, loser = (org.insert("Individual", {"LastName": name}) for name in "AB")
    contact = org.insert("Contact", {"LastName": "C", "IndividualId": loser.id})

    org.merge(master.id, loser.id)

    assert org.get(contact.id)["IndividualId"] == master.id
    assert org.count("Individual") == 1


def test_a_merged_record_is_seen_by_no_query(org: Org) -> None:
    master, loser = (org.insert("Account", {"Name": name}) for name in "AB")
    org.merge(master.id, loser.id)

    with pytest.raises(SalesforceError, match="NOT_FOUND"):
        org.get(loser.id)
    with pytest.raises(SalesforceError, match="ENTITY_IS_DELETED"):
        org.update(loser.id, Name="C")


def test_an_id_that_is_none_fails_as_recorded(org: Org) -> None:
    master = org.insert("Account", {"Name": "A"})

    with pytest.raises(SalesforceError) as failed:
        org.merge(master.id, "0011500000000")

    assert failed.value.code == "MALFORMED_ID"
    assert failed.value.message == "bad id in recordsToMerge: 0011500000000"
    assert failed.value.fields == ()


def test_a_merge_that_fails_late_leaves_nothing(org: Org) -> None:
    master, loser = (org.insert("Account", {"Name": name}) for name in "AB")
    org.insert("Contact", {"LastName": "D", "AccountId": loser.id})
    before = org.digest()

    with pytest.raises(SalesforceError, match="STRING_TOO_LONG"):
        org.merge(master.id, loser.id, Phone="9" * 41)

    assert org.digest() == before


def test_deleted_and_converted_records_are_not_merged(org: Org) -> None:
    master, loser, gone = (org.insert("Lead", {"LastName": n, "Company": "C"}) for n in "ABC")
    org.convert_lead(loser.id)
    org.delete(gone.id)

    with pytest.raises(SalesforceError, match="CANNOT_UPDATE_CONVERTED_LEAD"):
        org.merge(master.id, loser.id)
    with pytest.raises(SalesforceError, match="ENTITY_IS_DELETED"):
        org.merge(master.id, gone.id)
    with pytest.raises(SalesforceError, match="INVALID_CROSS_REFERENCE_KEY"):
        org.merge(master.id, "00Q000000000001EAA")


def test_merges_whose_outcome_nobody_has_told_are_refused(org: Org) -> None:
    master, loser, third, fourth = (org.insert("Account", {"Name": name}) for name in "ABCD")
    contact, double = (org.insert("Contact", {"LastName": name}) for name in "AB")
    org.update(master.id, ParentId=loser.id)
    campaign = org.insert("Campaign", {"Name": "C"})
    for each in (contact, double):
        org.insert("CampaignMember", {"ContactId": each.id, "CampaignId": campaign.id})
    deal = org.insert(
        "Opportunity", {"Name": "O", "StageName": "Prospecting", "CloseDate": "2024-01-01"}
    )
    before = org.digest()

    for ids in (
        (master.id,),
        (master.id, loser.id, third.id, fourth.id),
        (third.id, third.id),
        (third.id, fourth.id, fourth.id),
        (third.id, contact.id),
        (deal.id, deal.id),
        ("no id", third.id),
        (master.id, loser.id),
        (contact.id, double.id),
    ):
        with pytest.raises(Refused):
            org.merge(*ids)
    assert org.digest() == before

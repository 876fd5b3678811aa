"""Lead conversion (metadata.md 4.2)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from sfmock.errors import Refused, SalesforceError
from sfmock.org.org import Org
from sfmock.org.record import Record

_LEAD = {
    "Salutation": "Ms.", "FirstName": "Ann", "LastName": "Lee", "Company": "Lee Ltd", "Email": "ann@example.com",
    "Phone": "1", "MobilePhone": "2", "Fax": "3", "Title": "CEO", "Website": "https://lee.example", "Industry": "Energy",
    "Rating": "Hot", "AnnualRevenue": 5000, "NumberOfEmployees": 7, "Street": "1 Road", "City": "Rome",
    "State": "RM", "PostalCode": "00100", "Country": "Italy", "LeadSource": "Web", "Description": "D", "DoNotCall": True,
}  # fmt: skip
_PLACE = ("Street", "City", "State", "PostalCode", "Country")


@pytest.fixture
def lead(org: Org) -> Record:
    org.clock.freeze(datetime(2024, 2, 1, 12, tzinfo=UTC))
    return org.insert("Lead", _LEAD)


def _values(record: Record, *names: str) -> dict[str, object]:
    return {name: record[name] for name in names}


def test_a_lead_becomes_an_account_a_contact_and_an_opportunity(org: Org, lead: Record) -> None:
    made = org.convert_lead(lead.id)

    account = org.get(made.account_id)
    same = ("Phone", "Fax", "Website", "Industry", "Rating", "AnnualRevenue", "NumberOfEmployees")
    assert account["Name"] == "Lee Ltd"
    assert _values(account, *same, "OwnerId") == _values(lead, *same, "OwnerId")
    assert [account[f"Billing{name}"] for name in _PLACE] == [lead[name] for name in _PLACE]
    contact = org.get(made.contact_id)
    names = ("FirstName", "LastName", "Name", "Salutation", "Email", "Phone", "MobilePhone", "Fax")
    more = ("Title", "LeadSource", "Description", "DoNotCall", "HasOptedOutOfEmail")
    assert _values(contact, *names, *more) == _values(lead, *names, *more)
    assert [contact[f"Mailing{name}"] for name in _PLACE] == [lead[name] for name in _PLACE]
    assert contact["AccountId"] == account.id
    assert made.opportunity_id is not None
    opportunity = org.get(made.opportunity_id)
    wanted = {
        "Name": "Lee Ltd-",
        "AccountId": account.id,
        "ContactId": contact.id,
        "StageName": "Prospecting",
        "Probability": Decimal("10.0"),
        "LeadSource": "Web",
        "Amount": None,
    }
    assert _values(opportunity, *wanted) == wanted
    assert str(opportunity["CloseDate"]) == "2024-03-31"


def test_a_converted_lead_names_what_it_became_and_stays(org: Org, lead: Record) -> None:
    made = org.convert_lead(lead.id, converted_status="Closed - Converted")

    converted = org.get(lead.id)
    wanted = {
        "IsConverted": True,
        "Status": "Closed - Converted",
        "ConvertedAccountId": made.account_id,
        "ConvertedContactId": made.contact_id,
        "ConvertedOpportunityId": made.opportunity_id,
        "IsUnreadByOwner": False,
        "LastName": "Lee",
    }
    assert _values(converted, *wanted) == wanted
    assert str(converted["ConvertedDate"]) == "2024-02-01"
    assert made.lead_id == lead.id


def test_a_converted_lead_refuses_changes_and_references(org: Org, lead: Record) -> None:
    org.convert_lead(lead.id)
    before = org.digest()

    for write in (
        lambda: org.update(lead.id, Phone="9"),
        lambda: org.convert_lead(lead.id),
        lambda: org.insert("Task", {"WhoId": lead.id}),
    ):
        with pytest.raises(SalesforceError) as failed:
            write()
        assert failed.value.code == "CANNOT_UPDATE_CONVERTED_LEAD"
        assert failed.value.message == "cannot reference converted lead"
        assert failed.value.fields == ()
    assert org.digest() == before


def test_no_opportunity_is_made_where_none_is_wanted(org: Org, lead: Record) -> None:
    made = org.convert_lead(lead.id, do_not_create_opportunity=True)

    assert made.opportunity_id is None
    assert org.count("Opportunity") == 0
    assert org.get(lead.id)["ConvertedOpportunityId"] is None


def test_an_opportunity_gets_the_name_that_is_asked_for(org: Org, lead: Record) -> None:
    made = org.convert_lead(lead.id, opportunity_name="Deal")

    assert made.opportunity_id is not None
    assert org.get(made.opportunity_id)["Name"] == "Deal"


def test_only_empty_fields_of_records_that_are_there_are_filled(org: Org, lead: Record) -> None:
    account = org.insert("Account", {"Name": "Old", "Phone": "99"})
    contact = org.insert(
        "Contact", {"LastName": "Older", "AccountId": account.id, "LeadSource": "Other"}
    )

    made = org.convert_lead(lead.id, account_id=account.id, contact_id=contact.id)

    assert (made.account_id, made.contact_id) == (account.id, contact.id)
    account, contact = org.get(account.id), org.get(contact.id)
    assert _values(account, "Name", "Phone", "Fax") == {"Name": "Old", "Phone": "99", "Fax": "3"}
    assert _values(contact, "LastName", "FirstName", "LeadSource", "DoNotCall") == {
        "LastName": "Older",
        "FirstName": "Ann",
        "LeadSource": "Other",
        "DoNotCall": False,
    }


def test_the_lead_source_of_a_contact_is_overwritten_on_demand(org: Org, lead: Record) -> None:
    account = org.insert("Account", {"Name": "Old"})
    fields = {"LastName": "Older", "AccountId": account.id, "LeadSource": "Other"}
    contact = org.insert("Contact", fields)

    org.convert_lead(
        lead.id, account_id=account.id, contact_id=contact.id, overwrite_lead_source=True
    )

    assert org.get(contact.id)["LeadSource"] == "Web"


def test_new_records_belong_to_the_owner_that_is_asked_for(org: Org, lead: Record) -> None:
    owner = org.user("Olga Owner")

    made = org.convert_lead(lead.id, owner_id=owner.id)

    owners = {org.get(each)["OwnerId"] for each in (made.account_id, made.contact_id)}
    assert owners == {owner.id}
    assert org.get(lead.id)["OwnerId"] == org.admin_id


def test_tasks_events_and_memberships_go_over_to_the_contact(org: Org, lead: Record) -> None:
    task = org.insert(
        "Task", {"WhoId": lead.id, "Status": "Completed", "ActivityDate": "2024-01-05"}
    )
    event = org.insert(
        "Event", {"WhoId": lead.id, "StartDateTime": "2024-01-03T12:00:00Z", "DurationInMinutes": 5}
    )
    campaign = org.insert("Campaign", {"Name": "C"})
    member = org.insert("CampaignMember", {"LeadId": lead.id, "CampaignId": campaign.id})

    made = org.convert_lead(lead.id)

    for each in (task, event):
        wanted = {"WhoId": made.contact_id, "AccountId": made.account_id}
        assert _values(org.get(each.id), *wanted) == wanted
    assert str(org.get(made.contact_id)["LastActivityDate"]) == "2024-01-05"
    assert str(org.get(made.account_id)["LastActivityDate"]) == "2024-01-05"
    wanted = {
        "LeadId": lead.id,
        "ContactId": made.contact_id,
        "Type": "Contact",
        "LeadOrContactId": made.contact_id,
    }
    assert _values(org.get(member.id), *wanted) == wanted
    counts = {
        "NumberOfLeads": 1,
        "NumberOfConvertedLeads": 1,
        "NumberOfContacts": 1,
        "NumberOfOpportunities": 1,
    }
    assert _values(org.get(campaign.id), *counts) == counts
    assert made.opportunity_id is not None
    assert org.get(made.opportunity_id)["CampaignId"] == campaign.id


def test_a_status_that_does_not_mean_converted_fails(org: Org, lead: Record) -> None:
    before = org.digest()

    with pytest.raises(SalesforceError) as failed:
        org.convert_lead(lead.id, converted_status="Closed - Not Converted")

    assert failed.value.code == "INVALID_STATUS"
    assert failed.value.message == "invalid convertedStatus: Closed - Not Converted"
    assert failed.value.fields == ("Status",)
    assert org.digest() == before


def test_a_conversion_that_fails_late_leaves_nothing(org: Org, lead: Record) -> None:
    before = org.digest()

    with pytest.raises(SalesforceError, match="STRING_TOO_LONG"):
        org.convert_lead(lead.id, opportunity_name="x" * 121)

    assert org.digest() == before


def test_what_does_not_go_together_is_refused(org: Org, lead: Record) -> None:
    account = org.insert("Account", {"Name": "A"})
    contact = org.insert("Contact", {"LastName": "C"})
    before = org.digest()

    wishes: tuple[dict[str, Any], ...] = (
        {"opportunity_id": "006000000000001AAA"},
        {"do_not_create_opportunity": True, "opportunity_name": "D"},
        {"contact_id": contact.id},
        {"overwrite_lead_source": True},
        {"account_id": account.id, "contact_id": contact.id},
        {"account_id": contact.id},
    )
    for wish in wishes:
        with pytest.raises(Refused):
            org.convert_lead(lead.id, **wish)
    with pytest.raises(Refused, match="as id of a Lead"):
        org.convert_lead(account.id)
    assert org.digest() == before


def test_a_lead_that_is_deleted_or_was_never_there_is_not_converted(org: Org, lead: Record) -> None:
    org.delete(lead.id)

    with pytest.raises(SalesforceError, match="ENTITY_IS_DELETED"):
        org.convert_lead(lead.id)
    with pytest.raises(SalesforceError, match="INVALID_CROSS_REFERENCE_KEY"):
        org.convert_lead("00Q000000000001EAA")


def test_a_contact_that_is_in_the_campaign_already_is_refused(org: Org, lead: Record) -> None:
    account = org.insert("Account", {"Name": "A"})
    contact = org.insert("Contact", {"LastName": "C", "AccountId": account.id})
    campaign = org.insert("Campaign", {"Name": "C"})
    for person in ({"LeadId": lead.id}, {"ContactId": contact.id}):
        org.insert("CampaignMember", {"CampaignId": campaign.id, **person})

    with pytest.raises(Refused, match="share a Campaign Member"):
        org.convert_lead(lead.id, account_id=account.id, contact_id=contact.id)


def test_a_company_too_long_for_an_opportunity_is_refused(org: Org) -> None:
    lead = org.insert("Lead", {"LastName": "Doe", "Company": "x" * 120})

    with pytest.raises(Refused, match="the name of the opportunity of a lead"):
        org.convert_lead(lead.id)

    assert org.convert_lead(lead.id, opportunity_name="Deal").opportunity_id is not None

"""Rows as they were recorded: made by the same writes at the same moments, they read the same (tests/engine/recorded/rows.jsonl).

The short form has the standard fields that were not null, and by name the references that were set.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from calling import Caller
from described import listed
from sfmock.org.org import Org

RECORDED_ORDER = {
    # rest-0065, rest-0081, rest-0101: rows of a 2021 org at v42.0, without its custom fields
    "Account": "Id IsDeleted MasterRecordId Name Type ParentId BillingStreet BillingCity BillingState BillingPostalCode"
    " BillingCountry BillingLatitude BillingLongitude BillingGeocodeAccuracy BillingAddress ShippingStreet"
    " ShippingCity ShippingState ShippingPostalCode ShippingCountry ShippingLatitude ShippingLongitude"
    " ShippingGeocodeAccuracy ShippingAddress Phone Fax AccountNumber Website PhotoUrl Sic Industry AnnualRevenue"
    " NumberOfEmployees Ownership TickerSymbol Description Rating Site OwnerId CreatedDate CreatedById"
    " LastModifiedDate LastModifiedById SystemModstamp LastActivityDate LastViewedDate LastReferencedDate Jigsaw"
    " JigsawCompanyId CleanStatus AccountSource DunsNumber Tradestyle NaicsCode NaicsDesc YearStarted SicDesc",
    "Contact": "Id IsDeleted MasterRecordId AccountId LastName FirstName Salutation Name OtherStreet OtherCity"
    " OtherState OtherPostalCode OtherCountry OtherLatitude OtherLongitude OtherGeocodeAccuracy OtherAddress"
    " MailingStreet MailingCity MailingState MailingPostalCode MailingCountry MailingLatitude MailingLongitude"
    " MailingGeocodeAccuracy MailingAddress Phone Fax MobilePhone HomePhone OtherPhone AssistantPhone ReportsToId"
    " Email Title Department AssistantName LeadSource Birthdate Description OwnerId CreatedDate CreatedById"
    " LastModifiedDate LastModifiedById SystemModstamp LastActivityDate LastCURequestDate LastCUUpdateDate"
    " LastViewedDate LastReferencedDate EmailBouncedReason EmailBouncedDate IsEmailBounced PhotoUrl Jigsaw"
    " JigsawContactId CleanStatus IndividualId",
    "Lead": "Id IsDeleted MasterRecordId LastName FirstName Salutation Name Title Company Street City State PostalCode"
    " Country Latitude Longitude GeocodeAccuracy Address Phone MobilePhone Fax Email Website PhotoUrl Description"
    " LeadSource Status Industry Rating AnnualRevenue NumberOfEmployees OwnerId IsConverted ConvertedDate"
    " ConvertedAccountId ConvertedContactId ConvertedOpportunityId IsUnreadByOwner CreatedDate CreatedById"
    " LastModifiedDate LastModifiedById SystemModstamp LastActivityDate LastViewedDate LastReferencedDate Jigsaw"
    " JigsawContactId CleanStatus CompanyDunsNumber DandbCompanyId EmailBouncedReason EmailBouncedDate IndividualId",
}
_ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "recorded" / "rows.jsonl").read_text().splitlines()
]
_WRITTEN = ("Name", "AccountNumber", "Site", "FirstName", "LastName", "Email", "Company")
_VIEWS = {"LastViewedDate", "LastReferencedDate"}
"""They tell who looked before: tests/engine/cases/reads/recorded.jsonl."""


@pytest.mark.parametrize("name", list(RECORDED_ORDER))
def test_a_row_has_its_fields_in_the_recorded_order(name: str, call: Caller, org: Org) -> None:
    record = org.create(name)

    body = call("GET", f"/sobjects/{name}/{record.id}").json

    assert isinstance(body, dict)
    recorded = RECORDED_ORDER[name].split()
    assert [each for each in body if each in recorded] == recorded


@pytest.mark.parametrize(("pack", "seed"), [("developer", 0), ("sales", 4711)])
@pytest.mark.parametrize("recorded", _ROWS, ids=lambda each: each["id"])
def test_a_recorded_row_reads_the_same(recorded: dict[str, Any], pack: str, seed: int) -> None:
    name, fields = recorded["sobject"], recorded["fields"]
    with Org.new(pack, seed) as org:
        record_id, set_ids = _made(org, recorded)
        body: Any = Caller(org)("GET", f"/sobjects/{name}/{record_id}", version="42.0").json

    expected: dict[str, Any] = dict.fromkeys(RECORDED_ORDER[name].split())
    expected |= fields | set_ids
    expected |= {
        "Id": record_id,
        "IsDeleted": False,
        "PhotoUrl": f"/services/images/photo/{record_id}",
        "SystemModstamp": fields["LastModifiedDate"],
    }
    assert {key: body[key] for key in expected if key not in _VIEWS} == {
        key: value for key, value in expected.items() if key not in _VIEWS
    }
    assert body["attributes"] == {
        "type": name,
        "url": f"/services/data/v42.0/sobjects/{name}/{record_id}",
    }


def test_basic_info_is_as_recorded() -> None:
    listing = (Path(__file__).parent / "recorded" / "global.jsonl").read_text().splitlines()
    recorded = next(row for row in map(json.loads, listing) if row["name"] == "Account")
    with Org.new() as org:
        body: Any = Caller(org)("GET", "/sobjects/Account/", version="63.0").json
    assert list(body) == ["objectDescribe", "recentItems"]
    assert listed(body["objectDescribe"]) == recorded
    assert body["recentItems"] == []


def _made(org: Org, recorded: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The row, made and changed when it was; and what its references hold."""
    fields, wanted = recorded["fields"], recorded["ids"]
    written = {name: fields[name] for name in _WRITTEN if name in fields}
    if recorded["sobject"] != "Account":
        written.pop("Name")
    org.clock.freeze(_moment(fields["CreatedDate"]))
    if "AccountId" in wanted:
        written["AccountId"] = org.insert("Account", {"Name": "Its account"}).id
    record = org.insert(recorded["sobject"], written)
    if fields["LastModifiedDate"] != fields["CreatedDate"]:
        org.clock.freeze(_moment(fields["LastModifiedDate"]))
        if fields.get("IsConverted"):
            org.convert_lead(record.id, do_not_create_opportunity=True)
        else:
            org.update(record.id, **written)
    found = org.get(record.id)
    ids = dict.fromkeys(("OwnerId", "CreatedById", "LastModifiedById"), org.admin_id)
    return record.id, ids | {name: found[name] for name in wanted if name != "OwnerId"}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text[:19]}+00:00")

"""Describes of standard objects against recordings of real orgs, key by key (tests/engine/recorded).

`standard.jsonl` holds what was recorded of eleven sobjects, `global.jsonl` the rows of a global describe, both in a short form of
our own: what is null, false, zero or empty is left out, of addresses only the names stand there. What differs is what those orgs had switched on or hidden: it stands here by name.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from calling import Caller
from described import listed, short
from proofs import lines

RECORDED = Path(__file__).parent / "recorded"
STANDARD = lines(RECORDED / "standard.jsonl")
GLOBAL = lines(RECORDED / "global.jsonl")

SWITCHED_ON = {
    "BillingStateCode", "BillingCountryCode", "ShippingStateCode", "ShippingCountryCode",  # state and country picklists
    "OperatingHoursId",  # field service
    "RecordTypeId",  # the org had record types of Idea
}  # fmt: skip
"""Fields of a feature that the recorded org had."""
HIDDEN = {
    "HasOptedOutOfEmail", "HasOptedOutOfFax", "DoNotCall", "LastTransferDate",  # by field-level security
    "PushCount",  # newer than the recording
}  # fmt: skip
"""Fields that the recording user did not see."""
LATER = {
    "Case": {"keys": ["sobjectDescribeOption"], "urls": ["defaultValues"]},
    "Idea": {"keys": ["sobjectDescribeOption"], "urls": ["defaultValues"]},
    "OpportunityContactRole": {"keys": ["sobjectDescribeOption"], "urls": ["defaultValues"]},
}
"""A key that came, and an address that went, between the recordings of 2018 to 2020 and those of today, whatever the version."""
IMAGES = {"CreatorFullPhotoUrl", "CreatorSmallPhotoUrl"}
"""Addresses of photos were not marked as images in 2017."""
NOT_THE_MARKETING_USER = {
    "Campaign": ("createable", "deletable", "undeletable", "updateable"),
    "CampaignMemberStatus": ("createable", "deletable", "updateable"),
}
"""What the recording user lacked the right for."""


def describe(call: Caller, recorded: dict[str, Any]) -> Any:
    answer = call("GET", f"/sobjects/{recorded['name']}/describe", version=recorded["version"])
    assert answer.status == 200, answer.text
    return answer.json


def field_facts(field: dict[str, Any]) -> dict[str, Any]:
    facts = short({key: field[key] for key in field if key not in ("name", "picklistValues")})
    values = [
        [each[key] for key in ("value", "label", "active", "defaultValue", "validFor")]
        for each in field["picklistValues"]
    ]
    if len(values) > 60:
        facts["picklist"] = [len(values), values[0], values[-1]]
    elif values:
        facts["picklist"] = values
    return facts


@pytest.mark.parametrize("recorded", STANDARD, ids=lambda each: each["name"])
def test_a_standard_object_is_described_as_recorded(recorded: dict[str, Any], call: Caller) -> None:
    ours = describe(call, recorded)
    later: dict[str, list[str]] = LATER.get(recorded["name"], {})

    assert [key for key in ours if key not in later.get("keys", [])] == sorted(recorded["keys"])
    assert sorted(ours["fields"][0]) == recorded["field_keys"]
    flags = ("fields", "childRelationships", "urls", "recordTypeInfos", "supportedScopes")
    found = short({key: ours[key] for key in ours if key not in flags and key in recorded["keys"]})
    assert found == recorded["flags"]
    scopes = [[each["name"], each["label"]] for each in ours["supportedScopes"]]
    assert scopes == recorded["scopes"]
    urls = [each for each in recorded["urls"] if each not in later.get("urls", [])]
    assert (sorted if later else list)(ours["urls"]) == (sorted if later else list)(urls)


@pytest.mark.parametrize("recorded", STANDARD, ids=lambda each: each["name"])
def test_fields_of_a_standard_object_are_as_recorded(
    recorded: dict[str, Any], call: Caller
) -> None:
    ours = {field["name"]: field_facts(field) for field in describe(call, recorded)["fields"]}
    theirs = {name: each for name, each in recorded["fields"].items() if name not in SWITCHED_ON}

    assert [name for name in ours if name not in HIDDEN or name in theirs] == list(theirs)
    for name, each in theirs.items():
        if name in IMAGES:
            each = each | {"extraTypeInfo": "imageurl"}
        assert ours[name] == each, name


@pytest.mark.parametrize("recorded", STANDARD, ids=lambda each: each["name"])
def test_child_relationships_of_a_standard_object_are_as_recorded(
    recorded: dict[str, Any], call: Caller
) -> None:
    ours = [
        [
            each["childSObject"],
            each["field"],
            each["relationshipName"],
            each["cascadeDelete"],
            each["restrictedDelete"],
            each["junctionIdListNames"],
            each["junctionReferenceTo"],
        ]
        for each in describe(call, recorded)["childRelationships"]
        if each["childSObject"] != "FlowRecordRelation" or recorded["name"] != "Idea"  # came later
    ]
    assert ours == recorded["children"]


@pytest.mark.parametrize("recorded", GLOBAL, ids=lambda each: each["name"])
def test_a_row_of_the_global_describe_is_as_recorded(
    recorded: dict[str, Any], call: Caller
) -> None:
    body: Any = call("GET", "/sobjects", version="59.0").json
    missing = NOT_THE_MARKETING_USER.get(recorded["name"], ())
    ours = next((each for each in body["sobjects"] if each["name"] == recorded["name"]), None)

    assert ours is not None
    assert listed(ours) == recorded | {"true": sorted({*recorded["true"], *missing})}

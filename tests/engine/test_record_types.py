"""Record types in the schema: describe as recorded, the field they bring, loading, generating, going back."""

from __future__ import annotations

from typing import Any

import pytest

from calling import Caller
from sfmock.org.org import Org
from sfmock.schema.model import PicklistValue


def infos(call: Caller, name: str, version: str = "60.0") -> Any:
    body: Any = call("GET", f"/sobjects/{name}/describe", version=version).json
    return body["recordTypeInfos"]


def test_describe_lists_record_types_by_name_and_the_master_last(call: Caller) -> None:
    """The form of a recorded describe: CumulusCI, person accounts, v59.0."""
    schema = call.org.schema
    org_type = schema.add_record_type("Account", "Organization", default=True)
    household = schema.add_record_type("Account", "HH_Account", label="Household Account")
    old = schema.add_record_type("Account", "Old", active=False)
    root = "/services/data/v60.0/sobjects/Account/describe/layouts"

    def entry(record_id: str, developer_name: str, name: str, **differs: bool) -> dict[str, Any]:
        return {
            "active": True,
            "available": True,
            "defaultRecordTypeMapping": False,
            "developerName": developer_name,
            "master": False,
            "name": name,
            "recordTypeId": record_id,
            "urls": {"layout": f"{root}/{record_id}"},
        } | differs

    assert infos(call, "Account") == [
        entry(household.id, "HH_Account", "Household Account"),
        entry(old.id, "Old", "Old", active=False, available=False),
        entry(org_type.id, "Organization", "Organization", defaultRecordTypeMapping=True),
        entry("012000000000000AAA", "Master", "Master", master=True),
    ]
    assert list(infos(call, "Account")[0]) == sorted(infos(call, "Account")[0])


def test_the_master_record_type_is_the_default_until_another_one_is(call: Caller) -> None:
    call.org.schema.add_record_type("Account", "Big")
    assert [each["defaultRecordTypeMapping"] for each in infos(call, "Account")] == [False, True]


def test_the_field_is_described_as_recorded_where_it_was_recorded(call: Caller) -> None:
    call.org.schema.add_record_type("Account", "Big")
    body: Any = call("GET", "/sobjects/Account/describe").json
    names = [each["name"] for each in body["fields"]]
    assert names[names.index("Type") + 1] == "RecordTypeId"
    field = body["fields"][names.index("RecordTypeId")]
    assert {key: value for key, value in field.items() if value not in (None, False, 0, [])} == {
        "aggregatable": True, "byteLength": 18, "createable": True, "filterable": True, "groupable": True,
        "label": "Record Type ID", "length": 18, "name": "RecordTypeId", "nillable": True,
        "referenceTo": ["RecordType"], "relationshipName": "RecordType", "soapType": "tns:ID", "sortable": True,
        "type": "reference", "updateable": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "behind"), [("Thing__c", "Name"), ("Contact", None), ("Opportunity", None)]
)
def test_the_field_stands_behind_the_name_or_the_standard_fields(
    org: Org, name: str, behind: str | None
) -> None:
    org.schema.add_object("Thing__c")
    org.schema.add_field(name, "Extra__c", "string")
    org.schema.add_record_type(name, "Big")
    names = [each.name for each in org.schema[name].fields]
    assert names[names.index("RecordTypeId") - 1] == (behind or names[-3])
    assert names[-1] == "Extra__c"


def test_a_custom_object_joins_the_choices_of_sobject_type(org: Org) -> None:
    org.schema.add_object("Thing__c")
    org.schema.add_record_type("Thing__c", "Big")
    values = [each.value for each in org.schema["RecordType"].by_name["sobjecttype"].picklist]
    assert "Thing__c" in values
    assert values == sorted(values)


@pytest.mark.parametrize(
    ("sobject", "name", "options", "message"),
    [
        ("Account", "Two words", {}, "no developer name"),
        ("Account", "big", {}, "has a record type big already"),
        ("Account", "Old", {"active": False, "default": True}, "the default record type is active"),
        ("Account", "New", {"picklists": {"Name": ["A"]}}, "Account has no picklist Name"),
        (
            "Account",
            "New",
            {"picklists": {"Rating": ["Mild"]}},
            "Account.Rating has no value 'Mild'",
        ),
        ("User", "New", {}, "User cannot have record types"),
        ("Rate__mdt", "New", {}, "Rate__mdt cannot have record types"),
    ],
)
def test_a_record_type_that_cannot_be_is_told_and_changes_nothing(
    org: Org, sobject: str, name: str, options: dict[str, Any], message: str
) -> None:
    org.schema.add_object("Rate__mdt")
    org.schema.add_record_type("Account", "Big")
    before = org.digest()
    with pytest.raises(ValueError, match=message):
        org.schema.add_record_type(sobject, name, **options)
    assert org.digest() == before


def test_a_record_type_may_have_a_default_of_its_own(org: Org) -> None:
    org.schema.add_field("Account", "Tier__c", "picklist", values=["A", "B"], default="A")
    org.schema.add_record_type(
        "Account",
        "Big",
        default=True,
        picklists={"Tier__c": [PicklistValue("B", "B", default=True)]},
    )
    assert org.insert("Account", {"Name": "Acme"})["Tier__c"] == "B"
    assert org.insert("Account", {"Name": "Acme", "Tier__c": "A"})["Tier__c"] == "A"


def test_rows_of_record_type_make_record_types(org: Org) -> None:
    record_id = "0125j000000RqVkAAK"
    org.load(
        {
            "RecordType": [
                {
                    "attributes": {"type": "RecordType"},
                    "Id": record_id,
                    "SobjectType": "Account",
                    "DeveloperName": "HH_Account",
                    "Name": "Household Account",
                    "Description": "Families",
                    "IsActive": True,
                }
            ],
            "Account": [{"Name": "Doe", "RecordTypeId": record_id}],
        }
    )
    [account] = org.query("SELECT RecordType.Name, RecordType.Description FROM Account")  # type: ignore[misc]  # a list
    assert account["RecordType"]["Name"] == "Household Account"
    assert account["RecordType"]["Description"] == "Families"
    assert [each.developer_name for each in org.schema["Account"].record_types] == ["HH_Account"]
    assert (
        org.insert("Account", {"Name": "Roe", "RecordTypeId": record_id})["RecordTypeId"]
        == record_id
    )


def test_generated_rows_keep_to_their_record_type(org: Org) -> None:
    values = [f"V{number}" for number in range(30)]
    org.schema.add_field("Account", "Tier__c", "picklist", values=values, restricted=True)
    big = org.schema.add_record_type("Account", "Big", picklists={"Tier__c": ["V3"]})
    org.schema.add_record_type(
        "Account", "Small", default=True, picklists={"Tier__c": ["V7", "V8"]}
    )
    assert {each["Tier__c"] for each in org.create("Account", 20)} == {"V7", "V8"}
    assert {each["Tier__c"] for each in org.create("Account", 3, RecordTypeId=big.id)} == {"V3"}


def test_going_back_takes_record_types_away(org: Org) -> None:
    snapshot, before = org.snapshot(), org.digest()
    org.schema.add_record_type("Account", "Big", default=True)
    assert org.create("Account")["RecordTypeId"] is not None
    org.restore(snapshot)
    assert org.digest() == before
    assert org.schema["Account"].find("RecordTypeId") is None
    assert org.count("RecordType") == 0
    again = org.schema.add_record_type("Account", "Big")
    assert org.get(again.id)["DeveloperName"] == "Big"


def test_a_bare_org_takes_record_types_too() -> None:
    with Org.new("bare") as org:
        made = org.schema.add_record_type("Account", "Big")
        assert org.records.find(org.schema["RecordType"], made.id) is not None

"""Describes of a real org laid over the shipped schema: the org's form of each sobject counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from calling import Caller
from sfmock.errors import Refused, SalesforceError
from sfmock.org.org import Org
from sfmock.versions import Version

SIXTY = Version(60)


def own(org: Org, name: str) -> dict[str, Any]:
    """What this fake itself says of an sobject, to be changed and loaded."""
    found: dict[str, Any] = json.loads(org.describes.one(name, SIXTY, "https://x.example").text)
    return found


def fields(describe: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in describe["fields"]}


def load(org: Org, folder: Path, *describes: dict[str, Any], strict: bool = True) -> Any:
    (folder / "found.json").write_text(json.dumps(describes))
    return org.schema.load(folder / "found.json", strict=strict)


def test_custom_fields_are_added_and_changed_standard_ones_take_the_describes_form(
    org: Org, tmp_path: Path
) -> None:
    account = own(org, "Account")
    known = fields(account)
    known["Name"]["label"] = "Customer Name"
    known["Name"]["length"] = 40
    known["Phone"]["nillable"] = False
    known["Rating"]["picklistValues"] = [
        {"active": True, "defaultValue": True, "label": "Fine", "validFor": None, "value": "fine"}
    ]
    known["Rating"]["restrictedPicklist"] = True
    known["Rating"]["defaultValue"] = "fine"
    account["label"], account["labelPlural"] = "Customer", "Customers"
    level = known["Description"] | {"name": "ns__Level__c", "label": "Level", "type": "string", "length": 5, "custom": True, "extraTypeInfo": None, "byteLength": 15}  # fmt: skip
    account["fields"].append(level)

    report = load(org, tmp_path, account)

    assert report.fields == (
        "Account.Name",
        "Account.Phone",
        "Account.Rating",
        "Account.ns__Level__c",
    )
    assert org.schema["Account"].label_plural == "Customers"
    assert org.insert("Account", {"Name": "Acme", "Phone": "1"})["Rating"] == "fine"
    with pytest.raises(SalesforceError, match=r"Required fields are missing: \[Phone\]"):
        org.insert("Account", {"Name": "Acme"})
    with pytest.raises(
        SalesforceError, match="Rating: bad value for restricted picklist field: Hot"
    ):
        org.insert("Account", {"Name": "Acme", "Phone": "1", "Rating": "Hot"})
    with pytest.raises(SalesforceError, match="Level: data value too large: 123456"):
        org.insert("Account", {"Name": "Acme", "Phone": "1", "ns__Level__c": "123456"})
    with pytest.raises(SalesforceError, match=r"Customer Name: data value too large"):
        org.insert("Account", {"Name": "A" * 41, "Phone": "1"})


def test_a_standard_field_that_the_org_hides_is_gone_for_callers_and_kept_for_rules(
    org: Org, tmp_path: Path
) -> None:
    opportunity = own(org, "Opportunity")
    hidden = {"PushCount", "ExpectedRevenue", "Probability", "ForecastCategory"}
    opportunity["fields"] = [each for each in opportunity["fields"] if each["name"] not in hidden]

    report = load(org, tmp_path, opportunity)

    assert {*report.removed} == {f"Opportunity.{name}" for name in hidden}
    assert (
        str(report)
        .splitlines()[1]
        .startswith("Standard fields that the describes do not have: Opportunity.")
    )
    made = org.create("Opportunity", StageName="Closed Won", Amount=5)
    assert hidden.isdisjoint(made)
    assert made["IsWon"] is True
    changed = org.update(made.id, StageName="Prospecting", CloseDate="2099-12-31")
    assert changed["IsClosed"] is False
    call = Caller(org)
    assert hidden.isdisjoint(call("GET", f"/sobjects/Opportunity/{made.id}").json)  # type: ignore[arg-type]  # an object
    with pytest.raises(SalesforceError, match="No such column 'PushCount' on"):
        org.query("SELECT PushCount FROM Opportunity")
    with pytest.raises(
        SalesforceError, match="No such column 'Probability' on sobject of type Opportunity"
    ):
        org.update(made.id, Probability=5)
    again = load(org, tmp_path, own_with(org, "Opportunity", opportunity, "PushCount"))
    assert "Opportunity.PushCount" not in again.removed
    assert org.get(made.id)["PushCount"] == 1  # it was counted all the while


def own_with(org: Org, name: str, described: dict[str, Any], field: str) -> dict[str, Any]:
    """A describe that shows one more field, as the shipped schema has it."""
    with Org.new() as other:
        shown = fields(own(other, name))[field]
    return described | {"fields": [*described["fields"], shown]}


def test_first_rows_come_into_an_org_that_hides_some_of_their_fields(tmp_path: Path) -> None:
    with Org.new() as org:
        user = own(org, "User")
        kept = [each for each in user["fields"] if not each["name"].startswith("UserPermissions")]
        load(org, tmp_path, user | {"fields": kept})
        assert org.user("Ada Lovelace").username
        assert org.count("User") >= 2


def test_a_standard_sobject_that_is_not_shipped_can_be_read_and_loaded_but_not_written(
    org: Org, tmp_path: Path
) -> None:
    vehicle = own(org, "Topic") | {"name": "Vehicle", "label": "Vehicle", "keyPrefix": "0qA"}

    load(org, tmp_path, vehicle)

    assert org.query("SELECT Id, Name FROM Vehicle") == []
    with pytest.raises(Refused, match="writing Vehicle, of which only the describe is known"):
        org.insert("Vehicle", {"Name": "Van"})
    org.load({"Vehicle": [{"Name": "Van"}]})
    [van] = org.query("SELECT Id, Name FROM Vehicle")  # type: ignore[misc]  # no count
    assert (van["Name"], van.id[:3]) == ("Van", "0qA")


def test_an_sobject_that_no_source_has_is_refused_and_not_unknown(org: Org, tmp_path: Path) -> None:
    topic = own(org, "Topic") | {"name": "Thing__c", "keyPrefix": "a0T", "custom": True}
    lookup = {"name": "Gone__c", "type": "reference", "label": "Gone", "referenceTo": ["Gone__c"], "relationshipName": "Gone__r", "custom": True}  # fmt: skip
    topic["fields"].append(lookup)
    topic["childRelationships"] = [
        {"childSObject": "Lost__c", "field": "Thing__c", "relationshipName": "Lost__r", "cascadeDelete": True, "restrictedDelete": False}
    ]  # fmt: skip

    report = load(org, tmp_path, topic, strict=False)

    assert [str(each) for each in report.behaviour] == [
        "found.json: Thing__c.Gone__c: referenceTo Gone__c: Gone__c is not in the sources: its records are refused"
    ]
    for name in ("Gone__c", "Lost__c"):
        with pytest.raises(Refused, match=f"SOQL on {name}"):
            org.query(f"SELECT Id FROM {name}")
    with pytest.raises(Refused, match="references to Gone__c"):
        org.insert("Thing__c", {"Name": "x", "Gone__c": "a0G000000000001AAA"})


def test_a_key_prefix_that_is_taken_is_given_another_and_named(org: Org, tmp_path: Path) -> None:
    org.schema.add_object("Mine__c")
    topic = own(org, "Topic") | {"name": "Thing__c", "keyPrefix": "a00", "custom": True}

    report = load(org, tmp_path, topic, strict=False)

    assert org.schema["Thing__c"].key_prefix == "a01"
    assert [str(each) for each in report.behaviour] == [
        "found.json: Thing__c: keyPrefix a00: another sobject has it: here it is a01"
    ]


def test_roll_ups_formulas_and_auto_numbers_of_a_describe_are_named(
    org: Org, tmp_path: Path
) -> None:
    base = fields(own(org, "Account"))["AnnualRevenue"]
    read_only = {"custom": True, "createable": False, "updateable": False, "calculated": True}
    account = own(org, "Account")
    account["fields"] += [
        base | read_only | {"name": "Sum__c"},
        base | read_only | {"name": "Twice__c", "calculatedFormula": "AnnualRevenue * 2"},
        base | {"name": "No__c", "type": "string", "custom": True, "createable": False, "autoNumber": True},
    ]  # fmt: skip

    report = load(org, tmp_path, account, strict=False)

    assert [each.element for each in report.behaviour] == [
        "Account.Sum__c: formula",
        "Account.Twice__c: formula",
        "Account.No__c: display format",
    ]
    made = org.insert("Account", {"Name": "Acme"})
    assert made["No__c"] == "1"
    with pytest.raises(Refused, match=r"the formula of Account\.Sum__c"):
        org.query("SELECT Sum__c FROM Account")
    org.schema.compute({"Account.Sum__c": lambda each: 7, "Account.Twice__c": lambda each: 8})
    assert (org.get(made.id)["Sum__c"], org.get(made.id)["Twice__c"]) == (7, 8)


def test_a_describe_of_an_old_version_may_lack_keys(org: Org, tmp_path: Path) -> None:
    old = {
        "name": "Old__c",
        "label": "Old",
        "labelPlural": "Olds",
        "keyPrefix": "a0O",
        "custom": True,
        "fields": [
            {"name": "Id", "type": "id", "label": "Record ID", "length": 18, "nillable": False, "createable": False, "updateable": False, "defaultedOnCreate": True, "idLookup": True},
            {"name": "Name", "type": "string", "label": "Name", "length": 80, "nameField": True, "nillable": True},
            {"name": "Flag__c", "type": "boolean", "label": "Flag", "nillable": False, "defaultedOnCreate": False, "custom": True},
            {"name": "Notes__c", "type": "textarea", "label": "Notes", "length": 32000, "custom": True},
        ],
    }  # fmt: skip

    load(org, tmp_path, old)

    shown = fields(own(org, "Old__c"))
    assert [shown[name]["aggregatable"] for name in ("Id", "Name", "Flag__c", "Notes__c")] == [
        True,
        True,
        False,
        False,
    ]
    assert org.insert("Old__c", {"Name": "x"})["Flag__c"] is False


def test_record_types_of_a_describe_keep_their_ids(org: Org, tmp_path: Path) -> None:
    record_id = "0125j000000RqVkAAK"
    account = own(org, "Account")
    account["recordTypeInfos"].insert(
        0,
        {"name": "Household Account", "developerName": "HH_Account", "recordTypeId": record_id, "active": True, "available": True, "master": False, "defaultRecordTypeMapping": True},
    )  # fmt: skip

    load(org, tmp_path, account)

    made = org.insert("Account", {"Name": "Acme"})
    assert made["RecordTypeId"] == record_id
    assert org.get(record_id)["DeveloperName"] == "HH_Account"
    shown = own(org, "Account")["recordTypeInfos"]
    assert [(each["name"], each["defaultRecordTypeMapping"]) for each in shown] == [
        ("Household Account", True),
        ("Master", False),
    ]


def test_loading_the_same_describe_again_changes_nothing(org: Org, tmp_path: Path) -> None:
    account = own(org, "Account")
    report = load(org, tmp_path, account)

    assert (report.objects, report.fields, report.removed, report.left_out) == (
        ("Account",),
        (),
        (),
        (),
    )
    assert own(org, "Account") == account


@pytest.mark.parametrize(
    ("name", "feature"),
    [
        ("IsPersonAccount", "person accounts"),
        ("CurrencyIsoCode", "several currencies"),
        ("Division", "divisions"),
    ],
)
def test_features_that_bring_rules_of_their_own_are_named(
    org: Org, tmp_path: Path, name: str, feature: str
) -> None:
    account = own(org, "Account")
    account["fields"].append(fields(account)["Site"] | {"name": name, "label": name})

    report = load(org, tmp_path, account, strict=False)

    assert [str(each) for each in report.behaviour] == [
        f"found.json: Account.{name}: the rules of {feature} are not faked"
    ]


def test_generated_rows_do_without_fields_that_the_org_hides(org: Org, tmp_path: Path) -> None:
    product = own(org, "Product2")
    product["fields"] = [each for each in product["fields"] if each["name"] != "IsActive"]

    load(org, tmp_path, product)

    assert "IsActive" not in org.create("Product2")
    with pytest.raises(SalesforceError, match="No such column 'IsActive'"):
        org.create("Product2", IsActive=True)


def test_names_that_are_none_and_fields_that_come_twice_are_named(org: Org, tmp_path: Path) -> None:
    topic = own(org, "Topic") | {"name": "Thing__c", "keyPrefix": "a0T", "custom": True}
    name = fields(topic)["Name"]
    topic["fields"] += [name | {"name": "NAME"}, name | {"name": 'x" TEXT, "y'}]
    others = [topic | {"name": each} for each in ('Thing" (x); --', "sqlite_master", "")]

    report = load(org, tmp_path, topic, *others, strict=False)

    assert [str(each) for each in report.behaviour] == [
        "found.json: Thing__c.NAME: it is described twice",
        'found.json: Thing__c.x" TEXT, "y: it is no API name',
        'found.json: Thing" (x); --: it is no API name',
        "found.json: sqlite_master: it is no API name",
        "found.json: : it is no API name",
    ]
    assert org.insert("Thing__c", {"Name": "x"})["Name"] == "x"


def test_only_business_accounts_are_written_where_there_are_person_accounts(
    org: Org, tmp_path: Path
) -> None:
    account = own(org, "Account")
    known = fields(account)
    known["Name"] |= {"nillable": True}
    account["fields"] += [
        known["Site"] | {"name": name, "label": name, **more}
        for name, more in (
            ("IsPersonAccount", {"type": "boolean", "nillable": False, "createable": False}),
            ("LastName", {}),
            ("Mood__pc", {"custom": True}),
        )
    ]
    load(org, tmp_path, account, strict=False)

    made = org.create("Account")

    assert (made["IsPersonAccount"], made["LastName"]) == (False, None)
    assert made["Name"] is not None
    for person in ({"LastName": "Doe"}, {"Name": "Doe", "Mood__pc": "good"}):
        with pytest.raises(Refused, match="person accounts"):
            org.insert("Account", person)
        with pytest.raises(Refused, match="person accounts"):
            org.update(made.id, **person)
    with pytest.raises(SalesforceError, match=r"Required fields are missing: \[Name\]"):
        org.insert("Account", {"Site": "S"})

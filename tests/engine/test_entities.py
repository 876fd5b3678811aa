"""EntityDefinition and FieldDefinition follow the org's own schema; what holds of every org is in cases/entities.jsonl."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import sfmock_orgs
from sfmock.errors import SalesforceError
from sfmock.org.org import Org
from sfmock.org.record import Record
from sfmock.versions import Version


@pytest.fixture
def org() -> Iterator[Org]:
    with Org.new(sfmock_orgs.developer, 3) as made:
        yield made


def _rows(org: Org, soql: str) -> list[Record]:
    found = org.query(soql)
    assert isinstance(found, list)
    return found


def _types(org: Org) -> dict[str, object]:
    soql = "SELECT QualifiedApiName, DataType FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName = 'Job__c'"
    return {str(each["QualifiedApiName"]): each["DataType"] for each in _rows(org, soql)}


def test_custom_fields_have_the_setups_types(org: Org) -> None:
    org.schema.add_object(
        "Job__c",
        name_field={"type": "AutoNumber", "display_format": "J-{0000}"},
        fields={
            "Key__c": {"type": "string", "length": 20, "unique": True, "external_id": True},
            "Code__c": {"type": "string", "length": 9, "unique": True, "case_sensitive": True},
            "Number__c": {"type": "double", "precision": 18, "scale": 0},
            "Price__c": {"type": "currency", "precision": 18, "scale": 2},
            "Share__c": {"type": "percent", "precision": 5, "scale": 2},
            "Text__c": {"type": "textarea", "length": 32768},
            "Kinds__c": {"type": "multipicklist", "values": ["A", "B"]},
            "Account__c": {"type": "reference", "reference_to": "Account"},
            "Place__c": {"type": "location"},
            "At__c": {"type": "datetime"},
            "Done__c": {"type": "boolean"},
        },
    )
    found = _types(org)
    assert {name: found[name] for name in found if name.endswith("__c")} == {
        "Key__c": "Text(20)  (External ID) (Unique Case Insensitive)",
        "Code__c": "Text(9) (Unique Case Sensitive)",
        "Number__c": "Number(18, 0)",
        "Price__c": "Currency(16, 2)",
        "Share__c": "Percent(3, 2)",
        "Text__c": "Long Text Area(32768)",
        "Kinds__c": "Picklist (Multi-Select)",
        "Account__c": "Lookup(Account)",
        "Place__c": "Geolocation",
        "At__c": "Date/Time",
        "Done__c": "Checkbox",
    }
    assert (found["Name"], found["OwnerId"]) == ("Auto Number", "Lookup(User,Group)")


def test_computed_fields_and_masters_have_the_setups_types(org: Org) -> None:
    org.schema.add_object("Job__c", fields={"Size__c": {"type": "double"}})
    org.schema.add_object("Step__c", label="Work Step", fields={"Size__c": {"type": "double"}})
    org.schema.add_field(
        "Step__c", "Job__c", "reference", reference_to="Job__c", master_detail=True
    )
    summary = {"summarized_field": "Size__c", "foreign_key": "Step__c.Job__c"}
    org.schema.add_field("Job__c", "Sum__c", "summary", operation="sum", **summary)
    org.schema.add_field("Job__c", "Shout__c", "string", formula=lambda job: "!")
    found = _types(org)
    assert (found["Sum__c"], found["Shout__c"]) == (
        "Roll-Up Summary (SUM Work Step)", "Formula (Text)",
    )  # fmt: skip
    soql = "SELECT DataType FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName = 'Step__c' AND QualifiedApiName = 'Job__c'"
    assert [each["DataType"] for each in _rows(org, soql)] == ["Master-Detail(Job)"]


def test_a_custom_object_has_an_id_of_its_definition_that_stays(org: Org) -> None:
    org.schema.add_object("acme__Job__c", label="Job", fields={"acme__Size__c": {"type": "date"}})
    soql = "SELECT DurableId, DeveloperName, NamespacePrefix, IsCustomizable FROM EntityDefinition WHERE QualifiedApiName = 'acme__Job__c'"
    [job] = _rows(org, soql)
    key = str(job["DurableId"])
    assert re.fullmatch("01I[0-9A-Za-z]{12}", key)
    assert (job["DeveloperName"], job["NamespacePrefix"], job["IsCustomizable"]) == (
        "Job", "acme", True,
    )  # fmt: skip
    [size] = _rows(
        org,
        f"SELECT DurableId, Label FROM FieldDefinition WHERE EntityDefinitionId = '{key}' AND QualifiedApiName = 'acme__Size__c'",
    )
    assert re.fullmatch(f"{key}.00N[0-9A-Za-z]{{12}}", str(size["DurableId"]))
    org.schema.add_field("Account", "Job__c", "reference", reference_to="acme__Job__c")
    assert [each["DurableId"] for each in _rows(org, soql)] == [key]


def test_rows_follow_the_schema_back_and_forth(org: Org) -> None:
    soql = "SELECT QualifiedApiName FROM FieldDefinition WHERE EntityDefinitionId = 'Account' AND QualifiedApiName = 'Size__c'"
    before, digest = org.snapshot(), org.digest()
    assert _rows(org, soql) == []
    org.schema.add_field("Account", "Size__c", "date")
    assert len(_rows(org, soql)) == 1
    org.restore(before)
    assert _rows(org, soql) == []
    assert org.digest() == digest


def test_rows_beyond_a_page_are_salesforces_error_for_there_is_none_behind_it(org: Org) -> None:
    soql = "SELECT QualifiedApiName, (SELECT QualifiedApiName FROM Fields) FROM EntityDefinition"
    found = org.queries.page(soql, user_id=org.admin_id, version=Version(60))
    assert found.done
    with org.schema.changing():
        for number in range(200):
            org.schema.add_object(f"Thing{number}__c")
    with pytest.raises(SalesforceError) as caught:
        org.queries.page(soql, user_id=org.admin_id, version=Version(60), batch_size=200)
    assert (caught.value.code, caught.value.message) == (
        "EXCEEDED_ID_LIMIT",
        "EntityDefinition does not support queryMore(), use LIMIT to restrict the results to a single batch",
    )


def test_no_saved_org_knows_of_the_rows(org: Org, tmp_path: Path) -> None:
    _rows(org, "SELECT QualifiedApiName FROM EntityDefinition")
    org.save(tmp_path / "a.org")
    with Org.open(tmp_path / "a.org") as opened:
        assert (
            opened.db.value("SELECT 1 FROM sqlite_master WHERE name = 'EntityDefinition'") is None
        )
        assert len(_rows(opened, "SELECT QualifiedApiName FROM EntityDefinition")) > 80

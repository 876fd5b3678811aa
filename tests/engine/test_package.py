"""The package file of the standard schema: it reads and writes back byte for byte, and each sobject is whole."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

import sfmock_orgs
from sfmock.org.describe_shapes import describe_field
from sfmock.schema.lines import dump_field, read_field, read_sobject, sobject_text
from sfmock.schema.model import ChildRelationship, Field, FilteredLookup, PicklistValue, Summary
from sfmock.schema.package import open_package, write_package
from sfmock.versions import NEWEST, Version

FILE = sfmock_orgs.developer.parent / "standard.jsonl"
PACKAGE = open_package(FILE)


def test_the_file_is_what_writing_its_sobjects_gives() -> None:
    index = json.loads(FILE.read_bytes().partition(b"\n")[0])
    lines = FILE.read_bytes().splitlines()[1:]
    objects = [read_sobject(json.loads(line)) for line in lines]
    assert len(objects) == 87
    assert [each.name for each in objects] == sorted(each.name for each in objects)
    assert write_package(objects, index["absent"], index["needs"]) == FILE.read_bytes()


def test_an_sobject_that_needs_a_feature_is_not_there() -> None:
    assert PACKAGE.needs == {"CurrencyType": "multi-currency"}
    assert PACKAGE.find("CurrencyType") is None
    assert PACKAGE.absent("CurrencyType") is None
    assert PACKAGE.with_prefix("01L") == ()


def test_an_absent_sobject_is_known_by_its_spelling_and_an_invented_one_is_not() -> None:
    assert PACKAGE.absent("workorder") == "WorkOrder"
    assert PACKAGE.absent("Account") is None
    assert PACKAGE.absent("Nope__c") is None


@pytest.mark.parametrize("name", PACKAGE.names)
def test_every_sobject_is_found_by_name_and_by_the_prefix_of_its_ids(name: str) -> None:
    sobject = PACKAGE.find(name.upper())
    assert sobject is not None
    assert sobject.id_prefix is not None
    assert name in PACKAGE.with_prefix(sobject.id_prefix)
    assert sobject.fields[0].name == "Id"
    assert len(sobject.by_name) == len(sobject.fields)
    assert all(field.reference_to for field in sobject.fields if field.type == "reference")


def test_a_prefix_that_several_sobjects_share_leads_to_all_of_them() -> None:
    assert PACKAGE.with_prefix("017") == ("AccountHistory", "OpportunityFieldHistory")


RARE = Field(
    name="Rare__c",
    label="Rare",
    type="picklist",
    picklist=(PicklistValue("a", "A", valid_for="gAAA"), PicklistValue("b", "B")),
    mask="*",
    mask_type="lastFour",
    filtered_lookup=FilteredLookup(("$User.Id", "Kind__c"), dependent=True, optional=True),
    reference_target_field="Account.Ext__c",
    formula=3,
    calculated_formula="1 + 1",
    formula_treat_null_as_zero=True,
    high_scale_number=True,
    display_format="A-{0000}",
    starting_number=0,
    summary=Summary("sum", "Line__c", "Invoice__c", "Amount__c", (("Kind__c", "equals", "Open"),)),
    track_history=True,
)


def test_a_field_with_every_rare_property_reads_as_it_was_written() -> None:
    assert read_field(json.loads(json.dumps(dump_field(RARE)))) == RARE


def test_describe_tells_the_rare_properties() -> None:
    entry = describe_field(RARE, Version(NEWEST))
    assert {key: entry[key] for key in ("mask", "maskType", "referenceTargetField")} == {
        "mask": "*",
        "maskType": "lastFour",
        "referenceTargetField": "Account.Ext__c",
    }
    assert entry["calculatedFormula"] == "1 + 1"
    assert entry["formulaTreatNullNumberAsZero"] is True
    assert entry["highScaleNumber"] is True
    assert entry["filteredLookupInfo"] == {
        "controllingFields": ["$User.Id", "Kind__c"],
        "dependent": True,
        "optionalFilter": True,
    }
    assert entry["picklistValues"] == [
        {"active": True, "defaultValue": False, "label": "A", "validFor": "gAAA", "value": "a"},
        {"active": True, "defaultValue": False, "label": "B", "validFor": None, "value": "b"},
    ]


@pytest.mark.parametrize("name", ["Account", "OpportunityFieldHistory"])
def test_the_text_of_an_sobject_reads_back_as_it_was(name: str) -> None:
    sobject = PACKAGE.find(name)
    assert sobject is not None
    parent = replace(sobject, children=(*sobject.children, ChildRelationship("Line__c", "Up__c")))
    for each in (sobject, parent, sobject):
        assert read_sobject(json.loads(sobject_text(each))) == each

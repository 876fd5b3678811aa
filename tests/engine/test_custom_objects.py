"""Whole sobjects that a test adds: kinds, options and companions, their describes key by key as recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from calling import Caller
from described import listed, short
from sfmock.errors import Refused
from sfmock.org.org import Org
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.companions import feed_of
from sfmock.schema.custom_object import ObjectOptions, custom_object
from sfmock.schema.package import Package, write_package

RECORDED = Path(__file__).parent / "recorded"
MASKED = {"urls", "recordTypeInfos", "fields", "childRelationships"}
"""Keys that hold hosts and versions, and lists that are compared by themselves."""


def recorded(name: str, *files: str) -> Any:
    """What was recorded of an sobject, in the short form of test_describe_recorded.py."""
    for file in files or ("custom",):
        for line in (RECORDED / f"{file}.jsonl").read_text().splitlines():
            found = json.loads(line)
            if found["name"] == name:
                return found
    raise LookupError(name)


def describe(call: Caller, name: str) -> Any:
    answer = call("GET", f"/sobjects/{name}/describe")
    assert answer.status == 200, answer.text
    return answer.json


def summary(call: Caller, name: str) -> Any:
    body: Any = call("GET", "/sobjects").json
    return next(row for row in body["sobjects"] if row["name"] == name)


def flags(call: Caller, name: str) -> dict[str, str]:
    """The flags that are true in a row of the global describe, and the key prefix."""
    row = summary(call, name)
    return {"keyPrefix": row["keyPrefix"]} | {key: key for key in row if row[key] is True}


@pytest.fixture
def restforce(call: Caller) -> Caller:
    """The org of a recording of 2015."""
    schema = call.org.schema
    schema.add_object(
        "CustomObject__c",
        fields={
            "Example_Field__c": {"type": "string"},
            "Friend__c": {"type": "reference", "reference_to": "Contact"},
            "Visible__c": {"type": "boolean"},
            "SynchronizationId__c": {
                "type": "string",
                "label": "SynchronizationID",
                "length": 36,
                "external_id": True,
            },
        },
    )
    schema.add_object(
        "CustomObjectDetail__c", sharing="ControlledByParent", name_field={"label": "Detail Name"}
    )
    return call


@pytest.mark.parametrize("name", ["CustomObject__c", "CustomObjectDetail__c"])
def test_a_custom_object_is_described_as_recorded(restforce: Caller, name: str) -> None:
    theirs, ours = recorded(name), describe(restforce, name)
    own = {"label": name[:-3], "labelPlural": f"{name[:-3]}s"}
    found = short({key: ours[key] for key in theirs["keys"] if key not in MASKED})
    assert found == theirs["flags"] | own
    fields = {field["name"]: field for field in ours["fields"]}
    wanted = {key: each for key, each in theirs["fields"].items() if key in fields}
    assert list(fields) == list(wanted)
    skipped = {"name", "defaultValue"}  # null for checkboxes then, false in later recordings
    for field, each in wanted.items():
        mine = {key: fields[field][key] for key in theirs["field_keys"] if key not in skipped}
        assert short(mine) == {key: each[key] for key in each if key not in skipped}


def test_a_custom_object_has_the_recorded_children(restforce: Caller) -> None:
    keys = ("childSObject", "field", "relationshipName", "cascadeDelete", "restrictedDelete")
    ours = [
        [each[key] for key in keys]
        for each in describe(restforce, "CustomObject__c")["childRelationships"]
    ]
    came_later = ("DuplicateRecordItem", "RecordAction")
    got_its_name_later = {"ContentDocumentLink": "ContentDocumentLinks"}
    theirs = [
        [child, field, got_its_name_later.get(child, name), *flags]
        for child, field, name, *flags in recorded("CustomObject__c")["children"]
        if child != "CustomObjectDetail__c"  # its field is not part of the recording
    ]
    assert sorted(each for each in ours if each[0] not in came_later) == sorted(theirs)


def test_a_custom_setting_is_described_as_recorded(call: Caller) -> None:
    call.org.schema.add_object("Custom__c", label="My Custom Object", custom_setting="List")
    theirs, ours = recorded("Custom__c"), describe(call, "Custom__c")
    found = short({key: ours[key] for key in theirs["keys"] if key not in ("urls", "fields")})
    assert found == theirs["flags"] | {"keyPrefix": ours["keyPrefix"]}
    fields = {field["name"]: field for field in ours["fields"]}
    for name, each in theirs["fields"].items():  # without a third, which was made up by hand
        assert sorted(fields[name]) == theirs["field_keys"]
        assert short(fields[name]) == each | {"name": name}


def test_a_hierarchy_setting_has_an_owner(call: Caller) -> None:
    setting = call.org.schema.add_object("Limits__c", custom_setting="Hierarchy")
    owner = setting.by_name["setupownerid"]
    assert owner.reference_to == ("Organization", "Profile", "User")
    assert (owner.createable, owner.updateable, owner.relationship_name) == (
        True,
        True,
        "SetupOwner",
    )
    assert (setting.label, setting.label_plural) == ("Limits", "Limits")


def test_key_prefixes_are_counted_kind_by_kind(org: Org) -> None:
    made = [
        org.schema.add_object(name).key_prefix
        for name in ("A__c", "A__mdt", "B__c", "A__e", "B__mdt", "A__x", "ns__A__c")
    ]
    assert made == ["a00", "m00", "a01", "e00", "m01", "x00", "a02"]


def test_a_namespace_stays_in_names_and_not_in_labels(org: Org) -> None:
    made = org.schema.add_object(
        "acme__Big_Deal__c", sharing="Private", fields={"acme__Old_Size__c": {"type": "double"}}
    )
    assert (made.label, made.fields[-1].label) == ("Big Deal", "Old Size")
    assert "acme__Big_Deal__Share" in org.schema
    assert org.create("acme__Big_Deal__c", acme__Old_Size__c=2).id[:3] == "a00"


@pytest.mark.parametrize(
    ("name", "feature"), [("Log__b", "big objects"), ("Help__kav", "knowledge articles")]
)
def test_kinds_that_are_not_known_well_enough_are_refused(
    org: Org, name: str, feature: str
) -> None:
    with pytest.raises(Refused, match=f"{feature}: {name}"):
        org.schema.add_object(name)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("A__c", {"sharing": "Public"}, "sharing is one of ReadWrite, Read, Private, ControlledByParent"),
        ("A__c", {"custom_setting": "Tree"}, "custom_setting is one of List, Hierarchy, not 'Tree'"),
        ("A__c", {"name_field": {"type": "Number"}}, "type is one of Text, AutoNumber, not 'Number'"),
        ("A__c", {"name_field": {"size": 3}}, "name_field has no size; its properties are label, type"),
        ("A__c", {"name_field": {"type": "AutoNumber"}}, "name_field needs display_format"),
        ("A__c", {"name_field": {"type": "Text", "display_format": "{0}"}}, "type Text has no display_format"),
        ("A__c", {"custom_setting": "List", "enable_feeds": True}, "a custom setting has no enable_feeds"),
        ("A__c", {"custom_setting": "List", "label_plural": "As"}, "a custom setting has no label_plural"),
        ("A__mdt", {"enable_history": True}, "enable_history is for custom objects"),
        ("A__e", {"fields": {"B__c": {"type": "picklist"}}}, "fields of platform events are boolean, date"),
    ],
)  # fmt: skip
def test_options_that_do_not_go_together_are_named(
    org: Org, name: str, options: dict[str, Any], message: str
) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        org.schema.add_object(name, **options)
    assert name not in org.schema


def test_flags_of_custom_metadata_types_platform_events_and_external_objects(call: Caller) -> None:
    for name in ("Rate__mdt", "Low_Ink__e", "Customer__x"):
        call.org.schema.add_object(name)
    assert set(flags(call, "Rate__mdt")) == {
        "keyPrefix", "custom", "layoutable", "queryable", "replicateable", "retrieveable",
    }  # fmt: skip
    assert set(flags(call, "Low_Ink__e")) == {"keyPrefix", "createable", "custom", "triggerable"}
    assert describe(call, "Low_Ink__e")["recordTypeInfos"] == []
    assert set(flags(call, "Customer__x")) == {
        "keyPrefix", "custom", "layoutable", "queryable", "replicateable", "retrieveable", "searchable",
    }  # fmt: skip
    assert not any(each["aggregatable"] for each in describe(call, "Customer__x")["fields"])


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("Rate__mdt", ["Id", "DeveloperName", "MasterLabel", "Language", "NamespacePrefix", "Label", "QualifiedApiName", "SystemModstamp"]),
        ("Low_Ink__e", ["ReplayId", "CreatedDate", "CreatedById", "EventUuid"]),
        ("Customer__x", ["Id", "ExternalId", "DisplayUrl"]),
    ],
)  # fmt: skip
def test_each_kind_has_its_own_fields(org: Org, name: str, fields: list[str]) -> None:
    made = org.schema.add_object(name, fields={"Note__c": {"type": "string"}})
    assert [each.name for each in made.fields] == [*fields, "Note__c"]


def test_a_private_object_has_shares_and_a_public_one_has_none(call: Caller) -> None:
    schema = call.org.schema
    for name, sharing in (
        ("Secret__c", "Private"),
        ("Seen__c", "Read"),
        ("Open__c", "ReadWrite"),
        ("Part__c", "ControlledByParent"),
    ):
        schema.add_object(name, sharing=sharing)
    there = [stem for stem in ("Secret", "Seen", "Open", "Part") if f"{stem}__Share" in schema]
    assert there == ["Secret", "Seen"]
    answer = call("GET", "/query?q=SELECT+Id+FROM+Open__Share")
    assert answer.status == 400
    assert "sObject type 'Open__Share' is not supported" in answer.text
    assert "OwnerId" not in {each.name for each in schema["Part__c"].fields}


@pytest.mark.parametrize(
    ("kind", "like"),
    [("Share", "AccountShare"), ("History", "AccountHistory"), ("Feed", "AccountFeed")],
)
def test_a_companion_has_the_flags_that_were_recorded_of_a_standard_one(
    call: Caller, kind: str, like: str
) -> None:
    call.org.schema.add_object("Deal__c", sharing="Private", enable_history=True, enable_feeds=True)
    theirs = recorded(like, "global", "unlisted")
    name = f"Deal__{kind}"
    own = {
        "name": name,
        "label": f"{kind}: Deal",
        "labelPlural": f"{kind}: Deal",
        "true": sorted({"custom", *theirs["true"]}),
        "keyPrefix": None,
        "associateParentEntity": "Deal__c",
    }
    row, root = summary(call, name), f"/services/data/v60.0/sobjects/{name}"
    assert listed(row) == theirs | own
    assert row["urls"] == {
        "rowTemplate": f"{root}/{{ID}}",
        "describe": f"{root}/describe",
        "sobject": root,
    }
    end = next(
        each
        for each in describe(call, "Deal__c")["childRelationships"]
        if each["childSObject"] == name
    )
    assert end == {
        "cascadeDelete": True,
        "childSObject": name,
        "deprecatedAndHidden": False,
        "field": "ParentId",
        "junctionIdListNames": [],
        "junctionReferenceTo": [],
        "relationshipName": {"Share": "Shares", "History": "Histories", "Feed": "Feeds"}[kind],
        "restrictedDelete": False,
    }


def test_activities_and_a_tab_bring_their_fields_and_children(call: Caller) -> None:
    made = call.org.schema.add_object("Visit__c", enable_activities=True, tab=True)
    assert [each.name for each in made.fields[-3:]] == [
        "LastActivityDate", "LastViewedDate", "LastReferencedDate",
    ]  # fmt: skip
    assert made.mru_enabled is True
    children = describe(call, "Visit__c")["childRelationships"]
    assert {"Events", "Tasks"} <= {each["relationshipName"] for each in children}
    visit = call.org.create("Visit__c")
    task = call.org.insert(
        "Task", {"WhatId": visit.id, "Status": "Completed", "ActivityDate": "2024-05-01"}
    )
    assert task["WhatId"] == visit.id
    assert str(call.org.get(visit.id)["LastActivityDate"]) == "2024-05-01"


def test_only_objects_with_activities_can_be_what_a_task_is_about(call: Caller) -> None:
    call.org.schema.add_object("Plain__c")
    plain = call.org.create("Plain__c")
    answer = call("POST", "/sobjects/Task", {"WhatId": plain.id})
    assert answer.json == [
        {
            "message": f"Related To ID: id value of incorrect type: {plain.id}",
            "errorCode": "FIELD_INTEGRITY_EXCEPTION",
            "fields": ["WhatId"],
        }
    ]


def test_files_and_notes_can_belong_to_every_custom_object(call: Caller) -> None:
    call.org.schema.add_object("Zone__c")
    call.org.schema.add_object("Area__c")
    for name, field in (("Note", "ParentId"), ("ContentDocumentLink", "LinkedEntityId")):
        found = next(each for each in describe(call, name)["fields"] if each["name"] == field)
        assert found["referenceTo"] == sorted(found["referenceTo"])
        assert {"Zone__c", "Area__c", "Account"} <= set(found["referenceTo"])


def test_custom_objects_of_a_package_are_taken_like_added_ones(org: Org) -> None:
    visit = custom_object("Visit__c", ObjectOptions(enable_activities=True), "a00")
    posts = org.schema["FeedItem"]
    added = [visit, custom_object("Plain__c", ObjectOptions(), "a01"), feed_of(visit, posts)]
    package = Package(write_package(added, []), base=org.catalogue.package)
    catalogue = Catalogue(package)
    task, note = catalogue.find("Task"), catalogue.find("Note")
    assert task is not None
    assert note is not None
    about, parent = task.by_name["whatid"], note.by_name["parentid"]
    assert {"Visit__c"} == {"Visit__c", "Plain__c"} & set(about.reference_to)
    assert {"Visit__c", "Plain__c"} <= set(parent.reference_to)
    assert catalogue.by_id("0D5000000000001AAA") is catalogue.find("FeedItem")


def test_search_can_be_switched_off(org: Org) -> None:
    assert org.schema.add_object("Silent__c", enable_search=False).searchable is False


def test_an_auto_numbered_name_has_the_shape_of_describe(org: Org) -> None:
    made = org.schema.add_object(
        "Bill__c",
        name_field={"label": "Bill No", "type": "AutoNumber", "display_format": "B-{0000}"},
    )
    name = made.by_name["name"]
    assert (name.label, name.auto_number, name.display_format) == ("Bill No", True, "B-{0000}")
    assert (name.createable, name.updateable, name.nillable, name.groupable) == (False,) * 4
    assert name.defaulted_on_create is True

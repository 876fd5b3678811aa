"""Describe results of any version and in any wrapping, as definitions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sfmock.schema.load.definitions import Described, RecordTypeDefinition
from sfmock.schema.load.files import files_of, find_folders
from sfmock.schema.load.read import read_definitions
from sfmock.schema.load.report import LeftOut, Notes
from sfmock.schema.model import ChildRelationship, FilteredLookup, PicklistValue

FIELD: dict[str, Any] = {"name": "A__c", "label": "A", "type": "string", "length": 40, "custom": True}  # fmt: skip
DESCRIBE: dict[str, Any] = {
    "name": "X__c",
    "label": "X",
    "labelPlural": "Xs",
    "keyPrefix": "a0X",
    "custom": True,
    "fields": [FIELD],
}


def read(path: Path) -> tuple[tuple[Described, ...], tuple[LeftOut, ...]]:
    notes = Notes()
    return read_definitions([files_of(find_folders(path, notes))], notes).described, notes.all()


def described(path: Path, **changes: object) -> tuple[Described, list[str]]:
    (path / "x.json").write_text(json.dumps(DESCRIBE | changes))
    [found], left_out = read(path)
    return found, [str(each) for each in left_out]


def field(path: Path, **changes: object) -> dict[str, object]:
    """What a describe with one field tells of it."""
    found, left_out = described(path, fields=[FIELD | changes])
    assert left_out == []
    return {**found.fields[0].given, **found.fields[0].own}


@pytest.mark.parametrize(
    "document",
    [
        DESCRIBE,
        [DESCRIBE],
        {"sobjects": [DESCRIBE]},
        {"status": 0, "result": DESCRIBE, "warnings": []},
        {"status": 0, "result": [DESCRIBE]},
    ],
    ids=["one", "list", "sobjects", "sf sobject describe", "sf with a list"],
)
def test_a_describe_is_read_in_any_wrapping(tmp_path: Path, document: object) -> None:
    (tmp_path / "x.json").write_text(json.dumps(document))

    [found], left_out = read(tmp_path)

    assert left_out == ()
    assert (found.name, found.file, found.version, found.children) == ("X__c", "x.json", None, None)
    assert found.given == {"label": "X", "label_plural": "Xs", "key_prefix": "a0X", "custom": True}
    assert [each.name for each in found.fields] == ["A__c"]


def test_all_describes_of_a_folder_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.json").write_text(json.dumps(DESCRIBE | {"name": f"{name}__c"}))
    (tmp_path / "notes.txt").touch()

    found, left_out = read(tmp_path)

    assert [each.name for each in found] == ["a__c", "b__c"]
    assert left_out == (
        LeftOut("notes.txt", "*.txt", "no describe result (JSON)", behaviour=False),
    )


def test_only_the_keys_that_a_describe_has_are_told(tmp_path: Path) -> None:
    assert field(tmp_path) == {
        "label": "A",
        "type": "string",
        "length": 40,
        "custom": True,
        "default": None,
        "default_formula": None,
        "reference_to": (),
        "picklist": (),
    }


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"soapType": "xsd:string", "byteLength": 120}, {"soap_type": None, "byte_length": None}),
        ({"soapType": "urn:x", "byteLength": 40}, {"soap_type": "urn:x", "byte_length": 40}),
        ({"compoundFieldName": "Name"}, {"compound": "Name"}),
        ({"type": "reference", "referenceTo": ["A", "B"]}, {"reference_to": ("A", "B")}),
        ({"nillable": False, "idLookup": True}, {"nillable": False, "id_lookup": True}),
        ({"formulaTreatNullNumberAsZero": True}, {"formula_treat_null_as_zero": True}),
        (
            {"type": "picklist", "picklistValues": [{"value": "a", "label": None, "active": False, "defaultValue": True, "validFor": "gAAA"}]},
            {"picklist": (PicklistValue("a", "a", active=False, default=True, valid_for="gAAA"),)},
        ),
        (
            {"type": "reference", "filteredLookupInfo": {"controllingFields": ["B"], "dependent": True, "optionalFilter": True}},
            {"filtered_lookup": FilteredLookup(("B",), dependent=True, optional=True)},
        ),
        ({"type": "boolean", "defaultValue": False}, {"default": False, "default_formula": None}),
        ({"type": "picklist", "defaultValue": "a"}, {"default": "a", "default_formula": None}),
        ({"defaultValueFormula": '"north"'}, {"default": "north", "default_formula": None}),
        ({"defaultValueFormula": "'north'"}, {"default": "north", "default_formula": None}),
        ({"defaultValueFormula": '"a" & "b"'}, {"default": None, "default_formula": '"a" & "b"'}),
        ({"type": "double", "defaultValueFormula": "-1.5"}, {"default": -1.5, "default_formula": None}),
        ({"type": "percent", "defaultValueFormula": "0.07"}, {"default": 7.0, "default_formula": None}),
        ({"type": "date", "defaultValueFormula": "TODAY()"}, {"default": None, "default_formula": "TODAY()"}),
    ],
)  # fmt: skip
def test_keys_of_a_field_become_attributes(
    tmp_path: Path, changes: dict[str, object], told: dict[str, object]
) -> None:
    given = field(tmp_path, **changes)

    assert {key: given[key] for key in told} == told


def test_children_and_scopes_and_companions_are_told(tmp_path: Path) -> None:
    found, left_out = described(
        tmp_path,
        childRelationships=[
            {"childSObject": "Y__c", "field": "X__c", "relationshipName": "Ys__r", "cascadeDelete": True}
        ],
        supportedScopes=[{"label": "All Xs", "name": "everything"}],
        associateEntityType="History",
        associateParentEntity="W__c",
        searchLayoutable=None,
    )  # fmt: skip

    assert left_out == []
    assert found.children == (ChildRelationship("Y__c", "X__c", "Ys__r", cascade_delete=True),)
    assert found.given["supported_scopes"] == ("everything",)
    assert found.given["associate"] == ("History", "W__c")
    assert found.given["search_layoutable"] is False


@pytest.mark.parametrize(
    ("urls", "version"),
    [
        ({"sobject": "/services/data/v58.0/sobjects/X__c"}, "58.0"),
        ({"rowTemplate": "/services/data/vXX.0/sobjects/X__c/{ID}"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_the_urls_tell_the_version(tmp_path: Path, urls: object, version: str | None) -> None:
    assert described(tmp_path, urls=urls)[0].version == version


def test_record_types_are_read_but_the_master(tmp_path: Path) -> None:
    found, left_out = described(
        tmp_path,
        recordTypeInfos=[
            {"name": "Work", "developerName": "Work", "recordTypeId": "0125j000000RqVkAAK", "master": False, "active": True, "defaultRecordTypeMapping": True},
            {"name": "Master", "developerName": "Master", "recordTypeId": "012000000000000AAA", "master": True},
        ],
    )  # fmt: skip

    assert left_out == []
    assert found.record_types == (
        RecordTypeDefinition(
            "Work", "Work", "x.json", record_type_id="0125j000000RqVkAAK", default=True
        ),
    )


def test_a_record_type_without_a_developer_name_is_named(tmp_path: Path) -> None:
    found, left_out = described(
        tmp_path,
        recordTypeInfos=[
            {"name": "Master", "recordTypeId": "012000000000000AAA"},
            {"name": "Work", "recordTypeId": "0125j000000RqVkAAK"},
        ],
    )

    assert found.record_types == ()
    assert left_out == [
        "x.json: X__c: record type Work: its developerName is not told (describe with version 43.0 or later)"
    ]


def test_what_the_schema_does_not_know_is_named(tmp_path: Path) -> None:
    lookup = {"controllingFields": [], "dependent": False, "optionalFilter": False}
    _, left_out = described(
        tmp_path,
        isInterface=True,
        actionOverrides=[],
        novelty=1,
        fields=[
            FIELD | {"deprecatedAndHidden": True, "novelty": None},
            FIELD | {"name": "B__c", "novelty": 2, "filteredLookupInfo": lookup},
        ],
    )

    assert left_out == [
        "x.json: X__c.B__c: filteredLookupInfo: lookup filters are not applied",
        "x.json: describe: isInterface: the fake's describes do not know it",
        "x.json: describe: novelty: no describe known to this version has it",
        "x.json: describe: fields: deprecatedAndHidden: the fake's describes do not know it",
        "x.json: describe: fields: novelty (2 times): no describe known to this version has it",
    ]

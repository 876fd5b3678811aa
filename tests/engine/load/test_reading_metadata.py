"""Metadata files as definitions: each type of field and each part of an object, in both forms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sfmock.schema.load.definitions import (
    Definitions,
    FieldDefinition,
    MetadataRecord,
    ObjectDefinition,
    RecordTypeDefinition,
    StandardValue,
)
from sfmock.schema.load.files import files_of, find_folders
from sfmock.schema.load.read import read_definitions
from sfmock.schema.load.report import LeftOut, Notes
from sfmock.schema.model import PicklistValue

SOURCES = Path(__file__).parents[2] / "sources"
_FIELDS = "force-app/main/default/objects/Invoice__c/fields"


def read(folder: Path) -> tuple[Definitions, tuple[LeftOut, ...]]:
    notes = Notes()
    return read_definitions([files_of(find_folders(folder, notes))], notes), notes.all()


@pytest.fixture(scope="module")
def project() -> Definitions:
    return read(SOURCES / "sfdx")[0]


def _object(definitions: Definitions, name: str) -> ObjectDefinition:
    return next(each for each in definitions.objects if each.name == name)


FIELDS: list[tuple[str, str, dict[str, object]]] = [
    (
        "Account__c",
        "reference",
        {
            "label": "Account",
            "nillable": False,
            "reference_to": "Account",
            "child_relationship_name": "Invoices",
            "delete_constraint": "Restrict",
            "track_history": True,
        },
    ),
    (
        "Amount__c",
        "currency",
        {
            "label": "Amount",
            "precision": 16,
            "scale": 2,
            "inline_help_text": "Without tax.",
            "track_history": True,
        },
    ),
    ("Body__c", "textarea", {"label": "Body", "length": 32768, "html": True}),
    (
        "City__c",
        "picklist",
        {
            "label": "City",
            "restricted": True,
            "controller": "Country__c",
            "valid_for": {"Lyon": ["France"], "Kyoto": ["Japan"]},
            "values": (
                PicklistValue("Lyon", "Lyon"),
                PicklistValue("Kyoto", "Kyoto City"),
                PicklistValue("Nara", "Nara", active=False),
            ),
        },
    ),
    ("Due__c", "date", {"label": "Due"}),
    ("Mail__c", "email", {"label": "Mail"}),
    ("Note__c", "textarea", {"label": "Note"}),
    ("Opens__c", "time", {"label": "Opens"}),
    (
        "Overdue__c",
        "boolean",
        {
            "label": "Overdue",
            "formula_text": "Due__c < TODAY()",
            "formula_treat_null_as_zero": True,
        },
    ),
    ("Paid__c", "boolean", {"label": "Paid", "default": True}),
    ("Phone__c", "phone", {"label": "Phone"}),
    ("Place__c", "location", {"label": "Place", "scale": 4}),
    ("Quantity__c", "double", {"label": "Quantity", "precision": 8, "scale": 0, "default": 3.0}),
    ("Rate__c", "percent", {"label": "Rate", "precision": 5, "scale": 2}),
    (
        "Ref__c",
        "string",
        {
            "label": "Order Ref",
            "length": 40,
            "external_id": True,
            "unique": True,
            "case_sensitive": True,
        },
    ),
    ("Region__c", "string", {"label": "Region", "length": 20, "default": "north"}),
    (
        "Secret__c",
        "encryptedstring",
        {"label": "Secret", "length": 16, "mask_type": "lastFour", "mask_char": "X"},
    ),
    ("Sent__c", "datetime", {"label": "Sent", "default_formula": "NOW()"}),
    (
        "Serial__c",
        "string",
        {
            "label": "Serial",
            "display_format": "{YYYY}-{0000}",
            "starting_number": 7,
            "external_id": True,
        },
    ),
    (
        "Status__c",
        "picklist",
        {
            "label": "Status",
            "values": (
                PicklistValue("draft", "Draft", default=True),
                PicklistValue("sent", "Sent"),
            ),
        },
    ),
    (
        "Tags__c",
        "multipicklist",
        {
            "label": "Tags",
            "visible_lines": 5,
            "values": (PicklistValue("new", "new"), PicklistValue("vip", "vip")),
        },
    ),
    ("Terms__c", "textarea", {"label": "Terms", "length": 32768}),
    (
        "Total__c",
        "summary",
        {
            "label": "Total",
            "operation": "sum",
            "summarized_field": "Line__c.Price__c",
            "foreign_key": "Line__c.Invoice__c",
            "filters": [("Line__c.Kind__c", "equals", "goods")],
        },
    ),
    ("Web__c", "url", {"label": "Web"}),
]


@pytest.mark.parametrize(("name", "type_", "properties"), FIELDS, ids=[row[0] for row in FIELDS])
def test_a_field_has_the_words_of_add_field(
    project: Definitions, name: str, type_: str, properties: dict[str, object]
) -> None:
    fields = {each.name: each for each in _object(project, "Invoice__c").fields}

    assert fields[name] == FieldDefinition(
        name, type_, properties, f"{_FIELDS}/{name}.field-meta.xml"
    )


def test_every_field_of_the_project_is_read(project: Definitions) -> None:
    found = [each.name for each in _object(project, "Invoice__c").fields]

    assert found == sorted([*(row[0] for row in FIELDS), "Country__c"])


def test_a_picklist_of_a_global_value_set_names_it(project: Definitions) -> None:
    [field] = [each for each in _object(project, "Invoice__c").fields if each.name == "Country__c"]

    assert field.value_set == "Country"
    assert field.properties == {"label": "Country", "restricted": True, "values": ()}
    assert project.value_sets == {
        "Country": (PicklistValue("France", "France"), PicklistValue("Japan", "Japan (Nippon)"))
    }


def test_an_object_has_the_words_of_add_object(project: Definitions) -> None:
    invoice = _object(project, "Invoice__c")

    assert (invoice.defined, invoice.properties) == (
        True,
        {
            "label": "Invoice",
            "label_plural": "Invoices",
            "sharing": "ReadWrite",
            "enable_activities": True,
            "enable_feeds": False,
            "enable_history": True,
            "enable_search": True,
            "name_field": {
                "label": "Invoice Number",
                "type": "AutoNumber",
                "display_format": "INV-{00000}",
                "starting_number": 100,
            },
        },
    )


def test_an_object_that_is_only_customised_is_not_defined(project: Definitions) -> None:
    account = _object(project, "Account")

    assert (account.defined, account.properties) == (False, {})
    assert (account.fields[0].name, account.fields[0].type) == ("AccountNumber", "")
    assert account.fields[0].properties == {
        "inline_help_text": "As printed on letters.",
        "track_history": True,
    }


def test_record_types_have_their_picklist_values_without_escapes(project: Definitions) -> None:
    [record_type] = _object(project, "Account").record_types

    assert (record_type.name, record_type.label, record_type.active) == (
        "Person_Like",
        "Almost a person",
        True,
    )
    assert record_type.picklists == {"Rating": ("Hot", "Luke&warm")}


def test_the_default_of_a_record_types_picklist_is_kept(project: Definitions) -> None:
    [record_type] = _object(project, "Invoice__c").record_types

    assert record_type == RecordTypeDefinition(
        name="Service",
        label="Service Invoice",
        file="force-app/main/default/objects/Invoice__c/recordTypes/Service.recordType-meta.xml",
        picklists={"Status__c": ("sent",)},
        defaults={"Status__c": "sent"},
    )


def test_business_processes_are_the_values_of_their_record_types(project: Definitions) -> None:
    opportunity = _object(project, "Opportunity")

    assert opportunity.processes == {"Renewal": ("Prospecting", "Closed Won")}
    assert [each.process for each in opportunity.record_types] == ["Renewal"]


def test_standard_value_sets_and_metadata_records_are_read(project: Definitions) -> None:
    assert project.standard_value_sets == {
        "Industry": (
            StandardValue(PicklistValue("Mining", "Mining")),
            StandardValue(PicklistValue("Rail", "Railways", active=False)),
        )
    }
    assert project.records == (
        MetadataRecord(
            "Rate__mdt",
            "Standard",
            "Standard Rate",
            protected=False,
            values={"Percent__c": 19.0, "Active__c": True},
            file="force-app/main/default/customMetadata/Rate.Standard.md-meta.xml",
        ),
    )


def test_what_makes_a_difference_and_is_not_read_is_named_one_by_one() -> None:
    _, left_out = read(SOURCES / "sfdx" / "force-app" / "main" / "default")

    assert [str(each) for each in left_out if each.behaviour] == [
        "classes/Invoices.cls-meta.xml: ApexClass Invoices: Apex is not run",
        "flows/Send.flow-meta.xml: Flow Send: it is not run",
        "objects/Invoice__c/fields/Account__c.field-meta.xml: Invoice__c.Account__c: lookupFilter:"
        " lookup filters are not applied",
        "objects/Invoice__c/validationRules/Amount_above_zero.validationRule-meta.xml:"
        " ValidationRule Invoice__c.Amount_above_zero: formulas are not evaluated",
        "profiles/Admin.profile-meta.xml: Profile Admin: sharing and permissions are not read",
        "somethingNew/A.novelty-meta.xml: novelty A: metadata of a type that is not known here",
        "triggers/InvoiceTrigger.trigger-meta.xml: ApexTrigger InvoiceTrigger: it is not run",
    ]


def test_what_has_no_effect_is_counted() -> None:
    _, left_out = read(SOURCES / "sfdx" / "force-app" / "main" / "default")

    silent = {each.element: each.count for each in left_out if not each.behaviour}
    assert silent == {
        "*.js": 1,
        "CompactLayout": 1,
        "CustomField: description": 1,
        "CustomField: displayLocationInDecimal": 1,
        "CustomField: fieldManageability": 2,
        "CustomField: relationshipLabel": 2,
        "CustomField: visibleLines": 2,
        "CustomObject: actionOverrides": 1,
        "CustomObject: deploymentStatus": 3,
        "CustomObject: description": 1,
        "CustomObject: enableReports": 1,
        "CustomObject: eventType": 1,
        "CustomObject: publishBehavior": 1,
        "CustomObject: visibility": 3,
        "FieldSet": 1,
        "GlobalValueSet: description": 1,
        "GlobalValueSet: masterLabel": 1,
        "Layout": 1,
        "LightningComponentBundle": 1,
        "ListView": 1,
        "RecordType: description": 1,
        "ValidationRule": 1,
        "WebLink": 1,
        "value: color": 1,
    }


def test_the_mdapi_form_says_the_same(project: Definitions) -> None:
    """The same two objects with everything inline; only the files are others."""
    found, _ = read(SOURCES / "mdapi")

    def plain(definitions: Definitions, name: str) -> object:
        each = _object(definitions, name)
        fields = {one.name: (one.type, one.properties, one.value_set) for one in each.fields}
        types = [(one.name, one.label, one.active, one.picklists) for one in each.record_types]
        return each.defined, each.properties, fields, types, each.processes

    assert plain(found, "Line__c") == plain(project, "Line__c")
    assert plain(found, "Invoice__c") == plain(project, "Invoice__c")
    assert found.value_sets == project.value_sets
    assert [each.name for each in found.records] == ["Standard"]


FIELD = '<CustomField xmlns="http://soap.sforce.com/2006/04/metadata">%s</CustomField>'


@pytest.fixture
def read_field(tmp_path: Path) -> Callable[[str], tuple[FieldDefinition | None, list[str]]]:
    def read_one(inside: str) -> tuple[FieldDefinition | None, list[str]]:
        file = tmp_path / "objects" / "X__c" / "fields" / "A__c.field-meta.xml"
        file.parent.mkdir(parents=True)
        file.write_text(FIELD % inside)
        found, left_out = read(tmp_path)
        fields = found.objects[0].fields
        return (fields[0] if fields else None), [str(each) for each in left_out if each.behaviour]

    return read_one


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<fullName>A__c</fullName>", "X__c.A__c: fields without a type are not read"),
        (
            "<fullName>A__c</fullName><type>ExternalLookup</type>",
            "X__c.A__c: fields of type ExternalLookup are not read",
        ),
        (
            "<fullName>A__c</fullName><type>Hierarchy</type>",
            "X__c.A__c: only users have hierarchical relationships",
        ),
        ("<type>Text</type>", "X__c: CustomField: a field without fullName"),
    ],
)
def test_a_field_that_is_not_read_is_named(
    read_field: Callable[[str], tuple[FieldDefinition | None, list[str]]], inside: str, reason: str
) -> None:
    assert read_field(inside) == (None, [f"objects/X__c/fields/A__c.field-meta.xml: {reason}"])


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<length>many</length>", "length: 'many' is no whole number"),
        ("<novelty>1</novelty>", "novelty: not known of a field of type Text"),
        ("<deleteConstraint>Cascade</deleteConstraint>", "deleteConstraint: not known of a field of type Text"),
        ("<trackFeedHistory>true</trackFeedHistory>", "trackFeedHistory: changes of fields are not posted to feeds"),
    ],
)  # fmt: skip
def test_an_element_of_a_field_that_is_not_read_is_named(
    read_field: Callable[[str], tuple[FieldDefinition | None, list[str]]], inside: str, reason: str
) -> None:
    field, left_out = read_field(f"<fullName>A__c</fullName><type>Text</type>{inside}")

    assert field is not None
    assert field.properties == {}
    assert left_out == [f"objects/X__c/fields/A__c.field-meta.xml: X__c.A__c: {reason}"]


def test_picklists_of_versions_before_38_are_read(
    read_field: Callable[[str], tuple[FieldDefinition | None, list[str]]],
) -> None:
    field, left_out = read_field(
        "<fullName>A__c</fullName><type>Picklist</type><picklist><controllingField>B__c</controllingField>"
        "<picklistValues><fullName>one</fullName><default>true</default>"
        "<controllingFieldValues>x</controllingFieldValues></picklistValues>"
        "<sorted>false</sorted></picklist>"
    )

    assert left_out == []
    assert field is not None
    assert field.properties == {
        "controller": "B__c",
        "valid_for": {"one": ["x"]},
        "values": (PicklistValue("one", "one", default=True),),
    }


def test_the_default_of_a_percent_is_a_formula_with_a_decimal(
    read_field: Callable[[str], tuple[FieldDefinition | None, list[str]]],
) -> None:
    field, left_out = read_field(
        "<fullName>A__c</fullName><type>Percent</type><precision>5</precision><scale>1</scale>"
        "<defaultValue>0.07</defaultValue>"
    )

    assert left_out == []
    assert field is not None
    assert field.properties == {"precision": 5, "scale": 1, "default": 7.0}

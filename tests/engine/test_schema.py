"""Adding custom objects and fields: names, shapes, relationships, and that a rollback takes them away."""

from __future__ import annotations

import pytest

from sfmock.errors import Refused
from sfmock.org.org import Org
from sfmock.schema.custom import PROPERTIES


def test_schema_finds_sobjects_in_any_case(org: Org) -> None:
    assert org.schema["account"].name == "Account"
    assert "ACCOUNT" in org.schema
    with pytest.raises(KeyError, match="no sobject 'Acount'"):
        org.schema["Acount"]
    with pytest.raises(Refused, match="sobject WorkOrder"):
        org.schema["WorkOrder"]


def test_add_object_has_the_standard_shape_of_a_custom_object(org: Org) -> None:
    invoice = org.schema.add_object("Sales_Invoice__c", label_plural="Bills")
    assert [field.name for field in invoice.fields] == [
        "Id", "OwnerId", "IsDeleted", "Name", "CreatedDate", "CreatedById", "LastModifiedDate",
        "LastModifiedById", "SystemModstamp",
    ]  # fmt: skip
    assert (invoice.label, invoice.label_plural) == ("Sales Invoice", "Bills")
    assert invoice.custom is True
    assert invoice.by_name["name"].id_lookup is True
    assert invoice.by_name["ownerid"].reference_to == ("Group", "User")


def test_prefixes_follow_the_order_of_creation(org: Org) -> None:
    prefixes = [org.schema.add_object(f"Thing{number}__c").key_prefix for number in range(64)]
    assert prefixes[:3] == ["a00", "a01", "a02"]
    assert prefixes[61:] == ["a0z", "a10", "a11"]


def test_row_without_a_name_is_named_by_its_id(org: Org) -> None:
    org.schema.add_object("Thing__c")
    record = org.insert("Thing__c", {})
    assert record["Name"] == record.id[:15]


@pytest.mark.parametrize("type_", PROPERTIES)
def test_every_scalar_type_can_be_added(org: Org, type_: str) -> None:
    options: dict[str, object] = {"reference_to": "Contact"} if type_ == "reference" else {}
    if type_ == "summary":
        options = {"operation": "count", "foreign_key": "Opportunity.AccountId"}
    if "picklist" in type_:
        options["values"] = ["a", "b"]
    field = org.schema.add_field("Account", "Extra__c", type_, **options)
    result = "double" if type_ == "summary" else type_
    assert (field.name, field.type, field.custom) == ("Extra__c", result, True)
    assert org.create("Account").id


def test_text_field_has_the_facts_of_describe(org: Org) -> None:
    field = org.schema.add_field(
        "Account",
        "Order_Ref__c",
        "string",
        length=40,
        external_id=True,
        unique=True,
        nillable=False,
    )
    assert (field.label, field.length, field.id_lookup) == ("Order Ref", 40, True)
    assert (field.nillable, field.permissionable, field.required_on_create) == (False, False, True)


def test_long_text_cannot_be_filtered_or_sorted(org: Org) -> None:
    field = org.schema.add_field("Account", "Notes__c", "textarea", length=256)
    assert (field.filterable, field.sortable, field.groupable, field.aggregatable) == (False,) * 4
    short = org.schema.add_field("Account", "Note__c", "textarea")
    assert (short.length, short.filterable) == (255, True)


def test_location_has_two_parts_that_are_written(org: Org) -> None:
    org.schema.add_field("Account", "Site__c", "location", scale=4)
    names = [field.name for field in org.schema["Account"].fields[-3:]]
    assert names == ["Site__Latitude__s", "Site__Longitude__s", "Site__c"]
    record = org.create("Account", Site__Latitude__s=1.5, Site__Longitude__s=-2.25)
    assert record["Site__c"] == {"latitude": record["Site__Latitude__s"], "longitude": record["Site__Longitude__s"]}  # fmt: skip


def test_reference_gives_the_parent_a_child_relationship(org: Org) -> None:
    org.schema.add_object("Invoice__c")
    field = org.schema.add_field(
        "Invoice__c",
        "Account__c",
        "reference",
        reference_to="account",
        child_relationship_name="Invoices",
    )
    child = org.catalogue.child(org.schema["Account"], "invoices__r")
    assert child is not None
    assert (child.child, child.field) == ("Invoice__c", "Account__c")
    assert (field.reference_to, field.relationship_name) == (("Account",), "Account__r")
    with pytest.raises(ValueError, match="Invoices__r already"):
        org.schema.add_field(
            "Invoice__c",
            "Other__c",
            "reference",
            reference_to="Account",
            child_relationship_name="Invoices",
        )


def test_object_may_point_to_itself(org: Org) -> None:
    org.schema.add_object("Node__c")
    org.schema.add_field(
        "Node__c", "Up__c", "reference", reference_to="Node__c", child_relationship_name="Nodes"
    )
    assert org.catalogue.child(org.schema["Node__c"], "Nodes__r") is not None
    assert org.schema["Node__c"].find("Up__c") is not None


def test_unknown_type_names_the_allowed_ones(org: Org) -> None:
    with pytest.raises(TypeError, match="the types are string, textarea, email"):
        org.schema.add_field("Account", "Extra__c", "varchar")


def test_unknown_property_names_the_allowed_ones(org: Org) -> None:
    with pytest.raises(
        TypeError, match="type boolean has no length; its properties are label, default"
    ):
        org.schema.add_field("Account", "Extra__c", "boolean", length=3)


def test_property_of_a_wrong_kind_is_a_type_error(org: Org) -> None:
    with pytest.raises(TypeError, match="unique is True or False, not 'yes'"):
        org.schema.add_field("Account", "Extra__c", "string", unique="yes")
    with pytest.raises(ValueError, match="length is 1 to 255, not 256"):
        org.schema.add_field("Account", "Extra__c", "string", length=256)
    with pytest.raises(ValueError, match="'c' is not among its values"):
        org.schema.add_field("Account", "Extra__c", "picklist", values=["a"], default="c")


def test_custom_addresses_are_refused(org: Org) -> None:
    with pytest.raises(Refused, match="type address"):
        org.schema.add_field("Account", "Site__c", "address")


@pytest.mark.parametrize(
    "name",
    [
        "Extra", "Extra__C", "1st__c", "Three___lines__c", 'x"y__c', "__c", "A" * 41 + "__c", "A" * 16 + "__Extra__c",
        "a__b__Extra__c", "Extra__r",
    ],
)  # fmt: skip
def test_names_end_in_c_and_are_salesforce_names(org: Org, name: str) -> None:
    with pytest.raises(ValueError, match="no name of a custom field"):
        org.schema.add_field("Account", name, "string")
    with pytest.raises(ValueError, match="no name of a custom object"):
        org.schema.add_object(name)


def test_field_that_is_there_cannot_be_added(org: Org) -> None:
    org.schema.add_field("Account", "Extra__c", "string")
    with pytest.raises(ValueError, match="has a field extra__c already"):
        org.schema.add_field("Account", "extra__c", "string")


def test_object_with_a_wrong_field_is_not_added_at_all(org: Org) -> None:
    with pytest.raises(TypeError):
        org.schema.add_object(
            "Thing__c", fields={"Good__c": {"type": "string"}, "Bad__c": {"type": "no"}}
        )
    assert "Thing__c" not in org.schema


def test_defaults_are_given_on_create(org: Org) -> None:
    org.schema.add_field("Account", "Flag__c", "boolean", default=True)
    org.schema.add_field("Account", "Level__c", "picklist", values=["low", "high"], default="low")
    org.schema.add_field("Account", "Count__c", "double", default=3)
    record = org.insert("Account", {"Name": "Acme"})
    assert (record["Flag__c"], record["Level__c"], record["Count__c"]) == (True, "low", 3)


def test_rollback_takes_schema_away_and_its_token_is_not_used_again(org: Org) -> None:
    before = org.catalogue.token
    org.schema.add_field("Account", "First__c", "string")
    first = org.catalogue.token
    org.db.reset()
    assert org.catalogue.token == before
    org.schema.add_field("Account", "Second__c", "string")
    assert org.catalogue.token not in (before, first)
    assert org.create("Account", Second__c="x")["Second__c"] == "x"


def test_names_that_begin_with_f_and_an_underscore_are_like_others(org: Org) -> None:
    org.schema.add_field("Account", "F_Name__c", "string")
    org.schema.add_field("Account", "Name__c", "string", unique=True)
    org.insert("Account", {"Name": "A", "F_Name__c": "x", "Name__c": "y"})
    assert org.count("Account", "Name__c = 'Y' AND F_Name__c = 'X'") == 1

"""What custom fields do to their sobjects: details and masters, auto-numbers, limits, and who sees encrypted text."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from calling import Caller
from sfmock.errors import Refused, SalesforceError
from sfmock.org.org import Org
from sfmock.schema.custom_choice import bitmap, is_valid_for
from sfmock.schema.model import Field, PicklistValue


@pytest.fixture
def org() -> Any:
    with Org.new() as made:
        made.schema.add_object("Master__c", label_plural="Masters")
        made.schema.add_object("Detail__c", label_plural="Details")
        yield made


def detail(org: Org, **properties: Any) -> Field:
    """`Detail__c.Master__c`, a master-detail relationship."""
    return org.schema.add_field(
        "Detail__c",
        "Master__c",
        "reference",
        reference_to="Master__c",
        master_detail=True,
        child_relationship_name="Details",
        **properties,
    )


def code_of(write: Any) -> tuple[str, tuple[str, ...] | None]:
    with pytest.raises(SalesforceError) as caught:
        write()
    return caught.value.code, caught.value.fields


# -- master-detail


def test_a_detail_has_no_owner_and_goes_with_its_master(org: Org) -> None:
    detail(org)
    child = org.schema["Detail__c"]
    assert child.find("OwnerId") is None
    assert child.supported_scopes == ("everything",)
    end = org.catalogue.child(org.schema["Master__c"], "Details__r")
    assert end is not None
    assert (end.cascade_delete, end.restricted_delete) == (True, False)
    master = org.insert("Master__c", {})
    row = org.insert("Detail__c", {"Master__c": master.id})
    other = org.insert("Detail__c", {"Master__c": org.insert("Master__c", {}).id})
    org.delete(master.id)
    assert org.count("Detail__c") == 1
    assert org.get(other.id)["Master__c"] != master.id
    assert code_of(lambda: org.get(row.id))[0] == "NOT_FOUND"


def test_an_owner_of_a_detail_is_no_column(org: Org, call: Caller) -> None:
    detail(org)
    assert code_of(lambda: org.insert("Detail__c", {"OwnerId": org.admin_id})) == (
        "INVALID_FIELD",
        None,
    )


def test_a_master_is_changed_only_where_it_is_reparentable(org: Org) -> None:
    detail(org)
    org.schema.add_object("Loose__c")
    org.schema.add_field(
        "Loose__c", "Master__c", "reference", reference_to="Master__c", master_detail=True, reparentable=True
    )  # fmt: skip
    first, second = (org.insert("Master__c", {}).id for _ in range(2))
    fixed = org.insert("Detail__c", {"Master__c": first}).id
    loose = org.insert("Loose__c", {"Master__c": first}).id
    assert code_of(lambda: org.update(fixed, Master__c=second)) == (
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        ("Master__c",),
    )
    assert org.update(loose, Master__c=second)["Master__c"] == second
    assert code_of(lambda: org.update(loose, Master__c=None)) == (
        "REQUIRED_FIELD_MISSING",
        ("Master__c",),
    )


def test_a_junction_has_two_masters_in_order_and_no_third(org: Org) -> None:
    detail(org)
    second = org.schema.add_field(
        "Detail__c", "Account__c", "reference", reference_to="Account", master_detail=True
    )
    assert second.relationship_order == 1
    with pytest.raises(ValueError, match="has 2 master-detail relationships already"):
        org.schema.add_field(
            "Detail__c", "Third__c", "reference", reference_to="Contact", master_detail=True
        )


@pytest.mark.parametrize(
    ("owner", "properties", "error", "text"),
    [
        ("Detail__c", {"reference_to": "User"}, ValueError, "User cannot be its master"),
        ("Detail__c", {"reference_to": "Detail__c"}, ValueError, "Detail__c cannot be its master"),
        ("Contact", {"reference_to": "Master__c"}, ValueError, "cannot be a detail: Contact"),
        ("Detail__c", {"reference_to": "Master__c", "nillable": False}, TypeError, "has no nillable"),
        ("Detail__c", {"reference_to": "Master__c", "relationship_order": 1}, ValueError, "0 for the first"),
        ("Detail__c", {"reference_to": ["Account", "Contact"]}, TypeError, "the name of one sobject"),
        ("Detail__c", {"reference_to": "Nope__c"}, KeyError, "no sobject 'Nope__c'"),
    ],
)  # fmt: skip
def test_a_master_that_cannot_be_is_told(
    org: Org, owner: str, properties: dict[str, Any], error: type[Exception], text: str
) -> None:
    before = org.digest()
    with pytest.raises(error, match=text):
        org.schema.add_field(owner, "Master__c", "reference", master_detail=True, **properties)
    assert org.digest() == before


def test_an_object_with_records_gets_no_master(org: Org) -> None:
    org.insert("Detail__c", {})
    with pytest.raises(ValueError, match="Detail__c has records, which would lack the master"):
        detail(org)


def test_details_are_three_levels_deep_at_most(org: Org) -> None:
    detail(org)
    above = "Detail__c"
    for name in ("Second__c", "Third__c"):
        org.schema.add_object(name)
        org.schema.add_field(name, "Up__c", "reference", reference_to=above, master_detail=True)
        above = name
    org.schema.add_object("Fourth__c")
    with pytest.raises(ValueError, match="fourth level"):
        org.schema.add_field(
            "Fourth__c", "Up__c", "reference", reference_to=above, master_detail=True
        )


# -- lookups


@pytest.mark.parametrize("constraint", ["SetNull", "Restrict", "Cascade"])
def test_a_lookup_does_what_its_delete_constraint_says(org: Org, constraint: str) -> None:
    org.schema.add_field(
        "Detail__c", "Up__c", "reference", reference_to="Master__c", delete_constraint=constraint
    )
    master = org.insert("Master__c", {"Name": "M"})
    row = org.insert("Detail__c", {"Up__c": master.id, "Name": "D"})
    if constraint == "Restrict":
        with pytest.raises(SalesforceError) as caught:
            org.delete(master.id)
        assert caught.value.message == (
            "Your attempt to delete M could not be completed because it is associated with the following details.: D\n"
        )
        return
    org.delete(master.id)
    assert org.count("Detail__c") == (0 if constraint == "Cascade" else 1)
    if constraint == "SetNull":
        assert org.get(row.id)["Up__c"] is None


def test_a_required_lookup_cannot_be_cleared(org: Org) -> None:
    with pytest.raises(ValueError, match="a required lookup cannot be cleared"):
        org.schema.add_field(
            "Detail__c", "Up__c", "reference", reference_to="Account", nillable=False, delete_constraint="SetNull"
        )  # fmt: skip
    with pytest.raises(TypeError, match="reparentable is for master_detail=True"):
        org.schema.add_field(
            "Detail__c", "Up__c", "reference", reference_to="Account", reparentable=True
        )


def test_a_hierarchy_of_users_has_no_circle(org: Org) -> None:
    org.schema.add_field("User", "Mentor__c", "reference", reference_to="User")
    one, two = org.user("Ada One").id, org.user("Bea Two").id
    org.update(one, Mentor__c=two)
    assert org.get(one)["Mentor__c"] == two
    with pytest.raises(Refused, match=r"circle of User\.Mentor__c"):
        org.update(two, Mentor__c=one)


# -- auto-numbers


def test_auto_numbers_count_up_from_their_start_in_their_format(org: Org) -> None:
    org.clock.freeze(datetime(2024, 3, 9, 12, tzinfo=UTC))
    field = org.schema.add_field(
        "Detail__c", "No__c", "string", display_format="A-{YYYY}{YY}{MM}{DD}/{000}.", starting_number=998
    )  # fmt: skip
    assert (field.auto_number, field.createable, field.length) == (True, False, 30)
    made = [org.insert("Detail__c", {})["No__c"] for _ in range(3)]
    assert made == ["A-2024240309/998.", "A-2024240309/999.", "A-2024240309/1000."]
    assert code_of(lambda: org.insert("Detail__c", {"No__c": "x"})) == (
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        ("No__c",),
    )
    assert org.count("Detail__c", "No__c = 'a-2024240309/999.'") == 1


def test_a_refused_create_takes_no_number(org: Org) -> None:
    org.schema.add_field("Detail__c", "No__c", "string", display_format="{0}")
    org.schema.add_field("Detail__c", "Key__c", "string", unique=True)
    org.insert("Detail__c", {"Key__c": "a"})
    assert code_of(lambda: org.insert("Detail__c", {"Key__c": "A"}))[0] == "DUPLICATE_VALUE"
    assert org.insert("Detail__c", {})["No__c"] == "2"


def test_names_may_be_auto_numbers(org: Org) -> None:
    numbered = org.schema.add_object(
        "Bill__c",
        name_field={"label": "Bill Number", "display_format": "B-{0000}", "starting_number": 7},
        fields={"Word__c": {"type": "string"}},
    )
    name = numbered.by_name["name"]
    assert (name.label, name.length, name.name_field, name.id_lookup) == ("Bill Number", 80, True, True)  # fmt: skip
    assert (name.nillable, name.createable, name.groupable) == (False, False, False)
    assert org.create("Bill__c")["Name"] == "B-0007"
    assert org.insert("Bill__c", {})["Name"] == "B-0008"
    assert code_of(lambda: org.insert("Bill__c", {"Name": "x"}))[0] == (
        "INVALID_FIELD_FOR_INSERT_UPDATE"
    )
    with pytest.raises(TypeError, match="name_field has no length"):
        org.schema.add_object("Other__c", name_field={"length": 3})
    with pytest.raises(TypeError, match="needs display_format"):
        org.schema.add_object("Other__c", name_field={"starting_number": 3})


def test_loaded_auto_numbers_are_kept_and_the_series_goes_on_behind_them(org: Org) -> None:
    org.schema.add_object("Bill__c", name_field={"display_format": "B-{0000}"})
    org.load({"Bill__c": [{}, {"Name": "B-0041"}, {"Name": "odd"}]})
    assert [each["Name"] for each in _records(org, "SELECT Name FROM Bill__c ORDER BY Id")] == [
        "B-0042",
        "B-0041",
        "odd",
    ]
    assert org.insert("Bill__c", {})["Name"] == "B-0043"


@pytest.mark.parametrize(
    "text",
    ["A-1", "{0}{0}", "{000", "{Q}{0}", "{00000000000}", "{}{0}", "A" * 21 + "{0}", "{0}}", ""],
)
def test_a_display_format_that_salesforce_does_not_take_is_told(org: Org, text: str) -> None:
    with pytest.raises((ValueError, TypeError), match="display_format"):
        org.schema.add_field("Detail__c", "No__c", "string", display_format=text)


def _records(org: Org, soql: str) -> list[Any]:
    found = org.query(soql)
    assert isinstance(found, list)
    return found


# -- defaults


def test_defaults_of_moments_are_given_and_described_as_formulas(org: Org, call: Caller) -> None:
    for name, type_, default in (
        ("Day__c", "date", date(2024, 1, 31)),
        ("At__c", "datetime", datetime(2024, 1, 31, 10, 5, tzinfo=UTC)),
        ("Hour__c", "time", time(10, 5)),
        ("Share__c", "percent", 12.5),
        ("Mail__c", "email", "a@b.example"),
    ):
        org.schema.add_field("Detail__c", name, type_, default=default)
    row = org.insert("Detail__c", {})
    assert [row[each] for each in ("Day__c", "At__c", "Hour__c", "Share__c", "Mail__c")] == [
        date(2024, 1, 31),
        datetime(2024, 1, 31, 10, 5, tzinfo=UTC),
        time(10, 5),
        12.5,
        "a@b.example",
    ]
    body = call("GET", "/sobjects/Detail__c/describe").json
    assert isinstance(body, dict)
    fields = body["fields"]
    assert isinstance(fields, list)
    assert [each["defaultValueFormula"] for each in fields if isinstance(each, dict)][-5:] == [
        "DATE(2024, 1, 31)",
        'DATETIMEVALUE("2024-01-31 10:05:00")',
        'TIMEVALUE("10:05:00.000")',
        "0.125",  # a percent is written as a decimal
        '"a@b.example"',
    ]


@pytest.mark.parametrize(
    "properties", [{"default_formula": "TODAY()"}, {"default": lambda: 1}], ids=["text", "callable"]
)
def test_formulas_as_defaults_are_refused(org: Org, properties: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="formulas as defaults"):
        org.schema.add_field("Detail__c", "Day__c", "date", **properties)


@pytest.mark.parametrize(
    ("type_", "properties", "text"),
    [
        ("string", {"default": "abc", "length": 2}, "longer than 2 characters"),
        ("textarea", {"html": True, "default": "x"}, "rich text has no default"),
        ("double", {"default": 100, "precision": 2}, "too many digits"),
        ("date", {"default": "2024-01-31"}, "default is a date"),
        ("datetime", {"default": datetime(2024, 1, 31)}, "an aware datetime"),
        ("time", {"default": 3}, "default is a time"),
        ("picklist", {"values": ["a", "A"]}, "values has a twice"),
        ("picklist", {"values": [{"name": "a"}]}, "mappings with a value"),
        ("picklist", {"values": ["a"], "controller": "Name", "valid_for": {}}, "a picklist or checkbox of"),
        ("picklist", {"values": ["a"], "controller": "IsDeleted"}, "valid_for is a mapping"),
        ("picklist", {"values": ["a"], "controller": "IsDeleted", "valid_for": {"a": "true"}}, "valid_for is a mapping"),
        ("picklist", {"values": ["a"], "controller": "IsDeleted", "valid_for": {"a": ["x"]}}, "valid_for names x"),
        ("picklist", {"values": ["a"], "controller": "IsDeleted", "valid_for": {"b": [True]}}, "valid_for names b"),
        ("encryptedstring", {"mask_type": "half"}, "mask_type is one of all, creditCard"),
        ("combobox", {}, "no custom field has the type 'combobox'"),
        ("base64", {}, "no custom field has the type 'base64'"),
    ],
)  # fmt: skip
def test_properties_that_contradict_each_other_are_told(
    org: Org, type_: str, properties: dict[str, Any], text: str
) -> None:
    with pytest.raises((ValueError, TypeError), match=text):
        org.schema.add_field("Detail__c", "Value__c", type_, **properties)


# -- limits


@pytest.mark.parametrize(
    ("most", "name", "type_", "properties"),
    [
        (25, "external ids", "string", {"external_id": True}),
        (40, "relationship fields", "reference", {"reference_to": "Account"}),
        (25, "roll-up summaries", "summary", {"operation": "count", "foreign_key": "Detail__c.Master__c"}),
    ],
)  # fmt: skip
def test_an_sobject_has_no_more_fields_of_a_kind_than_salesforce_allows(
    org: Org, most: int, name: str, type_: str, properties: dict[str, Any]
) -> None:
    detail(org)
    for number in range(most):
        org.schema.add_field("Master__c", f"F{number}__c", type_, **properties)
    with pytest.raises(ValueError, match=f"Master__c cannot have more than {most} {name}"):
        org.schema.add_field("Master__c", "Last__c", type_, **properties)


def test_an_sobject_has_no_more_than_800_custom_fields(org: Org) -> None:
    org.schema.add_object(
        "Wide__c", fields={f"F{each}__c": {"type": "date"} for each in range(800)}
    )
    with pytest.raises(ValueError, match="Wide__c cannot have more than 800 custom fields"):
        org.schema.add_field("Wide__c", "Last__c", "date")


# -- encrypted text


def test_encrypted_text_is_clear_only_for_users_with_the_permission(org: Org, call: Caller) -> None:
    org.schema.add_field("Detail__c", "Secret__c", "encryptedstring", mask_type="lastFour")
    row = org.insert("Detail__c", {"Secret__c": "12345678"})

    def seen() -> list[Any]:
        read = call("GET", f"/sobjects/Detail__c/{row.id}?fields=Secret__c").json
        queried = call("GET", "/query?q=SELECT+Secret__c+FROM+Detail__c").json
        assert isinstance(read, dict)
        assert isinstance(queried, dict)
        records = queried["records"]
        assert isinstance(records, list)
        return [
            read["Secret__c"],
            *(each["Secret__c"] for each in records if isinstance(each, dict)),
        ]

    assert seen() == ["****5678", "****5678"]
    profile = org.query("SELECT Id FROM Profile WHERE Name = 'System Administrator'")
    assert isinstance(profile, list)
    org.update(profile[0].id, PermissionsViewEncryptedData=True)
    assert seen() == ["12345678", "12345678"]
    assert row["Secret__c"] == "12345678"  # a test always sees what is stored


def test_a_permission_set_shows_encrypted_text_as_a_profile_does(org: Org) -> None:
    permission = "PermissionsViewEncryptedData"
    user = org.user("Ada One", profile="Standard User").id
    assert org.users.has_permission(user, permission) is False
    org.load({"PermissionSet": [{"Name": "Clear", permission: True}]})
    [clear] = _records(org, "SELECT Id FROM PermissionSet WHERE Name = 'Clear'")
    assert org.users.has_permission(user, permission) is False
    org.load({"PermissionSetAssignment": [{"AssigneeId": user, "PermissionSetId": clear.id}]})
    assert org.users.has_permission(user, permission) is True
    assert org.users.has_permission(user, "PermissionsNothing") is False


# -- dependent picklists


@pytest.mark.parametrize(
    ("places", "text"),
    [([30], "AAAAAgAA"), ([12], "AAgA"), ([99], "AAAAAAAAAAAAAAAAEAAA"), ([137], "AAAAAAAAAAAAAAAAAAAAAABA"), ([], "AAAA")],
)  # fmt: skip
def test_bitmaps_of_controlling_values_are_as_recorded(places: list[int], text: str) -> None:
    assert bitmap(places) == text
    entry = PicklistValue("x", "x", valid_for=text)
    assert [place for place in range(240) if is_valid_for(entry, place)] == places


def test_a_controlling_value_may_not_leave_its_dependent_behind(org: Org) -> None:
    org.schema.add_field("Detail__c", "Land__c", "picklist", values=["France", "Italy"])
    org.schema.add_field(
        "Detail__c", "City__c", "multipicklist", values=["Lyon", "Nice"], controller="Land__c",
        valid_for={"Lyon": ["France"], "Nice": ["France"]},
    )  # fmt: skip
    row = org.insert("Detail__c", {"Land__c": "France", "City__c": "Lyon;Nice"})
    with pytest.raises(Refused, match="City__c with a value that is not valid for that of Land__c"):
        org.update(row.id, Land__c="Italy")
    assert org.update(row.id, Land__c="Italy", City__c=None)["City__c"] is None
    assert org.update(row.id, City__c="Other")["City__c"] == "Other"
    org.create("Detail__c", 20)

"""What the cases leave open: deleted rows and parents, compounds, absent sobjects, fields that take no filter."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from sfmock.errors import Refused, SalesforceError
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import Field, PicklistValue, SObject
from soql_dataset import USER, World

DELETED = Field("IsDeleted", "Deleted", "boolean", nillable=False)


def _with_bin(world: World) -> None:
    for name in ("Account", "Contact"):
        sobject = world.sobjects[name]
        world.change(replace(sobject, fields=(*sobject.fields, DELETED)))
        world.rows(f"SELECT Id FROM {name}")
    world.db.execute('UPDATE "Account" SET "IsDeleted" = 1 WHERE "Name" = ?', ("Acme",))


@pytest.fixture
def bin_world() -> World:
    made = World()
    _with_bin(made)
    return made


def test_deleted_rows_are_hidden(bin_world: World) -> None:
    assert bin_world.rows("SELECT Name FROM Account WHERE Name = 'Acme'") == []


def test_deleted_rows_are_not_counted(bin_world: World) -> None:
    assert bin_world.page("SELECT COUNT() FROM Account").total == 12


def test_query_all_sees_deleted_rows(bin_world: World) -> None:
    assert bin_world.rows(
        "SELECT Name, IsDeleted FROM Account WHERE IsDeleted = true", all_rows=True
    ) == [{"Name": "Acme", "IsDeleted": True}]


def test_path_to_a_deleted_parent_is_null(bin_world: World) -> None:
    soql = "SELECT Account.Name, AccountId FROM Contact WHERE LastName = 'Baker'"
    assert bin_world.rows(soql) == [{"Account": None, "AccountId": "0015gQ000000001ABA"}]


def test_query_all_follows_paths_to_deleted_parents(bin_world: World) -> None:
    soql = "SELECT Account.Name FROM Contact WHERE LastName = 'Baker'"
    assert bin_world.rows(soql, all_rows=True) == [{"Account": {"Name": "Acme"}}]


def _place() -> SObject:
    names = ("Street", "City", "State", "PostalCode", "Country", "Latitude", "GeocodeAccuracy")
    parts = [
        Field(
            f"Billing{each}",
            each,
            "double" if each == "Latitude" else "string",
            compound="BillingAddress",
        )
        for each in names
    ]
    address = Field("BillingAddress", "Address", "address", sortable=False)
    return SObject("Place__c", "Place", "Places", "a77", (Field("Id", "Id", "id"), *parts, address))


@pytest.fixture
def places(world: World) -> World:
    world.change(_place())
    world.insert(
        "Place__c", {"Id": "a775gQ000000001ABA", "BillingCity": "Ulm", "BillingLatitude": 48.4}
    )
    world.insert("Place__c", {"Id": "a775gQ000000002ABA"})
    return world


def test_address_is_an_object_of_its_parts_or_null(places: World) -> None:
    assert places.page("SELECT BillingAddress FROM Place__c").records == (
        '[{"attributes":{"type":"Place__c","url":"/services/data/v60.0/sobjects/Place__c/a775gQ000000001ABA"},'
        '"BillingAddress":{"city":"Ulm","country":null,"geocodeAccuracy":null,"latitude":48.4,"postalCode":null,'
        '"state":null,"street":null}},'
        '{"attributes":{"type":"Place__c","url":"/services/data/v60.0/sobjects/Place__c/a775gQ000000002ABA"},'
        '"BillingAddress":null}]'
    )


def test_address_and_its_part_may_both_be_selected(places: World) -> None:
    first = places.rows("SELECT BillingCity, BillingAddress FROM Place__c LIMIT 1")[0]
    assert (first["BillingCity"], first["BillingAddress"]["city"]) == ("Ulm", "Ulm")


def test_address_can_only_be_filtered_by_distance(places: World) -> None:
    with pytest.raises(SalesforceError) as caught:
        places.page("SELECT Id FROM Place__c WHERE BillingAddress = null")
    assert str(caught.value) == (
        "INVALID_FIELD: Address fields can only be filtered using Distance expressions"
    )


@pytest.mark.parametrize(
    "soql",
    [
        "SELECT Id FROM Gadget__c WHERE Loc__c = null",
        "SELECT Id FROM Gadget__c WHERE DISTANCE(Loc__c, GEOLOCATION(1,2), 'mi') = 1",
        "SELECT Id FROM Gadget__c WHERE Flag__c > false",
        "SELECT Id FROM Gadget__c WHERE Colors__c IN ('Red')",
        "SELECT Id FROM Gadget__c WHERE Qty__c LIKE '5%'",
        "SELECT Id FROM Account WHERE ParentId > '001000000000000AAA'",
        "SELECT Id FROM Account WHERE Name LIKE null",
        "SELECT Id FROM Account WHERE Name > null",
        "SELECT Id FROM Account WHERE Id = 5",
        "SELECT Id FROM Account WHERE CreatedDate = 2026-02-30T00:00:00Z",
        "SELECT Id FROM Account WHERE CreatedDate > 4001-01-01T00:00:00Z",
        "SELECT Id FROM Gadget__c WHERE Start_Time__c = 25:00:00Z",
        "SELECT Id FROM Account LIMIT -1",
        "SELECT Id FROM Account LIMIT 2147483648",
        "SELECT COUNT() FROM Account OFFSET 1",
        "SELECT Id FROM Account WHERE Parent.Parent.Parent.Parent.Parent.Parent.Name = 'x'",
        "SELECT Id FROM WorkOrder",
        f"SELECT Id FROM Account WHERE Name = '{'x' * 4001}'",
    ],
)
def test_what_salesforces_answer_is_not_known_for_is_refused(soql: str, world: World) -> None:
    with pytest.raises(Refused):
        world.page(soql)


def test_path_to_a_sobject_that_the_fake_lacks_is_refused(world: World) -> None:
    campaign = Field(
        "WorkOrderId",
        "WorkOrder",
        "reference",
        reference_to=("WorkOrder",),
        relationship_name="WorkOrder",
    )
    sobject = world.sobjects["Opportunity"]
    world.change(replace(sobject, fields=(*sobject.fields, campaign)))
    with pytest.raises(Refused, match="SOQL paths to WorkOrder"):
        world.page("SELECT WorkOrder.Name FROM Opportunity")
    assert world.rows("SELECT WorkOrderId FROM Opportunity LIMIT 1") == [{"WorkOrderId": None}]


def test_every_refusal_names_its_feature(world: World) -> None:
    with pytest.raises(Refused, match="SOQL WITH DATA CATEGORY"):
        world.page("SELECT Id FROM Account WITH DATA CATEGORY Geography__c AT usa__c")


def test_negative_offset_is_malformed(world: World) -> None:
    with pytest.raises(SalesforceError) as caught:
        world.page("SELECT Id FROM Account OFFSET -1")
    assert str(caught.value) == "MALFORMED_QUERY: SOQL offset must be a non-negative value"


def test_like_an_empty_text_is_malformed(world: World) -> None:
    with pytest.raises(SalesforceError) as caught:
        world.page("SELECT Id FROM Account WHERE Name LIKE ''")
    assert str(caught.value) == "MALFORMED_QUERY: invalid LIKE value: "


def test_object_without_query_cannot_be_queried(world: World) -> None:
    world.change(
        SObject("Mute__c", "Mute", "Mutes", "a78", (Field("Id", "Id", "id"),), queryable=False)
    )
    with pytest.raises(SalesforceError) as caught:
        world.page("SELECT Id FROM Mute__c")
    assert str(caught.value) == (
        "INVALID_TYPE_FOR_OPERATION: entity type Mute__c does not support query"
    )


def test_in_list_mixes_date_literals_and_dates(world: World) -> None:
    soql = "SELECT Name FROM Opportunity WHERE CloseDate {} (TODAY, 2025-12-31, null)"
    inside = {row["Name"] for row in world.rows(soql.format("IN"))}
    outside = {row["Name"] for row in world.rows(soql.format("NOT IN"))}
    assert inside == {"Acme Big", "Under Q"}
    assert len(outside) == 13


def test_inactive_picklist_values_sort_behind_active_ones_and_unknown_ones_last(
    world: World,
) -> None:
    values = (
        PicklistValue("Old", "Old", active=False),
        PicklistValue("B", "B"),
        PicklistValue("A", "A"),
    )
    fields = (Field("Id", "Id", "id"), Field("Kind__c", "Kind", "picklist", picklist=values))
    world.change(SObject("Sorted__c", "Sorted", "Sorted", "a76", fields))
    for number, kind in enumerate(("z", "Old", "y", "A", None, "b")):
        world.insert("Sorted__c", {"Id": f"a765gQ00000000{number}ABA", "Kind__c": kind})
    found = world.rows("SELECT Kind__c FROM Sorted__c ORDER BY Kind__c")
    assert [row["Kind__c"] for row in found] == [None, "b", "A", "Old", "y", "z"]


def test_multipicklist_literal_is_compared_in_the_order_of_definition(world: World) -> None:
    assert len(world.rows("SELECT Id FROM Gadget__c WHERE Colors__c = 'green;RED'")) == 1


def test_plan_of_an_older_schema_is_never_used_again(world: World) -> None:
    before: Catalogue = world.catalogue
    with pytest.raises(SalesforceError, match="No such column 'New__c'"):
        world.page("SELECT New__c FROM Account")
    account = world.sobjects["Account"]
    world.change(replace(account, fields=(*account.fields, Field("New__c", "New", "string"))))
    assert world.rows("SELECT New__c FROM Account LIMIT 1") == [{"New__c": None}]
    world.catalogue = before
    with pytest.raises(SalesforceError, match="No such column 'New__c'"):
        world.page("SELECT New__c FROM Account")


def test_date_literal_follows_the_clock_though_the_plan_is_cached() -> None:
    world = World()
    soql = "SELECT Name FROM Opportunity WHERE CloseDate = TODAY"
    assert world.rows(soql) == [{"Name": "Acme Big"}]
    world.clock.advance(days=1)
    assert world.rows(soql) == [{"Name": "Acme Small"}]


def test_user_in_an_unknown_time_zone_is_refused(world: World) -> None:
    world.in_zone("Mars/Olympus")
    with pytest.raises(Refused, match="Mars/Olympus"):
        world.page("SELECT Id FROM Account")


@pytest.mark.parametrize(
    "name", ["Account", "Contact", "Lead", "Opportunity", "Case", "Task", "User", "Organization"]
)
def test_every_field_of_a_standard_sobject_is_selected_filtered_and_sorted_or_has_its_error(
    name: str, world: World
) -> None:
    sobject = Catalogue(world.catalogue.package).find(name)
    assert sobject is not None
    world.catalogue = Catalogue(world.catalogue.package)
    world.db.execute(f'DROP TABLE IF EXISTS "{name}"')
    world.tables.ensure(sobject)
    world.db.execute(f'INSERT INTO "{name}" ("Id") VALUES (?)', (USER,))
    names = [each.name for each in sobject.fields if each.type != "base64"]
    row = world.rows(f"SELECT {', '.join(names)} FROM {name}")[0]
    assert list(row) == names
    for each in sobject.fields:
        for clause in (f"WHERE {each.name} = null", f"ORDER BY {each.name}"):
            _answered(world, f"SELECT Id FROM {name} {clause}")


def _answered(world: World, soql: str) -> None:
    message = "answered"
    try:
        world.page(soql)
    except Refused as refused:
        message = f"refused: {refused.feature}"
    except SalesforceError as error:
        message = error.message
    assert re.search(
        "^answered$|^refused|can not be (filtered|sorted)|can only be filtered", message
    )

"""Result records: the exact JSON text, and the same record as Python code meets it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from sfmock.org.record import Record
from sfmock.schema.numbers import java_double
from soql_dataset import USER, World

ROOT = "/services/data/v60.0/sobjects"


def test_parents_are_merged_at_their_first_mention_and_null_as_a_whole(world: World) -> None:
    soql = (
        "SELECT Account.Name, LastName, Account.Parent.Name, Account.Industry FROM Contact"
        " WHERE LastName IN ('Müller', 'Solo') ORDER BY LastName"
    )
    assert world.page(soql).records == (
        f'[{{"attributes":{{"type":"Contact","url":"{ROOT}/Contact/0035gQ000000007ABA"}},'
        f'"Account":{{"attributes":{{"type":"Account","url":"{ROOT}/Account/0015gQ000000003ABA"}},"Name":"acme sub",'
        f'"Parent":{{"attributes":{{"type":"Account","url":"{ROOT}/Account/0015gQ000000001ABA"}},"Name":"Acme"}},'
        '"Industry":"Technology"},"LastName":"Müller"},'
        f'{{"attributes":{{"type":"Contact","url":"{ROOT}/Contact/0035gQ000000006ABA"}},'
        '"Account":null,"LastName":"Solo"}]'
    )


def test_values_are_written_in_the_forms_of_their_types(world: World) -> None:
    soql = (
        "SELECT Qty__c, Price__c, Made_On__c, Seen_At__c, Start_Time__c, Flag__c, Loc__c FROM Gadget__c"
        " WHERE Name IN ('G-01', 'G-03') ORDER BY Name"
    )
    assert world.page(soql).records == (
        f'[{{"attributes":{{"type":"Gadget__c","url":"{ROOT}/Gadget__c/a005gQ000000001ABA"}},'
        '"Qty__c":5.0,"Price__c":9.99,"Made_On__c":"2026-11-23","Seen_At__c":"2026-11-23T12:00:00.000+0000",'
        '"Start_Time__c":"08:00:00.000Z","Flag__c":true,"Loc__c":{"latitude":37.7749,"longitude":-122.4194}},'
        f'{{"attributes":{{"type":"Gadget__c","url":"{ROOT}/Gadget__c/a005gQ000000003ABA"}},'
        '"Qty__c":null,"Price__c":null,"Made_On__c":null,"Seen_At__c":null,"Start_Time__c":null,"Flag__c":true,'
        '"Loc__c":null}]'
    )


def test_text_is_escaped_as_json_and_keeps_its_characters(world: World) -> None:
    world.insert(
        "Account", {"Id": "0015gQ000000099ABA", "Name": 'a"\\/\n\t\x01é😀%s{}', "Industry": "Odd"}
    )
    page = world.page("SELECT Name FROM Account WHERE Industry = 'Odd'")
    assert page.records.endswith('"Name":"a\\"\\\\/\\n\\t\\u0001é😀%s{}"}]')


def test_keys_have_the_schemas_spelling(world: World) -> None:
    soql = "select NAME, aCCOUNT__R.nAME from gadget__C limit 1"
    assert world.rows(soql) == [{"Name": "G-01", "Account__r": {"Name": "Acme"}}]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0"), (3.0, "3.0"), (-0.25, "-0.25"), (1234567.89, "1234567.89"), (9999999.0, "9999999.0"),
        (1e7, "1.0E7"), (350000000.0, "3.5E8"), (123456789.125, "1.23456789125E8"), (1e22, "1.0E22"),
        (-12000000.0, "-1.2E7"), (0.001, "0.001"), (0.0001, "1.0E-4"), (0.00012345, "1.2345E-4"), (5e-324, "5.0E-324"),
    ],
)  # fmt: skip
def test_doubles_are_written_as_java_does(value: float, text: str) -> None:
    assert java_double(value) == text


def test_doubles_of_ten_million_and_more_have_an_exponent_in_results(world: World) -> None:
    page = world.page("SELECT Amount FROM Opportunity WHERE Name = 'Holdings B'")
    assert page.records.endswith('"Amount":1.2E7}]')


def test_fetched_records_hold_python_values(world: World) -> None:
    (record,) = world.records(
        "SELECT Qty__c, Price__c, Made_On__c, Seen_At__c, Start_Time__c, Flag__c, Loc__c, Account__r.Name"
        " FROM Gadget__c WHERE Name = 'G-01'"
    )
    assert dict(record) == {
        "Qty__c": Decimal("5.0"),
        "Price__c": Decimal("9.99"),
        "Made_On__c": date(2026, 11, 23),
        "Seen_At__c": datetime(2026, 11, 23, 12, tzinfo=UTC),
        "Start_Time__c": time(8),
        "Flag__c": True,
        "Loc__c": {"latitude": Decimal("37.7749"), "longitude": Decimal("-122.4194")},
        "Account__r": Record("Account", "0015gQ000000001ABA", {"Name": "Acme"}),
    }
    assert (record.sobject, record.id) == ("Gadget__c", "a005gQ000000001ABA")


def test_fetched_absent_parent_and_empty_compound_are_none(world: World) -> None:
    (record,) = world.records(
        "SELECT Loc__c, Parent_Gadget__r.Name FROM Gadget__c WHERE Name = 'G-08'"
    )
    assert dict(record) == {"Loc__c": None, "Parent_Gadget__r": None}


def test_fetched_count_is_a_number(world: World) -> None:
    assert world.queries.fetch("SELECT COUNT() FROM Account", user_id=USER) == 13

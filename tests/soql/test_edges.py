"""Values at the edges: the last character of Unicode, numbers with many zeros, zones and locales that are not known."""

from __future__ import annotations

import pytest

from sfmock import Org
from sfmock.errors import Refused
from sfmock.schema.model import Field, SObject
from soql_dataset import USER, World


@pytest.fixture
def texts(world: World) -> World:
    fields = (Field("Id", "Id", "id"), Field("Text__c", "Text", "string"))
    world.change(SObject("Text__c", "Text", "Texts", "a74", fields, custom=True))
    for number, text in enumerate(("a", "a\U0010ffffz", "a\U0001f600b", "b", "ab")):
        world.insert("Text__c", {"Id": f"a745gQ00000000{number}ABA", "Text__c": text})
    return world


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("A%", ["a", "a\U0010ffffz", "a\U0001f600b", "ab"]),
        ("a\U0010ffff%", ["a\U0010ffffz"]),
        ("a_b", ["a\U0001f600b"]),
        ("a\\uD83D\\uDE00b", ["a\U0001f600b"]),
    ],
)
def test_pattern_meets_every_character(texts: World, pattern: str, found: list[str]) -> None:
    rows = texts.rows(f"SELECT Text__c FROM Text__c WHERE Text__c LIKE '{pattern}'")
    assert [row["Text__c"] for row in rows] == found


def test_leading_zeros_of_a_date_literal_mean_nothing(world: World) -> None:
    soql = "SELECT Name FROM Opportunity WHERE CloseDate >= LAST_N_DAYS:{}"
    few, many = (world.rows(soql.format(each)) for each in ("400", f"{'0' * 30}400"))
    assert many == few
    assert many != world.rows(soql.format("0"))


@pytest.mark.parametrize("zone", ["+24:00", "-99:99", "+0060"])
def test_zone_that_does_not_exist_is_refused(world: World, zone: str) -> None:
    with pytest.raises(Refused, match="time zone that does not exist"):
        world.page(f"SELECT Id FROM Account WHERE CreatedDate > 2026-01-01T00:00:00{zone}")


def test_weeks_are_refused_for_a_locale_whose_first_weekday_is_not_known(world: World) -> None:
    _give_users_a_locale(world)
    weeks = "SELECT Id FROM Account WHERE NOT (CreatedDate = LAST_N_WEEKS:2 OR Name = 'x')"
    months = weeks.replace("WEEKS", "MONTHS")
    before = (len(world.rows(weeks)), world.rows(months))
    world.db.execute('UPDATE "User" SET "LocaleSidKey" = ? WHERE "Id" = ?', ("de_DE", USER))
    with pytest.raises(Refused, match="SOQL weeks for a user with the locale de_DE"):
        world.page(weeks)
    assert (12, world.rows(months)) == before


def test_sorting_by_letters_is_refused_for_a_locale_whose_order_is_not_known(world: World) -> None:
    _give_users_a_locale(world)
    by_name = "SELECT Id FROM Account ORDER BY Name"
    by_number = "SELECT Id FROM Account ORDER BY NumberOfEmployees"
    before = (world.rows(by_name), world.rows(by_number))
    world.db.execute('UPDATE "User" SET "LocaleSidKey" = ? WHERE "Id" = ?', ("en_GB", USER))
    assert (world.rows(by_name), world.rows(by_number)) == before
    world.db.execute('UPDATE "User" SET "LocaleSidKey" = ? WHERE "Id" = ?', ("de_DE", USER))
    with pytest.raises(Refused, match="SOQL ORDER BY on text for a user with the locale de_DE"):
        world.page(by_name)
    assert world.rows(by_number) == before[1]


def _give_users_a_locale(world: World) -> None:
    user = world.sobjects["User"]
    fields = (*user.fields, Field("LocaleSidKey", "L", "string"))
    world.change(SObject("User", "User", "Users", "005", fields))


@pytest.mark.parametrize(
    ("amounts", "total", "mean"),
    [
        ((0.1, 0.2), "0.3", "0.15"),
        ((8_888_888_888_888.88, 8_888_888_888_888.88), "17777777777777.76", "8888888888888.88"),
        ((12_345_678_901_234.5, 0.06), "12345678901234.56", "6172839450617.28"),
        ((-99_999_999_999_999.5, 0.25), "-99999999999999.25", "-49999999999999.625"),
    ],
)
def test_sums_keep_the_decimals_of_their_field_at_any_size(
    amounts: tuple[float, ...], total: str, mean: str
) -> None:
    with Org.new() as org:
        rows = [
            {"Name": "x", "StageName": "Prospecting", "CloseDate": "2026-01-01", "Amount": amount}
            for amount in amounts
        ]
        org.insert("Opportunity", rows)
        found = org.query("SELECT SUM(Amount) total, AVG(Amount) mean FROM Opportunity")
    assert isinstance(found, list)
    assert [(str(each["total"]), str(each["mean"])) for each in found] == [(total, mean)]

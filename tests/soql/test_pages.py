"""Pages and locators: what is frozen, what is read anew, who may read on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sfmock.clock import Clock
from sfmock.errors import SalesforceError
from sfmock.org.paging import Page
from sfmock.org.queries import Queries
from sfmock.schema.model import Field, SObject
from sfmock.versions import Version
from soql_dataset import POD, USER, VERSION, World

OTHER_USER = "0055gQ000000002ABA"
SOQL = "SELECT Name FROM Row__c ORDER BY Name DESC"


def _id(number: int) -> str:
    return f"a985gQ00000{number:04}AAA"


@pytest.fixture
def rows() -> World:
    world = World()
    fields = (
        Field("Id", "Id", "id"),
        Field("Name", "Name", "string", name_field=True),
        Field("IsDeleted", "Deleted", "boolean"),
        Field("Long__c", "Long", "textarea", length=32768, custom=True, filterable=False),
        Field("Other__c", "Other", "textarea", length=32768, custom=True, filterable=False),
    )
    world.change(SObject("Row__c", "Row", "Rows", "a98", fields, custom=True))
    for number in range(450):
        world.insert("Row__c", {"Id": _id(number), "Name": f"{number:04}"})
    return world


def _names(page: Page[str]) -> list[str]:
    return [each["Name"] for each in json.loads(page.records)]


def _more(
    world: World, locator: str | None, user_id: str = USER, size: int | None = None
) -> Page[str]:
    assert locator is not None
    return world.queries.more(locator, user_id=user_id, version=VERSION, batch_size=size)


def test_pages_together_hold_every_row_once_in_order(rows: World) -> None:
    first = rows.page(SOQL, batch_size=200)
    second = _more(rows, first.next_locator)
    third = _more(rows, second.next_locator)
    assert [(each.total, each.done) for each in (first, second, third)] == [
        (450, False), (450, False), (450, True),
    ]  # fmt: skip
    assert first.next_locator == "0r85gQ000000001ABA-200"
    assert second.next_locator == "0r85gQ000000001ABA-400"
    assert third.next_locator is None
    names = _names(first) + _names(second) + _names(third)
    assert names == [f"{number:04}" for number in reversed(range(450))]


def test_exactly_one_page_is_done_without_locator(rows: World) -> None:
    page = rows.page(f"{SOQL} LIMIT 200", batch_size=200)
    assert (page.total, page.done, page.next_locator) == (200, True, None)


def test_limit_bounds_the_total_over_pages(rows: World) -> None:
    first = rows.page(f"{SOQL} LIMIT 250", batch_size=200)
    second = _more(rows, first.next_locator)
    assert (first.total, len(_names(second)), second.done) == (250, 50, True)


@pytest.mark.parametrize(("asked", "given"), [(1, 200), (300, 300), (5000, 450)])
def test_page_size_is_between_200_and_2000(rows: World, asked: int, given: int) -> None:
    assert len(_names(rows.page(SOQL, batch_size=asked))) == given


def test_next_page_may_ask_for_another_size(rows: World) -> None:
    first = rows.page(SOQL, batch_size=200)
    assert len(_names(_more(rows, first.next_locator, size=210))) == 210


def test_two_custom_long_texts_make_pages_of_200(rows: World) -> None:
    page = rows.page("SELECT Name, Long__c, Other__c FROM Row__c")
    assert (len(_names(page)), page.done) == (200, False)


def test_query_with_offset_gives_one_page_only(rows: World) -> None:
    page = rows.page(f"{SOQL} OFFSET 10", batch_size=200)
    assert (page.total, page.done, page.next_locator) == (200, True, None)
    assert _names(page)[0] == "0439"


def test_later_page_reads_values_anew_but_keeps_members_and_order(rows: World) -> None:
    first = rows.page(SOQL, batch_size=200)
    rows.db.execute('UPDATE "Row__c" SET "Name" = ? WHERE "Id" = ?', ("zzz", _id(100)))
    rows.insert("Row__c", {"Id": _id(999), "Name": "0000x"})
    second = _more(rows, first.next_locator)
    third = _more(rows, second.next_locator)
    names = _names(second) + _names(third)
    assert names[149] == "zzz"
    assert len(names) == 250
    assert "0000x" not in names


def test_later_page_still_has_soft_deleted_rows_and_skips_purged_ones(rows: World) -> None:
    first = rows.page(SOQL, batch_size=200)
    rows.db.execute('UPDATE "Row__c" SET "IsDeleted" = 1 WHERE "Id" = ?', (_id(249),))
    rows.db.execute('DELETE FROM "Row__c" WHERE "Id" = ?', (_id(248),))
    second = _more(rows, first.next_locator)
    assert _names(second)[:2] == ["0249", "0247"]
    assert (second.total, len(_names(second))) == (450, 199)


def test_locator_of_query_all_keeps_seeing_deleted_rows(rows: World) -> None:
    rows.db.execute('UPDATE "Row__c" SET "IsDeleted" = 1')
    first = rows.page(SOQL, batch_size=200, all_rows=True)
    assert first.total == 450
    assert len(_names(_more(rows, first.next_locator))) == 200


def test_next_page_writes_the_version_of_its_own_request(rows: World) -> None:
    first = rows.page(SOQL, batch_size=200)
    assert first.next_locator is not None
    page = rows.queries.more(first.next_locator, user_id=USER, version=Version(61))
    assert '"url":"/services/data/v61.0/sobjects/Row__c/' in page.records


@pytest.mark.parametrize(
    "locator",
    [
        "0r85gQ000000001ABA-450",
        "0r85gQ000000001ABA--1",
        "0r85gQ000000001ABA-x",
        "0r85gQ000000001ABA-٣",
        f"0r85gQ000000001ABA-{'9' * 5000}",
        "0r85gQ000000001ABA-",
        "0r85gQ000000001ABA",
        "0r85gQ000000001-200",
        "0r85gQ000000002ABA-200",
        "0r8xxx000000001ABA-200",
        "01g5gQ000000001ABA-200",
        "",
        "nonsense",
    ],
)
def test_locator_that_means_nothing_is_invalid(rows: World, locator: str) -> None:
    rows.page(SOQL, batch_size=200)
    with pytest.raises(SalesforceError) as caught:
        _more(rows, locator)
    assert str(caught.value) == "INVALID_QUERY_LOCATOR: invalid query locator"


def test_locator_belongs_to_its_user(rows: World) -> None:
    first = rows.page(SOQL, batch_size=200)
    with pytest.raises(SalesforceError, match="invalid query locator"):
        _more(rows, first.next_locator, OTHER_USER)


def test_locator_expires_after_two_days(rows: World) -> None:
    first = rows.page(SOQL, batch_size=200)
    rows.clock.advance(timedelta(days=2) - timedelta(seconds=1))
    assert _more(rows, first.next_locator).total == 450
    rows.clock.advance(seconds=1)
    with pytest.raises(SalesforceError, match="invalid query locator"):
        _more(rows, first.next_locator)


def test_expired_locators_are_cleared_away(rows: World) -> None:
    rows.page(SOQL, batch_size=200)
    rows.clock.advance(days=3)
    rows.page(SOQL, batch_size=200)
    assert rows.db.value("SELECT COUNT(*) FROM sf_locator") == 1


def test_expired_locator_never_leads_to_the_rows_of_a_later_query(rows: World) -> None:
    first = rows.page(SOQL, batch_size=200)
    rows.clock.advance(days=3)
    later = rows.page("SELECT Name FROM Row__c", batch_size=200)
    assert later.next_locator != first.next_locator
    with pytest.raises(SalesforceError, match="invalid query locator"):
        _more(rows, first.next_locator)


class _Ticking(Clock):
    """A clock that goes on by a day each time it is read."""

    @property
    def now(self) -> datetime:
        self.advance(days=1)
        return super().now


def test_midnight_between_counting_and_reading_does_not_change_the_page(rows: World) -> None:
    created = Field("Day__c", "Day", "date")
    sobject = rows.catalogue.find("Row__c")
    assert sobject is not None
    rows.change(replace(sobject, fields=(*sobject.fields, created)))
    clock = _Ticking()
    clock.freeze(datetime(2026, 11, 22, 12, tzinfo=UTC))
    rows.rows("SELECT Day__c FROM Row__c LIMIT 1")
    rows.db.execute('UPDATE "Row__c" SET "Day__c" = ?', ("2026-11-23",))
    queries = Queries(rows.db, rows.tables, clock=clock, catalogue=lambda: rows.catalogue, pod=POD)
    soql = "SELECT Name FROM Row__c WHERE Day__c = TODAY"
    page = queries.page(soql, user_id=USER, version=VERSION, batch_size=200)
    assert (page.total, len(_names(page))) == (450, 200)


def test_fetch_has_no_pages(rows: World) -> None:
    assert len(rows.records("SELECT Name FROM Row__c")) == 450


def test_large_result_has_pages_of_2000_by_default(rows: World) -> None:
    for number in range(1000, 2600):
        rows.insert("Row__c", {"Id": _id(number), "Name": str(number)})
    page = rows.page(SOQL)
    assert (page.total, len(_names(page)), page.next_locator) == (
        2050, 2000, "0r85gQ000000001ABA-2000",
    )  # fmt: skip

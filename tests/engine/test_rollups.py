"""Roll-up summaries: what a master shows of its details, in the write that changes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from calling import Caller
from described import special
from sfmock.errors import Refused, SalesforceError
from sfmock.org.dml.rollup_totals import Detail, Rollup
from sfmock.org.dml.rollups import Rollups
from sfmock.org.org import Org
from sfmock.org.packs import find_pack
from sfmock.schema.package import Package, write_package

READ_ONLY = {"calculated": True, "createable": False, "updateable": False}


@pytest.fixture
def org() -> Iterator[Org]:
    with Org.new() as made:
        made.schema.add_object("Bill__c", label_plural="Bills")
        made.schema.add_object("Line__c")
        for name, type_, properties in (
            ("Bill__c", "reference", {"reference_to": "Bill__c", "master_detail": True, "reparentable": True}),
            ("Amount__c", "currency", {"scale": 3}),
            ("Day__c", "date", {}),
            ("Kind__c", "picklist", {"values": ["New", "Old", "Lost"]}),
            ("Tags__c", "multipicklist", {"values": ["A", "B"]}),
            ("Word__c", "string", {}),
            ("Paid__c", "boolean", {}),
        ):  # fmt: skip
            made.schema.add_field("Line__c", name, type_, **properties)
        yield made


def summary(org: Org, operation: str, field: str | None = None, name: str = "Sum__c", **properties: Any) -> None:  # fmt: skip
    if field is not None:
        properties["summarized_field"] = field
    org.schema.add_field(
        "Bill__c", name, "summary", operation=operation, foreign_key="Line__c.Bill__c", **properties
    )


def bill(org: Org) -> str:
    return org.insert("Bill__c", {}).id


def line(org: Org, bill_id: str, **fields: Any) -> str:
    return org.insert("Line__c", {"Bill__c": bill_id, **fields}).id


@pytest.mark.parametrize(
    ("operation", "field", "empty", "filled", "described"),
    [
        ("count", None, Decimal(0), Decimal(3), {"type": "double", "soapType": "xsd:double", "groupable": False, "precision": 18}),
        ("sum", "Amount__c", Decimal(0), Decimal("0.3"), {"type": "currency", "soapType": "xsd:double", "groupable": False, "precision": 18, "scale": 3}),
        ("min", "Line__c.Amount__c", None, Decimal("0.1"), {"type": "currency", "soapType": "xsd:double", "groupable": False, "precision": 18, "scale": 3}),
        ("max", "Amount__c", None, Decimal("0.2"), {"type": "currency", "soapType": "xsd:double", "groupable": False, "precision": 18, "scale": 3}),
        ("min", "Day__c", None, date(2024, 1, 31), {"type": "date", "soapType": "xsd:date"}),
        ("max", "Day__c", None, date(2024, 2, 1), {"type": "date", "soapType": "xsd:date"}),
    ],
)  # fmt: skip
def test_each_operation_over_no_and_over_some_details(
    org: Org,
    call: Caller,
    operation: str,
    field: str | None,
    empty: Any,
    filled: Any,
    described: Any,
) -> None:
    summary(org, operation, field)
    master = bill(org)
    assert org.get(master)["Sum__c"] == empty
    line(org, master, Amount__c=0.1, Day__c="2024-02-01")
    line(org, master, Amount__c=0.2, Day__c="2024-01-31")
    line(org, master)
    assert org.get(master)["Sum__c"] == filled
    row: Any = call("GET", f"/sobjects/Bill__c/{master}?fields=Sum__c").json
    assert row["Sum__c"] == (filled.isoformat() if isinstance(filled, date) else float(filled))
    value = filled.isoformat() if isinstance(filled, date) else filled
    assert org.count("Bill__c", f"Sum__c = {value}") == 1
    assert special(call, "Bill__c", "Sum__c") == {**described, **READ_ONLY, "label": "Sum", "name": "Sum__c"}  # fmt: skip


def test_a_summary_follows_inserts_updates_moves_deletes_and_masters(org: Org) -> None:
    summary(org, "sum", "Amount__c")
    summary(org, "count", name="Count__c")
    one, two = bill(org), bill(org)

    def sums() -> list[tuple[int, int]]:
        return [(int(row["Sum__c"]), int(row["Count__c"])) for row in map(org.get, (one, two))]

    first, second = line(org, one, Amount__c=1), line(org, one, Amount__c=2)
    assert sums() == [(3, 2), (0, 0)]
    org.update(first, Amount__c=5)
    assert sums() == [(7, 2), (0, 0)]
    org.update(first, Bill__c=two, Amount__c=6)
    assert sums() == [(2, 1), (6, 1)]
    org.update(second, Amount__c=None)
    assert sums() == [(0, 1), (6, 1)]
    org.delete(second)
    assert sums() == [(0, 0), (6, 1)]
    org.delete(two)
    deleted: Any = org.records.find(org.schema["Bill__c"], two, deleted=True)
    assert (deleted["Sum__c"], deleted["Count__c"]) == (6.0, 1.0)  # as it was when it went


def test_rows_that_come_back_from_the_bin_count_again_in_any_order(org: Org) -> None:
    summary(org, "sum", "Amount__c")
    master = bill(org)
    details = [line(org, master, Amount__c=amount) for amount in (1, 2, 4)]
    org.delete(details[0])
    org.delete(master)
    store = org.records.store

    def bring_back(record_id: str, name: str) -> None:
        store.update(store.plan(org.schema[name]), record_id, {"IsDeleted": 0})

    bring_back(details[1], "Line__c")
    bring_back(master, "Bill__c")
    assert org.get(master)["Sum__c"] == 2
    bring_back(details[2], "Line__c")
    bring_back(details[0], "Line__c")
    assert org.get(master)["Sum__c"] == 7


def test_a_refused_write_changes_no_summary(org: Org) -> None:
    summary(org, "count")
    org.schema.add_field("Line__c", "Key__c", "string", unique=True)
    master = bill(org)
    line(org, master, Key__c="a")
    before = org.digest()
    with pytest.raises(SalesforceError, match="DUPLICATE_VALUE"):
        line(org, master, Key__c="A")
    assert org.digest() == before


def test_a_summary_cannot_be_written(org: Org) -> None:
    summary(org, "count")
    with pytest.raises(SalesforceError, match="Unable to create/update fields: Sum__c"):
        org.insert("Bill__c", {"Sum__c": 3})


def test_a_master_is_modified_by_who_wrote_the_detail_if_its_summary_changes(org: Org) -> None:
    summary(org, "sum", "Amount__c")
    org.clock.freeze(datetime(2024, 1, 1, tzinfo=UTC))
    master = bill(org)
    org.clock.freeze(datetime(2024, 1, 2, tzinfo=UTC))
    user = org.user("Ada One").id
    lines = org.schema["Line__c"]
    org.records.insert(lines, {"Bill__c": master}, user_id=user)
    assert org.get(master)["LastModifiedDate"] == datetime(2024, 1, 1, tzinfo=UTC)
    org.records.insert(lines, {"Bill__c": master, "Amount__c": 1}, user_id=user)
    row = org.get(master)
    assert row["LastModifiedDate"] == row["SystemModstamp"] == datetime(2024, 1, 2, tzinfo=UTC)
    assert row["LastModifiedById"] == user


def test_a_summary_that_is_new_is_worked_out_for_the_rows_that_are_there(org: Org) -> None:
    org.clock.freeze(datetime(2024, 1, 1, tzinfo=UTC))
    one, two = bill(org), bill(org)
    line(org, one, Amount__c=2)
    org.clock.freeze(datetime(2024, 1, 2, tzinfo=UTC))
    summary(org, "sum", "Amount__c")
    assert [org.get(each)["Sum__c"] for each in (one, two)] == [2, 0]
    row = org.get(one)
    assert row["LastModifiedDate"] == datetime(2024, 1, 1, tzinfo=UTC)
    assert row["SystemModstamp"] == datetime(2024, 1, 2, tzinfo=UTC)


def test_summaries_of_summaries_reach_the_grandparent(org: Org) -> None:
    org.schema.add_object("House__c")
    org.schema.add_object("Flat__c")
    org.schema.add_object("Room__c")
    for child, parent in (("Flat__c", "House__c"), ("Room__c", "Flat__c")):
        org.schema.add_field(child, "Up__c", "reference", reference_to=parent, master_detail=True)
    org.schema.add_field("Flat__c", "Rooms__c", "summary", operation="count", foreign_key="Room__c.Up__c")  # fmt: skip
    org.schema.add_field(
        "House__c", "Rooms__c", "summary", operation="sum", summarized_field="Rooms__c", foreign_key="Flat__c.Up__c"
    )  # fmt: skip
    house = org.insert("House__c", {}).id
    flats = [org.insert("Flat__c", {"Up__c": house}).id for _ in range(2)]
    rooms = [org.insert("Room__c", {"Up__c": flat}).id for flat in (flats[0], flats[0], flats[1])]
    assert org.get(house)["Rooms__c"] == 3
    org.delete(rooms[0])
    assert org.get(house)["Rooms__c"] == 2
    org.delete(flats[0])
    assert org.get(house)["Rooms__c"] == 1


def test_loaded_rows_are_summed_up_in_any_order_and_keep_their_stamps(org: Org) -> None:
    summary(org, "sum", "Amount__c")
    ids = [org.records.new_id(org.schema["Bill__c"]) for _ in range(3)]
    long_ago = "2020-01-01T00:00:00.000+0000"
    org.load(
        {
            "Line__c": [{"Bill__c": ids[0], "Amount__c": 2}],
            "Bill__c": [
                {"Id": each, "LastModifiedDate": long_ago, "SystemModstamp": long_ago, **more}
                for each, more in zip(ids, ({}, {}, {"Sum__c": 9}), strict=True)
            ],
        }
    )
    org.load({"Line__c": [{"Bill__c": ids[1], "Amount__c": 3}]})
    assert [org.get(each)["Sum__c"] for each in ids] == [2, 3, 9]
    moments = {row[name] for row in map(org.get, ids) for name in ("LastModifiedDate", "SystemModstamp")}  # fmt: skip
    assert moments == {datetime(2020, 1, 1, tzinfo=UTC)}


FILTERS: list[tuple[str, str, Any, list[str]]] = [
    ("Kind__c", "equals", "new", ["a"]),
    ("Kind__c", "equals", "New, Old", ["a", "b"]),
    ("Kind__c", "equals", "", ["c"]),
    ("Kind__c", "notEqual", "New", ["b", "c"]),
    ("Kind__c", "notEqual", None, ["a", "b"]),
    ("Word__c", "contains", "LPH,zz", ["a"]),
    ("Word__c", "notContain", "a", ["c"]),
    ("Word__c", "startsWith", "B", ["b"]),
    ("Tags__c", "includes", "a", ["a", "b"]),
    ("Tags__c", "excludes", "B", ["b", "c"]),
    ("Amount__c", "equals", 1, ["a"]),
    ("Amount__c", "equals", "", ["c"]),
    ("Amount__c", "notEqual", Decimal("1.0"), ["b", "c"]),
    ("Amount__c", "lessThan", 2, ["a"]),
    ("Amount__c", "greaterThan", "1", ["b"]),
    ("Amount__c", "lessOrEqual", 2, ["a", "b"]),
    ("Amount__c", "greaterOrEqual", 2, ["b"]),
    ("Day__c", "equals", date(2024, 1, 1), ["a"]),
    ("Day__c", "lessThan", "2024-01-02", ["a"]),
    ("Day__c", "greaterOrEqual", "2024-01-02", ["b"]),
    ("Paid__c", "equals", True, ["a"]),
    ("Paid__c", "notEqual", "True", ["b", "c"]),
]


@pytest.mark.parametrize(("field", "operation", "value", "names"), FILTERS)
def test_a_filter_lets_the_right_details_through(
    org: Org, field: str, operation: str, value: Any, names: list[str]
) -> None:
    rows = {
        "a": {"Kind__c": "New", "Word__c": "Alpha", "Tags__c": "A;B", "Amount__c": 1, "Day__c": "2024-01-01", "Paid__c": True},
        "b": {"Kind__c": "Old", "Word__c": "Beta", "Tags__c": "A", "Amount__c": 2, "Day__c": "2024-01-02"},
        "c": {},
    }  # fmt: skip
    summary(org, "count", filters=[(field, operation, value)])
    counts = {}
    for name, fields in rows.items():
        master = bill(org)
        line(org, master, **fields)
        counts[name] = org.get(master)["Sum__c"]
    assert [name for name, count in counts.items() if count] == names


def test_many_rows_at_once_are_summed_up_too(org: Org) -> None:
    summary(org, "sum", "Amount__c")
    one, two = bill(org), bill(org)
    org.insert("Line__c", [{"Bill__c": each, "Amount__c": 0.1} for each in (one, two) * 50])
    assert [org.get(each)["Sum__c"] for each in (one, two)] == [5, 5]
    org.create("Line__c", 3, Bill__c=one, Amount__c=1)
    assert org.get(one)["Sum__c"] == 8
    with pytest.raises(SalesforceError, match="REQUIRED_FIELD_MISSING"):
        org.insert("Line__c", [{"Bill__c": one, "Amount__c": 1}, {}])
    assert org.get(one)["Sum__c"] == 8


def test_a_change_of_a_field_that_a_filter_reads_is_followed(org: Org) -> None:
    summary(org, "sum", "Amount__c", filters=[("Kind__c", "equals", "New"), ("Paid__c", "equals", False)])  # fmt: skip
    master = bill(org)
    row = line(org, master, Amount__c=3, Kind__c="New")
    assert org.get(master)["Sum__c"] == 3
    org.update(row, Kind__c="Lost")
    assert org.get(master)["Sum__c"] == 0
    org.update(row, Kind__c="New", Paid__c=True)
    assert org.get(master)["Sum__c"] == 0
    org.update(row, Paid__c=False)
    assert org.get(master)["Sum__c"] == 3


def test_opportunities_are_summed_up_on_their_account(org: Org) -> None:
    org.schema.add_field(
        "Account", "Won__c", "summary", operation="sum", summarized_field="Amount",
        foreign_key="Opportunity.AccountId", filters=[("IsWon", "equals", True)],
    )  # fmt: skip
    account = org.create("Account").id
    deal = org.create("Opportunity", AccountId=account, Amount=100, StageName="Prospecting").id
    assert org.get(account)["Won__c"] == 0
    org.update(deal, StageName="Closed Won")
    assert org.get(account)["Won__c"] == 100


@pytest.mark.parametrize(
    ("properties", "error", "text"),
    [
        ({"operation": "avg"}, ValueError, "operation is one of count, sum, min, max, not 'avg'"),
        ({"operation": "sum"}, TypeError, "needs summarized_field"),
        ({"operation": "count", "summarized_field": "Amount__c"}, TypeError, "count takes no summarized_field"),
        ({"operation": "sum", "summarized_field": "Day__c"}, ValueError, "sum is over a number of Line__c, not 'Day__c'"),
        ({"operation": "min", "summarized_field": "Word__c"}, ValueError, "min is over a number, date or time"),
        ({"operation": "count", "foreign_key": "Line__c"}, ValueError, "foreign_key is a field of the detail"),
        ({"operation": "count", "foreign_key": "Line__c.CreatedById"}, ValueError, "no master-detail relationship to Bill__c"),
        ({"operation": "count", "filters": "Kind__c"}, TypeError, "filters is a list of"),
        ({"operation": "count", "filters": [("Kind__c", "equals")]}, TypeError, "filters is a list of"),
        ({"operation": "count", "filters": [("Nope__c", "equals", 1)]}, ValueError, "Line__c has no field Nope__c"),
        ({"operation": "count", "filters": [("Kind__c", "lessThan", 1)]}, ValueError, "one of equals, notEqual, contains"),
        ({"operation": "count", "filters": [("Kind__c", "equals", 1)]}, ValueError, "1 is no value to compare Kind__c"),
        ({"operation": "count", "filters": [("Amount__c", "lessThan", "")]}, ValueError, "'' is no value to compare"),
        ({"operation": "count", "filters": [("Amount__c", "equals", "NaN")]}, ValueError, "'NaN' is no value to compare"),
        ({"operation": "count", "filters": [("Day__c", "equals", "2024-02-30")]}, ValueError, "is no value to compare Day__c"),
        ({"operation": "count", "filters": [("Day__c", "equals", "TODAY")]}, ValueError, "is no value to compare Day__c"),
        ({"operation": "count", "filters": [("CreatedDate", "equals", "2024-02-01")]}, Refused, "fields of type datetime"),
        ({"operation": "count", "filters": [("Twice__c", "equals", 2)]}, Refused, "fields of a formula"),
        ({"operation": "sum", "summarized_field": "Twice__c"}, Refused, "roll-up summaries of formula fields"),
        ({"operation": "count", "nillable": False}, TypeError, "type summary has no nillable"),
    ],
)  # fmt: skip
def test_a_summary_that_cannot_be_is_told(
    org: Org, properties: dict[str, Any], error: type[Exception], text: str
) -> None:
    org.schema.add_field("Line__c", "Twice__c", "double", formula=lambda each: 2)
    before = org.digest()
    with pytest.raises(error, match=text):
        org.schema.add_field(
            "Bill__c", "Sum__c", "summary", **{"foreign_key": "Line__c.Bill__c", **properties}
        )
    assert org.digest() == before


def test_summaries_of_a_package_that_lies_over_another_are_kept_up_and_its_formulas_refused(
    org: Org,
) -> None:
    summary(org, "sum", "Amount__c")
    org.schema.add_field("Line__c", "Twice__c", "double", formula=lambda each: 2)
    package = Package(
        write_package([org.schema["Bill__c"], org.schema["Line__c"]], []), org.catalogue.package
    )
    assert set(package.masters) == {"Bill__c"}
    assert {number: tuple(place) for number, place in package.formulas.items()} == {
        1: ("Line__c", "Twice__c")
    }
    with Org.from_pack(replace(find_pack("developer"), package=package), 0) as other:
        assert list(other.schema.callables) == []
        master = bill(other)
        made = other.records.insert(
            other.schema["Line__c"], {"Bill__c": master, "Amount__c": 3}, user_id=other.admin_id
        )
        assert other.get(master)["Sum__c"] == 3
        assert "Twice__c" not in other.get(made)
        with pytest.raises(Refused, match=r"Line__c\.Twice__c: no Python function computes it"):
            other.query("SELECT Twice__c FROM Line__c")
        other.schema.add_field("Bill__c", "Own__c", "double", formula=lambda each: each["Sum__c"])
        assert other.get(master)["Own__c"] == 3


@pytest.mark.parametrize(
    ("name", "owner", "total"),
    [
        ("OpportunityLineItem", "Opportunity", "Amount"),
        ("OrderItem", "Order", "TotalAmount"),
        ("QuoteLineItem", "Quote", "TotalPrice"),
    ],
)
def test_the_lines_of_an_owner_are_read_once_and_then_followed(
    org: Org, monkeypatch: pytest.MonkeyPatch, name: str, owner: str, total: str
) -> None:
    reads = list[str]()
    whole = Rollups._details

    def counted(self: Rollups, rollup: Rollup, master_id: str) -> list[Detail]:
        reads.append(rollup.child.name)
        return whole(self, rollup, master_id)

    monkeypatch.setattr(Rollups, "_details", counted)
    first, *others = org.create(name, 30, Quantity=2, UnitPrice=0.1)
    owner_id = first[f"{owner}Id"]
    assert float(org.get(owner_id)[total]) == 6.0

    org.delete(others[0].id)
    assert float(org.get(owner_id)[total]) == 5.8
    org.update(others[1].id, Quantity=3)

    assert float(org.get(owner_id)[total]) == 5.9
    assert reads.count(name) == 1

"""Companions from Python: ids that several sobjects share, tracking, loading, events that were published."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from calling import Caller
from sfmock.errors import Refused, SalesforceError
from sfmock.org.org import Org


@pytest.fixture
def tracking(org: Org) -> Org:
    """Two objects with histories, shares and a tracked field."""
    for name in ("Deal__c", "Offer__c"):
        org.schema.add_object(
            name,
            sharing="Private",
            fields={"Size__c": {"type": "double", "track_history": True}},
        )
    return org


def only(org: Org, soql: str) -> Any:
    found = org.query(soql)
    assert isinstance(found, list)
    [row] = found
    return row


def test_ids_of_companions_have_the_prefixes_that_all_of_a_kind_share(tracking: Org) -> None:
    tracking.create("Deal__c")
    tracking.create("Offer__c")
    history = [only(tracking, f"SELECT Id FROM {name}__History").id for name in ("Deal", "Offer")]
    share = [only(tracking, f"SELECT Id FROM {name}__Share").id for name in ("Deal", "Offer")]
    assert [each[:3] for each in (*history, *share)] == ["017", "017", "02c", "02c"]
    assert len({*history, *share}) == 4


def test_a_row_is_found_by_an_id_whose_prefix_is_shared(tracking: Org) -> None:
    tracking.create("Deal__c")
    tracking.create("Offer__c")
    for name in ("Deal", "Offer"):
        row = only(tracking, f"SELECT Id FROM {name}__History")
        assert tracking.get(row.id).sobject == f"{name}__History"
    with pytest.raises(SalesforceError) as caught:
        tracking.get("017000000000zzzAAA")
    assert caught.value.code == "NOT_FOUND"
    with pytest.raises(Refused, match="017, which AccountHistory, OpportunityFieldHistory"):
        tracking.catalogue.by_id("017000000000zzzAAA")


def test_a_companion_is_read_by_its_id_over_the_api(tracking: Org) -> None:
    call = Caller(tracking)
    deal = tracking.create("Deal__c")
    row = only(tracking, "SELECT Id FROM Deal__History")
    body: Any = call("GET", f"/sobjects/Deal__History/{row.id}?fields=ParentId,OldValue").json
    assert (body["ParentId"], body["OldValue"]) == (deal.id, None)


def test_an_id_of_a_companion_is_no_account(tracking: Org) -> None:
    tracking.create("Deal__c")
    row = only(tracking, "SELECT Id FROM Deal__History")
    with pytest.raises(SalesforceError, match="id value of incorrect type"):
        tracking.create("Contact", AccountId=row.id)


def test_history_holds_python_values(tracking: Org) -> None:
    deal = tracking.create("Deal__c", Size__c=1)
    tracking.update(deal.id, Size__c=2.5)
    [_, change] = tracking.query("SELECT OldValue, NewValue FROM Deal__History ORDER BY Id")  # type: ignore[misc]  # a list
    assert (change["OldValue"], change["NewValue"]) == (Decimal("1.0"), Decimal("2.5"))


def test_history_rows_can_be_loaded(tracking: Org) -> None:
    call = Caller(tracking)
    deal = tracking.create("Deal__c")
    tracking.load(
        {
            "Deal__History": [
                {"ParentId": deal.id, "Field": "Size__c", "OldValue": "a", "NewValue": True},
                {"ParentId": deal.id, "Field": "Size__c", "OldValue": 3, "NewValue": 2.5},
            ]
        }
    )
    answer = call(
        "GET",
        "/query?q=SELECT+OldValue,NewValue+FROM+Deal__History+WHERE+Field='Size__c'+ORDER+BY+Id",
    )
    assert '"OldValue":"a","NewValue":true' in answer.text
    assert '"OldValue":3,"NewValue":2.5' in answer.text


def test_an_object_that_tracks_nothing_yet_gets_its_history_with_the_first_field(org: Org) -> None:
    org.schema.add_object("Deal__c")
    assert "Deal__History" not in org.schema
    org.schema.add_field("Deal__c", "Size__c", "double", track_history=True)
    assert "Deal__History" in org.schema
    deal = org.create("Deal__c", Size__c=1)
    org.schema.track_history("Deal__c", "Name")
    org.update(deal.id, Name="Other")
    assert org.count("Deal__History", "Field = 'Name'") == 1


def test_a_custom_field_of_a_standard_sobject_may_be_tracked(org: Org) -> None:
    org.schema.add_field("Contact", "Level__c", "double", track_history=True)
    jane = org.create("Contact", Level__c=1)
    org.update(jane.id, Level__c=2)
    fields = [each["Field"] for each in org.query("SELECT Field FROM ContactHistory ORDER BY Id")]  # type: ignore[union-attr]  # a list
    assert fields == ["created", "Level__c"]


def test_what_writes_rows_of_its_own_into_histories_is_refused(org: Org) -> None:
    org.schema.track_history("Account", "Industry")
    org.schema.track_history("Case", "Priority")
    lead, case = org.create("Lead"), org.create("Case", Status="New")
    first, second = org.create("Account", 2)
    with pytest.raises(Refused, match="converting a lead while Account tracks fields"):
        org.convert_lead(lead.id)
    with pytest.raises(Refused, match="merging records while Account tracks fields"):
        org.merge(first.id, second.id)
    with pytest.raises(Refused, match="closing a case while Case tracks fields"):
        org.update(case.id, Status="Closed")


@pytest.mark.parametrize(
    ("sobject", "field", "error", "message"),
    [
        ("Account", "Nope", KeyError, "Account has no field 'nope'"),
        ("Account", "CreatedDate", ValueError, "Account.CreatedDate cannot be tracked"),
        ("Case", "CaseNumber", ValueError, "Case.CaseNumber cannot be tracked"),
        ("Account", "BillingCity", Refused, "the history of Account.BillingCity"),
        ("Contact", "LastName", Refused, "the history of Contact.LastName"),
        ("Task", "Subject", Refused, "field history of Task"),
    ],
)
def test_fields_whose_history_is_not_known_are_told(
    org: Org, sobject: str, field: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        org.schema.track_history(sobject, field)


def test_an_sobject_tracks_no_more_than_twenty_fields(org: Org) -> None:
    fields = {f"F{number}__c": {"type": "date", "track_history": True} for number in range(20)}
    org.schema.add_object("Deal__c", fields=fields)
    with pytest.raises(ValueError, match="Deal__c cannot track more than 20 fields"):
        org.schema.track_history("Deal__c", "Name")


def test_an_object_with_shares_cannot_become_a_detail(org: Org) -> None:
    org.schema.add_object("Master__c")
    org.schema.add_object("Deal__c", sharing="Private")
    with pytest.raises(Refused, match="a master for Deal__c, whose records are shared one by one"):
        org.schema.add_field(
            "Deal__c", "Master__c", "reference", reference_to="Master__c", master_detail=True
        )


def test_a_detail_is_controlled_by_its_parent(org: Org) -> None:
    org.schema.add_object("Master__c")
    made = org.schema.add_object(
        "Line__c",
        fields={
            "Master__c": {"type": "reference", "reference_to": "Master__c", "master_detail": True}
        },
    )
    assert (made.sharing, made.find("OwnerId")) == ("ControlledByParent", None)


@pytest.fixture
def printer(call: Caller) -> Caller:
    """An org with a platform event."""
    call.org.schema.add_object(
        "Low_Ink__e",
        fields={"Model__c": {"type": "string"}, "Left__c": {"type": "double", "default": 5}},
    )
    return call


def test_publishing_answers_the_odd_reply_of_the_guide(printer: Caller) -> None:
    answer = printer("POST", "/sobjects/Low_Ink__e", {"Model__c": "X1"})
    [event] = printer.org.events("Low_Ink__e")
    assert answer.status == 201
    assert answer.json == {
        "id": "e00xx0000000001AAA",
        "success": True,
        "errors": [
            {"statusCode": "OPERATION_ENQUEUED", "message": event["EventUuid"], "fields": []}
        ],
    }
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", event["EventUuid"])  # fmt: skip


def test_published_events_are_kept_in_order_for_the_test(printer: Caller) -> None:
    org = printer.org
    org.clock.freeze()
    first = org.insert("Low_Ink__e", {"Model__c": "X1"})
    second = org.create("Low_Ink__e", Model__c="X2", Left__c=1)
    assert [dict(each) for each in org.events("low_ink__e")] == [dict(first), dict(second)]
    assert (first["Model__c"], first["Left__c"], second["Left__c"]) == (
        "X1",
        Decimal(5),
        Decimal(1),
    )
    assert int(second["ReplayId"]) == int(first["ReplayId"]) + 1
    assert (first["CreatedById"], first["CreatedDate"]) == (org.admin_id, org.clock.now.replace(microsecond=0))  # fmt: skip
    assert first["EventUuid"] != second["EventUuid"]


def test_published_events_go_with_a_restore(printer: Caller) -> None:
    snapshot, before = printer.org.snapshot(), printer.org.digest()
    printer("POST", "/sobjects/Low_Ink__e", {"Model__c": "X1"})
    assert printer.org.digest() != before
    printer.org.restore(snapshot)
    assert printer.org.events("Low_Ink__e") == []
    assert printer.org.digest() == before


def test_only_platform_events_are_published(org: Org) -> None:
    with pytest.raises(TypeError, match="Account is no platform event"):
        org.events("Account")


def test_a_saved_org_keeps_what_was_added(tmp_path: Path, printer: Caller) -> None:
    org = printer.org
    org.schema.add_object(
        "Deal__c",
        sharing="Private",
        enable_feeds=True,
        enable_activities=True,
        fields={"Size__c": {"type": "double", "track_history": True}},
    )
    quick = org.schema.add_record_type("Deal__c", "Quick", default=True)
    org.schema.add_object("Limits__c", custom_setting="Hierarchy")
    org.insert("Limits__c", {"SetupOwnerId": org.id})
    org.insert("Low_Ink__e", {"Model__c": "X1"})
    deal = org.create("Deal__c", Size__c=1)
    org.save(tmp_path / "saved.org")
    with Org.open(tmp_path / "saved.org") as again:
        assert again.digest() == org.digest()
        assert again.get(deal.id)["RecordTypeId"] == quick.id
        again.update(deal.id, Size__c=2)
        assert (again.count("Deal__History"), again.count("Deal__Share")) == (2, 1)
        assert [each["Model__c"] for each in again.events("Low_Ink__e")] == ["X1"]
        assert again.schema.add_object("New__c").key_prefix == "a02"

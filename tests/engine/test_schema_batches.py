"""Schema changes in batches: one step, all or nothing, seen at once by who made them, gone after a rollback."""

from __future__ import annotations

import threading
import time

import pytest

from sfmock.org.org import Org


def test_a_batch_is_one_change(org: Org) -> None:
    org.schema.add_object("Before__c")
    before = org.catalogue.token
    with org.schema.changing():
        for number in range(20):
            org.schema.add_object(f"Thing{number}__c", fields={"Size__c": {"type": "double"}})
            org.schema.add_field(
                f"Thing{number}__c", "Account__c", "reference", reference_to="Account"
            )
    assert org.catalogue.token == before + 1
    children = {each.child for each in org.catalogue.children(org.schema["Account"])}
    assert {f"Thing{number}__c" for number in range(20)} <= children


def test_a_batch_that_fails_changes_nothing(org: Org) -> None:
    before = org.digest()

    def change() -> None:
        with org.schema.changing():
            org.schema.add_object("Thing__c")
            assert "Thing__c" in org.schema
            org.schema.add_object("thing__c")

    with pytest.raises(ValueError, match="already"):
        change()
    assert "Thing__c" not in org.schema
    assert org.digest() == before


def test_a_step_that_fails_in_a_batch_leaves_the_others(org: Org) -> None:
    with org.schema.changing():
        org.schema.add_object("First__c")
        with pytest.raises(TypeError):
            org.schema.add_object(
                "Second__c",
                fields={
                    "Up__c": {"type": "reference", "reference_to": "First__c"},
                    "Bad__c": {"type": "no"},
                },
            )
        org.schema.add_object("Third__c")
    assert "First__c" in org.schema
    assert "Second__c" not in org.schema
    assert org.schema["Third__c"].key_prefix == "a01"
    assert "Second__c" not in {each.child for each in org.schema["First__c"].children}


def test_records_can_be_made_inside_a_batch(org: Org) -> None:
    with org.schema.changing():
        org.schema.add_object("Thing__c")
        first = org.create("Thing__c")
        org.schema.add_field("Thing__c", "Size__c", "double")
        second = org.create("Thing__c", Size__c=3)
    assert [first.id[:3], org.get(second.id)["Size__c"]] == ["a00", 3]


def test_a_refused_write_inside_a_batch_does_not_take_the_schema_along(org: Org) -> None:
    with org.schema.changing():
        org.schema.add_object("Thing__c")
        with pytest.raises(LookupError):
            org.load({"Thing__c": [{"Nothing__c": 1}]})
        org.schema.add_field("Thing__c", "Size__c", "double")
    assert org.create("Thing__c", Size__c=3)["Size__c"] == 3


def test_a_batch_inside_a_transaction_of_a_batch_is_an_error(org: Org) -> None:
    with (
        org.schema.changing(),
        pytest.raises(RuntimeError, match="inside a transaction of another"),
        org.db.transaction(),
    ):
        org.schema.add_object("Thing__c")
    assert "Thing__c" not in org.schema


def test_other_threads_see_a_batch_when_it_is_done(org: Org) -> None:
    seen: list[bool] = []

    def look() -> None:
        seen.append("Thing__c" in org.schema)

    with org.schema.changing():
        org.schema.add_object("Thing__c")
        thread = threading.Thread(target=look)
        thread.start()
        thread.join(10)
    assert seen == [False]
    look()
    assert seen == [False, True]


def test_restoring_a_snapshot_takes_companions_and_children_away(org: Org) -> None:
    snapshot = org.snapshot()
    before = org.digest()
    token = org.catalogue.token
    org.schema.add_object(
        "Deal__c",
        sharing="Private",
        enable_history=True,
        enable_feeds=True,
        enable_activities=True,
        fields={"Account__c": {"type": "reference", "reference_to": "Account"}},
    )
    assert org.catalogue.token != token
    org.restore(snapshot)
    assert org.catalogue.token == token
    for name in ("Deal__c", "Deal__Share", "Deal__History", "Deal__Feed"):
        assert name not in org.schema
    task = org.schema["Task"].find("WhatId")
    assert task is not None
    assert "Deal__c" not in task.reference_to
    assert org.digest() == before
    assert org.schema.add_object("Other__c").key_prefix == "a00"


def test_many_objects_in_one_batch_take_well_under_a_second(org: Org) -> None:
    """300 objects of 100 fields take about half a second; a tenth of them is measured here, with room for slow machines."""
    fields = {f"F{number}__c": {"type": "string", "length": number + 1} for number in range(98)}
    fields["Account__c"] = {"type": "reference", "reference_to": "Account"}
    started = time.process_time()
    with org.schema.changing():
        for number in range(30):
            org.schema.add_object(f"Thing{number}__c", fields=fields)
    assert time.process_time() - started < 1

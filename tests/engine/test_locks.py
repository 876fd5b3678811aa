"""Locked rows: which writes they refuse, and until when (rest.md 6.1)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from calling import Caller
from sfmock.errors import SalesforceError
from sfmock.org.org import Org


def _refused(action: Callable[[], object]) -> str:
    with pytest.raises(SalesforceError) as caught:
        action()
    assert (caught.value.code, caught.value.status, caught.value.fields) == (
        "UNABLE_TO_LOCK_ROW", 400, (),
    )  # fmt: skip
    return caught.value.message


def _message(*record_ids: str) -> str:
    return (
        f"unable to obtain exclusive access to this record or {len(record_ids)} records:"
        f" {','.join(record_ids)}"
    )


def test_a_write_to_a_locked_row_answers_the_error_over_rest(org: Org, call: Caller) -> None:
    account, other = org.create("Account", 2)
    before = org.digest()
    with org.lock(account.id[:15]) as lock:
        row = f"/sobjects/Account/{account.id}"
        for answer in (call("PATCH", row, {"Name": "Acme"}), call("DELETE", row)):
            assert answer.status == 400
            assert answer.json == [
                {
                    "message": _message(account.id),
                    "errorCode": "UNABLE_TO_LOCK_ROW",
                    "fields": [],
                }
            ]
        assert org.digest() == before
        assert call("GET", f"/sobjects/Account/{account.id}").status == 200
        assert call("PATCH", f"/sobjects/Account/{other.id}", {"Name": "Acme"}).status == 204
        assert repr(lock) == f"<Lock {account.id}>"
    assert call("PATCH", f"/sobjects/Account/{account.id}", {"Name": "Acme"}).status == 204


def test_a_lock_ends_by_the_orgs_clock(org: Org) -> None:
    account = org.create("Account")
    org.lock(account, seconds=30)
    org.clock.advance(seconds=29)
    assert _refused(lambda: org.update(account.id, Name="A")) == _message(account.id)
    org.clock.advance(seconds=2)
    assert org.update(account.id, Name="A")["Name"] == "A"


def test_a_lock_without_end_lasts_until_it_is_released(org: Org) -> None:
    first, second = org.create("Account", 2)
    lock, other = org.lock([first, second.id]), org.lock(second)
    org.clock.advance(days=1)
    _refused(lambda: org.delete(first.id))
    lock.release()
    lock.release()
    assert org.update(first.id, Name="A")["Name"] == "A"
    _refused(lambda: org.update(second.id, Name="A"))
    other.release()
    assert org.update(second.id, Name="A")["Name"] == "A"


def test_what_goes_along_with_a_row_must_be_free_too(org: Org) -> None:
    account = org.create("Account")
    contact = org.insert("Contact", {"LastName": "Ray", "AccountId": account})
    before = org.digest()
    with org.lock(contact):
        assert _refused(lambda: org.delete(account.id)) == _message(contact.id)
        assert org.digest() == before
        assert org.update(account.id, Name="A")["Name"] == "A"


def test_a_lookup_to_a_locked_row_is_free_and_a_detail_is_not(org: Org) -> None:
    org.schema.add_object("Master__c")
    for name, properties in (("Child__c", {}), ("Detail__c", {"master_detail": True})):
        field = {"type": "reference", "reference_to": "Master__c", **properties}
        org.schema.add_object(name, fields={"Master__c": field})
    one, two = org.create("Master__c", 2)
    for_free = org.insert("Child__c", {"Master__c": one})
    child = org.insert("Detail__c", {"Master__c": one})
    with org.lock(one):
        org.insert("Child__c", {"Master__c": one})
        org.update(for_free.id, Name="free")
    with org.lock(one):
        assert _refused(lambda: org.insert("Detail__c", {"Master__c": one})) == _message(one.id)
        assert _refused(lambda: org.update(child.id, Name="x")) == _message(one.id)
        assert _refused(lambda: org.delete(child.id)) == _message(one.id)
        assert org.insert("Detail__c", {"Master__c": two})["Master__c"] == two.id
    with org.lock([one, child]):
        assert _refused(lambda: org.update(child.id, Name="x")) == _message(child.id, one.id)


def test_a_lookup_that_restricts_deletes_locks_its_parent(org: Org, call: Caller) -> None:
    org.schema.add_object("Parent__c")
    field = {
        "type": "reference",
        "reference_to": "Parent__c",
        "delete_constraint": "Restrict",
    }
    org.schema.add_object("Child__c", fields={"Parent__c": field})
    parent, free = org.create("Parent__c", 2)
    child = org.insert("Child__c", {"Parent__c": parent})
    with org.lock(parent):
        answer = call("POST", "/sobjects/Child__c", {"Parent__c": parent.id})
        assert (answer.status, answer.json) == (
            400,
            [{"message": _message(parent.id), "errorCode": "UNABLE_TO_LOCK_ROW", "fields": []}],
        )
        path = f"/sobjects/Child__c/{child.id}"
        assert call("PATCH", path, {"Parent__c": free.id}).status == 400
        assert call("DELETE", path).status == 400
        assert call("POST", "/sobjects/Child__c", {"Parent__c": free.id}).status == 201
    assert call("DELETE", path).status == 204


def test_a_restore_takes_locks_away_and_brings_them_back(org: Org) -> None:
    account = org.create("Account")
    free = org.snapshot()
    lock = org.lock(account)
    held = org.snapshot()
    lock.release()
    org.update(account.id, Name="A")
    org.restore(held)
    _refused(lambda: org.update(account.id, Name="A"))
    org.restore(free)
    org.update(account.id, Name="A")
    newer = org.lock(account)
    lock.release()  # gone with the restore: it must not release the newer one
    _refused(lambda: org.update(account.id, Name="B"))
    newer.release()


def test_only_rows_that_are_there_can_be_locked(org: Org) -> None:
    account = org.create("Account")
    org.delete(account.id)
    with pytest.raises(SalesforceError, match="NOT_FOUND"):
        org.lock(account.id)
    with pytest.raises(ValueError, match="lasts longer than 0 seconds"):
        org.lock(org.create("Account"), seconds=0)


def test_of_many_locked_rows_ten_are_named(org: Org) -> None:
    names = [each.id for each in org.create("Account", 25)]
    with org.lock(names):
        text = _refused(lambda: org._locks.check(names))
    assert text == (
        "unable to obtain exclusive access to this record or 25 records:"
        f" {','.join(names[:10])}, ... (15 more)"
    )

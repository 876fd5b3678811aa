"""Reading rows: what takes several requests, several users, or Python to see."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from calling import Caller
from sfmock.errors import SalesforceError
from sfmock.org import replication
from sfmock.org.org import Org
from sfmock.wire import JSON

MOMENT = datetime(2024, 5, 31, 12, 30, 15, tzinfo=UTC)
SPAN = "start=2024-05-31T12:00:00Z&end=2024-05-31T13:00:00Z"


def test_the_pages_of_children_are_those_of_a_query(call: Caller, org: Org) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    made = org.insert(
        "Contact", [{"LastName": f"Doe {n:03d}", "AccountId": account} for n in range(450)]
    )
    path = f"/sobjects/Account/{account.id}/Contacts?fields=LastName"
    sizes = {"Sforce-Query-Options": "batchSize=200"}

    first = _object(call("GET", path, headers=sizes).json)
    seen: list[JSON] = []
    page = first
    while True:
        assert page["totalSize"] == 450
        records = page["records"]
        assert isinstance(records, list)
        seen += records
        following = page.get("nextRecordsUrl")
        if following is None:
            break
        assert not page["done"]
        assert isinstance(following, str)
        page = _object(call("GET", following).json)

    assert str(first["nextRecordsUrl"]).startswith("/services/data/v60.0/query/0r8")
    assert str(first["nextRecordsUrl"]).endswith("-200")
    assert [_object(each)["Id"] for each in seen] == [each.id for each in made]
    assert page["done"]


def test_views_are_those_of_one_user(call: Caller, org: Org) -> None:
    org.clock.freeze(MOMENT)
    account = org.insert("Account", {"Name": "Acme"})
    other = org.sessions.open(org.user("Bea Baker").id).token
    dates = "fields=LastViewedDate"
    soql = "/query?q=SELECT+LastViewedDate+FROM+Account"

    call("GET", f"/sobjects/Account/{account.id}")
    mine = _object(call("GET", f"/sobjects/Account/{account.id}?{dates}").json)
    theirs = _object(
        call(
            "GET",
            f"/sobjects/Account/{account.id}?{dates}",
            token=other,
            headers={"Sforce-Mru": "updateMru=false"},
        ).json
    )

    assert mine["LastViewedDate"] == "2024-05-31T12:30:15.000+0000"
    assert theirs["LastViewedDate"] is None
    assert '"LastViewedDate":"2024-05-31T12:30:15.000+0000"' in call("GET", soql).text
    assert '"LastViewedDate":null' in call("GET", soql, token=other).text
    assert call("GET", "/recent", token=other).json == []
    assert len(_list(call("GET", "/recent").json)) == 1


def test_python_sees_the_views_of_the_first_administrator(call: Caller, org: Org) -> None:
    org.clock.freeze(MOMENT)
    account = org.insert("Account", {"Name": "Acme"})
    assert org.get(account.id)["LastViewedDate"] is None

    call("GET", f"/sobjects/Account/{account.id}")

    assert org.get(account.id)["LastViewedDate"] == MOMENT
    found = org.query("SELECT LastReferencedDate FROM Account")
    assert isinstance(found, list)
    assert found[0]["LastReferencedDate"] == MOMENT


def test_the_list_of_recent_rows_ends_at_200(call: Caller, org: Org) -> None:
    made = org.insert("Account", [{"Name": f"A{n}"} for n in range(203)])
    for each in made:
        org.recent.add(org.schema["Account"], each.id, org.admin_id)

    listed = _list(call("GET", "/recent").json)

    assert [_object(each)["Id"] for each in listed] == [each.id for each in reversed(made[3:])]
    assert _list(call("GET", "/recent?limit=999").json) == listed


def test_a_view_goes_with_a_restored_snapshot(call: Caller, org: Org) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    assert call.token  # the session is part of the snapshot
    before = org.snapshot()
    call("GET", f"/sobjects/Account/{account.id}")
    assert len(_list(call("GET", "/recent").json)) == 1

    org.restore(before)

    assert call("GET", "/recent").json == []


def test_a_row_that_left_the_recycle_bin_is_still_in_the_delete_log(call: Caller, org: Org) -> None:
    org.clock.freeze(MOMENT)
    account = org.insert("Account", {"Name": "Acme"})
    org.delete(account.id)
    org.db.execute('DELETE FROM "Account" WHERE "Id" = ?', (account.id,))

    found = _object(call("GET", f"/sobjects/Account/deleted/?{SPAN}").json)

    assert found["deletedRecords"] == [
        {"id": account.id, "deletedDate": "2024-05-31T12:30:15.000+0000"}
    ]


def test_a_row_that_came_back_is_no_deleted_row(call: Caller, org: Org) -> None:
    org.clock.freeze(MOMENT)
    account = org.insert("Account", {"Name": "Acme"})
    org.delete(account.id)
    org.clock.advance(minutes=5)
    org.undelete(account.id)

    found = _object(call("GET", f"/sobjects/Account/deleted/?{SPAN}").json)
    assert found["deletedRecords"] == []
    found = _object(call("GET", f"/sobjects/Account/updated/?{SPAN}").json)
    assert found["ids"] == [account.id]

    org.clock.advance(minutes=5)
    org.delete(account.id)
    found = _object(call("GET", f"/sobjects/Account/deleted/?{SPAN}").json)
    assert found["deletedRecords"] == [
        {"id": account.id, "deletedDate": "2024-05-31T12:40:15.000+0000"}
    ]


def test_a_merged_row_is_a_deleted_row(call: Caller, org: Org) -> None:
    org.clock.freeze(MOMENT)
    kept, lost = org.insert("Account", [{"Name": "Acme"}, {"Name": "Acme Inc."}])
    org.merge(kept.id, lost.id)

    found = _object(call("GET", f"/sobjects/Account/deleted/?{SPAN}").json)

    assert found["deletedRecords"] == [
        {"id": lost.id, "deletedDate": "2024-05-31T12:30:15.000+0000"}
    ]
    assert call("GET", f"/sobjects/Account/{lost.id}").status == 404


def test_a_refused_delete_leaves_no_trace_in_the_delete_log(call: Caller, org: Org) -> None:
    org.clock.freeze(MOMENT)
    account = org.insert("Account", {"Name": "Acme"})
    org.insert("Case", {"Subject": "Help", "AccountId": account})
    with pytest.raises(SalesforceError, match="associated with the following"):
        org.delete(account.id)

    assert org.db.rows("SELECT * FROM sf_deletion") == []


@pytest.mark.parametrize("what", ["updated", "deleted"])
def test_more_ids_than_salesforce_lists_are_refused(
    what: str, call: Caller, org: Org, monkeypatch: pytest.MonkeyPatch
) -> None:
    org.clock.freeze(MOMENT)
    for each in org.insert("Account", [{"Name": "A"}, {"Name": "B"}, {"Name": "C"}]):
        if what == "deleted":
            org.delete(each.id)
    path = f"/sobjects/Account/{what}/?{SPAN}"
    monkeypatch.setattr(replication, "MOST_IDS", 3)
    assert call("GET", path).status == 200

    monkeypatch.setattr(replication, "MOST_IDS", 2)
    answer = call("GET", path)

    assert answer.status == 501
    assert "EXCEEDED_ID_LIMIT" in answer.text


@pytest.mark.parametrize("what", ["updated", "deleted"])
def test_what_is_not_replicateable_is_refused(what: str, call: Caller) -> None:
    answer = call("GET", f"/sobjects/OpportunityStage/{what}/?{SPAN}")

    assert answer.status == 501
    assert "OpportunityStage, which is not replicateable" in answer.text


def test_all_counts_are_those_of_the_sobjects_that_the_fake_can_count(
    call: Caller, org: Org
) -> None:
    org.insert("Account", [{"Name": "A"}, {"Name": "B"}])

    counts = _list(_object(call("GET", "/limits/recordCount").json)["sObjects"])

    found = {_object(each)["name"]: _object(each)["count"] for each in counts}
    assert list(found) == sorted(found, key=str)
    assert (found["Account"], found["Contact"], found["Organization"]) == (2, 0, 1)
    assert "EntityDefinition" not in found  # virtual
    assert "LoginHistory" not in found  # of the platform, and empty here
    assert _object(call("GET", "/limits/recordCount?sObjects=LoginHistory").json) == {
        "sObjects": []
    }


def _object(value: JSON) -> dict[str, JSON]:
    assert isinstance(value, dict)
    return value


def _list(value: JSON) -> list[JSON]:
    assert isinstance(value, list)
    return value

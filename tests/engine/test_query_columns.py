"""`columns=true`: what the sf command asks after each query, as its own tests quote the answer (plugin-data, queryFields)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from calling import Caller


def columns(call: Caller, soql: str) -> Any:
    answer = call("GET", f"/query?q={quote(soql)}&columns=true")
    assert answer.status == 200, answer.text
    return answer.json


def column(name: str, apex: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "aggregate": False,
        "apexType": apex,
        "booleanType": False,
        "columnName": name,
        "custom": False,
        "displayName": name,
        "foreignKeyName": None,
        "insertable": False,
        "joinColumns": [],
        "numberType": False,
        "textType": apex == "String",
        "updatable": False,
    } | more


WRITABLE = {"insertable": True, "updatable": True}


def test_fields(call: Caller) -> None:
    assert columns(call, "select id, name from Contact") == {
        "columnMetadata": [column("Id", "Id"), column("Name", "String")],
        "entityName": "Contact",
        "groupBy": False,
        "idSelected": True,
        "keyPrefix": "003",
    }


def test_children(call: Caller) -> None:
    told = columns(call, "SELECT (SELECT LastName FROM Contacts) FROM Account")
    joined = [column("LastName", "String", **WRITABLE)]
    assert told["columnMetadata"] == [column("Contacts", aggregate=True, joinColumns=joined)]
    assert told["idSelected"] is False


def test_parents(call: Caller) -> None:
    told = columns(call, "SELECT Owner.Name, Owner.Manager.Name FROM Account")["columnMetadata"]
    name = column("Name", "String")
    manager = column("Manager", foreignKeyName="ManagerId", joinColumns=[name])
    assert told == [column("Owner", foreignKeyName="OwnerId", joinColumns=[name, manager])]


def test_aggregates(call: Caller) -> None:
    told = columns(call, "SELECT CampaignId, AVG(Amount) FROM Opportunity GROUP BY CampaignId")
    average = column("expr0", displayName="avg(Amount)", aggregate=True, numberType=True)
    assert told["columnMetadata"] == [column("CampaignId", "Id", **WRITABLE), average]
    assert told["groupBy"] is True


@pytest.mark.parametrize(
    ("soql", "what"),
    [
        ("SELECT COUNT() FROM Account", "COUNT()"),
        ("SELECT BillingAddress FROM Account", "BillingAddress, which is neither field nor record"),
        ("SELECT toLabel(Industry) FROM Account", "Industry, which is neither field nor record"),
        ("SELECT MAX(Name) m FROM Account", "m in a grouped query"),
    ],
)
def test_what_nobody_has_shown_is_refused(call: Caller, soql: str, what: str) -> None:
    answer = call("GET", f"/query?q={quote(soql)}&columns=true")
    assert answer.status == 501
    assert f"pytest-sfmock does not implement this yet: column metadata of {what}" in answer.text


def test_a_query_that_is_wrong_and_one_that_wants_rows(call: Caller) -> None:
    assert call("GET", "/query?q=SELECT&columns=true").status == 400
    assert call("GET", "/query?q=SELECT+Id+FROM+Account&columns=false").json == {
        "totalSize": 0,
        "done": True,
        "records": [],
    }

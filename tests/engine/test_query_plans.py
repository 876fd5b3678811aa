"""`explain=`: plans with costs from counted rows, the best one first (rest.md 3.1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from calling import Answer, Caller
from sfmock.org.org import Org

_NOTE = "Not considering filter for optimization because unindexed"


@pytest.fixture
def org() -> Iterator[Org]:
    with Org.new() as made:
        made.create("Account", 99, Industry="Energy")
        made.create("Account", 1, Name="Acme", Industry="Banking")
        yield made


def _explained(call: Caller, soql: str) -> Answer:
    return call("GET", f"/query?explain={quote(soql)}")


def _plans(call: Caller, soql: str) -> list[Any]:
    body: Any = _explained(call, soql).json
    return [
        (each["leadingOperationType"], each["fields"], each["cardinality"], each["relativeCost"])
        for each in body["plans"]
    ]


def test_plans_have_the_form_of_salesforce_and_the_best_is_first(call: Caller) -> None:
    soql = "SELECT Id FROM Account WHERE Name = 'acme' AND Industry = 'Banking'"
    notes = [
        {"description": _NOTE, "fields": [name], "tableEnumOrId": "Account"}
        for name in ("IsDeleted", "Industry")
    ]
    common = {"sobjectCardinality": 100, "sobjectType": "Account", "notes": notes}
    answer = _explained(call, soql)
    assert (answer.status, answer.json) == (
        200,
        {
            "plans": [
                {
                    "cardinality": 1,
                    "fields": ["Name"],
                    "leadingOperationType": "Index",
                    "relativeCost": 1 / 30,
                    **common,
                },
                {
                    "cardinality": 1,
                    "fields": [],
                    "leadingOperationType": "TableScan",
                    "relativeCost": 0.65 + 2.18 / 100,
                    **common,
                },
            ],
            "sourceQuery": soql,
        },
    )
    body: Any = answer.json
    assert list(body["plans"][0]) == [
        "cardinality", "fields", "leadingOperationType", "notes", "relativeCost", "sobjectCardinality", "sobjectType",
    ]  # fmt: skip
    assert _explained(call, soql).text == answer.text


def test_all_rows_are_scanned(call: Caller) -> None:
    assert _plans(call, "SELECT Id FROM Account LIMIT 10") == [("TableScan", [], 100, 0.65 + 2.18)]


@pytest.mark.parametrize(
    "where",
    [
        "Name != 'Acme'",
        "Name LIKE '%cme'",
        "Name = NULL",
        "(NOT Name = 'Acme')",
        "Name = 'Acme' OR Industry = 'Energy'",
        "CreatedDate > 2001-01-01T00:00:00Z",
    ],
)
def test_what_no_index_narrows_is_scanned(call: Caller, where: str) -> None:
    found = _plans(call, f"SELECT Id FROM Account WHERE {where}")
    assert [each[0] for each in found] == ["TableScan"]


@pytest.mark.parametrize(
    ("where", "field"),
    [
        ("Name LIKE 'Ac%'", "Name"),
        ("Name IN ('Acme', 'Other')", "Name"),
        ("CreatedDate < 2001-01-01T00:00:00Z", "CreatedDate"),
        ("CreatedDate = LAST_N_YEARS:3", "CreatedDate"),
        ("Key__c = 'A-1'", "Key__c"),
    ],
)
def test_an_index_leads(call: Caller, org: Org, where: str, field: str) -> None:
    org.schema.add_field("Account", "Key__c", "string", length=9, external_id=True)
    found = _plans(call, f"SELECT COUNT(Id) FROM Account WHERE {where}")
    assert found[0][:2] == ("Index", [field])


def test_a_custom_index_has_to_be_more_selective(call: Caller, org: Org) -> None:
    org.schema.add_field("Account", "Key__c", "string", length=9, external_id=True)
    found = org.query("SELECT Id FROM Account LIMIT 11")
    assert isinstance(found, list)
    for each in found:
        org.update(each.id, Key__c="A")
    assert [each[0] for each in _plans(call, "SELECT Id FROM Account WHERE Key__c = 'A'")] == [
        "TableScan"
    ]


def test_a_wrong_query_has_its_usual_error(call: Caller) -> None:
    soql = "SELECT Bacon__c FROM Account"
    answer = _explained(call, soql)
    assert (answer.status, answer.json) == (400, call("GET", f"/query?q={quote(soql)}").json)


@pytest.mark.parametrize(
    "path",
    [
        "/query?explain=00O000000000001AAA",
        "/query?explain=SELECT+Id+FROM+Account&q=SELECT+Id+FROM+Account",
        "/queryAll?explain=SELECT+Id+FROM+Account",
        "/query?explain=SELECT+Id+FROM+EntityDefinition",
    ],
)
def test_plans_that_nobody_knows_are_refused(call: Caller, path: str) -> None:
    assert call("GET", path).status == 501

"""Calls that one call could have done, and the calls that ate a budget."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from calling import Caller
from sfmock.control.costs import over_budget, repeated
from sfmock.org.known_secrets import mask_of
from sfmock.org.org import Org

ROOT = "/services/data/v60.0"
IN = "consider one query with IN (…)"
COLLECTIONS = "consider sObject Collections, which take 200 records a call, or a composite request"


def told(org: Org, threshold: int = 3) -> list[str]:
    return repeated(org.journal, threshold, mask_of(org))


def ask(call: Caller, *queries: str) -> None:
    for each in queries:
        call("GET", f"/query?q={quote(each)}")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("SELECT Id FROM Contact WHERE AccountId = '{}'", "AccountId = …"),
        ("SELECT Id FROM Contact WHERE LastName='{}' AND IsDeleted=false LIMIT 1", "LastName=… AND IsDeleted=false LIMIT 1"),
        ("SELECT Id FROM Contact WHERE AccountId IN ('{}')", "AccountId IN (…)"),
        ("SELECT Id FROM Contact\nWHERE  LastName = 'a {}' AND FirstName = 'x'", "LastName = … AND FirstName = 'x'"),
    ],
)  # fmt: skip
def test_queries_that_differ_in_one_literal_are_one_line(
    call: Caller, org: Org, query: str, shown: str
) -> None:
    ids = (f"00155100000000{each}AAA" for each in "123")
    ask(call, *(query.format(each) for each in ids), "SELECT Id FROM Account")

    assert told(org) == [
        f"N+1: 3 queries differ in one literal: SELECT Id FROM Contact WHERE {shown}: {IN}"
    ]
    assert told(org, 4) == []


@pytest.mark.parametrize(
    "queries",
    [
        ["SELECT Id FROM Contact WHERE LastName = 'a'"] * 5,
        [f"SELECT Id FROM Contact WHERE LastName = '{each}' AND FirstName = '{each}'" for each in "abc"],
        [f"SELECT Id FROM Contact ORDER BY Id LIMIT 10 OFFSET {each}" for each in (10, 20, 30)],
        [f"SELECT Id FROM Contact WHERE NumberOfEmployees > {each}" for each in (1, 2, 3)],
        [f"SELECT Id FROM Contact WHERE CreatedDate >= 2026-01-0{each}T00:00:00Z" for each in (1, 2, 3)],
        [f"SELECT Id FROM Contact WHERE LastName IN ('{each}', 'b{each}')" for each in "xyz"],
        [f"SELECT Id FROM Contact WHERE LastName LIKE '{each}%'" for each in "xyz"],
        [f"SELECT Nmae FROM Contact WHERE LastName = '{each}'" for each in "abc"],
        ["SELECT Id FROM Contact WHERE LastName = 'a'", "SELECT Id FROM Lead WHERE LastName = 'b'",
         "SELECT Id FROM Account WHERE Name = 'c'"],
    ],
    ids=["repeated", "two literals", "offset", "above", "since", "several", "like", "failed", "others"],
)  # fmt: skip
def test_queries_that_differ_otherwise_are_none(call: Caller, org: Org, queries: list[str]) -> None:
    ask(call, *queries)

    assert told(org) == []


def test_a_loop_in_a_loop_is_found_for_each_outer_one(call: Caller, org: Org) -> None:
    pattern = "SELECT Id FROM Contact WHERE LastName = '{}' AND FirstName = '{}'"
    ask(call, *(pattern.format(last, first) for last in "ab" for first in "xyz"))

    head = "N+1: 3 queries differ in one literal: SELECT Id FROM Contact WHERE LastName ="
    assert told(org) == [
        f"{head} 'a' AND FirstName = …: {IN}",
        f"{head} 'b' AND FirstName = …: {IN}",
    ]


def test_requests_that_differ_in_an_id_are_one_line_a_method(call: Caller, org: Org) -> None:
    for account in org.create("Account", 3):
        call("GET", f"/sobjects/Account/{account.id}?fields=Name")
        call("PATCH", f"/sobjects/Account/{account.id}", {"Name": f"x{account.id}"})
        call("GET", f"/sobjects/Account/{account.id}/Contacts")
        call("DELETE", f"/sobjects/Account/{account.id[:15]}")
        call("POST", "/sobjects/Account", {"Name": "x"})

    get = "consider one query with IN (…), or a composite request"
    start = "N+1: 3 requests differ in one value:"
    assert told(org) == [
        f"{start} GET {ROOT}/sobjects/Account/…?fields=Name: {get}",
        f"{start} PATCH {ROOT}/sobjects/Account/…: {COLLECTIONS}",
        f"{start} GET {ROOT}/sobjects/Account/…/Contacts: {get}",
        f"{start} DELETE {ROOT}/sobjects/Account/…: {COLLECTIONS}",
    ]


def test_upserts_that_differ_in_the_external_id_are_one_line(call: Caller, org: Org) -> None:
    org.schema.add_field("Account", "Key__c", "string", length=20, external_id=True)
    for key in "abc":
        call("PATCH", f"/sobjects/Account/Key__c/{key}", {"Name": key})

    path = f"PATCH {ROOT}/sobjects/Account/Key__c/…"
    assert told(org) == [f"N+1: 3 requests differ in one value: {path}: {COLLECTIONS}"]


def test_pages_of_one_query_are_no_loop(call: Caller, org: Org) -> None:
    org.create("Account", 900)
    page = call(
        "GET", "/query?q=SELECT+Id+FROM+Account", headers={"Sforce-Query-Options": "batchSize=200"}
    )
    body = page.json
    while isinstance(body, dict) and not body["done"]:
        body = call("GET", str(body["nextRecordsUrl"])).json

    assert len(org.journal) == 5
    assert told(org) == []


def test_nothing_is_looked_for_where_the_threshold_is_0(call: Caller, org: Org) -> None:
    ask(call, *(f"SELECT Id FROM Contact WHERE LastName = '{each}'" for each in "abc"))

    assert told(org, 0) == []
    assert len(told(org, 1)) == 1


def test_a_spent_budget_names_what_ate_it(call: Caller, org: Org) -> None:
    ask(call, *(f"SELECT Id FROM Contact WHERE LastName = '{each}'" for each in "aab"))
    call("GET", "/limits")
    call("GET", "/nonsense")
    call("GET", "/limits", token=None)
    for account in org.create("Account", 2):
        call("DELETE", f"/sobjects/Account/{account.id}")

    assert over_budget(org.journal, 5, 7, mask_of(org)).splitlines() == [
        "the test made 7 API calls, its budget is 5 (api_budget):",
        "      3  query  SELECT Id FROM Contact WHERE LastName = …",
        f"      2  DELETE {ROOT}/sobjects/Account/…",
        f"      1  GET    {ROOT}/limits",
        f"      1  GET    {ROOT}/nonsense",
    ]


def test_of_many_kinds_of_calls_the_dearest_ten_are_named(call: Caller, org: Org) -> None:
    for number in range(12):
        call("GET", f"/nonsense{number}")

    head, *rows = over_budget(org.journal, 1, 20, mask_of(org)).splitlines()
    assert head == "the test made 20 API calls, its budget is 1 (api_budget):"
    assert rows[0] == f"      1  GET    {ROOT}/nonsense0"
    assert rows[10:] == ["     10  others"]

"""What a hostile reader found in the engine: over a whole org, for the cases of one query alone cannot show it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from calling import Answer, Caller
from sfmock.errors import Refused
from sfmock.org.org import Org

_SMALL = {"Sforce-Query-Options": "batchSize=200"}


@pytest.fixture
def org() -> Iterator[Org]:
    with Org.new("sales") as made:
        yield made


def ask(call: Caller, soql: str, way: str = "query", **options: Any) -> Answer:
    return call("GET", f"/{way}?q={quote(soql)}", **options)


def body(answer: Answer) -> Any:
    assert answer.status == 200, answer.text
    return json.loads(answer.text)


def test_the_parents_of_a_semi_join_need_no_rows_of_their_own(org: Org) -> None:
    soql = "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Opportunity WHERE Campaign.Name {} 'x')"
    assert org.query(soql.format("=")) == []
    with_one = org.query("SELECT AccountId FROM Opportunity WHERE AccountId != null")
    assert isinstance(with_one, list)
    found = org.query(soql.format("!="))
    assert isinstance(found, list)
    assert {each.id for each in found} == {each["AccountId"] for each in with_one}


def test_using_scope_holds_inside_a_semi_join(org: Org) -> None:
    other = org.user("Olga Other")
    account = org.create("Account", Name="Semi")
    org.create("Contact", LastName="Theirs", AccountId=account.id, OwnerId=other.id)
    soql = "SELECT Name FROM Account WHERE Name = 'Semi' AND Id IN (SELECT AccountId FROM Contact USING SCOPE {})"
    assert org.query(soql.format("mine")) == []
    everything = org.query(soql.format("everything"))
    assert isinstance(everything, list)
    assert [each["Name"] for each in everything] == ["Semi"]


@pytest.mark.parametrize("clause", ["WITH DATA CATEGORY a__c AT b__c", "WITH network = 'x'"])
def test_with_inside_a_semi_join_is_refused_and_not_overlooked(org: Org, clause: str) -> None:
    with pytest.raises(Refused, match="SOQL WITH"):
        org.query(f"SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact {clause})")


def test_document_links_inside_a_semi_join_need_an_id_as_well(org: Org) -> None:
    call = Caller(org)
    soql = "SELECT Id FROM ContentDocument WHERE Id IN (SELECT ContentDocumentId FROM ContentDocumentLink{})"
    answer = ask(call, soql.format(""))
    assert answer.status == 400
    assert body_of_error(answer)["errorCode"] == "MALFORMED_QUERY"
    assert body_of_error(answer)["message"].startswith(
        "Implementation restriction: ContentDocumentLink"
    )
    named = f" WHERE LinkedEntityId = '{org.admin_id}'"
    assert body(ask(call, soql.format(named)))["totalSize"] == 0


def body_of_error(answer: Answer) -> Any:
    return json.loads(answer.text)[0]


def test_children_that_only_their_parent_bounds_have_further_pages(org: Org) -> None:
    call = Caller(org)
    account = org.create("Account", Name="Files")
    org.create(
        "ContentVersion", 201, Title="F", PathOnClient="f.txt", VersionData=b"f",
        FirstPublishLocationId=account.id,
    )  # fmt: skip
    soql = "SELECT Name, (SELECT ContentDocumentId FROM ContentDocumentLinks) FROM Account WHERE Name = 'Files'"
    (row,) = body(ask(call, soql, headers=_SMALL))["records"]
    links = row["ContentDocumentLinks"]
    assert (links["totalSize"], len(links["records"]), links["done"]) == (201, 200, False)
    rest = body(call("GET", links["nextRecordsUrl"]))
    assert (rest["totalSize"], len(rest["records"]), rest["done"]) == (201, 1, True)
    alone = ask(call, "SELECT ContentDocumentId FROM ContentDocumentLink ContentDocumentLinks")
    assert alone.status == 400


def test_children_and_their_parents_are_paged_apart(org: Org) -> None:
    call = Caller(org)
    accounts = org.insert("Account", [{"Name": f"P{number:04}"} for number in range(401)])
    org.insert(
        "Contact",
        [{"LastName": f"C{number:04}", "AccountId": accounts[0].id} for number in range(401)],
    )
    soql = (
        "SELECT Name, (SELECT LastName, Account.Name FROM Contacts ORDER BY LastName DESC)"
        " FROM Account WHERE Name LIKE 'P%' AND Name != 'Pinecrest' ORDER BY Name"
    )
    first = body(ask(call, soql, headers=_SMALL))
    children = first["records"][0]["Contacts"]
    names, following = (
        [each["LastName"] for each in children["records"]],
        children["nextRecordsUrl"],
    )
    org.delete(accounts[300].id)
    while following:
        page = body(call("GET", following))
        assert page["totalSize"] == 401
        assert {each["Account"]["Name"] for each in page["records"]} == {"P0000"}
        names += [each["LastName"] for each in page["records"]]
        following = page.get("nextRecordsUrl")
    assert names == [f"C{number:04}" for number in reversed(range(401))]
    second = body(call("GET", first["nextRecordsUrl"]))
    assert [each["Contacts"] for each in second["records"]] == [None] * 200


@pytest.mark.parametrize("name", ["Contacts", "owner", "NAME"])
def test_an_alias_that_takes_the_key_of_another_item_is_refused(org: Org, name: str) -> None:
    with pytest.raises(Refused, match="SOQL with two items of the name"):
        org.query(
            f"SELECT toLabel(Industry) {name}, Name, Owner.Name, (SELECT Id FROM Contacts) FROM Account"
        )


def test_rows_that_python_code_reads_for_view_become_recent(org: Org) -> None:
    call = Caller(org)
    account = org.create("Account", Name="Seen")
    before = call("GET", "/recent").text
    org.query(f"SELECT Name FROM Account WHERE Id = '{account.id}'")
    assert call("GET", "/recent").text == before
    org.query("SELECT Name FROM Account WHERE Name = 'Harbor & Vine' FOR VIEW")
    assert json.loads(call("GET", "/recent").text)[0]["Name"] == "Harbor & Vine"


def test_children_in_the_old_from_are_refused_and_no_error_of_the_query(org: Org) -> None:
    with pytest.raises(Refused, match="SOQL FROM with the children Contacts"):
        org.query("SELECT a.Name FROM Account a, a.Contacts c")


@pytest.mark.parametrize(
    ("soql", "what"),
    [
        ("SELECT Text__c, COUNT(Id) FROM Rate__mdt GROUP BY Text__c", "GROUP BY on a custom metadata type"),
        ("SELECT Id FROM Rate__mdt WHERE Text__c = 'a' OR Other__c = 'b'", "OR over several fields"),
    ],
)  # fmt: skip
def test_queries_of_metadata_types_say_less_than_others(org: Org, soql: str, what: str) -> None:
    org.schema.add_object(
        "Rate__mdt",
        fields={name: {"type": "string", "length": 20} for name in ("Text__c", "Other__c")},
    )
    with pytest.raises(Refused, match=what):
        org.query(soql)


def test_a_plan_follows_the_schema(org: Org) -> None:
    call = Caller(org)
    soql = (
        "SELECT Later__c FROM Account WHERE Name = 'Later' AND (Later__c = null OR Later__c = 'x')"
    )
    assert ask(call, soql).status == 400
    org.create("Account", Name="Later")
    org.schema.add_field("Account", "Later__c", "string", length=10)
    assert [each["Later__c"] for each in body(ask(call, soql))["records"]] == [None]
    everything = "SELECT FIELDS(CUSTOM) FROM Account WHERE Name = 'Later' LIMIT 1"
    assert body(ask(call, everything))["records"][0]["Later__c"] is None


def test_polymorphic_parents_come_with_their_table(org: Org) -> None:
    call = Caller(org)
    soql = "SELECT What.Name FROM Task WHERE Subject = 'Poly' ORDER BY Id"
    org.create("Task", Subject="Poly")
    assert body(ask(call, soql))["records"][0]["What"] is None
    org.create("Task", Subject="Poly", WhatId=org.create("Campaign", Name="Camp").id)
    assert body(ask(call, soql))["records"][1]["What"]["Name"] == "Camp"

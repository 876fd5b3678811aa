"""`/query` and `/queryAll` over the app: bodies, paging headers, errors as a client sees them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from calling import Answer, Caller
from sfmock.org.org import Org


@pytest.fixture(scope="module")
def shared_caller() -> Iterator[Caller]:
    with Org.new() as org:
        for number in range(450):
            org.insert("Lead", {"LastName": f"{number:04}", "Company": "Acme"})
        org.db.begin()
        caller = Caller(org)
        assert caller.token
        org.db.begin()
        yield caller


@pytest.fixture
def call(shared_caller: Caller) -> Iterator[Caller]:
    yield shared_caller
    shared_caller.org.db.reset()


def _query(call: Caller, soql: str, door: str = "query", **options: Any) -> Answer:
    return call("GET", f"/{door}?q={quote(soql)}", **options)


def test_page_has_salesforces_keys_in_salesforces_order(call: Caller) -> None:
    answer = _query(call, "SELECT LastName FROM Lead WHERE LastName = '0007'")
    (lead,) = json.loads(answer.text)["records"]
    url = lead["attributes"]["url"]
    assert answer.status == 200
    assert answer.text == (
        f'{{"totalSize":1,"done":true,"records":[{{"attributes":{{"type":"Lead","url":"{url}"}},"LastName":"0007"}}]}}'
    )
    assert url.startswith("/services/data/v60.0/sobjects/Lead/00Q")


def test_count_has_a_total_and_no_records(call: Caller) -> None:
    answer = _query(call, "SELECT COUNT() FROM Lead")
    assert answer.text == '{"totalSize":450,"done":true,"records":[]}'


@pytest.mark.parametrize("door", ["query", "queryAll"])
def test_next_records_url_leads_through_all_pages(call: Caller, door: str) -> None:
    small = {"Sforce-Query-Options": "batchSize=200"}
    answer = _query(call, "SELECT LastName FROM Lead ORDER BY LastName", door, headers=small)
    names: list[str] = []
    keys = list(json.loads(answer.text))
    while True:
        body = json.loads(answer.text)
        names += [each["LastName"] for each in body["records"]]
        if body["done"]:
            break
        assert body["nextRecordsUrl"].startswith("/services/data/v60.0/query/0r8")
        answer = call("GET", body["nextRecordsUrl"])
    assert keys == ["totalSize", "done", "nextRecordsUrl", "records"]
    assert list(body) == ["totalSize", "done", "records"]
    assert names == [f"{number:04}" for number in range(450)]


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ("batchSize=200", 200),
        (" BATCHSIZE = 210 ", 210),
        ("other=1, batchSize=220; more", 220),
        ("batchSize=0", 200),
        (f"batchSize={'9' * 18}", 450),
        (f"batchSize={'9' * 5000}", 450),
        ("batchSize=200.5", 450),
        ("batchSize=2e2", 450),
        ("batchSize=-200", 450),
        ("xbatchSize=200", 450),
        ("batchSize", 450),
    ],
)
def test_header_asks_for_a_page_size_or_is_passed_over(
    call: Caller, options: str, size: int
) -> None:
    answer = _query(call, "SELECT Id FROM Lead", headers={"Sforce-Query-Options": options})
    assert len(json.loads(answer.text)["records"]) == size


def test_locator_is_good_at_both_doors(call: Caller) -> None:
    small = {"Sforce-Query-Options": "client=x, BatchSize = 200"}
    first = json.loads(_query(call, "SELECT Id FROM Lead", headers=small).text)
    locator = first["nextRecordsUrl"].rpartition("/")[2]
    assert call("GET", f"/query/{locator}").text == call("GET", f"/queryAll/{locator}").text


def test_deleted_rows_show_at_query_all_only(call: Caller) -> None:
    (found,) = json.loads(_query(call, "SELECT Id FROM Lead WHERE LastName = '0003'").text)[
        "records"
    ]
    call.org.delete(found["attributes"]["url"].rpartition("/")[2])
    soql = "SELECT COUNT() FROM Lead WHERE LastName = '0003'"
    totals = [
        json.loads(_query(call, soql, door).text)["totalSize"] for door in ("query", "queryAll")
    ]
    assert totals == [0, 1]


def test_missing_query_is_malformed(call: Caller) -> None:
    answer = call("GET", "/query")
    assert (answer.status, answer.text) == (
        400,
        '[{"message":"unexpected token: \'<EOF>\'","errorCode":"MALFORMED_QUERY"}]',
    )


def test_empty_query_is_malformed_in_the_same_words(call: Caller) -> None:
    assert call("GET", "/query?q=").text == call("GET", "/query").text


def test_error_has_excerpt_caret_and_no_fields(call: Caller) -> None:
    answer = _query(call, "SELECT Bacon__c FROM Account LIMIT 2")
    assert answer.status == 400
    (error,) = json.loads(answer.text)
    assert list(error) == ["message", "errorCode"]
    assert error["message"].startswith(
        "\nSELECT Bacon__c FROM Account LIMIT 2\n       ^\nERROR at Row:1:Column:8\nNo such column 'Bacon__c'"
    )
    assert error["errorCode"] == "INVALID_FIELD"


def test_unknown_locator_is_invalid(call: Caller) -> None:
    answer = call("GET", "/query/0r8000000000001AAA-200")
    assert (answer.status, answer.text) == (
        400,
        '[{"message":"invalid query locator","errorCode":"INVALID_QUERY_LOCATOR"}]',
    )


def test_plus_sign_in_the_address_is_a_blank(call: Caller) -> None:
    answer = call("GET", "/query?q=SELECT+COUNT()+FROM+Lead")
    assert json.loads(answer.text)["totalSize"] == 450


def test_posting_a_query_is_not_allowed(call: Caller) -> None:
    assert call("POST", "/query", {}).status == 405


def test_pretty_page_keeps_javas_numbers(call: Caller) -> None:
    call.org.insert("Account", {"Name": "Rich", "AnnualRevenue": 350000000})
    soql = "SELECT AnnualRevenue FROM Account WHERE Name = 'Rich'"
    answer = _query(call, soql, headers={"X-PrettyPrint": "1"})
    assert '"AnnualRevenue" : 3.5E8' in answer.text


def test_sobject_that_the_fake_lacks_is_refused_and_an_unknown_one_is_an_error(
    call: Caller,
) -> None:
    lacking = _query(call, "SELECT Id FROM WorkOrder")
    unknown = _query(call, "SELECT Id FROM Nope__c")
    assert (lacking.status, unknown.status) == (501, 400)
    assert '"errorCode":"INVALID_TYPE"' in unknown.text

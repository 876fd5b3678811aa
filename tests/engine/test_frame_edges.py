"""The frame at its edges: odd methods and paths, who comes first of several refusals, bounds, compressed bodies."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable

import pytest

from calling import Caller
from sfmock.org.org import Org
from sfmock.resources.versions import RESOURCES
from sfmock.wire import MAX_BODY

GONE = "UNSUPPORTED_API_VERSION"
EXPIRED = '[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]'
NOT_FOUND = '[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]'


@pytest.mark.parametrize(
    ("method", "path", "token", "status"),
    [
        # The version comes first, for unknown paths and unknown methods, too.
        ("GET", "/services/data/v30.0/nope", None, 410),
        ("POST", "/services/data/v30.0/limits", None, 410),
        ("POST", "/services/data/v99.0/limits", None, 404),
        ("POST", "/services/data/v99.0/limits", "", 404),
        # Then the session, wherever data is.
        ("GET", "/services/data/v60.0/nope", None, 401),
        ("POST", "/services/data/v60.0/limits", None, 401),
        ("GET", "/services/data/v60.0/composite", None, 401),
        ("GET", "/services/apexrest/x", None, 401),
        ("GET", "/services/data/nope/deeper", None, 404),
        # What needs no session needs none for the wrong method, nor does a path outside of the data API.
        ("POST", "/services/data", None, 405),
        ("DELETE", "/services/oauth2/revoke", None, 405),
        ("GET", "/services/oauth2/introspect", None, 405),
        ("GET", "/services/oauth2/nope", None, 404),
        ("GET", "/services/nope", None, 404),
        ("DELETE", "/id/00D000000000001/005000000000001", None, 405),
    ],
)
def test_which_refusal_comes_first(
    call: Caller, method: str, path: str, token: str | None, status: int
) -> None:
    assert call(method, path, token=token).status == status


def test_a_wrong_method_on_a_retired_version_is_gone(call: Caller) -> None:
    assert GONE in call("POST", "/services/data/v30.0/limits", token=None).text


def test_a_spent_cap_comes_before_404_405_and_501(call: Caller, org: Org) -> None:
    org.limits["DailyApiRequests"].remaining = 0
    asked = (("GET", "/nope"), ("POST", "/limits"), ("GET", "/composite"))
    assert [call(method, path).status for method, path in asked] == [403, 403, 403]
    assert org.journal.problems == []


def test_only_the_data_api_counts(call: Caller, org: Org) -> None:
    for path in ("/services/oauth2/nope", "/services/nope", "/services/Soap/u", "/services/data"):
        answer = call("GET", path)
        assert answer.headers.get("Sforce-Limit-Info") is None, path
    assert org.limits["DailyApiRequests"].used == 0
    assert [each.api_calls for each in org.journal] == [0, 0, 0, 0]
    for method, path in (("GET", "/nope"), ("POST", "/limits"), ("GET", "/composite")):
        assert call(method, path).headers.get("Sforce-Limit-Info") is not None, path
    assert org.limits["DailyApiRequests"].used == 3


@pytest.mark.parametrize("method", ["PUT", "OPTIONS", "TRACE", "get", "head", "BREW", "~GET"])
def test_an_odd_method_is_not_allowed(call: Caller, method: str) -> None:
    answer = call(method, "/limits")
    assert (answer.status, answer.headers.get("Allow")) == (405, "HEAD,GET")


@pytest.mark.parametrize(
    "path",
    [
        "/services/data/v60.0/limits%00",
        "/services/data/v60.0/../v60.0/limits",
        "/services/data/v60.0/limits//",
        "///services/data/v60.0/limits",
        "//limits",
        "/services/data/v60.0/sobjects/Account%2F001000000000001AAA",
        "/services/data/v60.0/%",
        "/services/data/v60.0/%ff%fe",
        "/services/data/v60.0/sobjects/%00/describe",
        "/services/data/v60.0/|",
    ],
)
def test_an_absurd_path_is_not_found(call: Caller, path: str) -> None:
    answer = call("GET", path)
    assert (answer.status, answer.text) == (404, NOT_FOUND)


def test_a_slash_at_the_end_of_an_instance_url_does_no_harm(call: Caller, org: Org) -> None:
    assert call("GET", "//services/data/v60.0/limits").status == 200
    assert [each.name for each in org.journal] == ["limits"]
    assert call("GET", "//services/oauth2/userinfo").status == 200


@pytest.mark.parametrize(
    ("path", "family_form"),
    [
        ("/services/Soap/m/60.0", "<soapenv:Fault>"),
        ("/services/oauth2/register", '{"error":"SFMOCK_NOT_IMPLEMENTED"'),
        ("/services/async/60.0/job", "<exceptionMessage>pytest-sfmock does not"),
    ],
)
def test_what_the_fake_lacks_is_refused_in_the_form_of_its_api(
    call: Caller, path: str, family_form: str
) -> None:
    answer = call("POST", path, token=None)
    assert answer.status == 501
    assert family_form in answer.text


def test_soap_by_get_is_the_page_that_says_only_post(call: Caller) -> None:
    answer = call("GET", "/services/Soap/u/59.0", token=None)
    assert answer.status == 405
    assert "Error 405 Only POST allowed" in answer.text
    assert (answer.headers.get("Content-Type") or "").startswith("text/html")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
def test_the_token_endpoint_says_must_use_post(call: Caller, method: str) -> None:
    answer = call(method, "/services/oauth2/token", token=None)
    assert answer.status == 400
    if method != "HEAD":
        assert answer.json == {
            "error": "invalid_request",
            "error_description": "must use HTTP POST",
        }


def test_a_post_may_stand_for_another_method(call: Caller, org: Org) -> None:
    account = org.insert("Account", {"Name": "Acme"})
    path = f"/sobjects/Account/{account.id}?_HttpMethod=PATCH"
    assert call("POST", path, {"Name": "Globex"}).status == 204
    assert org.get(account.id)["Name"] == "Globex"


@pytest.mark.parametrize("query", ["_HttpMethod=", "x_HttpMethod=PATCH", "a=b&_HttpMethod"])
def test_a_method_that_is_not_named_changes_nothing(call: Caller, org: Org, query: str) -> None:
    assert call("POST", f"/sobjects/Account?{query}", {"Name": "Acme"}).status == 201
    assert org.journal.problems == []


@pytest.mark.parametrize("name", [name for name in RESOURCES if name != "identity"])
def test_each_listed_resource_is_served_or_refused(call: Caller, name: str) -> None:
    assert call("GET", f"/{name}").status in (200, 400, 501)


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "POST", "get"])
def test_a_reserved_word_below_an_sobject_has_its_own_methods(call: Caller, method: str) -> None:
    answer = call(method, "/sobjects/Account/updated")
    assert answer.status == 405
    assert answer.headers.get("Allow") == "HEAD,GET"


def test_a_slash_in_an_external_id_stays_in_it(call: Caller, org: Org) -> None:
    org.schema.add_field("Account", "Key__c", "string", length=40, external_id=True, unique=True)
    made = call("PATCH", "/sobjects/Account/Key__c/a%2Fb%0D%0AX-Evil%3A%201", {"Name": "Acme"})
    assert made.status == 201
    assert isinstance(made.json, dict)
    location = f"/services/data/v60.0/sobjects/Account/{made.json['id']}"
    assert made.headers.get("Location") == location
    assert org.count("Account", "Key__c LIKE 'a/b%'") == 1


@pytest.mark.parametrize(
    ("coding", "pack"),
    [("gzip", gzip.compress), ("GZIP", gzip.compress), ("deflate", zlib.compress)],
)
def test_a_compressed_body_is_unpacked(
    call: Caller, org: Org, coding: str, pack: Callable[[bytes], bytes]
) -> None:
    headers = {"Content-Encoding": coding, "Content-Type": "application/json"}
    body = pack(json.dumps({"Name": "Acme"}).encode())
    assert call("POST", "/sobjects/Account", body=body, headers=headers).status == 201
    assert org.count("Account", "Name = 'Acme'") == 1


@pytest.mark.parametrize("body", [b"no gzip", gzip.compress(b'{"Name": "Acme"}', mtime=0)[:-9]])
def test_what_is_no_whole_gzip_is_no_json(call: Caller, org: Org, body: bytes) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    answer = call("POST", "/sobjects/Account", body=body, headers=headers)
    assert (answer.status, org.count("Account")) == (400, 0)
    assert "JSON_PARSER_ERROR" in answer.text


def test_a_gzip_bomb_is_too_large_and_not_unpacked(call: Caller, org: Org) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(80)) + packer.flush()
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    answer = call("POST", "/sobjects/Account", body=bomb, headers=headers)
    assert answer.status == 413
    assert answer.text == "<h1>Bad Message 413</h1><pre>reason: Payload Too Large</pre>"
    assert len(bomb) < 1 << 20


def test_a_body_over_the_bound_is_too_large(call: Caller, org: Org) -> None:
    answer = call("POST", "/sobjects/Account", body=bytes(MAX_BODY + 1))
    assert answer.status == 413
    assert org.journal.problems == []
    assert len(org.journal[0].body) < 70_000


@pytest.mark.parametrize(("length", "status"), [(16000, 400), (16384, 431), (16385, 414)])
def test_a_uri_over_16_kib_is_too_long_with_its_fields_or_without(
    call: Caller, length: int, status: int
) -> None:
    root = "/services/data/v60.0/query?q="
    answer = call("GET", root + "x" * (length - len(root)))
    assert answer.status == status


@pytest.mark.parametrize(("length", "status"), [(16000, 200), (16384, 431)])
def test_fields_over_16_kib_are_too_large(call: Caller, org: Org, length: int, status: int) -> None:
    answer = call("GET", "/limits", headers={"X-Long": "x" * length})
    assert answer.status == status
    if status == 431:
        page = "<h1>Bad Message 431</h1><pre>reason: Request Header Fields Too Large</pre>"
        assert (answer.text, org.limits["DailyApiRequests"].used) == (page, 0)


def test_xml_is_refused_where_nothing_else_is_taken(call: Caller) -> None:
    assert call("GET", "/limits", headers={"Accept": "application/xml"}).status == 501
    for accept in (
        "application/xml, application/json",
        "text/html, application/xml;q=0.9, */*",
        "x",
    ):
        assert call("GET", "/limits", headers={"Accept": accept}).status == 200


@pytest.mark.parametrize(
    "path", ["/limits.json", "/sobjects/Account.xml", "/query.json?q=x", "/sobjects/Account/x.JSON"]
)
def test_a_suffix_for_the_form_of_the_reply_is_refused(call: Caller, path: str) -> None:
    assert call("GET", path).status == 501


def test_plain_http_to_a_salesforce_host_is_refused(call: Caller, org: Org) -> None:
    assert call("GET", "/limits", scheme="http").status == 501
    assert call("GET", "/limits", scheme="http", host="127.0.0.1:80").status == 200
    assert len(org.journal.problems) == 1


def test_a_suffix_of_an_external_id_makes_it_not_found(call: Caller, org: Org) -> None:
    org.schema.add_field("Account", "Key__c", "string", length=40, external_id=True)
    assert call("GET", "/sobjects/Account/Key__c/a.json").text == NOT_FOUND


def test_a_browser_is_refused_as_there_is_no_cors(call: Caller) -> None:
    headers = {"Origin": "https://example.com"}
    assert call("GET", "/limits", headers=headers).status == 501
    assert call("OPTIONS", "/limits", headers=headers).status == 501


def test_a_surrogate_pair_is_one_character_and_half_a_pair_is_refused(
    call: Caller, org: Org
) -> None:
    headers = {"Content-Type": "application/json"}
    whole, half = b'{"Name": "\\ud83d\\ude00"}', b'{"Name": "a\\ud800b"}'
    assert call("POST", "/sobjects/Account", body=whole, headers=headers).status == 201
    assert call("POST", "/sobjects/Account", body=half, headers=headers).status == 501
    found = org.query("SELECT Name FROM Account")
    assert isinstance(found, list)
    assert [each["Name"] for each in found] == ["\U0001f600"]


@pytest.mark.parametrize("body", [b'{"Name": "\\u0000"}', b'{"AnnualRevenue": 1e999, "Name": "x"}',
                                  b'{"\\ud800": 1}', b"[" * 5000, b"1" * 5000, b"\xff", b"NaN", b'"x"', b"[]"])  # fmt: skip
def test_odd_json_never_crashes_the_fake(call: Caller, org: Org, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    call("POST", "/sobjects/Account", body=body, headers=headers)
    assert [each.crash for each in org.journal.problems] == [None] * len(org.journal.problems)


@pytest.mark.parametrize("q", ["SELECT Id FROM Account WHERE Name = '%5Cud800'", "%00", "%ff", "'"])
def test_odd_soql_never_crashes_the_fake(call: Caller, org: Org, q: str) -> None:
    call("GET", f"/query?q={q.replace(' ', '+')}")
    assert org.journal[0].crash is None


def test_an_org_that_was_closed_still_answers_and_says_so_in_the_journal(call: Caller) -> None:
    token = call.token
    call.org.close()
    assert call("GET", "/limits", token=token).status == 500
    assert len(call.org.journal.problems) == 1
    assert call.org.journal.problems[0].crash is not None


def test_401_stands_for_a_missing_token_on_an_unknown_path(call: Caller) -> None:
    assert call("GET", "/nope", token=None).text == EXPIRED

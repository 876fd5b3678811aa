"""The frame of every request: versions, sessions, limits, 404, 405, 501 and crashes."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from calling import Caller
from sfmock import errors
from sfmock.org.org import Org
from sfmock.routing import Call
from sfmock.wire import Reply

EXPIRED = '[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]'
GONE = '[{"errorCode":"UNSUPPORTED_API_VERSION","message":"Invalid Api version specified on URL"}]'
NOT_FOUND = '[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]'
SPENT = '[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]'
HEADER_TYPE = '[{"message":"INVALID_HEADER_TYPE","errorCode":"INVALID_AUTH_HEADER"}]'


def test_versions_need_no_session_and_do_not_count(call: Caller, org: Org) -> None:
    answer = call("GET", "/services/data", token=None)
    assert answer.status == 200
    assert answer.text.startswith(
        '[{"label":"Summer \'14","url":"/services/data/v31.0","version":"31.0"},'
    )
    assert answer.text.endswith('"url":"/services/data/v67.0","version":"67.0"}]')
    assert '{"label":"Spring \u201918",' in answer.text
    assert answer.headers.get("Sforce-Limit-Info") is None
    assert org.limits["DailyApiRequests"].used == 0


@pytest.mark.parametrize(
    ("version", "status", "body"),
    [
        ("30.0", 410, GONE),
        ("20.0", 410, GONE),
        ("68.0", 404, NOT_FOUND),
        ("99.0", 404, NOT_FOUND),
        ("60", 404, NOT_FOUND),
        ("60.00", 404, NOT_FOUND),
        ("6.0", 404, NOT_FOUND),
    ],
)
def test_a_version_that_is_not_served(call: Caller, version: str, status: int, body: str) -> None:
    answer = call("GET", "/limits", version=version)
    assert (answer.status, answer.text) == (status, body)


def test_a_version_lists_its_resources(call: Caller, org: Org) -> None:
    answer = call("GET", "/services/data/v61.0/")
    assert isinstance(answer.json, dict)
    assert answer.json["query"] == "/services/data/v61.0/query"
    assert answer.json["identity"] == f"https://login.salesforce.com/id/{org.id}/{org.admin_id}"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, EXPIRED),
        ({"Authorization": "Bearer 00Dgarbage!AQ"}, EXPIRED),
        ({"Authorization": "Basic x"}, HEADER_TYPE),
        ({"Authorization": "Bearer "}, HEADER_TYPE),
        ({"Authorization": "OAuth"}, HEADER_TYPE),
    ],
)
def test_without_a_live_session_the_answer_is_401(
    call: Caller, org: Org, headers: dict[str, str], body: str
) -> None:
    answer = call("GET", "/limits", headers=headers, token=None)
    assert (answer.status, answer.text) == (401, body)
    assert answer.headers.get("Sforce-Limit-Info") is None
    assert answer.headers.get("WWW-Authenticate") is None
    assert answer.headers.get("Vary") is None
    assert org.limits["DailyApiRequests"].used == 0


def test_the_legacy_oauth_scheme_is_as_good_as_bearer(call: Caller) -> None:
    headers = {"Authorization": f"oAuth {call.token}"}
    assert call("GET", "/limits", headers=headers).status == 200


@pytest.mark.parametrize("host", ["login.salesforce.com", "test.salesforce.com"])
def test_data_calls_to_a_login_host_are_refused(call: Caller, host: str) -> None:
    answer = call("GET", "/limits", host=host)
    assert answer.status == 400
    assert answer.text == (
        '[{"errorCode":"URL_NOT_RESET",'
        '"message":"Destination URL not reset. The URL returned from login must be set"}]'
    )


def test_an_unknown_path_is_404_and_counts(call: Caller, org: Org) -> None:
    answer = call("GET", "/nope")
    assert (answer.status, answer.text) == (404, NOT_FOUND)
    assert answer.headers.get("Sforce-Limit-Info") == "api-usage=1/15000"
    assert org.limits["DailyApiRequests"].used == 1


def test_a_double_slash_is_404_and_a_trailing_one_is_the_same_resource(call: Caller) -> None:
    assert call("GET", "/services/data/v60.0//limits").text == NOT_FOUND
    assert call("GET", "/limits/").status == 200


def test_a_wrong_method_names_the_allowed_ones(call: Caller) -> None:
    answer = call("POST", "/limits", {})
    assert answer.status == 405
    assert answer.headers.get("Allow") == "HEAD,GET"
    assert answer.text == (
        '[{"errorCode":"METHOD_NOT_ALLOWED",'
        '"message":"HTTP Method \'POST\' not allowed. Allowed are HEAD,GET"}]'
    )


@pytest.mark.parametrize(
    ("method", "path", "feature"),
    [
        ("POST", "/composite", "the resource /composite"),
        ("POST", "/composite/sobjects", "the resource /composite"),
        ("GET", "/tooling/query?q=x", "the resource /tooling"),
        (
            "GET",
            "/queryAll?q=SELECT+Id+FROM+User&columns=true",
            "column metadata (columns=true) of queryAll",
        ),
        ("GET", "/sobjects/Account/describe/layouts", "the layouts of /sobjects/X/describe"),
        ("GET", "/sobjects/relevantItems", "the resource /sobjects/relevantItems"),
        ("GET", "/services/apexrest/x", "the resource /services/apexrest"),
    ],
)
def test_what_the_fake_lacks_is_refused_by_name(
    call: Caller, org: Org, method: str, path: str, feature: str
) -> None:
    answer = call(method, path)
    assert answer.status == 501
    assert answer.text == (
        f'[{{"message":"pytest-sfmock does not implement this yet: {feature}",'
        '"errorCode":"SFMOCK_NOT_IMPLEMENTED"}]'
    )
    assert [each.refused for each in org.journal.problems] == [feature]


def test_a_spent_cap_answers_403_until_the_window_has_rolled(call: Caller, org: Org) -> None:
    org.clock.freeze(datetime(2026, 11, 23, 12, tzinfo=UTC))
    org.limits["DailyApiRequests"].remaining = 1
    token = org.sessions.open(org.admin_id, lifetime=10**6).token
    last = call("GET", "/limits", token=token)
    assert last.headers.get("Sforce-Limit-Info") == "api-usage=15000/15000"
    refused = call("GET", "/limits", token=token)
    assert (refused.status, refused.text) == (403, SPENT)
    org.clock.advance(hours=23, minutes=59)
    assert call("GET", "/limits", token=token).status == 403
    org.clock.advance(minutes=1)
    assert call("GET", "/limits", token=token).status == 200
    assert org.limits["DailyApiRequests"].used == 1


def test_limits_are_those_of_a_recorded_developer_org(call: Caller) -> None:
    body = call("GET", "/limits").json
    assert isinstance(body, dict)
    assert len(body) == 71
    assert list(body) == sorted(body)
    assert body["DailyApiRequests"] == {"Max": 15000, "Remaining": 14999}
    assert body["PermissionSets"] == {
        "Max": 1500,
        "Remaining": 1500,
        "CreateCustom": {"Max": 1000, "Remaining": 1000},
    }
    old = call("GET", "/limits", version="48.0").json
    assert isinstance(old, dict)
    assert "DailyBulkApiRequests" in old
    assert "DailyBulkApiBatches" not in old


def test_the_header_profile_is_the_recorded_one(call: Caller) -> None:
    answer = call("GET", "/limits", headers={"Cookie": "BrowserId=x"})
    names = [name for name, _ in answer.headers]
    assert names == [
        "Date",
        "Strict-Transport-Security",
        "X-Content-Type-Options",
        "X-Robots-Tag",
        "Cache-Control",
        "Sforce-Limit-Info",
        "Content-Type",
        "Vary",
        "Server",
        "X-SFDC-Request-Id",
        "X-Request-Id",
    ]
    assert answer.headers.get("Content-Type") == "application/json;charset=UTF-8"
    assert re.fullmatch("[0-9a-f]{32}", answer.headers.get("X-Request-Id") or "")


def test_a_client_without_cookies_gets_the_three_recorded_ones(call: Caller) -> None:
    cookies = [value for name, value in call("GET", "/limits").headers if name == "Set-Cookie"]
    assert [cookie.partition("=")[0] for cookie in cookies] == [
        "CookieConsentPolicy",
        "LSKey-c$CookieConsentPolicy",
        "BrowserId",
    ]


def test_pretty_printing_changes_nothing_but_the_layout(call: Caller) -> None:
    plain = call("GET", "/services/data", token=None)
    pretty = call("GET", "/services/data", token=None, headers={"X-PrettyPrint": "1"})
    assert pretty.text.startswith('[ {\n  "label" : "Summer \'14",\n  "url" : ')
    assert pretty.json == plain.json


def test_a_head_request_has_the_headers_and_no_body(call: Caller) -> None:
    answer = call("HEAD", "/limits")
    assert (answer.status, answer.text) == (200, "")
    assert answer.headers.get("Content-Type") == "application/json;charset=UTF-8"


def test_a_crash_of_the_fake_is_a_500_that_the_journal_remembers(
    call: Caller, org: Org, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> dict[str, object]:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr(org.limits, "body", broken)
    answer = call("GET", "/limits")
    assert answer.status == 500
    assert "boom" not in answer.text
    assert '"errorCode":"UNKNOWN_EXCEPTION"' in answer.text
    assert [type(each.crash) for each in org.journal.problems] == [ZeroDivisionError]


def test_the_journal_tells_what_was_asked_and_answered(call: Caller, org: Org) -> None:
    call("GET", "/limits")
    call("GET", "/nope?x=1")
    assert len(org.journal) == 2
    first, second = org.journal
    assert (first.method, first.path, first.status) == ("GET", "/services/data/v60.0/limits", 200)
    assert (first.name, first.user, first.api_calls) == ("limits", org.admin_id, 1)
    assert (second.error_code, second.query, second.name) == ("NOT_FOUND", "x=1", None)
    assert org.journal.count("limits") == 1
    assert org.journal.count("GET /services/data/v60.0/*") == 2
    assert org.journal.count("* */nope?x=*") == 1
    assert org.journal.errors == [second]
    assert org.journal.last == second
    assert org.journal.api_calls == 2
    assert call.token not in repr(first) + repr(first.headers)


def test_an_unknown_request_pattern_names_the_allowed_ones(org: Org, call: Caller) -> None:
    with pytest.raises(
        ValueError, match=r"unknown request pattern 'limit': use a shortcut \(.*limits"
    ):
        org.journal.count("limit")


def test_what_a_failed_request_leaves_behind_is_kept_and_all_else_rolled_back(
    call: Caller, org: Org, monkeypatch: pytest.MonkeyPatch
) -> None:
    def add(name: str) -> None:
        org.connected_app(name)

    def fail(_: Call) -> Reply:
        add("Rolled back")
        raise errors.NOT_FOUND().leaving(lambda: add("Left behind"))

    monkeypatch.setattr("sfmock.backends.fake.answer", fail)
    assert call("GET", "/limits").text == NOT_FOUND
    assert org.db.rows("SELECT name FROM sf_app") == [("Left behind",)]

"""HAR 1.2 files: valid by a schema of their own, whole, and without secrets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from calling import Caller
from har_schema import HAR
from sfmock.app import App
from sfmock.control.evidence import evidence
from sfmock.control.handle import Sfmock
from sfmock.control.har import write_har
from sfmock.org.org import Org


def archive(org: Org, path: Path) -> Any:
    handle = Sfmock(App(org), instance_url="https://org.example", login_url="x", transport="http")
    write_har(path, "test_it", [evidence(handle)])
    found = json.loads(path.read_text("utf-8"))
    Draft202012Validator(HAR, format_checker=FormatChecker()).validate(found)
    return found["log"]


def test_it_has_a_page_and_an_entry_for_each_request(
    call: Caller, org: Org, tmp_path: Path
) -> None:
    org.faults.add("server_unavailable", on="query")
    call("GET", "/query?q=SELECT+Id+FROM+Account", headers={"X-One": "1"})
    call("POST", "/sobjects/Account", {"Name": "Ä"})

    log = archive(org, tmp_path / "new" / "x.har")

    started = org.journal[0].started.isoformat(timespec="milliseconds")
    [page] = log["pages"]
    assert page == {
        "startedDateTime": started,
        "id": "page_1",
        "title": "test_it at https://org.example",
        "pageTimings": {},
    }
    query, create = log["entries"]
    url = f"https://{org.my_domain}/services/data/v60.0"
    assert query["startedDateTime"] == started
    assert query["request"] == {
        "method": "GET",
        "url": f"{url}/query?q=SELECT+Id+FROM+Account",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [{"name": "X-One", "value": "…"}, {"name": "Authorization", "value": "…"}],
        "queryString": [{"name": "q", "value": "SELECT Id FROM Account"}],
        "headersSize": -1,
        "bodySize": 0,
    }
    assert query["response"]["status"] == 503
    assert query["response"]["statusText"] == "Service Unavailable"
    assert (query["_fault"], query["_errorCode"], query["_apiCalls"], query["_shortcut"]) == (
        "server_unavailable", "SERVER_UNAVAILABLE", 0, "query",
    )  # fmt: skip
    assert create["request"]["postData"] == {
        "mimeType": "application/json",
        "text": '{"Name": "\\u00c4"}',
    }
    assert create["request"]["bodySize"] == 18
    content = create["response"]["content"]
    assert content == {
        "size": len(org.journal[1].reply),
        "mimeType": "application/json;charset=UTF-8",
        "text": org.journal[1].text,
    }
    assert {"name": "Sforce-Limit-Info", "value": "api-usage=1/15000"} in create["response"][
        "headers"
    ]
    assert (create["_shortcut"], "_fault" in create) == ("create Account", False)


def test_a_long_body_keeps_its_size(call: Caller, org: Org, tmp_path: Path) -> None:
    call("POST", "/sobjects/Account", {"Name": "x" * 70_000})

    [entry] = archive(org, tmp_path / "x.har")["entries"]
    assert entry["request"]["bodySize"] == 70_012
    assert entry["request"]["postData"]["text"].startswith('{"Name": "xxx')


def test_a_request_without_a_reply_has_status_0(call: Caller, org: Org, tmp_path: Path) -> None:
    org.faults.add("connection_reset", on="create", at="after")
    call("POST", "/sobjects/Account", {"Name": "x"})

    [entry] = archive(org, tmp_path / "x.har")["entries"]
    assert (entry["response"]["status"], entry["response"]["statusText"]) == (0, "")
    assert entry["response"]["content"] == {"size": 0, "mimeType": "", "text": ""}
    assert org.journal.errors == [org.journal[0]]


def test_an_archive_without_requests_is_valid(org: Org, tmp_path: Path) -> None:
    assert archive(org, tmp_path / "x.har")["entries"] == []


def test_urls_hold_no_secret(call: Caller, org: Org, tmp_path: Path) -> None:
    call("GET", f"/limits/{call.token}?sid=abc&x=a%20b")

    [entry] = archive(org, tmp_path / "x.har")["entries"]
    start = f"https://{org.my_domain}/services/data/v60.0/limits"
    assert entry["request"]["url"] == f"{start}/%E2%80%A6?sid=%E2%80%A6&x=a+b"
    assert entry["request"]["queryString"][0] == {"name": "sid", "value": "…"}


@pytest.mark.parametrize("broken", ["log", "entries", "headers"])
def test_the_schema_is_strict(broken: str) -> None:
    validator = Draft202012Validator(HAR, format_checker=FormatChecker())
    assert not validator.is_valid({broken: []})

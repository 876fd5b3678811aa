"""The log `sfmock.requests`: one line a request, by its level, and made for readers only."""

from __future__ import annotations

import logging

import pytest

from calling import Caller
from sfmock.org.org import Org


def test_it_has_a_line_for_each_request(
    call: Caller, org: Org, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG, "sfmock")
    org.faults.add("slow", on="limits")
    call("GET", "/query?q=SELECT+Id+FROM+Account")
    call("GET", "/limits")
    call("GET", "/tooling?q=x")
    monkeypatch.setattr("sfmock.org.limits.Limits.body", lambda *_: 1 / 0)
    call("GET", "/limits")

    root = "/services/data/v60.0"
    assert caplog.record_tuples == [
        ("sfmock.requests", logging.DEBUG, f"200 GET    {root}/query?q=SELECT Id FROM Account  1 API call"),
        ("sfmock.requests", logging.INFO, f"200 GET    {root}/limits  1 API call · fault slow"),
        ("sfmock.requests", logging.INFO,
         f"501 GET    {root}/tooling?q=x  SFMOCK_NOT_IMPLEMENTED · 1 API call · refused: the resource /tooling"),
        ("sfmock.requests", logging.INFO,
         f"500 GET    {root}/limits  UNKNOWN_EXCEPTION · the fake crashed: ZeroDivisionError: division by zero"),
    ]  # fmt: skip


def test_it_holds_no_secret_of_earlier_requests(
    call: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    call("GET", "/limits", token="hunter-2!")
    caplog.set_level(logging.DEBUG, "sfmock")
    call("GET", "/limits/hunter-2!")
    call("GET", "/limits", token="hunter-3!")
    call("GET", "/limits/hunter-3!")

    assert caplog.messages == [
        "404 GET    /services/data/v60.0/limits/…  NOT_FOUND · 1 API call",
        "401 GET    /services/data/v60.0/limits  INVALID_SESSION_ID",
        "404 GET    /services/data/v60.0/limits/…  NOT_FOUND · 1 API call",
    ]


def test_a_request_that_nobody_reads_of_makes_no_line(
    call: Caller, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sfmock.org.requestlog.line", lambda *_: 1 / 0)
    caplog.set_level(logging.INFO, "sfmock")
    call("GET", "/limits")

    assert caplog.messages == []

"""A crash of the fake: what its client gets, by API family, and what the test hears."""

from __future__ import annotations

import re

import pytest

from calling import Caller
from oauth_calls import login_operation, post_form, soap
from sfmock.app import App
from sfmock.control.handle import Sfmock
from sfmock.org.org import Org

ERROR_ID = r"\d+-\d+ \(-?\d+\)"
WORDS = "An unexpected error occurred. Please include this ErrorId if you contact support: "


@pytest.fixture(autouse=True)
def _broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> object:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr("sfmock.backends.fake.answer", crash)


def problems(org: Org) -> list[str]:
    handle = Sfmock(App(org), instance_url="x", login_url="x", transport="http")
    return [each.text for each in handle.problems()]


def test_rest_gets_500_with_an_error_id(call: Caller, org: Org) -> None:
    reply = call("GET", "/limits")

    assert reply.status == 500
    assert re.fullmatch(
        rf'\[{{"message":"{WORDS}{ERROR_ID}","errorCode":"UNKNOWN_EXCEPTION"}}\]', reply.text
    )
    assert problems(org) == [
        "the fake crashed on GET /services/data/v60.0/limits: ZeroDivisionError: boom"
    ]


def test_soap_gets_a_fault(call: Caller, org: Org) -> None:
    reply = soap(call, login_operation("x@example.com", "y"))

    assert reply.status == 500
    message = f"UNKNOWN_EXCEPTION: {WORDS}{ERROR_ID}"
    assert re.search(
        f"<faultcode>sf:UNKNOWN_EXCEPTION</faultcode><faultstring>{message}<", reply.text
    )
    assert problems(org) == [
        "the fake crashed on POST /services/Soap/u/59.0: ZeroDivisionError: boom"
    ]


def test_oauth_gets_500(call: Caller, org: Org) -> None:
    reply = post_form(call, "/services/oauth2/token", {"grant_type": "password"})

    assert reply.status == 500
    assert "boom" not in reply.text
    assert problems(org) == [
        "the fake crashed on POST /services/oauth2/token: ZeroDivisionError: boom"
    ]


def test_its_text_and_traceback_hold_no_secret(
    call: Caller, org: Org, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> object:
        raise KeyError(f"hunter-2! {call.token}")

    monkeypatch.setattr("sfmock.backends.fake.answer", crash)
    call("GET", "/limits", headers={"X-Auth-Token": "hunter-2!"})

    handle = Sfmock(App(org), instance_url="x", login_url="x", transport="http")
    [problem] = handle.problems()
    assert problem.text.endswith("limits: KeyError: '… …'")
    assert problem.traceback.startswith("Traceback (most recent call last):\n")
    assert problem.traceback.endswith("\nKeyError: '… …'")

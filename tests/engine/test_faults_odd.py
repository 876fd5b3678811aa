"""Planned faults under threads, on every API family, and in company: what is counted and what is left undone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from calling import Answer, Caller
from oauth_calls import TOKEN, login_operation, post_form, soap
from sfmock.control.credentials import make_credentials
from sfmock.org.org import Org
from sfmock.wire import Request


def test_eight_threads_meet_a_fault_exactly_as_often_as_planned(call: Caller, org: Org) -> None:
    token, start = call.token, threading.Barrier(8)

    def asks(_: int) -> list[int]:
        start.wait()
        return [call("GET", "/limits", token=token).status for _ in range(10)]

    fault = org.faults.add("server_unavailable", on="limits", after=5, times=3, when=lambda _: True)
    with ThreadPoolExecutor(8) as pool:
        found = [status for each in pool.map(asks, range(8)) for status in each]
    assert (found.count(503), fault.fired) == (3, 3)
    assert org.limits["DailyApiRequests"].used == 77


def test_a_slow_reply_holds_up_nobody(call: Caller, org: Org) -> None:
    org.faults.add("slow", on="limits", seconds=600)
    assert call("GET", "/limits").rendered.delay == 600
    with ThreadPoolExecutor(1) as pool:  # the org's lock is free for another thread
        assert pool.submit(lambda: call("GET", "/limits").status).result(5) == 200


@pytest.mark.parametrize("kind", ["server_unavailable", "session_expired"])
def test_a_request_that_when_turns_down_is_not_counted(call: Caller, org: Org, kind: str) -> None:
    def wanted(request: Request) -> bool:
        return "x=1" in request.query

    org.faults.add(kind, after=1, when=wanted)
    call("GET", "/services/data?y=1", token=None)  # could not expire, and is not asked for
    paths = ("/limits?x=2", "/limits?x=2", "/limits?x=1", "/limits?x=1")
    status = {"server_unavailable": 503, "session_expired": 401}[kind]
    assert [call("GET", path).status for path in paths] == [200, 200, 200, status]


def test_requests_that_cannot_suffer_a_fault_are_counted_and_pass(call: Caller, org: Org) -> None:
    fault = org.faults.add("session_expired", after=2)
    call("GET", "/services/data", token=None)
    call("GET", "/services/data", token=None)
    call("GET", "/services/data", token=None)
    assert fault.fired == 0
    assert [call("GET", "/limits").status for _ in range(2)] == [401, 401]
    assert fault.fired == 1


def test_a_crash_inside_when_is_told_to_the_test(call: Caller, org: Org) -> None:
    def broken(request: Request) -> bool:
        raise ZeroDivisionError(request.path)

    fault = org.faults.add("server_unavailable", when=broken)
    assert call("GET", "/limits").status == 500
    assert [type(each.crash) for each in org.journal.problems] == [ZeroDivisionError]
    assert fault.fired == 0


def test_a_fault_on_a_refused_request_hides_the_refusal(call: Caller, org: Org) -> None:
    org.faults.add("server_unavailable", on="composite")
    assert call("POST", "/composite", {}).status == 503
    assert org.journal.problems == []
    org.faults.add("connection_reset", on="composite", at="after")
    assert call("POST", "/composite", {}).rendered.reset is True
    assert [each.refused for each in org.journal.problems] == ["the resource /composite"]


def test_the_daily_limit_is_met_by_calls_that_count_only(call: Caller, org: Org) -> None:
    fault = org.faults.add("daily_limit", times=None)
    assert call("GET", "/limits", token=None).status == 401
    assert call("GET", "/services/oauth2/nope").status == 404
    assert fault.fired == 0
    assert [call("GET", path).status for path in ("/limits", "/nope")] == [403, 403]


def identity_by_header(call: Caller, token: str) -> Answer:
    return call("GET", f"/id/{call.org.id}/{call.org.admin_id}", token=token)


def identity_by_parameter(call: Caller, token: str) -> Answer:
    return call("GET", f"/id/{call.org.id}/{call.org.admin_id}?oauth_token={token}", token=None)


def userinfo_by_form(call: Caller, token: str) -> Answer:
    return post_form(call, "/services/oauth2/userinfo", {"access_token": token})


def logout(call: Caller, token: str) -> Answer:
    header = f"<SessionHeader><sessionId>{token}</sessionId></SessionHeader>"
    return soap(call, '<logout xmlns="urn:partner.soap.sforce.com"/>', header=header)


@pytest.mark.parametrize(
    ("ask", "status", "text"),
    [
        (identity_by_header, 403, "Bad_OAuth_Token"),
        (identity_by_parameter, 403, "Bad_OAuth_Token"),
        (userinfo_by_form, 403, "Bad_OAuth_Token"),
        (logout, 500, "<faultcode>sf:INVALID_SESSION_ID</faultcode>"),
    ],
)
def test_a_session_expires_in_every_family(
    call: Caller, org: Org, ask: Callable[[Caller, str], Answer], status: int, text: str
) -> None:
    fault = org.faults.add("session_expired")
    answer = ask(call, call.token)
    assert (answer.status, fault.fired) == (status, 1)
    assert text in answer.text
    assert org.journal[0].user == org.admin_id


def test_503_in_every_family(call: Caller, org: Org) -> None:
    keys = make_credentials(org, org.users.find(org.admin_id))
    org.faults.add("server_unavailable", times=3)
    token = post_form(call, TOKEN, {"grant_type": "client_credentials"})
    identity = identity_by_header(call, call.token)
    login = soap(call, login_operation(keys.username, keys.password))
    assert [each.status for each in (token, identity, login)] == [503, 503, 500]
    assert token.text == identity.text
    assert "down for maintenance" in token.text
    assert (token.headers.get("Content-Type") or "").startswith("text/html")
    assert "<faultcode>sf:SERVER_UNAVAILABLE</faultcode>" in login.text

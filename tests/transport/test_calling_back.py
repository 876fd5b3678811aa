"""A callable of the test that sends a request to the fake while a request is answered: an error, never a deadlock."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest
import requests

from sfmock.app import App
from sfmock.org.callables import CalledBack
from sfmock.org.org import Org
from sfmock.transport.intercept import intercepting
from sfmock.transport.loopback import Loopback
from sfmock.wire import Request

LIMITS = "/services/data/v60.0/limits"


@pytest.fixture
def org() -> Iterator[Org]:
    with Org.new() as made:
        yield made


@pytest.fixture
def session(org: Org) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {org.sessions.open(org.admin_id).token}"
        yield session


def crash_of(org: Org) -> CalledBack:
    """The only crash in the journal."""
    (crash,) = [each.crash for each in org.journal if each.crash is not None]
    assert isinstance(crash, CalledBack)
    return crash


def test_an_intercepted_call_back_is_told_at_once(org: Org, session: requests.Session) -> None:
    url = f"https://{org.my_domain}{LIMITS}"

    def calls_back(_: Request) -> bool:
        return session.get(url).ok

    with intercepting(App(org)):
        org.faults.add("server_unavailable", when=calls_back)

        assert session.get(url).status_code == 500
    assert str(crash_of(org)) == (
        "when= of the planned fault 'server_unavailable' on '*' sent a request to the fake while a request is being"
        " answered, which would not end: ask the handle or the org there instead"
    )
    assert len(org.journal) == 1


def test_a_call_back_over_sockets_comes_to_an_end(org: Org, session: requests.Session) -> None:
    with Loopback(App(org)) as server:

        def calls_back(_: Request) -> bool:
            with contextlib.closing(HTTPConnection(server.host, server.port, timeout=20)) as client:
                client.request("GET", LIMITS)
                return client.getresponse().status == 418

        org.faults.add("server_unavailable", when=calls_back)

        assert session.get(f"{server.url}{LIMITS}", timeout=20).status_code == 200
    crash_of(org)


def test_a_callable_may_ask_the_org(org: Org, session: requests.Session) -> None:
    with intercepting(App(org)):
        org.faults.add("server_unavailable", times=None, when=lambda _: org.count("Account") == 1)
        url = f"https://{org.my_domain}{LIMITS}"

        assert session.get(url).status_code == 200
        org.create("Account", Name="Acme")
        assert session.get(url).status_code == 503


def test_a_callable_that_raises_leaves_nothing_behind(org: Org, session: requests.Session) -> None:
    def broken(_: Request) -> bool:
        raise LookupError("of the test")

    url = f"https://{org.my_domain}{LIMITS}"
    with intercepting(App(org)):
        with org.faults.add("server_unavailable", when=broken, optional=True):
            assert session.get(url).status_code == 500

        assert session.get(url).status_code == 200

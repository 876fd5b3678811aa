"""Faults of the connection, in process and over the loopback server: what requests raises, and what the org holds."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from sfmock.app import App
from sfmock.org.org import Org
from sfmock.transport.intercept import intercepting
from sfmock.transport.loopback import Loopback, ca_file
from sfmock.transport.wiring import connect
from waiting import wait_until

TIMEOUT = 10.0


CUT = "closed connection without response|reset by peer"
"""What is said of a connection that ends without a byte: it is up to the system which."""


@dataclass
class Way:
    """A way to an org, and a session of requests that goes it."""

    org: Org
    base: str
    session: requests.Session
    served: bool

    @property
    def reset(self) -> str:
        """What is said of a reset: over TLS some versions of OpenSSL take it for an end."""
        tls = self.served and self.base.startswith("https:")
        return CUT if tls else "reset by peer"

    def get(self, path: str = "/limits", **options: Any) -> requests.Response:
        options.setdefault("timeout", TIMEOUT)
        return self.session.get(f"{self.base}/services/data/v60.0{path}", **options)

    def create(self, name: str = "Acme") -> requests.Response:
        url = f"{self.base}/services/data/v60.0/sobjects/Account"
        return self.session.post(url, json={"Name": name}, timeout=TIMEOUT)


@pytest.fixture
def org() -> Iterator[Org]:
    with Org.new() as made:
        yield made


@pytest.fixture(params=["intercept", "redirect", "http", "https"])
def way(request: pytest.FixtureRequest, org: Org, monkeypatch: pytest.MonkeyPatch) -> Iterator[Way]:
    monkeypatch.setenv("NO_PROXY", "*")
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {org.sessions.open(org.admin_id).token}"
        if request.param == "intercept":
            with intercepting(App(org)):
                yield Way(org, f"https://{org.my_domain}", session, False)
        elif request.param == "redirect":
            with connect(App(org), "redirect"):
                yield Way(org, f"https://{org.my_domain}", session, True)
        else:
            session.trust_env = False  # the environment may name another authority
            session.verify = str(ca_file())
            with Loopback(App(org)) as server:
                base = server.url if request.param == "http" else server.tls_url
                yield Way(org, base, session, True)


@pytest.mark.parametrize(("at", "rows"), [("before", 0), ("after", 1)])
def test_a_reset_breaks_the_connection_and_says_nothing_of_the_work(
    way: Way, at: str, rows: int
) -> None:
    way.org.faults.add("connection_reset", on="create", at=at)
    with pytest.raises(requests.ConnectionError, match=way.reset):
        way.create()
    assert way.org.count("Account") == rows
    assert way.create().status_code == 201


def test_a_reset_while_sending_reaches_no_org(way: Way) -> None:
    way.org.faults.add("connection_reset", on="create", at="send")
    text = way.reset if way.served else "Connection refused"
    with pytest.raises(requests.ConnectionError, match=text):
        way.create()
    assert way.org.count("Account") == 0
    assert way.org.limits["DailyApiRequests"].used == 0


def test_a_connection_that_never_was_is_tried_again_for_a_post_too(org: Org) -> None:
    token, app = org.sessions.open(org.admin_id).token, App(org)
    org.faults.add("connection_reset", at="send", times=2)
    with intercepting(app), requests.Session() as session:
        session.mount("https://", HTTPAdapter(max_retries=Retry(connect=2, read=0)))
        answer = session.post(
            f"https://{org.my_domain}/services/data/v60.0/sobjects/Account",
            json={"Name": "Acme"},
            headers={"Authorization": f"Bearer {token}"},
        )
    assert answer.status_code == 201
    assert org.count("Account") == 1


@pytest.mark.parametrize(("at", "rows"), [("before", 0), ("after", 1)])
def test_a_dropped_connection_ends_without_a_byte(way: Way, at: str, rows: int) -> None:
    way.org.faults.add("dropped_before_reply", on="create", at=at)
    with pytest.raises(requests.ConnectionError, match=CUT):
        way.create()
    assert way.org.count("Account") == rows


def test_a_stale_connection_needs_to_have_been_used(way: Way) -> None:
    fault = way.org.faults.add("stale_keep_alive")
    assert way.get().status_code == 200
    with pytest.raises(requests.ConnectionError, match=CUT):
        way.get()
    assert [way.get().status_code for _ in range(2)] == [200, 200]
    assert (fault.fired, way.org.limits["DailyApiRequests"].used) == (1, 3)


def test_a_connection_that_broke_is_a_new_one_afterwards(way: Way) -> None:
    way.org.faults.sequence(None, "connection_reset", on="limits")
    way.org.faults.add("stale_keep_alive", on="create")
    way.get()
    with pytest.raises(requests.ConnectionError):
        way.get()
    assert way.create().status_code == 201
    with pytest.raises(requests.ConnectionError):
        way.create()


@pytest.mark.parametrize("part", [0.0, 0.5, 0.99])
def test_a_body_that_is_cut_breaks_while_it_is_read(way: Way, part: float) -> None:
    way.org.faults.add("body_cut", part=part)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        way.get()
    assert way.get().status_code == 200
    way.org.faults.add("body_cut", part=part)
    answer = way.get(stream=True)
    assert answer.status_code == 200
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        answer.json()


def test_a_reply_without_a_body_cannot_be_cut(way: Way) -> None:
    row = way.org.create("Account")
    way.org.faults.add("body_cut")
    url = f"{way.base}/services/data/v60.0/sobjects/Account/{row.id}"
    assert way.session.patch(url, json={"Name": "Acme"}, timeout=TIMEOUT).status_code == 204


def test_a_body_that_is_shorter_than_announced_is_noticed(way: Way) -> None:
    whole = way.get()
    way.org.faults.add("wrong_length", by=100)
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="100 more expected"):
        way.get()
    assert whole.headers.get("Content-Length") is None


def test_a_body_that_is_longer_than_announced_is_cut_by_the_client(way: Way) -> None:
    way.org.faults.add("wrong_length", by=-10)
    answer = way.get()
    assert len(answer.content) == int(answer.headers["Content-Length"])
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    way.session.close()  # what is left over spoils the connection
    assert way.get().json()["DailyApiRequests"]["Max"] == 15_000


@pytest.mark.parametrize("kind", ["gzip_lie", "broken_gzip"])
def test_a_wrong_coding_breaks_the_reading(way: Way, kind: str) -> None:
    way.org.faults.add(kind)
    with pytest.raises(requests.exceptions.ContentDecodingError):
        way.get()
    assert way.get().status_code == 200


def test_what_is_said_to_be_gzipped_arrives_plain(way: Way) -> None:
    way.org.faults.add("gzip_lie")
    answer = way.get(stream=True)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.raw.read(1, decode_content=False) == b"{"


def test_a_dripping_reply_comes_in_pieces(way: Way) -> None:
    way.org.faults.add("drip", pieces=8, pause=0)
    assert way.get().json()["DailyApiRequests"]["Remaining"] == 14_999
    way.org.faults.add("drip", pieces=8, pause=0)
    with way.get(stream=True, headers={"Accept-Encoding": "identity"}) as answer:
        if way.served:
            pieces = list(answer.raw.read_chunked())
            assert len(pieces) == 8
        else:
            pieces = [answer.raw.read(400) for _ in range(20)]
        assert json.loads(b"".join(pieces))["DailyApiRequests"]["Remaining"] == 14_998


def test_a_pause_beyond_the_read_timeout_breaks_the_reading(way: Way) -> None:
    way.org.faults.add("drip", pieces=2, pause=5)
    began = time.monotonic()
    with pytest.raises(requests.ConnectionError, match="Read timed out"):
        way.get(timeout=0.2)
    assert time.monotonic() - began < 3


def test_a_slow_reply_holds_up_nobody_and_ends_with_the_clock(way: Way) -> None:
    """Nobody sleeps: the org's clock passes the ten minutes while the request is under way."""
    way.org.faults.add("slow", on="query", seconds=600)
    found: list[int] = []

    def ask() -> None:
        query = "/query?q=SELECT+Id+FROM+Account"
        found.append(way.get(query, timeout=700).status_code)

    thread = threading.Thread(target=ask)
    thread.start()
    wait_until(lambda: len(way.org.journal) > 0)
    with requests.Session() as other:
        other.headers.update(way.session.headers)
        other.trust_env, other.verify = way.session.trust_env, way.session.verify
        url = f"{way.base}/services/data/v60.0/limits"
        assert other.get(url, timeout=TIMEOUT).status_code == 200
    assert (found, thread.is_alive()) == ([], True)
    way.org.clock.advance(minutes=10)
    thread.join(TIMEOUT)
    assert found == [200]


@pytest.mark.parametrize("kind", ["slow", "maintenance_on_long_query"])
@pytest.mark.parametrize("frozen", [False, True])
def test_a_slow_reply_may_move_the_clock_in_the_place_of_sleeping(
    way: Way, kind: str, frozen: bool
) -> None:
    if frozen:
        way.org.clock.freeze()
    fault = way.org.faults.add(kind, on="query", seconds=300, moves_clock=True)
    before, began = way.org.clock.now, time.monotonic()
    answer = way.get("/query?q=SELECT+Id+FROM+Account", timeout=None)
    assert (answer.status_code, fault.fired) == ({"slow": 200}.get(kind, 503), 1)
    assert (way.org.clock.now - before).total_seconds() == pytest.approx(300, abs=30)
    assert (time.monotonic() - began < 60, len(way.org.limits.running)) == (True, 0)


def test_other_clients_see_the_same_over_the_server(org: Org) -> None:
    headers = {"Authorization": f"Bearer {org.sessions.open(org.admin_id).token}"}
    with Loopback(App(org)) as server, httpx.Client(trust_env=False) as client:
        url = f"{server.url}/services/data/v60.0/limits"
        # By name: another test may have had httpx's own base imported anew, whose classes it does not know then.
        cut = {"RemoteProtocolError", "ReadError"}  # the system may tell an end as a reset
        expected = {
            "connection_reset": {"ReadError"},
            "dropped_before_reply": cut,
            "body_cut": cut,
            "wrong_length": cut,
            "gzip_lie": {"DecodingError"},
            "broken_gzip": {"DecodingError"},
        }
        for kind, names in expected.items():
            org.faults.add(kind)
            with pytest.raises(Exception) as caught:  # noqa: PT011
                client.get(url, headers=headers)
            assert type(caught.value).__name__ in names
            assert client.get(url, headers=headers).status_code == 200

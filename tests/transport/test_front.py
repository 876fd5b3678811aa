"""The one listener of the process: orgs come and go behind it, connections stay."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator

import pytest

from sfmock.app import App
from sfmock.org.org import Org
from sfmock.transport.front import Front
from sfmock.transport.guard import Guard
from sfmock.transport.switchboard import Switchboard


class Place:
    """A listener with a table of its own, beside the one of the process."""

    def __init__(self) -> None:
        self.board, self.guard = Switchboard(), Guard()
        self.front = Front(self.board, self.guard)

    def connection(self) -> http.client.HTTPConnection:
        server = self.front.server
        return http.client.HTTPConnection(server.host, server.port, timeout=10)


@pytest.fixture
def place() -> Iterator[Place]:
    made = Place()
    yield made
    made.front.close()
    assert made.guard.drain() == []


def limits(connection: http.client.HTTPConnection, org: Org, host: str = "") -> tuple[int, str]:
    token = org.sessions.open(org.admin_id).token
    fields = {"Host": host or org.my_domain, "Authorization": f"Bearer {token}", "X-Forwarded-Proto": "https"}  # fmt: skip
    connection.request("GET", "/services/oauth2/userinfo", headers=fields)
    reply = connection.getresponse()
    return reply.status, str(json.loads(reply.read()).get("organization_id"))


def test_nothing_listens_before_somebody_asks_where() -> None:
    front = Front(Switchboard(), Guard())

    with Org.new() as org:
        front.cut(App(org))
    front.close()

    assert repr(front) == "<Front None>"


def test_it_is_one_listener_until_it_is_closed(place: Place) -> None:
    first = place.front.server

    assert place.front.server is first
    place.front.close()
    assert place.front.server is not first


def test_a_kept_connection_reaches_the_org_that_is_live_now(place: Place) -> None:
    connection = place.connection()
    answers = []
    for number in range(3):
        with Org.new(my_domain="acme", seed=number) as org:
            app = App(org)
            place.board.add(app)
            answers.append(limits(connection, org, "127.0.0.1") == (200, org.id))
            place.board.remove(app)
    connection.close()

    assert answers == [True, True, True]


def test_requests_of_one_connection_are_told_apart_by_their_host(place: Place) -> None:
    connection = place.connection()
    with Org.new(my_domain="acme", seed=1) as acme, Org.new(my_domain="other", seed=2) as other:
        for each in (acme, other):
            place.board.add(App(each))
        seen = [limits(connection, each, "localhost")[1] for each in (acme, other, acme)]
    connection.close()

    assert seen == [acme.id, other.id, acme.id]


def test_cut_ends_kept_connections_and_the_next_one_is_served(place: Place) -> None:
    connection = place.connection()
    with Org.new() as org:
        app = App(org)
        place.board.add(app)
        limits(connection, org, "localhost")
        kept = connection.sock
        place.front.cut(app)
        assert kept.recv(1) == b""
        connection.close()
        again = place.connection()
        assert limits(again, org, "localhost")[0] == 200
        again.close()


def test_cut_leaves_the_connections_that_serve_another_org(place: Place) -> None:
    with Org.new(my_domain="ends", seed=1) as ends, Org.new(my_domain="stays", seed=2) as stays:
        apps = [App(ends), App(stays)]
        connections = [place.connection(), place.connection(), place.connection()]
        for app in apps:
            place.board.add(app)
        for org, connection in zip((ends, stays, ends), connections, strict=True):
            limits(connection, org, "localhost")
        limits(connections[2], stays, "localhost")  # it was for the other one before
        socks = [each.sock for each in connections]
        place.front.cut(apps[0])
        assert socks[0].recv(1) == b""
        assert [limits(each, stays, "localhost")[1] for each in connections[1:]] == [
            stays.id,
            stays.id,
        ]
        assert [each.sock for each in connections[1:]] == socks[1:]
        for each in connections:
            each.close()


@pytest.mark.parametrize(
    ("path", "status", "kind", "found"),
    [
        ("/services/data/v60.0/limits", 421, "application/json", '[{"message":"no live org'),
        ("/services/oauth2/token", 421, "application/json", '"error":"SFMOCK_NO_ORG"'),
        ("/services/Soap/u/60.0", 500, "text/xml", "<faultstring>SFMOCK_NO_ORG: no live org"),
    ],
)
def test_a_request_of_no_org_is_an_error_in_the_form_of_its_api_and_fails_the_test(
    place: Place, path: str, status: int, kind: str, found: str
) -> None:
    connection = place.connection()
    connection.request("POST", path, body=b"", headers={"Host": "gone.my.salesforce.com"})
    reply = connection.getresponse()
    text = reply.read().decode()
    connection.close()

    assert reply.status == status
    assert reply.headers["Content-Type"].startswith(kind)
    assert found in text
    (note,) = place.guard.drain()
    assert note.startswith("no live org answers for gone.my.salesforce.com")


def test_it_is_the_proxy_of_the_orgs_that_live(place: Place) -> None:
    with Org.new() as org:
        app = App(org)
        place.board.add(app)
        assert [connect(place, host) for host in (org.my_domain, "login.salesforce.com")] == [
            "HTTP/1.1 200 Connection established",
            "HTTP/1.1 200 Connection established",
        ]
        place.board.remove(app)
        refusals = [connect(place, host) for host in (org.my_domain, "login.salesforce.com")]

    assert place.guard.drain() == [each.removeprefix("HTTP/1.1 403 ") for each in refusals]
    closed, none = refusals
    assert closed.startswith(f"HTTP/1.1 403 the org of {org.my_domain} is closed already")
    assert none.endswith("403 no org is live to answer for login.salesforce.com: open one first")


def connect(place: Place, host: str) -> str:
    server = place.front.server
    with socket.create_connection((server.host, server.port), timeout=10) as client:
        client.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        return client.recv(4096).decode().partition("\r\n")[0]


def test_a_dead_session_is_asked_for_no_body(place: Place) -> None:
    with Org.new() as org:
        place.board.add(App(org))
        connection = place.connection()
        connection.putrequest("POST", "/services/data/v60.0/sobjects/Account")
        connection.putheader("Expect", "100-continue")
        connection.putheader("Content-Length", "30000000")
        connection.endheaders()
        reply = connection.getresponse()

        assert (reply.status, reply.headers["Connection"]) == (401, "close")
        connection.close()

"""The real app behind the loopback server: lengths and chunks, compression, resets, and clients as they are."""

from __future__ import annotations

import contextlib
import gzip
import json
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator

import pytest
import requests
from simple_salesforce.api import Salesforce

from sfmock.app import App
from sfmock.org.org import Org
from sfmock.transport.loopback import Loopback, ca_file

pytestmark = pytest.mark.usefixtures("_surroundings")


@pytest.fixture
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy, and the one authority: requests prefers the environment to `Session.verify`."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(ca_file()))


@pytest.fixture
def org() -> Iterator[Org]:
    with Org.new() as made:
        yield made


@pytest.fixture
def server(org: Org) -> Iterator[Loopback]:
    with Loopback(App(org)) as made:
        yield made


@pytest.fixture
def auth(org: Org) -> dict[str, str]:
    return {"Authorization": f"Bearer {org.sessions.open(org.admin_id).token}"}


@pytest.fixture(params=["http", "https"])
def base(request: pytest.FixtureRequest, server: Loopback) -> str:
    return server.url if request.param == "http" else server.tls_url


def test_rest_is_chunked_and_soap_has_a_length(server: Loopback, auth: dict[str, str]) -> None:
    rest = requests.get(f"{server.url}/services/data/v60.0/limits", headers=auth, timeout=10)
    assert rest.headers["Transfer-Encoding"] == "chunked"
    assert "Content-Length" not in rest.headers
    soap = requests.post(f"{server.url}/services/Soap/u/59.0", data=b"<x/>", timeout=10)
    assert soap.headers["Content-Length"] == str(len(soap.content))
    assert "Transfer-Encoding" not in soap.headers


def test_requests_reads_compressed_replies_and_sends_compressed_bodies(
    base: str, org: Org, auth: dict[str, str]
) -> None:
    root = f"{base}/services/data/v60.0/sobjects/Account"
    with requests.Session() as session:
        session.headers.update(auth)
        described = session.get(f"{root}/describe", timeout=10)
        assert described.headers["Content-Encoding"] == "gzip"
        assert described.json()["name"] == "Account"
        headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
        body = gzip.compress(json.dumps({"Name": "Acme"}).encode())
        assert session.post(root, data=body, headers=headers, timeout=10).status_code == 201
        assert session.head(f"{root}/describe", timeout=10).content == b""
        assert session.get(f"{root}/describe", timeout=10).status_code == 200
    assert org.count("Account", "Name = 'Acme'") == 1


@pytest.mark.parametrize(
    "body",
    [
        b'Content-Length: 99\r\n\r\n{"Name": "Acme"}',
        b'Transfer-Encoding: chunked\r\n\r\n10\r\n{"Name": "Acme"}\r\n',
        b'Transfer-Encoding: chunked\r\n\r\n10\r\n{"Name": "Acme"}\r\n0\r\n',
    ],
)
@pytest.mark.parametrize("secure", [False, True])
def test_a_client_that_dies_within_its_body_changes_nothing(
    server: Loopback, org: Org, auth: dict[str, str], body: bytes, secure: bool
) -> None:
    before = org.digest()
    with socket.create_connection((server.host, server.port), timeout=10) as client:
        if secure:
            context = ssl.create_default_context(cafile=str(ca_file()))
            client = context.wrap_socket(client, server_hostname="localhost")
        with client:
            client.sendall(head("POST", "sobjects/Account", auth) + body)
            socket.socket.shutdown(client, socket.SHUT_WR)  # that of TLS would end TLS, too
            received = b""
            with contextlib.suppress(
                ssl.SSLError
            ):  # an alert: TLS was cut, which some versions tell
                received = client.recv(1)
    assert received == b""
    assert (org.digest(), org.count("Account"), len(org.journal)) == (before, 0, 0)


def head(method: str, path: str, auth: dict[str, str]) -> bytes:
    """A request up to its last header field."""
    fields = f"Host: x\r\nAuthorization: {auth['Authorization']}\r\nContent-Type: application/json"
    return f"{method} /services/data/v60.0/{path} HTTP/1.1\r\n{fields}\r\n".encode()


def test_a_dead_session_costs_no_upload(server: Loopback, org: Org) -> None:
    with socket.create_connection((server.host, server.port), timeout=10) as client:
        client.sendall(
            head("POST", "sobjects/ContentVersion", {"Authorization": "Bearer dead"})
            + b"Expect: 100-continue\r\nContent-Length: 30000000\r\n\r\n"
        )
        with client.makefile("rb") as reply:
            lines = reply.read().splitlines()

    assert lines[0] == b"HTTP/1.1 401 Unauthorized"
    assert b"Connection: close" in lines
    assert b"INVALID_SESSION_ID" in lines[-3]  # in the one chunk
    assert [(each.status, each.body) for each in org.journal] == [(401, b"")]


def test_a_live_session_is_asked_for_the_body(
    server: Loopback, org: Org, auth: dict[str, str]
) -> None:
    with socket.create_connection((server.host, server.port), timeout=10) as client:
        client.sendall(
            head("POST", "sobjects/Account", auth)
            + b"Expect: 100-continue\r\nContent-Length: 16\r\n\r\n"
        )
        with client.makefile("rb") as reply:
            assert reply.readline() == b"HTTP/1.1 100 Continue\r\n"
            assert reply.readline() == b"\r\n"
            client.sendall(b'{"Name": "Acme"}')
            assert reply.readline() == b"HTTP/1.1 201 Created\r\n"
    assert org.count("Account", "Name = 'Acme'") == 1


def test_a_planned_fault_may_look_at_the_body_of_a_dead_session(server: Loopback, org: Org) -> None:
    org.faults.add("server_unavailable", body="Acme")
    with socket.create_connection((server.host, server.port), timeout=10) as client:
        client.sendall(
            head("POST", "sobjects/Account", {"Authorization": "Bearer dead"})
            + b"Expect: 100-continue\r\nContent-Length: 16\r\n\r\n"
        )
        with client.makefile("rb") as reply:
            assert reply.readline() == b"HTTP/1.1 100 Continue\r\n"
            assert reply.readline() == b"\r\n"
            client.sendall(b'{"Name": "Acme"}')
            assert reply.readline() == b"HTTP/1.1 503 Service Unavailable\r\n"


def test_a_reset_after_the_commit_breaks_the_connection(
    base: str, org: Org, auth: dict[str, str]
) -> None:
    org.faults.add("connection_reset", on="create", at="after")
    with pytest.raises(requests.ConnectionError):
        requests.post(
            f"{base}/services/data/v60.0/sobjects/Account", json={"Name": "Acme"}, headers=auth,
            timeout=10,
        )  # fmt: skip
    assert org.count("Account") == 1


def test_a_long_uri_is_414(server: Loopback, auth: dict[str, str]) -> None:
    url = f"{server.url}/services/data/v60.0/query?q={'x' * 20_000}"
    assert requests.get(url, headers=auth, timeout=10).status_code == 414


@pytest.mark.parametrize("path", ["/%00", "/services/data/v60.0/sobjects/Account/%2e%2e/x", "//"])
def test_absurd_paths_get_an_answer(server: Loopback, auth: dict[str, str], path: str) -> None:
    with socket.create_connection((server.host, server.port)) as client:
        head = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {auth['Authorization']}\r\n"
        client.sendall(f"{head}Connection: close\r\n\r\n".encode())
        assert client.makefile("rb").readline() == b"HTTP/1.1 404 Not Found\r\n"


def test_simple_salesforce_works(base: str, org: Org, auth: dict[str, str]) -> None:
    with requests.Session() as session:
        token = auth["Authorization"].removeprefix("Bearer ")
        client = Salesforce(instance_url=base, session_id=token, session=session, version="60.0")
        client.base_url = f"{base}/services/data/v60.0/"
        client.headers["Accept-Encoding"] = "gzip"
        made = session.post(f"{client.base_url}sobjects/Account", json={"Name": "Acme"}, headers=auth, timeout=10)  # fmt: skip
        assert client.query("SELECT Id FROM Account")["records"][0]["Id"] == made.json()["id"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_works(base: str, auth: dict[str, str]) -> None:
    command = [
        "curl", "--silent", "--show-error", "--compressed", "--cacert", str(ca_file()), "--noproxy", "*",
        "--header", f"Authorization: {auth['Authorization']}", "--write-out", "\n%{http_code}",
        f"{base}/services/data/v60.0/limits",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    body, _, status = done.stdout.rpartition("\n")
    assert status == "200"
    assert "DailyApiRequests" in json.loads(body)

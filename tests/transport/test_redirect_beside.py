"""Redirection beside what it must leave alone, and beside what must not get past it: strangers, proxies, mocks."""

from __future__ import annotations

import asyncio
import http.client
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiodns
import httpx
import pytest
import requests
import requests_mock
import responses
import respx
import urllib3
import vcr  # type: ignore[import-untyped]  # vcrpy ships no types
from requests.adapters import HTTPAdapter
from vcr.errors import CannotOverwriteExistingCassetteException  # type: ignore[import-untyped]

import strangers
from sfmock.app import App
from sfmock.org.org import Org
from sfmock.transport.front import FRONT
from sfmock.transport.guard import GUARD, RealSalesforceBlocked
from sfmock.transport.wiring import connect

HOST = "acme.my.salesforce.com"
URL = f"https://{HOST}/services/data"
VERSIONS = '[{"label":"'


@pytest.fixture(scope="module")
def org() -> Iterator[Org]:
    with Org.new(my_domain="acme") as made:
        yield made


@pytest.fixture
def _redirect(org: Org) -> Iterator[None]:
    with connect(App(org), "redirect"):
        yield
    assert GUARD.drain() == []


@pytest.fixture
def _auto(org: Org) -> Iterator[None]:
    with connect(App(org), "auto"):
        yield
    assert GUARD.drain() == []


@pytest.fixture
def own() -> Iterator[strangers.Stranger]:
    with strangers.stranger("localhost") as made:
        yield made


@pytest.fixture
def real() -> Iterator[strangers.Stranger]:
    """Looks like Salesforce, and some clients believe it."""
    with strangers.stranger(HOST) as made:
        yield made


@pytest.mark.usefixtures("_redirect")
def test_the_users_own_server_is_trusted_as_before(own: strangers.Stranger) -> None:
    url = f"https://localhost:{own.address[1]}/"
    with httpx.Client(verify=own.context(), trust_env=False) as client:
        assert client.get(url).text == "stranger"
        assert client.get(URL).text.startswith(VERSIONS)
    with httpx.Client(trust_env=False) as client:
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            client.get(url)
        assert client.get(URL).text.startswith(VERSIONS)

    assert len(own.heard) == 1


@pytest.mark.usefixtures("_redirect")
@pytest.mark.parametrize("verify", [True, False])
def test_another_authority_is_not_believed_for_salesforce_whatever_the_client_trusts(
    real: strangers.Stranger, verify: bool
) -> None:
    context = real.context() if verify else ssl._create_unverified_context()

    async def ask() -> None:
        sock = socket.create_connection(real.address)
        sock.setblocking(False)
        await asyncio.open_connection(sock=sock, ssl=context, server_hostname=HOST)

    with pytest.raises(ssl.SSLCertVerificationError):
        asyncio.run(ask())

    assert real.heard == []
    (note,) = GUARD.drain()
    assert "wrap_bio to the real Salesforce host acme.my.salesforce.com" in note


@pytest.mark.usefixtures("_redirect")
def test_a_proxy_in_the_environment_is_passed_by(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert requests.get(URL, timeout=10).text.startswith(VERSIONS)
    assert httpx.get(URL).text.startswith(VERSIONS)


def test_a_client_that_holds_a_proxy_is_stopped_before_it_says_anything(
    org: Org, real: strangers.Stranger
) -> None:
    with (
        strangers.tunnel(real.address) as tunnel,
        httpx.Client(proxy=tunnel.url, verify=False) as client,
    ):
        with connect(App(org), "redirect"):
            with pytest.raises(RealSalesforceBlocked, match="goes through a proxy"):
                client.get(URL, headers={"Authorization": "Bearer secret"})
            assert len(GUARD.drain()) == 1
        heard = b"".join(tunnel.heard)

    assert heard.startswith(b"CONNECT acme.my.salesforce.com:443 HTTP/1.1\r\n")
    assert b"secret" not in heard
    assert real.heard == []


def test_an_async_client_that_holds_a_proxy_is_stopped_by_the_certificate(
    org: Org, real: strangers.Stranger
) -> None:
    async def ask(proxy: str) -> None:
        async with httpx.AsyncClient(proxy=proxy, verify=False) as client:
            with connect(App(org), "redirect"):
                await client.get(URL, headers={"Authorization": "Bearer secret"})

    with (
        strangers.tunnel(real.address) as tunnel,
        pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        asyncio.run(ask(tunnel.url))

    assert real.heard == []
    assert "goes through a proxy" in GUARD.drain()[0]


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_plain_proxy_of_http_client_is_stopped(org: Org, scheme: str) -> None:
    with connect(App(org), "redirect"), urllib3.ProxyManager("http://127.0.0.1:9") as proxied:
        with pytest.raises(RealSalesforceBlocked, match="goes through a proxy"):
            proxied.request("GET", f"{scheme}://{HOST}/", retries=False)
        assert len(GUARD.drain()) == 1


@pytest.mark.usefixtures("_redirect")
def test_our_own_listener_is_a_proxy_within_the_process_as_well() -> None:
    with httpx.Client(proxy=FRONT.server.url, verify=False) as client:
        assert client.get(URL).text.startswith(VERSIONS)
    with urllib3.ProxyManager(FRONT.server.url) as proxied:
        assert proxied.request("GET", URL).data.decode().startswith(VERSIONS)


def test_a_connection_that_was_opened_before_is_stopped(org: Org) -> None:
    ours, theirs = socket.socketpair()
    connection = http.client.HTTPSConnection(HOST)
    connection.sock = ours
    with ours, theirs, connect(App(org), "redirect"):
        with pytest.raises(RealSalesforceBlocked, match="a connection that was opened before"):
            connection.request("GET", "/services/data")
        with pytest.raises(RealSalesforceBlocked):
            ssl.create_default_context().wrap_socket(ours, server_hostname=HOST)
        assert len(GUARD.drain()) == 2
        theirs.setblocking(False)
        with pytest.raises(BlockingIOError):
            theirs.recv(1)


def test_what_cannot_be_led_is_stopped(org: Org) -> None:
    async def query() -> None:
        await aiodns.DNSResolver().query(HOST, "A")

    with connect(App(org), "redirect"):
        with socket.socket(socket.AF_INET6) as sock, pytest.raises(RealSalesforceBlocked):
            sock.connect((HOST, 443))
        with pytest.raises(RealSalesforceBlocked, match="past IPv4 and the system's look-ups"):
            asyncio.run(query())
        assert len(GUARD.drain()) == 2


@pytest.mark.usefixtures("_redirect")
def test_the_users_own_server_on_loopback_is_not_salesforce(own: strangers.Stranger) -> None:
    with socket.create_connection(own.address, timeout=10) as sock:
        assert sock.getpeername() == own.address
    with socket.socket() as sock:
        sock.connect(own.address)
        assert sock.getpeername() == own.address


def test_a_host_of_no_org_is_an_error_that_the_client_shows(org: Org) -> None:
    with connect(App(org), "redirect"):
        reply = httpx.get("https://nobody.my.salesforce.com/services/data")

    (note,) = GUARD.drain()
    assert (reply.status_code, reply.json()[0]["errorCode"]) == (421, "SFMOCK_NO_ORG")
    assert reply.json()[0]["message"] == note
    assert "no live org answers for nobody.my.salesforce.com (live: acme.my" in note


class Direct(HTTPAdapter):
    """Does not call `super().send`, as some adapters for metrics or caching."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        pool = urllib3.PoolManager()
        reply = pool.request("GET", request.url or "", preload_content=False)
        return self.build_response(request, reply)


@pytest.mark.usefixtures("_auto")
def test_an_adapter_that_goes_past_the_hook_is_redirected() -> None:
    with requests.Session() as session:
        session.mount("https://", Direct())
        reply = session.get(URL)

    assert reply.text.startswith(VERSIONS)
    assert FRONT.server.port > 0


@pytest.mark.usefixtures("_auto")
def test_a_nested_responses_mock_that_lets_salesforce_pass_meets_the_fake() -> None:
    with responses.RequestsMock() as mock:
        mock.add_passthru(URL)
        assert requests.get(URL).text.startswith(VERSIONS)


@pytest.mark.usefixtures("_redirect")
def test_a_requests_mock_with_real_http_lets_the_rest_through_to_the_fake() -> None:
    with requests_mock.Mocker(real_http=True) as mock:
        mock.get("https://api.example.com/", text="their fake")
        assert requests.get("https://api.example.com/", timeout=10).text == "their fake"
        assert requests.get(URL, timeout=10).text.startswith(VERSIONS)


@pytest.mark.usefixtures("_auto")
def test_a_strict_respx_mock_refuses_salesforce_and_one_that_lets_it_pass_meets_the_fake() -> None:
    with respx.mock, pytest.raises(respx.models.AllMockedAssertionError):
        httpx.get(URL)
    with respx.mock(assert_all_called=False) as router:
        router.route(host=HOST).pass_through()
        assert httpx.get(URL).text.startswith(VERSIONS)


@pytest.mark.usefixtures("_redirect")
def test_vcr_records_the_fake_unless_it_is_told_to_ignore_it(tmp_path: Path) -> None:
    cassette = tmp_path / "salesforce.yaml"
    with vcr.use_cassette(str(cassette), record_mode="once"):
        assert requests.get(URL, timeout=10).text.startswith(VERSIONS)
    assert HOST in cassette.read_text()

    with (
        vcr.use_cassette(str(tmp_path / "none.yaml"), record_mode="none"),
        pytest.raises(CannotOverwriteExistingCassetteException),
    ):
        requests.get(URL, timeout=10)
    with vcr.use_cassette(str(tmp_path / "none.yaml"), record_mode="none", ignore_hosts=[HOST]):
        assert requests.get(URL, timeout=10).text.startswith(VERSIONS)

"""Requests and replies of every shape through redirected connections, and simple-salesforce and aiosalesforce as they are."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import json
import ssl
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import aiosalesforce
import httpx
import pytest
import requests
import urllib3
from aiosalesforce.auth import SoapLogin
from simple_salesforce.api import Salesforce

from sfmock.app import App
from sfmock.control.handle import Sfmock
from sfmock.org.org import Org
from sfmock.transport.guard import GUARD
from sfmock.transport.wiring import connect


@pytest.fixture(scope="module")
def org() -> Iterator[Org]:
    with Org.new(seed=3, my_domain="acme") as made:
        yield made


@pytest.fixture(params=["redirect", "auto"])
def sf(org: Org, request: pytest.FixtureRequest) -> Iterator[Sfmock]:
    app = App(org)
    with connect(app, request.param) as address:
        yield Sfmock(
            app,
            instance_url=address.instance_url,
            login_url=address.login_url,
            transport=address.transport,
        )
    org.faults.clear()
    assert GUARD.drain() == []


@pytest.fixture
def headers(sf: Sfmock) -> dict[str, str]:
    return {"Authorization": f"Bearer {sf.access_token}"}


@pytest.fixture
def account(sf: Sfmock) -> str:
    return f"{sf.instance_url}/services/data/v60.0/sobjects/Account"


def pieces() -> Iterator[bytes]:
    yield b'{"Name": '
    yield b'"In pieces"}'


async def apieces() -> AsyncIterator[bytes]:
    for piece in pieces():
        yield piece


def test_a_generator_is_a_body(sf: Sfmock, headers: dict[str, str], account: str) -> None:
    async def aiohttp_post() -> int:
        async with (
            aiohttp.ClientSession(headers=fields) as session,
            session.post(account, data=apieces()) as reply,
        ):
            return reply.status

    fields = headers | {"Content-Type": "application/json"}
    found = [
        requests.post(account, data=pieces(), headers=fields, timeout=10).status_code,
        httpx.post(account, content=pieces(), headers=fields).status_code,
        asyncio.run(aiohttp_post()),
        urllib3.request("POST", account, body=pieces(), headers=fields).status,
    ]

    assert found == [201, 201, 201, 201]
    assert {each.body for each in list(sf.requests)[-4:]} == {b'{"Name": "In pieces"}'}


def test_a_body_is_gzipped_in_both_directions(
    sf: Sfmock, headers: dict[str, str], account: str
) -> None:
    fields = headers | {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    packed = gzip.compress(b'{"Name": "Packed"}')
    describe = f"{account}/describe"

    with httpx.Client(headers=fields) as client:
        made = client.post(account, content=packed)
        reply = client.get(describe, headers={"Accept-Encoding": "gzip"})

    assert (made.status_code, reply.status_code) == (201, 200)
    assert reply.headers["Content-Encoding"] == "gzip"
    assert reply.json()["name"] == "Account"


def test_an_http_redirect_goes_on_to_the_org(sf: Sfmock, headers: dict[str, str]) -> None:
    user = sf.user.id
    url = f"https://login.salesforce.com/id/{sf.org.id}/{user}"

    reply = httpx.get(url, headers=headers)
    while reply.is_redirect:
        reply = httpx.get(reply.headers["Location"], headers=headers)
    followed = requests.get(url, headers=headers, timeout=10)

    assert (reply.status_code, reply.json()["user_id"]) == (200, user)
    # requests goes on without the token, for it is another host.
    assert (followed.url.partition("/id")[0], followed.text) == (sf.instance_url, "Missing_OAuth_Token")  # fmt: skip
    assert {each.url.partition("/id")[0] for each in list(sf.requests)[-4:]} == {
        "https://login.salesforce.com",
        sf.instance_url,
    }


def test_a_connection_is_closed_where_the_client_wants_it(
    sf: Sfmock, headers: dict[str, str]
) -> None:
    host = sf.org.my_domain
    connection = http.client.HTTPSConnection(host, timeout=10)
    connection.request(
        "GET", "/services/data/v60.0/limits", headers=headers | {"Connection": "close"}
    )
    sock = connection.sock
    reply = connection.getresponse()

    assert reply.status == 200
    assert "DailyApiRequests" in json.loads(reply.read())
    assert reply.headers["Connection"] == "close"
    assert connection.sock is None
    assert sock.fileno() == -1


def test_plain_http_to_salesforce_meets_the_fake_too(sf: Sfmock) -> None:
    reply = httpx.get(f"http://{sf.org.my_domain}/services/data/v60.0/limits")

    assert (reply.status_code, sf.requests[-1].url.partition("/services")[0]) == (501, f"http://{sf.org.my_domain}")  # fmt: skip


def test_faults_reach_redirected_clients(sf: Sfmock, headers: dict[str, str]) -> None:
    url = f"{sf.instance_url}/services/data/v60.0/limits"
    sf.faults.add("server_unavailable")
    with httpx.Client(headers=headers) as client:
        assert client.get(url).status_code == 503
        sf.faults.add("connection_reset")
        with pytest.raises(httpx.TransportError):
            client.get(url)
        assert client.get(url).status_code == 200


def test_the_certificate_names_the_host_and_is_checked(sf: Sfmock) -> None:
    context = ssl.create_default_context()
    with (
        httpx.Client(verify=context) as client,
        client.stream("GET", f"{sf.instance_url}/services/data") as reply,
    ):
        stream = reply.extensions["network_stream"]
        names = stream.get_extra_info("ssl_object").getpeercert()["subjectAltName"]

    assert names == (("DNS", sf.org.my_domain),)
    assert context.verify_mode is ssl.CERT_REQUIRED


def test_simple_salesforce_logs_in_by_soap_client_credentials_jwt_and_session(sf: Sfmock) -> None:
    keys = sf.credentials
    domain = sf.org.my_domain.removesuffix(".salesforce.com")
    clients: list[Any] = [  # it finds sobjects by attribute
        Salesforce(
            username=keys.username, password=keys.password, security_token=keys.security_token
        ),
        Salesforce(consumer_key=keys.client_id, consumer_secret=keys.client_secret, domain=domain),
        Salesforce(
            username=keys.username, consumer_key=keys.client_id, privatekey=keys.private_key
        ),
        Salesforce(session_id=sf.access_token, instance_url=sf.instance_url),
    ]

    assert [each.sf_instance for each in clients] == [sf.org.my_domain] * 4
    assert [each.Account.create({"Name": "Acme"})["success"] for each in clients] == [True] * 4


def test_aiosalesforce_logs_in_and_queries(sf: Sfmock) -> None:
    keys = sf.credentials

    async def names() -> list[str]:
        async with httpx.AsyncClient() as client:
            salesforce = aiosalesforce.Salesforce(
                client,
                base_url=sf.instance_url,
                auth=SoapLogin(keys.username, keys.password, keys.security_token),
            )
            await salesforce.sobject.create("Account", {"Name": "By aiosalesforce"})
            soql = "SELECT Name FROM Account WHERE Name = 'By aiosalesforce' LIMIT 1"
            return [record["Name"] async for record in salesforce.query(soql)]

    assert asyncio.run(names()) == ["By aiosalesforce"]

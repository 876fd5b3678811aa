"""Redirection over time: orgs that come, go and stand side by side, and what is left of it afterwards."""

from __future__ import annotations

import asyncio
import http.client
import importlib
import itertools
import os
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from types import ModuleType

import aiohttp
import httpx
import pytest
import requests
import urllib3
from requests.adapters import HTTPAdapter

from sfmock.app import App
from sfmock.org.org import Org
from sfmock.transport.addresses import PRIVATE
from sfmock.transport.front import FRONT
from sfmock.transport.guard import GUARD, RealSalesforceBlocked
from sfmock.transport.wiring import connect

HOST = "login.salesforce.com"
TOKEN = f"https://{HOST}/services/oauth2/token"


@pytest.fixture(autouse=True)
def _nothing_is_blocked() -> Iterator[None]:
    yield
    assert GUARD.drain() == []


@pytest.fixture(scope="module")
def orgs() -> Iterator[Sequence[Org]]:
    with ExitStack() as stack:
        yield [
            stack.enter_context(Org.new(seed=number, my_domain=name))
            for number, name in enumerate(("acme", "other", "third"))
        ]


@contextmanager
def redirected(org: Org, transport: str = "redirect") -> Iterator[None]:
    with connect(App(org), transport):
        yield


def limits_url(org: Org) -> str:
    return f"https://{org.my_domain}/services/data/v60.0/limits"


def auth(org: Org) -> dict[str, str]:
    return {"Authorization": f"Bearer {org.sessions.open(org.admin_id).token}"}


def userinfo(org: Org) -> str:
    return f"https://{org.my_domain}/services/oauth2/userinfo"


def _state() -> dict[str, object]:
    c_libraries: list[type] = []
    for module, name in (("uvloop", "Loop"), ("aiodns", "DNSResolver")):
        c_libraries.append(getattr(importlib.import_module(module), name))
    owners: tuple[ModuleType | type, ...] = (
        socket, socket.socket, ssl.SSLContext, http.client.HTTPConnection, HTTPAdapter,
        asyncio.BaseEventLoop, *c_libraries,
    )  # fmt: skip
    found: dict[str, object] = {
        f"{owner.__name__}.{name}": id(value)
        for owner in owners
        for name, value in vars(owner).items()
        if not name.startswith("__")
    }
    return found | {name: os.environ.get(name) for name in ("NO_PROXY", "no_proxy")}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize(
    "transports", [("auto", "redirect", "intercept"), ("redirect", "http", "auto")]
)
def test_everything_is_given_back_whatever_ends_first(
    orgs: Sequence[Org], order: Sequence[int], transports: Sequence[str]
) -> None:
    before = _state()
    lives = [redirected(org, transport) for org, transport in zip(orgs, transports, strict=True)]
    for each in lives:
        each.__enter__()
    inside = _state()
    for number in order:
        lives[number].__exit__(None, None, None)

    assert _state() == before
    assert inside != before


def test_names_lead_to_the_fake_as_long_as_one_org_wants_it(orgs: Sequence[Org]) -> None:
    lives = [redirected(orgs[0]), redirected(orgs[1], "intercept"), redirected(orgs[2])]
    seen = []
    for each in lives:
        each.__enter__()
        seen.append(socket.gethostbyname(HOST))
    for each in lives[:1] + lives[2:]:
        assert socket.gethostbyname(HOST) == PRIVATE
        each.__exit__(None, None, None)
    with pytest.raises(RealSalesforceBlocked):
        socket.gethostbyname(HOST)
    lives[1].__exit__(None, None, None)
    assert len(GUARD.drain()) == 1

    assert seen == [PRIVATE, PRIVATE, PRIVATE]


def test_what_keeps_a_copy_of_our_doors_goes_through_them_unhindered_afterwards(
    orgs: Sequence[Org], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def theirs(host: object, *_: object, **__: object) -> list[object]:
        asked.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "no name server in tests")

    monkeypatch.setattr(socket, "getaddrinfo", theirs)
    user = ssl.create_default_context()
    with redirected(orgs[0]):
        look_up, wrap_bio = socket.getaddrinfo, user.wrap_bio
    with pytest.raises(socket.gaierror):
        look_up(HOST, 443)
    tls = wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=HOST)

    assert asked == [HOST]
    assert tls.context is user


def test_a_hook_that_somebody_put_above_ours_stays(
    orgs: Sequence[Org], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = socket.gethostbyname
    with redirected(orgs[0]):
        ours = socket.gethostbyname

        def theirs(host: str) -> str:
            return ours(host)

        monkeypatch.setattr(socket, "gethostbyname", theirs)
        assert socket.gethostbyname(HOST) == PRIVATE

    assert socket.gethostbyname is theirs
    monkeypatch.undo()
    assert socket.gethostbyname is ours
    socket.gethostbyname = before


def test_clients_of_a_module_see_the_org_of_each_test(orgs: Sequence[Org]) -> None:
    """Two tests one after the other have an org under the same name; the connections are kept meanwhile."""
    seen = []
    with requests.Session() as session, httpx.Client() as client, urllib3.PoolManager() as pool:
        for seed in (1, 2, 3):
            with Org.new(seed=seed, my_domain="kept") as org, redirected(org):
                url, fields = userinfo(org), auth(org)
                found = [
                    session.get(url, headers=fields, timeout=10).json()["organization_id"],
                    client.get(url, headers=fields).json()["organization_id"],
                    pool.request("GET", url, headers=fields).json()["organization_id"],
                ]
                seen.append(found == [org.id] * 3)
                assert [each.status for each in org.journal] == [200, 200, 200]

    assert seen == [True, True, True]


def test_async_clients_of_a_module_see_the_org_of_each_test() -> None:
    async def ask(client: httpx.AsyncClient, session: aiohttp.ClientSession, org: Org) -> set[str]:
        url, fields = userinfo(org), auth(org)
        first = (await client.get(url, headers=fields)).json()["organization_id"]
        async with session.get(url, headers=fields) as reply:
            return {first, (await reply.json())["organization_id"]}

    async def make() -> aiohttp.ClientSession:
        return aiohttp.ClientSession()

    with asyncio.Runner() as runner:
        client, session = httpx.AsyncClient(), runner.run(make())
        for seed in (1, 2):
            with Org.new(seed=seed, my_domain="kept") as org, redirected(org):
                assert runner.run(ask(client, session, org)) == {org.id}
        runner.run(client.aclose())
        runner.run(session.close())


@pytest.mark.parametrize(
    "host", ["acme.my.salesforce.com.", "ACME.my.SalesForce.com", "acme.my.salesforce.com:443"]
)
def test_a_host_is_redirected_in_every_spelling(orgs: Sequence[Org], host: str) -> None:
    url = f"https://{host}/services/data"
    with redirected(orgs[0]), urllib3.PoolManager() as pool:
        assert requests.get(url, timeout=10).status_code == 200
        assert httpx.get(url).status_code == 200
        assert pool.request("GET", url).status == 200


@pytest.mark.parametrize("name", [HOST, b"Login.Salesforce.Com.", "login\u3002salesforce.com"])
def test_a_name_is_looked_up_as_the_private_address_in_every_spelling(
    orgs: Sequence[Org], name: str | bytes
) -> None:
    with redirected(orgs[0]):
        found = socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)

    assert [address for *_, address in found] == [(PRIVATE, 443)]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_kept_connections_are_cut_with_the_org_and_clients_reconnect_unnoticed(
    orgs: Sequence[Org], method: str
) -> None:
    org, statuses = orgs[0], []
    with requests.Session() as session, httpx.Client() as client:
        for _ in range(2):
            with redirected(org):
                for send in (session.request, client.request):
                    path = f"https://{org.my_domain}/services/data/v60.0/sobjects/Account"
                    reply = send(method, path, headers=auth(org), json={"Name": "Acme"})
                    statuses.append(reply.status_code)
                open_ones = FRONT.server._server.connections.open
                assert len(open_ones) >= 2
            FRONT.server._server.connections.wait_until_closed(10)
            assert not open_ones

    assert statuses == [200 if method == "GET" else 201] * 4


def test_sixteen_threads_and_two_orgs_are_told_apart_by_their_hosts(orgs: Sequence[Org]) -> None:
    acme, other = orgs[:2]
    context = ssl.create_default_context()  # loading the public authorities is what takes the time

    def ask(number: int) -> bool:
        org = (acme, other)[number % 2]
        headers = auth(org)
        with httpx.Client(verify=context) as client:
            found = [client.get(userinfo(org), headers=headers).json() for _ in range(5)]
        return {each["organization_id"] for each in found} == {org.id}

    with redirected(acme), redirected(other), ThreadPoolExecutor(16) as pool:
        right = list(pool.map(ask, range(16)))

    assert right == [True] * 16


def test_event_loops_side_by_side_reach_their_own_orgs(orgs: Sequence[Org]) -> None:
    async def ask(org: Org) -> set[str]:
        async with httpx.AsyncClient(headers=auth(org)) as client:
            replies = await asyncio.gather(*(client.get(userinfo(org)) for _ in range(4)))
        return {reply.json()["organization_id"] for reply in replies}

    with redirected(orgs[0]), redirected(orgs[1], "auto"), ThreadPoolExecutor(4) as pool:
        asked = [orgs[number % 2] for number in range(4)]
        found = list(pool.map(lambda org: asyncio.run(ask(org)), asked))

    assert found == [{org.id} for org in asked]


def test_a_login_host_asks_whose_user_secret_or_token_it_is(orgs: Sequence[Org]) -> None:
    """The orgs are twins but for their names, which the host of a log-in does not tell."""
    with ExitStack() as stack:
        twins = [
            stack.enter_context(Org.new(seed=7, my_domain=name)) for name in ("twin-a", "twin-b")
        ]
        for org in twins:
            stack.enter_context(redirected(org))
        client = stack.enter_context(httpx.Client())
        for org in twins:
            user = org.users.get(org.admin_id)
            assert user is not None
            app, secrets = org.connected_app("Login"), org.users.secrets(user.id)
            form = {
                "grant_type": "password", "client_id": app.client_id, "client_secret": app.client_secret,
                "username": user.username, "password": secrets.password + secrets.security_token,
            }  # fmt: skip
            told = client.post(TOKEN, data=form).json()
            assert told["instance_url"] == f"https://{org.my_domain}"
            fields = {"Authorization": f"Bearer {told['access_token']}"}
            info = client.get(f"https://{HOST}/services/oauth2/userinfo", headers=fields).json()
            assert info["organization_id"] == org.id


def test_threads_start_and_end_orgs_together() -> None:
    before = _state()

    def use(number: int) -> int:
        with Org.new(seed=number, my_domain=f"acme{number}") as org:
            statuses = set()
            for _ in range(3):
                with redirected(org), urllib3.PoolManager() as pool:
                    statuses.add(pool.request("GET", limits_url(org), headers=auth(org)).status)
            return statuses.pop() if len(statuses) == 1 else 0

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(use, range(4)))

    assert found == [200] * 4
    assert _state() == before


def test_nothing_listens_until_somebody_connects(orgs: Sequence[Org]) -> None:
    FRONT.close()
    before = set(threading.enumerate())
    with redirected(orgs[0], "auto"):
        reply = requests.get(limits_url(orgs[0]), headers=auth(orgs[0]), timeout=10)
        assert socket.getaddrinfo(HOST, 443)

    assert reply.status_code == 200
    assert set(threading.enumerate()) == before


def test_auto_answers_requests_in_process_and_all_others_by_socket(orgs: Sequence[Org]) -> None:
    org = orgs[0]
    FRONT.close()
    with redirected(org, "auto"):
        assert requests.get(limits_url(org), headers=auth(org), timeout=10).status_code == 200
        assert repr(FRONT) == "<Front None>"
        assert httpx.get(limits_url(org), headers=auth(org)).status_code == 200
        assert repr(FRONT) != "<Front None>"


def test_redirect_answers_requests_by_socket(orgs: Sequence[Org]) -> None:
    FRONT.close()
    with redirected(orgs[0]):
        reply = requests.get(limits_url(orgs[0]), headers=auth(orgs[0]), timeout=10)

    assert reply.status_code == 200
    assert repr(FRONT) != "<Front None>"

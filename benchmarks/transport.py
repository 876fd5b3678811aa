"""An intercepted one-row query against a constant `responses` callback, over each transport, and against simple-mockforce."""

from __future__ import annotations

import asyncio
import functools
import importlib.util
import json
import ssl
import time
from collections.abc import Callable

import aiohttp
import httpx
import requests
import responses
from measure import side_by_side, timed, worked

from sfmock import Org, intercept
from sfmock.app import App
from sfmock.transport.wiring import Address, connect

CALLS = 200
ORGS = 500
HOST = "https://acme.develop.my.salesforce.com"


QUERY = "/services/data/v60.0/query?q=SELECT+Id,Name+FROM+Account+LIMIT+1"
Fields = list[tuple[str, str]]


def _constant(url: str, fields: Fields, body: str) -> float:
    """Seconds for CALLS requests that a `responses` callback answers with one body, cookies in the first reply only."""
    plain = [each for each in fields if each[0] != "Set-Cookie"]

    def answer(request: requests.PreparedRequest) -> tuple[int, Fields, str]:
        return 200, plain if "Cookie" in request.headers else fields, body

    with responses.RequestsMock() as mock, requests.Session() as session:
        session.headers["Authorization"] = "Bearer x"
        mock.add_callback(responses.GET, url, answer, content_type=None)
        session.get(url, params={"q": "SELECT"})  # takes the cookies, as the other side has done
        return worked(
            lambda: [session.get(url, params={"q": "SELECT"}).json() for _ in range(CALLS)]
        )


def one_row_query(rows: int) -> None:
    """A query by a name that one row has, through a real session, in process.

    A session spends time on every header field and cookie of a reply: the first baseline answers with those of ours,
    the second one with a bare body.
    """
    with Org.new() as org:
        org.limits["DailyApiRequests"].max = 10**9
        org.create("Account", rows - 1)
        org.create("Account", Name="The One")
        soql = "SELECT Id, Name FROM Account WHERE Name = 'The One'"
        with intercept(org) as sf, requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {sf.access_token}"
            url = f"{sf.instance_url}/services/data/v60.0/query"
            body = session.get(url, params={"q": soql}).text
            assert json.loads(body)["totalSize"] == 1
            whole = list(sf.requests[0].reply_headers)
            bare = [("Content-Type", "application/json;charset=UTF-8")]

            def ours() -> float:
                return worked(
                    lambda: [session.get(url, params={"q": soql}).json() for _ in range(CALLS)]
                )

            for what, fields in (("the same header fields", whole), ("a bare body", bare)):
                side_by_side(
                    f"CPU time of {CALLS} one-row queries at {rows} rows, intercepted",
                    ("pytest-sfmock", ours),
                    (
                        f"a constant responses callback, {what}",
                        functools.partial(
                            _constant, f"{HOST}/services/data/v60.0/query", fields, body
                        ),
                    ),
                    runs=9,
                )


def _by_requests(address: Address, headers: dict[str, str]) -> float:
    with requests.Session() as session:
        session.headers.update(headers)
        trust = str(address.ca_file) if address.ca_file else None
        get = functools.partial(session.get, f"{address.instance_url}{QUERY}", verify=trust)
        get().raise_for_status()
        return worked(lambda: [get().json() for _ in range(CALLS)])


def _by_httpx(address: Address, headers: dict[str, str]) -> float:
    with httpx.Client(headers=headers, verify=_trust(address)) as client:
        url = f"{address.instance_url}{QUERY}"
        client.get(url).raise_for_status()
        return worked(lambda: [client.get(url).json() for _ in range(CALLS)])


def _by_aiohttp(address: Address, headers: dict[str, str]) -> float:
    async def all_calls() -> float:
        connector = aiohttp.TCPConnector(ssl=_trust(address))
        async with aiohttp.ClientSession(headers=headers, connector=connector) as session:
            url = f"{address.instance_url}{QUERY}"

            async def ask() -> None:
                async with session.get(url) as reply:
                    reply.raise_for_status()
                    await reply.json()

            await ask()
            began = time.process_time()
            for _ in range(CALLS):
                await ask()
            return time.process_time() - began

    return asyncio.run(all_calls())


def _trust(address: Address) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=address.ca_file)


def whole_call() -> None:
    """A one-row query by each transport: CPU time, of client and server together, as they share a process."""
    clients: tuple[tuple[Callable[[Address, dict[str, str]], float], tuple[str, ...]], ...] = (
        (_by_requests, ("intercept", "http", "https", "redirect")),
        (_by_httpx, ("http", "https", "redirect")),
        (_by_aiohttp, ("http", "https", "redirect")),
    )
    with Org.new() as org:
        org.limits["DailyApiRequests"].max = 10**9
        org.create("Account", 10)
        headers = {"Authorization": f"Bearer {org.sessions.open(org.admin_id).token}"}

        def seconds(call: Callable[[Address, dict[str, str]], float], transport: str) -> float:
            with connect(App(org), transport) as address:
                return call(address, headers) / CALLS

        for call, (first, *others) in clients:
            for transport in others:
                side_by_side(
                    f"CPU time of a one-row query{call.__name__.replace('_', ' ')}",
                    (transport, functools.partial(seconds, call, transport)),
                    (first, functools.partial(seconds, call, first)),
                    label="us",
                )


def against_mockforce(rows: int) -> None:
    """The same query by simple-salesforce, ours and simple-mockforce's; seconds a query, the first one not counted."""
    if importlib.util.find_spec("simple_mockforce") is None:
        print(
            "simple-mockforce is not here; it needs an environment of its own (README.md, transport.py)\n"
        )
        return
    from simple_mockforce import mock_salesforce
    from simple_salesforce.api import Salesforce

    soql = f"SELECT Id, Name FROM Account WHERE Name = 'Account {rows // 2}'"

    def seconds_a_query(client: Salesforce, calls: int) -> float:
        assert len(client.query(soql)["records"]) == 1
        return timed(lambda: [client.query(soql) for _ in range(calls)]) / calls

    @mock_salesforce(fresh=True)
    def theirs() -> float:
        client = Salesforce(username="u", password="p", security_token="t")
        for number in range(rows):
            client.Account.create({"Name": f"Account {number}"})
        return seconds_a_query(client, 3)

    def ours() -> float:
        with Org.new() as org, intercept(org) as sf:
            client = Salesforce(session_id=sf.access_token, instance_url=sf.instance_url)
            org.insert("Account", [{"Name": f"Account {number}"} for number in range(rows)])
            return seconds_a_query(client, 100)

    side_by_side(
        f"a one-row query at {rows} rows, simple-salesforce",
        ("simple-mockforce", theirs),
        ("pytest-sfmock", ours),
        runs=5 if rows <= 1_000 else 3,
    )


def coming_and_going() -> None:
    """An org made reachable and out of reach again, as each test does it: what redirection adds to interception."""

    def by(transport: str) -> float:
        def once() -> None:
            with connect(app, transport):
                pass

        once()  # what is loaded once
        return timed(lambda: [once() for _ in range(ORGS)])

    with Org.new() as org:
        app = App(org)
        side_by_side(
            f"{ORGS} times reachable and out of reach",
            ("auto", functools.partial(by, "auto")),
            ("intercept", functools.partial(by, "intercept")),
            runs=9,
        )


if __name__ == "__main__":
    one_row_query(10)
    one_row_query(10_000)
    whole_call()
    coming_and_going()
    against_mockforce(100)
    against_mockforce(10_000)

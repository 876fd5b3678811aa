"""httpx, aiohttp, urllib3 and curl, each as its users write it, unmodified."""

from __future__ import annotations

import asyncio
import importlib.metadata
import os
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import urllib3

import runtimes
from battery import EXPIRED, INVALID, MALFORMED, MISSING, Battery, Driver, Shows, Told
from local_drivers import (
    Aiohttp,
    AsyncHttpx,
    Curl,
    Httpx,
    Urllib3,
    httpx_driver,
    plain_driver,
    trusting,
)
from proven import CLIENTS
from pytest_sfmock import Sfmock
from sfmock.transport.loopback import ca_file

over_http = pytest.mark.sfmock(transport="http")
over_tls = pytest.mark.sfmock(transport="https")

REASONS = {400: "Bad Request", 401: "Unauthorized", 404: "Not Found"}
REFUSED = {"error": "invalid_client", "error_description": "invalid client credentials"}


@pytest.mark.parametrize("name", ["httpx", "aiohttp", "urllib3"])
def test_the_version_under_test_is_the_pinned_one(name: str) -> None:
    lowest, _, newest = CLIENTS[name].version.partition(" to ")
    installed = importlib.metadata.version(name)
    assert installed == newest or installed.startswith(lowest)


def body(error: tuple[str, str]) -> list[Told]:
    code, message = error
    return [{"message": message, "errorCode": code}]


def by_httpx(status: int, body: object) -> Told:
    return {
        "message": f"Client error '{status} {REASONS[status]}'",
        "status": status,
        "body": body,
    }


def by_hand(status: int, body: object) -> Told:
    return {"status": status, "reason": REASONS[status], "body": body}


def by_curl(status: int, body: object) -> Told:
    message = f"curl: (22) The requested URL returned error: {status}"
    return {"exit": 22, "message": message, "body": body}


def shows(tell: Callable[[int, object], Told]) -> Shows:
    required = [{**body(INVALID)[0], "fields": ["Name"]}]
    return Shows(
        refused=tell(400, REFUSED),
        expired=tell(401, body(EXPIRED)),
        missing=tell(404, [{"errorCode": MISSING[0], "message": MISSING[1]}]),
        invalid=tell(400, required),
        malformed=tell(400, body(MALFORMED)),
    )


class WithHttpx(Battery):
    client = CLIENTS["httpx"]
    shows = shows(by_httpx)

    @pytest.fixture
    def driver(self, fake: Sfmock) -> Iterator[Driver]:
        with httpx.Client(verify=trusting(fake.ca_file)) as client:
            yield httpx_driver(Httpx(client))


@over_http
class TestHttpxOverHttp(WithHttpx):
    pass


@over_tls
class TestHttpxOverTls(WithHttpx):
    pass


@over_tls
class TestHttpxInAnEventLoop(WithHttpx):
    @pytest.fixture
    def driver(self, fake: Sfmock) -> Iterator[Driver]:
        client = httpx.AsyncClient(verify=trusting(fake.ca_file))
        with asyncio.Runner() as loop:
            yield httpx_driver(AsyncHttpx(client, loop))
            loop.run(client.aclose())


class WithAiohttp(Battery):
    client = CLIENTS["aiohttp"]
    shows = shows(by_hand)

    @pytest.fixture
    def driver(self, fake: Sfmock) -> Iterator[Driver]:
        aiohttp = runtimes.module("aiohttp")

        async def connect() -> Any:
            return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusting(fake.ca_file)))

        with asyncio.Runner() as loop:
            session = loop.run(connect())
            yield plain_driver(Aiohttp(session, loop))
            loop.run(session.close())


@over_http
class TestAiohttpOverHttp(WithAiohttp):
    pass


@over_tls
class TestAiohttpOverTls(WithAiohttp):
    pass


class WithUrllib3(Battery):
    client = CLIENTS["urllib3"]
    shows = shows(by_hand)

    @pytest.fixture
    def driver(self, fake: Sfmock) -> Iterator[Driver]:
        with urllib3.PoolManager(ssl_context=trusting(fake.ca_file)) as pool:
            yield plain_driver(Urllib3(pool))


@over_http
class TestUrllib3OverHttp(WithUrllib3):
    pass


@over_tls
class TestUrllib3OverTls(WithUrllib3):
    pass


class WithCurl(Battery):
    client = CLIENTS["curl"]
    shows = shows(by_curl)

    @pytest.fixture
    def driver(self) -> Driver:
        return plain_driver(Curl({**os.environ, "CURL_CA_BUNDLE": str(ca_file())}))


@over_http
class TestCurlOverHttp(WithCurl):
    pass


@over_tls
class TestCurlOverTls(WithCurl):
    pass

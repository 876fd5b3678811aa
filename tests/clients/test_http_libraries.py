"""httpx, aiohttp, urllib3 and curl, each as its users write it, unmodified."""

from __future__ import annotations

import asyncio
import importlib.metadata
import os
from collections.abc import Callable, Iterator
from typing import Any

import aiohttp
import httpx
import pytest
import urllib3

from battery import (
    EXPIRED,
    INVALID,
    MALFORMED,
    MISSING,
    Basics,
    Battery,
    Driver,
    Shows,
    Tested,
    Told,
    by,
)
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


def verifying(fake: Sfmock) -> dict[str, Any]:
    """What httpx is told of our authority, where it is not led to the fake without a word."""
    return {"verify": trusting(fake.ca_file)} if fake.ca_file else {}


class WithHttpx(Tested):
    client = CLIENTS["httpx"]
    shows = shows(by_httpx)

    @pytest.fixture
    def driver(self, fake: Sfmock) -> Iterator[Driver]:
        with httpx.Client(**verifying(fake)) as client:
            yield httpx_driver(Httpx(client))


@by("http")
class TestHttpxOverHttp(WithHttpx, Basics):
    pass


@by("https")
class TestHttpxOverTls(WithHttpx, Basics):
    pass


@by("redirect")
class TestHttpxRedirected(WithHttpx, Battery):
    pass


@by("redirect")
class TestAsyncHttpxRedirected(WithHttpx, Battery):
    @pytest.fixture
    def driver(self, fake: Sfmock) -> Iterator[Driver]:
        client = httpx.AsyncClient(**verifying(fake))
        with asyncio.Runner() as loop:
            yield httpx_driver(AsyncHttpx(client, loop))
            loop.run(client.aclose())


class WithAiohttp(Tested):
    client = CLIENTS["aiohttp"]
    shows = shows(by_hand)

    @pytest.fixture
    def driver(self, fake: Sfmock) -> Iterator[Driver]:
        async def connect() -> aiohttp.ClientSession:
            if fake.ca_file:
                trusted = aiohttp.TCPConnector(ssl=trusting(fake.ca_file))
                return aiohttp.ClientSession(connector=trusted)
            return aiohttp.ClientSession()

        with asyncio.Runner() as loop:
            session = loop.run(connect())
            yield plain_driver(Aiohttp(session, loop))
            loop.run(session.close())


@by("http")
class TestAiohttpOverHttp(WithAiohttp, Basics):
    pass


@by("https")
class TestAiohttpOverTls(WithAiohttp, Basics):
    pass


@by("redirect")
class TestAiohttpRedirected(WithAiohttp, Battery):
    pass


class WithUrllib3(Tested):
    client = CLIENTS["urllib3"]
    shows = shows(by_hand)

    @pytest.fixture
    def driver(self, fake: Sfmock) -> Iterator[Driver]:
        trust = trusting(fake.ca_file) if fake.ca_file else None
        with urllib3.PoolManager(ssl_context=trust) as pool:
            yield plain_driver(Urllib3(pool))


@by("http")
class TestUrllib3OverHttp(WithUrllib3, Basics):
    pass


@by("https")
class TestUrllib3OverTls(WithUrllib3, Basics):
    pass


@by("redirect")
class TestUrllib3Redirected(WithUrllib3, Battery):
    pass


class WithCurl(Tested):
    client = CLIENTS["curl"]
    shows = shows(by_curl)

    @pytest.fixture
    def driver(self) -> Driver:
        return plain_driver(Curl({**os.environ, "CURL_CA_BUNDLE": str(ca_file())}))


@by("http")
class TestCurlOverHttp(WithCurl, Basics):
    pass


@by("https")
class TestCurlOverTls(WithCurl, Battery):
    pass

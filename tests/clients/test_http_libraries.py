"""httpx, aiohttp, urllib3 and curl, each as its users write it, unmodified."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import aiohttp
import httpx
import pytest
import urllib3

from battery import Basics, Battery, Tested, by
from line_driver import Driver
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
from shown import by_curl, by_hand, by_httpx, rest_shows


def verifying(fake: Sfmock) -> dict[str, Any]:
    """What httpx is told of our authority, where it is not led to the fake without a word."""
    return {"verify": trusting(fake.ca_file)} if fake.ca_file else {}


class WithHttpx(Tested):
    client = CLIENTS["httpx"]
    shows = rest_shows(by_httpx)

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
    shows = rest_shows(by_hand)

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
    shows = rest_shows(by_hand)

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
    shows = rest_shows(by_curl)

    @pytest.fixture
    def driver(self, fake: Sfmock) -> Driver:
        return plain_driver(Curl(fake.env()))


@by("http")
class TestCurlOverHttp(WithCurl, Basics):
    pass


@by("https")
class TestCurlOverTls(WithCurl, Basics):
    pass


@by("proxy", transport="redirect")
class TestCurlByProxy(WithCurl, Battery):
    pass

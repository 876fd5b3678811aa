"""Every way to speak HTTP that a Python process has, made before the org is live and after it: all of them meet the fake.

A row logs in on the shared log-in host and asks its org for the limits, with nothing told to it but Salesforce's names.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from typing import Any, TypeAlias
from urllib.parse import urlencode, urlsplit

import aiohttp
import aiohttp.abc
import anyio
import httpx
import pytest
import requests
import urllib3

from sfmock.app import App
from sfmock.org.org import Org
from sfmock.transport.guard import GUARD
from sfmock.transport.wiring import connect

Answer: TypeAlias = tuple[int, bytes]
Send: TypeAlias = Callable[[str, str, dict[str, str], bytes], Answer]
"""Method, URL, header fields and body; status and body of the reply."""
ASend: TypeAlias = Callable[[str, str, dict[str, str], bytes], Awaitable[Answer]]
Row: TypeAlias = Callable[[], AbstractContextManager[Send]]


@pytest.fixture(scope="module")
def org() -> Iterator[Org]:
    with Org.new(seed=5, my_domain="acme") as made:
        yield made


@contextmanager
def requests_session() -> Iterator[Send]:
    with requests.Session() as session:

        def send(method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
            reply = session.request(method, url, headers=headers, data=body or None, timeout=10)
            return reply.status_code, reply.content

        yield send


@contextmanager
def requests_alone() -> Iterator[Send]:
    def send(method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
        reply = requests.request(method, url, headers=headers, data=body or None, timeout=10)
        return reply.status_code, reply.content

    yield send


def _by_pool(pool: urllib3.PoolManager) -> Send:
    def send(method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
        reply = pool.request(method, url, headers=headers, body=body or None, timeout=10)
        return reply.status, reply.data

    return send


@contextmanager
def urllib3_pool() -> Iterator[Send]:
    with urllib3.PoolManager(retries=False) as pool:
        yield _by_pool(pool)


@contextmanager
def truststore_pool() -> Iterator[Send]:
    truststore = pytest.importorskip("truststore")
    with urllib3.PoolManager(ssl_context=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)) as pool:
        yield _by_pool(pool)


@contextmanager
def truststore_injected() -> Iterator[Send]:
    truststore = pytest.importorskip("truststore")
    truststore.inject_into_ssl()
    try:
        with requests_session() as send:
            yield send
    finally:
        truststore.extract_from_ssl()


@contextmanager
def http_client() -> Iterator[Send]:
    made: dict[str, http.client.HTTPSConnection] = {}

    def send(method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
        host = urlsplit(url).netloc
        connection = made.setdefault(host, http.client.HTTPSConnection(host, timeout=10))
        connection.request(method, urlsplit(url).path, body=body or None, headers=headers)
        reply = connection.getresponse()
        return reply.status, reply.read()

    yield send
    for each in made.values():
        each.close()


@contextmanager
def urllib_opener() -> Iterator[Send]:
    opener = urllib.request.build_opener()

    def send(method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
        asked = urllib.request.Request(url, data=body or None, headers=headers, method=method)
        with opener.open(asked, timeout=10) as reply:
            return reply.status, reply.read()

    yield send


def _by_client(client: httpx.Client) -> Send:
    def send(method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
        reply = client.request(method, url, headers=headers, content=body)
        return reply.status_code, reply.content

    return send


@contextmanager
def httpx_client() -> Iterator[Send]:
    with httpx.Client() as client:
        yield _by_client(client)


@contextmanager
def httpx_unverified() -> Iterator[Send]:
    with httpx.Client(verify=False) as client:
        yield _by_client(client)


def _message(method: str, url: str, headers: dict[str, str], body: bytes) -> bytes:
    parts = urlsplit(url)
    fields = {"Host": parts.netloc, "Connection": "close", **headers, "Content-Length": str(len(body))}  # fmt: skip
    lines = [f"{method} {parts.path} HTTP/1.1", *(f"{k}: {v}" for k, v in fields.items()), "", ""]
    return "\r\n".join(lines).encode() + body


def _answer(received: bytes) -> Answer:
    head, _, body = received.partition(b"\r\n\r\n")
    if b"chunked" in head.lower():
        pieces = b""
        while body:
            size, _, rest = body.partition(b"\r\n")
            pieces, body = pieces + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
        body = pieces
    return int(head.split()[1]), body


def _over_socket(make: Callable[[str], socket.socket]) -> Row:
    @contextmanager
    def row() -> Iterator[Send]:
        context = ssl.create_default_context()

        def send(method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
            host = urlsplit(url).netloc
            with context.wrap_socket(make(host), server_hostname=host) as sock:
                sock.sendall(_message(method, url, headers, body))
                return _answer(b"".join(iter(lambda: sock.recv(65536), b"")))

        yield send

    return row


def _created(host: str) -> socket.socket:
    return socket.create_connection((host, 443), timeout=10)


def _connected(host: str) -> socket.socket:
    sock = socket.socket()
    sock.connect((host, 443))
    return sock


def _connected_ex(host: str) -> socket.socket:
    sock = socket.socket()
    assert sock.connect_ex((host, 443)) == 0
    return sock


def _by_old_lookup(host: str) -> socket.socket:
    return socket.create_connection((socket.gethostbyname_ex(host)[2][0], 443), timeout=10)


@contextmanager
def tls_before_connecting() -> Iterator[Send]:
    context = ssl.create_default_context()

    def send(method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
        host = urlsplit(url).netloc
        with context.wrap_socket(socket.socket(), server_hostname=host) as sock:
            sock.connect((host, 443))
            sock.sendall(_message(method, url, headers, body))
            return _answer(b"".join(iter(lambda: sock.recv(65536), b"")))

    yield send


def _in_loop(
    make: Callable[[], AbstractAsyncContextManager[ASend]],
    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> Row:
    """An event loop that goes on from request to request, as an application's does."""

    @contextmanager
    def row() -> Iterator[Send]:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            client = make()
            asend = runner.run(client.__aenter__())

            def send(method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
                async def once() -> Answer:
                    return await asend(method, url, headers, body)

                return runner.run(once())

            yield send
            runner.run(client.__aexit__(None, None, None))

    return row


def _in_trio(make: Callable[[], AbstractAsyncContextManager[ASend]]) -> Row:
    @contextmanager
    def row() -> Iterator[Send]:
        trio = pytest.importorskip("trio")

        def send(method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
            async def once() -> Answer:
                async with make() as asend:
                    return await asend(method, url, headers, body)

            answer: Answer = trio.run(once)
            return answer

        yield send

    return row


def _in_uvloop(make: Callable[[], AbstractAsyncContextManager[ASend]]) -> Row:
    @contextmanager
    def row() -> Iterator[Send]:
        uvloop: Any = pytest.importorskip("uvloop")
        with _in_loop(make, uvloop.new_event_loop)() as send:
            yield send

    return row


@asynccontextmanager
async def httpx_async() -> AsyncIterator[ASend]:
    async with httpx.AsyncClient() as client:

        async def send(method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
            reply = await client.request(method, url, headers=headers, content=body)
            return reply.status_code, reply.content

        yield send


def _aiohttp(resolver: str) -> Callable[[], AbstractAsyncContextManager[ASend]]:
    @asynccontextmanager
    async def client() -> AsyncIterator[ASend]:
        if resolver == "AsyncResolver":
            pytest.importorskip("aiodns")
        made: aiohttp.abc.AbstractResolver = getattr(aiohttp, resolver)()
        connector = aiohttp.TCPConnector(resolver=made)
        async with aiohttp.ClientSession(connector=connector) as session:

            async def send(method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
                async with session.request(method, url, headers=headers, data=body) as reply:
                    return reply.status, await reply.read()

            yield send

    return client


@asynccontextmanager
async def aiohttp_unverified() -> AsyncIterator[ASend]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False)) as session:

        async def send(method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
            async with session.request(method, url, headers=headers, data=body) as reply:
                return reply.status, await reply.read()

        yield send


@asynccontextmanager
async def asyncio_streams() -> AsyncIterator[ASend]:
    async def send(method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
        reader, writer = await asyncio.open_connection(urlsplit(url).netloc, 443, ssl=True)
        writer.write(_message(method, url, headers, body))
        received = await reader.read()
        writer.close()
        await writer.wait_closed()
        return _answer(received)

    yield send


@asynccontextmanager
async def anyio_streams() -> AsyncIterator[ASend]:
    async def send(method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
        received = b""
        async with await anyio.connect_tcp(
            urlsplit(url).netloc, 443, tls=True, tls_standard_compatible=False
        ) as stream:
            await stream.send(_message(method, url, headers, body))
            async for piece in stream:
                received += piece
        return _answer(received)

    yield send


ROWS: dict[str, Row] = {
    "requests": requests_session,
    "requests without a session": requests_alone,
    "urllib3": urllib3_pool,
    "http.client": http_client,
    "urllib.request": urllib_opener,
    "truststore": truststore_pool,
    "truststore in the place of ssl": truststore_injected,
    "httpx": httpx_client,
    "httpx without verification": httpx_unverified,
    "httpx async": _in_loop(httpx_async),
    "httpx async on trio": _in_trio(httpx_async),
    "httpx async on uvloop": _in_uvloop(httpx_async),
    "aiohttp": _in_loop(_aiohttp("ThreadedResolver")),
    "aiohttp with aiodns": _in_loop(_aiohttp("AsyncResolver")),
    "aiohttp on uvloop": _in_uvloop(_aiohttp("ThreadedResolver")),
    "aiohttp with aiodns on uvloop": _in_uvloop(_aiohttp("AsyncResolver")),
    "aiohttp without verification": _in_loop(aiohttp_unverified),
    "asyncio streams": _in_loop(asyncio_streams),
    "asyncio streams on uvloop": _in_uvloop(asyncio_streams),
    "anyio": _in_loop(anyio_streams),
    "anyio on trio": _in_trio(anyio_streams),
    "anyio on uvloop": _in_uvloop(anyio_streams),
    "socket.create_connection": _over_socket(_created),
    "socket.connect": _over_socket(_connected),
    "socket.connect_ex": _over_socket(_connected_ex),
    "socket.gethostbyname_ex": _over_socket(_by_old_lookup),
    "TLS ahead of connect": tls_before_connecting,
}


def log_in_and_ask(org: Org, send: Send) -> None:
    app = org.connected_app("Matrix")
    user = org.users.get(org.admin_id)
    assert user is not None
    secrets = org.users.secrets(org.admin_id)
    form = {
        "grant_type": "password", "client_id": app.client_id, "client_secret": app.client_secret,
        "username": user.username, "password": secrets.password + secrets.security_token,
    }  # fmt: skip
    fields = {"Content-Type": "application/x-www-form-urlencoded"}
    url = "https://login.salesforce.com/services/oauth2/token"
    status, body = send("POST", url, fields, urlencode(form).encode())
    told = json.loads(body)
    assert (status, told["instance_url"]) == (200, "https://acme.my.salesforce.com")

    fields = {"Authorization": f"Bearer {told['access_token']}"}
    status, body = send("GET", f"{told['instance_url']}/services/data/v60.0/limits", fields, b"")

    assert (status, "DailyApiRequests" in json.loads(body)) == (200, True)


@pytest.mark.parametrize("made", ["before", "after"])
@pytest.mark.parametrize("name", ROWS)
def test_a_client_is_redirected_wherever_it_was_made(org: Org, name: str, made: str) -> None:
    row = ROWS[name]
    with row() if made == "before" else nullcontext() as early, connect(App(org), "redirect"):
        with nullcontext(early) if early else row() as send:
            log_in_and_ask(org, send)
        seen = [each.url.partition("/services")[0] for each in list(org.journal)[-2:]]

    assert seen == ["https://login.salesforce.com", "https://acme.my.salesforce.com"]
    assert GUARD.drain() == []

import asyncio
import contextlib
import http.client
import socket
import ssl
import urllib.request
from collections.abc import Callable, Iterator

import pytest
import urllib3

from sfmock.transport.guard import Guard, RealSalesforceBlocked, guarding

HOST = "login.salesforce.com"
CLOSED_PORT = "http://127.0.0.1:9"


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The names that got past the guard. No test asks the network for them."""
    names: list[object] = []

    def find(host: object, *_: object, **__: object) -> list[object]:
        names.append(host)
        raise socket.gaierror(socket.EAI_NONAME, f"{host!r} is not looked up in tests")

    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr"):
        monkeypatch.setattr(socket, name, find)
    return names


@pytest.fixture
def guard(looked_up: list[object]) -> Iterator[Guard]:
    with guarding() as active:
        yield active
        leaked = list(looked_up)
    active.drain()
    active.test = None
    assert leaked == []


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A connection that is open already, as one to a proxy would be, and its other end."""
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


def create_connection() -> None:
    socket.create_connection((HOST, 443), timeout=1)


def connect() -> None:
    with socket.socket() as sock:
        sock.connect((HOST, 443))


def connect_ex() -> None:
    with socket.socket() as sock:
        sock.connect_ex((HOST, 443))


def connect_tls_socket() -> None:
    with ssl.create_default_context().wrap_socket(
        socket.socket(), server_hostname="proxy.example"
    ) as sock:
        sock.connect((HOST, 443))


def resolve_bytes() -> None:
    socket.getaddrinfo(b"Login.Salesforce.Com.", 443)


def resolve_keyword() -> None:
    socket.getaddrinfo(port=443, host=HOST)


def resolve_old() -> None:
    socket.gethostbyname(HOST)


def resolve_old_ex() -> None:
    socket.gethostbyname_ex(HOST)


def resolve_backwards() -> None:
    socket.gethostbyaddr(HOST)


def send_datagram() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.sendto(b"hello", 0, (HOST, 443))


def send_message() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.sendmsg([b"hello"], [], 0, (HOST, 443))


def open_asyncio_stream() -> None:
    asyncio.run(_open(HOST, 443, ssl=True))


def open_asyncio_stream_plain() -> None:
    asyncio.run(_open(HOST, 80))


async def _open(host: str, port: int, *, ssl: bool | None = None) -> None:
    await asyncio.open_connection(host, port, ssl=ssl)


def resolve_in_asyncio() -> None:
    async def resolve() -> None:
        await asyncio.get_running_loop().getaddrinfo(HOST, 443)

    asyncio.run(resolve())


def connect_in_asyncio() -> None:
    async def dial() -> None:
        with socket.socket() as sock:
            sock.setblocking(False)
            await asyncio.get_running_loop().sock_connect(sock, (HOST, 443))

    asyncio.run(dial())


def urllib_request() -> None:
    urllib.request.urlopen(f"https://{HOST}/services/data", timeout=1)


def urllib_request_with_proxy() -> None:
    handler = urllib.request.ProxyHandler({"https": CLOSED_PORT})
    urllib.request.build_opener(handler, NoBypass()).open(f"https://{HOST}/", timeout=1)


def urllib_request_with_plain_proxy() -> None:
    request = urllib.request.Request(f"http://{HOST}/")
    request.set_proxy("127.0.0.1:9", "http")  # as ProxyHandler does, whatever NO_PROXY says
    urllib.request.build_opener().open(request, timeout=1)


class NoBypass(urllib.request.BaseHandler):
    """Sends https requests through the proxy although NO_PROXY names their host."""

    handler_order = 100

    def https_request(self, request: urllib.request.Request) -> urllib.request.Request:
        request.set_proxy("127.0.0.1:9", "https")
        return request


def http_client() -> None:
    http.client.HTTPSConnection(HOST, timeout=1).request("GET", "/")


def http_client_tunnel() -> None:
    http.client.HTTPSConnection("127.0.0.1", 9, timeout=1).set_tunnel(f"{HOST}:443")


def http_client_absolute() -> None:
    http.client.HTTPConnection("127.0.0.1", 9, timeout=1).request("GET", f"http://{HOST}/")


def urllib3_direct() -> None:
    urllib3.PoolManager(retries=False).request("GET", f"https://{HOST}/")


def urllib3_proxy() -> None:
    manager = urllib3.ProxyManager(CLOSED_PORT, cert_reqs="CERT_NONE", retries=False)
    manager.request("GET", f"https://{HOST}/")


def urllib3_plain_proxy() -> None:
    urllib3.ProxyManager(CLOSED_PORT, retries=False).request("GET", f"http://{HOST}/")


@pytest.mark.parametrize(
    "call",
    [
        create_connection,
        connect,
        connect_ex,
        connect_tls_socket,
        resolve_bytes,
        resolve_keyword,
        resolve_old,
        resolve_old_ex,
        resolve_backwards,
        send_datagram,
        send_message,
        open_asyncio_stream,
        open_asyncio_stream_plain,
        resolve_in_asyncio,
        connect_in_asyncio,
        urllib_request,
        urllib_request_with_proxy,
        urllib_request_with_plain_proxy,
        http_client,
        http_client_tunnel,
        http_client_absolute,
        urllib3_direct,
        urllib3_proxy,
        urllib3_plain_proxy,
    ],
)
def test_the_real_salesforce_is_out_of_reach(guard: Guard, call: Callable[[], None]) -> None:
    with pytest.raises(RealSalesforceBlocked, match=r"(?i)real Salesforce host login\.salesforce"):
        call()

    assert len(guard.blocked) == 1


@pytest.mark.parametrize("verify", [ssl.CERT_REQUIRED, ssl.CERT_NONE])
def test_tls_to_salesforce_over_an_open_connection_is_refused(
    guard: Guard, pair: tuple[socket.socket, socket.socket], verify: ssl.VerifyMode
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = verify

    with pytest.raises(RealSalesforceBlocked):
        context.wrap_socket(pair[0], server_hostname=HOST)
    with pytest.raises(RealSalesforceBlocked):
        context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=HOST)
    with pytest.raises(RealSalesforceBlocked):
        context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), False, HOST)

    pair[1].setblocking(False)
    with pytest.raises(BlockingIOError):
        pair[1].recv(1)


def test_asyncio_tls_over_an_open_connection_is_refused(
    guard: Guard, pair: tuple[socket.socket, socket.socket]
) -> None:
    async def upgrade() -> None:
        pair[0].setblocking(False)
        await asyncio.open_connection(sock=pair[0], ssl=True, server_hostname=HOST)

    with pytest.raises(RealSalesforceBlocked):
        asyncio.run(upgrade())


def test_a_connection_that_was_opened_before_is_refused(
    looked_up: list[object], pair: tuple[socket.socket, socket.socket]
) -> None:
    connection = http.client.HTTPConnection(HOST)
    connection.sock = pair[0]

    with guarding() as guard, pytest.raises(RealSalesforceBlocked):
        connection.request("GET", "/services/data")

    guard.drain()
    pair[1].setblocking(False)
    with pytest.raises(BlockingIOError):
        pair[1].recv(1)


def test_a_subclass_of_the_tls_context_is_guarded(guard: Guard) -> None:
    class Context(ssl.SSLContext):
        pass

    with pytest.raises(RealSalesforceBlocked):
        Context(ssl.PROTOCOL_TLS_CLIENT).wrap_bio(
            ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=HOST
        )


def test_other_hosts_and_loopback_pass(looked_up: list[object]) -> None:
    with guarding() as guard, socket.create_server(("127.0.0.1", 0)) as server:
        with socket.socket() as sock:
            sock.connect(server.getsockname())
        with pytest.raises(socket.gaierror):
            socket.getaddrinfo("salesforce.com.example", 443)
        ssl.create_default_context().wrap_bio(
            ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="notsalesforce.com"
        )
        blocked = guard.drain()

    assert looked_up == ["salesforce.com.example"]
    assert blocked == []


def test_unix_sockets_pass(guard: Guard) -> None:
    with socket.socket(socket.AF_UNIX) as sock, pytest.raises(FileNotFoundError):
        sock.connect("login.salesforce.com")


def test_a_relative_url_that_mentions_salesforce_passes(guard: Guard) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", 9)

    connection.putrequest("GET", f"/redirect?to=https://{HOST}/")

    assert guard.blocked == []


def test_what_was_swallowed_is_kept_until_it_is_drained(guard: Guard) -> None:
    with contextlib.suppress(Exception):  # the code under test does this
        socket.gethostbyname(HOST)

    (note,) = guard.drain()

    assert "socket.gethostbyname to the real Salesforce host login.salesforce.com" in note
    assert guard.drain() == []


def test_a_loop_of_attempts_keeps_a_hundred_notes(guard: Guard) -> None:
    for _ in range(150):
        with pytest.raises(RealSalesforceBlocked):
            socket.gethostbyname(HOST)

    assert len(guard.drain()) == 100


def test_the_text_names_host_test_line_and_remedy(guard: Guard) -> None:
    with pytest.raises(RealSalesforceBlocked) as caught:
        socket.gethostbyname(HOST)

    text = str(caught.value)
    assert "real Salesforce host login.salesforce.com in " in text
    assert "test_guard.py::test_the_text_names_host_test_line_and_remedy, line " in text
    assert "Use the fixture's client" in text
    assert '"auto" or set it to "redirect"' in text
    assert "Unset HTTPS_PROXY" in text


def test_the_test_can_be_told(guard: Guard) -> None:
    guard.test = "tests/test_sync.py::test_all"

    with pytest.raises(
        RealSalesforceBlocked, match=r"com in tests/test_sync\.py::test_all\. While"
    ):
        socket.gethostbyname(HOST)


def test_without_a_test_none_is_named(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")

    with pytest.raises(RealSalesforceBlocked, match=r"login\.salesforce\.com\. While"):
        socket.gethostbyname(HOST)


def test_it_is_no_network_error_that_clients_retry() -> None:
    assert not issubclass(RealSalesforceBlocked, OSError)

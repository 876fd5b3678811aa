"""The loopback server as a proxy, byte by byte: Salesforce's hosts are answered, others reached with the password."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading

import pytest
import trustme

from other_hosts import Other, answer, echo_at_end, listening, read_to_end
from proxy_net import ESTABLISHED, HOST, Net, receive, receive_until_end, refused, wrong_password
from sfmock.transport import proxy as rules
from sfmock.transport.loopback import Loopback, ca_pem
from sfmock.transport.proxy import Proxy
from waiting import wait_until

GET = b"GET /x?y=1 HTTP/1.1\r\nHost: acme.my.salesforce.com\r\n\r\n"


@pytest.fixture
def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cadata=ca_pem().decode())


def ask(client: socket.socket, target: str, *fields: bytes, version: str = "1.1") -> None:
    head = f"CONNECT {target} HTTP/{version}\r\n".encode()
    client.sendall(head + b"Host: x\r\n" + b"".join(fields) + b"\r\n")


@pytest.mark.parametrize("version", ["1.1", "1.0"])
@pytest.mark.parametrize("name", [HOST, "Login.Salesforce.com"])
def test_a_tunnel_to_salesforce_ends_here_with_its_certificate(
    net: Net, client: socket.socket, trusting: ssl.SSLContext, name: str, version: str
) -> None:
    ask(client, f"{name}:443", version=version)
    assert receive(client, len(ESTABLISHED)) == ESTABLISHED

    with trusting.wrap_socket(client, server_hostname=name) as inside:
        inside.sendall(GET + GET)
        reply = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        assert receive(inside, 2 * len(reply)) == 2 * reply
        assert inside.getpeercert()["subjectAltName"] == (("DNS", name.lower()),)  # type: ignore[index]

    assert [each["wsgi.url_scheme"] for each in net.environs] == ["https", "https"]
    assert net.notes == []


def test_a_client_without_sni_sees_the_certificate_of_its_tunnel(
    client: socket.socket, trusting: ssl.SSLContext
) -> None:
    trusting.check_hostname = False
    ask(client, f"{HOST}:443")
    receive(client, len(ESTABLISHED))

    with trusting.wrap_socket(client) as inside:
        assert inside.getpeercert()["subjectAltName"] == (("DNS", HOST),)  # type: ignore[index]


def test_the_first_bytes_of_tls_may_come_with_the_connect(
    client: socket.socket, trusting: ssl.SSLContext
) -> None:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = trusting.wrap_bio(incoming, outgoing, server_hostname=HOST)
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()

    head = f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    client.sendall(b"\r\n" + head + outgoing.read())

    assert receive(client, len(ESTABLISHED)) == ESTABLISHED
    while True:
        incoming.write(client.recv(65536))
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            continue
        break
    assert tls.version() in ("TLSv1.2", "TLSv1.3")


def test_a_connect_that_comes_byte_by_byte_is_read(client: socket.socket) -> None:
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in f"CONNECT {HOST}:80 HTTP/1.1\r\nHost: x\r\n\r\n".encode() + GET:
        client.sendall(bytes([byte]))

    assert receive(client, len(ESTABLISHED)) == ESTABLISHED
    assert receive(client, 15) == b"HTTP/1.1 200 OK"


def test_plain_http_in_a_tunnel_is_served(net: Net, client: socket.socket) -> None:
    ask(client, f"{HOST}:80", b"Proxy-Authorization: Basic Zm9vOmJhcg==\r\n")
    client.sendall(GET)

    assert receive(client, len(ESTABLISHED)) == ESTABLISHED
    assert receive(client, 15) == b"HTTP/1.1 200 OK"
    assert net.environs[0]["wsgi.url_scheme"] == "http"
    assert net.environs[0]["REQUEST_URI"] == "/x?y=1"


def test_garbage_in_a_tunnel_is_a_bad_message(net: Net, client: socket.socket) -> None:
    ask(client, f"{HOST}:443")
    client.sendall(b"\x00\x01 what is this\r\n\r\n")

    assert receive_until_end(client).startswith(ESTABLISHED + b"HTTP/1.1 400 Bad Request\r\n")
    assert net.environs == []


def test_a_tunnel_within_a_tunnel_is_refused(net: Net, client: socket.socket) -> None:
    ask(client, f"{HOST}:80")
    ask(client, "127.0.0.1:1", net.authorization)

    assert receive_until_end(client).startswith(ESTABLISHED + b"HTTP/1.1 400 Bad Request\r\n")


def test_broken_tls_in_a_tunnel_ends_it(net: Net, client: socket.socket) -> None:
    ask(client, f"{HOST}:443")
    assert receive(client, len(ESTABLISHED)) == ESTABLISHED
    client.sendall(b"\x16\x03\x01\xff\xffno")

    with contextlib.suppress(ConnectionResetError):
        receive_until_end(client)
    assert net.environs == []


@pytest.mark.parametrize("target", ["unknown.my.salesforce.com:443", "UNKNOWN.my.force.com.:80"])
@pytest.mark.parametrize("fields", [(), None])
def test_salesforce_hosts_without_an_org_are_refused_and_noted(
    net: Net, client: socket.socket, target: str, fields: tuple[bytes, ...] | None
) -> None:
    ask(client, target, *((net.authorization,) if fields is None else fields))

    text = f"no live org answers for {target.rpartition(':')[0]}"
    assert receive_until_end(client) == refused("403", text)
    assert net.notes == [text]


def test_other_ports_of_salesforce_are_refused_and_noted(net: Net, client: socket.socket) -> None:
    ask(client, f"{HOST}:8443", net.authorization)

    text = f"Salesforce does not answer on port 8443 of {HOST}"
    assert receive_until_end(client) == refused("403", text)
    assert net.notes == [f"{text}, so sfmock's proxy refused it"]


@pytest.mark.parametrize(
    "fields",
    [
        b"",
        b"Proxy-Authorization: Basic Zm9vOmJhcg==\r\n",
        b"Proxy-Authorization: Basic \r\n",
        b"Proxy-Authorization: Basic \xff\r\n",
        b"Proxy-Authorization: Digest username=sfmock\r\n",
        b"Authorization: Basic Zm9vOmJhcg==\r\n",
    ],
)
def test_nobody_passes_without_the_password(net: Net, client: socket.socket, fields: bytes) -> None:
    with listening(read_to_end) as other:
        ask(client, other.authority, fields)

        assert receive_until_end(client) == wrong_password("127.0.0.1")
        assert other.got == []
    assert net.notes == []


def test_nobody_passes_from_another_machine(net: Net) -> None:
    for peer in ("192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"):
        with pytest.raises(rules.ProxyRefusedError, match="its own machine only"):
            net.proxy.answers(rules.Target("example.com", 443), peer, None)
    for peer in ("127.8.9.1", "::1", "::ffff:127.0.0.1"):
        with pytest.raises(rules.ProxyRefusedError, match="password"):
            net.proxy.answers(rules.Target("example.com", 443), peer, None)


@pytest.mark.parametrize(
    "target", ["example.com", "example.com:0", "example.com:99999", "[::1:443", "a b:1", "x:y", "/"]
)
def test_a_target_that_is_no_host_and_port_is_refused(
    net: Net, client: socket.socket, target: str
) -> None:
    ask(client, target, net.authorization)

    assert receive_until_end(client).startswith(b"HTTP/1.1 400 ")


def test_the_trust_of_other_hosts_is_untouched(net: Net, client: socket.socket) -> None:
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(server)
    theirs = ssl.create_default_context(cadata=authority.cert_pem.bytes().decode())

    with listening(answer(b"theirs"), server) as other:
        ask(client, f"localhost:{other.port}", net.authorization)
        assert receive(client, len(ESTABLISHED)) == ESTABLISHED
        with theirs.wrap_socket(client, server_hostname="localhost") as inside:
            inside.sendall(b"hello\r\n\r\n")
            assert receive_until_end(inside) == b"theirs"
    assert other.got == [b"hello\r\n\r\n"]
    assert net.environs == []


def test_a_half_closed_tunnel_still_carries_the_answer(net: Net, client: socket.socket) -> None:
    data = bytes(range(256)) * 4096
    with listening(echo_at_end) as other:
        ask(client, other.authority, net.authorization)
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)

        assert receive_until_end(client) == ESTABLISHED + b"got " + data
    assert other.got == [data]


def test_what_comes_with_the_connect_goes_to_the_other_host(
    net: Net, client: socket.socket
) -> None:
    with listening(echo_at_end) as other:
        head = f"CONNECT {other.authority} HTTP/1.0\r\n".encode()
        client.sendall(head + net.authorization + b"\r\nearly")
        client.shutdown(socket.SHUT_WR)

        assert receive_until_end(client) == ESTABLISHED + b"got early"


def test_a_host_that_does_not_read_holds_nothing_up_but_its_client(
    net: Net, client: socket.socket
) -> None:
    go_on = threading.Event()

    def talk(connection: socket.socket, other: Other) -> None:
        go_on.wait(10)
        echo_at_end(connection, other)

    data = bytes(range(256)) * 131_072  # 32 MiB: more than the sockets of both ways hold
    sending = threading.Thread(target=client.sendall, args=(data,))
    with listening(talk) as other:
        ask(client, other.authority, net.authorization)
        receive(client, len(ESTABLISHED))
        sending.start()
        with net.connect() as another:
            another.sendall(GET)
            assert receive(another, 15) == b"HTTP/1.1 200 OK"
        assert sending.is_alive()
        go_on.set()
        sending.join(10)
        client.shutdown(socket.SHUT_WR)

        assert receive_until_end(client) == b"got " + data


def test_a_client_that_dies_breaks_the_tunnel(net: Net) -> None:
    with listening(read_to_end) as other:
        with net.connect() as client:
            ask(client, other.authority, net.authorization)
            receive(client, len(ESTABLISHED))
            client.sendall(b"half a thing")
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

        assert other.ended.acquire(timeout=10)
        assert other.broken == 1


def test_tunnels_end_with_the_server(net: Net, client: socket.socket) -> None:
    with listening(read_to_end) as other:
        ask(client, other.authority, net.authorization)
        receive(client, len(ESTABLISHED))

        net.server.close()

        assert receive_until_end(client) == b""
        assert other.ended.acquire(timeout=10)
    assert other.got == [b""]


def test_cutting_the_kept_connections_leaves_tunnels_to_other_hosts(
    net: Net, client: socket.socket
) -> None:
    with listening(echo_at_end) as other:
        ask(client, other.authority, net.authorization)
        receive(client, len(ESTABLISHED))

        net.server.cut()

        client.sendall(b"still")
        client.shutdown(socket.SHUT_WR)
        assert receive_until_end(client) == b"got still"


def test_cutting_ends_kept_tunnels_to_salesforce(net: Net, client: socket.socket) -> None:
    ask(client, f"{HOST}:80")
    client.sendall(GET)
    reply = ESTABLISHED + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    assert receive(client, len(reply)) == reply

    net.server.cut()

    assert receive_until_end(client) == b""


def test_only_so_many_tunnels_are_open_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "_TUNNELS", 1)
    net = Net()
    with net.server, listening(echo_at_end) as other:
        with net.connect() as first, net.connect() as second:
            ask(first, other.authority, net.authorization)
            receive(first, len(ESTABLISHED))
            ask(second, other.authority, net.authorization)
            reason = "1 tunnels to other hosts are open already"
            assert receive_until_end(second) == refused("503", reason)
        wait_until(lambda: net.proxy._room._value == 1)


def test_an_idle_tunnel_ends(net: Net) -> None:
    from sfmock.transport.tunnel import join

    near, client = socket.socketpair()
    far, host = socket.socketpair()
    with client, host, near, far, pytest.raises(TimeoutError):
        join(near, far, idle=0.01)


def test_a_host_that_refuses_is_told(net: Net, client: socket.socket) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        authority = f"127.0.0.1:{listener.getsockname()[1]}"
    ask(client, authority, net.authorization)

    reason = f"{authority} cannot be reached: Connection refused"
    assert receive_until_end(client) == refused("502", reason)


def test_a_name_that_is_not_found_is_told(net: Net, client: socket.socket) -> None:
    ask(client, "no-such-host.invalid:443", net.authorization)

    assert receive_until_end(client).startswith(
        b"HTTP/1.1 502 no-such-host.invalid:443 cannot be reached: "
    )


def test_a_name_that_is_none_is_told(net: Net, client: socket.socket) -> None:
    ask(client, "a..example:443", net.authorization)

    assert receive_until_end(client) == refused("502", "a..example is no host name")


@pytest.mark.parametrize("at_once", [False, True])
def test_a_connect_may_come_behind_another_request(
    net: Net, client: socket.socket, at_once: bool
) -> None:
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    head = f"CONNECT {HOST}:80 HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    client.sendall(GET + head if at_once else GET)
    assert receive(client, len(reply)) == reply
    if not at_once:
        client.sendall(head)

    assert receive(client, len(ESTABLISHED)) == ESTABLISHED
    client.sendall(GET)
    assert receive(client, len(reply)) == reply


def test_what_follows_such_a_connect_must_not_have_been_read_with_it(
    net: Net, client: socket.socket
) -> None:
    head = f"CONNECT {HOST}:80 HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    client.sendall(GET + head + GET)

    assert b"HTTP/1.1 400 CONNECT needs a connection of its own" in receive_until_end(client)
    assert len(net.environs) == 1


def test_the_proxy_itself_is_no_other_host(net: Net, client: socket.socket) -> None:
    ask(client, f"localhost:{net.server.port}")
    client.sendall(GET)

    assert receive(client, len(ESTABLISHED)) == ESTABLISHED
    assert receive(client, 15) == b"HTTP/1.1 200 OK"


def test_a_proxy_asked_over_tls_opens_no_tunnel(
    net: Net, client: socket.socket, trusting: ssl.SSLContext
) -> None:
    with trusting.wrap_socket(client, server_hostname="localhost") as inside:
        inside.sendall(b"CONNECT login.salesforce.com:443 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert receive_until_end(inside).startswith(b"HTTP/1.1 400 CONNECT needs a connection")


def test_the_password_is_in_the_url_and_nowhere_else(net: Net) -> None:
    shown = f"{net.proxy!r} {net.server!r}"

    assert net.server.proxy_url == f"http://sfmock:{net.proxy.password}@127.0.0.1:{net.server.port}"
    assert net.proxy.password not in shown
    assert len(net.proxy.password) == 32
    assert Proxy(net.check, net.notes.append).password != net.proxy.password
    with Loopback(net.app) as plain:
        assert plain.proxy_url is None

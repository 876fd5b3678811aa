"""The loopback server: CPU a request beside werkzeug's own, eight clients at once, a thousand connections, stop, memory."""

from __future__ import annotations

import contextlib
import http.client
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from measure import Figures, side_by_side, timed
from werkzeug.serving import make_server

from sfmock import Org, serve
from sfmock.app import App
from sfmock.transport.loopback import Loopback

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REQUESTS = 2_000
CLIENTS = 8
KEPT_ALIVE = 10_000
CREATE = "/services/data/v60.0/sobjects/Account"
QUERY = "/services/data/v60.0/query?q=SELECT+Id,Name+FROM+Account+LIMIT+1"
BODY = b'{"totalSize":0,"done":true,"records":[]}'
FIELDS = [(f"X-Field-{number}", "max-age=63072000; includeSubDomains") for number in range(10)]


def constant(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """What costs nothing, so that the server alone is measured."""
    start_response("200 OK", [*FIELDS, ("Content-Length", str(len(BODY)))])
    return [BODY]


class Client:
    """One kept connection; it is opened anew where the server does not keep it."""

    def __init__(self, port: int, token: str = "none") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._fields = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, method: str = "GET", path: str = QUERY, body: str | None = None) -> None:
        self._connection.request(method, path, body, self._fields)
        reply = self._connection.getresponse()
        reply.read()
        if reply.status >= 300:
            raise RuntimeError(f"{method} {path}: {reply.status}")

    def close(self) -> None:
        self._connection.close()


class Process:
    """A server in a process of its own, which tells what CPU time and memory it has taken."""

    def __init__(self, kind: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        port, self.token = self._line().split()
        self.port = int(port)

    def figures(self) -> tuple[float, float]:
        """Seconds of CPU and MiB of memory."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        cpu, memory = self._line().split()
        return float(cpu), float(memory)

    def close(self) -> None:
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


def _tell(port: int, token: str) -> None:
    """The child's side of `Process`, until the parent closes its end."""
    print(port, token, flush=True)
    for _ in sys.stdin:
        with open("/proc/self/statm", encoding="ascii") as statm:
            pages = int(statm.read().split()[1])
        print(time.process_time(), pages * resource.getpagesize() / 2**20, flush=True)


@contextlib.contextmanager
def _stock(app: WSGIApplication) -> Iterator[int]:
    """werkzeug's server as it comes, with threads; its lines on stderr are left out."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.RequestHandlerClass.log = lambda *_: None  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        thread.join()


def _be_server(kind: str) -> None:
    if kind == "werkzeug":
        with _stock(constant) as port:
            _tell(port, "none")
    elif kind == "constant":
        with Loopback(constant) as server:
            _tell(server.port, "none")
    else:
        with Org.new() as org, Loopback(App(org)) as server:
            org.limits["DailyApiRequests"].max = 10**9
            org.create("Account", 10)
            _tell(server.port, org.sessions.open(org.admin_id).token)


def cpu_a_request() -> None:
    processes = {kind: Process(kind) for kind in ("constant", "werkzeug")}

    def cpu(kind: str) -> float:
        process = processes[kind]
        client = Client(process.port)
        before, _ = process.figures()
        for _ in range(REQUESTS):
            client.ask()
        after, _ = process.figures()
        client.close()
        return (after - before) / REQUESTS

    ratio = side_by_side(
        "CPU time of the server for one request of a constant application",
        ("the loopback server", lambda: cpu("constant")),
        ("werkzeug's server, as it comes", lambda: cpu("werkzeug")),
        label="us",
    )
    for process in processes.values():
        process.close()
    _verdict(f"{1 / ratio:.1f} times less, bound 4", ratio <= 0.25)


def eight_clients() -> None:
    """As many creates by one client and by eight, in the process of the server as in a test."""
    with Org.new() as org, Loopback(App(org)) as server:
        org.limits["DailyApiRequests"].max = 10**9
        token = org.sessions.open(org.admin_id).token
        before = org.count("Account")
        made = 0

        def create(calls: int) -> None:
            client = Client(server.port, token)
            for _ in range(calls):
                client.ask("POST", CREATE, '{"Name": "Acme"}')
            client.close()

        def together(clients: int) -> float:
            nonlocal made
            made += REQUESTS // clients * clients
            threads = [
                threading.Thread(target=create, args=(REQUESTS // clients,)) for _ in range(clients)
            ]
            return timed(
                lambda: ([each.start() for each in threads], [each.join() for each in threads])
            )

        ratio = side_by_side(
            f"{REQUESTS} creates over HTTP, server and clients in one process",
            (f"{CLIENTS} clients at once", lambda: together(CLIENTS)),
            ("one client", lambda: together(1)),
        )
        lost = before + made - org.count("Account")
    _verdict(f"throughput {1 / ratio:.2f} of one client's, bound 0.6", ratio <= 1 / 0.6)
    _verdict(f"{lost} of {made} creates lost", lost == 0)


def _opened(port: int, count: int) -> list[socket.socket]:
    """Connections that have had a reply each and are kept."""
    clients = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(count)]
    for client in clients:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    for client in clients:
        received = b""
        while not received.endswith(BODY):
            received += client.recv(4096)
    return clients


def thousand_connections() -> None:
    resource.setrlimit(
        resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    )
    with Loopback(constant) as server:

        def close(clients: list[socket.socket]) -> None:
            for client in clients:
                client.close()

        side_by_side(
            "1,000 connections with a request each",
            ("open all at once", lambda: timed(lambda: close(_opened(server.port, 1_000)))),
            (
                "one after the other",
                lambda: timed(lambda: [close(_opened(server.port, 1)) for _ in range(1_000)]),
            ),
        )


def stop() -> None:
    def stop_ours(connections: int) -> float:
        server = Loopback(constant)
        clients = _opened(server.port, connections)
        seconds = timed(server.close)
        for client in clients:
            client.close()
        return seconds

    ours: list[float] = []

    def stop_hundred() -> float:
        ours.append(stop_ours(100))
        return ours[-1]

    side_by_side(
        "stop",
        ("with 100 connections open", stop_hundred),
        ("with none", lambda: stop_ours(0)),
        runs=15,
    )
    median = Figures("stop", tuple(ours)).median * 1e3
    _verdict(f"{median:.1f} ms, bound 20", median <= 20)


def start_and_stop() -> None:
    def ours(org: Org) -> None:
        with serve(org):
            pass

    def stock() -> None:
        with _stock(constant):
            pass

    with Org.new() as org:
        side_by_side(
            "start and stop",
            ("sfmock.serve(org)", lambda: timed(lambda: ours(org))),
            ("werkzeug's server, as it comes", lambda: timed(stock)),
        )


def memory() -> None:
    process = Process("org")
    client = Client(process.port, process.token)
    for _ in range(100):
        client.ask()
    _, before = process.figures()
    for _ in range(KEPT_ALIVE):
        client.ask()
    _, after = process.figures()
    client.close()
    process.close()
    print(f"memory after {KEPT_ALIVE} queries over one kept connection, journal included")
    _verdict(f"{after - before:.1f} MiB above {before:.1f}, bound 50", after - before <= 50)


def _verdict(text: str, holds: bool) -> None:
    print(f"  {text}: {'ok' if holds else 'MISSED'}\n")


MEASURES: dict[str, Callable[[], None]] = {
    each.__name__: each
    for each in (cpu_a_request, eight_clients, thousand_connections, stop, start_and_stop, memory)
}

if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1] not in MEASURES:
        _be_server(sys.argv[1])
    else:
        for name, measure in MEASURES.items():
            if not sys.argv[1:] or name in sys.argv[1:]:
                measure()

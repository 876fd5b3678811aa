"""A server on the loopback address: one port for HTTP and HTTPS, in a daemon thread, quick to stop."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import logging
import os
import selectors
import socket
import ssl
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from werkzeug.serving import ThreadedWSGIServer

from sfmock.transport import tls
from sfmock.transport.addresses import OWN
from sfmock.transport.connections import Connection, Connections
from sfmock.transport.handler import Handler
from sfmock.transport.patience import Patience
from sfmock.transport.proxy import Proxy
from sfmock.transport.proxying import ProxyHandler
from sfmock.transport.tls import ca_file, ca_pem

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["Loopback", "ca_file", "ca_pem"]

_log = logging.getLogger(__name__)
_BACKLOG = 1024
_OUT_OF_SOCKETS = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_PAUSE = 0.05  # until some may have been closed
_FAREWELL = 0.01  # how long close() waits for workers; one may be stuck in the application

_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # hosts that stand for all addresses, and one of them


class Loopback:
    """A WSGI application served on a loopback address, or on any with `allow_remote`; `port=0` takes a free one.

    With the rules of a `proxy` it is one, too. It serves from the moment it is made until `close()` or the end of its `with`
    block. Whether a connection speaks TLS is seen from its first byte, so both URLs lead to the same port. Certificates are
    signed by `ca_file()`.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        patience: Patience = Patience(),  # noqa: B008 - it never changes
        proxy: Proxy | None = None,
        allow_remote: bool = False,
    ) -> None:
        self.host = host if allow_remote else loopback_address(host)
        with _listen(self.host, port) as listener:
            self._server = _Server(app, self.host, listener, patience, proxy)
        self.port = self._server.port
        self._closing = threading.Lock()
        self._closed = False
        OWN.add((self.host, self.port))
        self._thread = threading.Thread(
            target=self._server.accept_until_stopped,
            name=f"sfmock {self.port}",
            daemon=True,
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """The base of plain HTTP URLs, by address: no name look-up is needed."""
        return f"http://{_in_url(_ANY.get(self.host, self.host))}:{self.port}"

    @property
    def tls_url(self) -> str:
        """The base of HTTPS URLs; the certificate holds the address, too."""
        named = self.host in ("127.0.0.1", "::1", *_ANY)
        return f"https://{'localhost' if named else _in_url(self.host)}:{self.port}"

    @property
    def tls_authority(self) -> str:
        """What a caller on plain HTTP is told of TLS: host and port, the port alone where any address is served."""
        return f":{self.port}" if self.host in _ANY else self.tls_url.removeprefix("https://")

    @property
    def proxy_url(self) -> str | None:
        """What HTTPS_PROXY is set to for other processes, with the password in it; None without a proxy's rules."""
        rules, host = self._server.proxy, _ANY.get(self.host, self.host)
        return None if rules is None else rules.url(f"{_in_url(host)}:{self.port}")

    def cut(self, served: object = None) -> None:
        """Closes the kept connections, or those of one org, and goes on listening: pooled clients reconnect unnoticed."""
        self._server.connections.cut(served)

    def close(self) -> None:
        """Stops listening, breaks all connections and wakes slow faults; a second call does nothing."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            OWN.discard((self.host, self.port))
            self._server.connections.stop()
            self._server.stop_accepting()
            self._thread.join()
            self._server.connections.wait_until_closed(_FAREWELL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Loopback {self.url}{' closed' if self._closed else ''}>"


class _Server(ThreadedWSGIServer):
    daemon_threads = True
    block_on_close = False

    def __init__(
        self,
        app: WSGIApplication,
        host: str,
        listener: socket.socket,
        patience: Patience,
        proxy: Proxy | None,
    ) -> None:
        # werkzeug would print and raise SystemExit where a port is in use: it gets a socket that listens already.
        port = listener.getsockname()[1]
        super().__init__(host, port, app, handler=Handler, fd=listener.fileno())
        self.socket.setblocking(False)  # a client may be gone between select() and accept()
        self.connections = Connections(patience)
        self.proxy = proxy
        self._waker, self._woken = socket.socketpair()

    def accept_until_stopped(self) -> None:
        """Takes connections, asleep between them: the stock loop looks every so often whether it is to end."""
        with selectors.DefaultSelector() as selector, self._woken:
            selector.register(self.socket, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while not self.connections.stopped.is_set():
                selector.select()
                self._accept()
        self.server_close()

    def stop_accepting(self) -> None:
        """Wakes the accepting thread, which then ends, as the connections were stopped."""
        with (
            self._waker,
            contextlib.suppress(OSError),
        ):  # a last connection may have woken it already
            self._waker.send(b"x")

    def _accept(self) -> None:
        try:
            accepted, address = self.socket.accept()
        except OSError as error:
            if error.errno in _OUT_OF_SOCKETS:  # it would be told again at once
                self.connections.stopped.wait(_PAUSE)
            return
        try:
            self.process_request(accepted, address)
        except RuntimeError:  # of threading: there can be no thread more
            _log.exception("a connection could not be served")
            accepted.close()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """One connection's whole life, in its own thread."""
        connection = Connection(self.connections, request)
        try:
            if self._set_up(connection):
                if self.proxy is None:
                    Handler(connection.socket, client_address, self, connection)
                else:
                    ProxyHandler(connection.socket, client_address, self, connection, self.proxy)
                connection.say_goodbye()
        except OSError:
            pass  # the client went away, or refused our certificate: nobody is left to tell
        finally:
            connection.close()

    def _set_up(self, connection: Connection) -> bool:
        def context() -> ssl.SSLContext:
            reached = connection.socket.getsockname()[0] if self.host in _ANY else self.host
            return tls.server_context(reached)

        return connection.set_up(context)


def loopback_address(host: str) -> str:
    """An address of this machine that no other one reaches; raises ValueError for any other."""
    with contextlib.suppress(ValueError):
        if ipaddress.ip_address(host).is_loopback:
            return host
    if host.lower() == "localhost":
        return "127.0.0.1"
    raise ValueError(f"{host!r} is not a loopback address: sfmock serves this machine only")


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        if os.name == "posix":  # on Windows this option would let two servers share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        text = f"port {port} of {host} cannot be had: {error.strerror}"
        if error.errno == errno.EADDRINUSE:
            text = f"port {port} of {host} is in use: choose another, or 0 for any free one"
        raise OSError(error.errno, text) from error
    except OverflowError as error:
        listener.close()
        raise ValueError(f"{port} is not a port") from error
    return listener


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host

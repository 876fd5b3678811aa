"""The connection of a proxy's client: tunnels to Salesforce end here, those to other hosts are carried there.

CONNECT a Salesforce host ─ 200 ─ TLS with its certificate, or plain HTTP ─ the application
CONNECT another host ──── 200 ─ bytes, both ways
GET http://…/ ──────────── the application, or the other host's answer
"""

from __future__ import annotations

import io
import ssl
from typing import TYPE_CHECKING, Any

from werkzeug.serving import BaseWSGIServer

from sfmock.transport import tls
from sfmock.transport.arriving import Arriving
from sfmock.transport.connections import Connection
from sfmock.transport.forward import Forward
from sfmock.transport.handler import BUFFER, Handler
from sfmock.transport.head import Head
from sfmock.transport.outside import open_tunnel
from sfmock.transport.proxy import Proxy, ProxyRefusedError, Target, read_target
from sfmock.transport.tunnel import join

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_DEFAULT_PORTS = {"http": 80, "https": 443}


class ProxyHandler(Handler):
    """One connection to a listener that is a proxy, too; what is served in a tunnel is not."""

    def __init__(
        self,
        request: Any,
        client_address: Any,
        server: BaseWSGIServer,
        link: Connection,
        proxy: Proxy,
    ) -> None:
        self.proxy = proxy
        super().__init__(request, client_address, server, link)

    def setup(self) -> None:
        """Opens a stream that can stop at the end of a head."""
        super().setup()
        self._arriving = Arriving(self.link)
        self.rfile = io.BufferedReader(self._arriving, BUFFER)

    def answer(self, head: Head, stream: io.BufferedReader) -> None:
        """Serves one request, for whole URLs in the place of another host."""
        self._arriving.end_head()
        try:
            if head.method == "CONNECT":
                self._connect(read_target(head.target), head, stream)
            else:
                self.serve(head, stream, self._app_for(head))
        except ProxyRefusedError as refusal:
            self._refuse(refusal)

    def is_secure(self, head: Head) -> bool:
        """Whether the URL is an https:// one: some clients ask a proxy for these in plain text."""
        return super().is_secure(head) or (
            head.absolute is not None and head.absolute[0] == "https"
        )

    def _connect(self, target: Target, head: Head, stream: io.BufferedReader) -> None:
        self.close_connection = True  # whatever becomes of the tunnel
        if self.link.secure or not self._arriving.is_all_taken(stream):
            raise ProxyRefusedError(
                400, "CONNECT needs a connection of its own, and one without TLS: http://…"
            )
        if self._is_answered(target, head):
            self.link.reopen()
            if self.link.set_up(lambda: self._context(target)):
                Handler(self.link.socket, self.client_address, self.server, self.link)
            return
        with self.proxy.tunnel(), open_tunnel(target, self.proxy) as far:
            self.link.attach(far)
            self.link.reopen()
            join(self.link.socket, far)

    def _app_for(self, head: Head) -> WSGIApplication:
        if head.absolute is None:
            return self.server.app
        scheme, authority = head.absolute
        target = read_target(authority, _DEFAULT_PORTS[scheme])
        if self._is_answered(target, head):
            return self.server.app
        if scheme == "https":
            raise ProxyRefusedError(400, f"{target.host} speaks TLS: ask for it by CONNECT")
        return Forward(head, target, self.proxy, self.link.attach)

    def _is_answered(self, target: Target, head: Head) -> bool:
        peer, credentials = self.client_address[0], head.fields.get("proxy-authorization")
        return self._is_ours(target) or self.proxy.answers(target, peer, credentials)

    def _is_ours(self, target: Target) -> bool:
        host, port = self.server.server_address[:2]
        return target.port == port and target.host.lower() in (
            "localhost",
            "127.0.0.1",
            "::1",
            host,
        )

    def _context(self, target: Target) -> ssl.SSLContext:
        if self._is_ours(target):
            return tls.server_context(target.host)
        return tls.named_context(target.host)

    def _refuse(self, refusal: ProxyRefusedError) -> None:
        wanted = 'Proxy-Authenticate: Basic realm="sfmock"\r\n' if refusal.status == 407 else ""
        page = f"{refusal.reason}\n".encode()
        self.refuse(f"{refusal.status} {refusal.reason}", "text/plain", page, wanted)

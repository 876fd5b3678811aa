"""Serves the requests of one connection to a WSGI application: HTTP/1.1 with kept connections, on werkzeug's handler."""

from __future__ import annotations

import contextlib
import io
import logging
import socket
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote_to_bytes

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler

from sfmock.transport.body import BrokenBody, RequestBody
from sfmock.transport.connections import Connection, Incoming
from sfmock.transport.head import BadMessageError, Head, cgi_fields, read_head
from sfmock.transport.reply import ReplyWriter
from sfmock.wire import Disconnect

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_log = logging.getLogger(__name__)
_MAX_SKIPPED = (
    1024 * 1024
)  # of a body that the application left unread; beyond it, closing is cheaper
BUFFER = 64 * 1024
_LINGER = 2.0
_CRASHED = b"sfmock: the application failed. The error is in the log of the test run.\n"
_REASONS = {  # Jetty's wording, which Salesforce shows for what does not reach an application
    400: "Bad Request",
    413: "Payload Too Large",
    414: "URI Too Long",
    431: "Request Header Fields Too Large",
    505: "Unknown Version",
}


class Handler(WSGIRequestHandler):
    """One connection, from its first request to its end; `link` is the listener's view of it."""

    protocol_version = "HTTP/1.1"

    def __init__(
        self, request: Any, client_address: Any, server: BaseWSGIServer, link: Connection
    ) -> None:
        self.link = link
        self._served = 0
        super().__init__(request, client_address, server)

    def setup(self) -> None:
        """Opens the stream of what comes; replies do not go through a stream, which would copy them."""
        self.connection = self.link.socket
        # With Nagle, a small reply waits 40 ms for the client's delayed ACK.
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self.rfile = io.BufferedReader(Incoming(self.link), BUFFER)

    def finish(self) -> None:
        """Closes the stream; the connection is its worker's to close."""
        self.rfile.close()

    def handle(self) -> None:
        """Serves one request after the other, pipelined ones too, until either side ends the connection."""
        self.close_connection = False
        while not self.close_connection:
            self.handle_one_request()

    def handle_one_request(self) -> None:
        """Waits for a request, serves it, and says whether the connection is kept."""
        stream = cast(io.BufferedReader, self.rfile)
        try:
            head = self._next_head(stream)
            if head is None:
                self.close_connection = True
            else:
                self.answer(head, stream)
        except BadMessageError as problem:
            self.send_error(problem.status)
        if self.link.closing:
            self.close_connection = True

    def answer(self, head: Head, stream: io.BufferedReader) -> None:
        """Serves one request; a tunnel is the business of a proxy."""
        if head.method == "CONNECT":
            raise BadMessageError
        self.serve(head, stream, self.server.app)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answers what is no proper request the way Salesforce's front end does, and closes."""
        reason = _REASONS[code]
        page = f"<h1>Bad Message {code}</h1><pre>reason: {reason}</pre>".encode()
        self.refuse(f"{code} {reason}", "text/html;charset=iso-8859-1", page)

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Writes nothing: the journal of the org keeps the requests."""

    def _next_head(self, stream: io.BufferedReader) -> Head | None:
        """The head of the next request; None where none comes any more, or not in time."""
        with contextlib.suppress(TimeoutError):
            self.link.allow(self.link.patience.idle)
            if stream.peek(1) and self.link.begin():
                self.link.allow(self.link.patience.head)
                head = read_head(stream)
                self.link.allow(self.link.patience.body)
                return head
        return None

    def serve(self, head: Head, stream: io.BufferedReader, app: WSGIApplication) -> None:
        """Asks an application, whatever it does, and sends its reply."""
        body = RequestBody(stream, head.length, self._invite if head.expects_continue else None)

        def send(data: bytes, last: bool) -> None:
            if body.failure is not None:  # the application may have swallowed it
                raise body.failure
            self._send(data, last=last)

        def must_close() -> bool:
            return self.link.closing or not body.skippable(_MAX_SKIPPED)

        writer = ReplyWriter(head, send, must_close)
        environ = self._environ(head, body)
        environ |= {"sfmock.kept": self._served > 0, "sfmock.flush": writer.flush}
        self._served += 1
        try:
            self._run(app, environ, writer)
        except Exception as error:  # whatever escapes the application ends this request only
            self._give_up(body.failure or error, writer)
        else:
            self._after_reply(body, writer)

    def _run(self, app: WSGIApplication, environ: WSGIEnvironment, writer: ReplyWriter) -> None:
        pieces: Iterable[bytes] = app(environ, writer.start_response)
        try:
            for piece in pieces:
                writer.write(piece)
            writer.finish()
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()

    def _after_reply(self, body: RequestBody, writer: ReplyWriter) -> None:
        if writer.closing:
            self.close_connection = True
            if not body.skip(0):
                self._linger()
        elif not body.skip(_MAX_SKIPPED):
            self._linger()

    def _give_up(self, error: Exception, writer: ReplyWriter) -> None:
        self.close_connection = True
        if isinstance(error, BrokenBody) and not writer.sent:
            if error.status is not None:
                self.send_error(error.status)
            return
        if not isinstance(error, Disconnect):
            _log.error("the application failed on a request", exc_info=error)
            if not writer.sent:
                self.refuse("500 Internal Server Error", "text/plain;charset=utf-8", _CRASHED)
                return
        if isinstance(error, Disconnect) and error.in_order:
            return
        self.link.reset()  # an orderly end could pass for a whole reply

    def is_secure(self, _head: Head) -> bool:
        """Whether a request is one for an https:// URL."""
        return self.link.secure

    def refuse(self, status: str, content_type: str, page: bytes, fields: str = "") -> None:
        """Sends a reply that no application made, and closes."""
        head = (
            f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{fields}"
            f"Content-Length: {len(page)}\r\nConnection: close\r\n\r\n"
        )
        self._send(head.encode("latin-1") + page)
        self._linger()

    def _send(self, data: bytes, *, last: bool = False) -> None:
        try:
            self.link.send(data, last=last)
        except OSError as error:
            raise Disconnect("the client went away") from error

    def _invite(self) -> None:
        self._send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _linger(self) -> None:
        """Reads what the client is still sending: closing over unread bytes would reset our reply away."""
        self.close_connection = True
        self.link.say_goodbye()
        self.link.drain(_LINGER)

    def _environ(self, head: Head, body: RequestBody) -> WSGIEnvironment:
        """WSGI's view of the request. REQUEST_URI is path and query as sent, without the host a proxy gets.

        Nothing is taken from Forwarded or X-Forwarded fields: anyone can send them.
        """
        host, port = self.server.server_address[:2]
        environ: WSGIEnvironment = {
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "https" if self.is_secure(head) else "http",
            "wsgi.input": body,
            "wsgi.input_terminated": True,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "sfmock.serves": self.link.serve,
            "sfmock.wait": self.link.wait,
            "SERVER_SOFTWARE": "sfmock",
            "REQUEST_METHOD": head.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(head.path.encode("latin-1")).decode("latin-1"),
            "QUERY_STRING": head.query,
            "REQUEST_URI": head.uri,
            "RAW_URI": head.uri,
            "REMOTE_ADDR": self.client_address[0],
            "REMOTE_PORT": self.client_address[1],
            "SERVER_NAME": str(host),
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": head.version,
        }
        environ.update(cgi_fields(head.fields))
        return environ

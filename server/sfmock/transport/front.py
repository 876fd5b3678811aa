"""The one listener of this process: each request goes to the live org that it belongs to when it arrives.

    client ── kept connection ── Loopback ── switchboard ── org.exchange
                                    │ no org owns it: 421, and the running test fails

It is made when somebody first asks where it is, and goes on for the process's life. Clients that were made at import
keep their connections over many tests; so a connection belongs to no org, and `cut()` ends the kept ones with an org.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sfmock.clock import Clock
from sfmock.errors import SalesforceError
from sfmock.represent.error_bodies import error_reply
from sfmock.represent.replies import render
from sfmock.routing import family_of
from sfmock.transport.guard import GUARD, Guard
from sfmock.transport.loopback import Loopback
from sfmock.transport.proxy import Proxy
from sfmock.transport.switchboard import SWITCHBOARD, Finder, Member, OrgNotFound
from sfmock.wire import Rendered, Request
from sfmock.wsgi import read_request, send_reply

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment


class Front:
    """A WSGI application for all live orgs, and the listener that serves it: HTTP and TLS on one port."""

    def __init__(self, switchboard: Finder, guard: Guard) -> None:
        self._switchboard = switchboard
        self._guard = guard
        self._lock = threading.Lock()
        self._server: Loopback | None = None
        self._owner = 0

    def __repr__(self) -> str:
        return f"<Front {self._server!r}>"

    @property
    def server(self) -> Loopback:
        """The listener, made on first use."""
        if self._server is None:
            with self._lock:
                if self._server is None:
                    proxy = Proxy(self._switchboard.expect, self._guard.note)
                    self._server, self._owner = Loopback(self, proxy=proxy), os.getpid()
                    atexit.register(self.close)
        return self._server

    def address(self) -> tuple[str, int]:
        """Host and port of the listener."""
        return self.server.host, self.server.port

    def cut(self, member: Member) -> None:
        """Closes the kept connections of an org that has ended: its clients shall connect anew."""
        server = self._server
        if server is not None:
            server.cut(member)

    def close(self) -> None:
        """Ends the listener; the next use makes another one, with another port."""
        with self._lock:
            server, self._server = self._server, None
            atexit.unregister(self.close)
        if server is not None and os.getpid() == self._owner:  # a forked child has no such thread
            server.close()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI application; raises Disconnect where the connection is to break."""
        request = read_request(environ, self._turns_away)
        try:
            member = self._switchboard.find(request)
        except OrgNotFound as error:
            self._guard.note(str(error))
            rendered = _misdirected(request, str(error))
        else:
            environ["sfmock.serves"](member)
            rendered = member.exchange(request)
        return send_reply(request, rendered, environ, start_response)

    def _turns_away(self, request: Request) -> bool:
        """A body may have to say first which org is meant."""
        try:
            return self._switchboard.find(request).turns_away(request)
        except OrgNotFound:
            return False


def _misdirected(request: Request, text: str) -> Rendered:
    """421, which no client tries again, in the form of the API that was called (SOAP: 500): its own error shows the text."""
    error, family = SalesforceError("SFMOCK_NO_ORG", text, status=421), family_of(request.path)
    reply = error_reply(error, request, family, None)
    return render(reply, request, family, now=Clock().now, serial="none", usage=None)


FRONT = Front(SWITCHBOARD, GUARD)
"""The one of this process, as kept connections and names are shared by all orgs."""

"""Interception: while an org is live, `requests` is answered in process for Salesforce's hosts, without a socket.

Session.send ─ HTTPAdapter.send (ours) ─ Salesforce host? ─ no ── the `send` that was there before
                                            │ yes
                                 urllib3's Retry around:  switchboard → org.exchange → urllib3 response
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from sfmock.transport.attempts import send_with_retries
from sfmock.transport.guard import GUARD, Guard
from sfmock.transport.hosts import is_salesforce
from sfmock.transport.patching import Function, Patch
from sfmock.transport.switchboard import SWITCHBOARD, Member, OrgNotFound, Switchboard
from sfmock.wire import Rendered, Request


class Intercept:
    """Counted: the first org installs the hook and the guard, the last one takes them away.

    Sessions and adapters made earlier, at import time too, are answered as well: the hook sits on the class.
    """

    def __init__(self, switchboard: Switchboard, guard: Guard) -> None:
        self._switchboard = switchboard
        self._guard = guard
        self._lock = threading.Lock()
        self._live = 0
        self._patch: Patch | None = None
        self._connected: WeakKeyDictionary[HTTPAdapter, set[str]] = WeakKeyDictionary()

    def __repr__(self) -> str:
        return f"<Intercept {self._live} live orgs>"

    def add(self, member: Member) -> None:
        """Answer for this org from now on; raises ValueError where a live org has one of its hosts."""
        with self._lock:
            self._switchboard.add(member)
            try:
                if self._live == 0:
                    self._install()
            except BaseException:  # nothing of a half-made installation may stay
                self._switchboard.remove(member)
                raise
            self._live += 1

    def remove(self, member: Member) -> None:
        """Stop answering for this org; the orgs may leave in any order. Raises LookupError for a stranger."""
        with self._lock:
            self._switchboard.remove(member)
            self._live -= 1
            if self._live == 0:
                self._uninstall()

    def exchange(self, request: Request) -> Rendered:
        """The answer of the org that the request belongs to; a request without one is kept as blocked, too."""
        try:
            member = self._switchboard.find(request)
        except OrgNotFound as error:
            self._guard.note(str(error))
            raise
        return member.exchange(request)

    def _install(self) -> None:
        self._guard.start()
        self._patch = Patch(HTTPAdapter, "send", self._hook)

    def _uninstall(self) -> None:
        if self._patch is not None:
            self._patch.undo()
            self._patch = None
        self._guard.stop()
        self._connected.clear()

    def _hook(self, before: Function) -> Callable[..., Response]:
        """The new `send`. It stays usable for ever: `responses`, first imported in a test, keeps a copy of it."""

        @functools.wraps(before)
        def send(  # `before` shall get its arguments as they came, whatever they are
            adapter: HTTPAdapter, request: PreparedRequest, *args: Any, **kwargs: Any
        ) -> Response:
            if self._live and is_salesforce(urlsplit(request.url or "").hostname):
                connected = self._connected.setdefault(adapter, set())
                return send_with_retries(
                    self.exchange, adapter, request, *args, connected=connected, **kwargs
                )
            response: Response = before(adapter, request, *args, **kwargs)
            return response

        return send


INTERCEPT = Intercept(SWITCHBOARD, GUARD)
"""The one of this process, as `HTTPAdapter.send` is one for all orgs."""


@contextmanager
def intercepting(member: Member) -> Iterator[None]:
    """Inside, `requests` is answered by this org, and the real Salesforce is out of reach."""
    INTERCEPT.add(member)
    try:
        yield
    finally:
        INTERCEPT.remove(member)

"""A bridge into a user's own `responses.RequestsMock`: Salesforce's hosts are answered by orgs, the rest stays the mock's.

What the user registers goes first, whatever the order. An exception ends the call, as any does there: responses repeats
replies under `Retry`, and exceptions never.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from responses import BaseResponse, RequestsMock
from responses.registries import OrderedRegistry

from sfmock.app import App
from sfmock.control.handle import Sfmock
from sfmock.org.org import Org
from sfmock.org.users import User
from sfmock.transport.attempts import attempt
from sfmock.transport.hosts import bare_host
from sfmock.transport.switchboard import Switchboard
from sfmock.versions import DEFAULT
from sfmock.wire import LOGIN_HOSTS, Rendered, Request

if TYPE_CHECKING:
    from requests import PreparedRequest
    from urllib3 import HTTPResponse


def bridge(
    mock: RequestsMock, org: Org, *, user: str | User | None = None, api_version: str = DEFAULT
) -> Sfmock:
    """Let a mock answer for an org: every method, URL and body of its hosts and of the login hosts. Gives the handle.

    It lasts until the mock is reset. A mock may have several orgs.
    """
    if isinstance(mock.get_registry(), OrderedRegistry):
        raise ValueError("a mock with an OrderedRegistry answers each request once and in order")
    app = App(org)
    found = next((each for each in mock.registered() if isinstance(each, _Bridge)), None)
    (found or _Bridge(mock)).add(app)
    handle = Sfmock(
        app,
        instance_url=f"https://{org.my_domain}",
        login_url=f"https://{min(org.login_hosts)}",
        transport="bridge",
        api_version=api_version,
        user=user,
    )
    handle.start()
    return handle


class _Bridge(BaseResponse):
    """What the mock holds: one for all of its orgs."""

    def __init__(self, mock: RequestsMock) -> None:
        super().__init__("ANY", re.compile("(?!)"))  # `matches` decides, and the mock shows this
        self._mock = mock
        self._board = Switchboard()
        self._hosts: frozenset[str] = LOGIN_HOSTS
        self._connected: set[str] = set()

    def add(self, app: App) -> None:
        """Answer for another org; raises ValueError where one of the mock has its host."""
        self._board.add(app)
        if not any(each is self for each in self._mock.registered()):
            self._mock.add(self)
        self._hosts |= app.hosts
        self.url = re.compile(
            rf"https?://({'|'.join(map(re.escape, sorted(self._hosts)))})(:\d+)?/"
        )

    @property
    def call_count(self) -> int:
        """At least one: a mock that expects what is registered to be called expects no call of an org."""
        return max(1, len(self.calls))

    def matches(self, request: PreparedRequest) -> tuple[bool, str]:
        """Whether the request is for one of the orgs, and for nothing else that is registered."""
        if bare_host(urlsplit(request.url or "").netloc) not in self._hosts:
            return False, "Host is none of the fake orgs'"
        others = (each for each in self._mock.registered() if each is not self)
        if any(each.matches(request)[0] for each in others):
            return False, "Another response matches"
        return True, ""

    def get_response(self, request: PreparedRequest) -> HTTPResponse:
        """The org's reply; raises what `requests` would, where a fault wants it."""
        options: dict[str, float | None] = getattr(request, "req_kwargs", {})  # set by the mock
        return attempt(self._exchange, request, options.get("timeout"), connected=self._connected)

    def _exchange(self, request: Request) -> Rendered:
        return self._board.find(request).exchange(request)

"""An org served over loopback: a listener that answers HTTP and TLS, for clients of this and of other processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sfmock.app import App
from sfmock.control.environment import Environment, Hidden, Way
from sfmock.control.handle import Sfmock
from sfmock.control.remote.door import ControlApi, names_this_machine
from sfmock.control.remote.table import ROOT
from sfmock.org.org import Org
from sfmock.org.users import User
from sfmock.transport.blocks import Block, Wishes
from sfmock.transport.guard import GUARD, guarding
from sfmock.transport.loopback import Loopback, ca_file
from sfmock.transport.ways import ByProxy, proxy_for
from sfmock.versions import DEFAULT


@dataclass(frozen=True, slots=True)
class Doors:
    """Where an org is served."""

    url: str
    tls_url: str
    way: Way
    """How other processes come there without being told any address."""
    control: ControlApi | None = None
    """Stands in front of the org, where callers of this machine reach it."""


class Served(Sfmock):
    """The handle of an org that is served."""

    def __init__(self, app: App, doors: Doors, wishes: Wishes) -> None:
        super().__init__(
            app,
            instance_url=doors.url,
            login_url=doors.url,
            transport="http",
            way=doors.way,
            api_version=wishes.api_version,
            user=wishes.user,
            rules=wishes.rules,
        )
        self.url = doors.url
        """Where it answers plain HTTP, and TLS too."""
        self.tls_url = doors.tls_url
        """Where it answers TLS; clients have to trust `ca_file`."""
        self.way = doors.way
        """How other processes come here without being told any address."""
        self.proxy_url = doors.way.proxy_url
        """The proxy that answers for Salesforce's hosts, with the password that lets through to others."""
        here = names_this_machine(urlsplit(doors.url).hostname or "")
        self._control = doors.control if here else None  # else no caller could be let in
        if self._control is not None:
            self._control.connect(self)

    @property
    def control_url(self) -> str | None:
        """Where the control API answers (docs/reference/control-api.md); None where it does not."""
        return None if self._control is None else f"{self.url}{ROOT}"

    @property
    def control_token(self) -> str | None:
        """What calls of the control API send as `Authorization: Bearer`."""
        return None if self._control is None else self._control.token

    def control_variables(self) -> dict[str, str]:
        """Where the control API is and what it asks for, in variables; none where it does not answer."""
        if self.control_url is None or self.control_token is None:
            return {}
        return {
            "SFMOCK_CONTROL_URL": self.control_url,
            "SFMOCK_CONTROL_TOKEN": Hidden(self.control_token),
        }

    def env(self) -> Environment:
        """The environment of a subprocess, with the control API in it."""
        found = super().env()
        found.update(self.control_variables())
        return found

    @property
    def ca_file(self) -> Path:
        """The certificate authority of `tls_url`; of this process, and gone with it."""
        return ca_file()


@contextmanager
def listening(
    app: App,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    tls_port: int | None = None,
    proxy_port: int | None = None,
    allow_remote: bool = False,
    control: bool = True,
    note: Callable[[str], None] = GUARD.note,
) -> Iterator[Doors]:
    """Listen for an org; without ports of their own TLS is answered, and tunnels are opened, at the port of HTTP.

    `control`: with the control API in front of it, which answers once a handle is made of the doors. `note` is told of
    hosts of Salesforce that the proxy was asked for and nobody owns.
    """
    api = ControlApi(app) if control else None

    def open_door(port: int) -> Loopback:
        served = app if api is None else api
        return stack.enter_context(
            Loopback(served, host=host, port=port, allow_remote=allow_remote, proxy=rules)
        )

    rules = proxy_for(app, note)
    with ExitStack() as stack:
        plain = open_door(port)
        tls = plain if tls_port in (None, plain.port) else open_door(tls_port)
        proxy = plain if proxy_port in (None, plain.port) else open_door(proxy_port)
        before = app.org.tls_authority
        app.org.tls_authority = tls.tls_authority
        try:
            yield Doors(plain.url, tls.tls_url, ByProxy(lambda: proxy), api)
        finally:
            app.org.tls_authority = before


class serve(Block[Served]):  # noqa: N801  # used like a function: `with serve(org) as sf`
    """The org answers HTTP and TLS on loopback: a context manager that gives the handle, and a decorator.

    `port=0` takes a free one; `sf.url`, `sf.tls_url` and `sf.proxy_url` lead to the same port unless `tls_port` or `proxy_port` name
    another. The end of the block raises what the end of `intercept` does, and meanwhile the real Salesforce cannot be
    reached from this process.
    """

    def __init__(
        self,
        org: Org,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls_port: int | None = None,
        proxy_port: int | None = None,
        user: str | User | None = None,
        api_version: str = DEFAULT,
        allow_refused: Sequence[str] = (),
        api_budget: int | None = None,
    ) -> None:
        super().__init__(
            org,
            user=user,
            api_version=api_version,
            allow_refused=allow_refused,
            api_budget=api_budget,
        )
        self._host, self._port = host, port
        self._tls_port, self._proxy_port = tls_port, proxy_port

    def _reach(self, app: App, wishes: Wishes, stack: ExitStack) -> Served:
        stack.enter_context(guarding())
        doors = listening(
            app,
            host=self._host,
            port=self._port,
            tls_port=self._tls_port,
            proxy_port=self._proxy_port,
        )
        return Served(app, stack.enter_context(doors), wishes)

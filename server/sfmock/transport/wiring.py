"""An org made reachable: which transport leads to it, and the handle that says where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sfmock.app import App
from sfmock.control.environment import Way
from sfmock.control.handle import Sfmock
from sfmock.transport.blocks import Block, Wishes
from sfmock.transport.front import FRONT
from sfmock.transport.guard import guarding
from sfmock.transport.intercept import intercepting
from sfmock.transport.loopback import Loopback, ca_file
from sfmock.transport.switchboard import live
from sfmock.transport.ways import ByProxy, proxy_for


@dataclass(frozen=True, slots=True)
class Address:
    """Where a connected org is reached, and by which transport."""

    transport: str
    instance_url: str
    login_url: str
    ca_file: Path | None = None
    way: Way | None = None
    """How other processes come there."""


@contextmanager
def _redirected(app: App) -> Iterator[None]:
    """Every client that goes through Python's sockets meets the listener of this process."""
    with guarding(FRONT.address), live(app):
        yield


@contextmanager
def _intercepted_and_redirected(app: App) -> Iterator[None]:
    """`requests` needs no socket; all others, and what passes by the hook in `requests`, are redirected."""
    with guarding(FRONT.address), intercepting(app):
        yield


@contextmanager
def _kept_connections_end(app: App) -> Iterator[None]:
    """Other processes meet the listener as well, whatever is redirected in this one."""
    try:
        yield
    finally:
        FRONT.cut(app)


_BY_NAME: Mapping[str, Callable[[App], AbstractContextManager[None]]] = {
    "auto": _intercepted_and_redirected,
    "intercept": intercepting,
    "redirect": _redirected,
}
"""The transports under which the org is reached by Salesforce's own host names."""
TRANSPORTS = (*_BY_NAME, "http", "https")


@contextmanager
def connect(app: App, transport: str = "auto") -> Iterator[Address]:
    """Make an org reachable inside; the real Salesforce is out of reach meanwhile."""
    way = _BY_NAME.get(transport)
    if way is not None:
        with _kept_connections_end(app), way(app):
            login_host = min(app.org.login_hosts)  # `login.` where both know the org
            yield Address(
                transport,
                f"https://{app.org.my_domain}",
                f"https://{login_host}",
                way=ByProxy(lambda: FRONT.server),
            )
        return
    with guarding(), Loopback(app, proxy=proxy_for(app)) as server:
        by_proxy = ByProxy(lambda: server)
        app.org.tls_authority = server.tls_authority
        try:
            if transport == "https":
                yield Address(transport, server.tls_url, server.tls_url, ca_file(), by_proxy)
            elif transport == "http":
                yield Address(transport, server.url, server.url, way=by_proxy)
            else:
                raise ValueError(f"transport {transport!r} is none of {', '.join(TRANSPORTS)}")
        finally:
            app.org.tls_authority = None  # the next test may reach the same org in another way


class intercept(Block[Sfmock]):  # noqa: N801  # used like a function: `with intercept(org) as sf`
    """The clients of this process are answered by the org: a context manager that gives the handle, and a decorator.

    At the end of the block what the fake refused, crashes of it, planned faults that were not met and calls to the real
    Salesforce raise `ProblemsFound`, unless another exception is on its way.
    """

    def _reach(self, app: App, wishes: Wishes, stack: ExitStack) -> Sfmock:
        address = stack.enter_context(connect(app))
        return Sfmock(
            app,
            instance_url=address.instance_url,
            login_url=address.login_url,
            transport=address.transport,
            way=address.way,
            api_version=wishes.api_version,
            user=wishes.user,
            rules=wishes.rules,
        )

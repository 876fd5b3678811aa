"""An org made reachable: which transport leads to it, and the handle that says where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ContextDecorator, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from sfmock.app import App
from sfmock.control.handle import Sfmock
from sfmock.control.problems import Problem, raise_problems
from sfmock.control.rules import Rules
from sfmock.org.org import Org
from sfmock.org.users import User
from sfmock.transport.guard import GUARD, guarding
from sfmock.transport.intercept import intercepting
from sfmock.transport.loopback import Loopback, ca_file
from sfmock.versions import DEFAULT


@dataclass(frozen=True, slots=True)
class Address:
    """Where a connected org is reached, and by which transport."""

    transport: str
    instance_url: str
    login_url: str
    ca_file: Path | None = None


@contextmanager
def connect(app: App, transport: str = "auto") -> Iterator[Address]:
    """Make an org reachable inside; the real Salesforce is out of reach meanwhile."""
    if transport in ("auto", "intercept"):
        with intercepting(app):
            login_host = min(app.org.login_hosts)  # `login.` where both know the org
            yield Address("intercept", f"https://{app.org.my_domain}", f"https://{login_host}")
        return
    with guarding(), Loopback(app) as server:
        app.org.tls_authority = server.tls_url.removeprefix("https://")
        try:
            if transport == "https":
                yield Address(transport, server.tls_url, server.tls_url, ca_file())
            elif transport == "http":
                yield Address(transport, server.url, server.url)
            else:
                raise ValueError(f"transport {transport!r} is none of auto, intercept, http, https")
        finally:
            app.org.tls_authority = None  # the next test may reach the same org in another way


class intercept(ContextDecorator):  # noqa: N801  # used like a function: `with intercept(org) as sf`
    """The `requests` of this process is answered by the org: a context manager that gives the handle, and a decorator.

    At the end of the block what the fake refused, crashes of it, planned faults that were not met and calls to the real
    Salesforce raise `ProblemsFound`, unless another exception is on its way.
    """

    def __init__(
        self,
        org: Org,
        *,
        user: str | User | None = None,
        api_version: str = DEFAULT,
        allow_refused: Sequence[str] = (),
        api_budget: int | None = None,
    ) -> None:
        self._org = org
        self._user = user
        self._api_version = api_version
        self._rules = Rules(allow_refused=tuple(allow_refused), api_budget=api_budget)
        self._open: list[tuple[ExitStack, Sfmock]] = []

    def __repr__(self) -> str:
        return f"<intercept {self._org!r}>"

    def __enter__(self) -> Sfmock:
        with ExitStack() as stack:
            app = App(self._org)
            address = stack.enter_context(connect(app, "intercept"))
            handle = Sfmock(
                app,
                instance_url=address.instance_url,
                login_url=address.login_url,
                transport=address.transport,
                api_version=self._api_version,
                user=self._user,
                rules=self._rules,
            )
            handle.start()
            self._open.append((stack.pop_all(), handle))
        return handle

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        stack, handle = self._open.pop()
        with stack:
            if error is None:
                blocked = [Problem(note) for note in GUARD.drain()]
                raise_problems([*handle.problems(), *blocked])

"""The guard: while a fake org is live, nothing that Python's sockets or TLS carry reaches the real Salesforce."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn, TypeAlias

from sfmock.transport.addresses import PRIVATE
from sfmock.transport.doors import close_doors
from sfmock.transport.hosts import DOMAINS, is_salesforce
from sfmock.transport.patching import Patch

_NOTES_KEPT = 100  # a retry loop shall not fill the memory
_DIRECT = ",".join(f".{domain}" for domain in (*DOMAINS, "my.site.com"))
_NO_PROXY_NAMES = (
    "no_proxy",
    "NO_PROXY",
)  # Python prefers the first, some tools read one of them only
_NOT_REDIRECTED = (
    "Use the fixture's client, or take instance_url and login_url from the fixture; to answer this client under"
    ' Salesforce\'s own names, leave the transport at "auto" or set it to "redirect".'
)
_NOT_LED = (
    "This way cannot be led to the fake: it goes through a proxy, over a connection that was opened before, or past"
    " IPv4 and the system's look-ups."
)


class RealSalesforceBlocked(RuntimeError):
    """Code under test was about to reach the real Salesforce.

    Not an OSError: clients would take that for a network fault, wrap it and try again.
    """


Listener: TypeAlias = Callable[[], tuple[str, int]]
"""Answers where the fake listens, once somebody connects."""


class Guard:
    """Counted: the first `start` closes the doors, the last `stop` opens them. Any thread may call.

    While somebody has started it with a listener, the doors lead there; else they refuse.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._patches: list[Patch] = []
        self._environ: list[tuple[str, str | None, str]] = []
        self._listeners: tuple[Listener, ...] = ()
        self.blocked: list[str] = []
        """What was refused, in words: the plugin fails the test with it, as `except Exception` may have swallowed it."""
        self.test: str | None = None
        """The running test's node id, for the wording; by default what pytest tells in PYTEST_CURRENT_TEST."""

    def __repr__(self) -> str:
        return f"<Guard {'on' if self.active else 'off'}, {len(self.blocked)} blocked>"

    @property
    def active(self) -> bool:
        """True while somebody has started the guard and not stopped it."""
        return self._users > 0

    def start(self, listener: Listener | None = None) -> None:
        """Keep the process from the real Salesforce, until `stop` was called as often, with the same listeners."""
        with self._lock:
            if self._users == 0:
                self._patches = close_doors(self)
                self._environ = list(_bypass_proxies())
            else:
                self._renew()
            self._users += 1
            if listener is not None:
                self._listeners += (listener,)

    def stop(self, listener: Listener | None = None) -> None:
        """Take one `start` back; raises RuntimeError without one."""
        with self._lock:
            if self._users == 0 or (listener is not None and listener not in self._listeners):
                raise RuntimeError("the guard is not started")
            self._users -= 1
            if listener is not None:
                place = self._listeners.index(listener)
                self._listeners = self._listeners[:place] + self._listeners[place + 1 :]
            if self._users == 0:
                while self._patches:
                    self._patches.pop().undo()
                _restore(self._environ)

    def renew(self) -> None:
        """Close the doors again that somebody has opened since: an org may outlive many tests and their plugins."""
        with self._lock:
            self._renew()

    def _renew(self) -> None:
        for patch in self._patches:
            patch.renew()

    def concerns(self, host: object) -> bool:
        """Whether a door has to ask about this host: one of Salesforce's, or the address given out for it."""
        if host == PRIVATE:
            return bool(self._listeners)
        return self._users > 0 and is_salesforce(host)

    def lead(self, host: object, door: str) -> None:
        """Return if the passage is led to the fake; raises RealSalesforceBlocked where nothing is redirected."""
        if not self._listeners:
            self.refuse(host, door)

    def listener(self) -> tuple[str, int]:
        """Where passages are led; raises RealSalesforceBlocked for a thread that outlives the last org by a moment."""
        listeners = self._listeners
        if not listeners:
            raise RealSalesforceBlocked("pytest-sfmock: the org has just gone, and nothing listens")
        return listeners[-1]()

    def tell(self, host: object, door: str) -> None:
        """Keep in mind that TLS met a stranger's certificate: no byte of a request has left, and the client sees an error."""
        self.note(self._refusal(host, door))

    def refuse(self, host: object, door: str) -> NoReturn:
        """Raise RealSalesforceBlocked, and keep it in mind: `except Exception` may swallow it."""
        text = self._refusal(host, door)
        self.note(text)
        raise RealSalesforceBlocked(text)

    def note(self, text: str) -> None:
        """Keep what the running test must fail with; at most a hundred of them."""
        if len(self.blocked) < _NOTES_KEPT:
            self.blocked.append(text)

    def drain(self) -> list[str]:
        """What was blocked since the last call, oldest first."""
        notes = self.blocked[:]
        del self.blocked[: len(notes)]
        return notes

    def _refusal(self, host: object, door: str) -> str:
        name = bytes(host).decode("latin-1") if isinstance(host, (bytes, bytearray)) else str(host)
        remedy = _NOT_LED if self._listeners else _NOT_REDIRECTED
        return (
            f"pytest-sfmock blocked {door} to the real Salesforce host {name}{self._where()}."
            f" While a fake org is live nothing may reach the real one. {remedy}"
            " Unset HTTPS_PROXY and proxies of the client itself."
        )

    def _where(self) -> str:
        test = self.test or os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]
        if not test:
            return ""
        line = _line_in(test.partition("::")[0])
        return f" in {test}" + (f", line {line}" if line else "")


def _line_in(path: str) -> int | None:
    """The line of the test file that is being run in this thread; None on other threads."""
    wanted = path.replace("/", os.sep)
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename.endswith(wanted):
            return frame.f_lineno
        frame = frame.f_back
    return None


def _bypass_proxies() -> Iterator[tuple[str, str | None, str]]:
    """Let Salesforce names go past any proxy, where the doors see them; tells what was changed."""
    usual = next((os.environ[name] for name in _NO_PROXY_NAMES if name in os.environ), "")
    for name in _NO_PROXY_NAMES:
        before = os.environ.get(name)
        value = usual if before is None else before
        if value.strip() == "*":  # means "never a proxy" only as long as it stands alone
            continue
        ours = f"{value},{_DIRECT}" if value else _DIRECT
        os.environ[name] = ours
        yield name, before, ours


def _restore(changes: list[tuple[str, str | None, str]]) -> None:
    while changes:
        name, before, ours = changes.pop()
        if os.environ.get(name) != ours:  # the test, or a fixture of its own, has set it meanwhile
            continue
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


GUARD = Guard()
"""The one of this process: sockets are shared by all orgs."""


@contextmanager
def guarding(listener: Listener | None = None) -> Iterator[Guard]:
    """The real Salesforce is out of reach inside; with a listener, its names lead there."""
    GUARD.start(listener)
    try:
        yield GUARD
    finally:
        GUARD.stop(listener)

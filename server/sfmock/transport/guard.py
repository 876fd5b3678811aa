"""The guard: while a fake org is live, nothing that Python's sockets or TLS carry reaches the real Salesforce."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from sfmock.transport.doors import close_doors
from sfmock.transport.hosts import DOMAINS, is_salesforce
from sfmock.transport.patching import Patch

_NOTES_KEPT = 100  # a retry loop shall not fill the memory
_DIRECT = ",".join(f".{domain}" for domain in (*DOMAINS, "my.site.com"))
_NO_PROXY_NAMES = (
    "no_proxy",
    "NO_PROXY",
)  # Python prefers the first, some tools read one of them only


class RealSalesforceBlocked(RuntimeError):
    """Code under test was about to reach the real Salesforce.

    Not an OSError: clients would take that for a network fault, wrap it and try again.
    """


class Guard:
    """Counted: the first `start` closes the doors, the last `stop` opens them. Any thread may call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._patches: list[Patch] = []
        self._environ: list[tuple[str, str | None, str]] = []
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

    def start(self) -> None:
        """Refuse the real Salesforce from now on, until `stop` was called as often as `start`."""
        with self._lock:
            if self._users == 0:
                self._patches = close_doors(self._check)
                self._environ = list(_bypass_proxies())
            self._users += 1

    def stop(self) -> None:
        """Take one `start` back; raises RuntimeError without one."""
        with self._lock:
            if self._users == 0:
                raise RuntimeError("the guard is not started")
            self._users -= 1
            if self._users == 0:
                while self._patches:
                    self._patches.pop().undo()
                _restore(self._environ)

    def note(self, text: str) -> None:
        """Keep what the running test must fail with; at most a hundred of them."""
        if len(self.blocked) < _NOTES_KEPT:
            self.blocked.append(text)

    def drain(self) -> list[str]:
        """What was blocked since the last call, oldest first."""
        notes = self.blocked[:]
        del self.blocked[: len(notes)]
        return notes

    def _check(self, host: object, door: str) -> None:
        if self._users and is_salesforce(host):
            text = self._refusal(host, door)
            self.note(text)
            raise RealSalesforceBlocked(text)

    def _refusal(self, host: object, door: str) -> str:
        name = bytes(host).decode("latin-1") if isinstance(host, (bytes, bytearray)) else str(host)
        return (
            f"pytest-sfmock blocked {door} to the real Salesforce host {name}{self._where()}."
            " While a fake org is live nothing may reach the real one. Use the fixture's client, or take"
            " instance_url and login_url from the fixture; clients other than requests need"
            ' transport="https". Unset HTTPS_PROXY and proxies of the client itself.'
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
def guarding() -> Iterator[Guard]:
    """The real Salesforce is out of reach inside: for transports that need no interception."""
    GUARD.start()
    try:
        yield GUARD
    finally:
        GUARD.stop()

"""Who may go where through the proxy: Salesforce's hosts are answered here, all others only for who knows the password.

The client that is to be tested may run in another process, written in any language: it is told of the proxy by its
environment. The password is this run's own, so no other user of the machine gets a way out, or one into its network.
"""

from __future__ import annotations

import base64
import hmac
import ipaddress
import re
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from sfmock.transport.hosts import is_salesforce
from sfmock.transport.switchboard import OrgNotFound

USER = "sfmock"
_TUNNELS = 100
_PORTS = (443, 80)
"""On these Salesforce answers."""
_AUTHORITY = re.compile(
    r"(?:[^@]*@)?(?:\[(?P<six>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(?::(?P<port>[0-9]{1,5}))?",
    re.IGNORECASE,
)
_LONGEST_REASON = 400
_UNPRINTABLE = re.compile(r"[^ -~]")


class ProxyRefusedError(Exception):
    """Nobody is reached; clients show the status line, if they show anything, so the reason stands in it."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = _UNPRINTABLE.sub("?", reason)[:_LONGEST_REASON]


class Target(NamedTuple):
    """Whom a client wants to reach, as it wrote the name, without brackets."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Proxy:
    """One listener's rules; `check` raises OrgNotFound for a Salesforce host that no live org owns.

    `note` keeps what the running test must fail with, as a client may swallow every answer of a proxy.
    """

    check: Callable[[str], None]
    note: Callable[[str], None]
    password: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    _room: threading.Semaphore = field(
        default_factory=lambda: threading.Semaphore(_TUNNELS), repr=False
    )

    def url(self, authority: str) -> str:
        """What HTTPS_PROXY is set to, for the listener at this address: a secret."""
        return f"http://{USER}:{self.password}@{authority}"

    def answers(self, target: Target, peer: str, credentials: str | None) -> bool:
        """Whether the fake answers for the target; False: the peer may reach it. Raises ProxyRefusedError."""
        if is_salesforce(target.host):
            self._expect(target)
            return True
        if not _is_this_machine(peer):
            raise ProxyRefusedError(
                403, "sfmock opens tunnels for programs on its own machine only"
            )
        if not self._knows_password(credentials):
            raise ProxyRefusedError(
                407,
                f"sfmock lets nobody through to {target.host} without the password of this run:"
                " take the whole proxy URL from sfmock.env()",
            )
        return False

    @contextmanager
    def tunnel(self) -> Iterator[None]:
        """Room for one more tunnel to another host inside; raises ProxyRefusedError where there is none."""
        if not self._room.acquire(blocking=False):
            raise ProxyRefusedError(503, f"{_TUNNELS} tunnels to other hosts are open already")
        try:
            yield
        finally:
            self._room.release()

    def _expect(self, target: Target) -> None:
        try:
            self.check(target.host)
        except OrgNotFound as error:
            self.note(str(error))
            raise ProxyRefusedError(403, str(error)) from error
        if target.port not in _PORTS:
            text = f"Salesforce does not answer on port {target.port} of {target.host}"
            self.note(f"{text}, so sfmock's proxy refused it")
            raise ProxyRefusedError(403, text)

    def _knows_password(self, credentials: str | None) -> bool:
        scheme, _, given = (credentials or "").partition(" ")
        wanted = base64.b64encode(f"{USER}:{self.password}".encode())
        return scheme.lower() == "basic" and hmac.compare_digest(given.strip().encode(), wanted)


def read_target(authority: str, default_port: int | None = None) -> Target:
    """Host and port of an authority; raises ProxyRefusedError where it names none."""
    match = _AUTHORITY.fullmatch(authority)
    port = int(match["port"] or default_port or 0) if match is not None else 0
    if match is None or not 0 < port < 65536:
        raise ProxyRefusedError(400, "a proxy is asked for host:port, and this names none")
    return Target(match["six"] or match["name"], port)


def _is_this_machine(peer: str) -> bool:
    address = ipaddress.ip_address(peer.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback

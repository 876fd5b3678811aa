"""How other processes come to the fake: a listener of ours as their proxy, and files with what they are to trust."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sfmock.control.environment import Usual
from sfmock.transport import trust
from sfmock.transport.guard import GUARD
from sfmock.transport.hosts import concerns_salesforce
from sfmock.transport.loopback import Loopback, ca_file
from sfmock.transport.proxy import Proxy
from sfmock.transport.switchboard import Member, Switchboard
from sfmock.transport.tls import private_file


@dataclass(frozen=True, slots=True)
class ByProxy:
    """The way through the listener that `find` answers; it may be made only then."""

    find: Callable[[], Loopback]

    @property
    def proxy_url(self) -> str:
        """The proxy, with the password that lets them through to other hosts, too."""
        url = self.find().proxy_url
        if url is None:
            raise RuntimeError("this listener is no proxy")
        return url

    @property
    def tls_url(self) -> str:
        """An address of the fake that needs no proxy."""
        return self.find().tls_url

    @property
    def ca_file(self) -> Path:
        """The fake's own certificate authority."""
        return ca_file()

    def trusted(self, base: str | None, usual: Usual) -> Path:
        """A file with the fake's certificate and those of another file, or else the usual ones."""
        return trust.bundle(_path(base, usual))

    def java_trust_store(self, base: str | None) -> Path:
        """The same as a store that Java reads, by default with what this machine's programs trust."""
        return trust.java_trust_store(_path(base, "system"))

    def keep(self, name: str, text: str) -> Path:
        """A file that lives as long as this process."""
        return private_file(name, text.encode())

    def concerns_salesforce(self, pattern: str) -> bool:
        """Whether an entry of NO_PROXY would keep a host of Salesforce from the proxy."""
        return concerns_salesforce(pattern)


def proxy_for(member: Member, note: Callable[[str], None] = GUARD.note) -> Proxy:
    """The rules of a listener that serves one org alone; what they refuse fails the running test, or is told elsewhere."""
    board = Switchboard()
    board.add(member)
    return Proxy(board.expect, note)


def _path(base: str | None, usual: Usual) -> Path | None:
    if base is not None:
        return Path(base)
    if usual == "none":
        return None
    return trust.system_bundle() if usual == "system" else trust.public_bundle()

"""The table of the live orgs of this process: which of them a request belongs to."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol
from urllib.parse import parse_qsl

from sfmock.org.masking import Mask
from sfmock.transport.hosts import bare_host, is_salesforce
from sfmock.wire import LOGIN_HOSTS, Rendered, Request, first_values

_CLOSED_ORGS_KEPT = 64  # only for the wording of an error
_SAME_FOR_ALL = ("/.well-known/openid-configuration", "/id/keys")
"""What a login host answers in the same way whichever org it is asked for."""
_LARGEST_LOGIN = 64 * 1024


class OrgNotFound(RuntimeError):
    """No live org answers for this request. Not an OSError: clients would retry those, and hide the text."""


class Member(Protocol):
    """What the table knows of a live org; `sfmock.app.App` is one."""

    @property
    def hosts(self) -> frozenset[str]:
        """The org's own host names, in lower case and without port."""
        ...

    def claims(self, request: Request) -> bool:
        """True when a request to a shared host is this org's: by user name, consumer key, code or token."""
        ...

    def turns_away(self, request: Request) -> bool:
        """True when the head of a request earns it an error whatever its body is."""
        ...

    def exchange(self, request: Request) -> Rendered:
        """The org's answer, as bytes."""
        ...


class Finder(Protocol):
    """What a listener asks."""

    def find(self, request: Request) -> Member:
        """The org a request belongs to; raises OrgNotFound."""
        ...

    def expect(self, host: str) -> None:
        """Raises OrgNotFound where no request to this Salesforce host can find an org."""
        ...


class Switchboard:
    """Live orgs by host name. Reading takes no lock: `add` and `remove` replace the tables whole."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._members: tuple[Member, ...] = ()
        self._by_host: dict[str, Member] = {}
        self._closed: deque[frozenset[str]] = deque(maxlen=_CLOSED_ORGS_KEPT)

    def __repr__(self) -> str:
        return f"<Switchboard {sorted(self._by_host)}>"

    def __len__(self) -> int:
        return len(self._members)

    def add(self, member: Member) -> None:
        """Make an org reachable; raises ValueError for a host that another live org has."""
        with self._lock:
            taken = sorted(_own_hosts(member) & self._by_host.keys())
            if taken or member in self._members:
                raise ValueError(
                    f"a live org answers for {_listed(taken or member.hosts)} already:"
                    " close it first, or give this one another My Domain"
                )
            self._replace((*self._members, member))

    def remove(self, member: Member) -> None:
        """Take an org out again, in any order; raises LookupError when it is not there."""
        with self._lock:
            if member not in self._members:
                raise LookupError(f"no live org answers for {_listed(member.hosts)}")
            self._replace(tuple(each for each in self._members if each is not member))
            self._closed.append(_own_hosts(member))

    def find(self, request: Request) -> Member:
        """The org a request belongs to; raises OrgNotFound naming the host, the live ones and the remedy."""
        host = bare_host(request.host)
        found = self._by_host.get(host)
        if found is not None:
            return found
        if host in LOGIN_HOSTS or not is_salesforce(host):
            return self._claimant(request, host)
        raise OrgNotFound(self._no_such_host(host))

    def expect(self, host: str) -> None:
        """Raises OrgNotFound where no request to this Salesforce host can find an org."""
        host = bare_host(host)
        if host in LOGIN_HOSTS:
            if not self._members:
                raise OrgNotFound(f"no org is live to answer for {host}: open one first")
        elif host not in self._by_host:
            raise OrgNotFound(self._no_such_host(host))

    def _claimant(self, request: Request, host: str) -> Member:
        """The org that a request to a shared host (log-in, or the loopback address) is meant for."""
        members = self._members
        if len(members) == 1 or (
            members and request.path in _SAME_FOR_ALL
        ):  # it answers as Salesforce does for an unknown user: invalid_grant
            return members[0]
        claimants = [member for member in members if member.claims(request)]
        if len(claimants) == 1:
            return claimants[0]
        raise OrgNotFound(_no_claimant(request, host, claimants, members))

    def _replace(self, members: tuple[Member, ...]) -> None:
        self._by_host = {host: member for member in members for host in _own_hosts(member)}
        self._members = members

    def _no_such_host(self, host: str) -> str:
        if any(host in hosts for hosts in self._closed):
            return (
                f"the org of {host} is closed already (live: {_listed(self._by_host)}):"
                " take instance_url from the org of the running test, and log in again instead of"
                " keeping a client or its token from an earlier test"
            )
        return (
            f"no live org answers for {host} (live: {_listed(self._by_host)}):"
            " take instance_url from the fixture or from the log-in's reply instead of writing a host"
            " name down, or give the org this My Domain"
        )


def _own_hosts(member: Member) -> frozenset[str]:
    return member.hosts - LOGIN_HOSTS


def _no_claimant(
    request: Request, host: str, claimants: list[Member], members: tuple[Member, ...]
) -> str:
    asked = f"{request.method} {request.scheme}://{host}{Mask().path(request.path)}"
    username = _username(request)
    if username:
        asked += f" for user {username!r}"
    if not members:
        return f"no org is live to answer {asked}: open one first"
    if claimants:
        return (
            f"several live orgs claim {asked}: {_listed(h for each in claimants for h in each.hosts)};"
            " log in on the org's own host, or give its user another name"
        )
    return (
        f"none of {len(members)} live orgs claims {asked}: {_listed(h for each in members for h in each.hosts)};"
        " use the credentials of one of them, or log in on its own host"
    )


def _username(request: Request) -> str | None:
    """The user name of a log-in form or an assertion: no secret, and what tells the reader which call it was."""
    if len(request.body) > _LARGEST_LOGIN:
        return None
    from sfmock.org.claims import (
        named_user,  # where orgs are live it is loaded, and else not needed
    )

    form = first_values(parse_qsl(request.body.decode("latin-1")))
    return form.get("username") or named_user(form.get("assertion"))


def _listed(hosts: Iterable[str]) -> str:
    return ", ".join(sorted(set(hosts) - LOGIN_HOSTS)) or "none"


# Patches and the loopback port are there once a process, so the table they ask has to be, too. It is the one exception
# to "no state in modules": orgs enter and leave explicitly, and nothing fills it while importing.
SWITCHBOARD = Switchboard()


@contextmanager
def live(member: Member) -> Iterator[None]:
    """Inside, this org is in the table, and nothing else leads there yet."""
    SWITCHBOARD.add(member)
    try:
        yield
    finally:
        SWITCHBOARD.remove(member)

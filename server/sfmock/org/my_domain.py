"""What an org is called: the pod in its ids, and the My Domain that no other org of the process has (oauth.md 1)."""

from __future__ import annotations

import itertools
import re
import weakref
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from sfmock import ids

KINDS = ("production", "develop", "sandbox", "scratch", "trailblaze", "demo", "patch", "free")
"""Kinds of orgs, as their host names tell them."""
_TEST = frozenset({"sandbox", "scratch"})
"""Orgs whose users log in at test.salesforce.com; all others do at login.salesforce.com."""
_HOST = re.compile(r"([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)(?:\.([a-z]+))?")
_serials = itertools.count(1)
# Like the switchboard, one a process: two orgs must not answer on one host.
_taken: weakref.WeakValueDictionary[str, Named] = weakref.WeakValueDictionary()


@dataclass(frozen=True, slots=True)
class MyDomain:
    """A My Domain: its name, and the kind of org that its host tells."""

    name: str
    kind: str = "develop"

    @property
    def host(self) -> str:
        """The host name of the org's data."""
        return self.other_host("my.salesforce.com")

    @property
    def is_sandbox(self) -> bool:
        """Whether the org is a sandbox or a scratch org."""
        return self.kind in _TEST

    @property
    def login_host(self) -> str:
        """The router that knows its users."""
        return f"{'test' if self.is_sandbox else 'login'}.salesforce.com"

    def other_host(self, domain: str, suffix: str = "") -> str:
        """A host of the org in another domain; `suffix` comes behind the name."""
        middle = "" if self.kind == "production" else f".{self.kind}"
        return f"{self.name}{suffix}{middle}.{domain}"


def read_my_domain(text: str) -> MyDomain:
    """`acme`, `acme--uat.sandbox`, `acme-dev-ed.develop`, or the whole host; raises ValueError for what is none."""
    short = text.lower().removeprefix("https://").rstrip("/").removesuffix(".my.salesforce.com")
    found = _HOST.fullmatch(short)
    kind = "production" if found is None else found[2] or "production"
    if found is None or kind not in KINDS or ("--" in found[1] and kind != "sandbox"):
        raise ValueError(
            f"{text!r} is no My Domain: acme, acme--uat.sandbox, acme.scratch, acme-dev-ed.develop,"
            " or the like, with or without .my.salesforce.com"
        )
    if kind == "sandbox" and "--" not in found[1]:
        raise ValueError(f"the My Domain of a sandbox has its name, too: {found[1]}--uat.sandbox")
    return MyDomain(found[1], kind)


class Named(Protocol):
    """An org, as far as its name goes."""

    @property
    def domain(self) -> str:
        """The name of its My Domain."""
        ...


def pod_of(seed: int) -> str:
    """Three characters that differ between orgs of different seeds (up to 238,328 of them)."""
    number = (seed * 77_773 + 19_531) % 62**3  # 77,773 shares no factor with 62: no two seeds meet
    return "".join(ids.ALPHABET[number // 62**place % 62] for place in (2, 1, 0))


def new_domain(pack: str, seed: int) -> str:
    """A My Domain that no org of this process has, the same in each run that opens the same orgs in this order."""
    while True:
        text = f"{seed}/{pack}/{next(_serials)}"
        domain = f"sfmock-{sha256(text.encode()).hexdigest()[:12]}"
        if domain not in _taken:
            return domain


def is_taken(domain: str) -> bool:
    """Whether an open org of this process has this My Domain."""
    return domain in _taken


def take(org: Named) -> None:
    """Note that an org has its My Domain, until it is closed."""
    _taken.setdefault(org.domain, org)


def give_back(org: Named) -> None:
    """Note that a closed org needs its My Domain no longer."""
    if _taken.get(org.domain) is org:
        del _taken[org.domain]

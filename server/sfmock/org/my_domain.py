"""What an org is called: the pod in its ids, and the My Domain that no other org of the process has."""

from __future__ import annotations

import itertools
import weakref
from hashlib import sha256
from typing import Protocol

from sfmock import ids

_serials = itertools.count(1)
# Like the switchboard, one a process: two orgs must not answer on one host.
_taken: weakref.WeakValueDictionary[str, Named] = weakref.WeakValueDictionary()


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

"""What a fake leaves behind for a report: its requests, and all that is needed to show them without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sfmock.control.explain import explained
from sfmock.control.handle import Sfmock
from sfmock.control.rules import Rules
from sfmock.org.journal import Exchange
from sfmock.org.known_secrets import Known, known_secrets
from sfmock.org.masking import Mask
from sfmock.org.org import Org


@dataclass(frozen=True)
class Evidence:
    """The requests of one fake."""

    address: str
    seed: int
    rules: Rules
    exchanges: tuple[Exchange, ...]
    dropped: int
    api_calls: int
    known: Known
    plans: Mapping[int, list[tuple[str, str]]] = field(default_factory=dict)
    """By the place of a query among the exchanges."""

    @cached_property
    def mask(self) -> Mask:
        """What takes the secrets out of what is shown."""
        return Mask(self.known.secrets, self.known.names).learn(self.exchanges)


def evidence(handle: Sfmock, *, plans: bool = False) -> Evidence:
    """What is there at this moment; `plans`: with the plan and the SQL of each query."""
    exchanges = tuple(handle.requests)
    return Evidence(
        address=handle.instance_url,
        seed=handle.seed,
        rules=handle.rules,
        exchanges=exchanges,
        dropped=handle.requests.dropped,
        api_calls=handle.requests.api_calls,
        known=known_secrets(handle.org),
        plans=_plans(handle.org, exchanges) if plans else {},
    )


def _plans(org: Org, exchanges: Sequence[Exchange]) -> dict[int, list[tuple[str, str]]]:
    """How the queries that were answered were understood; of one that came again only once."""
    places: dict[tuple[str | None, ...], int] = {}
    for place, each in enumerate(exchanges):
        if each.soql is not None and each.status == 200:
            places.setdefault((each.soql, each.name, each.user, each.path), place)
    return {place: explained(org, exchanges[place]) for place in places.values()}

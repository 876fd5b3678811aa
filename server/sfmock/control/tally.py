"""How many requests a test made, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sfmock.org.journal import Journal


class Tally(NamedTuple):
    """Numbers for a report; they add up over the rounds and the fakes of a test."""

    requests: int = 0
    api_calls: int = 0
    errors: int = 0
    faults: int = 0
    refused: int = 0
    crashes: int = 0


def count(journal: Journal) -> Tally:
    """The numbers of a journal; of requests that are no longer kept only how many there were, and their cost."""
    return Tally(
        requests=len(journal) + journal.dropped,
        api_calls=journal.api_calls,
        errors=sum(each.failed for each in journal),
        faults=sum(each.fault is not None for each in journal),
        refused=sum(each.refused is not None for each in journal),
        crashes=sum(each.crash is not None for each in journal),
    )


def add_up(tallies: Iterable[Tally]) -> Tally:
    """All of them as one."""
    columns = list(zip(*tallies, strict=True))
    return Tally(*map(sum, columns))

"""Pages of query results: how they are asked for, how many rows they have, what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from sfmock.soql.plan import Plan
from sfmock.versions import Version

DEFAULT_BATCH = 2000
SMALLEST_BATCH = 200

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Page(Generic[_T]):
    """A page of results: `records` is the JSON list or the records themselves, `next_locator` leads to the next page."""

    total: int
    next_locator: str | None
    records: _T

    @property
    def done(self) -> bool:
        """Whether it is the last one."""
        return self.next_locator is None


@dataclass(frozen=True, slots=True)
class Paging:
    """How a query is read: by whom, in which version, and how many rows at once.

    `exactly`: so many, where a fault says so; without `batch_size`, a further page has as many as the first.
    """

    user_id: str
    version: Version
    batch_size: int | None = None
    exactly: int | None = None


def size_of(asked: int | None, plan: Plan) -> int:
    """The page size: 200 to 2,000, and 200 where two custom long texts are selected (soql.md 12)."""
    long_texts = sum(
        1
        for column in plan.columns
        if column.field.custom and column.field.type == "textarea" and column.field.length > 255
    )
    if long_texts > 1:
        return SMALLEST_BATCH
    return DEFAULT_BATCH if asked is None else min(max(asked, SMALLEST_BATCH), DEFAULT_BATCH)

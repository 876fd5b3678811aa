"""What a generated row that must fit others is completed by: its sobject's fitting, and the maker of the rows it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Protocol, TypeAlias

from sfmock.org.dml.plan import Row
from sfmock.store.database import Value

Fields: TypeAlias = dict[str, object]
"""A row on its way, by exact field names: what the test gives and what describe asks for is in it."""


class Maker(Protocol):
    """Makes and finds the rows that another one needs."""

    @property
    def random(self) -> Random:
        """The generator of this row's values."""
        ...

    def make(self, name: str, **fields: object) -> str:
        """A new row with these fields and generated ones; answers its id."""
        ...

    def shared(self, name: str, **fields: object) -> str:
        """Such a row that all rows of one call of `create` have in common."""
        ...

    def find(self, name: str, **values: Value) -> Row | None:
        """The oldest live row with these values."""
        ...


@dataclass(frozen=True, slots=True)
class Fitting:
    """How a row of one sobject is completed, and the fields that describe alone must not fill."""

    fill: Callable[[Maker, Fields], None]
    own: frozenset[str] = frozenset()

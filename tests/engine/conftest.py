"""An org for each test, and a caller of its app."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from calling import Caller
from sfmock.org.org import Org


@pytest.fixture
def org() -> Iterator[Org]:
    with Org.new() as made:
        yield made


@pytest.fixture
def call(org: Org) -> Caller:
    return Caller(org)


@pytest.fixture
def make_caller() -> Iterator[Callable[..., Caller]]:
    made: list[Org] = []

    def make(pack: str = "developer", seed: int = 0) -> Caller:
        made.append(Org.new(pack, seed))
        return Caller(made[-1])

    yield make
    for each in made:
        each.close()

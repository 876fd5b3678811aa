"""Random searches over random rows: the engine and the naive counterpart give the same records, never a crash or a refusal.

`SFMOCK_EFFORT=100 pytest tests/sosl/test_naive.py` asks 30,000 searches; a failure names the seeds that ask its search again.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from effort import effort
from naive.find import SearchWorld, finder
from naive.search import found

WORLDS = range(effort(3))
SEARCHES = 100


@pytest.fixture(params=WORLDS)
def world(request: pytest.FixtureRequest) -> Iterator[SearchWorld]:
    world = SearchWorld(request.param)
    yield world
    world.close()


def test_the_engine_finds_what_the_naive_counterpart_finds(world: SearchWorld) -> None:
    hits = 0
    for seed in range(SEARCHES):
        search = finder(f"find {world.seed} {seed}", world).search()
        status, body = world.find(str(search))
        wanted = {"searchRecords": found(world.data, search)}
        assert (status, body) == (200, wanted), f"seed {seed}: {search}"
        hits += len(wanted["searchRecords"]) > 0
    assert hits > SEARCHES // 5

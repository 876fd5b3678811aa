"""The data set of the SOQL cases, made once: whatever a test changes is undone behind it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from soql_dataset import World


@pytest.fixture(scope="session")
def shared_world() -> World:
    return World()


@pytest.fixture
def world(shared_world: World) -> Iterator[World]:
    catalogue = shared_world.catalogue
    yield shared_world
    shared_world.catalogue = catalogue
    shared_world.db.reset()


@pytest.fixture(scope="session")
def disguised_world() -> World:
    return World(disguise=True)


@pytest.fixture(params=["plain", "disguised"])
def either_world(
    request: pytest.FixtureRequest, shared_world: World, disguised_world: World
) -> Iterator[World]:
    """The data set as it is, and with other ids and names."""
    found = shared_world if request.param == "plain" else disguised_world
    yield found
    found.db.reset()

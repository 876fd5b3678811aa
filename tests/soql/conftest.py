"""The data set of the SOQL cases, once a module: queries change nothing but locators, and tests that do undo it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from soql_dataset import World


@pytest.fixture(scope="session")
def shared_world() -> World:
    return World()


@pytest.fixture
def world(shared_world: World) -> Iterator[World]:
    yield shared_world
    shared_world.db.reset()

"""The abilities that all clients prove are tests, too: their assertions are told like those of a test module."""

from __future__ import annotations

import pytest

from pytest_sfmock import Sfmock

pytest.register_assert_rewrite("battery")


@pytest.fixture
def fake(sfmock: Sfmock) -> Sfmock:
    """The fake that a client talks to."""
    return sfmock

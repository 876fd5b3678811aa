"""An org at noon of the last of January 2026, and its control API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from controlling import Remote
from sfmock.org.org import Org

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def remote() -> Iterator[Remote]:
    with Org.new() as org:
        org.clock.freeze(NOON)
        yield Remote(org)

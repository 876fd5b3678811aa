"""A caller of the org that a module makes."""

from __future__ import annotations

import pytest

from calling import Caller
from sfmock.org.org import Org


@pytest.fixture
def call(org: Org) -> Caller:
    return Caller(org)

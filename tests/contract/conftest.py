"""The client that the contract is written against; a live run overrides nothing but the mode."""

from __future__ import annotations

import uuid

import pytest


@pytest.fixture
def tag() -> str:
    """A text that no other row of a shared sandbox has."""
    return f"sfmock-{uuid.uuid4().hex[:12]}"

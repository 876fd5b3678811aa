"""How hard hypothesis looks: a few examples in the suite, as many as you have time for with `SFMOCK_EFFORT=50 pytest …`."""

from __future__ import annotations

import os


def effort(examples: int) -> int:
    """So many examples, times the factor in the environment."""
    return examples * int(os.environ.get("SFMOCK_EFFORT", "1"))

"""What a test must not do, beyond what its assertions say."""

from __future__ import annotations

from dataclasses import dataclass

N_PLUS_ONE = 10
"""So many calls that differ in one literal are worth a line."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Which refused requests are allowed, what calls may cost, and how many may differ in one literal."""

    allow_refused: tuple[str, ...] = ()
    api_budget: int | None = None
    n_plus_one: int = N_PLUS_ONE
    """0 looks for none."""
    fail_n_plus_one: bool = False

"""Bad times by name: faults that come together, as they did in incidents that clients report. Figures are ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ScenarioPlan:
    """What happens in a scenario; `plans` are what `faults.add` takes."""

    happens: str
    plans: tuple[Mapping[str, Any], ...]


_MINUTE = 60.0

SCENARIOS: Mapping[str, ScenarioPlan] = {
    "bad_afternoon": ScenarioPlan(
        "an overloaded instance: each tenth request is refused or late, pages come from the edge, rows are locked, and in"
        " each ten minutes there are two in which too many requests run at once",
        (
            {
                "kind": "concurrent_limit",
                "rate": 0.5,
                "start": 5 * _MINUTE,
                "lasts": 2 * _MINUTE,
                "every": 10 * _MINUTE,
            },
            {"kind": "server_unavailable", "rate": 0.06},
            {"kind": "edge_502", "rate": 0.02},
            {"kind": "connection_reset", "rate": 0.01},
            {"kind": "dropped_before_reply", "rate": 0.01, "at": "after"},
            {"kind": "row_lock", "rate": 0.1},
            {"kind": "slow", "rate": 0.05, "seconds": 8.0, "moves_clock": True},
        ),
    ),
    "release_weekend": ScenarioPlan(
        "an upgrade: five minutes read-only, five of maintenance, then all sessions and locators are gone and the first"
        " minutes are rough",
        (
            {"kind": "read_only", "times": None, "lasts": 5 * _MINUTE},
            {"kind": "maintenance", "times": None, "start": 5 * _MINUTE, "lasts": 5 * _MINUTE},
            {"kind": "session_expired", "start": 10 * _MINUTE},
            {"kind": "locator_gone", "start": 10 * _MINUTE},
            {"kind": "retry_your_request", "times": 2, "start": 10 * _MINUTE},
            {"kind": "internal_error", "rate": 0.2, "start": 10 * _MINUTE, "lasts": 5 * _MINUTE},
            {"kind": "edge_406", "rate": 0.1, "start": 10 * _MINUTE, "lasts": 5 * _MINUTE},
        ),
    ),
    "token_storm": ScenarioPlan(
        "sessions end all the time, and the token endpoint is not always up to it",
        (
            {"kind": "session_expired", "rate": 0.3},
            {"kind": "retry_your_request", "rate": 0.2},
            {"kind": "refresh_concurrent", "rate": 0.1},
            {"kind": "token_endpoint_html", "rate": 0.05},
            {
                "kind": "login_rate",
                "rate": 0.5,
                "start": 5 * _MINUTE,
                "lasts": _MINUTE,
                "every": 10 * _MINUTE,
            },
        ),
    ),
}
"""Of several that could fire on a request, the first does."""

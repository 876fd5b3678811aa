"""The time line of the limits, and that going back costs the same for any number of records."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from calling import Caller
from sfmock.control.baseline import Baseline
from sfmock.org.limits import HISTORY_KEPT, Usage
from sfmock.org.org import Org

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def test_history_is_the_time_line_of_used_values(org: Org, call: Caller) -> None:
    org.clock.freeze(NOON)
    assert not org.limits.history
    call("GET", "/limits")
    call("GET", "/services/data")  # costs nothing
    org.clock.advance(hours=1)
    call("GET", "/sobjects/Account/001000000000001AAA")
    org.limits["MassEmail"].used = 3
    org.limits["DailyApiRequests"].remaining = 10

    assert org.limits.history == (
        Usage(NOON, "DailyApiRequests", 1),
        Usage(NOON.replace(hour=13), "DailyApiRequests", 2),
        Usage(NOON.replace(hour=13), "MassEmail", 3),
        Usage(NOON.replace(hour=13), "DailyApiRequests", 14_990),
    )
    assert repr(org.limits.history[0]) == "<Usage 2026-01-31T12:00:00Z DailyApiRequests 1>"


def test_a_refused_call_at_the_cap_adds_nothing(org: Org, call: Caller) -> None:
    org.limits["DailyApiRequests"].max = 1
    assert [call("GET", "/limits").status for _ in range(2)] == [200, 403]
    assert [each.used for each in org.limits.history] == [1]


def test_a_restore_keeps_history_and_a_reset_takes_it_back(org: Org, call: Caller) -> None:
    call("GET", "/limits")
    start, snapshot = Baseline(org), org.snapshot()
    call("GET", "/limits")
    org.restore(snapshot)
    assert [each.used for each in org.limits.history] == [1, 2]
    start.restore()
    assert [each.used for each in org.limits.history] == [1]


def test_history_keeps_the_last_values_of_a_long_run(org: Org) -> None:
    for number in range(HISTORY_KEPT + 5):
        org.limits["MassEmail"].used = number
    assert len(org.limits.history) == HISTORY_KEPT
    assert org.limits.history[-1].used == HISTORY_KEPT + 4


def test_going_back_costs_the_same_for_any_number_of_records() -> None:
    with Org.new() as small, Org.new() as large:
        large.load({"Account": ({"Name": f"Account {each}"} for each in range(20_000))})
        assert _fastest_reset(large) < 5 * _fastest_reset(small) + 0.0005


def _fastest_reset(org: Org) -> float:
    start = Baseline(org)
    best = 1.0
    for _ in range(20):
        org.insert("Account", {"Name": "Acme"})
        started = time.perf_counter()
        start.restore()
        best = min(best, time.perf_counter() - started)
    return best

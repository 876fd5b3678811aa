"""The clock: it moves all that asks it, and goes back only when told to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from sfmock.clock import Clock, system_datetime, wire_datetime

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_frozen_clock_stands_until_it_is_moved() -> None:
    clock = Clock()
    clock.freeze(NOON)
    assert clock.now == NOON
    clock.advance(hours=2)
    clock.advance(timedelta(minutes=1))
    assert clock.now == NOON + timedelta(hours=2, minutes=1)
    clock.travel(NOON - timedelta(days=1))
    assert clock.now == NOON - timedelta(days=1)


def test_advance_refuses_to_go_back() -> None:
    with pytest.raises(ValueError, match=r"use clock\.travel\(to\) to go back"):
        Clock().advance(hours=-1)


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(ValueError, match="aware datetimes only"):
        Clock().freeze(datetime(2026, 1, 1))


@pytest.mark.parametrize(
    "move",
    [
        lambda clock: clock.travel(datetime(1699, 12, 31, 23, 59, tzinfo=UTC)),
        lambda clock: clock.freeze(datetime(4001, 1, 1, tzinfo=UTC)),
        lambda clock: clock.advance(days=365_250 * 2),
    ],
)
def test_the_clock_stays_within_the_years_of_dates_in_records(
    move: Callable[[Clock], None],
) -> None:
    clock = Clock()
    clock.freeze(NOON)
    with pytest.raises(ValueError, match="the clock knows the years 1700 to 4000"):
        move(clock)
    assert clock.now == NOON


def test_the_state_can_be_put_back() -> None:
    clock = Clock()
    clock.freeze(NOON)
    before = clock.state()
    clock.advance(days=3)
    clock.restore_state(before)
    assert clock.now == NOON


def test_wire_forms_are_utc_with_milliseconds() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)
    assert wire_datetime(moment) == "2026-01-02T03:04:05.678+0000"
    assert system_datetime(moment) == "2026-01-02T03:04:05.000+0000"

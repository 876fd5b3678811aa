"""Date literals as ranges of days and of moments, by the calendar of a Monday in November."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from sfmock.errors import Refused
from sfmock.soql.dates import COUNTED, PLAIN, day_range, edge
from sfmock.soql.nodes import DateLiteral

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LOS_ANGELES = ZoneInfo("America/Los_Angeles")


@pytest.mark.parametrize(
    ("name", "count", "start", "end"),
    [
        ("YESTERDAY", 0, "2026-11-22", "2026-11-23"),
        ("TODAY", 0, "2026-11-23", "2026-11-24"),
        ("TOMORROW", 0, "2026-11-24", "2026-11-25"),
        ("LAST_WEEK", 0, "2026-11-15", "2026-11-22"),
        ("THIS_WEEK", 0, "2026-11-22", "2026-11-29"),
        ("NEXT_WEEK", 0, "2026-11-29", "2026-12-06"),
        ("LAST_MONTH", 0, "2026-10-01", "2026-11-01"),
        ("THIS_MONTH", 0, "2026-11-01", "2026-12-01"),
        ("NEXT_MONTH", 0, "2026-12-01", "2027-01-01"),
        ("LAST_90_DAYS", 0, "2026-08-25", "2026-11-24"),
        ("NEXT_90_DAYS", 0, "2026-11-24", "2027-02-22"),
        ("LAST_N_DAYS", 3, "2026-11-20", "2026-11-24"),
        ("LAST_N_DAYS", 0, "2026-11-23", "2026-11-24"),
        ("NEXT_N_DAYS", 3, "2026-11-24", "2026-11-27"),
        ("N_DAYS_AGO", 3, "2026-11-20", "2026-11-21"),
        ("LAST_N_WEEKS", 2, "2026-11-08", "2026-11-22"),
        ("NEXT_N_WEEKS", 2, "2026-11-29", "2026-12-13"),
        ("N_WEEKS_AGO", 2, "2026-11-08", "2026-11-15"),
        ("LAST_N_MONTHS", 13, "2025-10-01", "2026-11-01"),
        ("NEXT_N_MONTHS", 2, "2026-12-01", "2027-02-01"),
        ("N_MONTHS_AGO", 11, "2025-12-01", "2026-01-01"),
        ("LAST_QUARTER", 0, "2026-07-01", "2026-10-01"),
        ("THIS_QUARTER", 0, "2026-10-01", "2027-01-01"),
        ("NEXT_QUARTER", 0, "2027-01-01", "2027-04-01"),
        ("LAST_N_QUARTERS", 2, "2026-04-01", "2026-10-01"),
        ("NEXT_N_QUARTERS", 2, "2027-01-01", "2027-07-01"),
        ("N_QUARTERS_AGO", 4, "2025-10-01", "2026-01-01"),
        ("LAST_YEAR", 0, "2025-01-01", "2026-01-01"),
        ("THIS_YEAR", 0, "2026-01-01", "2027-01-01"),
        ("NEXT_YEAR", 0, "2027-01-01", "2028-01-01"),
        ("LAST_N_YEARS", 2, "2024-01-01", "2026-01-01"),
        ("NEXT_N_YEARS", 2, "2027-01-01", "2029-01-01"),
        ("N_YEARS_AGO", 2, "2024-01-01", "2025-01-01"),
        ("THIS_FISCAL_QUARTER", 0, "2026-10-01", "2027-01-01"),
        ("LAST_FISCAL_QUARTER", 0, "2026-07-01", "2026-10-01"),
        ("NEXT_FISCAL_QUARTER", 0, "2027-01-01", "2027-04-01"),
        ("LAST_N_FISCAL_QUARTERS", 2, "2026-04-01", "2026-10-01"),
        ("NEXT_N_FISCAL_QUARTERS", 2, "2027-01-01", "2027-07-01"),
        ("N_FISCAL_QUARTERS_AGO", 4, "2025-10-01", "2026-01-01"),
        ("THIS_FISCAL_YEAR", 0, "2026-01-01", "2027-01-01"),
        ("LAST_FISCAL_YEAR", 0, "2025-01-01", "2026-01-01"),
        ("NEXT_FISCAL_YEAR", 0, "2027-01-01", "2028-01-01"),
        ("LAST_N_FISCAL_YEARS", 2, "2024-01-01", "2026-01-01"),
        ("NEXT_N_FISCAL_YEARS", 2, "2027-01-01", "2029-01-01"),
        ("N_FISCAL_YEARS_AGO", 2, "2024-01-01", "2025-01-01"),
    ],
)
def test_literal_covers_its_days(name: str, count: int, start: str, end: str) -> None:
    days = day_range(DateLiteral(name, count), TODAY)
    assert (days.start.isoformat(), days.end.isoformat()) == (start, end)


def test_there_are_no_other_literals_than_those_of_the_guide() -> None:
    assert (len(PLAIN), len(COUNTED)) == (23, 21)


def test_day_begins_at_midnight_of_the_users_zone() -> None:
    start = edge(DateLiteral("TODAY", 0), NOW, LOS_ANGELES, last=False, datetimes=True)
    assert start == "2026-11-23T08:00:00.000+0000"


def test_day_of_the_change_to_winter_time_has_25_hours() -> None:
    now = datetime(2026, 11, 1, 20, tzinfo=UTC)
    edges = [
        edge(DateLiteral("TODAY", 0), now, LOS_ANGELES, last=last, datetimes=True)
        for last in (False, True)
    ]
    assert edges == ["2026-11-01T07:00:00.000+0000", "2026-11-02T08:00:00.000+0000"]


def test_last_n_days_ends_behind_the_current_second() -> None:
    end = edge(DateLiteral("LAST_N_DAYS", 1), NOW, LOS_ANGELES, last=True, datetimes=True)
    assert end == "2026-11-23T12:00:01.000+0000"


def test_last_n_days_covers_all_of_today_on_a_date_field() -> None:
    assert edge(DateLiteral("LAST_N_DAYS", 1), NOW, UTC, last=True, datetimes=False) == "2026-11-24"


def test_today_is_the_users_day_not_that_of_utc() -> None:
    now = datetime(2026, 11, 23, 3, tzinfo=UTC)
    assert edge(DateLiteral("TODAY", 0), now, LOS_ANGELES, last=False, datetimes=False) == (
        "2026-11-22"
    )


@pytest.mark.parametrize(
    ("name", "count"), [("LAST_N_DAYS", 10**15), ("LAST_N_YEARS", 327), ("NEXT_N_YEARS", 8000)]
)
def test_literal_beyond_salesforces_years_is_refused(name: str, count: int) -> None:
    with pytest.raises(Refused):
        day_range(DateLiteral(name, count), TODAY)

"""Named ranges of days: `LAST_N_DAYS:3` as a half-open range in the user's time zone (soql.md 5.5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from sfmock import errors
from sfmock.clock import system_datetime
from sfmock.soql.nodes import DateLiteral

_FIRST_YEAR, _LAST_YEAR = 1700, 4000
_TOO_FAR = f"SOQL date literal that leaves the years {_FIRST_YEAR} to {_LAST_YEAR}"


@dataclass(frozen=True, slots=True)
class DayRange:
    """From the start of one local day up to, not including, the start of another."""

    start: date
    end: date
    until_now: bool = False
    """For date-times the range ends with the current second, not with the day."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """Which units a literal covers, counted from the current one: `first` and `last` are factors of its number."""

    unit: str
    first: tuple[int, int]
    last: tuple[int, int]
    until_now: bool = False

    def days(self, today: date, count: int) -> DayRange:
        start = _STARTS[self.unit](today)
        first, last = (scale * count + fixed for scale, fixed in (self.first, self.last))
        shift = _SHIFTS[self.unit]
        return DayRange(shift(start, first), shift(start, last), self.until_now)


def _month(start: date, count: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(year, month + 1, 1)


def _quarter(start: date, count: int) -> date:
    return _month(start, 3 * count)


def _year(start: date, count: int) -> date:
    return _month(start, 12 * count)


_STARTS: Mapping[str, Callable[[date], date]] = {
    "DAY": lambda day: day,
    "WEEK": lambda day: day - timedelta(days=day.isoweekday() % 7),  # en_US: weeks start on Sunday
    "MONTH": lambda day: day.replace(day=1),
    "QUARTER": lambda day: date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
    "YEAR": lambda day: date(day.year, 1, 1),
}
_SHIFTS: Mapping[str, Callable[[date, int], date]] = {
    "DAY": lambda day, count: day + timedelta(days=count),
    "WEEK": lambda day, count: day + timedelta(weeks=count),
    "MONTH": _month,
    "QUARTER": _quarter,
    "YEAR": _year,
}
# The fiscal year is the calendar year: FiscalYearStartMonth is 1 in every org of ours.
_UNITS = {
    "WEEK": "WEEK", "MONTH": "MONTH", "QUARTER": "QUARTER", "YEAR": "YEAR",
    "FISCAL_QUARTER": "QUARTER", "FISCAL_YEAR": "YEAR",
}  # fmt: skip

PLAIN: Final[Mapping[str, _Shape]] = {
    "YESTERDAY": _Shape("DAY", (0, -1), (0, 0)),
    "TODAY": _Shape("DAY", (0, 0), (0, 1)),
    "TOMORROW": _Shape("DAY", (0, 1), (0, 2)),
    "LAST_90_DAYS": _Shape("DAY", (0, -90), (0, 1), until_now=True),
    "NEXT_90_DAYS": _Shape("DAY", (0, 1), (0, 91)),
    **{f"LAST_{name}": _Shape(unit, (0, -1), (0, 0)) for name, unit in _UNITS.items()},
    **{f"THIS_{name}": _Shape(unit, (0, 0), (0, 1)) for name, unit in _UNITS.items()},
    **{f"NEXT_{name}": _Shape(unit, (0, 1), (0, 2)) for name, unit in _UNITS.items()},
}
"""Date literals that stand alone."""

COUNTED: Final[Mapping[str, _Shape]] = {
    "LAST_N_DAYS": _Shape("DAY", (-1, 0), (0, 1), until_now=True),
    "NEXT_N_DAYS": _Shape("DAY", (0, 1), (1, 1)),
    "N_DAYS_AGO": _Shape("DAY", (-1, 0), (-1, 1)),
    **{f"LAST_N_{name}S": _Shape(unit, (-1, 0), (0, 0)) for name, unit in _UNITS.items()},
    **{f"NEXT_N_{name}S": _Shape(unit, (0, 1), (1, 1)) for name, unit in _UNITS.items()},
    **{f"N_{name}S_AGO": _Shape(unit, (-1, 0), (-1, 1)) for name, unit in _UNITS.items()},
}
"""Date literals that take a number behind a colon."""


def day_range(literal: DateLiteral, today: date) -> DayRange:
    """The days that a literal means when it is `today`."""
    shape = PLAIN.get(literal.name) or COUNTED[literal.name]
    try:
        days = shape.days(today, literal.count or 0)
    except (OverflowError, ValueError):
        raise errors.refuse(_TOO_FAR) from None
    if days.start.year < _FIRST_YEAR or days.end.year > _LAST_YEAR:
        raise errors.refuse(_TOO_FAR)
    return days


def edge(literal: DateLiteral, now: datetime, zone: tzinfo, *, last: bool, datetimes: bool) -> str:
    """The start or (`last`) the end of a literal's range as stored dates or date-times are written."""
    days = day_range(literal, now.astimezone(zone).date())
    if not datetimes:
        return (days.end if last else days.start).isoformat()
    if last and days.until_now:  # the current second is the last one inside
        return system_datetime(now + timedelta(seconds=1))
    day = days.end if last else days.start
    return system_datetime(datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC))

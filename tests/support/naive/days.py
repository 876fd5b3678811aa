"""Date literals and date functions, by the calendar alone (soql.md 5.5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

from naive.tree import Days

_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12, "FISCAL_QUARTER": 3, "FISCAL_YEAR": 12}


class Calendar:
    """Today for a user: the moment, the time zone, and the first month of the fiscal year."""

    def __init__(self, now: datetime, zone: tzinfo, *, fiscal_month: int = 1) -> None:
        self.now = now
        self.zone = zone
        self.fiscal_month = fiscal_month

    def span(self, literal: Days) -> tuple[date, date, bool]:
        """First day, the day after the last, and whether the last day is over now already."""
        today = self.now.astimezone(self.zone).date()
        name, count = literal.name, literal.count or 0
        single = {"YESTERDAY": -1, "TODAY": 0, "TOMORROW": 1}
        if name in single:
            return *_days(today, single[name], single[name] + 1), False
        if name == "LAST_90_DAYS":
            name, count = "LAST_N_DAYS", 90
        if name == "NEXT_90_DAYS":
            name, count = "NEXT_N_DAYS", 90
        if name == "LAST_N_DAYS":
            return *_days(today, -count, 1), True
        if name == "NEXT_N_DAYS":
            return *_days(today, 1, count + 1), False
        if name == "N_DAYS_AGO":
            return *_days(today, -count, 1 - count), False
        first, last, unit = _periods(name, count)
        return self._period(today, unit, first), self._period(today, unit, last), False

    def _period(self, today: date, unit: str, count: int) -> date:
        """The first day of the period that lies `count` periods after this one."""
        if unit == "WEEK":
            sunday = today - timedelta(days=(today.weekday() + 1) % 7)
            return sunday + timedelta(weeks=count)
        length = _MONTHS[unit]
        begins = self.fiscal_month - 1 if unit.startswith("FISCAL") else 0
        months = today.year * 12 + today.month - 1 - begins
        start = (months // length + count) * length + begins
        return date(start // 12, start % 12 + 1, 1)

    def midnight(self, day: date) -> datetime:
        """The moment at which a day begins for the user."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)

    def compare(self, operator: str, value: date | datetime, literal: Days) -> bool:
        """Whether a value lies so to the literal's range."""
        first, end, ends_now = self.span(literal)
        if isinstance(value, datetime):
            start: date | datetime = self.midnight(first)
            stop: date | datetime = self.midnight(end)
            if ends_now:
                stop = self.now.replace(microsecond=0) + timedelta(seconds=1)
        else:
            start, stop = first, end
        before, behind = value < start, value >= stop
        return {
            "=": not before and not behind, "!=": before or behind, "<": before, ">=": not before,
            "<=": not behind, ">": behind,
        }[operator]  # fmt: skip

    def part(self, function: str, value: date | datetime) -> int | str:
        """What a date function makes of a date, or of a date-time as its own zone has it."""
        day = value.date() if isinstance(value, datetime) else value
        fiscal = (day.month - self.fiscal_month) % 12
        of_year = day.toordinal() - date(day.year, 1, 1).toordinal()
        starts = self.fiscal_month > 1 and day.month >= self.fiscal_month
        parts: dict[str, int] = {
            "CALENDAR_MONTH": day.month, "CALENDAR_QUARTER": (day.month + 2) // 3, "CALENDAR_YEAR": day.year,
            "DAY_IN_MONTH": day.day, "DAY_IN_WEEK": day.isoweekday() % 7 + 1, "DAY_IN_YEAR": of_year + 1,
            "FISCAL_MONTH": fiscal + 1, "FISCAL_QUARTER": fiscal // 3 + 1, "FISCAL_YEAR": day.year + starts,
            "WEEK_IN_MONTH": (day.day - 1) // 7 + 1, "WEEK_IN_YEAR": of_year // 7 + 1,
        }  # fmt: skip
        if function == "DAY_ONLY":
            return day.isoformat()
        if function == "HOUR_IN_DAY":
            assert isinstance(value, datetime)
            return value.hour
        return parts[function]


def _days(today: date, first: int, end: int) -> tuple[date, date]:
    return today + timedelta(days=first), today + timedelta(days=end)


def _periods(name: str, count: int) -> tuple[int, int, str]:
    """Which periods a literal covers, counted from the current one, and their unit."""
    word, _, unit = name.partition("_")
    if word in ("LAST", "NEXT") and unit.startswith("N_"):
        unit = unit[2:].removesuffix("S")
        return (-count, 0, unit) if word == "LAST" else (1, count + 1, unit)
    if word == "N":
        return -count, 1 - count, unit.removesuffix("S_AGO")
    first = {"LAST": -1, "THIS": 0, "NEXT": 1}[word]
    return first, first + 1, unit

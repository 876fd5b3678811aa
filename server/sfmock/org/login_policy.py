"""What an administrator sets about logging in: passwords, networks, hours and rates (oauth.md 7, 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, time
from ipaddress import ip_address
from typing import Any

from sfmock.org.ip_ranges import require_range, within

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginPolicy:
    """The org's settings; each has the value of a new org, but for `soap_login` and `password_flow`."""

    caller: str = "127.0.0.1"
    """The address that all requests come from."""
    trusted_ranges: tuple[str, ...] = ()
    """Network Access: who logs in from here needs no security token."""
    maximum_failures: int = 10
    """Maximum Invalid Login Attempts; 0 is No Limit."""
    lockout_minutes: float | None = 15.0
    """Lockout Effective Period; None is Forever, which an administrator must reset."""
    logins_per_hour: int = 3600
    """For each user; every token request and SOAP login counts."""
    soap_login: bool = True
    """Whether API versions up to 64.0 have `login()`; it is off in new orgs."""
    password_flow: bool = True
    """Allow OAuth Username-Password Flows; it is off in new orgs."""
    lock_sessions: bool = False
    """Lock sessions to the IP address from which they originated: those that begin from now on."""
    api_enabled: bool = True
    """False: an edition without API."""

    def trusts_caller(self) -> bool:
        """Whether the callers' address is in a trusted range."""
        return within(self.caller, self.trusted_ranges)


NAMES = tuple(each.name for each in fields(LoginPolicy))


@dataclass(frozen=True, slots=True)
class ProfileLimits:
    """Login IP Ranges and Login Hours of a profile."""

    ranges: tuple[str, ...]
    hours: Mapping[str, str | None]
    """Day to `08:00-18:00`, or to None where nobody may log in; days that are not named are open."""

    def allow_address(self, address: str) -> bool:
        """Whether users of the profile may log in from an address."""
        return not self.ranges or within(address, self.ranges)

    def allow_time(self, moment: datetime) -> bool:
        """Whether they may at a moment of the org's default time zone."""
        day = DAYS[moment.weekday()]
        if day not in self.hours:
            return True
        hours = self.hours[day]
        if hours is None:
            return False
        begin, end = _span(hours)
        return begin <= moment.time() < end


def read_options(options: Mapping[str, object]) -> dict[str, Any]:
    """Options of the policy, checked; raises TypeError or ValueError."""
    unknown = sorted(set(options) - set(NAMES))
    if unknown:
        raise TypeError(
            f"org.logins.change() does not know {', '.join(unknown)}; it takes {', '.join(NAMES)}"
        )
    return {name: _option(name, value) for name, value in options.items()}


def read_hours(hours: Mapping[str, str | None]) -> dict[str, str | None]:
    """Login hours, checked; raises ValueError."""
    for day, each in hours.items():
        if day not in DAYS:
            raise ValueError(f"login hours have no day {day!r}: {', '.join(DAYS)}")
        if each is not None:
            _span(each)
    return dict(hours)


def _option(name: str, value: object) -> object:
    default = getattr(LoginPolicy(), name)
    if name == "caller":
        return str(ip_address(str(value)))
    if name == "trusted_ranges":
        return _ranges(value)
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise TypeError(f"{name} is True or False")
        return value
    if name == "lockout_minutes" and value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError(f"{name} is a number of 0 or more")
    return value


def _ranges(value: object) -> tuple[str, ...]:
    if not isinstance(value, str | list | tuple):
        raise TypeError("trusted_ranges are a list of texts: 10.0.0.0/8, or 10.0.0.1-10.0.0.9")
    ranges = (value,) if isinstance(value, str) else tuple(str(each) for each in value)
    for each in ranges:
        require_range(each)
    return ranges


def _span(text: str) -> tuple[time, time]:
    """Begin and end of `08:00-18:00`; 24:00 is the end of the day."""
    begin, _, end = text.partition("-")
    last = time.max if end == "24:00" else time.fromisoformat(end)
    first = time.fromisoformat(begin)
    if first >= last:
        raise ValueError(f"{text!r} are no login hours: they end before they begin")
    return first, last

"""What SQLite has no function for: distances on the earth, and moments in a time zone (soql.md 3)."""

from __future__ import annotations

from datetime import datetime
from math import asin, cos, radians, sin, sqrt
from zoneinfo import ZoneInfo

_EARTH = {"mi": 3958.8, "km": 6371.0}
"""The mean radius; Salesforce does not tell which one it uses."""


def distance(
    latitude: float | None,
    longitude: float | None,
    to_latitude: float,
    to_longitude: float,
    unit: str,
) -> float | None:
    """The length of the great circle between two places; None where the first one is not complete."""
    if latitude is None or longitude is None:
        return None
    here, there = radians(latitude), radians(to_latitude)
    half = (
        sin((there - here) / 2) ** 2
        + cos(here) * cos(there) * sin(radians(to_longitude - longitude) / 2) ** 2
    )
    return 2 * _EARTH[unit] * asin(sqrt(half))


def local(moment: str | None, zone: str) -> str | None:
    """A stored date-time as the clock in a time zone shows it."""
    if moment is None:
        return None
    return datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)).isoformat()

"""Which day it is where the organization is, what lies in the past there, and when its fiscal year begins."""

from __future__ import annotations

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sfmock.errors import refuse
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store
from sfmock.store.database import Value


def today(store: Store, now: str) -> str:
    """The date in the time zone of the organization."""
    return day_of(store, now)


def day_of(store: Store, moment: str) -> str:
    """The date of a stored moment in the time zone of the organization."""
    return _parse(moment).astimezone(_zone(store)).date().isoformat()


def time_zone(store: Store) -> Value:
    """The name of the organization's time zone."""
    return _setting(store, "TimeZoneSidKey")


def first_fiscal_month(store: Store) -> int:
    """The month in which the organization's fiscal year starts."""
    month = _setting(store, "FiscalYearStartMonth")
    return month if isinstance(month, int) else 1


def is_past(store: Store, event: Row, now: str) -> bool:
    """Whether an event is over: at its end, or with the last of its whole days."""
    if event.get("IsAllDayEvent"):
        last = event.get("EndDate") or event.get("ActivityDate")
        return last is not None and str(last) < today(store, now)
    end = event.get("EndDateTime") or event.get("ActivityDateTime")
    return end is not None and str(end) <= now


def _parse(moment: str) -> datetime:
    return datetime.fromisoformat(f"{moment[:19]}+00:00")


def _zone(store: Store) -> tzinfo:
    name = time_zone(store)
    try:
        return ZoneInfo(str(name or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        raise refuse(f"days in the time zone {name}") from None


def _setting(store: Store, name: str) -> Value:
    organization = store.catalogue.find("Organization")
    if organization is None:
        return None
    store.plan(organization)
    return store.db.value(f'SELECT "{name}" FROM "Organization" LIMIT 1')

"""Holidays and business hours: plain rows, of which the odd ones are refused, for nobody has told the errors."""

from __future__ import annotations

from sfmock.errors import refuse
from sfmock.org.behaviour import days
from sfmock.org.behaviour.draft import Draft

_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MINUTES = 24 * 60


def derive_holiday(draft: Draft) -> None:
    """Take holidays of one day, whole or from one minute to a later one."""
    if any(draft[name] for name in draft.values if "Recurrence" in name):
        raise refuse("holidays that recur")
    if draft["ActivityDate"] is None:
        raise refuse("the error for a holiday without a date")
    start, end = draft["StartTimeInMinutes"], draft["EndTimeInMinutes"]
    if draft["IsAllDay"]:
        if start is not None or end is not None:
            raise refuse("the times of a holiday of a whole day")
    elif not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= _MINUTES):
        raise refuse("the error for a holiday without a start and a later end")


def derive_hours(draft: Draft) -> None:
    """Keep one default; each day has both times or none."""
    if draft.creating and draft["TimeZoneSidKey"] is None:
        draft.values["TimeZoneSidKey"] = days.time_zone(draft.store)
    if draft.changes("IsDefault") and bool(draft["IsDefault"]) != bool(draft.before("IsDefault")):
        raise refuse("other default business hours")
    if draft["IsDefault"] and not draft["IsActive"]:
        raise refuse("the error for default business hours that are not active")
    for day in _DAYS:
        if (draft[f"{day}StartTime"] is None) != (draft[f"{day}EndTime"] is None):
            raise refuse("the error for business hours with one time for a day")
    if draft.changes("Name"):
        _refuse_taken_name(draft)


def _refuse_taken_name(draft: Draft) -> None:
    field = draft.plan.sobject.find("Name")
    found = [] if field is None else draft.store.ids(draft.plan.sobject, field, draft["Name"])
    if set(found) - {draft.record_id}:
        raise refuse("the error for second business hours of this name")

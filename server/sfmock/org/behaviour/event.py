"""Events: start, end and length in step with each other (metadata.md 4.8, Object Reference: Event).

The length is what counts: an event whose start alone is moved keeps it (unverified). Of a whole-day event the start and the
end are midnight UTC of its first and last day, and the days between count in full.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sfmock import errors
from sfmock.clock import system_datetime
from sfmock.org.behaviour import days, past_events, related
from sfmock.org.behaviour.draft import Draft

_TIMES = frozenset(
    {"IsAllDayEvent", "ActivityDate", "ActivityDateTime", "StartDateTime", "EndDateTime", "DurationInMinutes"}
)  # fmt: skip
_STARTS = ("StartDateTime", "ActivityDateTime", "ActivityDate")
_LENGTHS = ("DurationInMinutes", "EndDateTime")
_DAY = timedelta(days=1)
_LONGEST = 14 * _DAY


@dataclass(frozen=True, slots=True)
class _Span:
    """When an event takes place."""

    start: datetime
    length: timedelta
    all_day: bool

    @property
    def end(self) -> datetime:
        """Of a whole-day event the midnight that begins the last day."""
        return self.start + self.length - (_DAY if self.all_day else timedelta())


def derive(draft: Draft) -> None:
    """Fill in all that Salesforce derives."""
    related.derive(draft)
    if draft.creating:
        past_events.begin(draft.store, draft.now)
        draft.values["GroupEventType"] = "0"
    if draft.creating or _TIMES & draft.supplied:
        _fill(draft, _span(draft))


def _span(draft: Draft) -> _Span:
    all_day = bool(draft["IsAllDayEvent"])
    switched = not draft.creating and all_day != bool(draft.before("IsAllDayEvent"))
    start = _start_date(draft) if all_day else _start_time(draft)
    if start is None and not draft.creating and (all_day or not switched):
        _refuse_emptied(draft, _STARTS)
        start = _start_before(draft, all_day)
    length = None if start is None else _length(draft, start, all_day)
    if length is None and all_day and (draft.creating or switched):
        length = _DAY
    if length is None and not draft.creating and not switched:
        _refuse_emptied(draft, _LENGTHS)
        length = _length_before(draft)
    if start is None or length is None:
        raise _missing(draft, all_day, start)
    if not timedelta() <= length <= _LONGEST or (all_day and (not length or length % _DAY)):
        raise errors.refuse(f"the error for an event of {length}")
    return _Span(start, length, all_day)


def _start_before(draft: Draft, all_day: bool) -> datetime | None:
    """The start of an event that keeps it; a day alone does not move what has a time."""
    if all_day:
        return _moment(draft.before("ActivityDate"))
    if draft.changes("ActivityDate"):
        raise errors.refuse("another ActivityDate for an event that has a time")
    return _moment(draft.before("StartDateTime") or draft.before("ActivityDateTime"))


def _length_before(draft: Draft) -> timedelta:
    """The length of an event that keeps it."""
    minutes = draft.before("DurationInMinutes")
    if not isinstance(minutes, int):
        raise errors.refuse("changing an event that was loaded without DurationInMinutes")
    return timedelta(minutes=minutes)


def _missing(draft: Draft, all_day: bool, start: datetime | None) -> errors.SalesforceError:
    """What a create lacks, as quoted: [ActivityDateTime] and [DurationInMinutes]."""
    if all_day:
        names = ["ActivityDate"]
    else:
        names = [] if start else ["ActivityDateTime"]
        if draft.values.get("DurationInMinutes") is None and _given(draft, "EndDateTime") is None:
            names.append("DurationInMinutes")
    return errors.REQUIRED_FIELD_MISSING(names=", ".join(names), fields=names)


def _start_time(draft: Draft) -> datetime | None:
    """The start of an event that has a time."""
    found = {_given(draft, name) for name in ("StartDateTime", "ActivityDateTime")} - {None}
    if len(found) > 1:
        raise errors.refuse("the error for an event with two different starts")
    start = next(iter(found), None)
    date = draft.values.get("ActivityDate")
    if start is not None and date is not None:
        text = system_datetime(start)
        if date not in (text[:10], days.day_of(draft.store, text)):
            raise errors.refuse("the error for an event whose ActivityDate is not its start's")
    return start


def _start_date(draft: Draft) -> datetime | None:
    """The midnight, UTC, of the first day of a whole-day event."""
    names = ("ActivityDate", "StartDateTime", "ActivityDateTime")
    found = {_given(draft, name) for name in names} - {None}
    if len(found) > 1:
        raise errors.refuse("the error for an event with two different starts")
    start = next(iter(found), None)
    if start is not None and (start.hour, start.minute, start.second) != (0, 0, 0):
        raise errors.refuse("a whole-day event that starts at a time of the day")
    return start


def _length(draft: Draft, start: datetime, all_day: bool) -> timedelta | None:
    """The length that was sent, as minutes or by an end."""
    minutes, end = draft.values.get("DurationInMinutes"), _given(draft, "EndDateTime")
    length = None if minutes is None else timedelta(minutes=int(str(minutes)))
    if end is None:
        return length
    until = end - start + (_DAY if all_day else timedelta())
    if length is not None and length != until:
        raise errors.refuse("the error for an event whose end and length differ")
    if until % timedelta(minutes=1):
        raise errors.refuse("an event that does not last whole minutes")
    return until


def _refuse_emptied(draft: Draft, names: tuple[str, ...]) -> None:
    for name in names:
        if name in draft.supplied and draft.values.get(name) is None:
            raise errors.refuse(f"an event without {name}")


def _given(draft: Draft, name: str) -> datetime | None:
    """A moment that was sent."""
    return _moment(draft.values.get(name))


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    return datetime.fromisoformat(value[:19]).replace(tzinfo=UTC)


def _fill(draft: Draft, span: _Span) -> None:
    start, end = system_datetime(span.start), system_datetime(span.end)
    values = draft.values
    values["StartDateTime"] = values["ActivityDateTime"] = start
    values["EndDateTime"] = end
    values["DurationInMinutes"] = int(span.length / timedelta(minutes=1))
    values["ActivityDate"] = start[:10] if span.all_day else days.day_of(draft.store, start)
    values["EndDate"] = end[:10] if span.all_day else days.day_of(draft.store, end)

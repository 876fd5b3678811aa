"""How rows of the service, marketing and activity objects fit together: what `Org.create` gives them so that the API takes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from sfmock.org.generate.fitting import Fields, Fitting, Maker

_WORKING_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_ALL_DAYS = (*_WORKING_DAYS, "Saturday", "Sunday")
_LENGTHS = (15, 30, 45, 60, 90, 120)
_MORNING = time(18)
"""Ten in the morning where a new org is."""
_LONGEST = timedelta(days=14)
_COMMENTS = (
    "Called back, no answer.",
    "The spare part is on its way.",
    "Works again since this morning.",
    "Waiting for the customer's reply.",
)
_STATUSES = ("Invited", "Opened", "Clicked", "Registered", "Attended", "No Show")


def _business_hours(maker: Maker, row: Fields) -> None:
    row.setdefault("IsActive", True)
    for day in _WORKING_DAYS:
        start, end = f"{day}StartTime", f"{day}EndTime"
        if start not in row and end not in row:
            row |= {start: "09:00:00.000Z", end: "17:00:00.000Z"}


def _campaign_member(maker: Maker, row: Fields) -> None:
    """Each row is another person."""
    if row.get("LeadId") is None and row.get("ContactId") is None:
        row["LeadId"] = maker.make("Lead")


def _campaign_member_status(maker: Maker, row: Fields) -> None:
    """A campaign has a label once."""
    mark = f"{maker.random.getrandbits(40):010x}"
    row.setdefault("Label", f"{maker.random.choice(_STATUSES)} {mark}")


def _case_comment(maker: Maker, row: Fields) -> None:
    row.setdefault("CommentBody", maker.random.choice(_COMMENTS))


def _email_message(maker: Maker, row: Fields) -> None:
    if row.get("ParentId") is None:
        row["ParentId"] = maker.shared("Case")


def _event(maker: Maker, row: Fields) -> None:
    """The generated start gives way to what the test says of the time; a length where there is no end."""
    start, day = _moment(row.get("StartDateTime")), row.get("ActivityDate")
    if row.get("IsAllDayEvent"):
        if day is None and row.get("ActivityDateTime") is None and start is not None:
            row["ActivityDate"] = start.date()
        row.pop("StartDateTime", None)
        return
    end = _moment(row.get("EndDateTime"))
    if row.get("ActivityDateTime") is not None:
        row.pop("StartDateTime", None)
    elif day is not None and start is not None and start.date() != _day(day):
        row["StartDateTime"] = datetime.combine(_day(day), _MORNING, UTC)
    elif end is not None and start is not None and not end - _LONGEST <= start <= end:
        row["StartDateTime"] = end - timedelta(hours=1)
    if end is None and row.get("DurationInMinutes") is None:
        row["DurationInMinutes"] = maker.random.choice(_LENGTHS)


def _holiday(maker: Maker, row: Fields) -> None:
    if row.get("StartTimeInMinutes") is None and row.get("EndTimeInMinutes") is None:
        row.setdefault("IsAllDay", True)


def _plain(maker: Maker, row: Fields) -> None:
    """Describe alone fills all but what the fitting keeps from it."""


def _day(value: object) -> date:
    return date.fromisoformat(str(value)[:10])


def _moment(value: object) -> datetime | None:
    """A moment as tests give them: a datetime, or text as REST writes it."""
    if value is None or isinstance(value, datetime):
        return value
    text = str(value)
    return datetime.fromisoformat(text if "+" in text or text.endswith("Z") else f"{text}Z")


FITTINGS: Mapping[str, Fitting] = {
    "BusinessHours": Fitting(
        _business_hours,
        frozenset(f"{day}{end}Time" for day in _ALL_DAYS for end in ("Start", "End")),
    ),
    "Campaign": Fitting(_plain, frozenset({"StartDate", "EndDate"})),
    "CampaignMember": Fitting(_campaign_member, frozenset({"Status"})),
    "CampaignMemberStatus": Fitting(_campaign_member_status, frozenset({"Label", "SortOrder"})),
    "CaseComment": Fitting(_case_comment),
    "EmailMessage": Fitting(
        _email_message, frozenset({"FirstOpenedDate", "LastOpenedDate", "ValidatedFromAddress"})
    ),
    "Event": Fitting(
        _event, frozenset({"ActivityDate", "ActivityDateTime", "EndDateTime", "DurationInMinutes"})
    ),
    "Holiday": Fitting(_holiday, frozenset({"StartTimeInMinutes", "EndTimeInMinutes"})),
}
"""The sobjects whose rows must fit others."""

"""What a copy of the org's rows lacks: `getUpdated` and `getDeleted` (soap-apis.md 2.2, rest.md 2.5)."""

from __future__ import annotations

from sfmock.represent.xml import Content
from sfmock.resources.soap.asking import Asked, Operations, stamp
from sfmock.wire import Reply

OPERATIONS = Operations()


@OPERATIONS.operation("getUpdated")
def get_updated(asked: Asked) -> Reply:
    """The ids of the rows that were made or changed within a span of time."""
    sobject = asked.sobject(asked.text("sObjectType"))
    start, end = asked.moment("startDate"), asked.moment("endDate")
    found = asked.org.replication.updated(sobject, start, end)
    return asked.answer({"ids": found.ids, "latestDateCovered": stamp(found.covered)})


@OPERATIONS.operation("getDeleted")
def get_deleted(asked: Asked) -> Reply:
    """The ids and dates of the rows that were deleted within a span of time."""
    sobject = asked.sobject(asked.text("sObjectType"))
    start, end = asked.moment("startDate"), asked.moment("endDate")
    found = asked.org.replication.deleted(sobject, start, end)
    rows: list[Content] = [{"deletedDate": stamp(date), "id": each} for each, date in found.rows]
    return asked.answer(
        {
            "deletedRecords": rows,
            "earliestDateAvailable": stamp(found.earliest),
            "latestDateCovered": stamp(found.covered),
        }
    )

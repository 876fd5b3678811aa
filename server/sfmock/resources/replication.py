"""`/sobjects/X/updated` and `/sobjects/X/deleted`: what a copy of the org's rows lacks (rest.md 2.5)."""

from __future__ import annotations

import re
from datetime import datetime

from sfmock import errors
from sfmock.routing import Call, Router
from sfmock.wire import JSON, Reply

router = Router()

_X = "/services/data/<version>/sobjects/<sobject>"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|[+-]\d\d:?\d\d)", re.ASCII)


@router.route("GET", f"{_X}/updated", name="updated", reserved=True)
def updated(call: Call) -> Reply:
    """The ids of the rows that were made or changed within a span of time."""
    sobject = call.org.describes.find(call.params["sobject"])
    found = call.org.replication.updated(sobject, _moment(call, "start"), _moment(call, "end"))
    listed: list[JSON] = list(found.ids)
    return Reply(body={"ids": listed, "latestDateCovered": found.covered})


@router.route("GET", f"{_X}/deleted", name="deleted", reserved=True)
def deleted(call: Call) -> Reply:
    """The ids and dates of the rows that were deleted within a span of time."""
    sobject = call.org.describes.find(call.params["sobject"])
    found = call.org.replication.deleted(sobject, _moment(call, "start"), _moment(call, "end"))
    rows: list[JSON] = [{"id": each, "deletedDate": date} for each, date in found.rows]
    return Reply(
        body={
            "deletedRecords": rows,
            "earliestDateAvailable": found.earliest,
            "latestDateCovered": found.covered,
        }
    )


def _moment(call: Call, name: str) -> datetime:
    """A parameter in ISO 8601 with its zone; the seconds do not count, wherever they are cut off."""
    text = call.args().get(name)
    if text is None:
        raise errors.refuse(f"the error for a missing `{name}` of /updated and /deleted")
    if not _MOMENT.fullmatch(text):
        raise errors.refuse(
            f"the error for a `{name}` of /updated and /deleted that is no date and time"
        )
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise errors.refuse(f"the error for a `{name}` that does not exist") from None

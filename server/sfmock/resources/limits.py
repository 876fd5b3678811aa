"""`/limits`: every limit of the org and what is left of it; `/limits/recordCount`: how many rows there are (rest.md 5.1)."""

from __future__ import annotations

from sfmock import errors
from sfmock.routing import Call, Router
from sfmock.versions import LIMITS, RECORD_COUNT
from sfmock.wire import JSON, Reply

router = Router()


@router.route("GET", "/services/data/<version>/limits", name="limits", since=LIMITS)
def limits(call: Call) -> Reply:
    """All limits; the daily one already counts this call."""
    return Reply(body=call.org.limits.body(call.api_version))


@router.route(
    "GET", "/services/data/<version>/limits/recordCount", name="record_count", since=RECORD_COUNT
)
def record_count(call: Call) -> Reply:
    """The number of live rows of the named sobjects, or of all; what is unknown or not counted is left out."""
    org, asked = call.org, call.args().get("sObjects")
    if asked is None:
        sobjects = sorted(org.catalogue, key=lambda each: each.name)
    else:
        names = dict.fromkeys(each.strip().lower() for each in asked.split(","))
        absent = next(filter(None, map(org.catalogue.absent, names)), None)
        if absent is not None:
            raise errors.refuse(f"sobject {absent}")
        sobjects = [found for each in names if (found := org.catalogue.find(each)) is not None]
    counts: list[JSON] = [
        {"count": number, "name": each.name}
        for each in sobjects
        if (number := org.records.number(each)) is not None
    ]
    return Reply(body={"sObjects": counts})

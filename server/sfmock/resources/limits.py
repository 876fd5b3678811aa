"""`/limits`: every limit of the org and what is left of it (rest.md 5.1)."""

from __future__ import annotations

from sfmock.routing import Call, Router
from sfmock.versions import LIMITS
from sfmock.wire import Reply

router = Router()


@router.route("GET", "/services/data/<version>/limits", name="limits", since=LIMITS)
def limits(call: Call) -> Reply:
    """All limits; the daily one already counts this call."""
    return Reply(body=call.org.limits.body(call.api_version))

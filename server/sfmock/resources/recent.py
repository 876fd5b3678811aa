"""`/recent`: the rows that the caller viewed last (rest.md 3.2)."""

from __future__ import annotations

from sfmock import errors
from sfmock.org.recent import MOST
from sfmock.routing import Call, Router
from sfmock.wire import Reply

router = Router()


@router.route("GET", "/services/data/<version>/recent", name="recent")
def recent(call: Call) -> Reply:
    """The rows viewed last, of all sobjects, at most `limit`."""
    most = call.args().get("limit")
    if most is None:
        limit = MOST
    elif most.isascii() and most.isdecimal() and len(most) < 10 and int(most) > 0:
        limit = min(int(most), MOST)
    else:
        raise errors.refuse("a limit of /recent that is no positive number")
    org = call.org
    return Reply(body=org.recent.all(org.catalogue, call.user_id, call.api_version, limit))

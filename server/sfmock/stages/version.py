"""Stage: does the instance serve the version in the path, and does that version have the resource (rest.md 1.4)?"""

from __future__ import annotations

from sfmock import errors
from sfmock.routing import Call


def check(call: Call) -> None:
    """Raise 410 for a retired version, 404 for an unknown one or a resource that came later."""
    route = call.known
    if call.family != "rest" or "version" not in call.params:
        return
    version = call.version
    if version is None:
        raise errors.NOT_FOUND()
    if version.retired:
        raise errors.VERSION_RETIRED()
    if not version.live or (
        route is not None and route.since is not None and not version.has(route.since)
    ):
        raise errors.NOT_FOUND()

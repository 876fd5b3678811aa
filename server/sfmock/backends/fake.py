"""The fake backend: the route's handler answers, out of the org."""

from __future__ import annotations

from sfmock import errors
from sfmock.routing import Call
from sfmock.wire import Reply


def answer(call: Call) -> Reply:
    """The handler's reply; 405 for a path that lacks the method, 404 for a path that nobody has."""
    if call.route is not None:
        return call.route.handler(call)
    if call.methods:
        raise errors.METHOD_NOT_ALLOWED(method=call.request.method, allowed=",".join(call.methods))
    raise errors.NOT_FOUND()

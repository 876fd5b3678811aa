"""The fake backend: the route's handler answers, out of the org."""

from __future__ import annotations

from sfmock import errors
from sfmock.routing import Call
from sfmock.wire import Reply

_SUFFIXES = (".json", ".xml")


def answer(call: Call) -> Reply:
    """The handler's reply; 405 for a path that lacks the method, 404 for a path that nobody has."""
    if call.family == "rest":
        _require_plain_json(call)
    if call.route is not None:
        user_id = None if call.session is None else call.session.user_id
        with call.org.views.acting(user_id):
            return call.route.handler(call)
    if call.methods:
        raise errors.METHOD_NOT_ALLOWED(method=call.request.method, allowed=",".join(call.methods))
    raise errors.NOT_FOUND()


def _require_plain_json(call: Call) -> None:
    """Refuse what asks the data API for another reply than JSON, or for CORS (rest.md 1.5, 1.6)."""
    headers = call.request.headers
    accept = headers.get("Accept")
    if accept is not None and "xml" in accept and _takes_xml_only(accept):
        raise errors.refuse("XML replies of the REST API")
    if headers.get("Origin") is not None:
        raise errors.refuse("CORS (requests with an Origin)")
    # An external id that ends like this is not found, which is the handler's to say.
    if "value" not in call.params and call.request.path.lower().endswith(_SUFFIXES):
        raise errors.refuse("the suffixes .json and .xml of a path")


def _takes_xml_only(accept: str) -> bool:
    """An Accept without XML and JSON, or one that cannot be read, means JSON."""
    wanted = {each.partition(";")[0].strip() for each in accept.lower().split(",")}
    return "application/xml" in wanted and wanted.isdisjoint({"application/json", "*/*"})

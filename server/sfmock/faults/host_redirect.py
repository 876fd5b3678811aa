"""The host sends the client on to the org's own host."""

from __future__ import annotations

from typing import Any

from sfmock.faultkind import FaultKind
from sfmock.routing import Call
from sfmock.wire import Effect, Reply


def _redirect(call: Call, options: Any) -> Effect | None:
    """To the instance, with the same path."""
    request = call.request
    query = f"?{request.query}" if request.query else ""
    target = f"https://{call.org.my_domain}{request.path}{query}"
    return Effect(reply=Reply(302, headers=(("Location", target),), content_type=None, edge=True))


KIND = FaultKind(
    name="host_redirect",
    group="identity",
    happens=str(__doc__),
    wire="302 without body, `Location` with the same path; a client that then asks by GET meets a 405 at the SOAP door",
    state="nothing is written",
    reaction="follow with method and body kept",
    source="error-catalogue.md 9, fault 7; error-catalogue.md 6, status 302",
    ahead=_redirect,
)

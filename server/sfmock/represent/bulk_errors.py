"""Errors of the Bulk API 1.0: XML in its own layout, JSON where the client talks JSON (error-catalogue.md 1, wire-facts.md 8)."""

from __future__ import annotations

from xml.sax.saxutils import escape

from sfmock.errors import SalesforceError
from sfmock.wire import Reply, Request

_NAMESPACE = "http://www.force.com/2009/06/asyncapi/dataload"


def bulk_error(error: SalesforceError, request: Request) -> Reply:
    """The error element, or the object of a JSON job, whose keys are quoted in this order."""
    if "json" in (request.headers.get("Content-Type") or "").lower():
        body = {"exceptionMessage": error.message, "exceptionCode": error.code}
        return Reply(error.status, dict(body), content_type="application/json")
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?><error\n   xmlns="{_NAMESPACE}">\n'
        f" <exceptionCode>{escape(error.code)}</exceptionCode>\n"
        f" <exceptionMessage>{escape(error.message)}</exceptionMessage>\n</error>"
    )
    return Reply(error.status, text, content_type="application/xml")

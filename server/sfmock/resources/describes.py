"""`/sobjects`, `/sobjects/X`, `/sobjects/X/describe`: what there is and what it looks like (rest.md 2.1-2.3)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from sfmock import errors
from sfmock.org.describes import Document
from sfmock.routing import Call, Router
from sfmock.wire import RawJson, Reply, Request

router = Router()


@router.route("GET", "/services/data/<version>/sobjects", name="describe_global")
def describe_global(call: Call) -> Reply:
    """All sobjects of the org."""
    return _conditional(call.org.describes.everything(call.api_version), call.request)


@router.route("GET", "/services/data/<version>/sobjects/<sobject>", name="basic_info")
def basic_info(call: Call) -> Reply:
    """An sobject's row of the global describe and its recent items."""
    sobject = call.org.describes.find(call.params["sobject"])
    recent = call.org.recent.of(sobject, call.user_id, call.api_version)
    return Reply(body=call.org.describes.basic(sobject, call.api_version, recent))


@router.route(
    "GET", "/services/data/<version>/sobjects/<sobject>/describe", name="describe", reserved=True
)
def describe(call: Call) -> Reply:
    """An sobject with all its fields and relationships."""
    document = call.org.describes.one(
        call.params["sobject"], call.api_version, call.request.authority
    )
    return _conditional(document, call.request)


def _conditional(document: Document, request: Request) -> Reply:
    """The document, or 304 where the client's copy is good; either way with ETag and Last-Modified."""
    headers = (
        ("Last-Modified", format_datetime(document.changed, usegmt=True)),
        ("ETag", document.etag),
    )
    before = _moment(request.headers.get("If-Unmodified-Since"))
    if before is not None and document.changed > before:
        raise errors.PRECONDITION_FAILED()
    if _unchanged(document, request):
        return Reply(status=304, headers=headers, content_type=None)
    return Reply(body=RawJson(document.text), headers=headers)


def _unchanged(document: Document, request: Request) -> bool:
    tags = request.headers.get("If-None-Match")
    if tags is not None:  # RFC 9110: then the date is not looked at
        known = {tag.strip().removeprefix("W/").replace("--gzip", "") for tag in tags.split(",")}
        return document.etag in known or "*" in known
    since = _moment(request.headers.get("If-Modified-Since"))
    return since is not None and document.changed <= since


def _moment(text: str | None) -> datetime | None:
    """A date of a header; the weekday is not checked, and a date that cannot be read is no condition."""
    if text is None:
        return None
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)

"""How each API family writes an error: REST lists, OAuth objects, identity's bare words (error-catalogue.md 1)."""

from __future__ import annotations

from urllib.parse import quote

from sfmock import errors
from sfmock.errors import MultipleChoices, SalesforceError, SeveralErrors
from sfmock.represent.soap import fault
from sfmock.versions import Version
from sfmock.wire import JSON, Reply, Request

_HTML = "text/html;charset=UTF-8"
_PAGES = frozenset(
    {
        errors.REQUEST_TOO_LARGE.status,
        errors.URI_TOO_LONG.status,
        errors.FIELDS_TOO_LARGE.status,
    }
)
"""Statuses of the front end: a page, whatever API was meant."""
_ONLY_POST = "<html><head><title>Error 405 Only POST allowed</title></head><body>Only POST allowed</body></html>"
_DOWN = (
    "<html><head><title>Error Page</title></head><body>We are down for maintenance.</body></html>"
)


def error_reply(
    error: SalesforceError, request: Request, family: str, version: Version | None
) -> Reply:
    """The reply that carries an error, in the form of the API family that was called."""
    if error.status in _PAGES:
        page = f"<h1>Bad Message {error.status}</h1><pre>reason: {error.message}</pre>"
        return Reply(error.status, page, content_type="text/html;charset=iso-8859-1")
    if family == "soap" and error.code == errors.METHOD_NOT_ALLOWED.code:
        headers = (("Allow", "POST"),)
        return Reply(405, _ONLY_POST, headers=headers, content_type=_HTML)
    if family == "soap":
        return fault(error, request)
    if family == "oauth":
        return _oauth(error, request)
    if family == "identity":
        return _identity(error)
    return _rest(error, version)


def _rest(error: SalesforceError, version: Version | None) -> Reply:
    if isinstance(error, MultipleChoices):
        root = version.root if version else ""
        return Reply(300, [f"{root}/sobjects/{error.sobject}/{each}" for each in error.ids])
    if isinstance(error, SeveralErrors):
        return Reply(error.status, [_entry(each) for each in error.errors])
    headers: tuple[tuple[str, str], ...] = ()
    if error.code == "METHOD_NOT_ALLOWED":
        headers = (("Allow", error.message.rpartition(" ")[2]),)
    return Reply(error.status, [_entry(error)], headers=headers)


def _entry(error: SalesforceError) -> dict[str, JSON]:
    """One list entry; the REST framework writes `errorCode` first, everything below it `message` first."""
    entry: dict[str, JSON]
    if error.router:
        entry = {"errorCode": error.code, "message": error.message}
    else:
        entry = {"message": error.message, "errorCode": error.code}
    if error.fields is not None:
        entry["fields"] = list(error.fields)
    return entry


def _oauth(error: SalesforceError, request: Request) -> Reply:
    if error.status == 503:  # the edge answers before OAuth does: a page, not JSON (oauth.md 11)
        return Reply(503, _DOWN, content_type=_HTML)
    body: dict[str, JSON] = {"error": error.code, "error_description": error.message}
    accepts_json = "application/json" in (request.headers.get("Accept") or "")
    if (
        error.code == "invalid_token" and not accepts_json
    ):  # revoke answers form-encoded (oauth.md 5.1)
        text = f"error={error.code}&error_description={quote(error.message, safe='')}"
        return Reply(
            error.status, text, content_type="application/x-www-form-urlencoded;charset=UTF-8"
        )
    return Reply(error.status, body)


def _identity(error: SalesforceError) -> Reply:
    if error.status == 503:
        return Reply(503, _DOWN, content_type=_HTML)
    if error.status == 403 and error.code == error.message:  # Bad_OAuth_Token and its kin
        return Reply(403, error.code, content_type="text/plain;charset=UTF-8")
    return Reply(error.status, [_entry(error)])

"""How each API family writes an error: REST lists, OAuth objects, identity's bare words (error-catalogue.md 1)."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from sfmock import errors, login_errors
from sfmock.errors import MultipleChoices, SalesforceError, SentBack, SeveralErrors
from sfmock.represent import edge
from sfmock.represent.bulk_errors import bulk_error
from sfmock.represent.interaction_pages import page_reply
from sfmock.represent.soap_faults import fault
from sfmock.versions import Version
from sfmock.wire import JSON, Reply, Request

_PAGES = frozenset(
    {
        errors.REQUEST_TOO_LARGE.status,
        errors.URI_TOO_LONG.status,
        errors.FIELDS_TOO_LARGE.status,
    }
)
"""Statuses of the front end: a page, whatever API was meant."""
_AUTHORIZE = "/services/oauth2/authorize"


def error_reply(
    error: SalesforceError, request: Request, family: str, version: Version | None
) -> Reply:
    """The reply that carries an error, in the form of the API family that was called."""
    if error.status in _PAGES:
        return edge.bad_message(error.status, error.message)
    if isinstance(error, SentBack):
        return Reply(302, headers=(("Location", error.location),), content_type=None)
    if family == "soap" and error.code == errors.METHOD_NOT_ALLOWED.code:
        return edge.only_post(request.path)
    if family == "soap":
        return fault(error, request)
    if family == "oauth":
        return _oauth(error, request)
    if family == "identity":
        return _identity(error)
    if family == "bulk1":
        return bulk_error(error, request)
    if error.status == 401 and _wants_xml(request):
        return _xml(error)
    return _rest(error, version)


def _wants_xml(request: Request) -> bool:
    """Whether the caller asks for XML and not for JSON."""
    accept = (request.headers.get("Accept") or "").lower()
    wanted = {each.partition(";")[0].strip() for each in accept.split(",")}
    return "application/xml" in wanted and wanted.isdisjoint({"application/json", "*/*"})


def _xml(error: SalesforceError) -> Reply:
    """The one error that is known as XML (oauth.md 8.1): all others come after the refusal of XML replies."""
    code, message = escape(error.code), escape(error.message)
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><Errors><Error>'
        f"<errorCode>{code}</errorCode><message>{message}</message></Error></Errors>"
    )
    return Reply(error.status, text, content_type="application/xml;charset=UTF-8")


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
        return edge.MAINTENANCE
    if error.code == login_errors.APPROVAL_ERROR.code:
        return page_reply("Error", f'<p class="note">{error.code} : {escape(error.message)}</p>')
    if request.path.rstrip("/") == _AUTHORIZE and error.status == 400:  # no callback to trust
        text = f"error={error.code}&error_description={quote(error.message, safe='')}"
        return Reply(error.status, text, content_type="text/plain;charset=UTF-8")
    body: dict[str, JSON] = {"error": error.code, "error_description": error.message}
    if isinstance(error, errors.OAuthFailure):
        body["error_uri"] = error.uri
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
        return edge.MAINTENANCE
    if error.status == 403 and error.code == error.message:  # Bad_OAuth_Token and its kin
        return Reply(403, error.code, content_type="text/plain;charset=UTF-8")
    return Reply(error.status, [_entry(error)])

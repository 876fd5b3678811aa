"""SOAP faults, in the form of each API (soap-apis.md 1, oauth.md 7 and 8.2)."""

from __future__ import annotations

from sfmock import login_errors
from sfmock.errors import Refused, SalesforceError
from sfmock.represent.soap import HEAD, MEDIA_TYPE, TAIL, XSI_PREFIX, api_of, version_of
from sfmock.represent.xml import escape
from sfmock.soql.errors import PlacedError
from sfmock.versions import PLAIN_LOGIN_FAULTS
from sfmock.wire import Reply, Request

_LOGIN = "LoginFault"
_KINDS = {
    **dict.fromkeys(
        ("INVALID_LOGIN", "LOGIN_MUST_USE_SECURITY_TOKEN", "INVALID_OPERATION", "LOGIN_RATE_EXCEEDED"),
        _LOGIN,
    ),
    "INVALID_FIELD": "InvalidFieldFault",
    "INVALID_QUERY_LOCATOR": "InvalidQueryLocatorFault",
    "INVALID_TYPE": "InvalidSObjectFault",
    "MALFORMED_ID": "InvalidIdFault",
    "MALFORMED_QUERY": "MalformedQueryFault",
}  # fmt: skip
"""The element in `detail`; all other codes have an UnexpectedErrorFault."""
_PLACED = frozenset({"InvalidFieldFault", "InvalidSObjectFault", "MalformedQueryFault"})
"""The faults that tell row and column, -1 where there is no place."""


def fault(error: SalesforceError, request: Request) -> Reply:
    """The fault of an error; every status is 500 but that of what the fake does not do."""
    status = error.status if isinstance(error, Refused) else 500
    if error.code == login_errors.SOAP_CLIENT.code:
        body = f"<faultcode>soapenv:Client</faultcode><faultstring>{escape(error.message)}</faultstring>"
        return _fault(status, "", body)
    api, kind = api_of(request.path), _KINDS.get(error.code, "UnexpectedErrorFault")
    plain = kind == _LOGIN and version_of(request.path).has(PLAIN_LOGIN_FAULTS)
    code, message = escape(error.code), escape(error.message)
    body = f"<faultcode>{'' if plain else 'sf:'}{code}</faultcode><faultstring>{code}: {message}</faultstring>"
    if not api.detailed:
        return _fault(status, f' xmlns:sf="{api.faults}"', body)
    place = _place(error) if kind in _PLACED else ""
    body += (
        f'<detail><sf:{kind} xsi:type="sf:{kind}"><sf:exceptionCode>{code}</sf:exceptionCode>'
        f"<sf:exceptionMessage>{message}</sf:exceptionMessage>{place}</sf:{kind}></detail>"
    )
    return _fault(status, f' xmlns:sf="{api.faults}"{XSI_PREFIX}', body)


def _place(error: SalesforceError) -> str:
    row = column = -1
    if isinstance(error, PlacedError) and error.row is not None and error.column is not None:
        row, column = error.row, error.column
    return f"<sf:row>{row}</sf:row><sf:column>{column}</sf:column>"


def _fault(status: int, namespaces: str, body: str) -> Reply:
    text = f"{HEAD}{namespaces}><soapenv:Body><soapenv:Fault>{body}</soapenv:Fault>{TAIL}"
    return Reply(status, text, content_type=MEDIA_TYPE)

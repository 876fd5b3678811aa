"""Clients that prove themselves by what they sign, in place of a secret (private_key_jwt, oauth.md 3.1)."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock import errors, login_errors
from sfmock.org import assertions
from sfmock.org.apps import ConnectedApp
from sfmock.org.org import Org
from sfmock.wire import Request

_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_WITHOUT_ASSERTION = ("password",)
"""Grants that take a secret only."""


def asserted_client(org: Org, request: Request, form: Mapping[str, str]) -> ConnectedApp:
    """The app whose key signed the client assertion; a wrong one is what a wrong secret is."""
    if form.get("grant_type") in _WITHOUT_ASSERTION:
        raise errors.refuse("OAuth client_assertion with the grant password")
    if form.get("client_assertion_type") != _TYPE:
        raise errors.refuse("OAuth client_assertion_type other than jwt-bearer")
    try:
        return _verified(org, request, form)
    except errors.SalesforceError as error:
        if isinstance(error, errors.Refused) or error.code == login_errors.UNKNOWN_CLIENT.code:
            raise
        raise login_errors.BAD_CLIENT_SECRET() from None


def _verified(org: Org, request: Request, form: Mapping[str, str]) -> ConnectedApp:
    assertion = assertions.read(form.get("client_assertion", ""))
    issuer = assertion.claims.get("iss")
    app = org.apps.find(issuer) if isinstance(issuer, str) else None
    if app is None:
        raise login_errors.UNKNOWN_CLIENT()
    if assertion.claims.get("sub") != issuer or form.get("client_id", issuer) != issuer:
        raise login_errors.INVALID_ASSERTION()
    assertions.require_signed(org, app, assertion)
    assertions.require_client_audience(org, request, assertion.claims)
    assertions.require_in_time(org, assertion.claims)
    return app

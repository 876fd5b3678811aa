"""The JWT bearer flow: a session for what a client has signed, without a user and without a secret (oauth.md 3.7)."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock import errors, login_errors
from sfmock.org import assertions
from sfmock.org.approvals import granted_without_user, require_installed
from sfmock.org.grants import Grants
from sfmock.org.token_replies import Granted


def jwt_bearer(grants: Grants, form: Mapping[str, str]) -> Granted:
    """What the assertion in a token request is granted.

    The signature comes first: nothing in an assertion counts before it is known whose it is, but the app whose key it needs.
    """
    org = grants.org
    assertion = assertions.read(form.get("assertion", ""))
    claims = assertion.claims
    issuer = claims.get("iss")
    app = org.apps.find(issuer) if isinstance(issuer, str) else None
    if app is None:
        raise login_errors.UNKNOWN_CLIENT()
    require_installed(app)
    assertions.require_signed(org, app, assertion)
    assertions.require_audience(org, grants.request, claims)
    assertions.require_in_time(org, claims)
    username = claims.get("prn", claims.get("sub"))
    if not isinstance(username, str) or not username:
        raise errors.refuse("a JWT assertion without a username in sub")
    user = org.users.get(username)
    if user is not None:
        grants.require_active(user.id)
    scopes = granted_without_user(org, app, user)
    if user is None:
        raise login_errors.NOT_APPROVED()
    return Granted(app, grants.open(app, user.id, scopes))

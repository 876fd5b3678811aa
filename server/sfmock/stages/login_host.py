"""Stage: does the login host that was asked know this org: production or not (oauth.md 1)?"""

from __future__ import annotations

from collections.abc import Callable

from sfmock import login_errors
from sfmock.errors import SalesforceError
from sfmock.org.identity import on_foreign_login_host
from sfmock.routing import Call


def check(call: Call) -> None:
    """Raise what each door answers about users, apps and tokens that its router has never heard of."""
    if call.route is None or not on_foreign_login_host(call.org, call.request):
        return
    unknown = _UNKNOWN.get(call.route.name)
    if unknown is not None:
        raise unknown(call)


def _token(call: Call) -> SalesforceError:
    """An unknown user for the password grant, an unknown consumer key for all others."""
    grant_type = call.form().get("grant_type")
    if grant_type == "client_credentials":
        return login_errors.NOT_ON_LOGIN_HOST()
    return (
        login_errors.AUTHENTICATION_FAILURE()
        if grant_type == "password"
        else login_errors.UNKNOWN_CLIENT()
    )


_UNKNOWN: dict[str, Callable[[Call], SalesforceError]] = {
    "authorize": lambda call: login_errors.UNKNOWN_CLIENT(),
    "introspect": lambda call: login_errors.CLIENT_NOT_PROVEN(),
    "revoke": lambda call: login_errors.INVALID_TOKEN(token=call.form().get("token", "")),
    "token": _token,
    "userinfo": lambda call: login_errors.BAD_OAUTH_TOKEN(),
}

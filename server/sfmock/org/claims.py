"""Whether a request to a shared login host belongs to an org: by username, token or client id."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sfmock.org import jws
from sfmock.org.apps import Apps
from sfmock.org.sessions import Sessions
from sfmock.org.users import Users

_TOKENS = ("refresh_token", "token", "oauth_token", "access_token", "sid")
"""Parameters that hold a token (oauth.md 2, 3.2 and 5)."""
_CODES = ("code", "user_code", "otp", "ticket")
"""Parameters that hold what an org has given to a browser or a device (oauth.md 3.3, 3.5 and 5.5)."""


def claims(
    apps: Apps,
    users: Users,
    sessions: Sessions,
    *,
    form: Mapping[str, str],
    token: str | None = None,
    soap_username: str | None = None,
    client: tuple[str, str] | None = None,
    gave: Callable[[str], bool] = lambda code: False,
) -> bool | None:
    """Whether the org knows who asks, or None where the request says nothing about it.

    The most telling part alone decides: a username is unique across all orgs and a token belongs to one; only a client
    id may be shared by several orgs. `token` is what the request carries, `client` the id and secret of HTTP Basic, `gave` knows the
    codes of the org.
    """
    username = soap_username or form.get("username") or named_user(form.get("assertion"))
    if username:
        return users.get(username) is not None
    given = token or next((form[name] for name in _TOKENS if form.get(name)), None)
    if given:
        return sessions.find_refresh(given) is not None or sessions.get(given) is not None
    code = next((form[name] for name in _CODES if form.get(name)), None)
    if code:
        return gave(code)
    client_id = client[0] if client is not None else form.get("client_id")
    client_id = client_id or _claims_of(form.get("client_assertion")).get("iss")
    return apps.find(client_id) is not None if client_id else None


def named_user(assertion: str | None) -> str | None:
    """The username that an assertion is about."""
    asserted = _claims_of(assertion)
    return asserted.get("prn") or asserted.get("sub")


def _claims_of(assertion: str | None) -> dict[str, str]:
    """What an assertion says, verified or not: it only has to find the org that verifies it."""
    if not assertion:
        return {}
    try:
        claims = jws.read(assertion).claims
    except ValueError:
        return {}
    return {name: value for name, value in claims.items() if isinstance(value, str)}

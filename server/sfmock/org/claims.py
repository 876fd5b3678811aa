"""Whether a request to a shared login host belongs to an org: by username, token or client id."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock.org.apps import Apps
from sfmock.org.sessions import Sessions
from sfmock.org.users import Users


def claims(
    apps: Apps,
    users: Users,
    sessions: Sessions,
    *,
    form: Mapping[str, str],
    token: str | None = None,
    soap_username: str | None = None,
) -> bool:
    """Whether the org knows who asks; the most telling part of the request alone decides.

    A username is unique across all orgs and a token belongs to one; only a client id may be shared by several orgs.
    """
    username = soap_username or form.get("username")
    if username:
        return users.get(username) is not None
    for each in (form.get("refresh_token"), form.get("token"), token, *_carried(form)):
        if each:
            return sessions.find_refresh(each) is not None or sessions.get(each) is not None
    client_id = form.get("client_id")
    return bool(client_id) and apps.find(str(client_id)) is not None


def _carried(form: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Tokens that the identity service takes as parameters (oauth.md 2)."""
    return form.get("oauth_token"), form.get("access_token")

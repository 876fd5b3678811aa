"""What a client needs to log in to an org: the values behind the handle's `credentials`."""

from __future__ import annotations

from dataclasses import dataclass, field

from sfmock.org.apps import Apps
from sfmock.org.sessions import Sessions
from sfmock.org.users import Users


@dataclass(frozen=True, slots=True)
class Credentials:
    """One user's login and one app's keys; the repr shows no secret."""

    username: str
    password: str = field(repr=False)
    security_token: str = field(repr=False)
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)


def credentials(apps: Apps, users: Users, sessions: Sessions, user_id: str) -> Credentials:
    """The credentials of a user for the default app; what is missing is made, so asking twice gives the same."""
    app = apps.default()
    user = users.find(user_id)
    secrets = users.secrets(user.id)
    refresh = sessions.refresh_of(user.id, app.id) or sessions.refresh_token(
        user.id, app.id, app.scopes
    )
    return Credentials(
        username=user.username,
        password=secrets.password,
        security_token=secrets.security_token,
        client_id=app.client_id,
        client_secret=app.client_secret,
        refresh_token=refresh.token,
    )

"""What a client logs in with, one set a user; secrets are left out of `repr`."""

from __future__ import annotations

from dataclasses import dataclass, field

from sfmock.org.apps import ConnectedApp
from sfmock.org.org import Org
from sfmock.org.rsa_keys import CLIENT_CERTIFICATE, client_key_pem
from sfmock.org.users import User


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user's log-in: by password and security token, by client id and secret, by refresh token, or by private key."""

    username: str
    client_id: str
    password: str = field(repr=False)
    security_token: str = field(repr=False)
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)

    @property
    def private_key(self) -> str:
        """The key of the app's certificate in PEM, for the JWT bearer flow; it is the same in every org."""
        return client_key_pem()


def find_user(org: Org, user: str | User | None) -> User:
    """The user of this username or id, by default the first administrator; raises LookupError."""
    if isinstance(user, User):
        return user
    return org.users.find(org.admin_id if user is None else user)


def make_credentials(org: Org, user: User) -> Credentials:
    """The credentials of a user, with a connected app of the user's own unless it is the administrator."""
    default = user.id == org.admin_id
    app = org.apps.default() if default else _own_app(org, user)
    known = org.sessions.refresh_of(user.id, app.id)
    refresh = known or org.sessions.refresh_token(user.id, app.id, app.scopes)
    secrets = org.users.secrets(user.id)
    return Credentials(
        username=user.username,
        client_id=app.client_id,
        password=secrets.password,
        security_token=secrets.security_token,
        client_secret=app.client_secret,
        refresh_token=refresh.token,
    )


def _own_app(org: Org, user: User) -> ConnectedApp:
    name = f"pytest-sfmock {user.id}"
    return org.apps.add(name, run_as=user, certificate=CLIENT_CERTIFICATE)

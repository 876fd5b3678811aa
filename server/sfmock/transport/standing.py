"""A server that outlives orgs: address and credentials stay, and the org that is in use at the moment answers.

For clients that are built once, before the first org is there: each request goes to the org that came last.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sfmock.app import App
from sfmock.control.credentials import Credentials, find_user, make_credentials
from sfmock.control.environment import (
    Environment,
    address_variables,
    login_variables,
    make_environment,
)
from sfmock.org.org import Org
from sfmock.org.rsa_keys import CLIENT_CERTIFICATE
from sfmock.org.session_settings import LONGEST
from sfmock.transport.front import Front
from sfmock.transport.guard import GUARD, guarding
from sfmock.transport.hosts import bare_host, is_salesforce
from sfmock.transport.switchboard import OrgNotFound
from sfmock.transport.tls import ca_file
from sfmock.transport.ways import ByProxy
from sfmock.wire import LOGIN_HOSTS, Request

_APP = "sfmock_server"


class Followed:
    """The orgs in use, of which the last one that came answers."""

    def __init__(self, absent: str) -> None:
        self._absent = absent
        self._apps: tuple[App, ...] = ()

    @contextmanager
    def follow(self, app: App) -> Iterator[None]:
        """Inside, this org answers, unless another comes."""
        self._apps = (*self._apps, app)
        try:
            yield
        finally:
            self._apps = tuple(each for each in self._apps if each is not app)

    @property
    def current(self) -> App | None:
        """The org that answers."""
        apps = self._apps
        return apps[-1] if apps else None

    def find(self, request: Request) -> App:
        """The org that a request is for; raises OrgNotFound."""
        return self._answering(request.host)

    def expect(self, host: str) -> None:
        """Raises OrgNotFound where no request to this host of Salesforce's is answered."""
        self._answering(host)

    def _answering(self, host: str) -> App:
        app, host = self.current, bare_host(host)
        if app is None:
            raise OrgNotFound(self._absent)
        if is_salesforce(host) and host not in LOGIN_HOSTS | app.hosts:
            raise OrgNotFound(f"{host} is no host of the running test's org, {app.org.my_domain}")
        return app


@dataclass(frozen=True)
class Identity:
    """What stays the same."""

    host: str
    """The My Domain."""
    credentials: Credentials
    access_token: str


def identity_of(org: Org) -> Identity:
    """That of an org: its default user, its app, and a token that it would give."""
    user = find_user(org, None)
    return Identity(org.my_domain, make_credentials(org, user), org.sessions.open(user.id).token)


def introduce(identity: Identity, org: Org) -> None:
    """Let an org know the user, the app and the token; one of the same pack and seed has user and app of its own accord."""
    login = identity.credentials
    user = org.users.get(login.username)
    if user is None:
        user = org.user(
            login.username, password=login.password, security_token=login.security_token
        )
    make_credentials(
        org, find_user(org, None)
    )  # first: an org of the same seed has our app as its own
    if org.apps.find(login.client_id) is None:
        org.connected_app(
            _APP,
            client_id=login.client_id,
            client_secret=login.client_secret,
            run_as=user,
            certificate=CLIENT_CERTIFICATE,
        )
    if org.sessions.get(identity.access_token) is None:
        org.sessions.open(user.id, token=identity.access_token, lifetime=LONGEST)


class SfmockServer:
    """Addresses and credentials for clients that are built once and used in many tests."""

    def __init__(
        self,
        front: Front,
        identity: Identity,
        *,
        api_version: str,
        transport: str,
    ) -> None:
        server = front.server
        self._way = ByProxy(lambda: server)
        self.url = server.url
        """Where it answers plain HTTP, and TLS too."""
        self.tls_url = server.tls_url
        """Where it answers TLS; clients have to trust `ca_file`."""
        own = {"http": self.url, "https": self.tls_url}
        self.transport = transport
        self.instance_url = own.get(transport, f"https://{identity.host}")
        """As tests have it: a My Domain, which clients of this process reach, or the address of the server."""
        self.login_url = own.get(transport, "https://login.salesforce.com")
        self.api_version = api_version
        self.credentials = identity.credentials
        """Those of a user whom each test's org knows."""
        self.access_token = identity.access_token
        """A session of that user, which each test's org knows."""

    def __repr__(self) -> str:
        return f"<SfmockServer {self.url}>"

    @property
    def ca_file(self) -> Path:
        """The certificate authority of `tls_url`."""
        return ca_file()

    def env(self) -> Environment:
        """The environment of a program in any language that is started once: it comes here by a proxy."""
        addresses = address_variables(
            self.instance_url, self.login_url, self.api_version, self._way
        )
        login = login_variables(self.credentials, self.access_token, self._way)
        return make_environment(os.environ, self._way, {**addresses, **login})


@contextmanager
def standing(
    followed: Followed, identity: Identity, *, api_version: str, transport: str
) -> Iterator[SfmockServer]:
    """Serve inside; the real Salesforce is out of reach, also while there is no org."""
    front = Front(followed, GUARD)
    try:
        with guarding(front.address):
            yield SfmockServer(front, identity, api_version=api_version, transport=transport)
    finally:
        front.close()

"""The handle as fixtures give it: the engine's, and clients of the reference kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

import requests

from pytest_sfmock.options import Settings
from sfmock.app import App
from sfmock.control import handle
from sfmock.control.credentials import find_user, make_credentials
from sfmock.org.users import User
from sfmock.transport.wiring import Address
from sfmock_reference import Client, ClientCredentials, LimitsWatch, Retry
from sfmock_reference.auth import Auth


class Sfmock(handle.Sfmock):
    """A fake Salesforce as a test sees it: where it is, how to log in, what it holds, what it was asked."""

    def __init__(self, app: App, *, address: Address, settings: Settings) -> None:
        super().__init__(
            app,
            instance_url=address.instance_url,
            login_url=address.login_url,
            transport=address.transport,
            ca_file=address.ca_file,
            way=address.way,
            api_version=settings.api_version,
            user=settings.user,
            rules=settings.rules,
        )
        self._clients: list[Client] = []

    def client(
        self,
        user: str | User | None = None,
        *,
        auth: Auth | None = None,
        api_version: str | None = None,
        retry: Retry | None = None,
        limits_watch: LimitsWatch | None = None,
        audit: Callable[[str, str, int, float], None] | None = None,
    ) -> Client:
        """A reference client that logs in as this user, by default the handle's; its waits move the org's clock."""
        if auth is None:
            login = self.credentials
            if user is not None:
                login = make_credentials(self.org, find_user(self.org, user))
            auth = ClientCredentials(self.instance_url, login.client_id, login.client_secret)
        elif user is not None:
            raise TypeError("client() takes user= or auth=, which names a user itself")
        session = requests.Session()
        session.trust_env = False  # no proxy, .netrc or REQUESTS_CA_BUNDLE stands before the fake
        if self.ca_file is not None:
            session.verify = str(self.ca_file)
        client = Client(
            auth,
            api_version=api_version or self.api_version,
            retry=retry or self._retry(),
            limits_watch=limits_watch,
            audit=audit,
            session=session,
        )
        self._clients.append(client)
        return client

    def _retry(self) -> Retry:
        """Pauses that pass on the org's clock, with the same jitter in each run."""
        return Retry(
            sleep=lambda seconds: self.clock.advance(seconds=seconds),
            clock=self.clock.timestamp,
            random=Random(self.seed).random,
        )

    @contextmanager
    def with_settings(self, settings: Settings) -> Iterator[None]:
        """Answer for one test as its settings say; the clients that it makes are closed at its end."""
        outside = self.api_version, self._user, self.rules, len(self._clients)
        self.api_version = settings.api_version
        self._user, self.rules = settings.user, settings.rules
        if settings.user != outside[1]:
            self._session = self._credentials = None
        try:
            yield
        finally:
            self.api_version, self._user, self.rules, clients = outside
            self._close(clients)

    def close(self) -> None:
        """Close the connections of all clients made here."""
        self._close(0)

    def _close(self, kept: int) -> None:
        while len(self._clients) > kept:
            self._clients.pop().close()

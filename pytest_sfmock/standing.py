"""The server of a run, for clients that are built once, and the tests' orgs that it leads to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pytest_sfmock import options
from pytest_sfmock.options import Settings
from pytest_sfmock.orgs import pool_of
from sfmock.app import App
from sfmock.org.org import Org
from sfmock.transport.standing import (
    Followed,
    Identity,
    SfmockServer,
    identity_of,
    introduce,
    standing,
)
from sfmock.transport.switchboard import SWITCHBOARD, OrgNotFound

FIXTURE = "sfmock_server"
_FOLLOWED = pytest.StashKey[Followed]()
_IDENTITY = pytest.StashKey[Identity]()
_ABSENT = (
    "sfmock_server leads to the org of the running test, and there is none: its clients can be built anywhere, and used in"
    " tests that ask for the fixture sfmock, sfmock_class or sfmock_module"
)


@contextmanager
def serving(config: pytest.Config, org: object) -> Iterator[SfmockServer]:
    """The server, for the rest of the run; its credentials are those of the org that tests start from."""
    settings = options.resolve(config, {}, {"org": org})
    followed = _followed(config)
    config.stash[_IDENTITY] = identity = _identity(config, settings)
    try:
        if followed.current is not None:  # asked for in the middle of a test
            introduce(identity, followed.current.org)
        with standing(
            followed, identity, api_version=settings.api_version, transport=settings.transport
        ) as server:
            yield server
    finally:
        del config.stash[_IDENTITY]


@contextmanager
def follow(config: pytest.Config, app: App) -> Iterator[None]:
    """Inside, the server leads to this org, by its own host name, too."""
    identity = config.stash.get(_IDENTITY, None)
    if identity is not None and _is_free(identity.host):
        app.hosts |= {identity.host}
    with _followed(config).follow(app):
        yield


def present(item: pytest.Item, org: Org) -> None:
    """Let the org of a test that uses the server know its credentials."""
    identity = item.config.stash.get(_IDENTITY, None)
    if identity is not None and FIXTURE in getattr(item, "fixturenames", ()):
        introduce(identity, org)


def _followed(config: pytest.Config) -> Followed:
    return config.stash.setdefault(_FOLLOWED, Followed(_ABSENT))


def _identity(config: pytest.Config, settings: Settings) -> Identity:
    pool, org = pool_of(config), settings.org
    try:
        if not isinstance(org, Org) and (busy := pool.in_use(org, settings.seed)) is not None:
            return identity_of(busy)
        with pool.org(org, settings.seed) as clean:
            return identity_of(clean)
    except LookupError as error:
        raise pytest.UsageError(
            f"sfmock_server needs an org with a user, which {org!r} has not: {error}"
        ) from None


def _is_free(host: str) -> bool:
    try:
        SWITCHBOARD.expect(host)
    except OrgNotFound:
        return True
    return False

"""The fixtures. None is autouse, and nothing heavy is imported until a test asks for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_sfmock import markers, options

if TYPE_CHECKING:
    from pytest_sfmock.handle import Sfmock
    from sfmock.org.org import Org
    from sfmock.transport.standing import SfmockServer
    from sfmock_reference import Client


@pytest.fixture(scope="session")
def sfmock_org(pytestconfig: pytest.Config) -> str | Path | Org:
    """The org that a test starts from: a pack's name or folder, a saved file, or an `Org`. Override it in your project."""
    return options.configured(pytestconfig, "org")  # type: ignore[return-value]  # what its reader returns


@pytest.fixture
def sfmock_settings(
    request: pytest.FixtureRequest, sfmock_org: str | Path | Org
) -> options.Settings:
    """The settings of this test: command line, markers, fixtures, ini file and defaults, in this order."""
    marker = markers.settings_of(request.node)
    return options.resolve(request.config, marker, {"org": sfmock_org})


@pytest.fixture
def sfmock(request: pytest.FixtureRequest, sfmock_settings: options.Settings) -> Iterator[Sfmock]:
    """A fake Salesforce with an org of its own; gone, with all it holds, when the test ends."""
    from pytest_sfmock.running import running

    with running(request.node, sfmock_settings) as handle:
        yield handle


@pytest.fixture(scope="class")
def sfmock_class(request: pytest.FixtureRequest, sfmock_org: str | Path | Org) -> Iterator[Sfmock]:
    """A fake Salesforce for a class, to be set up once: each test finds it as the set-up left it."""
    from pytest_sfmock.lasting import lasting

    with lasting(request, sfmock_org) as handle:
        yield handle


@pytest.fixture(scope="module")
def sfmock_module(request: pytest.FixtureRequest, sfmock_org: str | Path | Org) -> Iterator[Sfmock]:
    """A fake Salesforce for a module, to be set up once: each test finds it as the set-up left it."""
    from pytest_sfmock.lasting import lasting

    with lasting(request, sfmock_org) as handle:
        yield handle


@pytest.fixture(scope="session")
def sfmock_server(
    pytestconfig: pytest.Config, sfmock_org: str | Path | Org
) -> Iterator[SfmockServer]:
    """Addresses and credentials for clients that are built once: they reach the org of whichever test is running."""
    from pytest_sfmock.standing import serving

    with serving(pytestconfig, sfmock_org) as server:
        yield server


@pytest.fixture
def sfmock_client(sfmock: Sfmock) -> Client:
    """The client under test: the reference client, logged in as the default user. Override it with your own."""
    return sfmock.client()


@pytest.fixture
def sfmock_env(sfmock: Sfmock) -> dict[str, str]:
    """The environment of a subprocess in any language that is to work against the fake: `sfmock.env()`."""
    return sfmock.env()


@pytest.fixture
def make_sfmock(
    request: pytest.FixtureRequest, sfmock_org: str | Path | Org
) -> Iterator[Callable[..., Sfmock]]:
    """Make further fakes in one test: `make_sfmock(org="bare", user=…)` takes what the `sfmock` marker takes."""
    from pytest_sfmock.running import running

    with ExitStack() as stack:

        def make(**settings: object) -> Sfmock:
            for name, value in settings.items():
                markers.read(name, value)
            marker = markers.settings_of(request.node) | settings
            resolved = options.resolve(request.config, marker, {"org": sfmock_org})
            return stack.enter_context(running(request.node, resolved, markers_apply=False))

        yield make

"""A fake that serves all tests of a class or module: set up once, and each test finds it as the set-up left it.

A test begins where its own fixtures do: what fixtures of a wider scope wrote before that stays, all else is undone when
the test and its fixtures are over.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest

from pytest_sfmock import markers, options, records, standing, verdict
from pytest_sfmock.handle import Sfmock
from pytest_sfmock.options import Settings
from pytest_sfmock.running import plan_faults, prepare, reachable
from pytest_sfmock.scopes import LASTING
from sfmock.transport.guard import GUARD


@contextmanager
def lasting(request: pytest.FixtureRequest, org: object) -> Iterator[Sfmock]:
    """A handle for the scope of the fixture that asks."""
    config, node = request.config, request.node
    settings = options.resolve(config, markers.settings_of(node), {"org": org})
    with reachable(config, settings) as handle:
        known = records.insert(handle.org, markers.rows_of(node))
        handle.start()
        fake = Lasting(handle, request, settings, known)
        fakes = config.stash.setdefault(LASTING, [])
        fakes.append(fake)
        config.pluginmanager.register(fake)
        try:
            yield handle
        finally:
            config.pluginmanager.unregister(fake)
            fakes.remove(fake)
        verdict.fail_with_late(handle)


class Lasting:
    """One such fake: a plugin that begins a test when the first fixture of that test is set up."""

    def __init__(
        self,
        handle: Sfmock,
        request: pytest.FixtureRequest,
        settings: Settings,
        known: Mapping[str, str],
    ) -> None:
        self.handle = handle
        self._fixture = request.fixturename
        self._node = request.node
        self._settings = settings
        self._known = known
        self._item: pytest.Item | None = None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
    ) -> Generator[None, object, object]:
        """Begin the test before the first fixture that is its own."""
        if fixturedef.scope == "function":
            self.begin(request.node)
        return (yield)

    def begin(self, item: pytest.Item) -> None:
        """Begin a test, which ends behind its last fixture; a second call for it does nothing."""
        if self._item is item:
            return
        with ExitStack() as stack:
            stack.enter_context(self._test(item))
            self._item = item
            item.addfinalizer(stack.pop_all().close)

    @contextmanager
    def _test(self, item: pytest.Item) -> Iterator[None]:
        handle = self.handle
        resolved = options.resolve(
            item.config, markers.settings_of(item), {"org": self._settings.org}
        )
        verdict.hear_guard(handle)
        GUARD.renew()
        with handle.trial(), handle.with_settings(resolved):
            standing.present(item, handle.org)
            if self._fixture in getattr(item, "fixturenames", ()):
                self._follow_markers(item, resolved)
            else:
                handle.faults.clear()  # this test need not meet them
            handle.start()
            try:
                with verdict.watching(item, handle):
                    yield
            finally:
                self._item = None

    def _follow_markers(self, item: pytest.Item, resolved: Settings) -> None:
        org, nearer = self.handle.org, markers.settings_within(item, self._node)
        prepare(
            org,
            replace(
                resolved,
                now=resolved.now if "now" in nearer else None,
                token_lifetime=resolved.token_lifetime if "token_lifetime" in nearer else None,
                limits=resolved.limits if "limits" in nearer else {},
            ),
        )
        records.insert(org, markers.rows_within(item, self._node, self._known), self._known)
        plan_faults(org, item)

"""One fake for one test: an org taken from the pool, made reachable, prepared as its markers say, and put back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext

import pytest

from pytest_sfmock import markers, records, standing, verdict
from pytest_sfmock.handle import Sfmock
from pytest_sfmock.options import Limit, Settings
from pytest_sfmock.orgs import pool_of
from sfmock.app import App
from sfmock.org.org import Org
from sfmock.transport.wiring import connect


@contextmanager
def running(
    item: pytest.Item, settings: Settings, *, markers_apply: bool = True
) -> Iterator[Sfmock]:
    """A handle for the length of a test; `markers_apply`: with the rows and faults of its markers."""
    with reachable(item.config, settings, followed=markers_apply) as handle:
        if markers_apply:
            standing.present(item, handle.org)
            records.insert(handle.org, markers.rows_of(item))
            plan_faults(handle.org, item)
        handle.start()
        with verdict.watching(item, handle):
            yield handle


@contextmanager
def reachable(
    config: pytest.Config, settings: Settings, *, followed: bool = True
) -> Iterator[Sfmock]:
    """A handle of an org from the pool, prepared as the settings say; `followed`: `sfmock_server` leads to it."""
    with pool_of(config).org(settings.org, settings.seed) as org:
        app = App(org)
        follows = standing.follow(config, app) if followed else nullcontext()
        with follows, connect(app, settings.transport) as address:
            prepare(org, settings)
            with closing(Sfmock(app, address=address, settings=settings)) as handle:
                yield handle


def plan_faults(org: Org, item: pytest.Item) -> None:
    """Plan the faults of a test's markers."""
    for kind, options in markers.faults_of(item):
        org.faults.plan(kind, **options)


def prepare(org: Org, settings: Settings) -> None:
    """Clock, life of sessions and limits, as the settings say."""
    if settings.now is not None:
        org.clock.travel(settings.now)
    if settings.token_lifetime is not None:
        org.sessions.lifetime = settings.token_lifetime
    _set_limits(org, settings.limits)


def _set_limits(org: Org, limits: Mapping[str, Limit]) -> None:
    for name, value in limits.items():
        wanted = {"max": value} if isinstance(value, int) else value
        for part in ("max", "used", "remaining"):  # the last two count from the maximum
            if part in wanted:
                setattr(org.limits[name], part, wanted[part])

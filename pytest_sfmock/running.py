"""One fake for one test: an org taken from the pool, made reachable, prepared as its markers say, and put back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager

import pytest

from pytest_sfmock import markers, records, verdict
from pytest_sfmock.handle import Sfmock
from pytest_sfmock.options import Limit, Settings
from pytest_sfmock.orgs import POOL, Pool
from sfmock.app import App
from sfmock.org.org import Org
from sfmock.transport.wiring import connect


@contextmanager
def running(
    item: pytest.Item, settings: Settings, *, markers_apply: bool = True
) -> Iterator[Sfmock]:
    """A handle for the length of a test; `markers_apply`: with the rows and faults of its markers."""
    with reachable(item.config, settings) as handle:
        if markers_apply:
            records.insert(handle.org, markers.rows_of(item))
            plan_faults(handle.org, item)
        handle.start()
        with verdict.watching(item, handle):
            yield handle


@contextmanager
def reachable(config: pytest.Config, settings: Settings) -> Iterator[Sfmock]:
    """A handle of an org from the pool, prepared as the settings say."""
    with pool_of(config).org(settings.org, settings.seed) as org:
        app = App(org)
        with connect(app, settings.transport) as address:
            prepare(org, settings)
            with closing(Sfmock(app, address=address, settings=settings)) as handle:
                yield handle


def plan_faults(org: Org, item: pytest.Item) -> None:
    """Plan the faults of a test's markers."""
    for kind, options in markers.faults_of(item):
        org.faults.plan(kind, **options)


def pool_of(config: pytest.Config) -> Pool:
    """The orgs of this run, closed with it."""
    pool = config.stash.get(POOL, None)
    if pool is None:
        config.stash[POOL] = pool = Pool()
        config.add_cleanup(pool.close)
    return pool


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

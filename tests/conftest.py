"""What all tests share: pytester, which only the outermost conftest may load, and hypothesis without a stopwatch."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester"]

# CI shares two cores with others: how long an example takes says nothing about the code.
settings.register_profile("sfmock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sfmock")

# Runs inside of tests have no ini file. pytest-asyncio warns about that, and only the tests of its how-to page need it. The
# other plugins take longer to load than most inner runs take; who is to meet one of them says so.
LEAN = "-p no:asyncio -p no:hypothesispytest -p no:respx -p no:faker"


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """What tests start inherits this; xdist has started its workers by now, which shall have all plugins.

    Coverage measures the workers, but not what tests start: that would be slow.
    """
    os.environ["PYTEST_ADDOPTS"] = LEAN
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)


@pytest.fixture
def pytester(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """It discards the options of the outer run: these are for all."""
    monkeypatch.setenv("PYTEST_ADDOPTS", LEAN)
    return pytester

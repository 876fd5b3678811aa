"""What all tests share: pytester, which only the outermost conftest may load, and hypothesis without a stopwatch."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester"]

# CI shares two cores with others: how long an example takes says nothing about the code.
settings.register_profile("sfmock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sfmock")

# Runs inside of tests have no ini file. pytest-asyncio warns about that, and only the tests of its how-to page need it.
WITHOUT_ASYNCIO = "-p no:asyncio"
os.environ["PYTEST_ADDOPTS"] = WITHOUT_ASYNCIO


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """Coverage measures the workers, which have been started by now, and not what tests start: that would be slow."""
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)


@pytest.fixture
def pytester(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """It discards the options of the outer run: these are for all."""
    monkeypatch.setenv("PYTEST_ADDOPTS", WITHOUT_ASYNCIO)
    return pytester

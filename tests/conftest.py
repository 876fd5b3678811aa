"""What all tests share: pytester, which only the outermost conftest may load, and hypothesis without a stopwatch."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester"]

# CI shares two cores with others: how long an example takes says nothing about the code.
settings.register_profile("sfmock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sfmock")

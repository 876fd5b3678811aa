"""Start of the run: options, markers and the line in pytest's header."""

from __future__ import annotations

import pytest

from pytest_sfmock import markers, options


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare options and ini keys."""
    options.add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers, and stop a run whose options or ini keys make no sense."""
    for marker in markers.MARKERS:
        config.addinivalue_line("markers", f"{marker.signature}: {marker.help}")
    options.check(config)

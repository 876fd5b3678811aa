"""Markers are checked when tests are collected, so that a slip stops the run before the first test."""

from __future__ import annotations

import pytest

from pytest_sfmock import markers

_WRONG = pytest.StashKey[str]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Raise UsageError for the first wrong marker; an xdist worker cannot, there the test itself fails."""
    for item in items:
        try:
            markers.check(item)
        except pytest.UsageError as error:
            text = f"{item.nodeid}: {error}"
            if not hasattr(config, "workerinput"):
                raise pytest.UsageError(text) from None
            item.stash[_WRONG] = text


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """In an xdist worker: fail a test whose markers are wrong, before anything of it runs."""
    wrong = item.stash.get(_WRONG, None)
    if wrong is not None:
        pytest.fail(f"ERROR: {wrong}", pytrace=False)

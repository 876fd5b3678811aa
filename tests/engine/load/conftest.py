"""What all tests of loading share: a cache folder of their own, and the project of the sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from sfmock.schema.load.cache import VARIABLE

SOURCES = Path(__file__).parents[2] / "sources"


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the cache, new for each test and not there yet."""
    folder = tmp_path_factory.mktemp("cache") / "sfmock"
    monkeypatch.setenv(VARIABLE, str(folder))
    return folder


@pytest.fixture
def project() -> Path:
    """An sfdx project of an invoice, its lines and a few customised standard objects."""
    return SOURCES / "sfdx"

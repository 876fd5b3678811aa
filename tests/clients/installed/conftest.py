"""Clients in processes of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import runtimes
from pytest_sfmock import Sfmock

HERE = Path(__file__).parent


@pytest.fixture
def fake(sfmock_class: Sfmock) -> Sfmock:
    """The fake that a client talks to: one for all tests of a class, as its process is."""
    return sfmock_class


@pytest.fixture(scope="class")
def fake_env(sfmock_class: Sfmock, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a client's process, with a home of its own."""
    return sfmock_class.env() | {"HOME": str(tmp_path_factory.mktemp("home"))}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[str | Path]]:
    """The command that runs one of our programs beside the installed modules."""
    installed = runtimes.node(HERE / "node")
    folder = tmp_path_factory.mktemp("node")
    (folder / "node_modules").symlink_to(installed.folder / "node_modules")
    for program in (HERE / "node").glob("*.mjs"):
        shutil.copy(program, folder)
    return lambda program: [installed.binary, folder / program]

"""The module behind the entry point: a table of contents of hooks and fixtures, and nothing else."""

from __future__ import annotations

from pytest_sfmock.collection import pytest_collection_modifyitems, pytest_runtest_setup
from pytest_sfmock.configuration import pytest_addoption, pytest_configure
from pytest_sfmock.fixtures import (
    make_sfmock,
    sfmock,
    sfmock_class,
    sfmock_client,
    sfmock_env,
    sfmock_module,
    sfmock_org,
    sfmock_server,
    sfmock_settings,
)
from pytest_sfmock.report import (
    pytest_runtest_makereport,
    pytest_terminal_summary,
)
from pytest_sfmock.scopes import pytest_runtest_setup_done
from pytest_sfmock.verdict import pytest_runtest_call, pytest_runtest_protocol

__all__ = [
    "make_sfmock",
    "pytest_addoption",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_runtest_call",
    "pytest_runtest_makereport",
    "pytest_runtest_protocol",
    "pytest_runtest_setup",
    "pytest_runtest_setup_done",
    "pytest_terminal_summary",
    "sfmock",
    "sfmock_class",
    "sfmock_client",
    "sfmock_env",
    "sfmock_module",
    "sfmock_org",
    "sfmock_server",
    "sfmock_settings",
]

"""simple-salesforce and httpx in processes of their own, told nothing but the environment that `env()` gives."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import line_driver
from battery import Battery, Tested, by
from line_driver import LineDriver
from proven import CLIENTS
from shown import SIMPLE_SALESFORCE, by_httpx, rest_shows

PROGRAM = Path(line_driver.__file__).with_name("local_lines.py")


@pytest.fixture(scope="class")
def driver(request: pytest.FixtureRequest, fake_env: Mapping[str, str]) -> Iterator[LineDriver]:
    tested: Any = request.cls
    with LineDriver([sys.executable, PROGRAM, tested.client.name], fake_env) as driver:
        yield driver


class SimpleSalesforce(Tested):
    client = CLIENTS["simple-salesforce"]
    shows = SIMPLE_SALESFORCE


@by("proxy", transport="redirect")
class TestSimpleSalesforce(SimpleSalesforce, Battery):
    pass


class WithHttpx(Tested):
    client = CLIENTS["httpx"]
    shows = rest_shows(by_httpx)


@by("proxy", transport="redirect")
class TestHttpx(WithHttpx, Battery):
    pass

"""aiosalesforce, unmodified: it goes to `https://….my.salesforce.com` and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import line_driver
import runtimes
from battery import Battery, Tested, by
from line_driver import LineDriver
from proven import CLIENTS
from shown import AIOSALESFORCE

HERE = Path(__file__).parent / "aiosalesforce"
PROGRAM = Path(line_driver.__file__).with_name("aiosalesforce_driver.py")


@pytest.fixture(scope="class")
def driver(fake_env: Mapping[str, str]) -> Iterator[LineDriver]:
    with LineDriver([runtimes.python(HERE), PROGRAM], fake_env) as driver:
        yield driver


class Aiosalesforce(Tested):
    client = CLIENTS["aiosalesforce"]
    shows = AIOSALESFORCE


@by("proxy", transport="redirect")
class TestByProxy(Aiosalesforce, Battery):
    pass

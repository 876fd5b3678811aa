"""aiosalesforce in this process: it goes to `https://….my.salesforce.com`, and is led to the fake."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from aiosalesforce.exceptions import SalesforceError

from aiosalesforce_driver import Words, tell
from battery import Battery, Tested, by
from line_driver import Driver
from local_drivers import LocalDriver
from proven import CLIENTS
from shown import AIOSALESFORCE


class InALoop:
    """Words that are waited for."""

    def __init__(self, loop: asyncio.Runner) -> None:
        self._loop, self.words = loop, Words()

    def __getattr__(self, name: str) -> Any:
        return lambda *given: self._loop.run(getattr(self.words, name)(*given))


class Aiosalesforce(Tested):
    client = CLIENTS["aiosalesforce"]
    shows = AIOSALESFORCE

    @pytest.fixture
    def driver(self) -> Iterator[Driver]:
        with asyncio.Runner() as loop:
            words = InALoop(loop)
            yield LocalDriver(words, SalesforceError, tell)
            loop.run(words.words.close())


@by("redirect")
class TestRedirected(Aiosalesforce, Battery):
    pass

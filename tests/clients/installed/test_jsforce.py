"""jsforce 3, unmodified, in Node."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from battery import INVALID, MALFORMED, MISSING, WRONG_PASSWORD, Battery, Shows, Tested, by
from line_driver import Driver, LineDriver
from proven import CLIENTS
from pytest_sfmock import Sfmock


@pytest.fixture(scope="class")
def driver(
    node: Callable[[str], list[str | Path]], fake_env: Mapping[str, str]
) -> Iterator[LineDriver]:
    with LineDriver(node("jsforce.mjs"), fake_env) as driver:
        yield driver


def told(code: str, message: str) -> dict[str, str]:
    return {"name": code, "errorCode": code, "message": message}


class Jsforce(Tested):
    client = CLIENTS["jsforce"]
    shows = Shows(
        refused={"name": "Error", "message": f"INVALID_LOGIN: {WRONG_PASSWORD}"},
        expired=["query", "soap login", "query"],
        missing=told(*MISSING),
        invalid=told(*INVALID),
        malformed=told(*MALFORMED),
    )

    def test_logs_out_by_soap(self, fake: Sfmock, logged_in: Driver) -> None:
        logged_in.call("end")
        (asked,) = fake.requests
        assert (asked.shortcut, asked.status) == ("soap logout", 200)
        assert "soap" not in [each.kind for each in fake.org.sessions]


@by("http")
class TestOverHttp(Jsforce, Battery):
    pass


@by("https")
class TestOverTls(Jsforce, Battery):
    pass


@by("proxy", transport="redirect")
class TestByProxy(Jsforce, Battery):
    """Under Salesforce's own host names, without a changed line."""

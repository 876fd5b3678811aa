"""aiosalesforce, unmodified: it goes to `https://….my.salesforce.com` and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import runtimes
from battery import INVALID, MALFORMED, MISSING, Battery, Shows, Tested, by
from line_driver import LineDriver
from proven import CLIENTS

HERE = Path(__file__).parent / "aiosalesforce"


@pytest.fixture(scope="class")
def driver(fake_env: Mapping[str, str]) -> Iterator[LineDriver]:
    with LineDriver([runtimes.python(HERE), HERE / "driver.py"], fake_env) as driver:
        yield driver


def told(kind: str, code: str, message: str) -> dict[str, str]:
    text = f"[{code}] {message}"
    return {"type": kind, "message": text, "error_code": code, "error_message": message}


class Aiosalesforce(Tested):
    client = CLIENTS["aiosalesforce"]
    shows = Shows(
        refused=told("AuthenticationError", "invalid_client", "invalid client credentials"),
        expired=["query", "token", "query"],
        missing=told("NotFoundError", *MISSING),
        invalid=told("SalesforceError", *INVALID),
        malformed=told("SalesforceError", *MALFORMED),
    )


@by("proxy", transport="redirect")
class TestByProxy(Aiosalesforce, Battery):
    pass

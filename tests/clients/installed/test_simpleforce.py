"""simpleforce, unmodified, in Go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import runtimes
from battery import EXPIRED, MALFORMED, WRONG_PASSWORD, Battery, Shows, Tested, by
from line_driver import LineDriver
from proven import CLIENTS


@pytest.fixture(scope="class")
def driver(fake_env: Mapping[str, str]) -> Iterator[LineDriver]:
    with LineDriver([runtimes.go(Path(__file__).parent / "go")], fake_env) as driver:
        yield driver


def told(status: int, code: str, message: str) -> dict[str, object]:
    return {
        "type": "simpleforce.SalesforceError",
        "message": f"[simpleforce] Error. http code: {status} Error Message:  {message} Error Code: {code}",
        "httpCode": status,
        "errorCode": code,
        "errorMessage": message,
    }


NIL = {"type": "*errors.errorString", "message": "nil"}
"""simpleforce prints the error of a single record, and gives nil."""


class Simpleforce(Tested):
    client = CLIENTS["simpleforce"]
    shows = Shows(
        refused=told(500, "INVALID_LOGIN", f"INVALID_LOGIN: {WRONG_PASSWORD}"),
        expired=told(401, *EXPIRED),
        missing=NIL,
        invalid=NIL,
        malformed=told(400, *MALFORMED),
    )


@by("http")
class TestOverHttp(Simpleforce, Battery):
    pass


@by("https")
class TestOverTls(Simpleforce, Battery):
    pass


@by("proxy", transport="redirect")
class TestByProxy(Simpleforce, Battery):
    """Under Salesforce's own host names, without a changed line."""

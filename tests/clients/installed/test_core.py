"""@salesforce/core, unmodified, in Node: what the sf command stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from battery import INVALID, MALFORMED, MISSING, Battery, Shows, Tested, by
from line_driver import LineDriver
from proven import CLIENTS, REFRESH


@pytest.fixture(scope="class")
def driver(
    node: Callable[[str], list[str | Path]], fake_env: Mapping[str, str]
) -> Iterator[LineDriver]:
    # it looks for My Domains in the DNS, which has none of these
    env = {**fake_env, "SF_DISABLE_DNS_CHECK": "true"}
    with LineDriver(node("core.mjs"), env) as driver:
        yield driver


def told(code: str, message: str) -> dict[str, str]:
    return {"name": code, "errorCode": code, "message": message}


class Core(Tested):
    client = CLIENTS["@salesforce/core"]
    shows = Shows(
        refused={
            "name": "RefreshTokenAuthError",
            "message": "Error authenticating with the refresh token due to: invalid client credentials",
            "cause": {"name": "invalid_client", "message": "invalid client credentials"},
        },
        refused_by=REFRESH,
        # with the new token it asks first whether the org is a Dev Hub
        expired=["query", "token", "query", "query"],
        missing=told(*MISSING),
        invalid=told(*INVALID),
        malformed=told(*MALFORMED),
    )


@by("http")
class TestOverHttp(Core, Battery):
    pass


@by("https")
class TestOverTls(Core, Battery):
    pass


@by("proxy", transport="redirect")
class TestByProxy(Core, Battery):
    """Under Salesforce's own host names, without a changed line."""

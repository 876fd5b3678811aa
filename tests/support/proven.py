"""The clients that are proven, with their versions, log-ins and ways: the table of docs/reference/clients.md."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

SOAP = "username and password (SOAP)"
SOAP_OF_ORG = "username, password and organization (SOAP)"
PASSWORD = "username and password (OAuth)"
CREDENTIALS = "client credentials"
JWT = "JWT"
REFRESH = "refresh token"
TOKEN = "access token"
BROWSER = "web server flow (PKCE)"


@dataclass(frozen=True, slots=True)
class RealClient:
    """A row of the table."""

    name: str
    version: str
    language: str
    logins: tuple[str, ...]
    """Its own flows, the usual one first."""
    renews: bool
    """Whether it gets over an expired session by itself."""
    ways: tuple[str, ...]
    """The transports by which all abilities are proven."""
    also: tuple[str, ...] = ()
    """Those by which it logs in, writes, reads and tells errors."""


_PLAIN = (CREDENTIALS, PASSWORD, REFRESH, TOKEN)
"""What the users of an HTTP library write themselves."""
_ROWS = (
    RealClient(
        "simple-salesforce",
        "1.12.10",
        "Python",
        (TOKEN, SOAP, SOAP_OF_ORG, PASSWORD, CREDENTIALS, JWT),
        False,
        ("intercept", "redirect", "proxy"),
        ("https",),
    ),
    RealClient(
        "httpx",
        "0.27 to 0.28.1",
        "Python",
        _PLAIN,
        False,
        ("redirect", "proxy"),
        ("http", "https"),
    ),
    RealClient(
        "aiohttp", "3.13 to 3.14.5", "Python", _PLAIN, False, ("redirect",), ("http", "https")
    ),
    RealClient("urllib3", "2.8.0", "Python", _PLAIN, False, ("redirect",), ("http", "https")),
    RealClient("curl", "7.76 and later", "C", _PLAIN, False, ("proxy",), ("http", "https")),
    RealClient(
        "jsforce",
        "3.10.26",
        "Node",
        (SOAP, PASSWORD, CREDENTIALS, REFRESH, TOKEN, BROWSER),
        True,
        ("proxy", "http", "https"),
    ),
    RealClient(
        "@salesforce/core",
        "9.4.0",
        "Node",
        (JWT, REFRESH, TOKEN, BROWSER),
        True,
        ("proxy", "http", "https"),
    ),
    RealClient(
        "simpleforce",
        "v0.0.0-20220429021116-acf4ac67ef68",
        "Go",
        (SOAP, TOKEN),
        False,
        ("proxy", "http", "https"),
    ),
    RealClient("force-wsc", "64.0.0", "Java", (SOAP, TOKEN), True, ("proxy", "http", "https")),
    RealClient(
        "aiosalesforce", "0.6.2", "Python", (CREDENTIALS, JWT, SOAP), True, ("redirect", "proxy")
    ),
)
CLIENTS = {row.name: row for row in _ROWS}


def table() -> Iterator[str]:
    """The lines of the table."""
    yield "| client | version | in | logs in by | expired session | all abilities over | the first four over |"
    yield "|---|---|---|---|---|---|---|"
    for row in _ROWS:
        expired = "logs in anew" if row.renews else "raises"
        cells = [f"`{row.name}`", row.version, row.language, ", ".join(row.logins), expired]
        cells += [_words(row.ways), _words(row.also)]
        yield f"| {' | '.join(cells)} |"


def _words(ways: tuple[str, ...]) -> str:
    return ", ".join(f"`{way}`" for way in ways) or "none"


if __name__ == "__main__":
    sys.stdout.write("\n".join(table()) + "\n")

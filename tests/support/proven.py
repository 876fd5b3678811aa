"""The clients that are proven, with their versions, log-ins and ways: the table of docs/reference/clients.md."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RealClient:
    """A row of the table."""

    name: str
    version: str
    language: str
    logins: tuple[str, ...]
    """Its own flows, the usual one first."""
    ways: tuple[str, ...]
    """The transports by which all abilities are proven, then those by which it logs in, reads and writes."""


SOAP = "username and password (SOAP)"
SOAP_OF_ORG = "username, password and organization (SOAP)"
PASSWORD = "username and password (OAuth)"
CREDENTIALS = "client credentials"
JWT = "JWT"
REFRESH = "refresh token"
TOKEN = "access token"
BROWSER = "web server flow (PKCE)"

_PLAIN = (CREDENTIALS, PASSWORD, REFRESH, TOKEN)
"""What the users of an HTTP library write themselves."""
_ROWS = (
    RealClient(
        "simple-salesforce",
        "1.12.10",
        "Python",
        (TOKEN, SOAP, SOAP_OF_ORG, PASSWORD, CREDENTIALS, JWT),
        ("intercept", "https"),
    ),
    RealClient("httpx", "0.27 to 0.28.1", "Python", _PLAIN, ("http", "https")),
    RealClient("aiohttp", "3.10 to 3.14.5", "Python", _PLAIN, ("http", "https")),
    RealClient("urllib3", "2.8.0", "Python", _PLAIN, ("http", "https")),
    RealClient("curl", "7.76 and later", "C", _PLAIN, ("http", "https")),
    RealClient(
        "jsforce",
        "3.10.26",
        "Node",
        (SOAP, PASSWORD, CREDENTIALS, REFRESH, TOKEN, BROWSER),
        ("http", "https"),
    ),
    RealClient(
        "@salesforce/core", "9.4.0", "Node", (JWT, REFRESH, TOKEN, BROWSER), ("http", "https")
    ),
    RealClient(
        "simpleforce", "v0.0.0-20220429021116-acf4ac67ef68", "Go", (SOAP, TOKEN), ("http", "https")
    ),
)
CLIENTS = {row.name: row for row in _ROWS}

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
PASSWORD = "username and password (OAuth)"
CREDENTIALS = "client credentials"
JWT = "JWT"
REFRESH = "refresh token"
TOKEN = "access token"
BROWSER = "web server flow (PKCE)"

_ROWS = (
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

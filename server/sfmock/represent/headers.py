"""The header fields of each API family, as recorded in 2024-2026 (wire-facts.md 1, 6, 7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256

from sfmock.wire import Reply, Request

_HSTS = ("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
_NO_STORE = ("Cache-Control", "no-cache,must-revalidate,max-age=0,no-store,private")
_NO_SNIFF = ("X-Content-Type-Options", "nosniff")


def reply_headers(
    reply: Reply, request: Request, family: str, *, now: datetime, serial: str, usage: str | None
) -> tuple[tuple[str, str], ...]:
    """All fields of a reply. `serial` makes request ids and cookies; `usage` is the limit header's value."""
    fields = [("Date", _http_date(int(now.timestamp())))]
    if reply.edge:
        return _edge_headers(reply, fields, serial)
    if request.path.rstrip("/") == "/services/oauth2/userinfo":
        family = "rest"  # recorded in 2026 with the fields of REST, but for the limit (oauth-0013)
    if family == "soap":
        fields += [_NO_STORE, *_cookies(request, now, serial, ("BrowserId",))]
    elif family in ("oauth", "identity"):
        fields += [_HSTS, _NO_SNIFF, _NO_STORE, *_cookies(request, now, serial, _ALL_COOKIES)]
        fields += [("Expires", "Thu, 01 Jan 1970 00:00:00 GMT"), ("X-ReadOnlyMode", "false")]
    else:
        fields += [_HSTS, _NO_SNIFF, ("X-Robots-Tag", "none"), _NO_STORE]
        fields += _cookies(request, now, serial, _ALL_COOKIES)
    if usage is not None:
        fields.append(("Sforce-Limit-Info", usage))
    given = {name.lower() for name, _ in reply.headers}
    if given:
        fields = [each for each in fields if each[0].lower() not in given]
        fields += reply.headers
    if reply.content_type is not None and "content-type" not in given:
        fields.append(("Content-Type", reply.content_type))
    varies = request.method in ("GET", "POST", "HEAD") and family != "bulk1"
    if reply.status < 300 and varies and not reply.empty:
        fields.append(("Vary", "Accept-Encoding"))
    if family in ("rest", "bulk1"):
        request_id = _request_id(serial)
        fields += [
            ("Server", "sfdcedge"),
            ("X-SFDC-Request-Id", request_id),
            ("X-Request-Id", request_id),
        ]
    return tuple(fields)


def _edge_headers(
    reply: Reply, fields: list[tuple[str, str]], serial: str
) -> tuple[tuple[str, str], ...]:
    """What is quoted with replies that no API wrote (error-catalogue.md 6, status 406)."""
    fields += reply.headers
    if reply.content_type is not None:
        fields.append(("Content-Type", reply.content_type))
    if not any(name == "Server" for name, _ in fields):
        fields += [("Server", "sfdcedge"), ("X-SFDC-Request-Id", _request_id(serial))]
    return tuple(fields)


def _request_id(serial: str) -> str:
    return sha256(serial.encode()).hexdigest()[:32]


@lru_cache(maxsize=8)
def _http_date(second: int) -> str:
    return format_datetime(datetime.fromtimestamp(second, UTC), usegmt=True)


_ALL_COOKIES = ("CookieConsentPolicy", "LSKey-c$CookieConsentPolicy", "BrowserId")


def _cookies(
    request: Request, now: datetime, serial: str, names: tuple[str, ...]
) -> list[tuple[str, str]]:
    """The cookies, for a client that has none yet.

    The service sends them with every reply; once the client returns them there is nothing new in them, and reading
    them again costs a requests session more than the whole query.
    """
    if "BrowserId=" in (request.headers.get("Cookie") or ""):
        return []
    expires = (now.astimezone(UTC) + timedelta(days=365)).strftime("%a, %d-%b-%Y %H:%M:%S GMT")
    tail = f"path=/; expires={expires}; Max-Age=31536000; secure"
    browser = sha256(f"browser {serial}".encode()).hexdigest()[:22]
    values = {
        "CookieConsentPolicy": f"0:1; {tail}",
        "LSKey-c$CookieConsentPolicy": f"0:1; {tail}",
        "BrowserId": f"{browser}; domain=.salesforce.com; {tail}; SameSite=None",
    }
    return [("Set-Cookie", f"{name}={values[name]}") for name in names]

"""What clients sign: the JWT of the bearer flow, and the one in place of a client secret (oauth.md 3.1, 3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from sfmock import errors, login_errors
from sfmock.org import jws
from sfmock.org.apps import ConnectedApp
from sfmock.org.certificates import read_certificate
from sfmock.org.org import Org
from sfmock.wire import JSON, Request

LEEWAY = 180.0
"""Seconds that an assertion is good after its `exp`."""
_TOKEN_PATH = "/services/oauth2/token"


def read(text: str) -> jws.SignedJson:
    """An assertion, not verified yet; raises INVALID_ASSERTION for what is none."""
    try:
        return jws.read(text)
    except ValueError:
        raise login_errors.INVALID_ASSERTION() from None


def require_signed(org: Org, app: ConnectedApp, assertion: jws.SignedJson) -> None:
    """Raise INVALID_ASSERTION unless it is signed with the key of the app's certificate, and that is good."""
    if app.certificate is None:
        raise login_errors.INVALID_ASSERTION()
    certificate = read_certificate(app.certificate)
    if not certificate.is_good_at(org.clock.both()) or not assertion.is_signed_by(certificate.key):
        raise login_errors.INVALID_ASSERTION()


def require_audience(org: Org, request: Request, claims: Mapping[str, JSON]) -> None:
    """Raise BAD_AUDIENCE unless it is for a login host, or for a host of the org.

    The sf CLI sends a slash behind the host, restforce the bare host (oauth.md 3.7).
    """
    audience = claims.get("aud")
    if isinstance(audience, list):
        raise errors.refuse("an assertion whose aud is a list")
    if not isinstance(audience, str) or _bare(audience) not in audience_hosts(org, request):
        raise login_errors.BAD_AUDIENCE()


def require_client_audience(org: Org, request: Request, claims: Mapping[str, JSON]) -> None:
    """The same for an assertion in place of a secret, which may name the token endpoint, too."""
    audience = claims.get("aud")
    if isinstance(audience, str) and audience.endswith(_TOKEN_PATH):
        audience = audience.removesuffix(_TOKEN_PATH)
    require_audience(org, request, {**claims, "aud": audience})


def require_in_time(org: Org, claims: Mapping[str, JSON]) -> None:
    """Raise EXPIRED_CODE for one that is past its `exp`; a client may sign with the org's time or with the machine's.

    Whatever lies ahead is good: the sf CLI writes milliseconds. simple-salesforce writes a text (oauth.md 3.7).
    """
    ends = _seconds(claims.get("exp"))
    if all(ends + LEEWAY < moment for moment in org.clock.both()):
        raise login_errors.EXPIRED_CODE()


def _seconds(value: JSON) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise errors.refuse("an assertion without a time in exp")
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        raise login_errors.INVALID_ASSERTION() from None
    if not isfinite(seconds):
        raise login_errors.INVALID_ASSERTION()
    return seconds


def audience_hosts(org: Org, request: Request) -> frozenset[str]:
    """The hosts that an assertion may be for; the caller's own where it is a local address."""
    own = (org.my_domain,) if request.on_salesforce else (org.my_domain, request.host)
    return org.login_hosts.union(own)


def _bare(url: str) -> str:
    """The host of a URL that has nothing else; other URLs stay as they are."""
    return url.removeprefix("https://").removeprefix("http://").removesuffix("/")

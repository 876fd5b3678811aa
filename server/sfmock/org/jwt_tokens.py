"""Tokens that are JWTs: id tokens, access tokens in that format, and the keys that both are verified with (oauth.md 4, 5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sfmock import versions
from sfmock.org import jws
from sfmock.org.rsa_keys import EXPONENT, former_key, service_key
from sfmock.wire import JSON

_RELEASE = 128 + 2 * versions.NEWEST
"""The number of the release: it names the key that id tokens are signed with, and each release has a new one."""
_KEPT = 8
"""Keys that are published, the current one last: a client that takes the first one verifies nothing (oauth-0004)."""
_FIRST_KEY_MADE = 1_577_836_800_000
_EARLIER = 15
"""Seconds that a token is good before it was issued."""


@dataclass(frozen=True, slots=True)
class Issue:
    """The circumstances of a token: times are seconds since the epoch."""

    client_id: str
    user_id: str
    at: float
    lifetime: float


def access_token(issue: Issue, org_id: str, domain: str, scopes: Iterable[str], serial: int) -> str:
    """An access token in JWT format; `serial` tells it from all others."""
    issued = int(issue.at)
    header: dict[str, JSON] = {
        "tnk": f"core/prod/{org_id}",
        "ver": "1.0",
        "kid": _key_of_org(org_id),
        "tty": "sfdc-core-token",
        "typ": "JWT",
        "alg": jws.ALGORITHM,
    }
    claims: dict[str, JSON] = {
        "scp": " ".join(scopes),
        "aud": [f"https://{domain}"],
        "sub": f"uid:{issue.user_id}",
        "nbf": issued - _EARLIER,
        "mty": "oauth",
        "sfi": f"{serial:064x}",
        "roles": [],
        "iss": f"https://{domain}",
        "hsc": False,
        "exp": issued + int(issue.lifetime),
        "iat": issued,
        "client_id": issue.client_id,
    }
    return jws.sign(service_key(), header, claims)


def id_token(
    issue: Issue,
    *,
    issuer: str,
    subject: str,
    access_token: str,
    nonce: str | None,
    authenticated: float,
    custom_attributes: Mapping[str, str] | None,
) -> str:
    """Who logged in, for the client; `subject` is the user's identity URL."""
    issued = int(issue.at)
    claims: dict[str, JSON] = {
        "iss": issuer,
        "sub": subject,
        "aud": issue.client_id,
        "exp": issued + int(issue.lifetime),
        "iat": issued,
        "at_hash": jws.half_hash(access_token),
        "auth_time": int(authenticated),
    }
    if nonce is not None:
        claims["nonce"] = nonce
    if custom_attributes:
        claims["custom_attributes"] = dict(custom_attributes)
    header: dict[str, JSON] = {"kid": str(_RELEASE), "typ": "JWT", "alg": jws.ALGORITHM}
    return jws.sign(service_key(), header, claims)


def is_jwt(token: str) -> bool:
    """Whether a token has the look of a JWT."""
    return token.startswith("eyJ")


def is_malformed(token: str, now: float) -> bool:
    """Whether a JWT that belongs to no session is no JWT at all, or a good one that is past its time (oauth.md 8.1)."""
    try:
        found = jws.read(token)
    except ValueError:
        return True
    ends = found.claims.get("exp")
    over = isinstance(ends, int) and ends <= now
    return over and found.is_signed_by(service_key().public_key())


def key_set(org_id: str | None) -> JSON:
    """The keys that tokens are verified with; those of an org where its My Domain is asked."""
    kids = range(_RELEASE - 2 * _KEPT + 2, _RELEASE, 2)
    keys = [_published(str(each), former_key(str(each)).public_numbers().n) for each in kids]
    current = service_key().public_key().public_numbers().n
    keys.append(_published(str(_RELEASE), current))
    if org_id is not None:
        keys.append(_published(_key_of_org(org_id), current))
    return {"keys": keys}


def _key_of_org(org_id: str) -> str:
    return f"CORE_ATJWT.{org_id[:15]}.{_FIRST_KEY_MADE}"


def _published(kid: str, modulus: int) -> JSON:
    return {
        "kty": "RSA",
        "n": _number(modulus),
        "e": _number(EXPONENT),
        "alg": jws.ALGORITHM,
        "use": "sig",
        "kid": kid,
    }


def _number(value: int) -> str:
    return jws.encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))

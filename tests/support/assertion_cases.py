"""Steps of the cases of logging in for what clients sign: `sign`, `certify` and `approve`.

    {"sign": {"j": {"iss": "{app.client_id}", "sub": "{admin.username}", "aud": "https://login.salesforce.com", "exp": 180}}}

A number in `exp`, `iat` and `nbf` is in seconds from the org's time; `exp` may also be `{"text": 180}` (a JSON string), `{"ms": 300}`
(milliseconds where seconds belong, as the sf CLI writes them) or `{"float": 0.5}`. Beside the claims, `"!"` has how it is signed: `alg`,
`key` (`client` or `other`), `header` (more of it), `padded` (base64url with `=`), `cut` (characters off the end).
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from oauth_cases import ACTIONS, Story
from sfmock.org.rsa_keys import CLIENT_CERTIFICATE, client_key

_TIMES = ("exp", "iat", "nbf")


@cache
def key(name: str) -> Any:
    """A key by its name in the cases."""
    if name == "client":
        return client_key()
    return (
        rsa.generate_private_key(65_537, 2048)
        if name == "other"
        else ec.generate_private_key(ec.SECP256R1())
    )


def certificate(owner: str, begins: datetime, ends: datetime) -> str:
    """A self-signed certificate in PEM."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "client")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key(owner).public_key()).serial_number(7)
    builder = builder.not_valid_before(begins).not_valid_after(ends)
    return builder.sign(key(owner), hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def signed(claims: Mapping[str, Any], how: Mapping[str, Any]) -> str:
    """An assertion, by PyJWT where that lets itself be told."""
    alg = how.get("alg", "RS256")
    if alg == "RS256" and not how.get("padded"):
        header = how.get("header")
        text = jwt.encode(
            dict(claims), key(how.get("key", "client")), algorithm=alg, headers=header
        )
    else:
        text = _by_hand(claims, alg, how)
    return text[: len(text) - how.get("cut", 0)]


def _by_hand(claims: Mapping[str, Any], alg: str, how: Mapping[str, Any]) -> str:
    header = {"alg": alg, **how.get("header", {})}
    parts = [_base64(json.dumps(each).encode(), how) for each in (header, claims)]
    data = ".".join(parts).encode()
    signature = b""
    if alg.startswith("HS"):  # what anybody can make who knows the public key
        signature = hmac.digest(CLIENT_CERTIFICATE.encode(), data, "sha256")
    elif alg != "none":
        signature = jwt.get_algorithm_by_name("RS256").sign(data, key("client"))
    return ".".join([*parts, _base64(signature, how)])


def _base64(data: bytes, how: Mapping[str, Any]) -> str:
    text = base64.urlsafe_b64encode(data).decode()
    return text if how.get("padded") else text.rstrip("=")


def _sign(story: Story, assertions: Mapping[str, Mapping[str, Any]]) -> None:
    now = int(story.org.clock.timestamp())
    for name, given in assertions.items():
        claims = {key: value for key, value in given.items() if key != "!"}
        for each in _TIMES:
            if each in claims:
                claims[each] = _time(claims[each], now)
        story.names[name] = signed(claims, given.get("!", {}))


def _time(value: Any, now: int) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return now + value
    if isinstance(value, dict):
        [(form, seconds)] = value.items()
        at = now + seconds
        return {"text": str(at), "float": at + 0.5, "ms": at * 1000}[form]
    return value


def _certify(story: Story, certificates: Mapping[str, Mapping[str, Any]]) -> None:
    """Certificates of a key, good from and to so many days from the org's time."""
    now = story.org.clock.now.astimezone(UTC)
    for name, each in certificates.items():
        begins, ends = (now + timedelta(days=each[end]) for end in ("from", "to"))
        story.names[name] = certificate(each.get("key", "client"), begins, ends)


def _approve(story: Story, approvals: Mapping[str, str]) -> None:
    """The user of this id has approved the app of this name, with a refresh token and all scopes."""
    for name, user_id in approvals.items():
        app = story.org.connected_app(name)
        story.names[f"{name}.refresh_token"] = story.org.sessions.refresh_token(
            user_id, app.id, app.scopes
        ).token


ACTIONS |= {"sign": _sign, "certify": _certify, "approve": _approve}


def _exchange(story: Story, users: Mapping[str, Mapping[str, str]]) -> None:
    """A handler for each name: it finds a user by `<type>/<token>`, and nobody for other tokens."""

    def handler(found: Mapping[str, str], token: str, kind: str) -> str | None:
        return found.get(f"{kind}/{token}")

    for name, found in users.items():
        story.org.token_exchanges.add(partial(handler, found), name=name)


def _encode(story: Story, texts: Mapping[str, str]) -> None:
    """Texts in base64url."""
    for name, text in texts.items():
        story.names[name] = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


ACTIONS |= {"exchange": _exchange, "base64": _encode}

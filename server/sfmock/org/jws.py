"""Signed JSON in compact form (JWS, RFC 7515), with the one algorithm that Salesforce takes: RS256 (oauth.md 3.7)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from sfmock.wire import JSON

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

ALGORITHM = "RS256"
LARGEST = 64 * 1024
"""Characters of a text that is read."""


@dataclass(frozen=True, slots=True)
class SignedJson:
    """A signed text, taken apart and not verified yet; its claims are nobody's word until it is."""

    header: Mapping[str, JSON]
    claims: Mapping[str, JSON] = field(repr=False)
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    def is_signed_by(self, key: RSAPublicKey) -> bool:
        """Whether the signature is that of the key's owner, by RS256 and nothing else."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        # `alg` never chooses how to verify: "none", or HS256 with the public key as its secret, would let anybody in.
        if self.header.get("alg") != ALGORITHM:
            return False
        try:
            key.verify(self.signature, self.signed, PKCS1v15(), SHA256())
        except InvalidSignature:
            return False
        return True


def read(text: str) -> SignedJson:
    """The parts of a signed text; raises ValueError for any other text."""
    if len(text) > LARGEST:
        raise ValueError("a signed text is shorter")
    signed, dot, signature = text.rpartition(".")
    header, _, claims = signed.partition(".")
    if not dot or not text.isascii():
        raise ValueError("a signed text is three parts with dots between them")
    return SignedJson(_object(header), _object(claims), signed.encode(), _bytes(signature))


def sign(key: RSAPrivateKey, header: Mapping[str, JSON], claims: Mapping[str, JSON]) -> str:
    """Claims, signed; the header says by which algorithm."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    parts = (json.dumps(each, separators=(",", ":")).encode() for each in (header, claims))
    signed = ".".join(map(encoded, parts))
    return f"{signed}.{encoded(key.sign(signed.encode(), PKCS1v15(), SHA256()))}"


def encoded(data: bytes) -> str:
    """Bytes in base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def half_hash(text: str) -> str:
    """The left half of a text's hash, as `at_hash` of an id token binds an access token."""
    return encoded(sha256(text.encode()).digest()[:16])


def _object(part: str) -> dict[str, JSON]:
    try:
        value = json.loads(_bytes(part))
    except RecursionError:
        raise ValueError("too deep") from None
    if not isinstance(value, dict):
        raise ValueError("header and claims are JSON objects")
    json.dumps(value, ensure_ascii=False).encode()  # half a character is no text
    return value


def _bytes(part: str) -> bytes:
    """The bytes of a part; some clients write its padding (clients.md 1, 15)."""
    bare = part.rstrip("=")
    if not all(each.isalnum() or each in "-_" for each in bare):
        raise ValueError("no base64url")
    return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))

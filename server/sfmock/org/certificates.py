"""Certificates of connected apps: what an administrator uploads, and assertions are verified with (oauth.md 3.7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey


@dataclass(frozen=True, slots=True)
class Certificate:
    """What counts of a certificate: its key, and the time in which it is good."""

    key: RSAPublicKey
    begins: float
    ends: float

    def is_good_at(self, moments: Iterable[float]) -> bool:
        """Whether it is good at one of these times."""
        return any(self.begins <= each <= self.ends for each in moments)


@lru_cache(maxsize=64)
def read_certificate(pem: str) -> Certificate:
    """The certificate in a PEM text; raises ValueError for a text without one, and for keys other than RSA."""
    from cryptography import x509  # 90 ms, which few tests need to pay
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    try:
        found = x509.load_pem_x509_certificate(pem.encode())
        key = found.public_key()
    except ValueError:
        raise ValueError("this is no certificate in PEM: -----BEGIN CERTIFICATE----- …") from None
    if not isinstance(key, RSAPublicKey):
        raise ValueError("the certificate of a connected app has an RSA key, for RS256")
    return Certificate(
        key,
        _seconds(found.not_valid_before_utc),
        _seconds(found.not_valid_after_utc),
    )


def _seconds(moment: datetime) -> float:
    return moment.astimezone(UTC).timestamp()

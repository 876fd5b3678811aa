"""RSA keys that are the same in every process: the service's own, and the one that tests sign assertions with.

Nothing here protects anything. The primes are drawn from the generator of the standard library, so a key is made in a millisecond
instead of a third of a second, and what one process signed another can verify.
"""

from __future__ import annotations

from functools import cache
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

EXPONENT = 65_537


@cache
def service_key() -> RSAPrivateKey:
    """The key that Salesforce signs with, of 4096 bits as recorded (oauth-0004)."""
    return _private_key(_number("service p", 2048) + 90, _number("service q", 2048) + 116)


@cache
def client_key() -> RSAPrivateKey:
    """The key whose certificate the connected apps of `sfmock.credentials` have."""
    return _private_key(_number("client p", 1024) + 2190, _number("client q", 1024) + 1264)


def former_key(name: str) -> RSAPublicKey:
    """The public part of a key that signs nothing any more."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

    return RSAPublicNumbers(EXPONENT, _number(name, 4096)).public_key()


def _private_key(p: int, q: int) -> RSAPrivateKey:
    from cryptography.hazmat.primitives.asymmetric import rsa

    d = pow(EXPONENT, -1, (p - 1) * (q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=d,
        dmp1=rsa.rsa_crt_dmp1(d, p),
        dmq1=rsa.rsa_crt_dmq1(d, q),
        iqmp=rsa.rsa_crt_iqmp(p, q),
        public_numbers=rsa.RSAPublicNumbers(EXPONENT, p * q),
    )
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)


def _number(name: str, bits: int) -> int:
    """An odd number whose two upper bits are set, so that a product of two has twice the bits."""
    return Random(name).getrandbits(bits) | 3 << bits - 2 | 1

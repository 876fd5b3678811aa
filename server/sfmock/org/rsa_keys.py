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
CLIENT_CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIICqzCCAZOgAwIBAgIBATANBgkqhkiG9w0BAQsFADAYMRYwFAYDVQQDDA1weXRl
c3Qtc2Ztb2NrMCAXDTcwMDEwMjAwMDAwMFoYDzI5OTkxMjMxMDAwMDAwWjAYMRYw
FAYDVQQDDA1weXRlc3Qtc2Ztb2NrMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIB
CgKCAQEAwC1rC1ol2sU0wLIDzws+83Oi+IC9eLhP21E7/MRqnXcW0eKSJ5UjGHMx
6NQlhxJq3BMSeLaXPeGZKH+sWReBuQpDBc5ymqR/vb3MOi2MI2efYzIJPSQJ0G4t
P+Ri0BcCz9iinVNhLb4/v1kcsIJY2O24DPVnQIynQyNy3LcTRmlHH7pENed8H2i0
sxQHpwvV/kdXKo2mDUHfKsQR2RVgyEqa5cqoedu7X/ezlSgAWtongFiQm7t1Puom
n3s1nZwJ6e+rGhjxnqR46KcbbnuWrxjKy/a8HYmpROss3kmvFC0d76Vs7k7p1Wr0
kH6AOhaEJ6kgWu/wBkyzO6uaRYdTbQIDAQABMA0GCSqGSIb3DQEBCwUAA4IBAQA+
adU+FXWT0R0lh34VEN8NhqOociK5OfyQyLXBok2q7BgCcdc1ouQbUBUy51ZDrN0T
K7lh6k6s/d0iPQ/g96QMtqgpGt3NlhPTPsIsxZ7pSK76Iq21M6kO2J5GAOBGy30r
guFCXsfA+ddwKbHtGWDjMatWytmoPfZbbcoZBGsPAntfxpY8XqST5CQfoB72PE44
pQItEVtXSsztBv2IYkO6uhtubj2Uh96Q+RjL+KflsVoGOLebtkfV6MET0YTAAwd+
1I+OVJktQCpZDDAFbOAPmbvOvF5vkbm3Mv1MWRde/FDYKgdLMTg5woKvR7DrkhHp
OtpkpjDgdr0KH1Wt0KDL
-----END CERTIFICATE-----
"""
"""The certificate of `client_key`, good from 1970 to 2999, so that no test leaves its time by moving the clock."""


@cache
def service_key() -> RSAPrivateKey:
    """The key that Salesforce signs with, of 4096 bits as recorded (oauth-0004)."""
    return _private_key(_number("service p", 2048) + 90, _number("service q", 2048) + 116)


@cache
def client_key() -> RSAPrivateKey:
    """The key whose certificate the connected apps of `sfmock.credentials` have."""
    return _private_key(_number("client p", 1024) + 2190, _number("client q", 1024) + 1264)


def client_key_pem() -> str:
    """The same as text, as clients take it."""
    from cryptography.hazmat.primitives import serialization as form

    return (
        client_key()
        .private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
        .decode()
    )


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

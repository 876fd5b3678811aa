"""What programs of other processes are to trust: the certificates that they have anyway, and ours.

Most of them take one file in the place of their own, so that file has to hold both. Each is written when it is first
asked for, into the directory that goes with this process.
"""

from __future__ import annotations

import os
import re
import ssl
import threading
import warnings
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from sfmock.transport.tls import ca_pem, private_file

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12Certificate

_CERTIFICATE = re.compile(
    rb"-----BEGIN (?:TRUSTED )?CERTIFICATE-----.+?-----END (?:TRUSTED )?CERTIFICATE-----\n?", re.S
)
_SYSTEM = (  # Debian, Fedora, SUSE, and Alpine or macOS: where OpenSSL was told of none that exists
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
_lock = threading.Lock()


def bundle(base: Path | None) -> Path:
    """The certificates of a file (or of a folder of files) and ours, as one file; without a base ours alone."""
    with _lock:
        return _bundle(*_version(base))


def java_trust_store(base: Path | None) -> Path:
    """The same for Java: a PKCS #12 store without password, as Java reads it where no password is set."""
    with _lock:
        return _java_trust_store(*_version(base))


def system_bundle() -> Path:
    """The certificates that the programs of this machine trust; those that Python packages do, where there is no such file."""
    for path in (ssl.get_default_verify_paths().openssl_cafile, *_SYSTEM):
        if os.path.isfile(path):
            return Path(path)
    return public_bundle()


def public_bundle() -> Path:
    """The certificates that `requests` and its like bring along."""
    import certifi

    return Path(certifi.where())


def _version(base: Path | None) -> tuple[Path | None, int, int, int]:
    """What tells a file from what it was before, and our process from its parent.

    A file that is not there holds no certificate: OpenSSL says so, too.
    """
    try:
        found = base.stat() if base is not None else None
    except OSError:
        found = None
    if found is None:
        return None, 0, 0, os.getpid()
    return base, found.st_mtime_ns, found.st_size, os.getpid()


@lru_cache(maxsize=32)
def _bundle(base: Path | None, *version: int) -> Path:
    pem = b"".join([ca_pem(), *_certificates(base)])
    return private_file(f"{_name(pem)}.pem", pem)


@lru_cache(maxsize=32)
def _java_trust_store(base: Path | None, *version: int) -> Path:
    from cryptography.hazmat.primitives.serialization import NoEncryption
    from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_java_truststore

    entries = [*_entries([ca_pem(), *_certificates(base)])]
    content = serialize_java_truststore(entries, NoEncryption())
    return private_file(f"{_name(content)}.p12", content)


def _name(content: bytes) -> str:
    return f"trust-{sha256(content).hexdigest()[:16]}"


def _certificates(base: Path | None) -> Iterator[bytes]:
    """Each certificate of a file once, with the lines between them left out."""
    if base is None:
        return
    files = sorted(base.iterdir()) if base.is_dir() else [base]
    found: dict[bytes, None] = {}
    for path in files:
        if path.is_file():
            found.update(dict.fromkeys(_CERTIFICATE.findall(path.read_bytes())))
    yield from (each.rstrip() + b"\n" for each in found)


def _entries(certificates: list[bytes]) -> Iterator[PKCS12Certificate]:
    """The certificates as entries of a store; those that only OpenSSL takes for some are left out."""
    from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12Certificate
    from cryptography.x509 import load_pem_x509_certificate

    for number, pem in enumerate(certificates):
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # of old ones, whose serial numbers are not as they should be
            try:
                certificate = load_pem_x509_certificate(pem)
            except ValueError:
                continue
        yield PKCS12Certificate(certificate, b"sfmock" if number == 0 else b"public %d" % number)

"""The files that programs of other processes trust: what they had, and our authority."""

from __future__ import annotations

import os
import shutil
import ssl
import stat
import subprocess
from pathlib import Path

import certifi
import pytest
import trustme

from sfmock.transport import trust
from sfmock.transport.loopback import ca_pem

OURS = ca_pem().rstrip() + b"\n"


@pytest.fixture
def theirs() -> bytes:
    return trustme.CA().cert_pem.bytes().rstrip() + b"\n"


def test_a_bundle_holds_what_was_trusted_and_ours(tmp_path: Path, theirs: bytes) -> None:
    base = tmp_path / "corporate.pem"
    base.write_bytes(b"# Corporate Root\n" + theirs + b"\n" + theirs)

    made = trust.bundle(base)

    assert made.read_bytes() == OURS + theirs
    assert trust.bundle(base) == made
    assert made.parent.name.startswith("sfmock-")
    if os.name == "posix":
        assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700


def test_a_bundle_follows_its_base(tmp_path: Path, theirs: bytes) -> None:
    base = tmp_path / "corporate.pem"
    base.write_bytes(theirs)
    first = trust.bundle(base)
    another = trustme.CA().cert_pem.bytes().rstrip() + b"\n"
    base.write_bytes(theirs + another)

    assert trust.bundle(base).read_bytes() == OURS + theirs + another
    assert first.read_bytes() == OURS + theirs


def test_a_folder_of_certificates_may_be_the_base(tmp_path: Path, theirs: bytes) -> None:
    (tmp_path / "1a2b3c4d.0").write_bytes(theirs)
    (tmp_path / "root.pem").write_bytes(theirs)
    (tmp_path / "README").write_bytes(b"no certificate\n")
    (tmp_path / "more").mkdir()

    assert trust.bundle(tmp_path).read_bytes() == OURS + theirs


@pytest.mark.parametrize("name", [None, "is-not-there.pem"])
def test_without_a_base_ours_is_alone(name: str | None) -> None:
    assert trust.bundle(None if name is None else Path(name)).read_bytes() == OURS


def test_the_usual_certificates_are_there() -> None:
    context = ssl.create_default_context(cafile=str(trust.bundle(trust.public_bundle())))

    count = len(ssl.create_default_context(cafile=certifi.where()).get_ca_certs())
    assert len(context.get_ca_certs()) == count + 1
    assert len(ssl.create_default_context(cafile=str(trust.system_bundle())).get_ca_certs()) > 50


def test_where_the_system_has_no_file_the_public_certificates_are_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trust, "_SYSTEM", ())
    monkeypatch.setattr(os.path, "isfile", lambda _: False)

    assert trust.system_bundle() == Path(certifi.where())


@pytest.mark.filterwarnings("error")
def test_a_store_for_java_has_no_password_and_leaves_out_what_is_broken(
    tmp_path: Path, theirs: bytes
) -> None:
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

    base = tmp_path / "corporate.pem"
    broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    base.write_bytes(theirs + broken)

    store = load_pkcs12(trust.java_trust_store(base).read_bytes(), None)

    assert [each.friendly_name for each in store.additional_certs] == [b"sfmock", b"public 1"]
    assert store.key is None


@pytest.mark.skipif(shutil.which("keytool") is None, reason="needs a JDK")
def test_java_reads_the_store(tmp_path: Path, theirs: bytes) -> None:
    base = tmp_path / "corporate.pem"
    base.write_bytes(theirs)
    command = ["keytool", "-list", "-keystore", str(trust.java_trust_store(base)), "-storepass", ""]

    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert "sfmock, " in told
    assert told.count("trustedCertEntry") == 2

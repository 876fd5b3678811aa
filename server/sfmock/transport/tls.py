"""The certificates of the loopback servers: one authority a process, and a leaf for each name asked for.

Everything is made on first use: a run without TLS never loads trustme nor makes a key. Nothing touches the disk but
the authority's certificate (for clients that take a file) and, for a millisecond, a leaf's key: ssl loads only files.
"""

from __future__ import annotations

import _ssl
import atexit
import functools
import os
import re
import shutil
import ssl
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import trustme

_LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
_HOST_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
_LEAVES = 512  # names are the clients' choice, so the number kept is bounded
_lock = threading.RLock()


def ca_pem() -> bytes:
    """The certificate of this process's authority, for trust stores that take text."""
    return _authority().cert_pem.bytes()


def ca_file() -> Path:
    """The same certificate as a file that only this user can reach, removed when the process ends."""
    return private_file("sfmock-ca.pem", ca_pem())


def private_file(name: str, content: bytes) -> Path:
    """A file that only this user can reach, removed when the process ends."""
    path = _private_directory() / name
    with _lock:
        if not path.exists():
            path.write_bytes(content)
    return path


def server_context(host: str) -> ssl.SSLContext:
    """A server's side of TLS: its own names by default, any other name by SNI."""
    return _leaf_context((*dict.fromkeys((*_LOCAL_NAMES, host)),), answers_names=True)


def named_context(name: str) -> ssl.SSLContext:
    """A server's side of TLS for who believes to talk to this host; raises ValueError where it is no name."""
    name = name.lower()
    if len(name) > 254 or not _HOST_NAME.fullmatch(name):
        raise ValueError("not a host name")
    try:
        return _leaf_context((name,), answers_names=True)
    except UnicodeError:
        # idna refuses labels like "hp--dev", which are sandboxes of a two-letter My Domain; a wildcard holds them.
        return _leaf_context(("*." + name.partition(".")[2],), answers_names=True)


def client_context(owner: type) -> ssl.SSLContext:
    """A client's side of TLS that trusts our authority alone, of a class that has its own methods: gevent's, or ssl's."""
    kind = owner if owner.__module__.startswith("gevent") else original_context()
    with _lock:
        return _client_context(kind)


def original_context() -> type[ssl.SSLContext]:
    """The class of the standard library, whatever stands in `ssl.SSLContext`: truststore and gevent replace it."""
    kinds: list[type[Any]] = _ssl._SSLContext.__subclasses__()
    return next(kind for kind in kinds if kind.__module__ == "ssl")


class Handshake(ssl.SSLObject):
    """TLS without a socket, which tells when the other side shows a certificate that is not ours."""

    tell_stranger: Callable[[], None]

    def do_handshake(self) -> None:
        """As ever; the caller gets the error, too."""
        try:
            super().do_handshake()
        except ssl.SSLCertVerificationError:
            self.tell_stranger()
            raise


@functools.cache
def _client_context(kind: type[ssl.SSLContext]) -> ssl.SSLContext:
    context = kind(ssl.PROTOCOL_TLS_CLIENT)  # its defaults: names and certificates are checked
    context.sslobject_class = Handshake
    context.load_verify_locations(cadata=ca_pem().decode("ascii"))
    return context


def _authority() -> trustme.CA:
    with _lock:
        return _make_authority()


@functools.cache
def _make_authority() -> trustme.CA:
    import trustme  # 70 ms, which plain HTTP need not pay

    return trustme.CA(organization_name="sfmock", organization_unit_name="sfmock test authority")


def _private_directory() -> Path:
    with _lock:
        return _make_private_directory(os.getpid())


@functools.cache
def _make_private_directory(owner: int) -> Path:
    directory = Path(tempfile.mkdtemp(prefix="sfmock-"))  # made with mode 0700
    atexit.register(_remove, directory, owner)
    return directory


def _remove(directory: Path, owner: int) -> None:
    if os.getpid() == owner:  # a forked child must not take it from its parent
        shutil.rmtree(directory, ignore_errors=True)


@functools.lru_cache(maxsize=_LEAVES)
def _leaf_context(names: tuple[str, ...], *, answers_names: bool = False) -> ssl.SSLContext:
    # Neither minimum_version nor verify_mode is set: under truststore these setters call themselves for ever, and the
    # protocol's defaults (TLS 1.2 or newer, no client certificate) are what is wanted.
    context = _context_class()(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    leaf = _authority().issue_cert(*names)
    with leaf.private_key_and_cert_chain_pem.tempfile(dir=str(_private_directory())) as path:
        context.load_cert_chain(path)
    if answers_names:
        context.sni_callback = _choose_leaf
    return context


def _context_class() -> type[ssl.SSLContext]:
    """The class to serve with: gevent's where it took over ssl, but not truststore's, which checks the *client*."""
    return next(
        kind for kind in ssl.SSLContext.__mro__ if not kind.__module__.startswith("truststore")
    )


def _choose_leaf(
    connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext
) -> int | None:
    """Shows a certificate for the name that the client asked for; OpenSSL calls this within the handshake."""
    name = (name or "").lower()
    if name in ("", *_LOCAL_NAMES):
        return None
    try:
        connection.context = named_context(name)
    except ValueError:  # no certificate can hold this name
        return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
    return None

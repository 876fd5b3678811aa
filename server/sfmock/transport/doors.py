"""The doors of a Python process to the network: each function that is told the name of the host to reach.

    name  ─ socket.getaddrinfo, gethostbyname(_ex), connect(_ex) ─┐
            uvloop, aiodns (they resolve in C)                    ├─ check(host, door) ─ the function that was there
    TLS   ─ SSLContext.wrap_socket, wrap_bio                      │
    HTTP  ─ http.client: set_tunnel, putrequest ──────────────────┘

The doors of TLS and HTTP matter where the name reaches no socket: through a proxy only its address is looked up.
asyncio, anyio, trio, urllib3 and httpx all call `socket.getaddrinfo`, so they need no door of their own.
"""

from __future__ import annotations

import _socket
import _ssl
import functools
import http.client
import importlib
import importlib.util
import socket
import ssl
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import TypeAlias
from urllib.parse import urlsplit

from sfmock.transport.hosts import bare_host, is_salesforce
from sfmock.transport.patching import Function, Patch

Check = Callable[[object, str], None]
"""Called with the host and the door's name before each passage; raises to refuse it."""

_HostOf = Callable[..., object]
_Door: TypeAlias = tuple[object, str, _HostOf]


def close_doors(check: Check) -> list[Patch]:
    """Put `check` before every door; undo the patches in reverse order to take it away."""
    doors = list(
        _doors()
    )  # complete before the first patch: finding them may fail, importing uvloop say
    return [
        Patch(owner, name, functools.partial(_guarded, check, _label(owner, name), host_of))
        for owner, name, host_of in doors
    ]


def _guarded(check: Check, label: str, host_of: _HostOf, before: Function) -> Function:
    @functools.wraps(before)
    def guarded(*args: object, **kwargs: object) -> object:
        check(host_of(*args, **kwargs), label)
        return before(*args, **kwargs)

    return guarded


def _doors() -> Iterator[_Door]:
    for module in _socket_modules():
        for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
            yield module, name, _first
    for owner in _socket_classes():
        yield owner, "connect", _address
        yield owner, "connect_ex", _address
    for owner in _context_classes():
        yield owner, "wrap_socket", _tls_socket
        yield owner, "wrap_bio", _tls_bio
    yield http.client.HTTPConnection, "set_tunnel", _tunnel
    yield http.client.HTTPConnection, "putrequest", _target
    yield from _c_doors()


def _c_doors() -> Iterator[_Door]:
    """Libraries that resolve or connect in C. They may be imported later, in the test, so we do it here."""
    uvloop = _installed("uvloop")
    if uvloop is not None:
        yield uvloop.Loop, "create_connection", _asyncio_host
        yield uvloop.Loop, "getaddrinfo", _second
        yield uvloop.Loop, "sock_connect", _sock_connect
    aiodns = _installed("aiodns")
    if aiodns is not None:
        yield aiodns.DNSResolver, "getaddrinfo", _second
        yield aiodns.DNSResolver, "gethostbyname", _second


def _installed(name: str) -> ModuleType | None:
    if name not in sys.modules and not _can_be_found(name, tuple(sys.path)):
        return None
    return importlib.import_module(name)


@functools.lru_cache(maxsize=16)  # walking the path takes longer than all else that a test costs
def _can_be_found(name: str, path: tuple[str, ...]) -> bool:
    return importlib.util.find_spec(name) is not None


def _socket_modules() -> list[ModuleType]:
    """The standard module; gevent has a copy, which its `create_connection` asks."""
    gevent = sys.modules.get("gevent.socket")
    return [socket] if gevent is None else [socket, gevent]


def _socket_classes() -> list[type]:
    """The standard class, and what pytest-socket or gevent have put in its place."""
    original = next(c for c in _socket.socket.__subclasses__() if c.__module__ == "socket")
    return list(dict.fromkeys((original, *(module.socket for module in _socket_modules()))))


def _context_classes() -> list[type]:
    """Every TLS context with methods of its own: truststore and gevent replace `ssl.SSLContext`."""
    original = next(c for c in _ssl._SSLContext.__subclasses__() if c.__module__ == "ssl")
    found: dict[type, None] = {original: None}
    waiting: list[type] = [original, ssl.SSLContext]
    while waiting:
        each = waiting.pop()
        if "wrap_socket" in vars(each) or "wrap_bio" in vars(each):
            found[each] = None
        waiting += each.__subclasses__()
    return list(found)


def _label(owner: object, name: str) -> str:
    if isinstance(owner, ModuleType):
        return f"{owner.__name__}.{name}"
    return f"{getattr(owner, '__qualname__', owner)}.{name}"


# What each door is told, by the names of its own parameters.
def _first(host: object = None, *_: object, **__: object) -> object:
    return host


def _second(_self: object, host: object = None, *_: object, **__: object) -> object:
    return host


def _address(_self: object, address: object = None, *_: object) -> object:
    return address[0] if isinstance(address, tuple) and address else None


def _sock_connect(_self: object, _sock: object, address: object = None) -> object:
    return address[0] if isinstance(address, tuple) and address else None


def _asyncio_host(
    _self: object, _factory: object = None, host: object = None, *_: object, **__: object
) -> object:
    return host


def _tls_socket(
    _self: object,
    _sock: object = None,
    _server_side: object = False,
    _do_handshake: object = True,
    _suppress_eofs: object = True,
    server_hostname: object = None,
    *_: object,
    **__: object,
) -> object:
    return server_hostname


def _tls_bio(
    _self: object,
    _incoming: object = None,
    _outgoing: object = None,
    _server_side: object = False,
    server_hostname: object = None,
    *_: object,
    **__: object,
) -> object:
    return server_hostname


def _tunnel(_self: object, host: object = None, *_: object, **__: object) -> object:
    return bare_host(host) if isinstance(host, str) else host


def _target(
    connection: http.client.HTTPConnection,
    _method: object = None,
    url: object = None,
    *_: object,
    **__: object,
) -> object:
    """The host of an absolute URL, as a proxy gets it; otherwise whom a kept connection was opened to."""
    if isinstance(url, str) and url[:8].lower().startswith(("http://", "https://")):
        host = bare_host(urlsplit(url).netloc)
        if is_salesforce(host):
            return host
    return connection.host

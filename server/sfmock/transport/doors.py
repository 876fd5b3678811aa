"""The doors of a Python process to the network: each function that is told the name of the host to reach.

    name  ─ socket.getaddrinfo, gethostby…, connect(_ex), send… ──┐
            uvloop, aiodns (they resolve in C)                    ├─ the gate ─ the function that was there
    TLS   ─ SSLContext.wrap_socket, wrap_bio                      │
    HTTP  ─ http.client: set_tunnel, putrequest ──────────────────┘

The doors of TLS and HTTP matter where the name reaches no socket: through a proxy only its address is looked up.
asyncio, anyio, trio, urllib3 and httpx all call `socket.getaddrinfo`, so they need no door of their own.
"""

from __future__ import annotations

import _socket
import functools
import http.client
import importlib
import importlib.util
import socket
import ssl
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import TypeAlias

from sfmock.transport import passages
from sfmock.transport.passages import Gate, Passage
from sfmock.transport.patching import Patch
from sfmock.transport.tls import original_context

_Door: TypeAlias = tuple[object, str, Passage]


def close_doors(gate: Gate) -> list[Patch]:
    """Put the gate into every door; undo the patches in reverse order to take it away."""
    doors = list(
        _doors()
    )  # complete before the first patch: finding them may fail, importing uvloop say
    return [
        Patch(owner, name, functools.partial(passage, gate, _label(owner, name)))
        for owner, name, passage in doors
    ]


def _doors() -> Iterator[_Door]:
    for module in _socket_modules():
        for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
            yield module, name, passages.look_up(0)
        yield module, "gethostbyaddr", passages.ask(0)
    for owner in _socket_classes():
        yield owner, "connect", passages.dial(1)
        yield owner, "connect_ex", passages.dial(1)
        yield owner, "sendto", passages.post
        if hasattr(owner, "sendmsg"):  # not on Windows
            yield owner, "sendmsg", passages.post
    for owner in _context_classes():
        yield owner, "wrap_socket", passages.secure_socket(owner)
        yield owner, "wrap_bio", passages.secure_memory(owner)
    yield http.client.HTTPConnection, "set_tunnel", passages.tunnel
    yield http.client.HTTPConnection, "putrequest", passages.send
    yield from _c_doors()


def _c_doors() -> Iterator[_Door]:
    """Libraries that resolve or connect in C. They may be imported later, in the test, so we do it here."""
    uvloop = _installed("uvloop")
    if uvloop is not None:
        yield uvloop.Loop, "create_connection", passages.open_in_c
        yield uvloop.Loop, "getaddrinfo", passages.look_up(1)
        yield uvloop.Loop, "sock_connect", passages.dial(2)
    aiodns = _installed("aiodns")
    if aiodns is not None:
        yield aiodns.DNSResolver, "getaddrinfo", passages.look_up(1)
        yield aiodns.DNSResolver, "gethostbyname", passages.look_up(1)
        for name in ("query", "query_dns"):  # the second one since aiodns 4
            if hasattr(aiodns.DNSResolver, name):
                yield aiodns.DNSResolver, name, passages.ask(1)


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
    original = original_context()
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

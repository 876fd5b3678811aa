"""What happens in a door of the process: the gate lets a passage alone, refuses it, or leads it to the fake.

    getaddrinfo(name)      → a private address instead          ┐
    connect(that address)  → the listener of this process       ├ so a client dials what it looked up, and meets the fake
    wrap_socket(name)      → a context that trusts our CA alone ┘

The private address and not the listener's own: some clients keep the address of a look-up and drop its port, and the
user's own server on 127.0.0.1 shall be told from Salesforce.
"""

from __future__ import annotations

import functools
import http.client
import socket
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, Protocol, TypeAlias
from urllib.parse import urlsplit

from sfmock.transport import tls
from sfmock.transport.addresses import PRIVATE, is_own, is_own_peer, peer_of
from sfmock.transport.hosts import bare_host
from sfmock.transport.patching import Function


class Gate(Protocol):
    """Who decides in all doors."""

    def concerns(self, host: object) -> bool:
        """Whether this host is Salesforce's, while anybody cares."""
        ...

    def lead(self, host: object, door: str) -> None:
        """Return if the passage is led to the fake; raise where it is refused."""
        ...

    def refuse(self, host: object, door: str) -> NoReturn:
        """Refuse a passage that cannot be led anywhere."""
        ...

    def tell(self, host: object, door: str) -> None:
        """Keep in mind that a passage ended elsewhere than it was led to; its client gets an error already."""
        ...

    def listener(self) -> tuple[str, int]:
        """Where passages are led."""
        ...


Passage: TypeAlias = Callable[[Gate, str, Function], Function]
"""Writes the function that takes the place of another one: gate, the door's name, what was there before."""


def look_up(place: int) -> Passage:
    """A name is looked up; it is the argument at `place`, or `host`."""

    def passage(gate: Gate, door: str, before: Function) -> Function:
        @functools.wraps(before)
        def look_up(*args: Any, **kwargs: Any) -> Any:
            host = _given(args, kwargs, place, "host")
            if gate.concerns(host):
                gate.lead(host, door)
                args, kwargs = _with(args, kwargs, place, "host", PRIVATE)
            return before(*args, **kwargs)

        return look_up

    return passage


def ask(place: int) -> Passage:
    """A name server is asked for records of a name: there is no answer to make up."""

    def passage(gate: Gate, door: str, before: Function) -> Function:
        @functools.wraps(before)
        def ask(*args: Any, **kwargs: Any) -> Any:
            host = _given(args, kwargs, place, "host")
            if gate.concerns(host):
                gate.refuse(host, door)
            return before(*args, **kwargs)

        return ask

    return passage


def post(gate: Gate, door: str, before: Function) -> Function:
    """A datagram is sent to an address, the last argument: nobody of ours reads it."""

    @functools.wraps(before)
    def post(*args: Any) -> Any:
        address = args[-1]
        if isinstance(address, tuple) and address and gate.concerns(address[0]):
            gate.refuse(address[0], door)
        return before(*args)

    return post


def dial(place: int) -> Passage:
    """A socket is connected to an address, the argument at `place` behind the socket."""

    def passage(gate: Gate, door: str, before: Function) -> Function:
        @functools.wraps(before)
        def dial(*args: Any, **kwargs: Any) -> Any:
            address = _given(args, kwargs, place, "address")
            if isinstance(address, tuple) and address and gate.concerns(address[0]):
                gate.lead(address[0], door)
                if args[place - 1].family != socket.AF_INET:  # such a socket cannot reach us
                    gate.refuse(address[0], door)
                args, kwargs = _with(args, kwargs, place, "address", gate.listener())
            return before(*args, **kwargs)

        return dial

    return passage


def open_in_c(gate: Gate, door: str, before: Function) -> Function:
    """Uvloop looks up and connects in C; TLS goes on with the name that was asked for."""

    @functools.wraps(before)
    def create_connection(*args: Any, **kwargs: Any) -> Any:
        host = _given(args, kwargs, 2, "host")
        if gate.concerns(host):
            gate.lead(host, door)
            address, port = gate.listener()
            if kwargs.get("ssl") and kwargs.get("server_hostname") is None:
                kwargs["server_hostname"] = host
            args, kwargs = _with(args, kwargs, 2, "host", address)
            args, kwargs = _with(args, kwargs, 3, "port", port)
        return before(*args, **kwargs)

    return create_connection


def secure_socket(owner: type) -> Passage:
    """TLS is put on a socket; one that is connected to anybody but us is a proxy's, or was opened earlier.

    The context is swapped for one that knows our CA alone, so the real Salesforce cannot pass. The user's context is
    never changed: there is nothing to undo, and other hosts keep the trust that they have.
    """

    def passage(gate: Gate, door: str, before: Function) -> Function:
        @functools.wraps(before)
        def wrap_socket(self: Any, *args: Any, **kwargs: Any) -> Any:
            host = _given(args, kwargs, 4, "server_hostname")
            if not gate.concerns(host):
                return before(self, *args, **kwargs)
            _admit(gate, peer_of(_given(args, kwargs, 0, "sock")), host, door)
            ours = tls.client_context(owner)
            wrap = functools.partial(before, self) if self is ours else ours.wrap_socket
            return wrap(*args, **kwargs)

        return wrap_socket

    return passage


def secure_memory(owner: type) -> Passage:
    """TLS without a socket, as asyncio does it: whom it leads to shows only in the certificate, which must be ours."""

    def passage(gate: Gate, door: str, before: Function) -> Function:
        @functools.wraps(before)
        def wrap_bio(self: Any, *args: Any, **kwargs: Any) -> Any:
            host = _given(args, kwargs, 3, "server_hostname")
            if not gate.concerns(host):
                return before(self, *args, **kwargs)
            gate.lead(host, door)
            ours = tls.client_context(owner)
            if self is not ours:
                return ours.wrap_bio(*args, **kwargs)
            made = before(self, *args, **kwargs)
            made.tell_stranger = functools.partial(gate.tell, host, door)
            return made

        return wrap_bio

    return passage


def tunnel(gate: Gate, door: str, before: Function) -> Function:
    """http.client is told to go through a proxy."""

    @functools.wraps(before)
    def set_tunnel(connection: Any, *args: Any, **kwargs: Any) -> Any:
        host = _given(args, kwargs, 0, "host")
        name = bare_host(host) if isinstance(host, str) else host
        if gate.concerns(name) and not is_own(connection.host, connection.port):
            gate.refuse(name, door)
        return before(connection, *args, **kwargs)

    return set_tunnel


def send(gate: Gate, door: str, before: Function) -> Function:
    """http.client sends a request: to a proxy, if the URL names the host, or on a connection that may be an old one."""

    @functools.wraps(before)
    def putrequest(connection: http.client.HTTPConnection, *args: Any, **kwargs: Any) -> Any:
        url = _given(args, kwargs, 1, "url")
        if isinstance(url, str) and url[:8].lower().startswith(("http://", "https://")):
            host = bare_host(urlsplit(url).netloc)
            if gate.concerns(host) and not is_own(connection.host, connection.port):
                gate.refuse(host, door)
        if gate.concerns(connection.host):
            _admit(gate, peer_of(connection.sock), connection.host, door)
        return before(connection, *args, **kwargs)

    return putrequest


def _admit(gate: Gate, peer: object, host: object, door: str) -> None:
    """Lets pass what is connected to us; what is not connected yet will meet the doors of the sockets."""
    if peer is None:
        gate.lead(host, door)
    elif not is_own_peer(peer):
        gate.refuse(host, door)


def _given(args: tuple[Any, ...], kwargs: Mapping[str, Any], place: int, name: str) -> Any:
    return args[place] if len(args) > place else kwargs.get(name)


def _with(
    args: tuple[Any, ...], kwargs: Mapping[str, Any], place: int, name: str, value: object
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments with another value in the place where it was given, or under its name."""
    if len(args) > place:
        return (*args[:place], value, *args[place + 1 :]), dict(kwargs)
    return args, {**kwargs, name: value}

"""The way to hosts that are not Salesforce's: straight, or through the proxy that this process's environment names."""

from __future__ import annotations

import base64
import socket
from dataclasses import dataclass, field
from typing import NoReturn
from urllib.parse import SplitResult, unquote, urlsplit

from sfmock.transport.proxy import Proxy, ProxyRefusedError, Target, read_target

_CONNECTING = 10.0
_ANSWERING = 30.0  # the other proxy has a name to look up and a connection to make
_LONGEST_HEAD = 64 * 1024


@dataclass(frozen=True, slots=True)
class Upstream:
    """The user's own proxy, which leads out of here."""

    target: Target
    authorization: str | None = field(default=None, repr=False)

    @property
    def fields(self) -> dict[str, str]:
        """What it wants to see of us."""
        return {"Proxy-Authorization": self.authorization} if self.authorization else {}


def find_upstream(target: Target, scheme: str, ours: Proxy) -> Upstream | None:
    """The proxy for a target by HTTPS_PROXY, HTTP_PROXY and NO_PROXY of this process; never the one that asks."""
    from urllib.request import getproxies, proxy_bypass

    url = getproxies().get(scheme)
    if not url or proxy_bypass(str(target)):
        return None
    parts = urlsplit(url if "://" in url else f"http://{url}")
    password = unquote(parts.password or "")
    if password == ours.password:  # a test may have given its own process our environment
        return None
    if parts.scheme != "http":
        raise ProxyRefusedError(
            502,
            f"{target} is behind the {parts.scheme} proxy of this environment,"
            " and sfmock knows its way through http:// proxies only",
        )
    return Upstream(_read_upstream(parts), _basic(parts, password))


def open_tunnel(target: Target, ours: Proxy) -> socket.socket:
    """A connection to a target; raises ProxyRefusedError with the reason."""
    upstream = find_upstream(target, "https", ours)
    if upstream is None:
        return connect(target)
    connection = connect(upstream.target)
    try:
        _ask_for_tunnel(connection, target, upstream)
    except BaseException:
        connection.close()
        raise
    return connection


def connect(target: Target) -> socket.socket:
    """A connection to this very address; raises ProxyRefusedError."""
    try:
        return socket.create_connection(target, timeout=_CONNECTING)
    except OSError as error:
        refuse(target, error)
    except UnicodeError:  # idna wants no label that is empty or longer than 63 letters
        raise ProxyRefusedError(502, f"{target.host} is no host name") from None


def refuse(target: Target, error: OSError) -> NoReturn:
    """What the client is told of a failure on the way to a target."""
    if isinstance(error, TimeoutError):
        raise ProxyRefusedError(504, f"{target} does not answer") from error
    raise ProxyRefusedError(
        502, f"{target} cannot be reached: {error.strerror or error}"
    ) from error


def _read_upstream(parts: SplitResult) -> Target:
    try:
        return read_target(parts.netloc, 80)
    except ProxyRefusedError:
        raise ProxyRefusedError(502, "the proxy of this environment is no URL") from None


def _basic(parts: SplitResult, password: str) -> str | None:
    if parts.username is None:
        return None
    pair = f"{unquote(parts.username)}:{password}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _ask_for_tunnel(connection: socket.socket, target: Target, upstream: Upstream) -> None:
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    lines += (f"{name}: {value}" for name, value in upstream.fields.items())
    try:
        connection.settimeout(_ANSWERING)
        connection.sendall("\r\n".join((*lines, "", "")).encode("latin-1"))
        status = _read_status(connection)
    except OSError as error:
        refuse(upstream.target, error)
    if not status[:1] == "2":
        raise ProxyRefusedError(502, f"the proxy of this environment refused {target}: {status}")


def _read_status(connection: socket.socket) -> str:
    """Code and reason of the answer, whose head is read to its end and no byte further."""
    head = b""
    while not head.endswith((b"\r\n\r\n", b"\n\n")):
        seen = connection.recv(_LONGEST_HEAD, socket.MSG_PEEK)
        if not seen or len(head) > _LONGEST_HEAD:
            raise ConnectionResetError("it broke off")
        head += connection.recv(seen.find(b"\n") + 1 or len(seen))
    return head.partition(b"\n")[0].decode("latin-1").partition(" ")[2].strip()

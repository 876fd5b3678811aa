"""What travels: a request as it came in, a reply as it goes out, both free of any HTTP library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, TypeAlias
from urllib.parse import parse_qsl

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"
"""A parsed JSON value."""

MAX_BODY = 64 * 1024 * 1024
"""Bytes of a request body, as sent and unpacked; more is answered 413."""
MAX_URI = 16 * 1024
"""Bytes of path and query; more is answered 414 (rest.md 1.3)."""
LOGIN_HOSTS = frozenset({"login.salesforce.com", "test.salesforce.com"})
"""The routers that all orgs share: the user, the consumer key or the token names the org (oauth.md 1)."""


class Disconnect(ConnectionResetError):
    """The connection breaks here: no reply reaches the client, or not the whole of it. Transports turn it into a reset."""

    def __init__(self, reason: str, *, in_order: bool = False) -> None:
        super().__init__(reason)
        self.in_order = in_order
        """The connection is closed as usual, only too early."""


class Headers:
    """Header fields in the order sent, looked up without regard to case."""

    __slots__ = ("_items", "_lower")

    def __init__(self, items: Iterable[tuple[str, str]] = ()) -> None:
        self._items = tuple(items)
        self._lower: dict[str, str] | None = None

    def get(self, name: str) -> str | None:
        """The first value of a field, or None."""
        if self._lower is None:
            self._lower = {}
            for key, value in self._items:
                self._lower.setdefault(key.lower(), value)
        return self._lower.get(name.lower())

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"<Headers {[name for name, _ in self._items]}>"  # values may be secrets


class Parameters(dict[str, str]):
    """Parameters of a form or a query string, of which some are passwords and tokens: the repr shows their names."""

    def __repr__(self) -> str:
        return f"<Parameters {list(self)}>"


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `path` without query and still percent-encoded, `host` the authority the caller used."""

    method: str
    path: str
    query: str = field(default="", repr=False)  # it may carry tokens
    headers: Headers = field(default_factory=Headers)
    body: bytes = field(default=b"", repr=False)
    host: str = "localhost"
    scheme: str = "https"
    kept: bool = False
    """The connection has carried a request before."""

    @property
    def authority(self) -> str:
        """Scheme and host as the caller used them, without a trailing slash."""
        return f"{self.scheme}://{self.host}"

    @property
    def hostname(self) -> str:
        """The host without port and trailing dot, in lower case."""
        host = self.host.lower()
        if host.startswith("["):  # an IPv6 address
            return host.partition("]")[0] + "]"
        return host.partition(":")[0].rstrip(".")

    @property
    def on_salesforce(self) -> bool:
        """Whether the caller used a host name of Salesforce, and no local address."""
        return self.hostname.endswith((".salesforce.com", ".force.com"))

    def args(self) -> Parameters:
        """The query string's parameters; the first of a repeated name counts."""
        return Parameters(_arguments(self.query))


@dataclass(frozen=True, slots=True)
class RawJson:
    """JSON text that was written already, compact, in Salesforce's number forms."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers: data, not bytes. `body=None` with `empty=True` means no body at all."""

    status: int = 200
    body: JSON | RawJson | str | bytes = field(
        default=None, repr=False
    )  # of a token request: a token
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str | None = "application/json;charset=UTF-8"
    edge: bool = False
    """What stands before the instance wrote it: none of an API's header fields, but a length."""

    @property
    def empty(self) -> bool:
        """True for replies without body and Content-Type (204, and 200 of revoke)."""
        return self.content_type is None


NO_CONTENT = Reply(status=204, content_type=None)


@dataclass(frozen=True, slots=True)
class Travel:
    """How the bytes of a reply travel where a fault is in their way; as it is made, the usual way."""

    refused: bool = False
    """No connection comes about; a server that has accepted one already breaks it instead."""
    closed: bool = False
    """The connection ends in order, without one byte of a reply."""
    cut: float | None = None
    """The part of the body after which the connection ends in order."""
    longer: int = 0
    """So many bytes more than there are are announced, or fewer."""
    pieces: int = 1
    pause: float = 0.0
    """Seconds before each piece but the first."""

    @property
    def unanswered(self) -> bool:
        """Whether no reply reaches the client."""
        return self.refused or self.closed

    def split(self, body: bytes) -> list[bytes]:
        """What arrives of a body, in its pieces."""
        part = body if self.cut is None else body[: int(len(body) * self.cut)]
        size = max(1, -(-len(part) // self.pieces))
        return [part[start : start + size] for start in range(0, len(part), size)]


USUAL = Travel()
Sleep: TypeAlias = Callable[[float], object]
"""Passes some seconds; answers true when there is no use in waiting on."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A reply as bytes, ready for any transport.

    `delay`: seconds that the transport waits before it answers; `reset`: it breaks the connection instead.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    delay: float = 0.0
    reset: bool = False
    travel: Travel = USUAL
    hold: Callable[[Sleep], None] | None = field(default=None, repr=False, compare=False)
    """Passes the delay, or as much of it as the org's clock leaves; without it, the delay is slept."""

    def wait(self, sleep: Sleep) -> None:
        """Let the delay pass."""
        if self.hold is not None:
            self.hold(sleep)
        elif self.delay > 0:
            sleep(self.delay)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a fault does to an exchange.

    Ahead of the work `error`, `reply`, `reset` and a `travel` that leaves the client unanswered end it. Behind the work
    `error` and `reply` take the place of what was answered.
    """

    error: Exception | None = None
    reply: Reply | None = None
    page_size: int | None = None
    """Rows of a page of a query, whatever the client asks for."""
    headers: tuple[tuple[str, str], ...] = ()
    """Fields that the reply has besides."""
    reset: bool = False
    delay: float = 0.0
    moves_clock: bool = False
    """The delay passes by the org's clock alone: nobody sleeps."""
    travel: Travel = USUAL
    gzip: Literal["", "packed", "claimed", "broken"] = ""
    """The reply says that it is gzipped: it is, it is not, or it is damaged."""

    @property
    def answers(self) -> bool:
        """Whether it takes the place of a reply."""
        return self.error is not None or self.reply is not None

    @property
    def ends(self) -> bool:
        """Whether the request is not carried out, where this comes ahead of the work."""
        return self.answers or self.reset or self.travel.unanswered


@lru_cache(maxsize=64)  # a request is read by its handler and by the journal, and comes again
def _arguments(query: str) -> Mapping[str, str]:
    return first_values(parse_qsl(query, keep_blank_values=True))


def first_values(pairs: Iterable[tuple[str, str]]) -> Parameters:
    """A dictionary of pairs in which the first of equal names wins."""
    result = Parameters()
    for name, value in pairs:
        result.setdefault(name, value)
    return result


def mapping(value: object) -> Mapping[str, JSON]:
    """The value as a JSON object; raises TypeError for anything else."""
    if not isinstance(value, dict):
        raise TypeError(f"a JSON object is expected, not {type(value).__name__}")
    return value

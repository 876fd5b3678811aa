"""One intercepted `requests` call as urllib3 carries it: attempts under `Retry`, timeouts, requests' own errors."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from http.client import RemoteDisconnected
from typing import TypeAlias
from urllib.parse import urlsplit

from requests import PreparedRequest, Response, exceptions
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool, Retry
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    ResponseError,
)
from urllib3.util import Timeout

from sfmock.transport.prepared import Body, as_request, as_urllib3
from sfmock.transport.travelling import Stream
from sfmock.wire import USUAL, Disconnect, Rendered, Request

Exchange: TypeAlias = Callable[[Request], Rendered]
_TimeoutLike: TypeAlias = "float | tuple[float | None, float | None] | Timeout | None"

_NO_RETRIES = Retry(0, read=False)
"""As an adapter has them unless told otherwise."""


def send_with_retries(
    exchange: Exchange,
    adapter: HTTPAdapter,
    request: PreparedRequest,
    stream: bool = False,
    timeout: _TimeoutLike = None,
    verify: bool | str = True,
    cert: str | bytes | tuple[str, str] | None = None,
    proxies: dict[str, str] | None = None,
    *,
    connected: set[str],
) -> Response:
    """What `HTTPAdapter.send` returns or raises, if Salesforce answers with `exchange(request)`.

    `connected`: the hosts to which the adapter would hold an open connection.
    """
    adapter.add_headers(
        request, stream=stream, timeout=timeout, verify=verify, cert=cert, proxies=proxies
    )
    reply = attempt(exchange, request, timeout, retries=adapter.max_retries, connected=connected)
    return adapter.build_response(request, reply)


def attempt(
    exchange: Exchange,
    request: PreparedRequest,
    timeout: _TimeoutLike,
    *,
    retries: Retry = _NO_RETRIES,
    connected: set[str],
) -> HTTPResponse:
    """The reply, its body still to be read; raises what `HTTPAdapter.send` does."""
    try:
        return _Call(exchange, request, _read_limit(timeout), connected).run(retries)
    except HTTPError as error:
        raise _as_requests_says(error, request) from error


class _Call:
    """The attempts of one request. urllib3 errors are raised inside, so that `Retry` decides over all of them."""

    def __init__(
        self,
        exchange: Exchange,
        request: PreparedRequest,
        read_limit: float | None,
        connected: set[str],
    ) -> None:
        self._exchange = exchange
        self._request = request
        self._read_limit = read_limit
        self._connected = connected
        self._host = urlsplit(request.url or "").netloc
        self._method = request.method or "GET"
        self._url = request.path_url  # urllib3 is given the path, and names it in its errors
        self._body = Body(request.body)

    def run(self, retries: Retry) -> HTTPResponse:
        """The reply of the last attempt; the same steps as urllib3's `urlopen`."""
        while True:
            try:
                reply = self._attempt()
            except HTTPError as error:
                retries = self._after_error(retries, error)
                continue
            if not retries.is_retry(self._method, reply.status, "Retry-After" in reply.headers):
                return reply
            try:
                retries = retries.increment(
                    self._method, self._url, response=reply, _pool=self._pool()
                )
            except MaxRetryError:
                if retries.raise_on_status:
                    raise
                return reply
            retries.sleep(reply)

    def _after_error(self, retries: Retry, error: HTTPError) -> Retry:
        left = retries.increment(
            self._method,
            self._url,
            error=error,
            _pool=self._pool(),
            _stacktrace=error.__traceback__,
        )
        left.sleep()
        return left

    def _attempt(self) -> HTTPResponse:
        """One request and its reply; the connection is kept unless something breaks it."""
        kept = self._host in self._connected
        self._connected.discard(self._host)
        request = as_request(self._request, self._body.read(), kept=kept)
        try:
            rendered = self._exchange(request)
        except Disconnect as error:
            raise _broken_connection() from error
        self._wait(rendered)
        if rendered.reset:
            raise _broken_connection()
        if rendered.travel is USUAL:
            self._connected.add(self._host)
            return as_urllib3(rendered, self._method, self._url)
        return self._travelled(rendered)

    def _travelled(self, rendered: Rendered) -> HTTPResponse:
        """The reply whose bytes a fault meets on their way."""
        travel = rendered.travel
        if travel.refused:
            refusal = NewConnectionError(
                HTTPSConnection(urlsplit(self._request.url or "").hostname or ""),
                "Failed to establish a new connection: [Errno 111] Connection refused",
            )
            raise refusal
        if travel.closed:
            raise ProtocolError(
                "Connection aborted.",
                RemoteDisconnected("Remote end closed connection without response"),
            )
        body = b"" if self._method == "HEAD" else rendered.body
        stream = Stream(body, travel, self._read_limit)
        return as_urllib3(rendered, self._method, self._url, stream if body else None)

    def _wait(self, rendered: Rendered) -> None:
        """The org has worked already; only its answer is late. Nobody waits for a time-out that is certain."""
        if self._read_limit is not None and rendered.delay > self._read_limit:
            raise ReadTimeoutError(
                self._pool(), self._url, f"Read timed out. (read timeout={self._read_limit})"
            )
        rendered.wait(time.sleep)

    def _pool(self) -> HTTPConnectionPool:
        """The pool that errors name, with host and port; it never opens a connection."""
        parts = urlsplit(self._request.url or "")
        kind = HTTPSConnectionPool if parts.scheme == "https" else HTTPConnectionPool
        return kind(parts.hostname or "", parts.port)


def _read_limit(timeout: _TimeoutLike) -> float | None:
    """Seconds to wait for the first byte; raises ValueError for what requests refuses as well."""
    if timeout is None:
        return None
    if isinstance(timeout, Timeout):
        limits = timeout
    elif isinstance(timeout, tuple):
        if len(timeout) != 2:
            raise ValueError(
                f"Invalid timeout {timeout}. Pass a (connect, read) timeout tuple,"
                " or a single float to set both timeouts to the same value."
            )
        limits = Timeout(connect=timeout[0], read=timeout[1])
    else:
        limits = Timeout(connect=timeout, read=timeout)
    running = limits.clone()
    running.start_connect()
    limit = running.read_timeout
    return limit if isinstance(limit, (int, float)) else None


def _broken_connection() -> ProtocolError:
    reason = ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
    return ProtocolError("Connection aborted.", reason)


def _as_requests_says(error: HTTPError, request: PreparedRequest) -> Exception:
    """The exception of requests for one of urllib3; the same order as in `HTTPAdapter.send`."""
    kind: type[exceptions.RequestException] = exceptions.ConnectionError
    if isinstance(error, MaxRetryError):
        reason = error.reason
        if isinstance(reason, ConnectTimeoutError) and not isinstance(reason, NewConnectionError):
            kind = exceptions.ConnectTimeout
        elif isinstance(reason, ResponseError):
            kind = exceptions.RetryError
    elif isinstance(error, ReadTimeoutError):
        kind = exceptions.ReadTimeout
    return kind(error, request=request)

"""One intercepted `requests` call as urllib3 carries it: attempts under `Retry`, timeouts, requests' own errors."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from typing import TypeAlias
from urllib.parse import urlsplit

from requests import PreparedRequest, Response, exceptions
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool, Retry
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
from sfmock.wire import Disconnect, Rendered, Request

Exchange: TypeAlias = Callable[[Request], Rendered]
_TimeoutLike: TypeAlias = "float | tuple[float | None, float | None] | Timeout | None"


def send_with_retries(
    exchange: Exchange,
    adapter: HTTPAdapter,
    request: PreparedRequest,
    stream: bool = False,
    timeout: _TimeoutLike = None,
    verify: bool | str = True,
    cert: str | bytes | tuple[str, str] | None = None,
    proxies: dict[str, str] | None = None,
) -> Response:
    """What `HTTPAdapter.send` returns or raises, if Salesforce answers with `exchange(request)`."""
    adapter.add_headers(
        request, stream=stream, timeout=timeout, verify=verify, cert=cert, proxies=proxies
    )
    call = _Call(exchange, request, _read_limit(timeout))
    try:
        reply = call.run(adapter.max_retries)
    except HTTPError as error:
        raise _as_requests_says(error, request) from error
    return adapter.build_response(request, reply)


class _Call:
    """The attempts of one request. urllib3 errors are raised inside, so that `Retry` decides over all of them."""

    def __init__(
        self, exchange: Exchange, request: PreparedRequest, read_limit: float | None
    ) -> None:
        self._exchange = exchange
        self._request = request
        self._read_limit = read_limit
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
        try:
            rendered = self._exchange(as_request(self._request, self._body.read()))
        except Disconnect as error:
            raise _broken_connection() from error
        self._wait(rendered.delay)
        if rendered.reset:
            raise _broken_connection()
        return as_urllib3(rendered, self._method, self._url)

    def _wait(self, delay: float) -> None:
        """The org has worked already; only its answer is late. Nobody waits for a time-out that is certain."""
        if self._read_limit is not None and delay > self._read_limit:
            raise ReadTimeoutError(
                self._pool(), self._url, f"Read timed out. (read timeout={self._read_limit})"
            )
        if delay > 0:
            time.sleep(delay)

    def _pool(self) -> HTTPConnectionPool:
        """The pool that errors name, with host and port; it never opens a connection."""
        parts = urlsplit(self._request.url or "")
        kind = HTTPSConnectionPool if parts.scheme == "https" else HTTPConnectionPool
        return kind(parts.hostname or "", parts.port)


def _read_limit(timeout: _TimeoutLike) -> float | None:
    """Seconds to wait for the first byte; raises ValueError for what requests refuses as well."""
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

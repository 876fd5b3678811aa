"""The door of the control API: WSGI in front of the application, for callers of this machine that have the token.

Its calls reach no stage: they cost nothing, suffer no fault, and are in no journal. A browser that was led here by a web page
lacks the token, and names a host that is not this machine's (DNS rebinding).
"""

from __future__ import annotations

import hmac
import ipaddress
import json
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sfmock.control.handle import Sfmock
from sfmock.control.remote.desk import Desk, WrongError
from sfmock.control.remote.openapi import document
from sfmock.control.remote.operation import Operation
from sfmock.control.remote.reading import read
from sfmock.control.remote.table import DOCUMENT, OPERATIONS, ROOT, at_path
from sfmock.errors import Refused, SalesforceError
from sfmock.wire import JSON, MAX_BODY, Rendered, Request
from sfmock.wsgi import read_request, send_reply

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_KEY_LENGTH = 32


class ControlApi:
    """The application with the control API in front of it; calls are answered once `connect` has said what to control."""

    def __init__(self, app: WSGIApplication, token: str | None = None) -> None:
        self._app = app
        self._desk: Desk | None = None
        self.token = token or secrets.token_urlsafe(_KEY_LENGTH)
        """What each call sends as `Authorization: Bearer`; no token of the org."""

    def __repr__(self) -> str:
        return f"<ControlApi in front of {self._app!r}>"

    def connect(self, handle: Sfmock) -> None:
        """Let calls work on this handle."""
        self._desk = Desk(handle)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI application."""
        path = str(environ.get("PATH_INFO", ""))
        if path != ROOT and not path.startswith(f"{ROOT}/"):
            return self._app(environ, start_response)
        request = Request(str(environ["REQUEST_METHOD"]), path)
        try:
            self._admit(environ)  # first: a stranger's body is not even read
            request = read_request(environ)
            rendered = self._carry_out(request)
        except WrongError as error:
            rendered = _problem(error)
        return send_reply(request, rendered, environ, start_response)

    def _admit(self, environ: WSGIEnvironment) -> None:
        """Raise WrongError unless a caller of this machine has the token."""
        if not _is_loopback(str(environ.get("REMOTE_ADDR", ""))):
            raise WrongError(
                403, "not_local", "the control API answers callers of this machine only"
            )
        host = str(environ.get("HTTP_HOST", ""))
        if not names_this_machine(Request("GET", ROOT, host=host).hostname):
            text = "the control API answers at 127.0.0.1, [::1] and localhost only"
            raise WrongError(403, "foreign_host", text)
        scheme, _, given = str(environ.get("HTTP_AUTHORIZATION", "")).partition(" ")
        known = hmac.compare_digest(given.strip().encode(), self.token.encode())
        if scheme.lower() != "bearer" or not known:
            text = "send the control token (SFMOCK_CONTROL_TOKEN) as Authorization: Bearer; a token of the org is none"
            raise WrongError(401, "wrong_token", text)

    def _carry_out(self, request: Request) -> Rendered:
        desk = self._desk
        if desk is None:
            raise WrongError(503, "not_ready", "the org is not served yet")
        if request.path == DOCUMENT and request.method == "GET":
            return _json(200, document())
        found, holes = at_path(request.path.removeprefix(ROOT) or "/")
        operation = next((each for each in found if each.method == request.method), None)
        if operation is None:
            return _not_found(request, found)
        if len(request.body) > MAX_BODY:
            raise WrongError(413, "too_large", f"a body has {MAX_BODY} bytes at most")
        given = read(operation, holes, request.query, request.body)
        try:
            with desk.org.db.lock:
                return _json(operation.status, operation.does(desk, given))
        except Refused as error:
            raise WrongError(501, error.code, error.message) from error
        except SalesforceError as error:
            status = error.status if 400 <= error.status < 500 else 409
            raise WrongError(status, error.code, error.message, fields=error.fields) from error
        except LookupError as error:
            raise WrongError(404, "unknown_name", str(error.args[0])) from error
        except FileNotFoundError as error:
            raise WrongError(404, "unknown_name", str(error)) from error
        except (TypeError, ValueError, OverflowError) as error:
            raise WrongError(422, "wrong_value", str(error)) from error


def _not_found(request: Request, found: Iterable[Operation]) -> Rendered:
    allowed = sorted(each.method for each in found)
    if request.path == DOCUMENT:
        allowed = ["GET"]
    if allowed:
        text = f"{request.method} is not allowed here, but {', '.join(allowed)}"
        return _json(405, {"error": "wrong_method", "message": text}, ("Allow", ", ".join(allowed)))
    routes: list[JSON] = [f"{each.method} {ROOT}{each.path}" for each in OPERATIONS]
    return _json(
        404,
        {
            "error": "unknown_route",
            "message": f"the control API has no such path: {DOCUMENT} describes those that it has",
            "routes": [*routes, f"GET {DOCUMENT}"],
        },
    )


def _problem(error: WrongError) -> Rendered:
    body: dict[str, JSON] = {"error": error.error, "message": error.message}
    if error.field is not None:
        body["field"] = error.field
    if error.fields is not None:
        body["fields"] = [*error.fields]
    if error.status == 401:
        return _json(401, body, ("WWW-Authenticate", 'Bearer realm="sfmock control"'))
    return _json(error.status, body)


def _json(status: int, body: JSON, *headers: tuple[str, str]) -> Rendered:
    # ASCII: what is told may hold half of a pair of surrogates, which UTF-8 cannot write
    text = json.dumps(body, separators=(",", ":"), allow_nan=False).encode("ascii")
    fields = (("Content-Type", "application/json"), ("Cache-Control", "no-store"), *headers)
    return Rendered(status, fields, text)


def _is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback


def names_this_machine(host: str) -> bool:
    """Whether a host name or address, without a port, is one that only callers of this machine can use."""
    return host == "localhost" or _is_loopback(host.removeprefix("[").removesuffix("]"))

"""The fake as an application: a request in, a rendered reply out, and the journal of both.

`App.exchange` knows no HTTP library; `App.__call__` is the WSGI door for servers and clients that speak it.
"""

from __future__ import annotations

import importlib
import pkgutil
import random
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from sfmock.org.claims import claims

import sfmock.faults
import sfmock.resources
from sfmock import errors, versions
from sfmock.backends import fake
from sfmock.errors import Refused, SalesforceError
from sfmock.org.faultplans import Fault, FaultKind
from sfmock.org.journal import Exchange, kept
from sfmock.org.org import Org
from sfmock.org.sessions import Session
from sfmock.represent import soap
from sfmock.represent.error_bodies import error_reply
from sfmock.represent.replies import render
from sfmock.routing import Call, Family, Router, Routes
from sfmock.stages import faults as fault_stage
from sfmock.stages.limits import counts
from sfmock.stages.order import ORDER
from sfmock.wire import Disconnect, Effect, Headers, Rendered, Reply, Request
from sfmock.wsgi import read_request, write_reply

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment


@cache
def routes() -> Routes:
    """The doors of all resources, found by walking the package."""
    modules = _modules(sfmock.resources.__name__, sfmock.resources.__path__)
    found = (getattr(module, "router", None) for module in modules)
    return Routes(router for router in found if isinstance(router, Router))


@cache
def fault_kinds() -> dict[str, FaultKind]:
    """The fault kinds by name, found by walking the package."""
    modules = _modules(sfmock.faults.__name__, sfmock.faults.__path__)
    return {module.NAME: module for module in modules}


def _modules(package: str, path: Iterable[str]) -> list[FaultKind]:
    names = sorted(info.name for info in pkgutil.iter_modules(path))
    return [importlib.import_module(f"{package}.{name}") for name in names]


@dataclass(slots=True)
class _Outcome:
    """What has become of a request so far."""

    reply: Reply
    effect: Effect = field(default_factory=Effect)
    error: SalesforceError | None = None
    crash: BaseException | None = None
    calls: int = 0


class App:
    """One org behind HTTP."""

    def __init__(self, org: Org) -> None:
        self.org = org
        self.hosts = frozenset({org.my_domain})
        """Host names that lead to this org and no other."""
        self._routes = routes()
        self._serial = 0
        org.journal.names = org.faults.names = self._routes.names
        org.faults.kinds = fault_kinds()

    def __repr__(self) -> str:
        return f"<App of {self.org!r}>"

    def claims(self, request: Request) -> bool:
        """Whether a request to a shared login host belongs to this org: by user name, client id or token."""
        call = self._look_up(request)
        username, token = None, call.authorization[1] if call.authorization else None
        if _family(call) == "soap":
            with suppress(SalesforceError):  # an envelope that cannot be read belongs to nobody
                envelope = soap.read(request.body)
                username = envelope.argument("username")
                token = envelope.header("SessionHeader", "sessionId")
        org = self.org
        with org.db.lock:
            return claims(
                org.apps,
                org.users,
                org.sessions,
                form=call.form(),
                token=token,
                soap_username=username,
            )

    def exchange(self, request: Request) -> Rendered:
        """Answer a request, whatever happens: a crash of the fake is a 500 for the client and stands in the journal."""
        started, began = self.org.clock.now, time.perf_counter()
        call, fault = Call(request, self.org), None
        try:
            call = self._look_up(request)
            fault = fault_stage.meet(call)
            outcome = self._answer(call, fault)
        except Exception as crash:  # the one place: whatever it is, the test must hear of it
            outcome = _failed(
                call, errors.UNKNOWN_EXCEPTION(error_id=_error_id(self.org.seed)), crash
            )
        rendered = self._render(call, outcome)
        self._write_down(call, fault, outcome, rendered, started, time.perf_counter() - began)
        return replace(rendered, delay=outcome.effect.delay, reset=outcome.effect.reset)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI application; raises Disconnect where the connection is to break."""
        request = read_request(environ)
        rendered = self.exchange(request)
        if rendered.delay:
            wait: Callable[[float], None] = environ.get("sfmock.wait", time.sleep)
            wait(rendered.delay)
        if rendered.reset:
            raise Disconnect("the planned fault breaks the connection here")
        status, headers, body = write_reply(request, rendered)
        start_response(status, headers)
        return [body]

    def _look_up(self, request: Request) -> Call:
        """Route, version and session of a request; no verdict yet, so that faults can name them."""
        if request.method == "POST" and "_HttpMethod=" in request.query:
            override = parse_qs(request.query)["_HttpMethod"][0]
            request = replace(request, method=override)
        match = self._routes.match(request.method, request.path)
        version = match.params.get("version", "")
        authorization = _authorization(request)
        session = None
        if authorization is not None and authorization[1]:
            session = self.org.sessions.find(authorization[1])
        return Call(
            request=request,
            org=self.org,
            route=match.route,
            version=versions.parse(version.removeprefix("v")) if version.startswith("v") else None,
            session=session,
            params=match.params,
            methods=match.methods,
            authorization=authorization,
        )

    def _answer(self, call: Call, fault: Fault | None) -> _Outcome:
        """Faults, checks, work, faults again. What a fault waits for, it waits for outside the org's lock."""
        effect = fault_stage.before(fault, call) if fault is not None else None
        if effect is not None:
            return _ended(call, effect)
        if fault is not None:  # the fault may have ended the session that was looked up
            call = replace(call, session=_still_live(call))
        outcome = self._carry_out(call)
        effect = fault_stage.after(fault, call) if fault is not None else None
        if effect is not None:
            outcome.effect = effect
        return outcome

    def _carry_out(self, call: Call) -> _Outcome:
        """One transaction: the checks count the call, the work is rolled back if it fails, the count is not."""
        db = self.org.db
        with db.lock:
            calls = 0
            try:
                with db.transaction():
                    for check in ORDER:
                        check(call)
                calls = 1 if counts(call) else 0
                with db.transaction():
                    reply = fake.answer(call)
            except SalesforceError as error:
                outcome = _failed(call, error)
                outcome.calls = calls
                return outcome
            finally:
                if not db.alive:
                    raise RuntimeError("the org's outer transaction was ended by something")
            return _Outcome(reply, calls=calls)

    def _render(self, call: Call, outcome: _Outcome) -> Rendered:
        self._serial += 1
        usage = None
        metered = (
            call.session is not None and _family(call) == "rest" and outcome.reply.status != 401
        )
        if metered and (call.route is None or call.route.counted):
            usage = self.org.limits.usage()
        return render(
            outcome.reply,
            call.request,
            _family(call),
            now=self.org.clock.now,
            serial=f"{self.org.id}-{self._serial}",
            usage=usage,
        )

    def _write_down(
        self,
        call: Call,
        fault: Fault | None,
        outcome: _Outcome,
        rendered: Rendered,
        started: datetime,
        elapsed: float,
    ) -> None:
        request, error = call.request, outcome.error
        query = f"?{request.query}" if request.query else ""
        soql = (
            request.args().get("q")
            if call.route is not None and call.route.name == "query"
            else None
        )
        self.org.journal.add(
            Exchange(
                method=request.method,
                path=request.path,
                url=f"{request.authority}{request.path}{query}",
                headers=request.headers,
                body=kept(request.body),
                status=rendered.status,
                reply_headers=Headers(rendered.headers),
                reply=kept(rendered.body),
                started=started,
                elapsed=elapsed,
                name=call.route.name if call.route else None,
                sobject=call.params.get("sobject"),
                user=call.session.user_id if call.session else None,
                error_code=error.code if error else None,
                soql=soql,
                fault=fault.kind if fault else None,
                api_calls=outcome.calls,
                refused=error.feature if isinstance(error, Refused) else None,
                crash=outcome.crash,
            )
        )


def _failed(call: Call, error: SalesforceError, crash: BaseException | None = None) -> _Outcome:
    reply = error_reply(error, call.request, _family(call), call.version)
    return _Outcome(reply, error=error, crash=crash)


def _ended(call: Call, effect: Effect) -> _Outcome:
    """What a fault answers instead of the resource."""
    if isinstance(effect.error, SalesforceError):
        outcome = _failed(call, effect.error)
        outcome.effect = effect
        return outcome
    return _Outcome(effect.reply or Reply(503), effect=effect)


def _still_live(call: Call) -> Session | None:
    return call.org.sessions.find(call.session.token) if call.session is not None else None


def _family(call: Call) -> Family:
    """The API family of a call, also where no route was found."""
    if call.route is not None:
        return call.route.family
    path = call.request.path
    if path.startswith("/services/oauth2/"):
        return "oauth"
    if path.startswith("/services/Soap/"):
        return "soap"
    return "identity" if path.startswith("/id/") else "rest"


def _authorization(request: Request) -> tuple[str, str] | None:
    value = request.headers.get("Authorization")
    if value is None:
        return None
    scheme, _, token = value.strip().partition(" ")
    return scheme.lower(), token.strip()


def _error_id(seed: int) -> str:
    """An ErrorId in Salesforce's form; the same for the same seed, so that failures can be compared."""
    rng = random.Random(seed)
    return f"{rng.randrange(10**9, 2 * 10**9)}-{rng.randrange(10**6)} ({rng.randrange(-(2**31), 2**31)})"

"""The fake as an application: a request in, a rendered reply out, and the journal of both.

`App.exchange` knows no HTTP library; `App.__call__` is the WSGI door for servers and clients that speak it.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from sfmock import errors, ids, versions
from sfmock.backends import fake
from sfmock.discovery import fault_kinds, routes
from sfmock.errors import Refused, SalesforceError
from sfmock.fault_calls import make_error_id
from sfmock.org import requestlog
from sfmock.org.callables import refuse_call_back
from sfmock.org.claims import claims
from sfmock.org.grants import basic
from sfmock.org.identity import on_foreign_login_host
from sfmock.org.journal import Exchange, kept
from sfmock.org.org import Org
from sfmock.org.planned import Strike
from sfmock.org.sessions import Session
from sfmock.org.underway import refreshed_with
from sfmock.represent import soap
from sfmock.represent.error_bodies import error_reply
from sfmock.represent.replies import render
from sfmock.routing import Call, family_of
from sfmock.stages import edge
from sfmock.stages import faults as fault_stage
from sfmock.stages.order import ORDER, WITHOUT_BODY
from sfmock.wire import Effect, Headers, Rendered, Reply, Request, Sleep
from sfmock.wsgi import damage, read_request, send_reply

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

_QUERIES = frozenset({"query", "query_all"})
"""The routes whose parameter `q` is SOQL."""


NOTHING = Effect()


@dataclass(slots=True)
class _Outcome:
    """What has become of a request so far."""

    reply: Reply
    effect: Effect = NOTHING
    error: SalesforceError | None = None
    crash: BaseException | None = None
    calls: int = 0


class App:
    """One org behind HTTP."""

    def __init__(self, org: Org) -> None:
        self.org = org
        self.hosts = frozenset({org.my_domain})
        """Host names that lead to this org and no other."""
        self.tell: Callable[[Exchange], None] = partial(requestlog.write, org)
        """Called with each exchange, for the log."""
        self._routes = routes()
        self._serials = itertools.count(1)
        org.journal.names = org.faults.names = self._routes.names
        org.faults.kinds = fault_kinds()

    def __repr__(self) -> str:
        return f"<App of {self.org!r}>"

    def claims(self, request: Request) -> bool:
        """Whether a request to a shared login host belongs to this org: by user name, client id, token or org id."""
        org = self.org
        if on_foreign_login_host(org, request):
            return False
        try:
            call = self._look_up(edge.admit(request))
        except SalesforceError:  # the front end answers it, and no org
            return False
        envelope = call.envelope
        with org.db.lock:
            if call.session is not None:
                return True
            named = claims(
                org.apps,
                org.users,
                org.sessions,
                form=call.form(),
                token=_token(call, envelope),
                soap_username=envelope.argument("username") if envelope is not None else None,
                client=basic(request.headers),
                gave=org.gave,
            )
        if named is None:  # the login host sends identity requests on, with or without a token
            return ids.canonical(call.params.get("org_id", "")) == org.id
        return named

    def exchange(self, request: Request) -> Rendered:
        """Answer a request, whatever happens: a crash of the fake is a 500 for the client and stands in the journal.

        Raises CalledBack where a callable of the test asks from inside of another request.
        """
        refuse_call_back()
        started, began = self.org.clock.now, time.perf_counter()
        call, fault = Call(request, self.org), None
        try:
            call = self._begun(self._look_up(edge.admit(request)))
            fault = fault_stage.meet(call)
            outcome = self._answer(call, fault)
            rendered = self._render(call, outcome, self._usage(call, outcome))
        except SalesforceError as error:  # of the front end: no API has seen the request
            outcome = _failed(call, error)
            rendered = self._render(call, outcome)
        except Exception as crash:  # the one place: whatever it is, the test must hear of it
            outcome = _failed(
                call, errors.UNKNOWN_EXCEPTION(error_id=make_error_id(str(self.org.seed))), crash
            )
            rendered = self._render(call, outcome)  # asks nothing of the org, which may be closed
        self._write_down(call, fault, outcome, rendered, started, time.perf_counter() - began)
        if outcome.effect is not NOTHING:
            rendered = self._affected(rendered, outcome.effect, call)
        return rendered if call.refreshes is None else self._released(rendered, call.refreshes)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI application; raises Disconnect where the connection is to break."""
        request = read_request(environ, self.turns_away)
        return send_reply(request, self.exchange(request), environ, start_response)

    def turns_away(self, request: Request) -> bool:
        """Whether the head of a request earns it an error whatever its body is, which then need not be sent."""
        if len(self.org.faults):  # one may look at the body
            return False
        try:
            call = self._look_up(edge.admit(request))
            if call.family == "rest":  # others have the session id in the body
                for check in WITHOUT_BODY:
                    check(call)
        except SalesforceError:
            return True
        return False

    def _look_up(self, request: Request) -> Call:
        """Route, version and session of a request; no verdict yet, so that faults can name them."""
        request = _overridden(request)
        match = self._routes.match(request.method, request.path)
        version = match.params.get("version", "")
        authorization = _authorization(request)
        bearer = _bearer(authorization)
        by_header = bearer is not None and family_of(request.path) != "soap"
        call = Call(
            request=request,
            org=self.org,
            route=match.route,
            version=versions.parse(version.removeprefix("v")) if version.startswith("v") else None,
            session=self.org.sessions.find(bearer) if bearer and by_header else None,
            params=match.params,
            methods=match.methods,
            other=match.other,
            authorization=authorization,
        )
        return call if by_header else self._with_session(call)

    def _with_session(self, call: Call) -> Call:
        """The call, and the session of the id that it carries in another place than its Authorization."""
        envelope = _envelope(call)
        if envelope is not None:
            params = {**call.params, "operation": envelope.name}
            call = replace(call, envelope=envelope, params=params)
        token = _token(call, envelope)
        session = self.org.sessions.find(token) if token else None
        if session is None or (session.is_jwt and call.family == "soap"):  # soap-apis.md 1
            return call
        return replace(call, session=session)

    def _begun(self, call: Call) -> Call:
        """The call, noted as under way if it refreshes; a second one with the same token is not alone."""
        if call.route is None or call.route.name != "token":
            return call
        token = refreshed_with(call.form())
        if token is None:
            return call
        if self.org.underway.begin(token):
            return replace(call, refreshes=token)
        return replace(call, alone=False)

    def _released(self, rendered: Rendered, token: str) -> Rendered:
        """The reply, behind which the refresh is under way no longer: at once, or when it has been held back."""
        hold, end = rendered.hold, self.org.underway.end
        if hold is None:
            end(token)
            return rendered

        def hold_and_end(sleep: Sleep) -> None:
            try:
                hold(sleep)
            finally:
                end(token)

        return replace(rendered, hold=hold_and_end)

    def _answer(self, call: Call, fault: Strike | None) -> _Outcome:
        """Faults, checks, work, faults again. What a fault waits for, it waits for outside the org's lock."""
        if fault is None:
            return self._carry_out(call)
        effect = fault_stage.before(fault, call)
        if effect is not None and effect.ends:
            return _ended(call, effect)
        page_size = None if effect is None else effect.page_size
        # The fault may have ended the session that was looked up.
        outcome = self._carry_out(replace(call, session=_still_live(call), page_size=page_size))
        effect = fault_stage.after(fault, call) or effect
        return outcome if effect is None else _replaced(call, outcome, effect)

    def _affected(self, rendered: Rendered, effect: Effect, call: Call) -> Rendered:
        """The reply with what a fault does to its bytes and their way."""
        running, seconds = self.org.limits.running, effect.delay
        return replace(
            damage(rendered, effect),
            delay=seconds,
            reset=effect.reset,
            travel=effect.travel,
            hold=running.hold(seconds, counted=call.counted, moves_clock=effect.moves_clock)
            if seconds
            else None,
        )

    def _carry_out(self, call: Call) -> _Outcome:
        """One transaction: the checks count the call, the work is rolled back if it fails, the count is not."""
        db = self.org.db
        with db.lock:
            try:
                # Where the org owns a file, this is committed before anything is answered.
                with db.transaction():
                    return self._checked(call)
            finally:
                if not db.alive:
                    raise RuntimeError("the org's outer transaction was ended by something")

    def _checked(self, call: Call) -> _Outcome:
        calls = 0
        try:
            for check in ORDER:
                check(call)
            calls = int(call.counted)
            with self.org.db.transaction():
                reply = fake.answer(call)
        except SalesforceError as error:
            outcome = _failed(call, error)
            outcome.calls = calls
            if error.aftermath is not None:
                error.aftermath()
            return outcome
        return _Outcome(reply, calls=calls)

    def _usage(self, call: Call, outcome: _Outcome) -> str | None:
        """The value of Sforce-Limit-Info, for replies that have it (rest.md 1.9)."""
        metered = call.counted and call.family == "rest" and outcome.reply.status != 401
        return self.org.limits.usage(call.app_name) if metered else None

    def _render(self, call: Call, outcome: _Outcome, usage: str | None = None) -> Rendered:
        return render(
            outcome.reply,
            call.request,
            call.family,
            now=self.org.clock.now,
            serial=f"{self.org.id}-{next(self._serials)}",
            usage=usage,
        )

    def _write_down(
        self,
        call: Call,
        fault: Strike | None,
        outcome: _Outcome,
        rendered: Rendered,
        started: datetime,
        elapsed: float,
    ) -> None:
        request, error = call.request, outcome.error
        query = f"?{request.query}" if request.query else ""
        lost = outcome.effect.reset or outcome.effect.travel.unanswered
        self.org.journal.add(
            exchange := Exchange(
                method=request.method,
                path=request.path,
                url=f"{request.authority}{request.path}{query}",
                headers=request.headers,
                body=kept(request.body),
                status=0 if lost else rendered.status,
                reply_headers=Headers(() if lost else rendered.headers),
                reply=b"" if lost else kept(rendered.body),
                started=started,
                elapsed=elapsed,
                name=call.route.name if call.route else None,
                sobject=call.params.get("sobject"),
                operation=call.params.get("operation"),
                user=call.session.user_id if call.session else None,
                error_code=error.code if error else None,
                soql=_soql(call),
                fault=fault.name if fault else None,
                api_calls=outcome.calls,
                refused=error.feature if isinstance(error, Refused) else None,
                crash=outcome.crash,
            )
        )
        self.tell(exchange)


def _failed(call: Call, error: SalesforceError, crash: BaseException | None = None) -> _Outcome:
    reply = error_reply(error, call.request, call.family, call.version)
    return _Outcome(reply, error=error, crash=crash)


def _ended(call: Call, effect: Effect) -> _Outcome:
    """What a fault answers instead of the resource."""
    if isinstance(effect.error, SalesforceError):
        outcome = _failed(call, effect.error)
        outcome.effect = effect
        return outcome
    return _Outcome(effect.reply or Reply(503), effect=effect)


def _replaced(call: Call, outcome: _Outcome, effect: Effect) -> _Outcome:
    """What is told of the work; a refusal or a crash of ours stays one, for the test must hear of it."""
    if isinstance(outcome.error, Refused) or not effect.answers:
        outcome.effect = effect
        return outcome
    told = _ended(call, effect)
    told.calls = outcome.calls
    return told


def _still_live(call: Call) -> Session | None:
    return call.org.sessions.find(call.session.token) if call.session is not None else None


def _overridden(request: Request) -> Request:
    """A POST of the data API may say in its query string which method is meant (rest.md 1.5)."""
    if request.method != "POST" or "_HttpMethod=" not in request.query:
        return request
    method = request.args().get("_HttpMethod")
    if not method or family_of(request.path) != "rest":
        return request
    return replace(request, method=method)


def _envelope(call: Call) -> soap.Operation | None:
    """The SOAP call, or None for other families and for what is no envelope: its handler says what is wrong."""
    if call.family != "soap":
        return None
    with suppress(SalesforceError):
        return soap.read(call.request.body)
    return None


def _soql(call: Call) -> str | None:
    """The query that a request asks by."""
    if call.envelope is not None and call.envelope.name in ("query", "queryAll"):
        return call.envelope.argument("queryString")
    named = call.route is not None and call.route.name in _QUERIES
    return call.request.args().get("q") if named else None


def _token(call: Call, envelope: soap.Operation | None) -> str | None:
    """The session id that the request carries, in the way of its API family (oauth.md 8)."""
    if envelope is not None:
        return envelope.header("SessionHeader", "sessionId")
    bearer = _bearer(call.authorization)
    if bearer is not None:
        return bearer
    if call.family == "bulk1":
        return call.request.headers.get("X-SFDC-Session")
    if call.family == "identity":
        form = call.form()
        return form.get("oauth_token") or form.get("access_token")
    return None


def _bearer(authorization: tuple[str, str] | None) -> str | None:
    if authorization is not None and authorization[0] in ("bearer", "oauth"):
        return authorization[1]
    return None


def _authorization(request: Request) -> tuple[str, str] | None:
    value = request.headers.get("Authorization")
    if value is None:
        return None
    scheme, _, token = value.strip().partition(" ")
    return scheme.lower(), token.strip()

"""Stage: does a planned fault meet this request, and what does it do before and after the work?"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from sfmock.errors import SalesforceError
from sfmock.fault_calls import username_of
from sfmock.org.fault_filters import Target
from sfmock.org.planned import Strike
from sfmock.represent.soap import Operation
from sfmock.represent.soap_rows import sent_rows
from sfmock.routing import Call
from sfmock.soql.parser import parse
from sfmock.wire import Effect


def meet(call: Call) -> Strike | None:
    """The fault that fires on this request; asks nothing where none is planned."""
    plans = call.org.faults
    if not len(plans):
        return None
    request, route = call.request, call.route
    target = Target(
        request.method,
        request.path,
        request.query,
        route.name if route else None,
        call.params.get("sobject") or call.params.get("operation"),
        request.body,
        users=lambda: _users(call),
        sobjects=lambda: _sobjects(call),
    )
    return plans.struck(target, call)


def before(fault: Strike, call: Call) -> Effect | None:
    """What the fault does ahead of the work."""
    return fault.kind.before(call, fault.options)


def after(fault: Strike, call: Call) -> Effect | None:
    """What the fault does once the work is done."""
    return fault.kind.after(call, fault.options)


def _users(call: Call) -> Collection[str]:
    """The id and the username of the caller, or the username that a log-in names."""
    if call.session is not None:
        user_id = call.session.user_id
        return {user_id, call.org.users.find(user_id).username.lower()}
    username = username_of(call)
    if not username:
        return ()
    user = call.org.users.get(username)
    return {username.lower()} if user is None else {user.id, username.lower()}


def _sobjects(call: Call) -> Collection[str]:
    """The sobject of the path, those of a SOAP call, or the one behind FROM."""
    named = call.params.get("sobject")
    if named is not None:
        return {named.lower()}
    if call.envelope is not None:
        return _named_by(call.envelope)
    return _asked_for(call.request.args().get("q"))


def _named_by(envelope: Operation) -> Collection[str]:
    """The sobjects of a SOAP call: of its records, its query, its argument."""
    names = [each.type for each in sent_rows(envelope)]
    names += envelope.arguments("sObjectType")
    query = _asked_for(envelope.argument("queryString") or None)
    return {*(each.lower() for each in names), *query}


def _asked_for(soql: str | None) -> Collection[str]:
    """The sobject behind FROM."""
    if soql is None:
        return ()
    with suppress(SalesforceError):  # the query engine says what is wrong with it
        return {parse(soql).sources[0].path.parts[0].lower()}
    return ()

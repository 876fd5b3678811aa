"""A live session may not use this API: a policy, or a kind of session that has no right to it."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock import errors, fault_errors, login_errors
from sfmock.fault_calls import has_session
from sfmock.faultkind import FaultKind, Options, door_of, option
from sfmock.routing import Call
from sfmock.wire import Effect


@dataclass(frozen=True, slots=True)
class SessionOptions(Options):
    """Why REST refuses it."""

    form: str = option(
        "kind", "its kind, or an app that no agent is attached to", one_of=("kind", "agent")
    )


def _refuse(call: Call, options: SessionOptions) -> Effect | None:
    """The same code with another text."""
    if options.form == "agent" and door_of(call) == "rest":
        return Effect(error=fault_errors.NOT_ATTACHED())
    return KIND.answer(call)


KIND = FaultKind(
    name="session_kind_refused",
    group="identity",
    happens=str(__doc__),
    answers={
        "rest": errors.SESSION_NOT_FOR_REST,
        "bulk1": fault_errors.BULK_SESSION,
        "soap": fault_errors.SOAP_SESSION_KIND,
        "identity": login_errors.BAD_OAUTH_TOKEN,
    },
    wire="`form='agent'`: `Connected app is not attached to Agent`",
    state="nothing is written",
    reaction="stop and name the policy; a new token is refused as well",
    source="error-catalogue.md 9, fault 2; oauth.md 11",
    unverified="Bulk 1.0",
    also=("session_wrong_kind",),
    options=SessionOptions,
    suffers=has_session,
    ahead=_refuse,
)

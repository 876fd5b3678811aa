"""The org's edition has no API, or the user may not use it."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock import errors, login_errors
from sfmock.faultkind import FaultKind, Options, door_of, option
from sfmock.routing import Call
from sfmock.wire import Effect


@dataclass(frozen=True, slots=True)
class ApiOptions(Options):
    """Who lacks it."""

    whose: str = option("org", "the org, or the user's profile", one_of=("org", "user"))


def _refuse(call: Call, options: ApiOptions) -> Effect | None:
    """The code says whose lack it is."""
    if options.whose == "org":
        return KIND.answer(call)
    rest = door_of(call) == "rest"
    return Effect(error=errors.NO_API_ENABLED() if rest else login_errors.SOAP_NO_API_ENABLED())


KIND = FaultKind(
    name="api_disabled",
    group="identity",
    happens=str(__doc__),
    answers={
        "rest": errors.API_OFF,
        "login": login_errors.SOAP_API_OFF,
        "soap": login_errors.SOAP_API_OFF,
    },
    wire="`whose='user'`: `API_CURRENTLY_DISABLED`, `API is disabled for this user`, by SOAP `… this User`",
    state="nothing is written",
    reaction="stop and report; tokens are issued all the same",
    source="oauth.md 11; 8.1",
    unverified="for a user over REST: the word `user` or `User`",
    options=ApiOptions,
    ahead=_refuse,
)

"""The request went to a login host, or to another one that does not serve it."""

from __future__ import annotations

from typing import Any

from sfmock import errors, fault_errors, login_errors
from sfmock.fault_calls import grant_of
from sfmock.faultkind import FaultKind
from sfmock.routing import Call


def _meets(call: Call, options: Any) -> bool:
    """Of token requests, those that a login host does not serve."""
    return grant_of(call) in (None, "client_credentials")


KIND = FaultKind(
    name="wrong_host",
    group="identity",
    happens=str(__doc__),
    answers={
        "token": login_errors.NOT_ON_LOGIN_HOST,
        "rest": errors.URL_NOT_RESET,
        "soap": fault_errors.SOAP_WRONG_HOST,
    },
    state="nothing is written",
    reaction="use the `instance_url` of the token reply",
    source="error-catalogue.md 9, fault 6; oauth.md 11",
    unverified="the status of REST",
    suffers=_meets,
)

"""The user's password has expired."""

from __future__ import annotations

from typing import Any

from sfmock import errors, fault_errors
from sfmock.fault_calls import grant_of
from sfmock.faultkind import FaultKind
from sfmock.routing import Call


def _meets(call: Call, options: Any) -> bool:
    """Of token requests, those with a password."""
    return grant_of(call) in (None, "password")


KIND = FaultKind(
    name="password_expired",
    group="identity",
    happens=str(__doc__),
    answers={
        "token": errors.AUTHENTICATION_FAILURE,
        "rest": errors.PASSWORD_EXPIRED,
        "bulk1": fault_errors.BULK_SESSION,
        "soap": fault_errors.SOAP_PASSWORD_EXPIRED,
        "identity": errors.BAD_OAUTH_TOKEN,
    },
    state="nothing is written",
    reaction="stop and report; a new token does not help",
    source="oauth.md 11; 7, 8.1",
    unverified="the wording of Bulk 1.0",
    suffers=_meets,
)

"""The org's edition or the user's profile has no API."""

from __future__ import annotations

from sfmock import fault_errors
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="api_disabled",
    group="identity",
    happens=str(__doc__),
    answers={
        "rest": fault_errors.API_DISABLED,
        "login": fault_errors.SOAP_API_DISABLED,
        "soap": fault_errors.SOAP_API_DISABLED,
    },
    state="nothing is written",
    reaction="stop and report; tokens are issued all the same",
    source="oauth.md 11; 8.1",
)

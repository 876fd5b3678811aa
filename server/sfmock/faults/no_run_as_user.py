"""The client credentials flow has no user to act for."""

from __future__ import annotations

from sfmock import login_errors
from sfmock.fault_calls import by_client_credentials
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="no_run_as_user",
    group="identity",
    happens=str(__doc__),
    answers={"token": login_errors.NO_RUN_AS_USER},
    state="nothing is written",
    reaction="set Run As in the app",
    source="oauth.md 11",
    suffers=by_client_credentials,
)

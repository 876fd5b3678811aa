"""The app has no scope that this flow can give."""

from __future__ import annotations

from sfmock import login_errors
from sfmock.fault_calls import by_client_credentials
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="no_scopes",
    group="identity",
    happens=str(__doc__),
    answers={"token": login_errors.NO_VALID_SCOPES},
    state="nothing is written",
    reaction="give the app the scope `api`",
    source="oauth.md 11",
    suffers=by_client_credentials,
)

"""The assertion names another audience."""

from __future__ import annotations

from sfmock import login_errors
from sfmock.fault_calls import by_jwt
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="jwt_bad_audience",
    group="identity",
    happens=str(__doc__),
    answers={"token": login_errors.BAD_AUDIENCE},
    state="nothing is written",
    reaction="set `aud` to the login host",
    source="oauth.md 11",
    suffers=by_jwt,
)

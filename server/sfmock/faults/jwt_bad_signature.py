"""The assertion's signature or certificate is not accepted."""

from __future__ import annotations

from sfmock import login_errors
from sfmock.fault_calls import by_jwt
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="jwt_bad_signature",
    group="identity",
    happens=str(__doc__),
    answers={"token": login_errors.INVALID_ASSERTION},
    state="nothing is written",
    reaction="check key and certificate of the app",
    source="oauth.md 11",
    suffers=by_jwt,
)

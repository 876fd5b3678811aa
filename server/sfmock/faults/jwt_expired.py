"""The assertion has expired."""

from __future__ import annotations

from sfmock import login_errors
from sfmock.fault_calls import by_jwt
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="jwt_expired",
    group="identity",
    happens=str(__doc__),
    answers={"token": login_errors.EXPIRED_CODE},
    state="nothing is written",
    reaction="make a new assertion for each request; check the clock",
    source="oauth.md 11",
    suffers=by_jwt,
)

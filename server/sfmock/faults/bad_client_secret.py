"""The consumer secret is wrong."""

from __future__ import annotations

from sfmock import login_errors
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="bad_client_secret",
    group="identity",
    happens=str(__doc__),
    answers={"token": login_errors.BAD_CLIENT_SECRET},
    state="nothing is written",
    reaction="stop: the secret was rotated or mistyped",
    source="oauth.md 11",
)

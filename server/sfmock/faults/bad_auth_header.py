"""The Authorization header is not understood."""

from __future__ import annotations

from sfmock import errors, login_errors
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="bad_auth_header",
    group="identity",
    happens=str(__doc__),
    answers={"rest": errors.BAD_AUTH_HEADER, "identity": login_errors.BAD_OAUTH_TOKEN},
    state="nothing is written",
    reaction="send `Bearer` and the token; no refresh helps",
    source="oauth.md 11",
)

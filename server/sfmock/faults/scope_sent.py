"""The token endpoint does not take the parameter `scope`."""

from __future__ import annotations

from sfmock import login_errors
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="scope_sent",
    group="identity",
    happens=str(__doc__),
    answers={"token": login_errors.SCOPE_NOT_SUPPORTED},
    state="nothing is written",
    reaction="leave `scope` out",
    source="oauth.md 11",
)

"""Only users whom an administrator has admitted may use the app."""

from __future__ import annotations

from sfmock import login_errors
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="not_preauthorized",
    group="identity",
    happens=str(__doc__),
    answers={"token": login_errors.NOT_PREAUTHORIZED},
    state="nothing is written",
    reaction="assign the app's permission set or profile",
    source="oauth.md 11",
)

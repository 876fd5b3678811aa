"""The app is not installed in the org behind this host."""

from __future__ import annotations

from sfmock import login_errors
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="app_missing",
    group="identity",
    happens=str(__doc__),
    answers={"token": login_errors.APP_NOT_FOUND},
    state="nothing is written",
    reaction="log in at the host of the right org",
    source="oauth.md 11",
)

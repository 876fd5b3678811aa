"""The consumer key is unknown."""

from __future__ import annotations

from sfmock import login_errors
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="bad_client_id",
    group="identity",
    happens=str(__doc__),
    answers={"token": login_errors.UNKNOWN_CLIENT},
    state="nothing is written",
    reaction="check the key; a new app is known after ten minutes",
    source="oauth.md 11",
)

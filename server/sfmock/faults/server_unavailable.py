"""503, the service is too busy; nothing is carried out."""

from __future__ import annotations

from sfmock import errors
from sfmock.faultkind import FaultKind
from sfmock.represent import edge

KIND = FaultKind(
    name="server_unavailable",
    group="service",
    happens=str(__doc__),
    answers={
        "token": edge.MAINTENANCE,
        "oauth": edge.MAINTENANCE,
        "identity": edge.MAINTENANCE,
        "rest": errors.SERVER_UNAVAILABLE,
        "login": errors.SERVER_UNAVAILABLE,
        "soap": errors.SERVER_UNAVAILABLE,
        "bulk1": edge.MAINTENANCE,
    },
    state="nothing is written",
    reaction="back off with jitter, repeat; there is no `Retry-After` to wait for",
    source="error-catalogue.md 9, fault 26; oauth.md 11",
    unverified="Bulk 1.0, OAuth: the page of maintenance",
    also=("server_busy",),
)

"""The token endpoint answers a page of HTML."""

from __future__ import annotations

from sfmock.faultkind import FaultKind
from sfmock.represent import edge

KIND = FaultKind(
    name="token_endpoint_html",
    group="identity",
    happens=str(__doc__),
    answers={"token": edge.MAINTENANCE},
    state="nothing is written",
    reaction="wait; these are no bad credentials",
    source="error-catalogue.md 9, fault 5",
    unverified="the status",
)

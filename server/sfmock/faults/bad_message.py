"""400 and a piece of HTML: the front end fails for a moment to read a good request."""

from __future__ import annotations

from sfmock.faultkind import FaultKind, everywhere
from sfmock.represent import edge

KIND = FaultKind(
    name="bad_message",
    group="service",
    happens=str(__doc__),
    answers=everywhere(edge.bad_message(400, "Bad Request")),
    state="nothing is written",
    reaction="repeat: this 400 is no answer of the API",
    source="error-catalogue.md 6, status 400",
)

"""414: the front end finds the URI too long."""

from __future__ import annotations

from sfmock import errors
from sfmock.faultkind import FaultKind, everywhere

KIND = FaultKind(
    name="uri_too_long",
    group="service",
    happens=str(__doc__),
    answers=everywhere(errors.URI_TOO_LONG),
    state="nothing is written",
    reaction="split the query, or send it in a body",
    source="error-catalogue.md 9, fault 31",
)

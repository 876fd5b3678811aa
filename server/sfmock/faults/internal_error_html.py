"""500 and a page of HTML."""

from __future__ import annotations

from sfmock.faultkind import EitherSide, FaultKind, everywhere
from sfmock.represent import edge

KIND = FaultKind(
    name="internal_error_html",
    group="service",
    happens=str(__doc__),
    answers=everywhere(edge.INTERNAL_ERROR),
    state="`at`: nothing is written, or all of it",
    reaction="read again, then repeat; look a create up by its external id",
    source="error-catalogue.md 9, fault 25",
    options=EitherSide,
)

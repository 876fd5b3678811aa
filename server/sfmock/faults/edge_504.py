"""504 and a page: the edge has waited too long for the instance."""

from __future__ import annotations

from sfmock.faultkind import EitherSide, FaultKind, everywhere
from sfmock.represent import edge

KIND = FaultKind(
    name="edge_504",
    group="service",
    happens=str(__doc__),
    answers=everywhere(edge.GATEWAY_TIMEOUT),
    state="`at`: nothing is written, or all of it",
    reaction="read again, then repeat; look a create up by its external id",
    source="error-catalogue.md 6, status 504",
    unverified="the page",
    options=EitherSide,
)

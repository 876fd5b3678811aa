"""502 and a page: the edge has lost the instance."""

from __future__ import annotations

from sfmock.faultkind import EitherSide, FaultKind, everywhere
from sfmock.represent import edge

KIND = FaultKind(
    name="edge_502",
    group="service",
    happens=str(__doc__),
    answers=everywhere(edge.BAD_GATEWAY),
    state="`at`: nothing is written, or all of it",
    reaction="read again, then repeat; look a create up by its external id",
    source="error-catalogue.md 9, fault 16",
    options=EitherSide,
)
